//! Arrays of more than 2^32 elements on the CPU's targets.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]
#![cfg(target_pointer_width = "64")]

use std::sync::OnceLock;

use manylane::prelude::*;
use manylane::shape::CHUNK;

const EDGE: usize = 1 << 32;
const LEN: usize = EDGE + 3 * CHUNK + 7;

/// Where the few elements are that are not 0, and what they are.
const MARKS: [(usize, u8); 8] = [
    (0, 1),
    (5, 2),
    (EDGE - CHUNK, 30),
    (EDGE - 1, 4),
    (EDGE, 50),
    (EDGE + 1, 6),
    (EDGE + CHUNK + 3, 200),
    (LEN - 1, 8),
];

#[kernel]
fn widen(x: u8) -> u32 {
    x as u32
}

#[kernel]
fn looked_up(x: u8, table: &[u32]) -> u32 {
    table[x as usize]
}

#[kernel]
fn placed(x: u8, i: Index) -> u32 {
    x as u32 + i
}

#[kernel]
fn drawn(x: u8, rng: Random) -> u32 {
    x as u32 + rng.u32()
}

#[kernel]
fn anywhere(i: u32, xs: &[u8]) -> u32 {
    xs[i as usize] as u32
}

#[kernel]
fn raise(x: &mut u8) {
    *x = (*x as u32 + 1) as u8;
}

/// Bytes that the system could give now, where it says so.
fn available() -> Option<u64> {
    let info = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = info.lines().find(|line| line.starts_with("MemAvailable:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? << 10)
}

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::builder().threads(2).build().unwrap())
}

/// The array: zeros that take no memory until they are touched, but for the marks.
fn large() -> Option<Array<u8>> {
    match available() {
        Some(bytes) if bytes >= 12 << 30 => {
            let mut data = vec![0u8; LEN];
            for (place, value) in MARKS {
                data[place] = value;
            }
            Some(runtime().array(data).unwrap())
        }
        Some(bytes) => {
            eprintln!(
                "SKIPPED: it needs 12 GiB of memory to be on the safe side, and {} MiB are left",
                bytes >> 20
            );
            None
        }
        None => {
            eprintln!("SKIPPED: this system does not say how much memory is left");
            None
        }
    }
}

/// One test, so that one array at a time is there.
#[test]
fn an_array_may_have_more_elements_than_a_u32_counts() {
    let Some(mut array) = large() else { return };
    let rt = runtime();
    assert_eq!(array.len(), LEN);
    let sum: u32 = MARKS.iter().map(|(_, value)| u32::from(*value)).sum();
    for target in [Target::Simd, Target::Threads] {
        assert_eq!(rt.map::<widen>((&array,)).on(target).sum().unwrap(), sum, "{target}");
        assert_eq!(rt.map::<widen>((&array,)).on(target).max().unwrap(), 200, "{target}");
    }
    let threads = rt.map::<widen>((&array,)).on(Target::Threads);
    assert_eq!(threads.mapping(Mapping::WorkStealing).sum().unwrap(), sum);

    views(rt, &array);
    refusals(rt, &array);

    // The place of a fault, not what 32 bits are left of it: the lowest of those that ask for too much.
    let table = vec![1u32; 40];
    for target in [Target::Simd, Target::Threads] {
        let error = rt.map::<looked_up>((&array, &table)).on(target).sum().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutOfBounds);
        assert!(error.to_string().contains(&format!("place {EDGE} ")), "{target}: {error}");
        assert!(error.to_string().contains("element 50 "), "{target}: {error}");
    }

    // A part around the edge, in place; what is outside stays.
    rt.map::<raise>((array.slice_mut(EDGE - 2..EDGE + 3).unwrap(),)).on(Target::Threads).run().unwrap();
    assert_eq!(array.read_span(EDGE - 3..EDGE + 4).unwrap()[..], [0, 1, 5, 51, 7, 1, 0]);
    // And results written to one.
    let row = [9u8, 8, 7];
    rt.map::<same>((&row,)).run_into(array.slice_mut(LEN - 4..LEN - 1).unwrap()).unwrap();
    assert_eq!(array.read_span(LEN - 5..).unwrap()[..], [0, 9, 8, 7, 8]);
    assert_eq!(rt.map::<widen>((&array,)).on(Target::Simd).sum().unwrap(), sum + 5 + 24);
}

#[kernel]
fn same(x: u8) -> u8 {
    x
}

fn views(rt: &Runtime, array: &Array<u8>) {
    let mut near = vec![0u8; 2 * CHUNK];
    let range = EDGE - CHUNK..EDGE + CHUNK;
    for (place, value) in MARKS {
        if range.contains(&place) {
            near[place - range.start] = value;
        }
    }
    let view = array.slice(range).unwrap();
    assert!(view.to_vec().unwrap() == near);
    let wide = rt.map::<widen>((&view,)).on(Target::Simd).run().unwrap();
    assert!(wide.to_vec().unwrap().iter().zip(&near).all(|(wide, x)| *wide == u32::from(*x)));
    let step = 1usize << 30;
    assert_eq!(array.strided(0, step).unwrap().to_vec().unwrap(), [1, 0, 0, 0, 50]);
}

fn refusals(rt: &Runtime, array: &Array<u8>) {
    let told = |error: manylane::Error| {
        assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{error}");
        assert!(error.to_string().contains(&u32::MAX.to_string()), "{error}");
    };
    told(rt.map::<placed>((array,)).sum().unwrap_err());
    told(rt.map::<drawn>((array, 7)).sum().unwrap_err());
    told(rt.map::<anywhere>((&[1u32, 2], array)).sum().unwrap_err());
    let grid = array.clone().shaped((1, LEN)).unwrap();
    told(rt.map::<placed>((&grid,)).sum().unwrap_err());
}

#[kernel]
fn left_of(at: Cell, src: Image<u8>) -> u8 {
    src.near(at, -1, 0)
}

#[test]
fn a_picture_is_no_wider_than_an_i32_counts() {
    let rt = runtime();
    for shape in [(1 << 31, 0), (0, 1 << 31), (1 << 40, 0)] {
        let none = rt.picture(Vec::<u8>::new(), shape).unwrap();
        for error in [rt.map::<left_of>((&none,)).run().unwrap_err(), Image::new(&none).err().unwrap()] {
            assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{error}");
            assert!(error.to_string().contains(&i32::MAX.to_string()), "{error}");
        }
    }
}
