//! The threads that run submitted launches: started when there is work, gone when there was none for a second.
//!
//! One list for all runtimes of the process, first in, first out. Whoever waits for a job that nobody has begun does it
//! himself, so a job that waits for another never waits for a free thread.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::error::{Error, ErrorKind, Result};

/// How long a thread without work stays.
const IDLE: Duration = Duration::from_secs(1);
/// The fewest threads that there may be, however few cores: some of them wait for devices.
const FEWEST: usize = 4;
/// What a thread is for.
pub(super) trait Job: Send + Sync {
    /// Does it, if nobody else has begun. It does not panic.
    fn begin(&self);
}

struct Executor {
    state: Mutex<State>,
    more: Condvar,
}

struct State {
    queue: VecDeque<Arc<dyn Job>>,
    /// Threads that there are, and those of them that wait for work.
    threads: usize,
    idle: usize,
    /// What the next thread is called.
    number: usize,
}

static EXECUTOR: Executor = Executor {
    state: Mutex::new(State { queue: VecDeque::new(), threads: 0, idle: 0, number: 0 }),
    more: Condvar::new(),
};

/// Has a thread do `job`, behind all that were handed in before.
///
/// # Errors
/// `OutOfMemory` where there is no thread and the system has none.
pub(super) fn push(job: Arc<dyn Job>) -> Result<()> {
    EXECUTOR.push(job, |name| std::thread::Builder::new().name(name).spawn(|| EXECUTOR.work()).map(drop))
}

/// The most threads.
fn most() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    (2 * cores).max(FEWEST)
}

impl Executor {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As [`push`](self::push), with threads that `spawn` starts.
    fn push(&self, job: Arc<dyn Job>, spawn: impl FnOnce(String) -> std::io::Result<()>) -> Result<()> {
        let mut state = self.lock();
        state.queue.push_back(job);
        if state.queue.len() <= state.idle {
            drop(state);
            self.more.notify_one();
            return Ok(());
        }
        if state.threads >= most() {
            return Ok(());
        }
        state.number += 1;
        // Under the lock: a thread counts once it is there, so nobody leaves a job to one that never comes.
        match spawn(format!("manylane-task-{}", state.number)) {
            Ok(()) => {
                state.threads += 1;
                Ok(())
            }
            Err(_) if state.threads > 0 => Ok(()),
            Err(error) => {
                // The last thread left an empty queue, so this job is the only one in it.
                let job = state.queue.pop_back();
                drop(state);
                drop(job);
                Err(Error::new(
                    ErrorKind::OutOfMemory,
                    format!(
                        "no thread for a submitted launch: {error}; wait for others to end, or end it with `run`"
                    ),
                ))
            }
        }
    }

    /// What a thread does.
    fn work(&self) {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.queue.pop_front() {
                drop(state);
                job.begin();
                drop(job);
                state = self.lock();
                continue;
            }
            state.idle += 1;
            let (woken, waited) = self.more.wait_timeout(state, IDLE).unwrap_or_else(PoisonError::into_inner);
            state = woken;
            state.idle -= 1;
            if waited.timed_out() && state.queue.is_empty() {
                state.threads -= 1;
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Instant;

    use super::*;
    use crate::device::patiently;

    struct Call(Mutex<Option<Box<dyn FnOnce() + Send>>>);

    impl Job for Call {
        fn begin(&self) {
            let call = self.0.lock().unwrap().take();
            call.into_iter().for_each(|call| call());
        }
    }

    fn call(call: impl FnOnce() + Send + 'static) {
        push(Arc::new(Call(Mutex::new(Some(Box::new(call)))))).unwrap();
    }

    /// One test, for the threads are those of the process.
    #[test]
    fn threads_come_with_work_and_go_without() {
        let (done, ended) = mpsc::channel();
        let (open, gate) = mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        for k in 0..100 {
            let (done, gate) = (done.clone(), gate.clone());
            call(move || {
                // Nobody goes on before all jobs are handed in, so there are as many threads as there may be.
                let _ = gate.lock().unwrap().recv();
                assert!(std::thread::current().name().unwrap().starts_with("manylane-task-"));
                done.send(k).unwrap();
            });
        }
        let threads = EXECUTOR.lock().threads;
        assert!((1..=most()).contains(&threads), "{threads} of {}", most());
        drop(open);
        let mut seen: Vec<i32> = ended.iter().take(100).collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..100).collect::<Vec<_>>());
        let start = Instant::now();
        while EXECUTOR.lock().threads > 0 {
            assert!(start.elapsed() < 20 * IDLE, "idle threads stay");
            std::thread::sleep(IDLE / 10);
        }
    }

    #[test]
    fn a_job_stays_only_where_a_thread_is() {
        let state = State { queue: VecDeque::new(), threads: 0, idle: 0, number: 0 };
        let executor = Executor { state: Mutex::new(state), more: Condvar::new() };
        let job = || Arc::new(Call(Mutex::new(None)));
        let count = |executor: &Executor| {
            let state = executor.lock();
            (state.queue.len(), state.threads)
        };
        let refused = |_: String| Err(std::io::Error::other("none left"));
        assert_eq!(executor.push(job(), refused).unwrap_err().kind(), ErrorKind::OutOfMemory);
        assert_eq!(count(&executor), (0, 0));
        executor.push(job(), |_| Ok(())).unwrap();
        assert_eq!(count(&executor), (1, 1));
        // The thread that there is does it.
        executor.push(job(), refused).unwrap();
        assert_eq!(count(&executor), (2, 1));
    }

    #[test]
    fn a_waiting_worker_does_its_pools_work() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let (done, ended) = mpsc::channel();
        let got = pool.install(move || {
            rayon::spawn(move || done.send(7).unwrap());
            // The one worker waits for what only it can do.
            patiently(|most| ended.recv_timeout(most).ok())
        });
        assert_eq!(got, 7);
    }
}
