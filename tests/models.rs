//! Cost models on disk: what one runtime measured another plans with, and no file, however bad, fails a launch.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use manylane::plan::Quantity;
use manylane::plan::saved::{self, Entry};
use manylane::prelude::*;
use manylane_testkit::gpu_or_skip;

#[kernel]
fn root(x: f32) -> f32 {
    (x * x + 1.0).sqrt()
}

const N: usize = 1 << 20;

/// A folder of a test's own, removed when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("manylane-models-{test}-{}", std::process::id()));
        let _absent = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("models")
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _left = fs::remove_dir_all(&self.0);
    }
}

fn with(path: &Path) -> Runtime {
    Runtime::builder().models(path).build().unwrap()
}

/// Runs the kernel so often over `n` places, right.
fn launch(rt: &Runtime, n: usize, times: usize) {
    let x = vec![2.0f32; n];
    for _ in 0..times {
        let y = rt.map::<root>(&x).on(Target::Simd).run().unwrap();
        assert!(y.read().unwrap().iter().all(|y| *y == 5.0f32.sqrt()));
        // A launch alone goes without a plan; one of the threads records too.
        rt.map::<root>(&x).on(Target::Threads).run().unwrap();
    }
}

fn entries(path: &Path) -> Vec<Entry> {
    saved::parse(&fs::read_to_string(path).unwrap()).unwrap()
}

/// What a runtime predicts for one place on one thread.
fn predicted(rt: &Runtime) -> f64 {
    let x = vec![2.0f32; N];
    rt.map::<root>(&x).on(Target::Simd).plan().unwrap().predicted_seconds / N as f64
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6 * b
}

/// A file that some run has made, with every sample replaced.
fn made(path: &Path, change: impl Fn(&mut Entry)) -> Vec<Entry> {
    launch(&with(path), N, 3);
    let mut all = entries(path);
    assert!(all.iter().any(|entry| entry.quantity == cost()), "{all:?}");
    all.iter_mut().for_each(change);
    fs::write(path, saved::print(&all)).unwrap();
    all
}

fn cost() -> Quantity {
    Quantity::Cost { kernel: root::INFO.hash, class: 10 }
}

#[test]
fn the_next_runtime_plans_with_what_this_one_measured() {
    let folder = Folder::new("trip");
    let path = folder.file();
    let unknown = predicted(&Runtime::new().unwrap());
    made(&path, |entry| entry.values = vec![1e-6; 3]);
    assert!(!close(unknown, 1e-6));
    let rt = with(&path);
    assert!(close(predicted(&rt), 1e-6));
    assert!(rt.notes().is_empty());
    assert!(close(predicted(&with(&path)), 1e-6), "the other one is still there");
    assert_eq!(predicted(&Runtime::new().unwrap()), unknown, "without a file nothing is kept");
    assert_eq!(folder.names(), ["models", "models.lock"]);
}

#[test]
fn other_versions_and_devices_are_kept_but_not_believed() {
    let folder = Folder::new("others");
    let path = folder.file();
    let unknown = predicted(&Runtime::new().unwrap());
    let changes: [fn(&mut Entry); 2] =
        [|entry| entry.version = "0.0.1".into(), |entry| entry.device.push_str(" of another maker")];
    for change in changes {
        let theirs = made(&path, |entry| {
            entry.values = vec![1e-6; 3];
            change(entry);
        });
        let rt = with(&path);
        assert_eq!(predicted(&rt), unknown);
        launch(&rt, N, 1);
        drop(rt);
        let after = entries(&path);
        assert!(theirs.iter().all(|theirs| after.contains(theirs)), "{after:?}");
        assert!(after.len() > theirs.len(), "{after:?}");
        fs::remove_file(&path).unwrap();
    }
}

#[test]
fn a_file_that_makes_no_sense_is_set_aside_and_begun_anew() {
    let folder = Folder::new("bad");
    let path = folder.file();
    let good = made(&path, |_| ());
    let poisoned = |value: f64| {
        let mut all = good.clone();
        all[0].values[0] = value;
        saved::print(&all).into_bytes()
    };
    let text = saved::print(&good);
    let bad = [
        b"".to_vec(),
        b"\xff\xfe\0\0".to_vec(),
        text.replace("e-", "e+").into_bytes(),
        text.as_bytes()[..text.len() / 2].to_vec(),
        poisoned(f64::NAN),
        poisoned(-1e-9),
        poisoned(1e-14),
        poisoned(1e4),
    ];
    for (number, bytes) in (1..).zip(bad) {
        fs::write(&path, &bytes).unwrap();
        let rt = with(&path);
        assert_eq!(rt.notes().len(), 1, "{:?}", rt.notes());
        let aside = folder.0.join(format!("models.bad-{number}"));
        assert!(rt.notes()[0].contains(&aside.display().to_string()), "{:?}", rt.notes());
        assert_eq!(fs::read(&aside).unwrap(), bytes);
        launch(&rt, N, 1);
        assert_eq!(rt.notes().len(), 1, "told once");
        drop(rt);
        assert!(!entries(&path).is_empty(), "and begun anew");
        assert!(with(&path).notes().is_empty());
    }
}

#[test]
fn a_file_that_turns_bad_meanwhile_is_set_aside_too() {
    let folder = Folder::new("meanwhile");
    let path = folder.file();
    let rt = with(&path);
    launch(&rt, N, 1);
    fs::write(&path, "spilt coffee").unwrap();
    drop(rt);
    assert!(!entries(&path).is_empty());
    assert_eq!(fs::read_to_string(folder.0.join("models.bad-1")).unwrap(), "spilt coffee");
}

#[test]
fn what_cannot_be_written_is_a_note_and_no_error() {
    let folder = Folder::new("unwritable");
    let file = folder.0.join("file");
    fs::write(&file, "a file, no folder").unwrap();
    for path in [folder.0.clone(), file.join("models"), PathBuf::new()] {
        let rt = with(&path);
        // At once: a short program is over before anything is saved.
        assert_eq!(rt.notes().len(), 1, "{}: {:?}", path.display(), rt.notes());
        launch(&rt, N, 2);
        let kept = rt.clone();
        drop(rt);
        launch(&kept, N, 1);
        assert_eq!(kept.notes().len(), 1, "{:?}", kept.notes());
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "a file, no folder");
}

#[test]
fn what_the_machine_contradicts_is_forgotten() {
    let folder = Folder::new("aging");
    let path = folder.file();
    // Four thousand times too slow, and nine of them.
    made(&path, |entry| {
        if matches!(entry.quantity, Quantity::Cost { .. }) {
            entry.values = vec![1e-6; 9];
        }
    });
    let rt = with(&path);
    assert!(close(predicted(&rt), 1e-6));
    launch(&rt, N, 4);
    assert!(predicted(&rt) < 0.5e-6, "{:e}", predicted(&rt));
    drop(rt);
    let cost = entries(&path)
        .into_iter()
        .find(|entry| entry.quantity == cost() && entry.device.starts_with("thread"));
    let values = cost.expect("it was measured").values;
    assert!(!values.contains(&1e-6), "they are gone from the file too: {values:?}");
    assert!(predicted(&with(&path)) < 0.5e-6);
}

/// Kernels of several sizes, each measured by a process of its own, all at once.
#[test]
fn processes_that_write_at_once_lose_nothing() {
    const TEST: &str = "processes_that_write_at_once_lose_nothing";
    const FILE: &str = "MANYLANE_TEST_MODELS";
    if let (Ok(path), Ok(size)) = (std::env::var(FILE), std::env::var("MANYLANE_TEST_SIZE")) {
        for _ in 0..10 {
            launch(&with(Path::new(&path)), size.parse().unwrap(), 1);
        }
        return;
    }
    let folder = Folder::new("processes");
    let sizes = [16usize, 18, 20, 22].map(|power| 1 << power);
    let children: Vec<_> = sizes
        .iter()
        .map(|size| {
            let mut child = Command::new(std::env::current_exe().unwrap());
            child.args(["--exact", TEST]).env(FILE, folder.file());
            child.env("MANYLANE_TEST_SIZE", size.to_string()).spawn().unwrap()
        })
        .collect();
    children.into_iter().for_each(|mut child| assert!(child.wait().unwrap().success()));
    let all = entries(&folder.file());
    for class in [8, 9, 10, 11] {
        let quantity = Quantity::Cost { kernel: root::INFO.hash, class };
        let of = all.iter().find(|entry| entry.quantity == quantity).expect("each has left something");
        assert_eq!(of.values.len(), 9, "{of:?}");
    }
    assert_eq!(folder.names(), ["models", "models.lock"], "nothing was bad, nothing half-written stays");
}

#[test]
fn a_gpu_is_remembered_once_it_is_open() {
    if !gpu_or_skip("a_gpu_is_remembered_once_it_is_open") {
        return;
    }
    let gpu = manylane::device::gpu::open(0).unwrap();
    let link = gpu.link().expect("it was timed");
    assert!(link.latency > 1e-7 && link.latency < 1.0 && link.rate > 1e6 && link.rate < 1e13, "{link:?}");
    let folder = Folder::new("gpu");
    let path = folder.file();
    let x = vec![2.0f32; N];
    let rt = with(&path);
    for _ in 0..3 {
        rt.map::<root>(&x).on(Target::Gpu(0)).run_wait().unwrap();
    }
    drop(rt);
    let mut all = entries(&path);
    let of_gpu = |entry: &&mut Entry| entry.device.starts_with("gpu ") && entry.quantity == cost();
    let entry = all.iter_mut().find(of_gpu).expect("it was measured");
    assert!(entry.device.contains(gpu.info().name.trim()), "{entry:?}");
    entry.values = vec![1e-6; 3];
    fs::write(&path, saved::print(&all)).unwrap();
    let rt = with(&path);
    let predicted = rt.map::<root>(&x).on(Target::Gpu(0)).plan().unwrap().predicted_seconds;
    let without = link.latency + (8 * N) as f64 / link.rate;
    assert!((predicted - without - 1e-6 * N as f64).abs() < 1e-3 * predicted, "{predicted} {link:?}");
}
