//! An index out of range touches nothing outside: slices that end where memory ends, read far beyond, on every CPU lane.
//!
//! Behind the last element of each slice lies a page that nobody may touch. A wild read or write ends this program.
#![cfg(unix)]

use manylane::lanes::Level;
use manylane::prelude::*;

/// Elements whose last one is the last of its page, and nothing behind that may be touched.
struct Guarded {
    base: *mut libc::c_void,
    pages: usize,
    page: usize,
}

impl Guarded {
    fn new(bytes: usize) -> Guarded {
        // SAFETY: a question about the system, without arguments that could be wrong.
        let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) } as usize;
        let pages = bytes.div_ceil(page) + 1;
        // SAFETY: new anonymous memory at a place of the system's choice; it is checked below.
        let base = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                pages * page,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                -1,
                0,
            )
        };
        assert_ne!(base, libc::MAP_FAILED, "memory for {bytes} bytes");
        // SAFETY: the last page of the mapping that was just made, which nothing refers to yet.
        let closed = unsafe { libc::mprotect(base.add((pages - 1) * page), page, libc::PROT_NONE) };
        assert_eq!(closed, 0, "the guard page is closed");
        Guarded { base, pages, page }
    }

    /// The last `n` elements before the guard.
    fn slice<T: bytemuck::Pod>(&mut self, n: usize) -> &mut [T] {
        let end = (self.pages - 1) * self.page;
        let start = end - n * size_of::<T>();
        // SAFETY: the bytes lie in the mapping, which is zeroed, lives as long as `self` and is borrowed with it; pages
        // are aligned to more than any element, and the start is a whole number of elements before one's end.
        unsafe { std::slice::from_raw_parts_mut(self.base.cast::<u8>().add(start).cast::<T>(), n) }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // SAFETY: the mapping of `new`, whole; no slice of it outlives the borrow of `self`.
        unsafe { libc::munmap(self.base, self.pages * self.page) };
    }
}

#[kernel]
fn pick(i: u32, xs: &[f32], bytes: &[u8], px: &[[f32; 3]]) -> f32 {
    xs[i as usize] + bytes[i as usize] as f32 + px[i as usize][1]
}

/// A linear index that runs over the end.
#[kernel]
fn ahead(i: Index, xs: &[f32], #[uniform] by: u32) -> f32 {
    xs[(i + by) as usize] + xs[by as usize]
}

/// Around the own cell, at every edge.
#[kernel]
fn around(at: Cell, src: Image<f32>) -> f32 {
    src.near(at, 40, 3) + src.near(at, -40, -3) + src.at(at.x as i32 * 90, at.y as i32 - 70)
}

fn launches() -> Vec<(String, Runtime, Target)> {
    let mut all = Vec::new();
    for level in Level::available() {
        let rt = Runtime::builder().level(level).threads(2).build().unwrap();
        all.push((format!("{level:?}"), rt.clone(), Target::Simd));
        all.push((format!("{level:?}, threads"), rt, Target::Threads));
    }
    all
}

#[test]
fn reads_beyond_the_end_touch_nothing() {
    for n in [1usize, 31, 1_000] {
        let (mut a, mut b, mut c) = (Guarded::new(4 * n), Guarded::new(n), Guarded::new(12 * n));
        let (xs, bytes, px) = (a.slice::<f32>(n), b.slice::<u8>(n), c.slice::<[f32; 3]>(n));
        let (xs, bytes, px) = (&*xs, &*bytes, &*px);
        // The last one is there; the places behind it are not, near and far.
        let beyond =
            [n as u32 - 1, n as u32, n as u32 + 1, n as u32 + 40, 1 << 20, 1 << 30, 1 << 31, u32::MAX];
        let i: Vec<u32> =
            (0..3_000).map(|k| if k < 77 { k % n as u32 } else { beyond[k as usize % 8] }).collect();
        let first = i.iter().position(|i| *i as usize >= n).unwrap();
        for (name, rt, target) in launches() {
            let error = rt.map::<pick>((&i, xs, bytes, px)).on(target).run().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::OutOfBounds, "{name}: {error}");
            assert!(error.to_string().contains(&format!("at place {first} ")), "{name}, {n}: {error}");
            let inside = rt.map::<ahead>((xs, 0)).over(n).on(target).run().unwrap();
            assert_eq!(inside.read().unwrap().len(), n);
            for by in [1, 17, u32::MAX - 5] {
                let error = rt.map::<ahead>((xs, by)).over(n).on(target).run().unwrap_err();
                assert_eq!(error.kind(), ErrorKind::OutOfBounds, "{name}: {error}");
            }
        }
    }
}

#[test]
fn pictures_end_where_they_end() {
    for (w, h) in [(1usize, 1usize), (33, 31), (64, 16)] {
        let mut memory = Guarded::new(4 * w * h);
        let cells = &*memory.slice::<f32>(w * h);
        for (name, rt, target) in launches() {
            for border in [Border::Clamp, Border::Constant(1.0), Border::Reflect, Border::Wrap] {
                let seen = rt.map::<around>(((cells, (w, h)),)).border(border).on(target).run().unwrap();
                assert_eq!(seen.read().unwrap().len(), w * h, "{name}");
            }
        }
    }
}

#[test]
fn results_end_where_they_end() {
    for n in [1usize, 5, 33, 1_003] {
        let (mut a, mut b) = (Guarded::new(4 * n), Guarded::new(4 * n));
        let x = &*a.slice::<f32>(n);
        for (name, rt, target) in launches() {
            let out = b.slice::<f32>(n);
            rt.map::<halve>(x).on(target).run_into(out).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }
}

#[kernel]
fn halve(x: f32) -> f32 {
    x * 0.5
}
