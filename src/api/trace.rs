//! Recording what launches do: `rt.record()`, launches, `finish()`.

use std::path::Path;
use std::sync::Arc;

use crate::api::Runtime;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::tracer::{Log, Tracer};
use crate::plan::trace::{LaunchTrace, chrome_json};

/// Records a runtime's launches until it is finished; dropped, it forgets them. Several may record at once.
///
/// ```
/// # use manylane::prelude::*;
/// # #[kernel]
/// # fn double(x: f32) -> f32 { 2.0 * x }
/// # fn main() -> manylane::Result<()> {
/// let rt = Runtime::new()?;
/// let recorder = rt.record();
/// rt.map::<double>(&vec![1.0; 100_000]).run()?;
/// let trace = recorder.finish();
/// assert_eq!(trace.launches()[0].kernel, "double");
/// let json = trace.to_chrome_json(); // or `write_chrome_json`, to be opened in a viewer such as Perfetto
/// # assert!(json.contains("double"));
/// # Ok(())
/// # }
/// ```
#[must_use = "a recorder shows what it saw when it is finished"]
pub struct Recorder {
    tracer: Tracer,
    log: Arc<Log>,
}

/// What launches did, and when.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    launches: Vec<LaunchTrace>,
}

impl Runtime {
    /// Records the launches that begin from now on. Until then, and without it, launches pay next to nothing for it.
    pub fn record(&self) -> Recorder {
        let tracer = self.core().tracer.clone();
        Recorder { log: tracer.open(), tracer }
    }
}

impl Recorder {
    /// What was recorded: launches that have returned, in the order of their beginnings. Waits until devices are done with
    /// them.
    pub fn finish(self) -> Trace {
        Trace { launches: self.tracer.close(&self.log) }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.tracer.forget(&self.log);
    }
}

impl Trace {
    /// The launches, in the order of their beginnings.
    pub fn launches(&self) -> &[LaunchTrace] {
        &self.launches
    }

    /// As a timeline in the format that Chromium's tracing page and Perfetto open.
    pub fn to_chrome_json(&self) -> String {
        chrome_json(std::process::id(), &self.launches)
    }

    /// Writes [`to_chrome_json`](Trace::to_chrome_json) to a file.
    ///
    /// # Errors
    /// `Setting` where it cannot be written.
    pub fn write_chrome_json(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        std::fs::write(path, self.to_chrome_json()).map_err(|error| {
            Error::new(
                ErrorKind::Setting,
                format!("the trace cannot be written to `{}`: {error}; name another file", path.display()),
            )
        })
    }
}
