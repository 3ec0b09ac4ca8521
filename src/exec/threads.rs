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
    share_out(share, Any::new(work, &run));
}

fn share_out(share: &Share<'_>, work: Any<'_>) {
    match share.mapping {
        Mapping::WorkStealing => steal(share, work),
        Mapping::Static => {
            let even = work.0.len().div_ceil(share.threads).div_ceil(CHUNK) * CHUNK;
            manage(share, work, |_| even);
        }
        _ => manage(share, work, |left| guided(left, share.threads, share.grain)),
    }
}

/// Work of whatever type, and what does it: how it is shared out is compiled once, not for every kernel.
struct Any<'w>(Box<dyn Own<'w> + 'w>);

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
    fn new<D: Divide + 'w>(work: D, run: &'w (impl Fn(D) + Sync)) -> Self {
        Any(Box::new(OwnWork { work, run }))
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
fn manage(share: &Share<'_>, work: Any<'_>, next: impl Fn(usize) -> usize + Sync) {
    let queue = Mutex::new(Some(work));
    let take = || {
        let mut left = queue.lock().unwrap_or_else(PoisonError::into_inner);
        let work = left.take()?;
        let size = next(work.0.len());
        if size >= work.0.len() {
            return Some(work);
        }
        let (chunk, rest) = work.0.divide(size);
        *left = Some(rest);
        Some(chunk)
    };
    let labour = || {
        while let Some(chunk) = take() {
            chunk.0.run();
        }
    };
    together(share.pool, share.threads - 1, labour);
}

/// Halves, the second of which others may steal.
fn steal(share: &Share<'_>, work: Any<'_>) {
    fn halve<'s>(scope: &rayon::Scope<'s>, mut work: Any<'s>, grain: usize) {
        while work.0.len() > grain {
            let half = (work.0.len() / 2).div_ceil(CHUNK) * CHUNK;
            if half >= work.0.len() {
                break;
            }
            let (mine, theirs) = work.0.divide(half);
            scope.spawn(move |scope| halve(scope, theirs, grain));
            work = mine;
        }
        work.0.run();
    }
    let grain = share.grain.max(CHUNK);
    share.pool.in_place_scope(|scope| halve(scope, work, grain));
}
