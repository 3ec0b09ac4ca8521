//! A scan divided among the CPU's threads.
//!
//! ```text
//! one thread   every block in order, in one pass over memory
//! more         each, until no piece is left:
//!                  take the next piece; their order is the order of the array
//!                  its values, and what its blocks come to           they stay in L2
//!                  look until it is known what stands in front; say what stands behind
//!                  its results                                       from L2, past the caches where they are large
//! ```
//! A piece waits only for the one before it, which is under way on a thread that waits for earlier ones only: the first
//! that has not been passed always goes on. One that panics or is stopped lets the others go.
//!
//! Threads that keep step wait for less time than it takes to fall asleep, so one looks [`LOOKS`] times first. It sleeps where the
//! other one has been set aside.

use std::hint::spin_loop;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::block::{How, PIECE, State, Task, Totals};
use crate::exec::fold::{Fold, OnSlices};
use crate::exec::lanes::{self, Job, Piece};
use crate::exec::threads::{self, Divide, LOOKS, Pool};
use crate::kernel::Kernel;
use crate::shape::{CHUNK, Span};

/// A scan on the CPU.
pub(super) struct Scan<'s, 'j, R: Fold> {
    pub job: &'s Job<'j>,
    pub fold: &'s R,
    pub how: How,
    /// What stands in front of the piece.
    pub state: State<R::T>,
    pub pool: &'s Pool,
    pub threads: usize,
}

impl<R: Fold> Scan<'_, '_, R> {
    /// Scans all of `piece`; returns what stands behind it.
    pub fn run<K: Kernel<Out = R::T>>(self, piece: Piece<'_, '_, K>) -> State<R::T> {
        let pieces = piece.len.div_ceil(PIECE * CHUNK);
        if self.threads < 2 || pieces < 2 {
            return self.alone(piece);
        }
        let shared = Shared {
            left: Mutex::new((0, Some(piece))),
            known: AtomicUsize::new(0),
            chain: Mutex::new(Chain { state: self.state, asleep: 0, over: false }),
            moved: Condvar::new(),
        };
        threads::together(self.pool, self.threads.min(pieces) - 1, &|_| self.labour(&shared));
        let Chain { state, .. } = shared.chain.into_inner().unwrap_or_else(PoisonError::into_inner);
        state
    }

    fn alone<K: Kernel<Out = R::T>>(&self, piece: Piece<'_, '_, K>) -> State<R::T> {
        let mut state = self.state;
        let mut values = [self.fold.identity(); CHUNK];
        let mut left = Some(piece);
        while let Some(piece) = left.take()
            && !self.job.frame.stopped()
        {
            let (piece, rest) = cut(piece, CHUNK);
            left = rest;
            let Piece { start, len, tiles, out } = piece;
            self.job.compute(Span::new(start, start + len), || {
                let values = lanes::values::<K, _>(self.job, (start, len), tiles, &mut values[..len]);
                self.task(Task::Results { values, out, how: self.how, state: &mut state });
            });
        }
        state
    }

    fn task(&self, task: Task<'_, R::T>) {
        self.fold.on_slices(self.job.level, &self.job.frame, OnSlices::Scan(task));
    }

    fn labour<K: Kernel<Out = R::T>>(&self, shared: &Shared<'_, '_, K, R::T>) {
        let guard = Guard(shared);
        let identity = self.fold.identity();
        let mut totals = Totals::new(identity);
        let mut buffer = Vec::new();
        while let Some((index, piece)) = shared.take()
            && !self.job.frame.stopped()
        {
            let Piece { start, len, tiles, out } = piece;
            let mut went = true;
            self.job.compute(Span::new(start, start + len), || {
                let values = match lanes::lying::<K, _>(&tiles, len) {
                    Some(values) => values,
                    None => {
                        buffer.resize(PIECE * CHUNK, identity);
                        lanes::values::<K, _>(self.job, (start, len), tiles, &mut buffer[..len])
                    }
                };
                self.task(Task::Totals { values, into: &mut totals });
                let behind = |state| totals.behind(state, identity, |a, b| R::pair(&self.job.frame, a, b));
                let Some(mut state) = shared.pass(index, behind) else {
                    went = false;
                    return;
                };
                self.task(Task::Results { values, out, how: self.how, state: &mut state });
            });
            if !went {
                break;
            }
        }
        if !self.job.frame.stopped() {
            std::mem::forget(guard);
        }
    }
}

/// The first places of a piece, and what is left, if anything is.
fn cut<'t, 'o, K: Kernel>(
    piece: Piece<'t, 'o, K>,
    at: usize,
) -> (Piece<'t, 'o, K>, Option<Piece<'t, 'o, K>>) {
    if piece.len <= at {
        return (piece, None);
    }
    let (head, rest) = piece.divide(at);
    (head, Some(rest))
}

/// What the threads of one scan share.
struct Shared<'t, 'o, K: Kernel, T> {
    /// The number of the next piece, and what is left.
    left: Mutex<(usize, Option<Piece<'t, 'o, K>>)>,
    /// The piece that the chain's state stands in front of; changed under its lock, looked at without.
    known: AtomicUsize,
    chain: Mutex<Chain<T>>,
    moved: Condvar,
}

struct Chain<T> {
    /// What stands in front of the next piece.
    state: State<T>,
    /// Threads that sleep until it moves.
    asleep: usize,
    /// Nobody will say what stands behind.
    over: bool,
}

impl<'t, 'o, K: Kernel, T: Copy> Shared<'t, 'o, K, T> {
    fn take(&self) -> Option<(usize, Piece<'t, 'o, K>)> {
        let mut left = lock(&self.left);
        let (head, rest) = cut(left.1.take()?, PIECE * CHUNK);
        left.1 = rest;
        left.0 += 1;
        Some((left.0 - 1, head))
    }

    /// What stands in front of piece `index`, once it is known; what `behind` makes of it is told at once. `None` where
    /// nobody will tell.
    fn pass(&self, index: usize, behind: impl FnOnce(State<T>) -> State<T>) -> Option<State<T>> {
        let is_known = || self.known.load(Ordering::Relaxed) == index;
        for _ in 0..LOOKS {
            if is_known() {
                break;
            }
            spin_loop();
        }
        let mut chain = lock(&self.chain);
        while !is_known() {
            if chain.over {
                return None;
            }
            chain.asleep += 1;
            chain = self.moved.wait(chain).unwrap_or_else(PoisonError::into_inner);
            chain.asleep -= 1;
        }
        let state = chain.state;
        chain.state = behind(state);
        self.known.store(index + 1, Ordering::Relaxed);
        let asleep = chain.asleep > 0;
        drop(chain);
        if asleep {
            self.moved.notify_all();
        }
        Some(state)
    }
}

/// Lets those that wait go when a thread ends without having told.
struct Guard<'g, 't, 'o, K: Kernel, T>(&'g Shared<'t, 'o, K, T>);

impl<K: Kernel, T> Drop for Guard<'_, '_, '_, K, T> {
    fn drop(&mut self) {
        lock(&self.0.chain).over = true;
        self.0.moved.notify_all();
    }
}

/// A panic elsewhere is told by `over`; what the locks guard is whole at every step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
