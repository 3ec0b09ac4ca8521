//! Legal Rust that is easily compiled wrong: names that collide, shadowing, literals, kernels in odd places.
#![forbid(unsafe_code)]
#![deny(warnings)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

use manylane::prelude::*;
use manylane_testkit::{Setup, assert_same, targets};

/// One target of each kind.
fn setups() -> Vec<Setup> {
    let all = targets().into_iter().filter(|setup| setup.missing().is_none());
    all.filter(|setup| setup.name.starts_with("s") || setup.name == "gpu:0" || setup.name == "threads-2")
        .collect()
}

#[kernel(strict)]
fn generated_names(l: f32, m: f32, frame: f32, i: f32, n: f32, out: f32, place: f32, tiles: f32) -> f32 {
    let (t1, t2, p) = (l - m, frame - i, n - out);
    let k = t1 + 2.0 * t2 + 4.0 * p;
    let x = k + 8.0 * (place - tiles);
    x
}

#[kernel(strict)]
fn r#match(r#type: f32, größe: f32, __x: f32, var: f32, r#fn: f32) -> f32 {
    let texture = r#type + größe * 2.0;
    let ptr = texture + __x * 4.0;
    let discard = ptr + var * 8.0;
    discard + r#fn * 16.0
}

/// Named as what the shader around it defines.
#[kernel]
fn main(ml_value: u32, ml_params: u32, bool: u32) -> u32 {
    let vec4 = ml_value * 100 + ml_params * 10;
    let array = vec4 + bool;
    array
}

#[kernel]
fn min(x: f32, y: f32) -> f32 {
    x.min(y) + 1.0
}

#[kernel]
fn calls_min(x: f32, y: f32) -> f32 {
    let a: f32 = min(x, y);
    a.max(0.0)
}

#[test]
fn names_collide_with_nothing() {
    for setup in setups() {
        let c = |x: f32| vec![x; 40];
        let z = setup
            .map::<generated_names>((&c(1.0), &c(2.0), &c(3.0), &c(5.0), &c(7.0), &c(4.0), &c(9.0), &c(11.0)))
            .run()
            .unwrap();
        assert_same(&setup.name, &z.read().unwrap(), &c(-1.0 - 4.0 + 12.0 - 16.0));
        let z = setup.map::<r#match>((&c(1.0), &c(1.0), &c(1.0), &c(1.0), &c(1.0))).run().unwrap();
        assert_same(&setup.name, &z.read().unwrap(), &c(31.0));
        let z = setup.map::<main>((&[1u32, 4], &[2u32, 5], 3)).run().unwrap();
        assert_same(&setup.name, &z.read().unwrap(), &[123u32, 453]);
        let z = setup.map::<calls_min>((&[1.0f32, -9.0], &[2.0f32, 5.0])).run().unwrap();
        assert_same(&setup.name, &z.read().unwrap(), &[2.0f32, 0.0]);
    }
}

#[kernel]
fn literals(x: f32) -> (f32, u32, f32, i32) {
    let big = if x == f32::INFINITY || x == f32::NEG_INFINITY { 1.0 } else { 0.0 };
    let nan = f32::NAN;
    let odd = if x < nan { 5.0 } else { -0.0 };
    let bits = (odd + -0.0_f32).to_bits() ^ 0xff_u32;
    (big, bits, x - -1.5e-3 - 1_000.25f32 - 2., -(-7i32) + 0b101 - 0o17)
}

#[kernel(strict)]
fn extremes(x: f32) -> (f32, f32, f32, u32) {
    let none = 0.0;
    let infinite = 1.0 / none;
    let much = f32::MAX * 2.0;
    let small = 1e-45 + x * 0.0;
    (infinite - x, much, small, (none / none).is_nan() as u32 + (f32::MIN_POSITIVE / 2.0 > 0.0) as u32 * 2)
}

#[test]
fn literals_mean_what_they_say() {
    for setup in setups() {
        let x = [0.5f32, f32::INFINITY, f32::NEG_INFINITY, f32::NAN];
        let z = setup.map::<literals>((&x,)).run().unwrap();
        assert_same(&setup.name, &z.0.read().unwrap(), &[0.0, 1.0, 1.0, 0.0]);
        assert_same(&setup.name, &z.1.read().unwrap(), &[0x8000_00ff; 4]);
        assert_same(&setup.name, &z.2.read().unwrap(), &x.map(|x| x + 1.5e-3 - 1000.25 - 2.0));
        assert_same(&setup.name, &z.3.read().unwrap(), &[7 + 5 - 15; 4]);
        let z = setup.map::<extremes>((&[1.0f32, -3.0],)).run().unwrap();
        assert_same(&setup.name, &z.0.read().unwrap(), &[f32::INFINITY; 2]);
        assert_same(&setup.name, &z.1.read().unwrap(), &[f32::INFINITY; 2]);
        assert_same(&setup.name, &z.2.read().unwrap(), &[1e-45; 2]);
        assert_same(&setup.name, &z.3.read().unwrap(), &[3; 2]);
    }
}

#[kernel]
fn bools(x: f32, y: f32) -> u32 {
    let big = x > 1.0;
    let mut both = big && y > 1.0;
    let mut done = false;
    let mut turns = 0;
    while !done {
        turns += 1;
        done = turns as f32 > x || both == big && turns > 3;
        if turns & 1 == 1 {
            both = !both;
        }
        both |= y < -1.0;
    }
    let odd = big ^ both & (x < 100.0);
    (odd != done) as u32 + turns * 10 + (big as u32) * 1000
}

fn bools_naive(x: f32, y: f32) -> u32 {
    let big = x > 1.0;
    let mut both = big && y > 1.0;
    let mut turns = 0u32;
    loop {
        turns += 1;
        let done = turns as f32 > x || (both == big && turns > 3);
        if turns % 2 == 1 {
            both = !both;
        }
        both = both || y < -1.0;
        if done {
            break;
        }
    }
    let odd = big != (both && x < 100.0);
    u32::from(!odd) + turns * 10 + u32::from(big) * 1000
}

#[test]
fn bools_live_in_variables() {
    let x: Vec<f32> = (0..100).map(|k| (k % 13) as f32 - 3.0).collect();
    let y: Vec<f32> = (0..100).map(|k| (k % 7) as f32 - 3.0).collect();
    let expected: Vec<u32> = x.iter().zip(&y).map(|(x, y)| bools_naive(*x, *y)).collect();
    for setup in setups() {
        let z = setup.map::<bools>((&x, &y)).run().unwrap();
        assert_same(&setup.name, &z.read().unwrap(), &expected);
    }
}

#[kernel]
fn order(x: i32) -> (i32, i32) {
    let mut a = x;
    let b =
        a + {
            a = 7;
            a * 2
        } + a;
    let mut c = 1;
    c += {
        c = 10;
        c + 1
    };
    let mut px = [a, b, c];
    px = [px[2], px[0], px[1]];
    let ((d, e), f) = ((px[0], px[1]), px[2]);
    (d * 10000 + e * 100 + f, if x > 0 { if x > 5 { 2 } else { 1 } } else { 0 })
}

#[test]
fn operands_are_read_in_order() {
    let x: Vec<i32> = (-10..30).collect();
    let first: Vec<i32> = x.iter().map(|x| 21 * 10000 + 7 * 100 + (x + 14 + 7)).collect();
    let second: Vec<i32> = x.iter().map(|x| i32::from(*x > 0) + i32::from(*x > 5)).collect();
    for setup in setups() {
        let z = setup.map::<order>((&x,)).run().unwrap();
        assert_same(&setup.name, &z.0.read().unwrap(), &first);
        assert_same(&setup.name, &z.1.read().unwrap(), &second);
    }
}

#[kernel]
fn parameters(mut x: f32, #[uniform] mut a: u32, mut i: Index) -> f32 {
    x += 1.0;
    while a > 2 {
        a -= 1;
        x *= 2.0;
    }
    i += a;
    if i % 2 == 0 {
        a += i;
    }
    x + a as f32
}

#[test]
fn parameters_are_variables() {
    let x = vec![1.0f32; 70];
    let expected: Vec<f32> =
        (0..70u32).map(|i| 16.0 + if i % 2 == 0 { 4.0 + i as f32 } else { 2.0 }).collect();
    for setup in setups() {
        let z = setup.map::<parameters>((&x, 5)).run().unwrap();
        assert_same(&setup.name, &z.read().unwrap(), &expected);
    }
}

#[kernel]
fn uniform_turns_varying(x: u32, #[uniform] n: u32) -> u32 {
    let mut end = n;
    let mut sum = 0;
    let mut k = 0;
    // Uniform at first; what a lane finds makes it its own.
    while k < end {
        sum += k;
        if sum > x {
            end = k;
        }
        k += 1;
    }
    sum * 100 + end
}

#[test]
fn what_starts_uniform_may_diverge() {
    let x: Vec<u32> = (0..100).collect();
    let expected: Vec<u32> = x
        .iter()
        .map(|x| {
            let mut sum = 0;
            for k in 0..12 {
                sum += k;
                if sum > *x {
                    return sum * 100 + k;
                }
            }
            sum * 100 + 12
        })
        .collect();
    for setup in setups() {
        let z = setup.map::<uniform_turns_varying>((&x, 12)).run().unwrap();
        assert_same(&setup.name, &z.read().unwrap(), &expected);
    }
}

macro_rules! define {
    ($($name:ident $op:tt),*) => {$(
        #[kernel(strict)]
        fn $name(x: f32, y: f32) -> f32 {
            x $op y
        }
    )*};
}
define!(plus +, times *);

mod here {
    #[manylane::kernel]
    pub(super) fn same(x: u32) -> u32 {
        x + 1
    }
}
mod there {
    #[manylane::kernel]
    pub(super) fn same(x: u32) -> u32 {
        x + 1
    }
}

/// Calls two kernels of one name and one text.
#[kernel]
fn both(x: u32) -> u32 {
    let a: u32 = here::same(x);
    let b: u32 = there::same(a);
    b
}

#[test]
fn kernels_stand_anywhere() {
    #[kernel]
    fn inside(x: u32) -> u32 {
        x * 2
    }
    fn other() -> u32 {
        #[kernel]
        fn inside(x: u32) -> u32 {
            x * 3
        }
        inside(5)
    }
    for setup in setups() {
        assert_same(&setup.name, &setup.map::<plus>((&[2.0f32], 3.0)).run().unwrap().read().unwrap(), &[5.0]);
        assert_same(
            &setup.name,
            &setup.map::<times>((&[2.0f32], 3.0)).run().unwrap().read().unwrap(),
            &[6.0],
        );
        assert_same(&setup.name, &setup.map::<both>((&[2u32],)).run().unwrap().read().unwrap(), &[4]);
        assert_same(&setup.name, &setup.map::<inside>((&[2u32],)).run().unwrap().read().unwrap(), &[4]);
    }
    assert_eq!(other(), 15);
}

#[kernel]
fn seven() -> u32 {
    7
}

#[kernel]
fn twelve(
    a: u32,
    b: u32,
    c: u32,
    d: u32,
    e: u32,
    f: u32,
    g: u32,
    h: u32,
    i: u32,
    j: u32,
    k: u32,
    l: u32,
) -> (u32, u32, u32, u32) {
    (a + b + c, d + e + f, g + h + i, j + k + l)
}

#[kernel]
fn many_in_place(a: &mut u32, b: &mut i32, c: &mut f32, d: &mut u8, at: Cell, i: Index) -> (u32, u8) {
    *a += at.x;
    *b -= at.y as i32;
    *c *= 2.0;
    let old = *d;
    *d = i as u8;
    (i, old)
}

#[test]
fn few_and_many_parameters() {
    for setup in setups() {
        assert_same(&setup.name, &setup.map::<seven>(()).over(33).run().unwrap().read().unwrap(), &[7; 33]);
        let v: Vec<Vec<u32>> = (0..12).map(|k| vec![1 << k; 50]).collect();
        let z = setup
            .map::<twelve>((
                &v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &v[6], &v[7], &v[8], &v[9], &v[10], &v[11],
            ))
            .run()
            .unwrap();
        assert_same(&setup.name, &z.3.read().unwrap(), &[512 + 1024 + 2048; 50]);
        let (w, h) = (301, 20);
        let (mut a, mut b, mut c, mut d) =
            (vec![5u32; w * h], vec![9i32; w * h], vec![1.5f32; w * h], vec![200u8; w * h]);
        let (i, old) =
            setup.map::<many_in_place>((&mut a, &mut b, &mut c, &mut d)).over((w, h)).run().unwrap();
        for y in 0..h {
            for x in 0..w {
                let at = y * w + x;
                assert_eq!(
                    (a[at], b[at], c[at], d[at]),
                    (5 + x as u32, 9 - y as i32, 3.0, at as u8),
                    "{} at {x}, {y}",
                    setup.name
                );
            }
        }
        assert_same(&setup.name, &i.read().unwrap(), &(0..(w * h) as u32).collect::<Vec<_>>());
        assert_same(&setup.name, &old.read().unwrap(), &vec![200; w * h]);
    }
}

// ---- what strict floats may not become

#[kernel(strict)]
fn strict_parts(x: f32, y: f32, z: f32) -> (f32, f32, f32, f32) {
    (x * y - z, z - x * y, x * y - y * z, (x * y + z) * x)
}

#[kernel(strict)]
fn strict_squares(x: f32, y: f32, z: f32) -> (f32, f32, f32, f32) {
    (x * x - y * y, x * x + y * y, (x - y) + (z - x), x * y + x * z)
}

#[kernel(strict)]
fn strict_rest(x: f32, y: f32, z: f32) -> (f32, f32, f32, f32) {
    (x / y * y, (x + y) - y, x * 3.0 * y, x * y * z)
}

#[test]
fn strict_is_strict_part_by_part() {
    let mut random = manylane_testkit::Random::new("strict_is_strict");
    let [x, y, z] = [(); 3].map(|()| random.many(5_000, |r| r.float(-10.0, 10.0)));
    let of = |f: fn(f32, f32, f32) -> f32| (0..5_000).map(|i| f(x[i], y[i], z[i])).collect::<Vec<f32>>();
    let mut wrong = Vec::new();
    for setup in setups().into_iter().filter(|setup| !setup.own_floats()) {
        let mut check = |what: &str, found: Array<f32>, expected: Vec<f32>| {
            let found = found.to_vec().unwrap();
            let count = found.iter().zip(&expected).filter(|(a, b)| a.to_bits() != b.to_bits()).count();
            if count > 0 {
                wrong.push(format!("{what} on {}: {count}", setup.name));
            }
        };
        let p = setup.map::<strict_parts>((&x, &y, &z)).run().unwrap();
        check("x * y - z", p.0, of(|x, y, z| x * y - z));
        check("z - x * y", p.1, of(|x, y, z| z - x * y));
        check("x * y - y * z", p.2, of(|x, y, z| x * y - y * z));
        check("(x * y + z) * x", p.3, of(|x, y, z| (x * y + z) * x));
        let p = setup.map::<strict_squares>((&x, &y, &z)).run().unwrap();
        check("x * x - y * y", p.0, of(|x, y, _| x * x - y * y));
        check("x * x + y * y", p.1, of(|x, y, _| x * x + y * y));
        check("(x - y) + (z - x)", p.2, of(|x, y, z| (x - y) + (z - x)));
        check("x * y + x * z", p.3, of(|x, y, z| x * y + x * z));
        let p = setup.map::<strict_rest>((&x, &y, &z)).run().unwrap();
        check("x / y * y", p.0, of(|x, y, _| x / y * y));
        check("(x + y) - y", p.1, of(|x, y, _| (x + y) - y));
        check("x * 3 * y", p.2, of(|x, y, _| x * 3.0 * y));
        check("x * y * z", p.3, of(|x, y, z| x * y * z));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
