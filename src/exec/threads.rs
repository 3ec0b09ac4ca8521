//! Mapping of pieces to threads: static shares, a manager with guided chunks, or stealing.
//!
//! A piece divides into two that share nothing written, so every mapping here is safe code: a queue is a mutex around
//! what is left. The calling thread always works first and pool workers only help; a launch that is over before they
//! wake costs nothing more than their waking.
//!
//! A manager hands out by affinity (Markatos and LeBlanc 1994): each thread begins with a share of its own, which is the same
//! part of the places in every launch, so that what its caches still hold of them serves again; whoever is done takes from the
//! end of the largest share that is left. Two threads that sum 32 to 128 MiB over and over, each its own half, read 1.0 to 1.5
//! times as fast as two that exchange halves (2026-11, Zen 3, 2 cores, by what other guests leave of L3).

use std::hint::spin_loop;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::plan::guided;
use crate::shape::{CHUNK, Mapping};

/// How often a thread looks whether another is done before it falls asleep: some 10 µs.
pub(super) const LOOKS: usize = 1_000;

/// Work that divides at a place into two parts that share nothing written.
pub(crate) trait Divide: Send + Sized {
    /// Places in it.
    fn len(&self) -> usize;
    /// The places before `at`, and the rest.
    fn divide(self, at: usize) -> (Self, Self);
}

/// The pool that helps: the user's own, or rayon's global one.
#[derive(Clone, Default)]
pub(crate) struct Pool(pub Option<Arc<rayon::ThreadPool>>);

impl Pool {
    /// Threads in it.
    pub fn threads(&self) -> usize {
        match &self.0 {
            Some(pool) => pool.current_num_threads(),
            None => rayon::current_num_threads(),
        }
    }

    /// The number of this thread among the pool's, if it is one.
    fn index(&self) -> Option<usize> {
        match &self.0 {
            Some(pool) => pool.current_thread_index(),
            None => rayon::current_thread_index(),
        }
    }

    pub(super) fn in_place_scope<'s, R>(&self, body: impl FnOnce(&rayon::Scope<'s>) -> R) -> R {
        match &self.0 {
            Some(pool) => pool.in_place_scope(body),
            None => rayon::in_place_scope(body),
        }
    }
}

/// How a piece of work is shared out.
pub(crate) struct Share<'p> {
    pub pool: &'p Pool,
    /// Threads that work, the caller included.
    pub threads: usize,
    pub mapping: Mapping,
    /// The smallest chunk, in places.
    pub grain: usize,
}

/// Runs all of `work` on the caller and its helpers; returns when every place is done.
pub(crate) fn run<D: Divide>(share: &Share<'_>, work: D, run: impl Fn(D) + Sync) {
    if share.threads <= 1 || work.len() <= share.grain {
        return run(work);
    }
    share_out(share, Any::new(work, &run));
}

/// As [`run`], of what is in an [`Any`] already.
pub(crate) fn run_any(share: &Share<'_>, work: Any<'_>) {
    if share.threads <= 1 || work.len() <= share.grain {
        return work.run();
    }
    share_out(share, work);
}

fn share_out(share: &Share<'_>, work: Any<'_>) {
    match share.mapping {
        Mapping::WorkStealing => steal(share, work),
        Mapping::Static => manage(share, work, |all| all),
        _ => manage(share, work, |left| guided(left, 1, share.grain)),
    }
}

/// Work of whatever type, and what does it: how it is shared out is compiled once, not for every kernel.
pub(crate) struct Any<'w>(Box<dyn Own<'w> + 'w>);

/// What an [`Any`] holds.
trait Own<'w>: Send {
    fn len(&self) -> usize;
    fn divide(self: Box<Self>, at: usize) -> (Any<'w>, Any<'w>);
    fn run(self: Box<Self>);
}

struct OwnWork<'w, D, F> {
    work: D,
    run: &'w F,
}

impl<'w> Any<'w> {
    pub fn new<D: Divide + 'w>(work: D, run: &'w (impl Fn(D) + Sync)) -> Self {
        Any(Box::new(OwnWork { work, run }))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn divide(self, at: usize) -> (Self, Self) {
        self.0.divide(at)
    }

    pub fn run(self) {
        self.0.run();
    }
}

impl<'w, D: Divide + 'w, F: Fn(D) + Sync> Own<'w> for OwnWork<'w, D, F> {
    fn len(&self) -> usize {
        self.work.len()
    }
    fn divide(self: Box<Self>, at: usize) -> (Any<'w>, Any<'w>) {
        let OwnWork { work, run } = *self;
        let (head, rest) = work.divide(at);
        (Any::new(head, run), Any::new(rest, run))
    }
    fn run(self: Box<Self>) {
        (self.run)(self.work);
    }
}

/// Runs each of `parts` on the caller and its helpers; returns when all are done. Neighbours go to the same thread where they can.
pub(crate) fn each<D: Send>(pool: &Pool, threads: usize, parts: Vec<D>, run: impl Fn(D) + Sync) {
    if threads <= 1 || parts.len() <= 1 {
        return parts.into_iter().for_each(run);
    }
    let parts: Vec<Mutex<Option<D>>> = parts.into_iter().map(|part| Mutex::new(Some(part))).collect();
    each_number(pool, threads.min(parts.len()), parts.len(), &|k| {
        let part = parts[k].lock().unwrap_or_else(PoisonError::into_inner).take();
        part.into_iter().for_each(&run);
    });
}

/// Runs each number below `count`, as [`each`] does parts; compiled once, whatever the parts are.
fn each_number(pool: &Pool, threads: usize, count: usize, run: &(dyn Fn(usize) + Sync)) {
    let shares = (0..threads).map(|thread| count * thread / threads..count * (thread + 1) / threads);
    let shares: Mutex<Vec<Range<usize>>> = Mutex::new(shares.collect());
    let take = |thread: usize| {
        let mut shares = shares.lock().unwrap_or_else(PoisonError::into_inner);
        let own = shares[thread].next();
        own.or_else(|| shares.iter_mut().max_by_key(|share| share.len())?.next_back())
    };
    together(pool, threads - 1, &|thread| {
        while let Some(part) = take(thread) {
            run(part);
        }
    });
}

/// Runs `labour` on the caller, which is thread 0, and on `helpers` threads of the pool, which have the same numbers in every
/// launch if all of the pool help; returns when it has ended on all of them.
pub(super) fn together(pool: &Pool, helpers: usize, labour: &(dyn Fn(usize) + Sync)) {
    let at_work = AtomicUsize::new(helpers);
    let mut taken = Vec::new();
    taken.resize_with(helpers, AtomicBool::default);
    let number = || {
        let wanted = pool.index().unwrap_or(0);
        let mut all = (0..helpers).map(|k| (wanted + k) % helpers);
        all.find(|&helper| !taken[helper].swap(true, Ordering::Relaxed)).map_or(0, |helper| helper + 1)
    };
    pool.in_place_scope(|scope| {
        for _ in 0..helpers {
            scope.spawn(|_| {
                labour(number());
                at_work.fetch_sub(1, Ordering::Relaxed);
            });
        }
        labour(0);
        // The others end soon, and waking up takes longer than that.
        for _ in 0..LOOKS {
            if at_work.load(Ordering::Relaxed) == 0 {
                break;
            }
            spin_loop();
        }
    });
}

/// Each thread takes chunks from the front of its own share, then from the end of others; `next` says how much of what a share
/// still has.
fn manage(share: &Share<'_>, work: Any<'_>, next: impl Fn(usize) -> usize + Sync) {
    let mut shares = Vec::with_capacity(share.threads);
    let even = work.len().div_ceil(share.threads).next_multiple_of(CHUNK);
    let mut rest = Some(work);
    for _ in 0..share.threads {
        let (own, others) = rest.take().map_or((None, None), |work| cut(work, even));
        shares.push(own);
        rest = others;
    }
    let shares = Mutex::new(shares);
    let take = |thread: usize| {
        let mut shares = shares.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = shares[thread].take() {
            let size = next(own.len());
            let (chunk, rest) = cut(own, size);
            shares[thread] = rest;
            return chunk;
        }
        let largest = shares.iter_mut().max_by_key(|share| share.as_ref().map_or(0, |work| work.len()))?;
        let work = largest.take()?;
        let (len, size) = (work.len(), next(work.len()));
        // Shares are cut between blocks.
        let (rest, chunk) = cut(work, (len - size) / CHUNK * CHUNK);
        *largest = rest;
        chunk
    };
    together(share.pool, share.threads - 1, &|thread| {
        while let Some(chunk) = take(thread) {
            chunk.run();
        }
    });
}

/// The places before `at`, and the rest, where there are any.
fn cut(work: Any<'_>, at: usize) -> (Option<Any<'_>>, Option<Any<'_>>) {
    if at == 0 {
        return (None, Some(work));
    }
    if at >= work.len() {
        return (Some(work), None);
    }
    let (head, rest) = work.divide(at);
    (Some(head), Some(rest))
}

/// Halves, the second of which others may steal.
fn steal(share: &Share<'_>, work: Any<'_>) {
    fn halve<'s>(scope: &rayon::Scope<'s>, mut work: Any<'s>, grain: usize) {
        while work.len() > grain {
            let half = (work.len() / 2).div_ceil(CHUNK) * CHUNK;
            if half >= work.len() {
                break;
            }
            let (mine, theirs) = work.divide(half);
            scope.spawn(move |scope| halve(scope, theirs, grain));
            work = mine;
        }
        work.run();
    }
    let grain = share.grain.max(CHUNK);
    share.pool.in_place_scope(|scope| halve(scope, work, grain));
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    struct Places(Range<usize>);

    impl Divide for Places {
        fn len(&self) -> usize {
            self.0.len()
        }
        fn divide(self, at: usize) -> (Self, Self) {
            let cut = self.0.start + at;
            (Places(self.0.start..cut), Places(cut..self.0.end))
        }
    }

    fn pool(threads: usize) -> Pool {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        Pool(Some(Arc::new(pool)))
    }

    #[test]
    fn each_place_is_done_once_and_pieces_are_cut_between_blocks() {
        let pool = pool(3);
        for mapping in [Mapping::Static, Mapping::ManagerWorker, Mapping::WorkStealing] {
            for threads in 1..=4 {
                for n in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 10 * CHUNK + 7, 100 * CHUNK + 1] {
                    let done: Vec<AtomicUsize> = (0..n).map(|_| AtomicUsize::new(0)).collect();
                    let share = Share { pool: &pool, threads, mapping, grain: CHUNK };
                    run(&share, Places(0..n), |piece| {
                        assert!(
                            piece.0.start.is_multiple_of(CHUNK),
                            "{mapping:?}, {threads} threads, {n} places"
                        );
                        for place in piece.0 {
                            done[place].fetch_add(1, Ordering::Relaxed);
                        }
                    });
                    let times: Vec<usize> = done.into_iter().map(AtomicUsize::into_inner).collect();
                    assert!(
                        times.iter().all(|&times| times == 1),
                        "{mapping:?}, {threads} threads, {n} places"
                    );
                }
            }
        }
    }

    #[test]
    fn a_thread_gets_the_same_share_in_every_launch() {
        let pool = pool(3);
        let launch = || {
            let (all_began, at) = (Barrier::new(4), Mutex::new([None; 4]));
            each(&pool, 4, (0..4).collect(), |part: usize| {
                // Nobody can take a second one before each has one.
                all_began.wait();
                at.lock().expect("no panic")[part] = Some(std::thread::current().id());
            });
            at.into_inner().expect("no panic")
        };
        let first = launch();
        assert!(first.iter().all(Option::is_some));
        assert_eq!(first[0], Some(std::thread::current().id()), "the caller has the first share");
        for _ in 0..100 {
            assert_eq!(launch(), first);
        }
    }
}
