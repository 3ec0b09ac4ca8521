//! Keeps the inner loops of three kernels in a binary, so that `cargo xtask disasm` can look for calls in them.
#![forbid(unsafe_code)]

#[cfg(target_arch = "x86_64")]
fn main() {
    use manylane::kernel::{Kernel, MapFn};
    use manylane::lanes::{Avx2, Avx512};
    use manylane_elementwise::{black_scholes, escape, saxpy};
    use std::hint::black_box;

    fn keep<K: Kernel>() {
        let avx2: MapFn<Avx2, K> = black_box(K::ENTRIES.avx2);
        let avx512: MapFn<Avx512, K> = black_box(K::ENTRIES.avx512);
        let _ = (avx2, avx512);
    }
    keep::<saxpy>();
    keep::<black_scholes>();
    keep::<escape>();
}

#[cfg(not(target_arch = "x86_64"))]
fn main() {
    println!("no entries: this is not x86-64");
}
