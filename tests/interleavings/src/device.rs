//! A device of plain memory.

#[path = "../../../src/device/completion.rs"]
mod completion;
pub mod gpu;
#[path = "../../../src/device/patience.rs"]
mod patience;

pub(crate) use completion::Promise;
pub use completion::{Completion, Times};
pub(crate) use patience::patiently;

/// As much of the machine as the host's pool asks for.
pub struct Cpu {
    /// Bytes of memory; 0 where that is not known.
    pub memory: u64,
}

impl Cpu {
    /// A machine that says nothing of itself.
    pub fn here() -> &'static Cpu {
        &Cpu { memory: 0 }
    }
}

pub(crate) fn parse_bytes(text: &str) -> Option<u64> {
    text.parse().ok()
}
