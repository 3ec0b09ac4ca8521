//! A GPU as the memory layer sees one: buffers within a budget, and a queue that a thread works off in order.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::{Completion, Promise};
use crate::error::{Error, ErrorKind, Result};
use crate::sync::{Condvar, Mutex};

/// Which device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GpuId(pub u32);

/// What it can hold.
pub struct Limits {
    /// Where bindings begin.
    pub offset_alignment: u32,
}

/// One device; cheap to clone.
#[derive(Clone)]
pub struct Gpu(Arc<Inner>);

struct Inner {
    id: GpuId,
    budget: u64,
    taken: Arc<AtomicU64>,
    queue: Mutex<Queue>,
    work: Condvar,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    closed: bool,
}

enum Job {
    Upload(Buffer, usize, Vec<u8>),
    Download(Buffer, usize, usize, Arc<(Mutex<Option<Vec<u8>>>, Condvar)>),
    Copy(Buffer, usize, Buffer, usize, usize),
    Run(Box<dyn FnOnce() -> Result<()> + Send>, Promise),
}

/// A piece of its memory; back with the last clone.
#[derive(Clone)]
pub struct Buffer(Arc<Block>);

struct Block {
    bytes: std::sync::Mutex<Vec<u8>>,
    size: u64,
    gpu: GpuId,
    taken: Arc<AtomicU64>,
}

impl Drop for Block {
    fn drop(&mut self) {
        self.taken.fetch_sub(self.size, Ordering::Relaxed);
    }
}

impl Buffer {
    /// Bytes in it.
    pub fn bytes(&self) -> u64 {
        self.0.size
    }
    /// Where it lives.
    pub fn gpu(&self) -> GpuId {
        self.0.gpu
    }
    /// Whether both are the same memory.
    pub fn is(&self, other: &Buffer) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
    /// Whether nobody else holds it.
    pub fn is_sole(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }
    /// What a kernel does to it.
    pub fn with(&self, body: impl FnOnce(&mut [u8])) {
        body(&mut self.0.bytes.lock().unwrap());
    }
}

impl Gpu {
    /// A device with so many bytes, and the thread that works for it until [`close`](Gpu::close).
    pub fn new(budget: u64) -> (Gpu, shuttle::thread::JoinHandle<()>) {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let gpu = Gpu(Arc::new(Inner {
            id: GpuId(NEXT.fetch_add(1, Ordering::Relaxed)),
            budget,
            taken: Arc::default(),
            queue: Mutex::default(),
            work: Condvar::new(),
        }));
        let worker = gpu.clone();
        (gpu, shuttle::thread::spawn(move || worker.work()))
    }

    /// Lets its thread end when all is done.
    pub fn close(&self) {
        self.0.queue.lock().unwrap().closed = true;
        self.0.work.notify_all();
    }

    fn work(&self) {
        loop {
            let job = {
                let mut queue = self.0.queue.lock().unwrap();
                while queue.jobs.is_empty() && !queue.closed {
                    queue = self.0.work.wait(queue).unwrap();
                }
                queue.jobs.pop_front()
            };
            match job {
                None => return,
                Some(Job::Upload(to, at, data)) => {
                    to.with(|to| to[at..at + data.len()].copy_from_slice(&data))
                }
                Some(Job::Download(from, at, len, reply)) => {
                    let mut data = Vec::new();
                    from.with(|from| data = from[at..at + len].to_vec());
                    drop(from);
                    *reply.0.lock().unwrap() = Some(data);
                    reply.1.notify_all();
                }
                Some(Job::Copy(from, from_at, to, at, len)) => {
                    let mut data = Vec::new();
                    from.with(|from| data = from[from_at..from_at + len].to_vec());
                    to.with(|to| to[at..at + len].copy_from_slice(&data));
                }
                Some(Job::Run(run, promise)) => {
                    let result = run();
                    promise.keep(result, None);
                }
            }
        }
    }

    fn push(&self, job: Job) -> Result<()> {
        self.0.queue.lock().unwrap().jobs.push_back(job);
        self.0.work.notify_all();
        Ok(())
    }

    /// Which one it is.
    pub fn id(&self) -> GpuId {
        self.0.id
    }
    /// What it can hold.
    pub fn limits(&self) -> &Limits {
        &Limits { offset_alignment: 16 }
    }
    /// Never.
    pub fn is_lost(&self) -> bool {
        false
    }
    /// Bytes in use.
    pub fn memory_taken(&self) -> u64 {
        self.0.taken.load(Ordering::Relaxed)
    }

    /// Memory with nothing useful in it.
    ///
    /// # Errors
    /// `OutOfMemory` beyond the budget.
    pub fn alloc(&self, bytes: u64) -> Result<Buffer> {
        let size = bytes.max(4).next_multiple_of(4);
        let taken = &self.0.taken;
        let fits = |now: u64| (now + size <= self.0.budget).then_some(now + size);
        if taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).is_err() {
            return Err(Error::new(ErrorKind::OutOfMemory, "the budget is used up"));
        }
        let bytes = std::sync::Mutex::new(vec![0xee; size as usize]);
        Ok(Buffer(Arc::new(Block { bytes, size, gpu: self.0.id, taken: taken.clone() })))
    }

    /// In order with everything else.
    ///
    /// # Errors
    /// None.
    pub fn upload(&self, to: &Buffer, offset: u64, data: &[u8]) -> Result<()> {
        self.push(Job::Upload(to.clone(), offset as usize, data.to_vec()))
    }

    /// Behind everything enqueued before.
    ///
    /// # Errors
    /// None.
    pub fn download(&self, from: &Buffer, offset: u64, into: &mut [u8]) -> Result<()> {
        let reply = Arc::new((Mutex::new(None), Condvar::new()));
        self.push(Job::Download(from.clone(), offset as usize, into.len(), reply.clone()))?;
        let mut data = reply.0.lock().unwrap();
        while data.is_none() {
            data = reply.1.wait(data).unwrap();
        }
        into.copy_from_slice(data.as_ref().unwrap());
        Ok(())
    }

    /// In order with everything else.
    ///
    /// # Errors
    /// None.
    pub fn copy(&self, from: &Buffer, from_at: u64, to: &Buffer, at: u64, bytes: u64) -> Result<()> {
        self.push(Job::Copy(from.clone(), from_at as usize, to.clone(), at as usize, bytes as usize))
    }

    /// Enqueues a kernel.
    pub fn run(&self, run: impl FnOnce() -> Result<()> + Send + 'static) -> Completion {
        let (promise, completion) = Completion::promise();
        let _ = self.push(Job::Run(Box::new(run), promise));
        completion
    }

    /// Waits for everything enqueued so far.
    ///
    /// # Errors
    /// None.
    pub fn wait_idle(&self) -> Result<()> {
        self.run(|| Ok(())).wait()
    }
}

impl fmt::Debug for Gpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0.id)
    }
}
