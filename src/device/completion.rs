//! Whether a piece of work has ended, and how.
//!
//! The side that works holds a [`Promise`]; everyone else holds clones of the [`Completion`]. A promise that is dropped
//! unkept fails its completion, so nobody waits for ever for work that was lost with its thread.

use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind, Result};
use crate::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Whether a dispatch has ended, and how; cheap to clone.
#[derive(Clone)]
pub struct Completion(Arc<State>);

enum State {
    One { outcome: Mutex<Option<Outcome>>, ended: Condvar, wakers: Mutex<Vec<Waker>> },
    All(Vec<Completion>),
}

#[derive(Clone)]
struct Outcome {
    result: Result<()>,
    seconds: Option<f64>,
    times: Option<Times>,
}

/// When a dispatch was where, as this side saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// Given to the device's queue.
    pub queued: Instant,
    /// Submitted by the device's thread; of dispatches that were submitted together, the submission of all of them.
    pub start: Instant,
    /// Seen to have ended; of dispatches that were submitted together, the end of all of them.
    pub end: Instant,
}

/// When a submission began and ended, and a dispatch's part of that time.
#[derive(Clone, Copy)]
pub(crate) struct Ran {
    pub(crate) start: Instant,
    pub(crate) end: Instant,
    pub(crate) seconds: f64,
}

impl fmt::Debug for Completion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_done() { "Completion (ended)" } else { "Completion (open)" })
    }
}

impl Completion {
    /// One that has ended already.
    pub fn done(result: Result<()>) -> Self {
        Completion::with(Some(Outcome { result, seconds: None, times: None }))
    }

    /// Ends when all of `parts` have; its error is that of the first part that has one.
    pub fn all(parts: impl IntoIterator<Item = Completion>) -> Self {
        Completion(Arc::new(State::All(parts.into_iter().collect())))
    }

    /// Whether it has ended, well or not.
    pub fn is_done(&self) -> bool {
        match &*self.0 {
            State::One { outcome, .. } => lock(outcome).is_some(),
            State::All(parts) => parts.iter().all(Completion::is_done),
        }
    }

    /// Waits until it has ended.
    ///
    /// # Errors
    /// Whatever ended the work: `DeviceLost`, `Deadline`, `LoopLimit`, …
    pub fn wait(&self) -> Result<()> {
        match &*self.0 {
            State::One { outcome, ended, .. } => {
                let mut outcome = lock(outcome);
                loop {
                    if let Some(outcome) = &*outcome {
                        return outcome.result.clone();
                    }
                    outcome = ended.wait(outcome).unwrap_or_else(PoisonError::into_inner);
                }
            }
            State::All(parts) => {
                // Waits for all, also behind an error.
                let results: Vec<Result<()>> = parts.iter().map(Completion::wait).collect();
                results.into_iter().collect()
            }
        }
    }

    /// As [`wait`](Completion::wait), for so long at the most: `None` where it is still open then. The thread sleeps
    /// meanwhile.
    pub fn wait_timeout(&self, timeout: Duration) -> Option<Result<()>> {
        // A time that no clock can show is for ever.
        let Some(until) = Instant::now().checked_add(timeout) else { return Some(self.wait()) };
        self.wait_until(until)
    }

    fn wait_until(&self, until: Instant) -> Option<Result<()>> {
        match &*self.0 {
            State::One { outcome, ended, .. } => {
                let left = until.saturating_duration_since(Instant::now());
                let (outcome, _) = ended
                    .wait_timeout_while(lock(outcome), left, |outcome| outcome.is_none())
                    .unwrap_or_else(PoisonError::into_inner);
                outcome.as_ref().map(|outcome| outcome.result.clone())
            }
            State::All(parts) => {
                let results: Option<Vec<Result<()>>> =
                    parts.iter().map(|part| part.wait_until(until)).collect();
                results.map(|results| results.into_iter().collect())
            }
        }
    }

    /// Ends when the work has, for whoever cannot block.
    ///
    /// # Errors
    /// As [`Completion::wait`].
    pub async fn ended(&self) -> Result<()> {
        match &*self.0 {
            State::One { .. } => poll_fn(|context| self.poll_one(context)).await,
            State::All(parts) => {
                let mut result = Ok(());
                for part in parts {
                    let ended = Box::pin(part.ended()).await;
                    result = result.and(ended);
                }
                result
            }
        }
    }

    fn poll_one(&self, context: &mut Context<'_>) -> Poll<Result<()>> {
        let State::One { outcome, wakers, .. } = &*self.0 else { return Poll::Ready(self.wait()) };
        // Registered first: an end in between wakes once too often, never once too seldom.
        {
            let mut wakers = lock(wakers);
            if !wakers.iter().any(|waker| waker.will_wake(context.waker())) {
                wakers.push(context.waker().clone());
            }
        }
        match &*lock(outcome) {
            Some(outcome) => Poll::Ready(outcome.result.clone()),
            None => Poll::Pending,
        }
    }

    /// Seconds from submission to end as the device's thread saw them; `None` before the end and for what ran on no
    /// device. Of dispatches that were submitted together each gets its share of the time. Of several: the sum.
    pub fn seconds(&self) -> Option<f64> {
        match &*self.0 {
            State::One { outcome, .. } => lock(outcome).as_ref().and_then(|outcome| outcome.seconds),
            State::All(parts) => parts.iter().map(Completion::seconds).sum(),
        }
    }

    /// When it was queued, submitted and ended; `None` before the end, and for what never ran on a device: what failed
    /// before, was cancelled, or was lost with its device. Of several: from the earliest to the latest, and `None` where
    /// one of them has none.
    pub fn times(&self) -> Option<Times> {
        match &*self.0 {
            State::One { outcome, .. } => lock(outcome).as_ref().and_then(|outcome| outcome.times),
            State::All(parts) => {
                let times: Option<Vec<Times>> = parts.iter().map(Completion::times).collect();
                times?.into_iter().reduce(|a, b| Times {
                    queued: a.queued.min(b.queued),
                    start: a.start.min(b.start),
                    end: a.end.max(b.end),
                })
            }
        }
    }

    /// One that is open, and what ends it.
    pub(crate) fn promise() -> (Promise, Completion) {
        let completion = Completion::with(None);
        let promise =
            Promise { completion: Some(completion.clone()), after: Vec::new(), queued: Instant::now() };
        (promise, completion)
    }

    fn with(outcome: Option<Outcome>) -> Self {
        Completion(Arc::new(State::One {
            outcome: Mutex::new(outcome),
            ended: Condvar::new(),
            wakers: Mutex::default(),
        }))
    }
}

/// The duty to end a [`Completion`].
pub(crate) struct Promise {
    completion: Option<Completion>,
    after: Vec<Completion>,
    queued: Instant,
}

impl Promise {
    /// Lets the failure of earlier work be this one's too; it must have ended when this ends.
    pub(crate) fn after(mut self, work: Vec<Completion>) -> Self {
        self.after = work;
        self
    }

    /// Ends it; `ran` is when it ran, if it did.
    pub(crate) fn keep(mut self, result: Result<()>, ran: Option<Ran>) {
        self.end(result, ran);
    }

    fn end(&mut self, result: Result<()>, ran: Option<Ran>) {
        let Some(completion) = self.completion.take() else { return };
        let inherited = std::mem::take(&mut self.after);
        let result = result
            .and_then(|()| inherited.iter().filter(|work| work.is_done()).try_for_each(Completion::wait));
        if let State::One { outcome, ended, wakers } = &*completion.0 {
            let (queued, seconds) = (self.queued, ran.map(|ran| ran.seconds));
            let times = ran.map(|Ran { start, end, .. }| Times { queued, start, end });
            lock(outcome).get_or_insert(Outcome { result, seconds, times });
            ended.notify_all();
            // Not under the lock: who is woken may look again at once.
            let wakers = std::mem::take(&mut *lock(wakers));
            wakers.into_iter().for_each(Waker::wake);
        }
    }
}

impl Drop for Promise {
    fn drop(&mut self) {
        if self.completion.is_some() {
            let text = "the device was closed before the work ended; run it again";
            self.end(Err(Error::new(ErrorKind::DeviceLost, text)), None);
        }
    }
}

/// The lock, also after a panic elsewhere: what it guards is replaced in one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run of so many seconds that ends now.
    fn ran(seconds: f64) -> Option<Ran> {
        let start = Instant::now();
        Some(Ran { start, end: start + Duration::from_secs_f64(seconds), seconds })
    }

    #[test]
    fn a_kept_promise_wakes_who_waits() {
        let (promise, completion) = Completion::promise();
        assert!(!completion.is_done());
        let waiting = std::thread::spawn({
            let completion = completion.clone();
            move || completion.wait()
        });
        promise.keep(Ok(()), ran(0.5));
        assert!(waiting.join().unwrap().is_ok());
        assert!(completion.is_done());
        assert_eq!(completion.seconds(), Some(0.5));
    }

    #[test]
    fn a_future_is_woken_when_the_work_ends() {
        let (promise, one) = Completion::promise();
        let both = Completion::all([one, Completion::done(Ok(()))]);
        let waiting = std::thread::spawn(move || pollster::block_on(both.ended()));
        std::thread::sleep(std::time::Duration::from_millis(5));
        promise.keep(Err(Error::new(ErrorKind::LoopLimit, "too many turns")), None);
        assert_eq!(waiting.join().unwrap().unwrap_err().kind(), ErrorKind::LoopLimit);
    }

    #[test]
    fn what_failed_before_is_inherited() {
        let lost = || Completion::done(Err(Error::new(ErrorKind::DeviceLost, "gone")));
        let (promise, completion) = Completion::promise();
        promise.after(vec![Completion::done(Ok(())), lost()]).keep(Ok(()), None);
        assert_eq!(completion.wait().unwrap_err().kind(), ErrorKind::DeviceLost);
        let (promise, completion) = Completion::promise();
        promise.after(vec![lost()]).keep(Err(Error::new(ErrorKind::LoopLimit, "own")), None);
        assert_eq!(completion.wait().unwrap_err().kind(), ErrorKind::LoopLimit, "its own error goes first");
    }

    #[test]
    fn a_dropped_promise_is_an_error_not_a_hang() {
        let (promise, completion) = Completion::promise();
        drop(promise);
        assert_eq!(completion.wait().unwrap_err().kind(), ErrorKind::DeviceLost);
    }

    #[test]
    fn all_ends_with_the_first_error_in_order() {
        let (promise, open) = Completion::promise();
        let failed = Completion::done(Err(Error::new(ErrorKind::LoopLimit, "too many turns")));
        let all = Completion::all([Completion::done(Ok(())), open, failed]);
        assert!(!all.is_done());
        promise.keep(Err(Error::new(ErrorKind::Deadline, "too late")), ran(1.0));
        assert!(all.is_done());
        assert_eq!(all.wait().unwrap_err().kind(), ErrorKind::Deadline);
    }
    #[test]
    fn times_of_several_reach_from_the_first_to_the_last() {
        let (first, one) = Completion::promise();
        let (second, two) = Completion::promise();
        let both = Completion::all([one.clone(), two.clone()]);
        first.keep(Ok(()), ran(0.25));
        assert_eq!(both.times(), None, "one is still open");
        second.keep(Ok(()), ran(0.5));
        let (one, two, both) = (one.times().unwrap(), two.times().unwrap(), both.times().unwrap());
        assert!(one.queued <= one.start && one.end == one.start + Duration::from_millis(250));
        assert_eq!((both.queued, both.start, both.end), (one.queued, one.start, two.end));
        assert_eq!(Completion::done(Ok(())).times(), None);
        assert_eq!(Completion::all([]).times(), None);
    }

    #[test]
    fn waiting_for_a_time_ends_with_it_or_with_the_work() {
        let (promise, one) = Completion::promise();
        let both = Completion::all([Completion::done(Ok(())), one.clone()]);
        let start = Instant::now();
        assert!(one.wait_timeout(Duration::from_millis(20)).is_none());
        assert!(both.wait_timeout(Duration::from_millis(20)).is_none());
        assert!(start.elapsed() >= Duration::from_millis(40));
        let waiting = std::thread::spawn({
            let (one, both) = (one.clone(), both.clone());
            move || (one.wait_timeout(Duration::MAX), both.wait_timeout(Duration::from_secs(60)))
        });
        std::thread::sleep(Duration::from_millis(5));
        promise.keep(Err(Error::new(ErrorKind::LoopLimit, "too many turns")), None);
        let (first, second) = waiting.join().unwrap();
        for result in [first, second, one.wait_timeout(Duration::ZERO)] {
            assert_eq!(result.unwrap().unwrap_err().kind(), ErrorKind::LoopLimit);
        }
    }
}
