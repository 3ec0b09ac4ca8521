//! Stages over a sequence of chunks, each on a thread of its own, with bounded buffers between them.

use std::any::Any;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Scope;

use crate::api::launch::said;
use crate::device::patiently;
use crate::error::{Error, ErrorKind, Result};

/// A sequence of items on their way through stages; made by [`pipeline`].
#[must_use = "a pipeline does nothing until `for_each` or `collect`"]
pub struct Pipeline<P> {
    parts: P,
    capacity: usize,
}

/// Begins a pipeline: the items go through every [`stage`](Pipeline::stage) in order, and the stages work at once, each
/// on another item.
///
/// The iterator and each stage have a thread of their own; what comes out is seen by the calling thread. Between two of
/// them a buffer holds at most as many items as [`capacity`](Pipeline::capacity) says, so whoever is fast waits for
/// whoever is slow, and memory is bounded: with `s` stages and capacity `c` there are never more than
/// `(s + 1) * c + s + 2` items at once.
///
/// ```
/// use manylane::api::pipeline;
/// use manylane::prelude::*;
///
/// #[kernel]
/// fn double(x: f32) -> f32 {
///     2.0 * x
/// }
///
/// let rt = Runtime::new()?;
/// let chunks = (0..8).map(|k| vec![k as f32; 1_000]); // read from a file, say
/// let sums: Vec<f32> = pipeline(chunks)
///     .capacity(2)
///     .stage(|chunk| rt.array(chunk))
///     .stage(|x| rt.map::<double>((&x,)).run_wait())
///     .stage(|x| rt.reduce(&x).sum())
///     .collect()?;
/// assert_eq!(sums[3], 6_000.0);
/// # Ok::<(), manylane::Error>(())
/// ```
pub fn pipeline<I>(items: I) -> Pipeline<Source<I::IntoIter>>
where
    I: IntoIterator,
    I::IntoIter: Send,
    I::Item: Send,
{
    Pipeline { parts: Source(items.into_iter()), capacity: 2 }
}

impl<P: Parts> Pipeline<P> {
    /// How many items each buffer holds; 2 without it. With 0, one side hands over to the other.
    pub fn capacity(mut self, items: usize) -> Self {
        self.capacity = items;
        self
    }

    /// One more stage. Its error, or a panic in it, ends the pipeline.
    pub fn stage<T, F>(self, run: F) -> Pipeline<Stage<P, F, T>>
    where
        F: FnMut(P::Item) -> Result<T> + Send,
        T: Send,
    {
        let parts = Stage { before: self.parts, run, of: PhantomData };
        Pipeline { parts, capacity: self.capacity }
    }

    /// Runs it, and hands what comes out to `sink` in the order in which it went in.
    ///
    /// # Errors
    /// The first error of a stage or of `sink`; `Panicked` where one of them or the iterator panicked; `OutOfMemory` where
    /// there is no thread for a stage. All threads have ended when it returns.
    pub fn for_each(self, mut sink: impl FnMut(P::Item) -> Result<()>) -> Result<()> {
        let Pipeline { parts, capacity } = self;
        let failure = Arc::new(Failure::default());
        let (alive, ended) = channel();
        let stages = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            let line = Line { scope, failure: failure.clone(), capacity, alive, stages: &stages };
            match parts.start(&line) {
                Err(error) => failure.set(error),
                Ok(output) => failure.watch("the end", || {
                    while let Some(item) = next(&output) {
                        if failure.is_set() {
                            break;
                        }
                        sink(item)?;
                    }
                    drop(output);
                    Ok(())
                }),
            }
            drop(line);
            // The scope joins without looking left or right: a stage's launch may need this very thread's help.
            next(&ended);
        });
        let failed = failure.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        failed.map_or(Ok(()), Err)
    }

    /// Runs it, and collects what comes out in the order in which it went in.
    ///
    /// # Errors
    /// As [`for_each`](Pipeline::for_each).
    pub fn collect<C: Default + Extend<P::Item>>(self) -> Result<C> {
        let mut all = C::default();
        self.for_each(|item| {
            all.extend([item]);
            Ok(())
        })?;
        Ok(all)
    }
}

/// The next item; none where there will be no more.
fn next<T>(items: &Receiver<T>) -> Option<T> {
    patiently(|most| match items.recv_timeout(most) {
        Ok(item) => Some(Some(item)),
        Err(RecvTimeoutError::Disconnected) => Some(None),
        Err(RecvTimeoutError::Timeout) => None,
    })
}

/// What a pipeline is made of so far.
pub trait Parts {
    /// What comes out.
    type Item: Send;
    /// Starts its threads.
    #[doc(hidden)]
    fn start<'s>(self, line: &Line<'s, '_>) -> Result<Receiver<Self::Item>>
    where
        Self: 's;
}

/// Where a pipeline's items come from.
pub struct Source<I>(I);

/// What comes before, and one stage.
pub struct Stage<P, F, T> {
    before: P,
    run: F,
    of: PhantomData<fn() -> T>,
}

/// A pipeline that is being started.
#[doc(hidden)]
pub struct Line<'s, 'e> {
    scope: &'s Scope<'s, 'e>,
    failure: Arc<Failure>,
    capacity: usize,
    /// Dropped by the last thread.
    alive: Sender<()>,
    stages: &'e AtomicUsize,
}

/// The first thing that went wrong.
#[derive(Default)]
struct Failure {
    first: Mutex<Option<Error>>,
    set: AtomicBool,
}

impl<I> Parts for Source<I>
where
    I: Iterator + Send,
    I::Item: Send,
{
    type Item = I::Item;

    fn start<'s>(self, line: &Line<'s, '_>) -> Result<Receiver<I::Item>>
    where
        Self: 's,
    {
        let (give, items) = sync_channel(line.capacity);
        line.spawn("its iterator".into(), move |failure| {
            for item in self.0 {
                if failure.is_set() || give.send(item).is_err() {
                    break;
                }
            }
            Ok(())
        })?;
        Ok(items)
    }
}

impl<P, F, T> Parts for Stage<P, F, T>
where
    P: Parts,
    F: FnMut(P::Item) -> Result<T> + Send,
    T: Send,
{
    type Item = T;

    fn start<'s>(self, line: &Line<'s, '_>) -> Result<Receiver<T>>
    where
        Self: 's,
    {
        let Stage { before, mut run, .. } = self;
        let input = before.start(line)?;
        let (give, items) = sync_channel(line.capacity);
        let number = line.stages.fetch_add(1, Ordering::Relaxed) + 1;
        line.spawn(format!("stage {number}"), move |failure| {
            for item in input {
                if failure.is_set() || give.send(run(item)?).is_err() {
                    break;
                }
            }
            Ok(())
        })?;
        Ok(items)
    }
}

impl<'s> Line<'s, '_> {
    fn spawn(&self, what: String, run: impl FnOnce(&Failure) -> Result<()> + Send + 's) -> Result<()> {
        let (failure, alive) = (self.failure.clone(), self.alive.clone());
        let thread = std::thread::Builder::new().name(format!("manylane-{}", what.replace(' ', "-")));
        let spawned = thread.spawn_scoped(self.scope, {
            let what = what.clone();
            move || {
                failure.watch(&what, || run(&failure));
                drop(alive);
            }
        });
        spawned.map(drop).map_err(|error| {
            let text = format!("no thread for {what} of a pipeline: {error}; make it of fewer stages");
            Error::new(ErrorKind::OutOfMemory, text)
        })
    }
}

impl Failure {
    fn is_set(&self) -> bool {
        self.set.load(Ordering::Relaxed)
    }

    fn set(&self, error: Error) {
        self.first.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        self.set.store(true, Ordering::Relaxed);
    }

    /// Runs one part, and notes how it failed if it did.
    fn watch(&self, what: &str, run: impl FnOnce() -> Result<()>) {
        let panicked = |panic: Box<dyn Any + Send>| {
            let text = format!("{what} of a pipeline panicked: {}; mend the closure", said(&*panic));
            Error::new(ErrorKind::Panicked, text)
        };
        let result = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| Err(panicked(panic)));
        if let Err(error) = result {
            self.set(error);
        }
    }
}
