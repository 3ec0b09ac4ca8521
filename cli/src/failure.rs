//! How the command fails: one line and an exit code.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};

use manylane::ErrorKind;

/// Something went wrong.
pub const FAILED: u8 = 1;
/// The call makes no sense.
pub const USAGE: u8 = 2;
/// Ctrl-C, as shells have it: 128 and the number of the signal.
pub const INTERRUPTED: u8 = 130;

/// One line for people, and the exit code.
#[derive(Debug)]
pub struct Failure {
    pub code: u8,
    pub text: String,
}

impl Failure {
    /// Something went wrong.
    pub fn new(text: impl Into<String>) -> Self {
        Failure { code: FAILED, text: text.into() }
    }

    /// The call makes no sense.
    pub fn usage(text: impl Into<String>) -> Self {
        Failure { code: USAGE, text: text.into() }
    }
}

impl From<manylane::Error> for Failure {
    fn from(error: manylane::Error) -> Self {
        let code = if error.kind() == ErrorKind::Setting { USAGE } else { FAILED };
        // A shader compiler may answer in several lines.
        let text = error.to_string().lines().map(str::trim).collect::<Vec<_>>().join("; ");
        Failure { code, text }
    }
}

thread_local! {
    /// What the last panic of this thread said.
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs the whole command, whose panics are told by [`guarded`] and not by the standard library. `RUST_BACKTRACE` brings the
/// whole story.
pub fn caught(body: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    let standard = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        // The library catches its own panics and returns them as errors, so nothing is printed here.
        if std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0") {
            standard(panic);
        }
        let text = panic.payload_as_str().unwrap_or("a panic without a text");
        let place = panic.location().map(|place| format!(" at {place}")).unwrap_or_default();
        LAST.set(format!("{}{place}", text.lines().collect::<Vec<_>>().join("; ")));
    }));
    guarded(body)
}

/// Runs `body`; a panic in it becomes a failure of one line.
pub fn guarded<T>(body: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    panic::catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|_| {
        let last = LAST.take();
        Err(Failure::new(format!(
            "internal error: {last}; this is a bug, please report it with this line and your command"
        )))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_one_line() {
        let failure = caught(|| panic!("two\nlines")).expect_err("it panicked");
        assert_eq!(failure.code, FAILED);
        assert!(failure.text.starts_with("internal error: two; lines at "), "{}", failure.text);
        assert_eq!(failure.text.lines().count(), 1);
    }

    #[test]
    fn a_setting_is_the_callers_mistake() {
        let error = |kind| Failure::from(manylane::Error::new(kind, "first\n  second"));
        assert_eq!(error(ErrorKind::Setting).code, USAGE);
        assert_eq!(error(ErrorKind::NoDevice).code, FAILED);
        assert_eq!(error(ErrorKind::Internal).text, "first; second");
    }
}
