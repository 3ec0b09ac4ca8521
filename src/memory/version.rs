//! One version of an array's values: its replicas, which of them are valid where, and the work that they wait for.
//!
//! Snapshots share a version; whoever writes makes sure that nobody else has it, by [`sole`] if need be. So under a
//! shared reference a version only ever *gains*: intervals become valid, never invalid, and the lock in front of the
//! state makes each transfer happen once. Waiting for a device's work happens outside the lock, a transfer inside.
//! Only a GPU's replica may go while nobody looks, for another array's sake (`evict`): its values are elsewhere then.

use std::sync::{Arc, OnceLock};

use crate::device::Completion;
use crate::device::gpu::{Buffer, Gpu};
use crate::error::{Error, ErrorKind, Result};
use crate::memory::coherence::{Coherence, Interval, Space};
use crate::memory::element::{Element, grain};
use crate::memory::evict;
use crate::memory::home::Home;
use crate::memory::host::Host;
use crate::memory::promise::Awaited;
use crate::memory::spans::Spans;
use crate::memory::state::{Carried, Replica, State, bytes};
use crate::shape::Span;
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::sync::{Mutex, MutexGuard, PoisonError};

/// Unfinished work that one version may carry before whoever adds more waits for the oldest: keeps a loop of updates in
/// place from piling up without bound.
const MOST_CARRIED: usize = 64;

/// The values of an array at one point of its history.
pub(super) struct Version<T: Element> {
    home: Home,
    len: usize,
    /// Set, under the lock, when host memory is first needed.
    host: OnceLock<Host<T>>,
    /// All elements are valid in `host`, and nothing is carried: read without the lock.
    whole: AtomicBool,
    /// Where the values were promised: nothing is valid before it ends.
    promise: Option<Awaited>,
    /// Behind a pointer of its own, for whoever needs a GPU's memory more urgently (`evict`).
    state: Arc<Mutex<State>>,
}

/// What a write needs of the values that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// They are read, or only some are written.
    Old,
    /// All are written, none is read.
    Nothing,
}

impl<T: Element> Version<T> {
    /// `len` elements that nobody has written.
    pub fn unwritten(home: Home, len: usize) -> Self {
        Version {
            home,
            len,
            host: OnceLock::new(),
            whole: AtomicBool::new(false),
            promise: None,
            state: Arc::default(),
        }
    }

    /// `len` elements that somebody has promised.
    pub fn promised(home: Home, len: usize, promise: Awaited) -> Self {
        Version { promise: Some(promise), ..Version::unwritten(home, len) }
    }

    /// The elements of `data`, where they are.
    pub fn adopt(home: Home, data: Vec<T>) -> Self {
        let len = data.len();
        let state = State { valid: Coherence::at_home(len), ..State::default() };
        Version {
            home,
            len,
            host: OnceLock::from(Host::adopt(data)),
            whole: AtomicBool::new(true),
            promise: None,
            state: Arc::new(Mutex::new(state)),
        }
    }

    #[inline]
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// Where the elements are valid.
    pub fn intervals(&self) -> Vec<Interval> {
        evict::told(self.lock().valid.where_valid(self.all()))
    }

    /// All elements, brought home.
    #[inline]
    pub fn host(&self) -> Result<&[T]> {
        if self.whole.load(Ordering::Acquire)
            && let Some(host) = self.host.get()
        {
            // SAFETY: all elements are valid at home (the store that `whole` was acquired from came after the last
            // `fill` of this version), valid ones are never filled, and while `self` is borrowed its version is shared,
            // so nobody holds it mutably.
            return Ok(unsafe { host.part(self.all()) });
        }
        self.host_span(self.all())
    }

    /// The elements of `span`, brought home.
    #[inline(never)]
    pub fn host_span(&self, span: Span) -> Result<&[T]> {
        self.check(span)?;
        if !self.whole.load(Ordering::Acquire) {
            self.bring_home(span)?;
        }
        let host = self.host.get().ok_or_else(|| Error::internal("elements at home without memory"))?;
        // SAFETY: `span` is valid at home, since all is or `bring_home` made it so; valid elements are never filled, and while
        // `self` is borrowed nobody holds this version mutably.
        Ok(unsafe { host.part(span) })
    }

    /// Makes `span` valid on the host.
    pub fn bring_home(&self, span: Span) -> Result<()> {
        self.kept();
        let mut state = self.settled(span)?;
        self.fetch(&mut state, span)?;
        let host = self.memory()?;
        for absent in state.valid.missing(Space::HOST, span) {
            for interval in state.valid.where_valid(absent) {
                if let Some(replica) = state.source(&interval) {
                    // SAFETY: these elements are not valid at home, so no `part` of them is out (only valid ones are
                    // handed out, and they stay valid), and the lock keeps every other `fill` away.
                    let into = unsafe { host.fill(interval.span) };
                    replica.download(interval.span.start, into)?;
                    self.home.count_to_host(size_of_val(into));
                }
                state.valid.make_valid(Space::HOST, interval.span);
            }
        }
        if state.valid.has(Space::HOST, self.all()) && state.carried.is_empty() {
            self.whole.store(true, Ordering::Release);
        }
        Ok(())
    }

    /// What GPUs gave up of `span`, and what lies with it, home.
    fn fetch(&self, state: &mut State, span: Span) -> Result<()> {
        if state.stash.is_empty() {
            return Ok(());
        }
        let host = self.memory()?;
        let State { valid, stash, .. } = state;
        for mut piece in stash.extract_if(.., |piece| piece.holds(span)) {
            for part in piece.left().to_vec() {
                // SAFETY: these elements are valid in the stash alone, so no `part` of them is out, and the lock keeps
                // every other `fill` away.
                let into = unsafe { host.fill(part) };
                piece.copy(part, bytemuck::must_cast_slice_mut(into));
                valid.make_valid(Space::HOST, part);
                valid.invalidate(Space::STASH, part);
            }
        }
        Ok(())
    }

    /// Makes `span` valid on `gpu`.
    pub fn bring_to(&self, gpu: &Gpu, span: Span) -> Result<Buffer> {
        self.check(span)?;
        self.kept();
        let space = Space::gpu(gpu.id());
        loop {
            let mut state = self.lock();
            state.failed(span)?;
            let mut wanted = Spans::default();
            for missing in state.valid.missing(space, span) {
                wanted.insert(self.widened(missing));
            }
            let away: Vec<Span> =
                wanted.as_slice().iter().flat_map(|part| state.valid.missing(Space::HOST, *part)).collect();
            if !away.is_empty() {
                // On another device, or never written: by way of the host, which may have to wait.
                drop(state);
                for part in away {
                    self.bring_home(part)?;
                }
                continue;
            }
            let buffer = self.buffer(&mut state, gpu)?;
            for part in wanted.as_slice() {
                let host =
                    self.host.get().ok_or_else(|| Error::internal("elements at home without memory"))?;
                // SAFETY: `part` is valid at home, as was just seen under the lock that is still held.
                let from: &[T] = unsafe { host.part(*part) };
                gpu.upload(&buffer, bytes::<T>(part.start), bytemuck::must_cast_slice(from))?;
                self.home.count_from_host(size_of_val(from));
                state.valid.make_valid(space, *part);
            }
            return Ok(buffer);
        }
    }

    /// Whether a write on the host has nothing to see to: all is at home, and only there.
    #[inline]
    pub fn is_only_home(&mut self) -> bool {
        let away = match Arc::get_mut(&mut self.state) {
            Some(state) => state.get_mut().unwrap_or_else(PoisonError::into_inner).valid.is_away(),
            None => self.lock().valid.is_away(),
        };
        *self.whole.get_mut() && !away
    }

    /// Host memory, if it was taken.
    #[inline]
    pub fn memory_mut(&mut self) -> Option<&mut [T]> {
        self.host.get_mut().map(Host::all_mut)
    }

    /// The host becomes the owner of `span`; of the rest of its memory only what was valid still is.
    pub fn write_home(&mut self, span: Span, keep: Keep) -> Result<()> {
        self.memory()?;
        self.written(Space::HOST, span, keep);
        Ok(())
    }

    /// `gpu` becomes the owner of `span`; `None` where it had to give up old values that are to be kept.
    ///
    /// The caller holds a buffer of the replica where old values are kept, so that this can happen to a fresh copy alone.
    pub fn write_on(&mut self, gpu: &Gpu, span: Span, keep: Keep) -> Result<Option<Buffer>> {
        let space = Space::gpu(gpu.id());
        let buffer = {
            let mut state = self.lock();
            let buffer = self.buffer(&mut state, gpu)?;
            if keep == Keep::Old && !state.valid.has(space, span) {
                return Ok(None);
            }
            buffer
        };
        self.written(space, span, keep);
        Ok(Some(buffer))
    }

    /// `span` was written by `gpu` in `buffer`, the array's only one there.
    pub fn settle(&mut self, gpu: &Gpu, span: Span, buffer: &Buffer) -> Result<()> {
        let space = Space::gpu(gpu.id());
        {
            let mut state = self.lock();
            let known = state.devices.iter().any(|replica| replica.buffer.is(buffer));
            if !known && state.valid.has_any(space) {
                return Err(Error::internal("a device wrote a second buffer of an array"));
            }
            if !known {
                state.devices.retain(|replica| replica.gpu.id() != gpu.id());
                self.hold(&mut state, gpu, buffer.clone());
            }
        }
        self.written(space, span, Keep::Nothing);
        Ok(())
    }

    /// Whether all is at home, and waits for nothing.
    #[inline]
    pub fn is_home(&self) -> bool {
        self.whole.load(Ordering::Acquire)
    }

    /// Whether `gpu` has memory for the array already.
    pub fn is_on(&self, gpu: &Gpu) -> bool {
        self.lock().devices.iter().any(|replica| replica.gpu.id() == gpu.id())
    }

    /// No value is needed any more.
    pub fn discard(&mut self) {
        let mut state = self.lock();
        state.valid.forget(self.all());
        state.stash.clear();
        state.carried.clear();
        self.whole.store(false, Ordering::Relaxed);
    }

    /// The values of `span` are there when `completion` has ended, if it ends well.
    pub fn carry(&self, gpu: &Gpu, span: Span, completion: Completion) {
        if span.is_empty() {
            return;
        }
        let mut state = self.lock();
        let there = Space::gpu(gpu.id());
        // What failed before it had claimed the values leaves them as they were, if they are anywhere.
        let is_mine = |valid: &[Space]| match valid {
            [] => completion.is_done(),
            [one] => *one == there || *one == Space::STASH,
            _ => false,
        };
        let mut parts = Spans::default();
        for interval in state.valid.where_valid(span).iter().filter(|interval| is_mine(&interval.valid)) {
            parts.insert(interval.span);
        }
        if parts.is_empty() {
            return;
        }
        // What failed before has failed this too: it was enqueued behind it and inherits its error.
        let replaced = |old: &Carried| old.completion.is_done() && old.span.intersect(span) == old.span;
        state.carried.retain(|old| old.is_open_or_failed() && !replaced(old));
        let oldest = (state.carried.len() >= MOST_CARRIED).then(|| state.carried[0].completion.clone());
        let carried =
            parts.as_slice().iter().map(|span| Carried { span: *span, completion: completion.clone() });
        state.carried.extend(carried);
        self.whole.store(false, Ordering::Release);
        drop(state);
        if let Some(oldest) = oldest {
            // How it ended, whoever uses the values is told: it stays among the carried if it failed.
            let _ = oldest.wait();
        }
    }

    /// The work that the values of `span` wait for, or that failed to make them.
    pub fn carried(&self, span: Span) -> Vec<Completion> {
        self.kept();
        let mut state = self.lock();
        state.carried.retain(Carried::is_open_or_failed);
        state.over(span).map(|carried| carried.completion.clone()).collect()
    }

    /// Has it give up its replica on `gpu`, if nobody uses that; whether it did.
    #[cfg(test)]
    pub fn give_up(&self, gpu: &Gpu) -> bool {
        evict::give_up(gpu, &self.state)
    }

    /// The adopted `Vec`, if there is one, after which this holds nothing; all elements must be at home.
    pub fn take_adopted(&mut self) -> Option<Vec<T>> {
        if !self.host.get()?.is_adopted() {
            return None;
        }
        self.host.take()?.into_adopted()
    }

    /// The same values of `kept` in memory of its own; each copied inside one space, `near` if it is valid there.
    fn copied(&self, kept: &[Span], near: Space) -> Result<Self> {
        if !kept.is_empty() {
            self.kept();
        }
        let (intervals, devices, carried) = {
            let mut state = self.lock();
            for part in kept {
                self.fetch(&mut state, *part)?;
            }
            let intervals: Vec<Interval> =
                kept.iter().flat_map(|part| state.valid.where_valid(*part)).collect();
            let carried: Vec<Carried> = state
                .carried
                .iter()
                .flat_map(|carried| {
                    kept.iter().map(|part| Carried { span: carried.span.intersect(*part), ..carried.clone() })
                })
                .filter(|carried| !carried.span.is_empty())
                .collect();
            (intervals, state.devices.clone(), carried)
        };
        let mut copy = Version::unwritten(self.home.clone(), self.len);
        for Interval { span, valid } in intervals {
            let Some(first) = valid.first() else { continue };
            let space = if valid.contains(&near) { near } else { *first };
            match devices.iter().find(|replica| Space::gpu(replica.gpu.id()) == space) {
                None => {
                    copy.memory()?;
                    let from =
                        self.host.get().ok_or_else(|| Error::internal("elements at home without memory"))?;
                    // SAFETY: `span` is valid at home in this version, as seen under the lock; it stays so while this is
                    // borrowed.
                    let from = unsafe { from.part(span) };
                    if let Some(into) = copy.host.get_mut() {
                        into.all_mut()[span.range()].copy_from_slice(from);
                    }
                    copy.lock().valid.make_valid(space, span);
                }
                Some(replica) => {
                    // Under one lock: a replica in which nothing is valid yet must not be given up before it is.
                    let mut state = copy.lock();
                    let into = match copy.buffer(&mut state, &replica.gpu) {
                        Err(error) if error.kind() == ErrorKind::OutOfMemory => None,
                        into => Some(into?),
                    };
                    if let Some(into) = into {
                        // Whole words: what else they hold is not valid in the copy, or comes from the same place.
                        let words = self.widened(span);
                        let (at, size) = (bytes::<T>(words.start), bytes::<T>(words.len()));
                        replica.gpu.copy(&replica.buffer, at, &into, at, size)?;
                        state.valid.make_valid(space, span);
                        continue;
                    }
                    // There is no room for two; there may be at home.
                    drop(state);
                    copy.memory()?;
                    if let Some(into) = copy.host.get_mut() {
                        let into = &mut into.all_mut()[span.range()];
                        replica.download(span.start, into)?;
                        self.home.count_to_host(size_of_val(into));
                    }
                    copy.lock().valid.make_valid(Space::HOST, span);
                }
            }
        }
        copy.lock().carried = carried;
        Ok(copy)
    }

    /// `span` is written in `space`: valid there only. Memory with nothing valid in it goes back, but for an adopted Vec.
    fn written(&mut self, space: Space, span: Span, keep: Keep) {
        let mut state = self.lock();
        state.valid.write(space, span);
        if keep == Keep::Nothing {
            state.replace(span);
        }
        state.carried.retain(Carried::is_open_or_failed);
        let State { valid, devices, stash, .. } = &mut *state;
        devices.retain(|replica| {
            let here = Space::gpu(replica.gpu.id());
            here == space || valid.has_any(here)
        });
        stash.retain_mut(|piece| piece.outlives(span));
        let idle = space != Space::HOST && !valid.has_any(Space::HOST);
        let whole = valid.has(Space::HOST, self.all()) && state.carried.is_empty();
        drop(state);
        *self.whole.get_mut() = whole;
        if idle && self.host.get().is_some_and(|host| !host.is_adopted()) {
            self.host.take();
        }
    }

    /// The GPU's memory for the array, taken when first asked for.
    fn buffer(&self, state: &mut State, gpu: &Gpu) -> Result<Buffer> {
        if let Some(replica) = state.devices.iter_mut().find(|replica| replica.gpu.id() == gpu.id()) {
            replica.used = evict::now();
            return Ok(replica.buffer.clone());
        }
        // The lock on the own state keeps this array from being asked to make room for itself.
        let buffer = evict::alloc(gpu, self.bytes())?;
        self.hold(state, gpu, buffer.clone());
        Ok(buffer)
    }

    /// `buffer` is the array's memory on `gpu` from now on.
    fn hold(&self, state: &mut State, gpu: &Gpu, buffer: Buffer) {
        state.devices.push(Replica { gpu: gpu.clone(), buffer, used: evict::now() });
        evict::register(gpu, &self.state, &self.home, (self.len, size_of::<T>()));
    }

    /// What the values wait for before there are any, if it is open.
    pub fn awaited(&self) -> Option<&Awaited> {
        self.promise.as_ref().filter(|promise| !promise.end.is_done())
    }

    /// Waits for promised values. Whether they came, the state tells.
    fn kept(&self) {
        if let Some(promise) = &self.promise {
            promise.wait();
        }
    }

    /// Takes over all that `real` has; what was promised is then there.
    pub fn fulfil(&self, real: Arc<Self>) -> Result<()> {
        if real.len != self.len || real.home != self.home {
            return Err(Error::internal(format_args!(
                "{} elements were promised, and {} came",
                self.len, real.len
            )));
        }
        real.kept();
        let real = match Arc::try_unwrap(real) {
            Ok(real) => real,
            Err(shared) => shared.copied(&[shared.all()], Space::HOST)?,
        };
        let values = std::mem::take(&mut *real.lock());
        let mut state = self.lock();
        if let Some(host) = real.host.into_inner() {
            self.host.set(host).map_err(|_| Error::internal("a promised array had memory"))?;
        }
        *state = values;
        for replica in &state.devices {
            evict::register(&replica.gpu, &self.state, &self.home, (self.len, size_of::<T>()));
        }
        self.whole.store(real.whole.into_inner(), Ordering::Release);
        Ok(())
    }

    /// What was promised does not come: every use of a value returns `error`.
    pub fn fail(&self, error: Error) {
        self.lock().carried = vec![Carried { span: self.all(), completion: Completion::done(Err(error)) }];
    }

    /// `span` has no values: every use returns `error`, until they are written.
    pub fn fail_span(&mut self, span: Span, error: Error) {
        let mut state = self.lock();
        state.replace(span);
        state.carried.push(Carried { span, completion: Completion::done(Err(error)) });
        self.whole.store(false, Ordering::Release);
    }

    /// Host memory, taken when first asked for; under a shared reference with the lock held.
    fn memory(&self) -> Result<&Host<T>> {
        if let Some(host) = self.host.get() {
            return Ok(host);
        }
        let host = Host::take(self.home.pool(), self.len)?;
        Ok(self.host.get_or_init(|| host))
    }

    /// The state, once the work that `span` depends on has ended well.
    fn settled(&self, span: Span) -> Result<MutexGuard<'_, State>> {
        loop {
            let mut state = self.lock();
            state.carried.retain(Carried::is_open_or_failed);
            let Some(first) = state.over(span).map(|carried| carried.completion.clone()).next() else {
                return Ok(state);
            };
            drop(state);
            first.wait()?;
        }
    }

    /// `span`, grown to whole words.
    fn widened(&self, span: Span) -> Span {
        let grain = grain::<T>();
        Span::new(span.start / grain * grain, span.end.next_multiple_of(grain).min(self.len))
    }

    pub fn check(&self, span: Span) -> Result<()> {
        if span.end <= self.len {
            return Ok(());
        }
        Err(Error::internal(format_args!("{span:?} of an array of {} elements", self.len)))
    }

    #[inline]
    pub fn all(&self) -> Span {
        Span::new(0, self.len)
    }

    fn bytes(&self) -> u64 {
        bytes::<T>(self.len)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The version for its only holder to write `span` of it; if it is shared, a new one with the values that are kept.
pub(super) fn sole<T: Element>(
    version: &mut Arc<Version<T>>,
    span: Span,
    keep: Keep,
    near: Space,
) -> Result<&mut Version<T>> {
    if Arc::get_mut(version).is_none() {
        let mut kept = Spans::of(version.all());
        if keep == Keep::Nothing {
            kept.remove(span);
        }
        *version = Arc::new(version.copied(kept.as_slice(), near)?);
    }
    Arc::get_mut(version).ok_or_else(|| Error::internal("a version that was just made is shared"))
}
