//! Asking for memory before it is needed.

use super::Lanes;

/// Asks for the line `ahead` bytes behind the start of `place`, which may lie anywhere.
#[inline(always)]
pub(crate) fn prefetch<T>(place: &T, ahead: usize) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        let at = std::ptr::from_ref(place).cast::<i8>().wrapping_add(ahead);
        // SAFETY: a prefetch reads nothing that the program can see and faults at no address; SSE is always there.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(at) }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (place, ahead);
}

/// Asks for the line of a map's results 1 KiB behind `place`, which is stored to next: a store waits for its line as a load does,
/// and the processor's own prefetch follows loads better. `a * x + y` with everything in L3 took 0.93 to 0.95 of the time, in
/// L1 and L2 as long as before; 512 bytes helped less, 2 KiB no more (2026-11, Zen 3).
#[inline(always)]
pub fn prefetch_result<L: Lanes, T>(place: &T) {
    // One lane at a time would ask for every line many times.
    if L::N > 1 {
        prefetch(place, 1024);
    }
}

/// Asks for the lines of a vector of elements 1 KiB behind the one at `place`, which is read now.
#[inline(always)]
pub fn prefetch_run<L: Lanes, T>(place: &T) {
    if L::N > 1 {
        for line in 0..(L::COLUMNS * size_of::<T>()).div_ceil(64) {
            prefetch(place, 1024 + 64 * line);
        }
    }
}
