//! What kernels read and write beside their own element: slices, arrays, shared places, generators, pictures.

use manylane::f16;
use manylane::prelude::*;
use manylane_testkit::{Random as Numbers, Setup, Tolerance, assert_close, assert_same};

use crate::Property;
use crate::kernels::memory::{self as kernels, *};

pub const ALL: &[Property] = &[
    ("gathers", gathers),
    ("linear_reads", linear_reads),
    ("sparse_rows", sparse_rows),
    ("uniform_arrays", uniform_arrays),
    ("private_arrays", private_arrays),
    ("computed_channels", computed_channels),
    ("outer_constants", outer_constants),
    ("narrow_elements", narrow_elements),
    ("wide_elements", wide_elements),
    ("shared_places", shared_places),
    ("work_lists", work_lists),
    ("draws_of_a_generator", random_numbers),
    ("pictures_anywhere", pictures_anywhere),
    ("uniform_structs", uniform_structs),
    ("masked_places", masked_places),
    ("pictures_far_away", pictures_far_away),
    ("borders", borders),
    ("out_of_bounds", out_of_bounds),
    ("out_of_bounds_over_rows", out_of_bounds_over_rows),
    ("endless_loops_end", endless_loops_end),
];

fn gathers(setup: &Setup) {
    let mut random = Numbers::new("gathers");
    for n in [0, 1, 15, 33, 4_097] {
        let xs = random.many(1_013, |r| r.below(1 << 20) as f32 / 7.0);
        let i = random.many(n, |r| r.below(1_013) as u32);
        let expected: Vec<f32> = i.iter().map(|&i| xs[i as usize]).collect();
        // Borrowed, and as an array.
        let found = setup.map::<pick>((&i, &xs)).run().unwrap();
        assert_same(format!("{n}, borrowed"), &found.read().unwrap(), &expected);
        let array = setup.runtime().array(xs.clone()).unwrap();
        let found = setup.map::<pick>((&i, &array)).run().unwrap();
        assert_same(format!("{n}, an array"), &found.read().unwrap(), &expected);

        let px = random.many(77, |r| [r.below(9) as f32, r.below(9) as f32, r.below(9) as f32]);
        let bytes: Vec<u8> = (0..77).map(|k| (k * 3 + 1) as u8).collect();
        let i: Vec<u32> = i.iter().map(|i| i % 77).collect();
        let (sums, found) = setup.map::<pick_pixel>((&i, &px, &bytes)).run().unwrap();
        let expected: Vec<f32> = i
            .iter()
            .map(|&i| {
                let p = px[i as usize];
                p[0] + 2.0 * p[1] + 4.0 * p[2]
            })
            .collect();
        assert_same(format!("{n}, pixels"), &sums.read().unwrap(), &expected);
        let expected: Vec<u32> = i.iter().map(|&i| u32::from(bytes[i as usize])).collect();
        assert_same(format!("{n}, bytes"), &found.read().unwrap(), &expected);
    }
}

fn linear_reads(setup: &Setup) {
    for n in [1usize, 2, 31, 64, 1_000, 9_001] {
        let xs: Vec<i32> = (0..n as i32).map(|k| k * k % 1_009).collect();
        let first: i32 = xs.iter().take(3).sum();
        let expected: Vec<i32> =
            (0..n).map(|i| first + if i + 1 < n { xs[i + 1] - xs[i] } else { 0 }).collect();
        let found = setup.map::<differences>((&xs,)).over(n).run().unwrap();
        assert_same(format!("{n}"), &found.read().unwrap(), &expected);
    }
}

fn sparse_rows(setup: &Setup) {
    let mut random = Numbers::new("sparse");
    let (rows, columns) = (501usize, 300usize);
    let mut start = vec![0u32];
    let (mut column, mut value) = (Vec::new(), Vec::new());
    for r in 0..rows {
        let length = if r == 77 {
            290
        } else if r % 3 == 0 {
            0
        } else {
            random.below(12)
        };
        for _ in 0..length {
            column.push(random.below(columns) as u32);
            value.push(random.below(100) as f32 - 50.0);
        }
        start.push(column.len() as u32);
    }
    let x = random.many(columns, |r| r.below(64) as f32 / 4.0);
    let expected: Vec<f32> = (0..rows)
        .map(|r| {
            let row = start[r] as usize..start[r + 1] as usize;
            // Small whole numbers over 4: every partial sum is exact, so any rounding will do.
            row.fold(0.0, |sum, k| sum + value[k] * x[column[k] as usize])
        })
        .collect();
    let found = setup.map::<sparse_row>((&start, &column, &value, &x)).over(rows).run().unwrap();
    assert_same("rows", &found.read().unwrap(), &expected);
}

fn uniform_arrays(setup: &Setup) {
    let w: [f32; 9] = std::array::from_fn(|k| k as f32 * 0.25 - 1.0);
    let few = [3, -4, 5];
    let x: Vec<u32> = (0..203).map(|k| k * 7 % 64).collect();
    let all: f32 = w[0] + (1..9).map(|k| w[k] * k as f32).sum::<f32>();
    let expected: Vec<f32> =
        x.iter().map(|&x| all + w[(x % 9) as usize] + (few[(x % 3) as usize] * few[1]) as f32).collect();
    let found = setup.map::<weighted>((&x, w, few)).run().unwrap();
    assert_same("quarters are exact", &found.read().unwrap(), &expected);
}

fn private_arrays(setup: &Setup) {
    let mut random = Numbers::new("private");
    let columns: Vec<Vec<i32>> =
        (0..5).map(|_| random.many(301, |r| r.below(2_000) as i32 - 1_000)).collect();
    let expected: Vec<i32> = (0..301)
        .map(|i| {
            let mut five: Vec<i32> = columns.iter().map(|column| column[i]).collect();
            five.sort_unstable();
            five[2]
        })
        .collect();
    let [a, b, c, d, e] = &columns[..] else { panic!("five columns") };
    let found = setup.map::<median_of_five>((a, b, c, d, e)).run().unwrap();
    assert_same("medians", &found.read().unwrap(), &expected);

    let x = random.many(1_003, |r| r.below(1 << 31) as u32);
    let base: Vec<u32> = x.iter().map(|x| x % 7 + 2).collect();
    let expected: Vec<u32> = x
        .iter()
        .zip(&base)
        .map(|(&x, &base)| {
            let (mut counts, mut n) = ([0u32; 8], x);
            loop {
                counts[(n % base) as usize] += 1;
                n /= base;
                if n == 0 {
                    break;
                }
            }
            counts.iter().fold(0u32, |most, count| most.wrapping_mul(5).wrapping_add(*count))
        })
        .collect();
    let found = setup.map::<digits>((&x, &base)).run().unwrap();
    assert_same("digits", &found.read().unwrap(), &expected);

    let found = setup.map::<lookup>(&x).run().unwrap();
    let expected: Vec<i32> = x.iter().map(|x| ((x & 7) * (x & 7)) as i32 - 3).collect();
    assert_same("a table of constants", &found.read().unwrap(), &expected);
}

fn computed_channels(setup: &Setup) {
    let px: Vec<[f32; 4]> = (0..99).map(|k| [k as f32, 2.0, -3.5, k as f32 / 2.0]).collect();
    let k: Vec<u32> = (0..99).map(|k| k * 5 % 11).collect();
    let expected: Vec<[f32; 4]> = px
        .iter()
        .zip(&k)
        .map(|(px, k)| {
            let (mut out, at) = (*px, (k % 4) as usize);
            out[at] = px[3 - at] + 1.0;
            out[0] += 0.5;
            out
        })
        .collect();
    let found = setup.map::<swap_channel>((&px, &k)).run().unwrap();
    assert_same("channels", &found.read().unwrap(), &expected);
}

fn outer_constants(setup: &Setup) {
    let found = setup.map::<nowhere>(&[1.0f32, f32::NEG_INFINITY, f32::NAN][..]).run().unwrap();
    assert_same("infinity", &found.read().unwrap(), &[0, 1, 0]);
}

fn narrow_elements(setup: &Setup) {
    let mut random = Numbers::new("narrow");
    for n in [1usize, 2, 3, 5, 31, 1_003] {
        let (a, b) = (random.many(n, |r| r.below(256) as i8), random.many(n, |r| r.below(65_536) as u16));
        let c = random.many(n, |r| r.below(65_536) as i16);
        // Every exponent, subnormals and infinities; NaN is compared as a float below.
        let h = random.many(n, |r| f16::from_bits(r.below(65_536) as u16));
        let (x, y, z, w) = setup.map::<narrow>((&a, &b, &c, &h)).run().unwrap();
        let sum = |i: usize| i32::from(a[i]) * 3 + i32::from(c[i]);
        let expected: Vec<i8> = (0..n).map(|i| sum(i) as i8).collect();
        assert_same(format!("{n}, i8"), &x.read().unwrap(), &expected);
        let expected: Vec<u16> = (0..n).map(|i| (u32::from(b[i]) + 7) as u16).collect();
        assert_same(format!("{n}, u16"), &y.read().unwrap(), &expected);
        let expected: Vec<i16> = (0..n).map(|i| (sum(i) - 40_000) as i16).collect();
        assert_same(format!("{n}, i16"), &z.read().unwrap(), &expected);
        let w = w.read().unwrap();
        for i in 0..n {
            // Two roundings or one: the sum is a float either way, the half is the nearest to one of the two.
            let (two, one) =
                (h[i].to_f32() * 1.5 + f32::from(b[i]), h[i].to_f32().mul_add(1.5, f32::from(b[i])));
            let near = [f16::from_f32(two), f16::from_f32(one)];
            let nan = near[0].to_f32().is_nan() && w[i].to_f32().is_nan();
            assert!(nan || near.contains(&w[i]), "{n}, place {i}: {:?} of {near:?}", w[i]);
        }
    }
}

fn wide_elements(setup: &Setup) {
    let mut random = Numbers::new("wide");
    let word = |r: &mut Numbers| (r.below(1 << 32) as u64) << 32 | r.below(1 << 32) as u64;
    for n in [1usize, 9, 1_003] {
        let a = random.many(n, |r| word(r) as i64 >> 8);
        let b = random.many(n, word);
        let x = random.many(n, |r| r.below(1 << 40) as f64 / 3.0);
        let k = random.many(n, |r| r.below(9) as i32 - 4);
        let launch = setup.map::<wide>((&a, &b, &x, &k));
        if matches!(setup.target, Target::Gpu(_)) {
            assert_eq!(launch.run().unwrap_err().kind(), ErrorKind::UnsupportedType);
            continue;
        }
        let (sums, rest, floats) = launch.run().unwrap();
        let (sums, rest, floats) = (sums.read().unwrap(), rest.read().unwrap(), floats.read().unwrap());
        for i in 0..n {
            let (mut sum, mut left, mut turns) = (a[i], b[i], 0);
            while left > 1 && turns < 9 {
                sum = sum.wrapping_add((left >> 3) as i64 ^ i64::from(k[i]));
                left /= 3;
                turns += 1;
                if sum < 0 {
                    break;
                }
            }
            let y = if k[i] > 0 { x[i].sqrt() + f64::from(k[i]) } else { x[i] * 0.1 };
            let half = (u128::from(b[i]) * u128::from(left + 3)) >> 64;
            let halves = half as u64 ^ ((i128::from(a[i]) * i128::from(sum)) >> 64) as u64;
            let want = (
                sum,
                left.rotate_left(7).wrapping_add(u64::from(b[i].count_ones())).wrapping_add(halves),
                (y - x[i].floor()).min(1e300),
            );
            assert_eq!((sums[i], rest[i], floats[i]), want, "{n}, place {i}");
        }
    }
}

fn shared_places(setup: &Setup) {
    let mut random = Numbers::new("shared");
    for n in [1usize, 100, 50_021] {
        let mut x = random.many(n, |r| r.below(2_000) as f32 / 1_000.0 - 1.0);
        x[n / 2] = f32::NAN;
        let bins = Atomics::new(37);
        setup.map::<kernels::count>((&x, -0.9, 0.05, &bins)).run().unwrap();
        let mut expected = vec![0u32; 37];
        for x in &x {
            let place = (x + 0.9) / 0.05;
            if (0.0..37.0).contains(&place) {
                expected[place as usize] += 1;
            }
        }
        if setup.own_floats() {
            let (found, wanted) = (bins.to_vec().iter().sum::<u32>(), expected.iter().sum::<u32>());
            assert!(found.abs_diff(wanted) <= 2, "{n}: {found} of {wanted}");
        } else {
            assert_same(format!("{n}, a histogram"), &bins.to_vec(), &expected);
        }

        let x = random.many(n, |r| r.below(1 << 20) as i32 - (1 << 19));
        let f = random.many(n, |r| r.below(16) as f32);
        let (least, most) = (Atomics::filled(4, i32::MAX), Atomics::filled(4, i32::MIN));
        let (bits, sum) = (Atomics::from(vec![7u32; 4]), Atomics::from(vec![0.5f32; 4]));
        setup.map::<collect>((&x, &f, &least, &most, &bits, &sum)).run().unwrap();
        let (mut want_least, mut want_most) = ([i32::MAX; 4], [i32::MIN; 4]);
        let (mut want_bits, mut want_sum) = ([7u32; 4], [0.5f32; 4]);
        for (x, f) in x.iter().zip(&f) {
            let at = (x & 3) as usize;
            want_least[at] = want_least[at].min(*x);
            want_most[at] = want_most[at].max(*x);
            want_bits[at] ^= *x as u32;
            want_sum[at] += f;
        }
        assert_same(format!("{n}, least"), &least.to_vec(), &want_least);
        assert_same(format!("{n}, most"), &most.to_vec(), &want_most);
        assert_same(format!("{n}, bits"), &bits.to_vec(), &want_bits);
        assert_same(format!("{n}, whole sums are exact"), &sum.to_vec(), &want_sum);
    }
}

fn work_lists(setup: &Setup) {
    let x: Vec<i32> = (0..10_007).map(|k| (k * 7919) % 13 - 6).collect();
    let wanted: Vec<u32> = (0..x.len() as u32).filter(|&i| x[i as usize] > 0).collect();
    let (taken, list) = (Atomics::new(1), Atomics::new(x.len()));
    setup.map::<enlist>((&x, &taken, &list)).run().unwrap();
    assert_eq!(taken.to_vec(), [wanted.len() as u32]);
    let mut found = list.to_vec()[..wanted.len()].to_vec();
    found.sort_unstable();
    assert_same("each once", &found, &wanted);
}

fn random_numbers(setup: &Setup) {
    let x: Vec<f32> = (0..5_003).map(|k| (k % 3) as f32 * 0.2).collect();
    for seed in [0u64, 42, u64::MAX - 5] {
        let (first, second) = setup.map::<draws>((&x, seed)).run().unwrap();
        let (first, second) = (first.read().unwrap(), second.read().unwrap());
        for (i, &x) in x.iter().enumerate() {
            let rng = Random::new(seed, i as u32);
            let f = rng.f32();
            let mut u = 0;
            if f + x > 0.5 {
                u = rng.u32();
            }
            assert_eq!((first[i], second[i]), (f, u ^ rng.u32()), "seed {seed}, place {i}");
            assert!((0.0..1.0).contains(&f));
        }
        let below: Vec<u32> = (0..x.len() as u32).map(|k| k * k % 31).collect();
        let (y, n, range) = setup.map::<kernels::draws_of_kinds>((&below, seed)).run().unwrap();
        let (y, n, range) = (y.read().unwrap(), n.read().unwrap(), range.read().unwrap());
        for (i, &below) in below.iter().enumerate() {
            let rng = Random::new(seed, i as u32);
            let (first, below) = (rng.normal(), rng.below(below));
            // The half is exact, so it is the same whether the sum is fused or not.
            let sum = if below > 3 { first + 0.5 * rng.normal() } else { first };
            let least = -(i as i32 * i as i32 % 31);
            assert_eq!((y[i], n[i], range[i]), (sum, below, rng.range(least, 6)), "seed {seed}, place {i}");
        }
        let mean = first.iter().sum::<f32>() / first.len() as f32;
        assert!((mean - 0.5).abs() < 0.02, "the mean of {} is {mean}", first.len());
    }
}

/// What a border means, cell by cell.
fn cell(src: &[f32], (w, h): (usize, usize), x: i64, y: i64, border: Border) -> f32 {
    let (w, h) = (w as i64, h as i64);
    let mirrored = |i: i64, n: i64| {
        // Far away it is the same every two lengths.
        let mut i = if i.abs() > 1_000 { i.rem_euclid(2 * (n - 1).max(1)) } else { i };
        while n > 1 && !(0..n).contains(&i) {
            i = if i < 0 { -i } else { 2 * (n - 1) - i };
        }
        if n == 1 { 0 } else { i }
    };
    let inside = (0..w).contains(&x) && (0..h).contains(&y);
    let (x, y) = match border {
        Border::Constant(value) if !inside => return value as f32,
        Border::Reflect => (mirrored(x, w), mirrored(y, h)),
        Border::Wrap => (x.rem_euclid(w), y.rem_euclid(h)),
        _ => (x.clamp(0, w - 1), y.clamp(0, h - 1)),
    };
    src[(y * w + x) as usize]
}

const BORDERS: [Border; 4] = [Border::Clamp, Border::Constant(-2.5), Border::Reflect, Border::Wrap];

fn pictures_anywhere(setup: &Setup) {
    for (w, h) in [(1, 1), (1, 9), (17, 1), (31, 17), (67, 5)] {
        let src: Vec<f32> = (0..w * h).map(|k| (k * 37 % 101) as f32).collect();
        for (border, far) in BORDERS.into_iter().zip([2, 40, -3, 100]) {
            let found =
                setup.map::<anywhere>(((&src, (w, h)), far)).over((w, h)).border(border).run().unwrap();
            let at = |x: i64, y: i64| cell(&src, (w, h), x, y, border);
            let expected: Vec<f32> = (0..(w * h) as i64)
                .map(|p| {
                    let (cx, cy) = (p % w as i64, p / w as i64);
                    let x = (cx * 7) % 13 - i64::from(far);
                    at(x, cy * 3 - 5) + 2.0 * at(cx + (x & 3), cy - i64::from(far))
                })
                .collect();
            assert_same(format!("{w}x{h}, {border:?}"), &found.read().unwrap(), &expected);
        }
    }
}

fn uniform_structs(setup: &Setup) {
    let view = View { x0: 0.5, dx: -2.0, steps: 9, shift: -3, unused: 1 };
    for n in [0, 1, 33, 5_000] {
        let x: Vec<f32> = (0..n).map(|k| k as f32 * 0.25).collect();
        let (at, counts) = setup.map::<framed>((&x, view, 4.0)).run().unwrap();
        let expected: Vec<f32> = x.iter().map(|x| 0.5 - 8.0 * x).collect();
        assert_same(format!("{n}"), &at.read().unwrap(), &expected);
        let expected: Vec<u32> = (0..n).map(|i| (i - 3).clamp(0, 9) as u32).collect();
        assert_same(format!("{n}"), &counts.read().unwrap(), &expected);
    }
    // Called as what it is.
    assert_eq!(framed(1.0, view, 1.0, 4), (-1.5, 1));
}

fn masked_places(setup: &Setup) {
    let mut random = Numbers::new("masked places");
    let px: Vec<[u8; 3]> = (0..64).map(|k| [k, 7, 255 - k]).collect();
    let table: [u32; 20] = std::array::from_fn(|k| k as u32 * 11 + 1);
    for (n, length) in [(0, 64), (1, 64), (33, 70), (4_097, 64), (1_000, 500)] {
        let xs = random.many(length, |r| r.below(1 << 20) as f32);
        let i = random.many(n, |r| r.below(u32::MAX as usize) as u32);
        let (sums, bytes, words) = setup.map::<masked>((&i, &xs, &px, table)).run().unwrap();
        let each = |f: &dyn Fn(usize) -> f32| i.iter().map(|i| f(*i as usize)).collect::<Vec<f32>>();
        assert_same(format!("{n}"), &sums.read().unwrap(), &each(&|i| xs[i & 63] + xs[i >> 27]));
        let expected: Vec<u32> =
            i.iter().map(|i| px[(i % 50) as usize]).map(|p| u32::from(p[0]) + u32::from(p[2])).collect();
        assert_eq!(&*bytes.read().unwrap(), expected, "{n}");
        let expected: Vec<u32> = i.iter().map(|i| table[(i & 15) as usize]).collect();
        assert_eq!(&*words.read().unwrap(), expected, "{n}");
    }
    // Too short for the mask, but long enough for what is asked; then not.
    let xs: Vec<f32> = (0..40).map(|k| k as f32).collect();
    let mut i: Vec<u32> = (0..3_000).map(|k| k % 40).collect();
    let (sums, ..) = setup.map::<masked>((&i, &xs, &px, table)).run().unwrap();
    let expected: Vec<f32> = i.iter().map(|i| *i as f32).collect();
    assert_same("a short slice", &sums.read().unwrap(), &expected);
    (i[1_234], i[2_222]) = (41, 63);
    let error =
        setup.map::<masked>((&i, &xs, &px, table)).run().and_then(|(sums, ..)| sums.read().map(|_| ()));
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfBounds, "{error}");
    let text = error.to_string();
    assert!(text.contains("place 1234") && text.contains("element 41 of `xs`"), "{text}");
}

fn pictures_far_away(setup: &Setup) {
    let far = [0, 1, -9, 1 << 30, i32::MAX, i32::MAX - 5, i32::MIN + 3, -(1 << 30)];
    for (w, h) in [(1, 1), (1, 9), (17, 3), (40, 7)] {
        let src: Vec<f32> = (0..w * h).map(|k| (k * 37 % 101) as f32).collect();
        for border in BORDERS {
            for (dx, dy) in far.iter().flat_map(|dx| [(*dx, 1), (-2, *dx), (*dx, *dx)]) {
                let found = setup
                    .map::<far_away>(((&src, (w, h)), dx, dy))
                    .over((w, h))
                    .border(border)
                    .run()
                    .unwrap();
                let at = |x: i64, y: i64| cell(&src, (w, h), x, y, border);
                let expected: Vec<f32> = (0..(w * h) as i64)
                    .map(|p| {
                        let (x, y) = (p % w as i64, p / w as i64 + i64::from(dy));
                        at(x + i64::from(dx), y) + 2.0 * at(x + i64::from(dx) - (x & 3), y)
                    })
                    .collect();
                assert_same(format!("{w}x{h}, {border:?}, {dx}, {dy}"), &found.read().unwrap(), &expected);
            }
        }
    }
}

fn borders(setup: &Setup) {
    for (w, h) in [(1, 1), (2, 40), (33, 2), (70, 13)] {
        let src: Vec<f32> = (0..w * h).map(|k| (k * 29 % 64) as f32).collect();
        for border in BORDERS {
            let found = setup.map::<around>(((&src, (w, h)),)).over((w, h)).border(border).run().unwrap();
            let expected: Vec<f32> = (0..(w * h) as i64)
                .map(|p| {
                    let (cx, cy) = (p % w as i64, p / w as i64);
                    let mut sum = 0.0;
                    for dy in -3..=3i64 {
                        for dx in -3..=3i64 {
                            sum += cell(&src, (w, h), cx + dx, cy + dy, border) * (dx + 4 * dy) as f32;
                        }
                    }
                    sum
                })
                .collect();
            assert_close(
                format!("{w}x{h}, {border:?}, halves of small numbers"),
                &found.read().unwrap(),
                &expected,
                Tolerance::Exact,
            );
        }
    }
}

fn out_of_bounds(setup: &Setup) {
    // Four times too far; the lowest is told, whoever is asked first.
    let xs = vec![1.0f32; 500];
    let mut i: Vec<u32> = (0..9_001).map(|k| k % 500).collect();
    for (place, index) in [(8_999, 501), (4_242, 500), (4_243, u32::MAX), (9_000, 1 << 31)] {
        i[place] = index;
    }
    let error = setup.map::<pick>((&i, &xs)).run().and_then(|found| found.read().map(|_| ())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfBounds, "{error}");
    let text = error.to_string();
    for part in ["pick", "place 4242", "element 500 of `xs`", "which has 500"] {
        assert!(text.contains(part), "{text:?} does not say {part:?}");
    }

    // An array that was to be written has no values then, whoever was to write them, until it is written anew.
    let mut into = setup.runtime().array(vec![7.0f32; 9_001]).unwrap();
    let error = setup.map::<pick>((&i, &xs)).run_into(&mut into).and_then(|()| into.read().map(|_| ()));
    assert_eq!(error.unwrap_err().kind(), ErrorKind::OutOfBounds);
    assert_eq!(into.read().map(|_| ()).unwrap_err().kind(), ErrorKind::OutOfBounds);
    i.iter_mut().for_each(|i| *i %= 500);
    setup.map::<pick>((&i, &xs)).run_into(&mut into).unwrap();
    assert_eq!(*into.read().unwrap(), vec![1.0f32; 9_001]);

    // In a private array, and in shared places, which stay whole.
    let x = vec![9u32; 40];
    let mut base = vec![3u32; 40];
    base[17] = 11;
    let error =
        setup.map::<digits>((&x, &base)).run().and_then(|found| found.read().map(|_| ())).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("place 17") && text.contains("element 9 of `counts`, which has 8"), "{text}");

    let few = Atomics::new(3);
    let shared = setup.map::<enlist>((&[1, 1, 1, 1, 1][..], &Atomics::new(1), &few)).run();
    let error = shared.unwrap_err();
    assert!(error.to_string().contains("of `list`, which has 3"), "{error}");

    // The next launch is as good as ever.
    i.truncate(4_000);
    assert!(setup.map::<pick>((&i, &xs)).run().unwrap().read().unwrap().iter().all(|x| *x == 1.0));
}

/// Where vectors lie over two rows a fault has the place of its own row.
fn out_of_bounds_over_rows(setup: &Setup) {
    let (w, h) = (70, 9);
    let table: Vec<u32> = (0..10).collect();
    let cells: Vec<u32> = (0..w * h).map(|at| at as u32 % 10).collect();
    let picture = setup.runtime().picture(cells.clone(), (w, h)).unwrap();
    let run = |picture: &Array<u32>| {
        setup
            .map::<between>((picture, &table))
            .run()
            .and_then(|found| found.read().map(|found| found.to_vec()))
    };
    let cell = |x: usize, y: usize| cells[y.min(h - 1) * w + x];
    let want = |at: usize| {
        let (x, y) = (at % w, at / w);
        cell(x, y.saturating_sub(1)) * 100 + cell(x, y) + cell(x, y + 1)
    };
    assert_eq!(run(&picture).unwrap(), (0..w * h).map(want).collect::<Vec<u32>>());
    for faults in [&[(3, 40), (4, 2)][..], &[(5, 1)], &[(4, 69), (5, 0)], &[(8, 33)], &[(7, 64), (6, 65)]] {
        let mut cells = cells.clone();
        faults.iter().for_each(|(y, x)| cells[y * w + x] = 10);
        let place = faults.iter().map(|(y, x)| y * w + x).min().unwrap();
        let picture = setup.runtime().picture(cells, (w, h)).unwrap();
        let text = run(&picture).unwrap_err().to_string();
        assert!(
            text.contains(&format!("place {place} it asked for element 10 of `table`")),
            "{faults:?}: {text}"
        );
    }
}

fn endless_loops_end(setup: &Setup) {
    let mut x = vec![1u32; 10_000];
    x[5_000] = 0;
    let deadline = std::time::Duration::from_millis(300);
    let start = std::time::Instant::now();
    let launch = setup.map::<forever>(&x).deadline(if setup.uses_gpu() { deadline * 20 } else { deadline });
    let error = launch.loop_budget(1 << 22).run().and_then(|found| found.read().map(|_| ())).unwrap_err();
    let took = start.elapsed();
    assert!(matches!(error.kind(), ErrorKind::Deadline | ErrorKind::LoopLimit), "{error}");
    let limit = if setup.uses_gpu() { deadline * 20 } else { deadline } + std::time::Duration::from_secs(1);
    assert!(took < limit, "{took:?}: {error}");
    x[5_000] = 3;
    let next = setup.map::<forever>(&x).run().unwrap();
    assert_eq!(next.read().unwrap()[5_000], 3, "the next launch works");
}
