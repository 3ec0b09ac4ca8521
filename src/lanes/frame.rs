//! Where a function's stack frame begins.

use std::hint::black_box;
use std::mem::MaybeUninit;

/// As large as a cache line, and at the beginning of one.
#[repr(align(64))]
struct Line(#[expect(dead_code, reason = "it is there for its place alone")] MaybeUninit<[u8; 64]>);

/// Has the frame of the function that it is inlined into begin at a cache line.
///
/// A vector that the registers have no room for goes to the stack, which the ABI aligns to 16 bytes only, and compilers leave
/// it there unless something in the frame wants more. Then every other vector of AVX2 lies in two cache lines, and where
/// the stack happens to begin, which is another place in each process, one may lie in two pages: a loop of sines took 1.25
/// times as long in some processes as in others, and in one of six 4 times (2026-11, Zen 3).
#[inline(always)]
pub fn align_frame() {
    let line = Line(MaybeUninit::uninit());
    black_box(&raw const line);
}
