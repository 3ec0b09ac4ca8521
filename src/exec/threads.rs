//! Mapping of pieces to threads: static shares, a manager with guided chunks, or stealing.
//!
//! A piece divides into two that share nothing written, so every mapping here is safe code: a queue is a mutex around
//! what is left. The calling thread always works first and pool workers only help; a launch that is over before they
//! wake costs nothing more than their waking.

use std::hint::spin_loop;
use std::sync::atomic::{AtomicUsize, Ordering};
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
    match share.mapping {
        Mapping::WorkStealing => steal(share, work, &run),
        Mapping::Static => {
            let even = work.len().div_ceil(share.threads).div_ceil(CHUNK) * CHUNK;
            manage(share, work, &run, |_| even);
        }
        _ => manage(share, work, &run, |left| guided(left, share.threads, share.grain)),
    }
}

/// Runs each of `parts` on the caller and its helpers; returns when all are done.
pub(crate) fn each<D: Send>(pool: &Pool, threads: usize, parts: Vec<D>, run: impl Fn(D) + Sync) {
    if threads <= 1 || parts.len() <= 1 {
        return parts.into_iter().for_each(run);
    }
    let helpers = threads.min(parts.len()) - 1;
    let queue = Mutex::new(parts.into_iter());
    let take = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let labour = || {
        while let Some(part) = take() {
            run(part);
        }
    };
    together(pool, helpers, labour);
}

/// Runs `labour` on the caller and on `helpers` threads of the pool; returns when it has ended on all of them.
pub(super) fn together(pool: &Pool, helpers: usize, labour: impl Fn() + Sync) {
    let at_work = AtomicUsize::new(helpers);
    pool.in_place_scope(|scope| {
        for _ in 0..helpers {
            scope.spawn(|_| {
                labour();
                at_work.fetch_sub(1, Ordering::Relaxed);
            });
        }
        labour();
        // The others end soon, and waking up takes longer than that.
        for _ in 0..LOOKS {
            if at_work.load(Ordering::Relaxed) == 0 {
                break;
            }
            spin_loop();
        }
    });
}

/// One queue; whoever is free takes the next chunk.
fn manage<D: Divide>(
    share: &Share<'_>,
    work: D,
    run: &(impl Fn(D) + Sync),
    next: impl Fn(usize) -> usize + Sync,
) {
    let queue = Mutex::new(Some(work));
    let take = || {
        let mut left = queue.lock().unwrap_or_else(PoisonError::into_inner);
        let work = left.take()?;
        let size = next(work.len());
        if size >= work.len() {
            return Some(work);
        }
        let (chunk, rest) = work.divide(size);
        *left = Some(rest);
        Some(chunk)
    };
    let labour = || {
        while let Some(chunk) = take() {
            run(chunk);
        }
    };
    together(share.pool, share.threads - 1, labour);
}

/// Halves, the second of which others may steal.
fn steal<D: Divide>(share: &Share<'_>, work: D, run: &(impl Fn(D) + Sync)) {
    fn halve<'s, D: Divide + 's>(
        scope: &rayon::Scope<'s>,
        work: D,
        grain: usize,
        run: &'s (impl Fn(D) + Sync),
    ) {
        let mut work = work;
        while work.len() > grain {
            let half = (work.len() / 2).div_ceil(CHUNK) * CHUNK;
            if half >= work.len() {
                break;
            }
            let (mine, theirs) = work.divide(half);
            scope.spawn(move |scope| halve(scope, theirs, grain, run));
            work = mine;
        }
        run(work);
    }
    let grain = share.grain.max(CHUNK);
    share.pool.in_place_scope(|scope| halve(scope, work, grain, run));
}
