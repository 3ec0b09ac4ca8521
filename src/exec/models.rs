//! A runtime's cost models: in memory, and where the user names a file, there too.
//!
//! A file is read once, when the runtime is made, and written when the runtime goes and at most every few seconds after
//! launches. Several processes may share one: who writes holds a lock beside it, takes in what others have written
//! meanwhile, and moves the new file into place whole. Nothing about it ever fails a launch. A file that makes no sense is
//! set aside and begun anew, once; one that cannot be read or written is left alone. Both are told in
//! [`notes`](Ledger::notes).

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::device::Cpu;
use crate::device::gpu::{Gpu, GpuId};
use crate::lanes::Level;
use crate::plan::cost::Unsaved;
use crate::plan::saved::{self, Entry, plain};
use crate::plan::{Models, Quantity, Site};

/// The least time between two savings behind launches.
const PAUSE: Duration = Duration::from_secs(5);

/// How long the end of a runtime waits for whoever else is writing.
const PATIENCE: Duration = Duration::from_secs(2);

/// Bytes of the largest file that is read.
const LARGEST: u64 = 16 << 20;

/// Files that are kept aside at the most; the last is replaced.
const ASIDE: u32 = 9;

/// The version that measured.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The cost models of a runtime, and their file if there is one.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    models: Mutex<Models>,
    gpus: Mutex<Gpus>,
    disk: Option<Disk>,
}

#[derive(Debug, Default)]
struct Gpus {
    met: Vec<Met>,
    /// What the file has of GPUs, met or not.
    saved: Vec<Entry>,
}

#[derive(Debug)]
struct Met {
    id: GpuId,
    index: usize,
    name: String,
}

#[derive(Debug)]
struct Disk {
    path: PathBuf,
    level: Level,
    begun: Instant,
    /// Milliseconds after `begun` when it may be written again behind a launch.
    next: AtomicU64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    notes: Vec<String>,
    /// Whether it was given up.
    is_closed: bool,
}

impl Ledger {
    /// Models in memory, beginning with what stands at `path`.
    pub fn new(path: Option<PathBuf>, level: Level) -> Self {
        let mut ledger = Ledger::default();
        let Some(path) = path else { return ledger };
        let (begun, next) = (Instant::now(), AtomicU64::new(PAUSE.as_millis() as u64));
        let disk = Disk { path, level, begun, next, state: Mutex::default() };
        let entries = {
            let mut state = lock(&disk.state);
            let entries = disk.load(&mut state);
            if !state.is_closed
                && let Err(error) = disk.make_way().and_then(|()| disk.locked(Duration::ZERO))
            {
                disk.close(&mut state, &error);
            }
            entries
        };
        let all = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = [1, all].map(|count| Site::Threads { count });
        for site in [Site::Thread, Site::Scalar].into_iter().chain(threads) {
            if let Some(device) = device(site, level, &[]) {
                adopt(&mut ledger.lock(), site, &device, &entries);
            }
        }
        lock(&ledger.gpus).saved =
            entries.into_iter().filter(|entry| entry.device.starts_with("gpu ")).collect();
        ledger.disk = Some(disk);
        ledger
    }

    pub fn lock(&self) -> MutexGuard<'_, Models> {
        lock(&self.models)
    }

    /// Begins with what is known of GPUs that are new here: what was timed when they were opened, and what the file has.
    pub fn meet<'g>(&self, gpus: impl IntoIterator<Item = &'g Gpu>) {
        let mut known = lock(&self.gpus);
        let Gpus { met, saved } = &mut *known;
        for gpu in gpus {
            if met.iter().any(|met| met.id == gpu.id()) {
                continue;
            }
            let info = gpu.info();
            let name = plain(&format!("gpu {}, {} {}", info.name, info.driver, info.driver_info));
            let site = Site::Gpu { index: gpu.index(), software: info.software };
            let mut models = self.lock();
            adopt(&mut models, site, &name, saved);
            // Newer than what was saved.
            if let Some(link) = gpu.link() {
                models.adopt(site, Quantity::Latency, &[link.latency]);
                models.adopt(site, Quantity::Rate, &[link.rate]);
            }
            met.retain(|met| met.index != gpu.index());
            met.push(Met { id: gpu.id(), index: gpu.index(), name });
        }
    }

    /// Behind a launch: saves, if it is time.
    pub fn settle(&self) {
        let Some(disk) = &self.disk else { return };
        let now = disk.begun.elapsed().as_millis() as u64;
        let next = disk.next.load(Ordering::Relaxed);
        if now < next {
            return;
        }
        // Of several threads one does it.
        let after = now + PAUSE.as_millis() as u64;
        if disk.next.compare_exchange(next, after, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            self.save(disk, Duration::ZERO);
        }
    }

    /// What became of the file, where it is worth saying.
    pub fn notes(&self) -> Vec<String> {
        self.disk.as_ref().map_or_else(Vec::new, |disk| lock(&disk.state).notes.clone())
    }

    /// Writes what was measured since the last time; where somebody else is writing, later.
    fn save(&self, disk: &Disk, patience: Duration) {
        let mut state = lock(&disk.state);
        let unsaved = self.lock().unsaved();
        if state.is_closed || unsaved.is_empty() {
            return;
        }
        let gpus = lock(&self.gpus);
        let stamp = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let entries = unsaved.iter().filter_map(|Unsaved { site, quantity, values, replaces, .. }| {
            let (quantity, values) = (*quantity, values.clone());
            let device = device(*site, disk.level, &gpus.met)?;
            Some((Entry { version: VERSION.to_owned(), stamp, quantity, device, values }, *replaces))
        });
        let entries: Vec<_> = entries.collect();
        drop(gpus);
        match disk.write(&mut state, entries, patience) {
            Ok(true) => self.lock().saved(&unsaved),
            Ok(false) => {}
            Err(error) => disk.close(&mut state, &error),
        }
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        if let Some(disk) = &self.disk {
            self.save(disk, PATIENCE);
        }
    }
}

impl Disk {
    /// What the file has; nothing where there is none yet or it is no good.
    fn load(&self, state: &mut State) -> Vec<Entry> {
        match read(&self.path) {
            Ok(Ok(entries)) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            Err(error) => {
                state.notes.push(format!(
                    "measured costs in `{}` cannot be read: {error}; they are neither used nor written; name \
                     another file",
                    self.path.display()
                ));
                state.is_closed = true;
                Vec::new()
            }
            // Looked at again under the lock: somebody else may have seen to it.
            Ok(Err(_)) => match self.locked(PATIENCE) {
                Ok(Some(_lock)) => self.read_or_set_aside(state).unwrap_or_else(|error| {
                    state.notes.push(self.stays(&error));
                    state.is_closed = true;
                    Vec::new()
                }),
                _ => Vec::new(),
            },
        }
    }

    /// It cannot be written.
    fn close(&self, state: &mut State, error: &io::Error) {
        state.notes.push(format!(
            "measured costs cannot be saved in `{}`: {error}; they are kept for this run only; name another file",
            self.path.display()
        ));
        state.is_closed = true;
    }

    /// The folders on the way to it.
    fn make_way(&self) -> io::Result<()> {
        if self.path.file_name().is_none() {
            return Err(io::Error::new(ErrorKind::InvalidInput, "that names no file"));
        }
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => fs::create_dir_all(folder),
            _ => Ok(()),
        }
    }

    fn stays(&self, error: &io::Error) -> String {
        format!(
            "`{}` holds no measured costs and cannot be set aside: {error}; name another file",
            self.path.display()
        )
    }

    /// What the file has now; one that makes no sense is renamed. To be called under the lock.
    fn read_or_set_aside(&self, state: &mut State) -> io::Result<Vec<Entry>> {
        let why = match read(&self.path) {
            Ok(Ok(entries)) => return Ok(entries),
            Ok(Err(why)) => why,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let aside = (1..=ASIDE).map(|n| beside(&self.path, "", &format!(".bad-{n}")));
        let aside = aside.clone().find(|aside| !aside.exists()).or_else(|| aside.last());
        if let Some(aside) = aside {
            fs::rename(&self.path, &aside)?;
            state.notes.push(format!(
                "`{}` was no use ({why}); it is now `{}`, and costs are measured anew",
                self.path.display(),
                aside.display()
            ));
        }
        Ok(Vec::new())
    }

    /// Adds these to the file. Whether it was done: not, where somebody else held the lock all the time.
    fn write(&self, state: &mut State, entries: Vec<(Entry, bool)>, patience: Duration) -> io::Result<bool> {
        self.make_way()?;
        let Some(_lock) = self.locked(patience)? else { return Ok(false) };
        let text = saved::print(&saved::merge(self.read_or_set_aside(state)?, entries));
        // Under the lock nobody else has this name.
        let draft = beside(&self.path, ".", ".part");
        let written = fs::write(&draft, text).and_then(|()| fs::rename(&draft, &self.path));
        if written.is_err() {
            // What cannot be written may be there in part; the error that is returned says why.
            let _gone = fs::remove_file(&draft);
        }
        written.map(|()| true)
    }

    /// The lock, which ends when it is dropped; `None` where somebody else held it all the time.
    fn locked(&self, patience: Duration) -> io::Result<Option<File>> {
        let path = beside(&self.path, "", ".lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        let until = Instant::now() + patience;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(file)),
                Err(TryLockError::WouldBlock) if Instant::now() < until => {
                    std::thread::sleep(Duration::from_millis(2));
                }
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }
}

/// Takes over what `entries` have of a device, as far as this version measured it.
fn adopt(models: &mut Models, site: Site, device: &str, entries: &[Entry]) {
    let own = entries.iter().filter(|entry| entry.version == VERSION && entry.device == device);
    own.for_each(|entry| models.adopt(site, entry.quantity, &entry.values));
}

/// What a site is in a file: the same words only where the same costs are to be expected.
fn device(site: Site, level: Level, met: &[Met]) -> Option<String> {
    let cpu = &Cpu::here().name;
    match site {
        Site::Thread => Some(plain(&format!("thread {level} {cpu}"))),
        Site::Scalar => Some(plain(&format!("scalar {cpu}"))),
        Site::Threads { count } => Some(plain(&format!("threads {count} {level} {cpu}"))),
        Site::Gpu { index, .. } => met.iter().find(|met| met.index == index).map(|met| met.name.clone()),
    }
}

/// The entries of a file, or why it is no good.
fn read(path: &Path) -> io::Result<Result<Vec<Entry>, String>> {
    let file = File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(ErrorKind::InvalidInput, "it is no regular file"));
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Ok(Err(format!("it is longer than {LARGEST} bytes")));
    }
    let text = String::from_utf8(bytes).map_err(|_| "it is no text".to_owned());
    Ok(text.and_then(|text| saved::parse(&text)))
}

/// A file in the same folder, its name with something before and behind.
fn beside(path: &Path, before: &str, behind: &str) -> PathBuf {
    let mut name = OsString::from(before);
    name.push(path.file_name().unwrap_or_default());
    name.push(behind);
    path.with_file_name(name)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COST: Quantity = Quantity::Cost { kernel: 7, class: 4 };

    fn folder(test: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("manylane-ledger-{test}-{}", std::process::id()));
        let _absent = fs::remove_dir_all(&folder);
        folder
    }

    fn values(path: &Path) -> Vec<f64> {
        let entries = read(path).unwrap().unwrap();
        entries.into_iter().flat_map(|entry| entry.values).collect()
    }

    #[test]
    fn behind_a_launch_it_is_saved_now_and_then() {
        let folder = folder("settle");
        let path = folder.join("new/models");
        let ledger = Ledger::new(Some(path.clone()), Level::Scalar);
        ledger.lock().record(7, Site::Thread, 1000, 1e-3);
        ledger.settle();
        assert!(!path.exists(), "too early");
        ledger.disk.as_ref().unwrap().next.store(0, Ordering::Relaxed);
        ledger.settle();
        assert_eq!(values(&path), [1e-6]);
        ledger.lock().record(7, Site::Thread, 1000, 2e-3);
        ledger.settle();
        assert_eq!(values(&path), [1e-6], "not again so soon");
        drop(ledger);
        assert_eq!(values(&path), [1e-6, 2e-6], "but at the end");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn who_finds_it_locked_saves_later() {
        let folder = folder("locked");
        let path = folder.join("models");
        let ledger = Ledger::new(Some(path.clone()), Level::Scalar);
        ledger.lock().record(7, Site::Thread, 1000, 1e-3);
        let disk = ledger.disk.as_ref().unwrap();
        fs::create_dir_all(&folder).unwrap();
        let held = disk.locked(Duration::ZERO).unwrap().expect("nobody else has it");
        ledger.save(disk, Duration::from_millis(10));
        assert!(!path.exists() && ledger.notes().is_empty());
        drop(held);
        ledger.save(disk, Duration::ZERO);
        assert_eq!(values(&path), [1e-6]);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn many_writers_lose_nothing() {
        let folder = folder("many");
        let path = folder.join("models");
        std::thread::scope(|scope| {
            for kernel in 0..8 {
                let path = path.clone();
                scope.spawn(move || {
                    for turn in 0..5 {
                        let ledger = Ledger::new(Some(path.clone()), Level::Scalar);
                        ledger.lock().record(kernel, Site::Thread, 1000, 1e-3);
                        ledger.lock().record(100 + turn, Site::Scalar, 1000, 1e-3);
                        drop(ledger);
                    }
                });
            }
        });
        let entries = read(&path).unwrap().unwrap();
        let counts: Vec<usize> = entries.iter().map(|entry| entry.values.len()).collect();
        assert_eq!(counts, [[5; 8].as_slice(), &[8; 5]].concat());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn files_set_aside_are_few() {
        let folder = folder("aside");
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("models");
        for turn in 0..ASIDE + 5 {
            fs::write(&path, format!("nonsense {turn}")).unwrap();
            let ledger = Ledger::new(Some(path.clone()), Level::Scalar);
            assert_eq!(ledger.notes().len(), 1, "{:?}", ledger.notes());
            assert!(!path.exists());
        }
        let bad = |n: u32| fs::read_to_string(folder.join(format!("models.bad-{n}"))).unwrap();
        assert_eq!((bad(1), bad(ASIDE)), ("nonsense 0".into(), format!("nonsense {}", ASIDE + 4)));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), ASIDE as usize + 1, "and the lock");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_gpu_is_known_by_its_name_not_its_number() {
        let met = |index, name: &str| Met { id: GpuId(0), index, name: name.into() };
        let met = [met(1, "gpu A"), met(0, "gpu B")];
        let at = |index| device(Site::Gpu { index, software: true }, Level::Avx2, &met);
        assert_eq!((at(0).as_deref(), at(1).as_deref(), at(2)), (Some("gpu B"), Some("gpu A"), None));
        let thread = device(Site::Thread, Level::Avx2, &met).unwrap();
        assert!(thread.starts_with("thread avx2 "), "{thread}");
        assert_ne!(device(Site::Thread, Level::Scalar, &[]), device(Site::Scalar, Level::Scalar, &[]));

        let mut models = Models::default();
        let entry = |version: &str, device: &str, values: &[f64]| Entry {
            version: version.into(),
            stamp: 1,
            quantity: COST,
            device: device.into(),
            values: values.to_vec(),
        };
        let entries = [entry("0.0.1", "gpu B", &[1e-3]), entry(VERSION, "gpu A", &[1e-4])];
        adopt(&mut models, Site::Thread, "gpu B", &entries);
        assert_eq!(models.measured(7, Site::Thread, 1000), None, "of another version, or another device");
        adopt(&mut models, Site::Thread, "gpu A", &entries);
        assert_eq!(models.measured(7, Site::Thread, 1000), Some(1e-4));
    }
}
