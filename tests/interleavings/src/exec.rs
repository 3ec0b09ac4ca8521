//! The board of a shared launch, compiled from its own source.

#[path = "../../../src/exec/board.rs"]
pub(crate) mod board;

/// What of the threads the board needs.
pub(crate) mod threads {
    /// Work that divides.
    pub(crate) trait Divide: Send + Sized {
        /// Places in it.
        fn len(&self) -> usize;
        /// The places before `at`, and the rest.
        fn divide(self, at: usize) -> (Self, Self);
    }
}
