//! Items through three stages at once, in bounded memory.
//!
//! ```text
//! `first` workers  ->  queue of `room`  ->  the calling thread  ->  queue of `room`  ->  `last` workers
//! ```
//! Whoever is fast waits for whoever is slow, so there are never more than `first + last + 2 * room + 1` items on their way.
//! [`manylane::api::pipeline`] has one thread to a stage, keeps the order and ends at the first failure; pictures are decoded
//! and encoded by several, in any order, and one that fails leaves the rest alone.

use std::io;
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};
use std::thread::{Builder, scope};

/// How many work at each end, and how many items wait in between.
#[derive(Clone, Copy, Debug)]
pub struct Crew {
    pub first: usize,
    pub last: usize,
    pub room: usize,
}

/// Runs all items; one for which a stage gives nothing ends there. The stages must not panic.
///
/// # Errors
/// Where there are no threads to be had.
pub fn flow<A: Send, B: Send, C: Send>(
    crew: Crew,
    items: impl Iterator<Item = A> + Send,
    first: impl Fn(A) -> Option<B> + Sync,
    mut middle: impl FnMut(B) -> Option<C>,
    last: impl Fn(C) + Sync,
) -> io::Result<()> {
    let items = Mutex::new(items);
    let (give_first, take_first) = sync_channel(crew.room);
    let (give_last, take_last) = sync_channel(crew.room);
    let take_last = Mutex::new(take_last);
    let (items, take_last, first, last) = (&items, &take_last, &first, &last);
    scope(|scope| {
        // Owned in here: where a thread is missing, its end hangs up and all others come to theirs.
        let (take_first, give_last) = (take_first, give_last);
        for _ in 0..crew.first {
            let give = give_first.clone();
            Builder::new().name("decode".into()).spawn_scoped(scope, move || {
                loop {
                    // A statement of its own, or the lock would be held while the item is worked on.
                    let item = items.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some(item) = item else { break };
                    if first(item).is_some_and(|made| give.send(made).is_err()) {
                        break;
                    }
                }
            })?;
        }
        drop(give_first);
        for _ in 0..crew.last {
            Builder::new().name("encode".into()).spawn_scoped(scope, move || {
                loop {
                    let item = take_last.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok(item) = item else { break };
                    last(item);
                }
            })?;
        }
        for item in take_first {
            if let Some(made) = middle(item)
                && give_last.send(made).is_err()
            {
                break;
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Barrier, Condvar};

    use super::*;

    #[test]
    fn every_item_goes_through_unless_a_stage_ends_it() {
        for (first, last, room) in [(1, 1, 0), (3, 2, 1), (2, 4, 5)] {
            let got = Mutex::new(Vec::new());
            flow(
                Crew { first, last, room },
                0..100,
                |x| (x % 10 != 0).then_some(x),
                |x| (x % 7 != 0).then_some(2 * x),
                |x| got.lock().expect("kept").push(x),
            )
            .expect("threads");
            let mut got = got.into_inner().expect("kept");
            got.sort_unstable();
            let want: Vec<i32> = (0..100).filter(|x| x % 10 != 0 && x % 7 != 0).map(|x| 2 * x).collect();
            assert_eq!(got, want);
        }
    }

    /// Each stage waits for the other two: only where all three work at once does any of them go on.
    #[test]
    fn the_stages_work_at_once() {
        let meet = Barrier::new(3);
        let turns = 20;
        // At each meeting the three hold items next to one another; the first and last two items are let through.
        let (mut at_middle, at_first, at_last) = (0, AtomicUsize::new(0), AtomicUsize::new(0));
        flow(
            Crew { first: 1, last: 1, room: 1 },
            0..turns + 2,
            |x| {
                if at_first.fetch_add(1, Ordering::Relaxed) >= 2 {
                    meet.wait();
                }
                Some(x)
            },
            |x| {
                at_middle += 1;
                if (2..turns + 2).contains(&at_middle) {
                    meet.wait();
                }
                Some(x)
            },
            |_| {
                if at_last.fetch_add(1, Ordering::Relaxed) < turns {
                    meet.wait();
                }
            },
        )
        .expect("threads");
        assert_eq!(at_last.into_inner(), turns + 2);
    }

    #[test]
    fn a_slow_end_bounds_what_is_on_its_way() {
        let crew = Crew { first: 3, last: 2, room: 2 };
        let most = crew.first + crew.last + 2 * crew.room + 1;
        let (begun, open) = (AtomicUsize::new(0), (Mutex::new(false), Condvar::new()));
        let ended = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                // Nothing leaves until as many have begun as can; a thousandth more would be seen below.
                while begun.load(Ordering::SeqCst) < most {
                    std::thread::yield_now();
                }
                std::thread::sleep(std::time::Duration::from_millis(20));
                assert_eq!(begun.load(Ordering::SeqCst), most);
                *open.0.lock().expect("open") = true;
                open.1.notify_all();
            });
            flow(
                crew,
                0..50,
                |x| {
                    begun.fetch_add(1, Ordering::SeqCst);
                    Some(x)
                },
                Some,
                |_| {
                    let closed = open.0.lock().expect("open");
                    drop(open.1.wait_while(closed, |open| !*open).expect("open"));
                    ended.fetch_add(1, Ordering::SeqCst);
                    assert!(begun.load(Ordering::SeqCst) <= ended.load(Ordering::SeqCst) + most);
                },
            )
            .expect("threads");
        });
        assert_eq!(ended.into_inner(), 50);
    }
}
