//! One piece of a launch on one thread: the entry of a level, called with the token that proves the level.
//!
//! This is the one table in which a level is chosen; it stands above the loops, so a choice costs nanoseconds.

use std::time::Instant;

use crate::kernel::{Frame, Kernel, LaneElement, OutTileOf, Output, Params, Place, TileOf, basic};
#[cfg(target_arch = "x86_64")]
use crate::lanes::{Avx2, Avx512};
use crate::lanes::{Level, MAX_LANES, Portable, Scalar};
use crate::shape::{CHUNK, Domain, Span};

use super::threads::Divide;
use super::tracer::Recording;

/// What all pieces of one launch share.
#[derive(Clone, Copy)]
pub(crate) struct Job<'j> {
    pub frame: Frame<'j>,
    pub level: Level,
    pub domain: Domain,
    /// Write results past the caches.
    pub stream: bool,
    /// What is read is more than the caches hold.
    pub far: bool,
    /// Some argument serves at most [`CHUNK`] places at once.
    pub short: bool,
    /// Who wants to know what is done when.
    pub recording: Option<&'j Recording>,
}

impl Job<'_> {
    /// Runs `piece`, which is `span` of the launch, on this thread: it counts as progress, and is told to whoever records.
    #[inline]
    pub fn compute(&self, span: Span, piece: impl FnOnce()) {
        let began = self.recording.map(|recording| (recording, Instant::now()));
        piece();
        self.frame.control().advance(span.len());
        if let Some((recording, began)) = began {
            recording.on_cpu(span, began);
        }
    }
}

/// Places `start..start + len` with what they read and write.
pub(crate) struct Piece<'t, 'o, K: Kernel> {
    pub start: usize,
    pub len: usize,
    pub tiles: TileOf<'t, K>,
    pub out: OutTileOf<'o, K>,
}

impl<K: Kernel> Divide for Piece<'_, '_, K> {
    fn len(&self) -> usize {
        self.len
    }

    fn divide(self, at: usize) -> (Self, Self) {
        let (tiles, tiles_rest) = K::Params::split(self.tiles, at);
        let (out, out_rest) = K::Out::split(self.out, at);
        (
            Piece { start: self.start, len: at, tiles, out },
            Piece { start: self.start + at, len: self.len - at, tiles: tiles_rest, out: out_rest },
        )
    }
}

/// The place `index` of `domain`, as bodies see it: in 32 bits. Whoever asks for it runs over no more places than that.
#[inline]
pub(crate) fn place(domain: Domain, index: usize) -> Place {
    match domain {
        Domain::Line(_) => Place { index: index as u32, x: index as u32, y: 0 },
        Domain::Grid { width, .. } => {
            Place { index: index as u32, x: (index % width.max(1)) as u32, y: (index / width.max(1)) as u32 }
        }
    }
}

/// Runs a piece: whole, or by rows where the kernel looks at columns, or by chunks where an argument is short.
#[inline]
pub(crate) fn run<K: Kernel>(job: &Job<'_>, piece: Piece<'_, '_, K>) {
    if piece.len == 0 {
        return;
    }
    if job.stream {
        // Streaming stores want whole cache lines; memory that a user lends starts anywhere.
        let lead = K::Out::lead(&piece.out);
        if lead > 0 && lead < piece.len {
            let (head, rest) = piece.divide(lead);
            run::<K>(&Job { stream: false, ..*job }, head);
            return spread::<K>(job, rest);
        }
    }
    spread::<K>(job, piece);
}

/// The results of the places `start..start + len`: as they lie in memory where the kernel only passes them on, else computed
/// into `buffer`. What follows then reads memory as it goes, and the processor fetches ahead.
pub(crate) fn values<'v, 't: 'v, K: Kernel<Out = T>, T: LaneElement>(
    job: &Job<'_>,
    (start, len): (usize, usize),
    tiles: TileOf<'t, K>,
    buffer: &'v mut [T],
) -> &'v [T] {
    if let Some(values) = lying::<K, T>(&tiles, len) {
        return values;
    }
    run::<K>(job, Piece { start, len, tiles, out: &mut *buffer });
    buffer
}

/// The results of `len` places where they lie in memory already: the kernel only passes them on.
pub(crate) fn lying<'t, K: Kernel<Out = T>, T: LaneElement>(
    tiles: &TileOf<'t, K>,
    len: usize,
) -> Option<&'t [T]> {
    if basic::passes_on::<K>() { K::Params::direct::<T>(tiles, len) } else { None }
}

fn spread<K: Kernel>(job: &Job<'_>, piece: Piece<'_, '_, K>) {
    let most = if job.short { CHUNK } else { usize::MAX };
    let rows = const { K::INFO.needs_rows() } && matches!(job.domain, Domain::Grid { .. });
    if const { K::STACKS } && rows && !job.short && matches!(job.level, Level::Avx2 | Level::Avx512) {
        return by_two_rows::<K>(job, piece);
    }
    if !rows && piece.len <= most {
        return enter::<K>(job, piece);
    }
    let mut rest = piece;
    while rest.len > 0 && !job.frame.stopped() {
        let width = if rows { job.domain.width() - rest.start % job.domain.width() } else { usize::MAX };
        let take = width.min(most).min(rest.len);
        let (head, tail) = rest.divide(take);
        enter::<K>(job, head);
        rest = tail;
    }
}

/// Two whole rows at a time, as far as there are two.
fn by_two_rows<K: Kernel>(job: &Job<'_>, piece: Piece<'_, '_, K>) {
    let width = job.domain.width();
    let stacked = Job { frame: job.frame.stacked(width as u32), ..*job };
    let mut rest = piece;
    while rest.len > 0 && !job.frame.stopped() {
        let left = width - rest.start % width;
        let two = left == width && width >= MAX_LANES && rest.len >= 2 * width;
        let take = if two { 2 * width } else { left.min(rest.len) };
        let (head, tail) = rest.divide(take);
        enter::<K>(if two { &stacked } else { job }, head);
        rest = tail;
    }
}

/// Calls the kernel's loop at the job's level.
#[inline]
fn enter<K: Kernel>(job: &Job<'_>, piece: Piece<'_, '_, K>) {
    let Piece { start, len: n, tiles, out } = piece;
    let entries = const { &K::ENTRIES };
    let (frame, at) = (&job.frame.streaming(job.stream).behind(start), place(job.domain, start));
    match job.level {
        // SAFETY: this entry has no target features beyond the build's own.
        Level::Scalar => unsafe { (entries.scalar)(Scalar, frame, at, n, tiles, out) },
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 if let Some(token) = Avx2::detect() => {
            // SAFETY: the token proves that this machine has the features that the entry enables.
            unsafe { (entries.avx2)(token, frame, at, n, tiles, out) }
        }
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 if let Some(token) = Avx512::detect() => {
            // SAFETY: the token proves that this machine has the features that the entry enables.
            unsafe { (entries.avx512)(token, frame, at, n, tiles, out) }
        }
        // SAFETY: this entry has no target features beyond the build's own.
        _ => unsafe { (entries.baseline)(Portable, frame, at, n, tiles, out) },
    }
    frame.control().collect();
}
