//! Waiting without keeping others from what is waited for.

use std::time::Duration;

/// How long a rayon worker that waits looks away from its pool's work.
const LOOK: Duration = Duration::from_millis(1);
/// A wait that is begun anew when it ends.
const LONG: Duration = Duration::from_secs(3600);

/// Waits by `look`, which waits at most as long as it is told. A rayon worker does its pool's other work in between: what
/// it waits for may need just that.
pub(crate) fn patiently<R>(mut look: impl FnMut(Duration) -> Option<R>) -> R {
    let worker = rayon::current_thread_index().is_some();
    loop {
        let most = match worker {
            false => LONG,
            true if rayon::yield_now() == Some(rayon::Yield::Executed) => Duration::ZERO,
            true => LOOK,
        };
        if let Some(seen) = look(most) {
            return seen;
        }
    }
}
