//! One launch on several devices at once: the CPU's threads and the queue of each GPU take pieces from one board.
//!
//! ```text
//! a thread          take a piece, compute it, say how long it took; repeat
//! a GPU's driver    keep DEPTH pieces on their way (the next is copied while one computes); end the oldest; repeat
//! a device fails    its pieces go back to the board, and so does what it had done if only it has the results
//! ```
//! The caller is one of the threads. Whoever finds nothing to take waits without turning: a device may still fail, and
//! then there is work again.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use super::board::{Board, Next, Taken};
use super::threads::{Divide, Pool};
use crate::error::{Error, ErrorKind, Result};
use crate::kernel::Control;
use crate::plan::policy::Policy;

/// Pieces that a device has at once: one computes, one is copied, one waits.
const DEPTH: usize = 3;

/// The bytes of each argument of a piece that is updated in place.
pub(crate) type Bytes<'b> = Vec<Option<&'b mut [u8]>>;

/// A piece as a device needs it: where it lies and the bytes of the host that are its own.
pub(crate) trait Part: Divide {
    /// Its first place.
    fn start(&self) -> usize;
    /// What it updates in place, by argument, and what its results are.
    fn bytes(&mut self) -> (Bytes<'_>, Vec<&mut [u8]>);
}

/// A piece of whatever kernel, and what computes it: what shares pieces out is compiled once, not for every kernel.
pub(crate) struct AnyPart<'p>(Box<dyn Own<'p> + 'p>);

impl<'p> AnyPart<'p> {
    /// `piece`, which `run` computes.
    pub fn new<P: Part + 'p>(piece: P, run: &'p (impl Fn(P) -> Result<()> + Sync)) -> Self {
        AnyPart(Box::new(OwnPart { piece, run }))
    }

    /// Computes it on this thread.
    pub fn compute(self) -> Result<()> {
        self.0.compute()
    }
}

/// What an [`AnyPart`] holds.
trait Own<'p>: Send {
    fn len(&self) -> usize;
    fn start(&self) -> usize;
    fn divide(self: Box<Self>, at: usize) -> (AnyPart<'p>, AnyPart<'p>);
    fn bytes(&mut self) -> (Bytes<'_>, Vec<&mut [u8]>);
    fn compute(self: Box<Self>) -> Result<()>;
}

struct OwnPart<'p, P, F> {
    piece: P,
    run: &'p F,
}

impl<'p, P: Part + 'p, F: Fn(P) -> Result<()> + Sync> Own<'p> for OwnPart<'p, P, F> {
    fn len(&self) -> usize {
        self.piece.len()
    }
    fn start(&self) -> usize {
        self.piece.start()
    }
    fn divide(self: Box<Self>, at: usize) -> (AnyPart<'p>, AnyPart<'p>) {
        let OwnPart { piece, run } = *self;
        let (head, rest) = piece.divide(at);
        (AnyPart::new(head, run), AnyPart::new(rest, run))
    }
    fn bytes(&mut self) -> (Bytes<'_>, Vec<&mut [u8]>) {
        self.piece.bytes()
    }
    fn compute(self: Box<Self>) -> Result<()> {
        (self.run)(self.piece)
    }
}

impl Divide for AnyPart<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }
    fn divide(self, at: usize) -> (Self, Self) {
        self.0.divide(at)
    }
}

impl Part for AnyPart<'_> {
    fn start(&self) -> usize {
        self.0.start()
    }
    fn bytes(&mut self) -> (Bytes<'_>, Vec<&mut [u8]>) {
        self.0.bytes()
    }
}

/// A device beside the CPU's threads, which works on pieces in the order given.
pub(crate) trait Remote: Send {
    /// A piece on its way.
    type Flight;
    /// The most places of one piece, by what is known now.
    fn most(&self) -> usize;
    /// Starts on a piece.
    fn begin(&mut self, start: usize, len: usize, in_place: Bytes<'_>) -> Result<Self::Flight>;
    /// Waits for it; results that belong to the host are there then.
    fn end(&mut self, flight: Self::Flight, in_place: Bytes<'_>, results: Vec<&mut [u8]>) -> Result<()>;
    /// So many places took it so long.
    fn learn(&mut self, places: usize, seconds: f64);
    /// Whether results are gone with the device.
    fn holds(&self) -> bool;
    /// Whether it can do with less memory, and from now on will.
    fn shrink(&mut self) -> bool;
    /// Whether the error is the launch's, not the device's: nobody else would do better.
    fn is_final(&self, error: &Error) -> bool;
}

/// Who works on a launch.
pub(crate) struct Crew<'c> {
    pub pool: &'c Pool,
    /// Threads of the CPU, the caller included: the first workers of the policy. 0: the CPU computes nothing.
    pub threads: usize,
    /// Says who gets what: first the threads, then the devices, in order.
    pub policy: Box<dyn Policy + Send>,
    /// Is told of each piece that is done.
    pub seen: &'c (dyn Fn(Seen) + Sync),
}

/// A piece that is done.
#[derive(Clone, Copy)]
pub(crate) struct Seen {
    /// Who did it, by the policy's numbers.
    pub worker: usize,
    /// Its first place.
    pub start: usize,
    pub places: usize,
    /// When it was begun; on a device, when the device had time for it.
    pub began: Instant,
}

/// What became of a device.
pub(crate) struct Ended<R, P> {
    pub remote: R,
    /// What it computed, where its results are not the host's: the first place of each piece, and the piece.
    pub kept: Vec<(usize, P)>,
    /// Places that it computed and that count.
    pub places: usize,
    /// Why it was given up.
    pub failure: Option<Error>,
    /// Places that were computed again elsewhere.
    pub again: usize,
}

/// Runs all of `work`; every place is computed when this returns, unless the launch was stopped.
///
/// # Errors
/// Those of the launch, or why the last device failed where the CPU takes no part.
pub(crate) fn run<P: Part, R: Remote>(
    crew: Crew<'_>,
    work: P,
    remotes: Vec<R>,
    control: &Control,
    run: impl Fn(P) -> Result<()> + Sync,
) -> Result<Vec<Ended<R, P>>> {
    let origin = Instant::now();
    let now = || origin.elapsed().as_secs_f64();
    let board = Board::new(crew.policy, work, usize::from(crew.threads > 0) + remotes.len());
    let last = Mutex::new(None);
    let site = Site { board: &board, control, now: &now, last: &last, seen: crew.seen };
    let ended: Vec<Ended<R, P>> = if crew.threads == 0 && remotes.len() == 1 {
        remotes.into_iter().map(|remote| site.drive(0, remote)).collect()
    } else {
        thread::scope(|scope| {
            // Inside: the scope waits for its threads before what is outside unwinds.
            let _guard = StopOnPanic(&board);
            let handles: Vec<_> = remotes
                .into_iter()
                .enumerate()
                .map(|(k, remote)| {
                    let worker = crew.threads + k;
                    let site = &site;
                    // A thread that the system does not give panics here, and the API makes an error of it.
                    scope.spawn(move || site.drive(worker, remote))
                })
                .collect();
            if crew.threads > 0 {
                while let Some(first) = board.wait(0, now) {
                    crew.pool.in_place_scope(|helpers| {
                        for worker in 1..crew.threads {
                            let (site, run) = (&site, &run);
                            helpers.spawn(move |_| site.labour(worker, None, run));
                        }
                        site.labour(0, Some(first), &run);
                    });
                }
            }
            handles.into_iter().filter_map(|handle| handle.join().ok()).collect()
        })
    };
    if let Some(error) = last.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    if board.left() > 0 && !control.stopped() {
        let why = ended.iter().find_map(|ended| ended.failure.clone());
        return Err(why.unwrap_or_else(|| Error::internal("places were left without a worker")));
    }
    Ok(ended)
}

/// What all workers of a launch see.
struct Site<'s, P> {
    board: &'s Board<P>,
    control: &'s Control,
    now: &'s (dyn Fn() -> f64 + Sync),
    /// The error that ends the launch.
    last: &'s Mutex<Option<Error>>,
    seen: &'s (dyn Fn(Seen) + Sync),
}

/// Others would wait for ever for a worker that is gone.
struct StopOnPanic<'b, P: Divide>(&'b Board<P>);

impl<P: Divide> Drop for StopOnPanic<'_, P> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.stop();
        }
    }
}

/// A piece of a chunk that a device has.
struct Load<P> {
    piece: P,
    start: usize,
    places: usize,
    counted: u64,
    /// Whether the chunk ends with it.
    whole: bool,
}

impl<P: Part> Site<'_, P> {
    /// The launch is over, with an error.
    fn end(&self, error: Error) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.get_or_insert(error);
        self.control.stop();
        self.board.stop();
    }

    /// A thread's work until there is nothing to take.
    fn labour(&self, worker: usize, first: Option<Taken<P>>, run: &(impl Fn(P) -> Result<()> + Sync)) {
        let _guard = StopOnPanic(self.board);
        let mut next = first;
        loop {
            let taken = match next.take() {
                Some(taken) => taken,
                None => match self.board.take(worker, (self.now)()) {
                    Next::Take(taken) => taken,
                    Next::Wait | Next::Over => return,
                },
            };
            let (first, places) = (taken.places.start, taken.places.len());
            if self.control.stopped() {
                // Nobody wants it any more.
                self.board.done(worker, places, taken.counted, 0.0, true);
                continue;
            }
            let began = Instant::now();
            if let Err(error) = run(taken.piece) {
                self.end(error);
            }
            let seconds = began.elapsed().as_secs_f64();
            (self.seen)(Seen { worker, start: first, places, began });
            self.control.advance(places);
            self.board.done(worker, places, taken.counted, seconds, true);
        }
    }

    /// A device's work until everything is done or it fails.
    fn drive<R: Remote>(&self, worker: usize, remote: R) -> Ended<R, P> {
        let mut drive = Drive {
            site: self,
            worker,
            ended: Ended { remote, kept: Vec::new(), places: 0, failure: None, again: 0 },
            flights: VecDeque::new(),
            waiting: VecDeque::new(),
            depth: DEPTH,
            since: Instant::now(),
        };
        // A driver that panics has lost a piece: the launch ends, so that nobody waits for it.
        let went = catch_unwind(AssertUnwindSafe(|| drive.work()));
        match went {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                let _guard = StopOnPanic(self.board);
                drive.fail(error);
            }
            Err(_) => self.end(Error::internal("a device's driver panicked")),
        }
        drive.ended
    }
}

/// A device at work.
struct Drive<'d, 's, P, R: Remote> {
    site: &'d Site<'s, P>,
    worker: usize,
    ended: Ended<R, P>,
    flights: VecDeque<(R::Flight, Load<P>, Instant)>,
    /// Pieces of chunks that were too long for the device, in order.
    waiting: VecDeque<Load<P>>,
    depth: usize,
    /// When it was last seen to be done with something.
    since: Instant,
}

impl<P: Part, R: Remote> Drive<'_, '_, P, R> {
    fn work(&mut self) -> Result<()> {
        loop {
            while self.flights.len() < self.depth {
                let Some(load) = self.next() else { break };
                self.begin(load)?;
            }
            if !self.land()? && self.waiting.is_empty() {
                return Ok(());
            }
        }
    }

    /// What to start on next; waits for it where nothing is on its way.
    fn next(&mut self) -> Option<Load<P>> {
        let site = self.site;
        let load = loop {
            let load = match self.waiting.pop_front() {
                Some(load) => load,
                None => {
                    let taken = if self.flights.is_empty() {
                        site.board.wait(self.worker, site.now)?
                    } else {
                        match site.board.take(self.worker, (site.now)()) {
                            Next::Take(taken) => taken,
                            Next::Wait | Next::Over => return None,
                        }
                    };
                    let Taken { piece, places, counted } = taken;
                    Load { piece, start: places.start, places: places.len(), counted, whole: true }
                }
            };
            if !site.control.stopped() {
                break load;
            }
            // Nobody wants it any more; the board has to know that nobody works on it.
            site.board.done(self.worker, load.places, load.counted, 0.0, load.whole);
        };
        let most = self.ended.remote.most();
        if load.places <= most {
            return Some(load);
        }
        let Load { piece, start, places, counted, whole } = load;
        let (head, rest) = piece.divide(most);
        let part = (counted as f64 * most as f64 / places as f64) as u64;
        let (rest_start, rest_places) = (start + most, places - most);
        self.waiting.push_front(Load {
            piece: rest,
            start: rest_start,
            places: rest_places,
            counted: counted - part,
            whole,
        });
        Some(Load { piece: head, start, places: most, counted: part, whole: false })
    }

    fn begin(&mut self, mut load: Load<P>) -> Result<()> {
        if self.flights.is_empty() {
            self.since = Instant::now();
        }
        let began = Instant::now();
        match self.ended.remote.begin(load.piece.start(), load.places, load.piece.bytes().0) {
            Ok(flight) => {
                // The first of a launch may have had to compile a shader, which says nothing of the device's speed.
                let first = self.ended.places == 0 && self.flights.is_empty();
                let began = if first { Instant::now() } else { began };
                self.flights.push_back((flight, load, began));
            }
            Err(error) => {
                self.waiting.push_front(load);
                if error.kind() != ErrorKind::OutOfMemory {
                    return Err(error);
                }
                // What is on its way gives memory back when it ends; else the device has to do with less.
                if self.flights.is_empty() {
                    if !self.ended.remote.shrink() {
                        return Err(error);
                    }
                } else {
                    self.depth = 1.max(self.flights.len());
                    self.land()?;
                }
            }
        }
        Ok(())
    }

    /// Waits for the oldest of what is on its way, if anything is.
    fn land(&mut self) -> Result<bool> {
        let Some((flight, mut load, began)) = self.flights.pop_front() else { return Ok(false) };
        let (in_place, results) = load.piece.bytes();
        match self.ended.remote.end(flight, in_place, results) {
            Ok(()) => self.done(load, began),
            Err(error) => {
                self.waiting.push_front(load);
                return Err(error);
            }
        }
        Ok(true)
    }

    fn done(&mut self, load: Load<P>, began: Instant) {
        let from = self.since.max(began);
        let seconds = from.elapsed().as_secs_f64();
        self.since = Instant::now();
        self.ended.remote.learn(load.places, seconds);
        self.ended.places += load.places;
        (self.site.seen)(Seen { worker: self.worker, start: load.start, places: load.places, began: from });
        self.site.control.advance(load.places);
        self.site.board.done(self.worker, load.places, load.counted, seconds, load.whole);
        if self.ended.remote.holds() {
            self.ended.kept.push((load.start, load.piece));
        }
    }

    /// The device is given up, or the launch is.
    fn fail(&mut self, error: Error) {
        if self.ended.remote.is_final(&error) {
            return self.site.end(error);
        }
        let (mut pieces, mut chunks) = (Vec::new(), 0);
        for load in self.flights.drain(..).map(|(_, load, _)| load).chain(std::mem::take(&mut self.waiting)) {
            chunks += usize::from(load.whole);
            self.ended.again += load.places;
            pieces.push((load.start, load.piece));
        }
        let kept = std::mem::take(&mut self.ended.kept);
        let done: usize = kept.iter().map(|(_, piece)| piece.len()).sum();
        self.ended.again += done;
        self.ended.places -= done;
        pieces.extend(kept);
        self.ended.failure = Some(error);
        self.site.board.lost(self.worker, pieces, done, chunks);
    }
}
