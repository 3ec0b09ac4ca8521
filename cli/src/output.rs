//! What the command writes: text to standard output, files that appear whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};

use crate::Outcome;
use crate::bench::table::Style;
use crate::failure::Failure;

/// Writes to standard output. A reader that has gone away wants no more: that is no failure.
pub fn print(text: &str) -> Outcome {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// Says one line on standard error.
pub fn warn(text: &str) {
    // Where not even that can be written, there is nobody to tell.
    let _unheard = writeln!(io::stderr(), "manylane: {text}");
}

/// Whether a person looks at standard output.
pub fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether lines can be written to standard output while a bar moves below them on standard error.
pub fn is_live() -> bool {
    is_terminal() && io::stderr().is_terminal() && !console::is_dumb()
}

/// How tables are drawn on standard output: in colours where it is a terminal that has them and `NO_COLOR` is not set.
pub fn style() -> Style {
    match (is_terminal(), console::colors_enabled()) {
        (true, true) => Style::Coloured,
        (true, false) => Style::Drawn,
        (false, _) => Style::Plain,
    }
}

/// A bar of so many steps, shown on standard error, and only where that is a terminal.
pub fn progress_bar(steps: usize) -> ProgressBar {
    let bar = if console::is_dumb() { ProgressBar::hidden() } else { ProgressBar::new(steps as u64) };
    if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} {elapsed} {wide_msg}") {
        bar.set_style(style);
    }
    bar
}

/// A file that is written beside its place and moved there when it is whole. Dropped before, it leaves nothing.
pub struct Draft {
    place: PathBuf,
    beside: PathBuf,
    writer: Option<BufWriter<File>>,
}

impl Draft {
    /// Begins a file that will stand at `place`, replacing a regular file that is there.
    pub fn create(place: &Path) -> Outcome<Draft> {
        let cannot = |why: &str| Failure::new(format!("`{}` cannot be written: {why}", place.display()));
        // What a link points at is replaced, not the link.
        let place = fs::canonicalize(place).unwrap_or_else(|_| place.to_path_buf());
        match fs::metadata(&place) {
            Ok(there) if there.is_dir() => return Err(cannot("it is a folder; name a file")),
            Ok(there) if !there.is_file() => return Err(cannot("it is no regular file; name another")),
            Ok(there) if there.permissions().readonly() => {
                return Err(cannot("it is read-only; name another"));
            }
            _ => {}
        }
        let Some(name) = place.file_name() else {
            return Err(cannot("it names no file"));
        };
        let beside = place.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()));
        let file = OpenOptions::new().write(true).create_new(true).open(&beside);
        let file = file.map_err(|error| match error.kind() {
            ErrorKind::NotFound => cannot("its folder does not exist; create it first"),
            ErrorKind::PermissionDenied => cannot("its folder may not be written to; name another"),
            _ => cannot(&format!("{error}; name another place")),
        })?;
        Ok(Draft { place, beside, writer: Some(BufWriter::new(file)) })
    }

    /// Whether a file could be written there; leaves nothing.
    pub fn probe(place: &Path) -> Outcome {
        Draft::create(place).map(drop)
    }

    /// Where to write.
    pub fn writer(&mut self) -> &mut BufWriter<File> {
        self.writer.as_mut().expect("a draft that is not finished has its writer")
    }

    /// Moves the file to its place.
    pub fn finish(mut self) -> Outcome {
        let moved = self.writer.take().map_or(Ok(()), |writer| {
            writer.into_inner().map_err(|error| error.into_error())?;
            fs::rename(&self.beside, &self.place)
        });
        moved.map_err(|error| Failure::new(format!("`{}` cannot be written: {error}", self.place.display())))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // After `finish` it is gone already; what cannot be removed was told by what failed before.
        let _gone = fs::remove_file(&self.beside);
    }
}

/// Writes a whole file.
pub fn write(place: &Path, bytes: &[u8]) -> Outcome {
    let mut draft = Draft::create(place)?;
    draft
        .writer()
        .write_all(bytes)
        .map_err(|error| Failure::new(format!("`{}` cannot be written: {error}", place.display())))?;
    draft.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("manylane-output-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a temporary folder");
        folder
    }

    #[test]
    fn a_draft_appears_whole_or_not_at_all() {
        let folder = folder("draft");
        let place = folder.join("x.txt");
        let mut draft = Draft::create(&place).expect("a draft");
        draft.writer().write_all(b"half").expect("written");
        assert!(!place.exists());
        drop(draft);
        assert_eq!(fs::read_dir(&folder).expect("read").count(), 0);

        write(&place, b"one").expect("written");
        write(&place, b"two").expect("replaced");
        assert_eq!(fs::read(&place).expect("read"), b"two");
        assert_eq!(fs::read_dir(&folder).expect("read").count(), 1);
        fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn what_is_no_file_is_not_replaced() {
        let folder = folder("no-file");
        assert!(Draft::create(&folder).is_err());
        assert!(Draft::create(&folder.join("absent/x")).is_err());
        #[cfg(unix)]
        assert!(Draft::create(Path::new("/dev/null")).is_err());
        fs::remove_dir_all(folder).expect("removed");
    }
}
