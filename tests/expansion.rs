#![forbid(unsafe_code)]
#![allow(missing_docs)]
use manylane::kernel::{Cell, Frame, Image, Index, Kernel};
use manylane::lanes::{Lanes, Portable, Scalar};
use manylane_macros::kernel;

#[kernel]
/// Docs.
pub fn saxpy(#[uniform] a: f32, x: f32, y: f32) -> f32 {
    a * x + y
}
#[kernel]
fn escape(c_re: f32, c_im: f32, #[uniform] limit: u32) -> u32 {
    let (mut re, mut im, mut n) = (0.0, 0.0, 0);
    while n < limit && re * re + im * im <= 4.0 {
        let t = re * re - im * im + c_re;
        im = 2.0 * re * im + c_im;
        re = t;
        n += 1;
    }
    n
}
#[kernel]
fn twice(x: f32, #[uniform] k: f32) -> f32 {
    let u: f32 = saxpy(2.0, x, k);
    u + saxpy(k, x, 1.0)
}
#[kernel]
fn cnd(d: f32) -> f32 {
    let l = d.abs();
    let k = 1.0 / (l * 0.2316419 + 1.0);
    let p = ((((1.330274429 * k - 1.821255978) * k + 1.781477937) * k - 0.356563782) * k + 0.31938153) * k;
    let w = 0.39894228 * (l * l * -0.5).exp() * p;
    if d < 0.0 { w } else { 1.0 - w }
}
#[kernel]
fn black(s: f32, x: f32, t: f32) -> (f32, f32) {
    const R: f32 = 0.02;
    const V: f32 = 0.3;
    let sq = t.sqrt() * V;
    let d1 = ((R + V * V * 0.5) * t + (s / x).ln()) / sq;
    let d2 = d1 - sq;
    let disc = x * (t * -R).exp();
    let (n1, n2): (f32, f32) = (cnd(d1), cnd(d2));
    (s * n1 - disc * n2, disc * (1.0 - n2) - s * (1.0 - n1))
}
#[kernel]
fn both(s: f32, x: f32, t: f32) -> f32 {
    let (c, p) = black(s, x, t);
    c - p
}
#[kernel]
fn gray(px: [u8; 3]) -> u8 {
    let y = px[0] as u32 * 77 + px[1] as u32 * 150 + px[2] as u32 * 29;
    ((y + 128) >> 8) as u8
}
#[kernel]
fn invert(px: [u8; 4]) -> [u8; 4] {
    [(255 - px[0] as u32) as u8, px[1], px[2], 255]
}
#[kernel]
fn bump(#[uniform] a: f32, y: &mut f32) {
    *y += a;
    if *y > 10.0 {
        *y = 0.0;
    }
}
#[kernel]
fn bump2(x: f32, y: &mut f32, z: &mut [u8; 2]) -> u32 {
    let old = *y;
    *y = x;
    z[0] = old as u8;
    z[1] = 7;
    old as u32
}
#[kernel]
fn sobel(at: Cell, src: Image<f32>) -> f32 {
    let gx = src.near(at, 1, -1) + 2.0 * src.near(at, 1, 0) + src.near(at, 1, 1)
        - src.near(at, -1, -1)
        - 2.0 * src.near(at, -1, 0)
        - src.near(at, -1, 1);
    (gx * gx).sqrt()
}
#[kernel]
fn blur(at: Cell, src: Image<[u8; 3]>, #[uniform] r: i32) -> [u8; 3] {
    let (mut a, mut b, mut c) = (0, 0, 0);
    for dy in -2..=2 {
        for dx in -r..r + 1 {
            let px = src.near(at, dx, dy);
            a += px[0] as u32;
            b += px[1] as u32;
            c += px[2] as u32;
        }
    }
    let n = 5 * (2 * r + 1) as u32;
    [(a / n) as u8, (b / n) as u8, (c / n) as u8]
}
#[kernel]
fn place(i: Index, at: Cell) -> (u32, u32) {
    (i * 2, at.x + at.y * 10)
}
#[kernel]
fn collatz(x: u32) -> u32 {
    let mut x = x;
    let mut n = 0u32;
    while x > 1 {
        if x % 2 == 0 {
            x /= 2;
        } else {
            x = 3 * x + 1;
        }
        n += 1;
    }
    n
}
#[kernel]
fn tri(x: u32) -> u32 {
    let mut s = 0;
    for k in 0..=x {
        if k & 1 == 1 {
            continue_free(0u32);
            s += k;
        }
    }
    s
}
#[kernel]
fn continue_free(x: u32) -> u32 {
    x
}
#[kernel]
fn ints(a: i32, b: i32) -> (i32, i32, i32, u32) {
    (a / b, a % b, a << (b & 63), (a as u32) >> b)
}
#[kernel]
fn uni(#[uniform] a: i32, #[uniform] b: i32, #[uniform] f: f32, x: f32) -> (i32, i32, f32, f32) {
    let mut k = 0;
    let mut s = a;
    while k < 3 {
        s = s.wrapping_mul(3) + b;
        k += 1;
    }
    let q = if f > 1.0 { f.exp() } else { f.signum() };
    (s / b, a % b, q * f + 1.0, x.clamp(f, 2.0).signum().copysign(x))
}
#[kernel]
fn nested(x: f32, y: f32) -> f32 {
    let mut s = 0.0;
    let mut a = x;
    while a > 0.0 {
        let mut b = y;
        while b > 0.0 {
            s += if a > b { 1.0 } else { 0.5 };
            b -= 1.0;
        }
        if a > 3.0 {
            let t = a;
            s = s + t * 0.25;
            let mut q = 0;
            while q < 2 {
                s += 0.125;
                q += 1;
            }
        }
        a -= 1.0;
    }
    s
}
#[kernel]
fn add(a: f32, b: f32) -> f32 {
    a + b
}
#[kernel(strict)]
fn dotp(a: f32, b: f32, c: f32) -> f32 {
    a.mul_add(b, c) - b * c
}

fn run<L: Lanes>(l: L, x: &[f32], y: &[f32]) -> Vec<f32> {
    let f = Frame::detached();
    let mut out = vec![0.0; x.len()];
    let mut i = 0;
    while i < x.len() {
        let n = L::N.min(x.len() - i);
        let r = nested::lanes(l, l.first(n), &f, l.f_load_part(&x[i..i + n]), l.f_load_part(&y[i..i + n]));
        l.f_store_part(&mut out[i..i + n], r);
        i += n;
    }
    out
}
fn run_u<L: Lanes>(l: L, x: &[i32], k: fn(i32) -> i32, which: bool) {
    let f = Frame::detached();
    let mut i = 0;
    while i < x.len() {
        let n = L::N.min(x.len() - i);
        let v = l.i_load_part(&x[i..i + n]);
        let r = if which { collatz::lanes(l, l.first(n), &f, v) } else { tri::lanes(l, l.first(n), &f, v) };
        let mut out = vec![0; n];
        l.i_store_part(&mut out, r);
        for j in 0..n {
            assert_eq!(out[j], k(x[i + j]), "{}", x[i + j]);
        }
        i += n;
    }
}
fn nested_naive(x: f32, y: f32) -> f32 {
    let mut s = 0.0;
    let mut a = x;
    while a > 0.0 {
        let mut b = y;
        while b > 0.0 {
            s += if a > b { 1.0 } else { 0.5 };
            b -= 1.0;
        }
        if a > 3.0 {
            let t = a;
            s += t * 0.25;
            let mut q = 0;
            while q < 2 {
                s += 0.125;
                q += 1;
            }
        }
        a -= 1.0;
    }
    s
}
#[test]
fn values() {
    assert_eq!(saxpy(2.0, 1.0, 3.0), 5.0);
    assert_eq!(escape(0.0, 0.0, 100), 100);
    assert_eq!(escape(1.0, 1.0, 100), 2);
    assert_eq!(gray([255, 255, 255]), 255);
    let mut y = 9.5;
    bump(1.0, &mut y);
    assert_eq!(y, 0.0);
    let mut z = [0, 0];
    assert_eq!(bump2(1.5, &mut y, &mut z), 0);
    assert_eq!((y, z), (1.5, [0, 7]));
    assert_eq!(ints(7, 0), (7, 0, 7, 7));
    assert_eq!(ints(i32::MIN, -1), (i32::MIN, 0, 0, 1));
    assert_eq!(place(3, Cell { x: 2, y: 5 }), (6, 52));
    assert_eq!(tri(10), 25);
    assert_eq!(collatz(27), 111);
    assert_eq!(nested(5.0, 2.0), nested_naive(5.0, 2.0));
    assert_eq!(dotp(2.0, 3.0, 4.0), -2.0);
    println!("{:?}", black(100.0, 100.0, 1.0));
    println!("{:?}", uni(1, 2, 0.5, 3.0));
    let x: Vec<f32> = (0..77).map(|i| (i * 7 % 11) as f32 - 2.0).collect();
    let y: Vec<f32> = (0..77).map(|i| (i * 5 % 13) as f32 - 2.0).collect();
    let want: Vec<f32> = x.iter().zip(&y).map(|(x, y)| nested_naive(*x, *y)).collect();
    assert_eq!(run(Scalar, &x, &y), want);
    assert_eq!(run(Portable, &x, &y), want);
    let xs: Vec<i32> = (1..90).map(|i| i * 37 % 101).collect();
    run_u(Portable, &xs, |x| collatz(x as u32) as i32, true);
    run_u(Portable, &xs, |x| tri(x as u32) as i32, false);
    for info in [sobel::INFO, blur::INFO, escape::INFO, black::INFO] {
        println!("{info:?}");
    }
    for f in [
        saxpy::WGSL,
        escape::WGSL,
        both::WGSL,
        gray::WGSL,
        bump::WGSL,
        bump2::WGSL,
        sobel::WGSL,
        blur::WGSL,
        place::WGSL,
        tri::WGSL,
        ints::WGSL,
        uni::WGSL,
        nested::WGSL,
        dotp::WGSL,
    ] {
        println!("//----\n{}", f.link());
    }
}
