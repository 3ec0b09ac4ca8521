//! Asking for memory before it is needed.

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
