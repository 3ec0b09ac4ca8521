//! Launches that run while their caller goes on.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use crate::api::executor::{self, Job};
use crate::api::launch::{Launch, caught, domain, execute};
use crate::api::reduce::{Max, Min, Numeric, Product, Sum};
use crate::device::Completion;
use crate::device::patiently;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::driver::{self, Config, Outcome};
use crate::exec::fold::Fold;
use crate::kernel::{Binding, Control, Kernel, Output, Params};

/// A launch that was [submitted](Launch::submit): a future of its results, and a handle to wait for, watch or cancel it.
///
/// Dropping it lets the launch go on and its results go; [`cancel`](Task::cancel) first to end it. A runtime that is
/// dropped takes nothing from its tasks.
///
/// ```
/// use manylane::prelude::*;
///
/// #[kernel]
/// fn double(x: f32) -> f32 {
///     2.0 * x
/// }
///
/// let rt = Runtime::new()?;
/// let x = rt.array(vec![1.0f32; 10_000])?;
/// let task = rt.map::<double>((&x,)).submit()?;
/// // … something else …
/// let twice = task.wait()?; // or `task.await`
/// assert_eq!(twice.read()?[9_999], 2.0);
/// # Ok::<(), manylane::Error>(())
/// ```
#[must_use = "a task that is dropped goes on, but its results are lost: wait for it, await it, or cancel it"]
pub struct Task<A> {
    shared: Arc<Shared<A>>,
}

type Work<A> = Box<dyn FnOnce() -> Result<(A, Outcome)> + Send>;
type Callback = Box<dyn FnOnce(&Result<()>) + Send>;

struct Shared<A> {
    name: &'static str,
    control: Arc<Control>,
    /// The bits of the progress that was last told: it never goes back.
    told: AtomicU64,
    state: Mutex<State<A>>,
    ended: Condvar,
}

struct State<A> {
    /// What is to be done, until somebody begins.
    work: Option<Work<A>>,
    /// Whether values of its arguments are promised and not there yet: nobody begins before.
    held: bool,
    /// How it ended.
    end: Option<Result<()>>,
    /// What came of it, until it is taken.
    results: Option<Result<(A, Outcome)>>,
    waker: Option<Waker>,
    callbacks: Vec<Callback>,
}

impl<A> Task<A> {
    /// Waits for the results. If nobody has begun with the launch yet, the calling thread runs it.
    ///
    /// # Errors
    /// As [`Launch::run`], what a device reports, and `Cancelled`.
    pub fn wait(self) -> Result<A> {
        self.wait_reported().map(|(results, _)| results)
    }

    /// As [`wait`](Task::wait), and says how it went.
    ///
    /// # Errors
    /// As [`wait`](Task::wait).
    pub fn wait_reported(self) -> Result<(A, Outcome)> {
        patiently(|most| self.shared.help(most))
    }

    /// Waits for the results, but not longer than so; `None` if there are none by then.
    ///
    /// Results are given once: whoever asks again gets an error of the kind `Setting`.
    pub fn wait_timeout(&mut self, most: Duration) -> Option<Result<A>> {
        let until = Instant::now().checked_add(most);
        let left = || until.map_or(Duration::MAX, |until| until.saturating_duration_since(Instant::now()));
        patiently(|most| match self.shared.results(most.min(left())) {
            Some(results) => Some(Some(results.map(|(results, _)| results))),
            None if left().is_zero() => Some(None),
            None => None,
        })
    }

    /// Whether it has ended, well or not.
    pub fn is_done(&self) -> bool {
        self.shared.lock().end.is_some()
    }

    /// How much of it is done, from 0 to 1. It never goes back, and is 1 once the launch has ended.
    pub fn progress(&self) -> f64 {
        let now = match self.shared.control.progress() {
            _ if self.is_done() => 1.0,
            (_, 0) => 0.0,
            (done, total) => (done as f64 / total as f64).min(1.0),
        };
        // Bits of positive numbers are ordered as the numbers are.
        let before = self.shared.told.fetch_max(now.to_bits(), Ordering::Relaxed);
        now.max(f64::from_bits(before))
    }

    /// Ends it with `Cancelled`, unless it has ended already.
    ///
    /// A launch that nobody has begun ends at once. In one that runs, threads stop at the next chunk or turn of a loop
    /// without a counted bound; what a GPU has accepted it finishes first.
    pub fn cancel(&self) {
        self.shared.cancel();
    }

    /// Has `call` called with how it ended: by the thread that ends it, or at once if it has ended. It may launch, submit
    /// and wait. A panic in it goes no further.
    pub fn on_done(&self, call: impl FnOnce(&Result<()>) + Send + 'static) {
        let mut state = self.shared.lock();
        let Some(end) = state.end.clone() else {
            state.callbacks.push(Box::new(call));
            return;
        };
        drop(state);
        called(Box::new(call), &end);
    }
}

impl<A> Future for Task<A> {
    type Output = Result<A>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<A>> {
        let mut state = self.shared.lock();
        if state.end.is_some() {
            return Poll::Ready(state.take().map(|(results, _)| results));
        }
        match &mut state.waker {
            Some(waker) => waker.clone_from(context.waker()),
            none => *none = Some(context.waker().clone()),
        }
        Poll::Pending
    }
}

impl<A> fmt::Debug for Task<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Task({}, {:.0} %)", self.shared.name, 100.0 * self.progress())
    }
}

impl<A> Shared<A> {
    fn lock(&self) -> MutexGuard<'_, State<A>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs it here, if nobody has begun.
    fn begin(&self) {
        let work = self.lock().work.take();
        if let Some(work) = work {
            self.end(work());
        }
    }

    fn cancel(&self) {
        let mut state = self.lock();
        if state.end.is_some() {
            return;
        }
        // Under the lock, so that whoever ends it sees it.
        self.control.cancel();
        let work = state.work.take();
        drop(state);
        if work.is_some() {
            // The arguments first: whoever is told finds their memory free.
            drop(work);
            self.end(Err(Error::internal("a launch that was cancelled is not")));
        }
    }

    fn end(&self, results: Result<(A, Outcome)>) {
        let mut state = self.lock();
        let (results, lost) = match self.control.error(self.name) {
            Some(error) => (Err(error), Some(results)),
            None => (results, None),
        };
        let end = results.as_ref().map(|_| ()).map_err(Error::clone);
        (state.end, state.results) = (Some(end.clone()), Some(results));
        let (waker, callbacks) = (state.waker.take(), std::mem::take(&mut state.callbacks));
        drop(state);
        drop(lost);
        self.ended.notify_all();
        waker.into_iter().for_each(Waker::wake);
        callbacks.into_iter().for_each(|call| called(call, &end));
    }

    /// The results, if they come in time; by the calling thread, if nobody else has begun.
    fn help(&self, most: Duration) -> Option<Result<(A, Outcome)>> {
        let state = self.lock();
        let waits = |state: &mut State<A>| state.end.is_none() && (state.held || state.work.is_none());
        let (mut state, _) =
            self.ended.wait_timeout_while(state, most, waits).unwrap_or_else(PoisonError::into_inner);
        if !state.held && state.work.is_some() {
            drop(state);
            self.begin();
            state = self.lock();
        }
        state.end.is_some().then(|| state.take())
    }

    /// The results, if they come in time.
    fn results(&self, most: Duration) -> Option<Result<(A, Outcome)>> {
        let state = self.lock();
        let (mut state, _) = self
            .ended
            .wait_timeout_while(state, most, |state| state.end.is_none())
            .unwrap_or_else(PoisonError::into_inner);
        state.end.is_some().then(|| state.take())
    }
}

impl<A> State<A> {
    fn take(&mut self) -> Result<(A, Outcome)> {
        self.results.take().unwrap_or_else(|| {
            let text = "a task's results were asked for again, and it gives them once; keep them";
            Err(Error::new(ErrorKind::Setting, text))
        })
    }
}

/// Hands a launch to the threads once the values that its arguments were promised are there.
struct Later<A> {
    shared: Arc<Shared<A>>,
    promised: Completion,
}

impl<A: Send + 'static> Wake for Later<A> {
    fn wake(self: Arc<Self>) {
        let waker = Waker::from(self.clone());
        if pin!(self.promised.ended()).poll(&mut Context::from_waker(&waker)).is_pending() {
            return;
        }
        self.shared.lock().held = false;
        self.shared.ended.notify_all();
        if let Err(error) = executor::push(self.shared.clone())
            && let Some(work) = self.shared.lock().work.take()
        {
            drop(work);
            self.shared.end(Err(error));
        }
    }
}

impl<A: Send> Job for Shared<A> {
    fn begin(&self) {
        Shared::begin(self);
    }
}

/// Calls a callback; the hook of the process has told of a panic in it, and nobody is there to take it.
fn called(call: Callback, end: &Result<()>) {
    drop(catch_unwind(AssertUnwindSafe(|| call(end))));
}

impl<K: Kernel> Launch<'_, 'static, K> {
    /// Hands it to threads in the background and returns at once; the [`Task`] is a future of the arrays.
    ///
    /// Where an argument's values are promised (by a [graph](crate::Graph)), it is begun when they are there; nothing
    /// waits for them but the task.
    ///
    /// It takes arrays and values only: what is borrowed (slices, arrays updated in place, shared places) does not
    /// compile, since nobody could say for how long. A deadline counts from here on, and is seen when the launch has its
    /// turn. Launches are begun in the order in which they were submitted, as many at a time as twice the cores, but
    /// one that somebody waits for is begun at once. Nothing bounds how many may be waiting, and each holds its arrays: who
    /// submits without waiting takes a [`pipeline`](crate::api::pipeline). The task has ended when every device has.
    ///
    /// ```compile_fail
    /// # use manylane::prelude::*;
    /// # #[kernel]
    /// # fn double(x: f32) -> f32 {
    /// #     2.0 * x
    /// # }
    /// # let rt = Runtime::new()?;
    /// let x = vec![1.0f32; 1_000];
    /// let task = rt.map::<double>((&x,)).submit()?; // pass `&rt.array(x)?`
    /// # Ok::<(), manylane::Error>(())
    /// ```
    ///
    /// # Errors
    /// `ShapeMismatch`, `NoDomain`, `LimitExceeded`, `Setting`, and `OutOfMemory` where there is no thread for it; what happens
    /// later is the task's result.
    pub fn submit(self) -> Result<Task<<K::Out as Output>::Arrays>> {
        let Launch { runtime, mut args, config } = self;
        let domain = caught(K::INFO.name, || domain::<K>(&args, &config))?;
        let (core, promised) = (runtime.shared().clone(), promised::<K>(&mut args));
        submit(K::INFO.name, config, promised, move |config| execute::<K>(&core, &mut args, domain, config))
    }
}

impl<K: Kernel<Out = T>, T: Numeric> Launch<'_, 'static, K> {
    /// As [`submit`](Launch::submit), for [`sum`](Launch::sum).
    ///
    /// # Errors
    /// As [`submit`](Launch::submit).
    pub fn submit_sum(self) -> Result<Task<T>> {
        self.submit_fold(Sum::new())
    }

    /// As [`submit`](Launch::submit), for [`product`](Launch::product).
    ///
    /// # Errors
    /// As [`submit`](Launch::submit).
    pub fn submit_product(self) -> Result<Task<T>> {
        self.submit_fold(Product::new())
    }

    /// As [`submit`](Launch::submit), for [`min`](Launch::min).
    ///
    /// # Errors
    /// As [`submit`](Launch::submit).
    pub fn submit_min(self) -> Result<Task<T>> {
        self.submit_fold(Min::new())
    }

    /// As [`submit`](Launch::submit), for [`max`](Launch::max).
    ///
    /// # Errors
    /// As [`submit`](Launch::submit).
    pub fn submit_max(self) -> Result<Task<T>> {
        self.submit_fold(Max::new())
    }

    fn submit_fold<R: Fold<T = T> + Send + 'static>(self, fold: R) -> Result<Task<T>> {
        let Launch { runtime, mut args, config } = self;
        let domain = caught(K::INFO.name, || domain::<K>(&args, &config))?;
        let (core, promised) = (runtime.shared().clone(), promised::<K>(&mut args));
        submit(K::INFO.name, config, promised, move |config| {
            driver::reduce::<K, R>(&core, &mut args, &fold, domain, config)
        })
    }
}

/// What the values of the arguments wait for before there are any.
fn promised<K: Kernel>(args: &mut <K::Params as Params>::Arg<'static>) -> Vec<Completion> {
    let bindings = K::Params::bindings(args);
    let promised = bindings.iter().filter_map(|binding| match binding {
        Binding::Array(array) => array.awaited(),
        _ => None,
    });
    promised.collect()
}

/// A task that does `run` with the control that the task holds, when what was promised is there.
fn submit<A: Send + 'static>(
    name: &'static str,
    mut config: Config,
    promised: Vec<Completion>,
    run: impl FnOnce(Config) -> Result<(A, Outcome)> + Send + 'static,
) -> Result<Task<A>> {
    let since = Instant::now();
    let control = Arc::new(Control::within(config.deadline));
    config.wait = true;
    config.control = Some(control.clone());
    let work = move || {
        if let Some(allowed) = config.deadline {
            let left = allowed.saturating_sub(since.elapsed());
            if left.is_zero() {
                return Err(Error::new(
                    ErrorKind::Deadline,
                    format!(
                        "{name}: its turn did not come within {allowed:?}; allow it more time, or submit fewer at once"
                    ),
                ));
            }
            config.deadline = Some(left);
        }
        caught(name, || run(config))
    };
    let state = State {
        work: Some(Box::new(work) as Work<A>),
        held: !promised.is_empty(),
        end: None,
        results: None,
        waker: None,
        callbacks: Vec::new(),
    };
    let shared = Arc::new(Shared {
        name,
        control,
        told: AtomicU64::new(0),
        state: Mutex::new(state),
        ended: Condvar::new(),
    });
    if promised.is_empty() {
        executor::push(shared.clone())?;
    } else {
        Arc::new(Later { shared: shared.clone(), promised: Completion::all(promised) }).wake();
    }
    Ok(Task { shared })
}
