//! Who has which piece of a launch: a policy says who gets what, the board holds the pieces.
//!
//! ```text
//! free pieces --take--> a worker --done--> done
//!      ^                   |
//!      +------lost---------+     also what was done, where the results are gone with the worker
//! ```
//! Pieces are values that divide and share nothing written, so whoever has one may write its part without a lock. The
//! board knows neither arrays nor devices.

use std::collections::BTreeMap;
use std::ops::Range;

use super::threads::Divide;
use crate::plan::policy::Policy;
use crate::shape::CHUNK;
use crate::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The pieces of one launch.
pub(crate) struct Board<D> {
    state: Mutex<State<D>>,
    changed: Condvar,
}

struct State<D> {
    policy: Box<dyn Policy + Send>,
    /// What nobody has, by the first place.
    free: BTreeMap<usize, D>,
    places: usize,
    /// Places that are not done.
    left: usize,
    /// Chunks that workers have.
    out: usize,
    /// Who may wait here, who does, and who is lost: all threads of the CPU are one, each device is one.
    parties: usize,
    asleep: usize,
    lost: usize,
    /// Nobody is to take anything any more.
    over: bool,
}

/// A piece that a worker has.
pub(crate) struct Taken<D> {
    pub piece: D,
    /// Its places.
    pub places: Range<usize>,
    /// How many elements the policy counts it for: its edges are not rounded to chunks.
    pub counted: u64,
}

/// What a worker is to do.
pub(crate) enum Next<D> {
    /// This.
    Take(Taken<D>),
    /// Nothing now; others still work, and may fail.
    Wait,
    /// Nothing any more.
    Over,
}

impl<D: Divide> Board<D> {
    /// All of `work`, whose places are `0..work.len()`, for workers that the policy knows by their numbers. So many
    /// `parties` wait for their chunks: the threads of the CPU together, and each device.
    pub fn new(policy: Box<dyn Policy + Send>, work: D, parties: usize) -> Self {
        let places = work.len();
        Board {
            state: Mutex::new(State {
                policy,
                free: BTreeMap::from([(0, work)]),
                places,
                left: places,
                out: 0,
                parties,
                asleep: 0,
                lost: 0,
                over: places == 0,
            }),
            changed: Condvar::new(),
        }
    }

    /// A chunk for `worker`, at `now` seconds since the start.
    pub fn take(&self, worker: usize, now: f64) -> Next<D> {
        self.lock().take(worker, now)
    }

    /// As [`take`](Board::take); waits until there is a chunk or everything is done.
    pub fn wait(&self, worker: usize, now: impl Fn() -> f64) -> Option<Taken<D>> {
        let mut state = self.lock();
        loop {
            match state.take(worker, now()) {
                Next::Take(taken) => return Some(taken),
                Next::Over => return None,
                Next::Wait => {}
            }
            if let Some(taken) = state.leftover() {
                return Some(taken);
            }
            state.asleep += 1;
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.asleep -= 1;
        }
    }

    /// `worker` has computed so many places, counted as so many elements, in so many seconds; with the last part of a
    /// chunk the chunk is `whole`.
    pub fn done(&self, worker: usize, places: usize, counted: u64, seconds: f64, whole: bool) {
        let mut state = self.lock();
        if counted > 0 {
            state.policy.done(worker, counted, seconds);
        }
        state.left -= places;
        state.out -= usize::from(whole);
        state.over |= state.left == 0;
        drop(state);
        self.changed.notify_all();
    }

    /// `worker` is gone. What it had, and what it had done if that is gone too, is for others; `chunks` of it were whole
    /// chunks that it had not finished.
    pub fn lost(&self, worker: usize, pieces: Vec<(usize, D)>, done: usize, chunks: usize) {
        let mut state = self.lock();
        let held = pieces.iter().map(|(start, piece)| *start as u64..(start + piece.len()) as u64).collect();
        state.policy.lost(worker, held);
        state.lost += 1;
        state.left += done;
        state.out -= chunks;
        state.free.extend(pieces);
        drop(state);
        self.changed.notify_all();
    }

    /// Nobody takes anything from now on.
    pub fn stop(&self) {
        self.lock().over = true;
        self.changed.notify_all();
    }

    /// Places that are not done.
    pub fn left(&self) -> usize {
        self.lock().left
    }

    fn lock(&self) -> MutexGuard<'_, State<D>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<D: Divide> State<D> {
    fn take(&mut self, worker: usize, now: f64) -> Next<D> {
        while !self.over {
            let Some(chunk) = self.policy.next(worker, now) else { return Next::Wait };
            let counted = chunk.range.end - chunk.range.start;
            let places = self.edge(chunk.range.start)..self.edge(chunk.range.end);
            let Some((start, piece)) = self.cut(&places) else {
                // Less than a chunk, which the neighbour has.
                self.policy.done(worker, counted, 0.0);
                continue;
            };
            self.out += 1;
            let places = start..start + piece.len();
            return Next::Take(Taken { piece, places, counted });
        }
        Next::Over
    }

    /// Where nobody works and nobody is given anything, and yet something is left: that.
    fn leftover(&mut self) -> Option<Taken<D>> {
        if self.out > 0 || self.asleep + self.lost + 1 < self.parties {
            return None;
        }
        let (start, piece) = self.free.pop_first()?;
        self.out += 1;
        let places = start..start + piece.len();
        Some(Taken { piece, places, counted: 0 })
    }

    /// An element's number, rounded up to the edge of a chunk.
    fn edge(&self, element: u64) -> usize {
        (element as usize).next_multiple_of(CHUNK).min(self.places)
    }

    /// The piece of these places, or the first part of it that is free: what the board says counts, not the policy.
    fn cut(&mut self, places: &Range<usize>) -> Option<(usize, D)> {
        if places.is_empty() {
            return None;
        }
        let before = self.free.range(..=places.start).next_back();
        let start = before
            .filter(|(start, piece)| *start + piece.len() > places.start)
            .or_else(|| self.free.range(places.clone()).next())
            .map(|(start, _)| *start)?;
        let mut piece = self.free.remove(&start)?;
        if start + piece.len() > places.end {
            let (head, rest) = piece.divide(places.end - start);
            self.free.insert(places.end, rest);
            piece = head;
        }
        if start < places.start {
            let (head, rest) = piece.divide(places.start - start);
            self.free.insert(start, head);
            piece = rest;
        }
        Some((start.max(places.start), piece))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::policy::{Known, policy};
    use crate::shape::Mapping;

    /// Places that count how often each was computed.
    struct Marks<'m>(&'m mut [u8]);

    impl Divide for Marks<'_> {
        fn len(&self) -> usize {
            self.0.len()
        }
        fn divide(self, at: usize) -> (Self, Self) {
            let (head, rest) = self.0.split_at_mut(at);
            (Marks(head), Marks(rest))
        }
    }

    const MAPPINGS: [Mapping; 5] = [
        Mapping::Static,
        Mapping::ManagerWorker,
        Mapping::Hierarchical,
        Mapping::WorkStealing,
        Mapping::Auto,
    ];

    fn known(count: usize) -> Vec<Known> {
        (0..count)
            .map(|at| Known { speed: 1e6 * (1 + at) as f64, latency: 1e-5, link: f64::INFINITY })
            .collect()
    }

    /// Workers that take turns, the one in three failing at its third chunk with everything that it has done.
    #[test]
    fn every_place_is_computed_once_also_where_a_worker_is_lost() {
        for mapping in MAPPINGS {
            for places in [0, 1, CHUNK - 1, CHUNK + 1, 7 * CHUNK + 3, 100 * CHUNK, 1_000_003] {
                for workers in 1..5 {
                    let mut marks = vec![0u8; places];
                    let known = known(workers);
                    let board = Board::new(
                        policy(mapping, places as u64, &known, 1e-6, None),
                        Marks(&mut marks),
                        workers,
                    );
                    let mut had: Vec<Vec<(usize, Marks<'_>)>> = (0..workers).map(|_| Vec::new()).collect();
                    let (mut clock, mut turn, mut gone, mut empty) = (0.0, 0, vec![false; workers], 0);
                    while board.left() > 0 {
                        let worker = turn % workers;
                        turn += 1;
                        clock += 1e-4;
                        if gone[worker] {
                            continue;
                        }
                        let taken = match board.take(worker, clock) {
                            Next::Take(taken) => Some(taken),
                            _ => {
                                empty += 1;
                                // As if all others waited: nobody is given anything any more.
                                let mut state = board.lock();
                                state.asleep = if empty > workers { workers } else { 0 };
                                state.leftover()
                            }
                        };
                        let Some(Taken { piece, places, counted }) = taken else { continue };
                        empty = 0;
                        piece.0.iter_mut().for_each(|mark| *mark += 1);
                        if worker == 2 && had[2].len() == 2 {
                            gone[worker] = true;
                            let mut all = std::mem::take(&mut had[2]);
                            let done = all.iter().map(|(_, piece)| piece.0.len()).sum();
                            all.push((places.start, piece));
                            for (_, piece) in &mut all {
                                piece.0.iter_mut().for_each(|mark| *mark -= 1);
                            }
                            board.lost(worker, all, done, 1);
                            continue;
                        }
                        board.done(worker, places.len(), counted, places.len() as f64 * 1e-6, true);
                        had[worker].push((places.start, piece));
                    }
                    assert!(matches!(board.take(0, clock), Next::Over));
                    drop((had, board));
                    assert!(marks.iter().all(|mark| *mark == 1), "{mapping:?} {places} {workers}");
                }
            }
        }
    }

    #[test]
    fn whoever_waits_is_woken_by_a_loss_and_by_the_end() {
        let mut marks = vec![0u8; 3 * CHUNK];
        let known = known(2);
        let board =
            Board::new(policy(Mapping::Static, 3 * CHUNK as u64, &known, 1e-6, None), Marks(&mut marks), 2);
        let Next::Take(theirs) = board.take(1, 0.0) else { panic!("a share for each") };
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut places = 0;
                while let Some(mine) = board.wait(0, || 0.0) {
                    places += mine.places.len();
                    board.done(0, mine.places.len(), mine.counted, 1e-6, true);
                }
                assert_eq!(places, 3 * CHUNK);
            });
            std::thread::sleep(std::time::Duration::from_millis(20));
            board.lost(1, vec![(theirs.places.start, theirs.piece)], 0, 1);
        });
    }
}
