//! Ctrl-C: the first asks to end in order, the second ends at once.

use std::process;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::Outcome;
use crate::failure::{Failure, INTERRUPTED};

static ASKED: AtomicBool = AtomicBool::new(false);

/// Listens from now on.
pub fn listen() -> Outcome {
    static LISTENS: OnceLock<Result<(), String>> = OnceLock::new();
    let heard = || {
        if ASKED.swap(true, Ordering::Relaxed) {
            process::exit(INTERRUPTED.into());
        }
    };
    let listens = LISTENS.get_or_init(|| match ctrlc::set_handler(heard) {
        // A program with a bench of its own may have a handler of its own, which then decides.
        Ok(()) | Err(ctrlc::Error::MultipleHandlers) => Ok(()),
        Err(error) => Err(error.to_string()),
    });
    listens.clone().map_err(|error| Failure::new(format!("Ctrl-C cannot be listened for: {error}")))
}

/// Whether someone asked to end.
pub fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
