//! Transposing as a kernel: any target runs its body; on the CPU its loops over tiles go by blocks instead.
//!
//! ```text
//! for each block of LINES rows and COLUMNS columns of the picture:
//!     its eights of rows and columns, each exchanged in registers, into a buffer
//!     the buffer's rows into the result, past the caches
//! ```
//! Reading column by column would touch a page and a cache line for each element, and a picture as wide as a power of two
//! has its columns in few places of a cache. Through the buffer, whole lines move both ways. Results that are not large stay in the
//! caches, and go there without a buffer.

use std::cell::Cell;
use std::marker::PhantomData;
use std::ops::Range;

use crate::kernel::basic;
use crate::kernel::{
    Entries, Fragment, Frame, ImageTile, Kernel, KernelInfo, LaneElement, MapFn, Output, Params, Picture,
    Place,
};
#[cfg(target_arch = "x86_64")]
use crate::lanes::{Avx2, Avx512};
use crate::lanes::{Blocks, Lanes, Portable, SIDE, Scalar, prefetch};

/// Columns and lines of a block that goes through a buffer. Reading is then in runs of 1 KiB and writing of 512 bytes, and two
/// buffers fit an L2 of 512 KiB. (2026-11, Zen 3, 4096 x 4096 on one thread, by the speed of a copy: 0.70; without a second
/// buffer 0.52, 64 by 64 0.56.)
const COLUMNS: usize = 256;
const LINES: usize = 128;

/// From one row of a buffer to the next: not a power of two, which would put all into few places of a cache.
const STRIDE: usize = LINES + 16;

/// Elements of a cache line.
const LINE: usize = 16;

thread_local! {
    /// The two buffers, 288 KiB, kept by a thread that has transposed: new memory for each piece costs a tenth of the time.
    static BUFFERS: Cell<Vec<u32>> = const { Cell::new(Vec::new()) };
}

/// Columns and lines of a block that is written where results stay in the caches.
const NEAR: usize = 64;

/// A picture with rows and columns exchanged, of elements of the type `T`.
pub struct Turned<T>(PhantomData<T>);

/// Elements that are transposed.
pub trait Turn: LaneElement {
    /// Writes the places `start..` of the transposed picture.
    fn turn<L: Blocks>(l: L, from: ImageTile<'_, Self>, start: usize, out: &mut [Self], stream: bool);
}

macro_rules! turned {
    ($($type:ident $body:ident, |$l:ident, $from:ident, $start:ident, $out:ident, $stream:ident| $turn:expr;)*) => {$(
        impl Turn for $type {
            #[inline(always)]
            fn turn<L: Blocks>($l: L, $from: ImageTile<'_, $type>, $start: usize, $out: &mut [$type], $stream: bool) {
                $turn
            }
        }
        impl Kernel for Turned<$type> {
            const INFO: KernelInfo = KernelInfo { name: "transpose", ..basic::$body::INFO };
            const WGSL: &'static Fragment = basic::$body::WGSL;
            type Params = (Picture<$type>,);
            type Out = $type;
            const ENTRIES: Entries<Self> = Entries {
                scalar: on_scalar::<$type> as MapFn<Scalar, Self>,
                baseline: on_baseline::<$type> as MapFn<Portable, Self>,
                #[cfg(target_arch = "x86_64")]
                avx2: on_avx2::<$type> as MapFn<Avx2, Self>,
                #[cfg(target_arch = "x86_64")]
                avx512: on_avx512::<$type> as MapFn<Avx512, Self>,
            };

            #[inline(always)]
            fn vector<L: Lanes>(
                l: L,
                frame: &Frame<'_>,
                place: Place,
                tiles: &mut <Self::Params as Params>::Tile<'_>,
                i: usize,
                n: usize,
            ) -> <Self::Out as Output>::Lane<L> {
                basic::$body::vector(l, frame, place, tiles, i, n)
            }
        }
    )*};
}
turned! {
    f32 turned_f32, |l, from, start, out, stream| words(l, cells(&from), from.shape(), start, bytemuck::must_cast_slice_mut(out), stream);
    i32 turned_i32, |l, from, start, out, stream| words(l, cells(&from), from.shape(), start, bytemuck::must_cast_slice_mut(out), stream);
    u32 turned_u32, |l, from, start, out, stream| words(l, cells(&from), from.shape(), start, out, stream);
    f64 turned_f64, |_l, from, start, out, _stream| plain(from.cells(), from.shape(), start, out);
    i64 turned_i64, |_l, from, start, out, _stream| plain(from.cells(), from.shape(), start, out);
    u64 turned_u64, |_l, from, start, out, _stream| plain(from.cells(), from.shape(), start, out);
}

macro_rules! entry {
    ($(#[$features:meta])* $name:ident, $token:ty) => {
        $(#[$features])*
        fn $name<T: Turn>(
            l: $token,
            frame: &Frame<'_>,
            place: Place,
            n: usize,
            (from,): (ImageTile<'_, T>,),
            out: &mut [T],
        ) {
            T::turn(l, from, place.index as usize, &mut out[..n], frame.streams());
        }
    };
}
entry!(on_scalar, Scalar);
entry!(on_baseline, Portable);
entry!(
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma")]
    on_avx2,
    Avx2
);
entry!(
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma,avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
    on_avx512,
    Avx512
);

/// The picture's elements by their bits.
#[inline(always)]
fn cells<'t, T: LaneElement>(from: &ImageTile<'t, T>) -> &'t [u32] {
    bytemuck::cast_slice(from.cells())
}

/// The places `start..` of the transposed picture: what is left of a row, whole rows by blocks, and what begins another.
#[inline(always)]
fn words<L: Blocks>(
    l: L,
    from: &[u32],
    (width, height): (usize, usize),
    start: usize,
    out: &mut [u32],
    stream: bool,
) {
    let Some((head, rows, tail)) = parts(height, start, out) else { return };
    let first = start.div_ceil(height);
    some(from, (width, height), start, head);
    some(from, (width, height), start + head.len() + rows.len(), tail);
    let count = rows.len() / height;
    if count == 0 {
        return;
    }
    let from = &from[first..];
    if stream {
        piped(l, (from, width), (count, height), rows);
        return l.fence();
    }
    for left in (0..count).step_by(NEAR) {
        let columns = NEAR.min(count - left);
        for top in (0..height).step_by(NEAR) {
            let lines = NEAR.min(height - top);
            let to = &mut rows[left * height + top..];
            strip(l, (&from[top * width + left..], width), (columns, lines), (to, height), None);
        }
    }
}

/// Past the caches, by way of two buffers: while one block is read, the one before is written, so that neither waits for the
/// other.
#[inline(always)]
fn piped<L: Blocks>(l: L, (from, width): (&[u32], usize), (count, height): (usize, usize), rows: &mut [u32]) {
    let size = COLUMNS.min(count) * STRIDE;
    let mut held = BUFFERS.take();
    held.resize(held.len().max(2 * size + LINE), 0);
    // From a whole cache line on.
    let start = held.as_ptr().align_offset(4 * LINE).min(LINE);
    let (mut mine, mut other) = held[start..start + 2 * size].split_at_mut(size);
    // Where the block in `other` goes: its columns and lines.
    let mut before: Option<(Range<usize>, Range<usize>)> = None;
    for left in (0..count).step_by(COLUMNS) {
        let columns = COLUMNS.min(count - left);
        for top in (0..height).step_by(LINES) {
            let lines = LINES.min(height - top);
            let strips = lines.div_ceil(SIDE);
            for k in 0..strips {
                let y = k * SIDE;
                let picture = &from[(top + y) * width + left..];
                let ahead = Some(4 * LINES * width);
                strip(l, (picture, width), (columns, SIDE.min(lines - y)), (&mut mine[y..], STRIDE), ahead);
                if let Some((columns, lines)) = &before {
                    let part = |k: usize| columns.len() * k / strips;
                    for x in part(k)..part(k + 1) {
                        let to = &mut rows[(columns.start + x) * height..][lines.clone()];
                        past_caches(l, &other[x * STRIDE..][..lines.len()], to);
                    }
                }
            }
            before = Some((left..left + columns, top..top + lines));
            std::mem::swap(&mut mine, &mut other);
        }
    }
    if let Some((columns, lines)) = before {
        for (x, column) in columns.enumerate() {
            past_caches(l, &other[x * STRIDE..][..lines.len()], &mut rows[column * height..][lines.clone()]);
        }
    }
    BUFFERS.set(held);
}

/// So many columns and lines of a picture, each column a row of `to`. What lies so many bytes `ahead` is asked for.
#[inline(always)]
fn strip<L: Blocks>(
    l: L,
    (from, width): (&[u32], usize),
    (columns, lines): (usize, usize),
    (to, stride): (&mut [u32], usize),
    ahead: Option<usize>,
) {
    let (whole_columns, whole_lines) = (columns / SIDE * SIDE, lines / SIDE * SIDE);
    for y in (0..whole_lines).step_by(SIDE) {
        for x in (0..whole_columns).step_by(SIDE) {
            l.exchange((&from[y * width + x..], width), (&mut to[x * stride + y..], stride));
            // One of a cache line's two blocks.
            if let (Some(ahead), 0) = (ahead, x % 16) {
                for line in y..y + SIDE {
                    prefetch(&from[line * width + x], ahead);
                }
            }
        }
    }
    for y in 0..lines {
        let begun = if y < whole_lines { whole_columns } else { 0 };
        for (x, element) in from[y * width..][..columns].iter().enumerate().skip(begun) {
            to[x * stride + y] = *element;
        }
    }
}

/// A copy that leaves the caches alone, where `to` is aligned to a vector.
#[inline(always)]
fn past_caches<L: Lanes>(l: L, from: &[u32], to: &mut [u32]) {
    let (from, to): (&[i32], &mut [i32]) =
        (bytemuck::must_cast_slice(from), bytemuck::must_cast_slice_mut(to));
    let whole = to.len() / L::N * L::N;
    for k in (0..whole).step_by(L::N) {
        l.i_stream(&mut to[k..k + L::N], l.i_load(&from[k..k + L::N]));
    }
    to[whole..].copy_from_slice(&from[whole..]);
}

/// `out` as the end of a row of `length`, whole rows, and the beginning of one; nothing of rows without elements.
#[inline(always)]
fn parts<T>(length: usize, start: usize, out: &mut [T]) -> Option<(&mut [T], &mut [T], &mut [T])> {
    let into = start.checked_rem(length)?;
    let head = if into == 0 { 0 } else { (length - into).min(out.len()) };
    let (head, rest) = out.split_at_mut(head);
    let whole = rest.len() / length * length;
    let (rows, tail) = rest.split_at_mut(whole);
    Some((head, rows, tail))
}

/// Places one by one, in one column of the picture.
fn some<T: Copy>(from: &[T], (width, height): (usize, usize), start: usize, out: &mut [T]) {
    if out.is_empty() {
        return;
    }
    let (x, top) = (start / height, start % height);
    for (y, out) in (top..).zip(out) {
        *out = from[y * width + x];
    }
}

/// As [`words`], of elements of another size: by small blocks, without registers of their own.
fn plain<T: Copy>(from: &[T], (width, height): (usize, usize), start: usize, out: &mut [T]) {
    let Some((head, rows, tail)) = parts(height, start, out) else { return };
    let first = start.div_ceil(height);
    some(from, (width, height), start, head);
    some(from, (width, height), start + head.len() + rows.len(), tail);
    let count = rows.len() / height;
    for left in (0..count).step_by(SIDE) {
        for top in (0..height).step_by(SIDE) {
            for x in left..count.min(left + SIDE) {
                for y in top..height.min(top + SIDE) {
                    rows[x * height + y] = from[y * width + first + x];
                }
            }
        }
    }
}
