#![forbid(unsafe_code)]
#![allow(missing_docs, unused)]
use manylane::kernel::{Cell, Frame, Image, Index, Kernel};
use manylane::lanes::{Lanes, Portable, Scalar};
use manylane_macros::kernel;

macro_rules! pair {
    ($(#[$a:meta])* fn $name:ident($($p:ident: $t:ty),*) -> $r:ty $body:block) => {
        #[kernel] $(#[$a])* fn $name($($p: $t),*) -> $r $body
    };
}
mod naive {
    pub fn deferred(x: f32) -> f32 {
        let y;
        if x > 0.0 {
            y = x * 2.0;
        } else if x < -3.0 {
            y = 1.0;
        } else {
            y = -x;
        }
        y
    }
    pub fn bools(x: f32, y: f32) -> f32 {
        let mut b = x > 0.0;
        if y > 1.0 {
            b = !b;
        }
        let c = b ^ (x == y);
        if c && !b || y < x { x } else { y }
    }
    pub fn swap(x: f32, y: f32) -> f32 {
        let (mut a, mut b) = (x, y);
        let mut k = 0;
        while k < 3 && a > b {
            (a, b) = (b, a + 1.0);
            k += 1;
        }
        a * 10.0 + b
    }
    pub fn blockwhile(x: f32, y: f32) -> f32 {
        let mut n = 0.0;
        let mut a = x;
        while {
            a -= 1.0;
            a > y
        } {
            n += 1.0;
        }
        n * 100.0 + a
    }
    pub fn shadow(x: f32, y: f32) -> f32 {
        let x = x + 1.0;
        let z = {
            let x = x * y;
            x - 1.0
        };
        let y = if z > x {
            let t = z;
            t + x
        } else {
            y
        };
        x + y + z
    }
    pub fn late(x: f32, y: f32) -> f32 {
        let mut a = x;
        let s = a + {
            a = y;
            a
        } * 2.0;
        s + a
    }
    pub fn inner_if(x: f32, y: f32) -> f32 {
        let mut s = 0.0;
        let mut k = x;
        while k > 0.0 {
            if k > y {
                s += 1.0;
                if k > y + 2.0 {
                    s += 10.0;
                } else {
                    s -= 0.5;
                }
            } else {
                let mut q = k;
                while q > 0.0 {
                    s += q;
                    q -= 1.5;
                }
            }
            k -= 1.0;
        }
        s + k
    }
    pub fn shortc(x: f32, y: f32) -> f32 {
        let mut n = 0.0;
        if x > 0.0 && {
            let mut k = y;
            while k > 0.0 {
                k -= 1.0;
                n += 1.0;
            }
            n > 2.0
        } {
            n + 100.0
        } else {
            n
        }
    }
    pub fn outer(x: f32, y: f32) -> f32 {
        let mut last = 0.0;
        let mut i = 0.0;
        while i < x {
            let mut j = 0.0;
            while j < y {
                last = i * 16.0 + j;
                j += 1.0;
            }
            i += 1.0;
        }
        last
    }
}
pair! { fn deferred(x: f32) -> f32 { let y; if x > 0.0 { y = x * 2.0; } else if x < -3.0 { y = 1.0; } else { y = -x; } y } }
pair! { fn bools(x: f32, y: f32) -> f32 { let mut b = x > 0.0; if y > 1.0 { b = !b; } let c = b ^ (x == y); if c && !b || y < x { x } else { y } } }
pair! { fn swap(x: f32, y: f32) -> f32 { let (mut a, mut b) = (x, y); let mut k = 0; while k < 3 && a > b { (a, b) = (b, a + 1.0); k += 1; } a * 10.0 + b } }
pair! { fn blockwhile(x: f32, y: f32) -> f32 { let mut n = 0.0; let mut a = x; while { a -= 1.0; a > y } { n += 1.0; } n * 100.0 + a } }
pair! { fn shadow(x: f32, y: f32) -> f32 { let x = x + 1.0; let z = { let x = x * y; x - 1.0 }; let y = if z > x { let t = z; t + x } else { y }; x + y + z } }
pair! { fn late(x: f32, y: f32) -> f32 { let mut a = x; let s = a + { a = y; a } * 2.0; s + a } }
pair! { fn inner_if(x: f32, y: f32) -> f32 { let mut s = 0.0; let mut k = x; while k > 0.0 { if k > y { s += 1.0; if k > y + 2.0 { s += 10.0; } else { s -= 0.5; } } else { let mut q = k; while q > 0.0 { s += q; q -= 1.5; } } k -= 1.0; } s + k } }
pair! { fn shortc(x: f32, y: f32) -> f32 { let mut n = 0.0; if x > 0.0 && { let mut k = y; while k > 0.0 { k -= 1.0; n += 1.0; } n > 2.0 } { n + 100.0 } else { n } } }
pair! { fn outer(x: f32, y: f32) -> f32 { let mut last = 0.0; let mut i = 0.0; while i < x { let mut j = 0.0; while j < y { last = i * 16.0 + j; j += 1.0; } i += 1.0; } last } }

#[kernel]
fn literals(x: f32) -> (f32, f32, i32, u32) {
    const BIG: u32 = 1 << 31;
    let a = if x > 0.0 { f32::INFINITY } else { f32::NAN };
    let b = if x > 1.0 { -0.0 } else { 1.0 / 0.0 };
    let c = if x > 0.0 { i32::MIN } else { -7 / 0 };
    (a + b, x * -0.0, c.abs().min(3).max(-2).clamp(0, 5), u32::MAX - BIG)
}
#[kernel]
fn mixed(#[uniform] mut k: f32, #[uniform] flag: u32, x: f32, b: u8) -> (f32, u8, u32, i32) {
    if x > 0.0 {
        k += 1.0;
    }
    let t = if flag != 0 { x } else { k };
    let on = flag == 1;
    let off = on && x > 0.0;
    let w = k.max(1.0) * 2.0 - k;
    (t + w, if off { b } else { 3 }, (x > 0.0) as u32 + u32::from(b), -(b as i32))
}
#[kernel]
fn upto(x: u32) -> u32 {
    let mut n = 0;
    for k in x..=u32::MAX {
        n += k & 1;
    }
    n
}
#[kernel]
fn uupto(#[uniform] a: u32, #[uniform] b: u32, x: u32) -> u32 {
    let mut n = x;
    for _ in a..=b {
        n += 1;
    }
    for k in 0..=b {
        n += k;
    }
    n
}
#[kernel]
fn edge(at: Cell, src: Image<f32>, #[uniform] r: i32) -> f32 {
    let mut s = 0.0;
    let w = src.width() as f32;
    if at.x > 1 && at.x + 2 < src.width() {
        for dx in -3..=3 {
            s += src.near(at, dx * 2, 1);
        }
    }
    s / w
}
fn check2<L: Lanes>(l: L, name: &str, k: impl Fn(L, L::M, L::F, L::F) -> L::F, want: fn(f32, f32) -> f32) {
    let x: Vec<f32> = (0..151).map(|i| (i * 7 % 19) as f32 * 0.5 - 4.0).collect();
    let y: Vec<f32> = (0..151).map(|i| (i * 5 % 13) as f32 * 0.5 - 2.0).collect();
    let mut i = 0;
    while i < x.len() {
        let n = L::N.min(x.len() - i);
        let r = k(l, l.first(n), l.f_load_part(&x[i..i + n]), l.f_load_part(&y[i..i + n]));
        let mut out = vec![0.0; n];
        l.f_store_part(&mut out, r);
        for j in 0..n {
            assert_eq!(out[j], want(x[i + j], y[i + j]), "{name}({}, {})", x[i + j], y[i + j]);
        }
        i += n;
    }
}
#[test]
fn agree() {
    let f = Frame::detached();
    macro_rules! both { ($($k:ident)*) => { $(
        check2(Scalar, stringify!($k), |l, m, x, y| $k::lanes(l, m, &f, x, y), naive::$k);
        check2(Portable, stringify!($k), |l, m, x, y| $k::lanes(l, m, &f, x, y), naive::$k);
    )* } }
    both!(bools swap blockwhile shadow late inner_if shortc outer);
    check2(Portable, "deferred", |l, m, x, _| deferred::lanes(l, m, &f, x), |x, _| naive::deferred(x));
    println!("{:?}", literals(2.0));
    assert_eq!(mixed(1.0, 1, 2.0, 200), (2.0 + 2.0, 200, 201, -200));
    assert_eq!(mixed(1.0, 0, -2.0, 200), (2.0, 3, 200, -200));
    assert_eq!(upto(u32::MAX - 3), 2);
    assert_eq!(uupto(5, 4, 1), 11);
    assert_eq!(uupto(3, 4, 1), 13);
    println!("{:?}", edge::INFO.params);
    for w in [
        deferred::WGSL,
        bools::WGSL,
        swap::WGSL,
        blockwhile::WGSL,
        shadow::WGSL,
        late::WGSL,
        inner_if::WGSL,
        shortc::WGSL,
        outer::WGSL,
        literals::WGSL,
        mixed::WGSL,
        upto::WGSL,
        uupto::WGSL,
        edge::WGSL,
    ] {
        println!("//----\n{}", w.link());
    }
}
#[kernel]
fn sneaky(x: f32, #[uniform] limit: u32) -> u32 {
    let (mut k, mut n) = (0, 0);
    while k < limit {
        if x > 0.0 {
            n += 1;
        }
        k += 1;
    }
    n
}
#[test]
fn sneaky_counts() {
    let f = Frame::detached();
    let l = Portable;
    let x: Vec<f32> = (0..Portable::N).map(|i| i as f32 - 3.0).collect();
    let r = sneaky::lanes(l, l.m_splat(true), &f, l.f_load(&x), 5);
    let mut out = vec![0; Portable::N];
    l.i_store(&mut out, r);
    for (x, n) in x.iter().zip(out) {
        assert_eq!(n, if *x > 0.0 { 5 } else { 0 });
    }
}
