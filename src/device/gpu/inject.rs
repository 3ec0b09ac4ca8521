//! The faults that tests have asked a device for, counted down to their places.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

pub use crate::device::inject::Fault;

static CORRUPT: AtomicBool = AtomicBool::new(false);

/// The next self-test in this process finds wrong answers; see [`Fault::CorruptSelfTest`].
#[doc(hidden)]
pub fn corrupt_next_self_test() {
    CORRUPT.store(true, Ordering::Relaxed);
}

/// Whether this self-test is to find wrong answers.
pub(super) fn self_test_is_corrupt() -> bool {
    CORRUPT.swap(false, Ordering::Relaxed)
}

/// What is still to go wrong on one device. Where nothing is, asking costs one relaxed load.
#[derive(Debug, Default)]
pub(super) struct Faults {
    armed: AtomicBool,
    waiting: Mutex<Vec<Fault>>,
}

impl Faults {
    pub(super) fn add(&self, fault: Fault) {
        if fault == Fault::CorruptSelfTest {
            return corrupt_next_self_test();
        }
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(fault);
        self.armed.store(true, Ordering::Relaxed);
    }

    /// What happens to this submission.
    #[inline]
    pub(super) fn at_submission(&self) -> Option<Fault> {
        if self.armed.load(Ordering::Relaxed) { self.count(is_due_at_submission) } else { None }
    }

    /// Whether this allocation fails.
    #[inline]
    pub(super) fn at_allocation(&self) -> bool {
        self.armed.load(Ordering::Relaxed) && self.count(is_due_at_allocation).is_some()
    }

    /// Counts all down with `due`, and takes out the first that is.
    #[cold]
    fn count(&self, due: fn(&mut Fault) -> Due) -> Option<Fault> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut now = None;
        waiting.retain_mut(|fault| {
            let at_hand = *fault;
            match due(fault) {
                Due::Later => true,
                Due::Now { again } => {
                    now.get_or_insert(at_hand);
                    again
                }
            }
        });
        self.armed.store(!waiting.is_empty(), Ordering::Relaxed);
        now
    }
}

/// Whether a fault's turn has come, and whether it has another.
enum Due {
    Later,
    Now { again: bool },
}

fn is_due_at_submission(fault: &mut Fault) -> Due {
    match fault {
        Fault::FailSubmit { nth } | Fault::Lose { nth } | Fault::Hang { nth } if *nth > 1 => *nth -= 1,
        Fault::FailSubmit { .. } | Fault::Lose { .. } | Fault::Hang { .. } => {
            return Due::Now { again: false };
        }
        _ => {}
    }
    Due::Later
}

fn is_due_at_allocation(fault: &mut Fault) -> Due {
    match fault {
        Fault::OutOfMemory { nth, .. } if *nth > 1 => *nth -= 1,
        Fault::OutOfMemory { times, .. } => {
            *times = times.saturating_sub(1);
            return Due::Now { again: *times > 0 };
        }
        _ => {}
    }
    Due::Later
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_comes_at_its_place_and_is_gone() {
        let faults = Faults::default();
        assert_eq!(faults.at_submission(), None);
        faults.add(Fault::Hang { nth: 3 });
        faults.add(Fault::FailSubmit { nth: 1 });
        faults.add(Fault::OutOfMemory { nth: 2, times: 2 });
        assert_eq!(faults.at_submission(), Some(Fault::FailSubmit { nth: 1 }));
        assert_eq!(faults.at_submission(), None);
        assert_eq!(faults.at_submission(), Some(Fault::Hang { nth: 1 }));
        assert_eq!(faults.at_submission(), None);
        let failed: Vec<bool> = (0..5).map(|_| faults.at_allocation()).collect();
        assert_eq!(failed, [false, true, true, false, false]);
        assert!(!faults.armed.load(Ordering::Relaxed), "unused again");
    }
}
