//! The edges of the language's one meaning, as a table: an expression, its operands, and the bits that every target gives.
//!
//! `docs/edges.md` holds the table; `MANYLANE_BLESS=1` writes it anew (the trial of the scalar target does).

use std::fmt::Write;

use manylane_testkit::Setup;

use crate::Property;
use crate::kernels::memory::f_pow;
use crate::kernels::*;

pub const ALL: &[Property] = &[("edge_table", edge_table)];

/// An expression with its operands, and its bits; NaN is one, whatever its payload.
struct Row {
    expression: String,
    bits: u32,
}

const NAN: f32 = f32::NAN;
const INF: f32 = f32::INFINITY;
const TINY: f32 = 1e-45;

fn edge_table(setup: &Setup) {
    // A GPU with its own division and roots is held to its bound elsewhere (`floats`), not to these bits.
    let found = rows(setup, setup.own_floats());
    let wanted = expected(setup.own_floats());
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(&wanted) {
        assert_eq!(found.expression, wanted.expression);
        assert_eq!(
            found.bits, wanted.bits,
            "{}: found {:#010x}, expected {:#010x}",
            found.expression, found.bits, wanted.bits
        );
    }
    assert!(wanted.len() >= 60, "{} edges", wanted.len());
    if setup.name == "scalar" {
        let text = table(&wanted);
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/edges.md");
        if std::env::var_os("MANYLANE_BLESS").is_some() {
            std::fs::write(path, &text).expect("the docs can be written");
        }
        let held = std::fs::read_to_string(path).unwrap_or_default();
        assert!(held == text, "docs/edges.md is old: MANYLANE_BLESS=1 writes it anew");
    }
}

fn table(rows: &[Row]) -> String {
    let mut text = String::from(
        "# Edges of the kernel language\n\nWritten by the test `edge_table` (`MANYLANE_BLESS=1`), which holds every target to \
         these bits: scalar, each SIMD level, threads with each mapping, GPU and split. On a GPU that divides, takes roots or \
         flushes subnormals in its own way, floats are held to a bound instead.\n\n| expression | bits | value |\n|---|---|---|\n",
    );
    for Row { expression, bits } in rows {
        let float = expression.starts_with("f32");
        let value = if float { format!("{:?}", f32::from_bits(*bits)) } else { format!("{}", *bits as i32) };
        let _ = writeln!(text, "| `{expression}` | {bits:#010x} | {value} |");
    }
    text
}

const DIVIDED: [(i32, i32); 6] = [(7, 0), (i32::MIN, -1), (i32::MIN, 0), (-7, 2), (7, -2), (0, -5)];
const UDIVIDED: [(u32, u32); 3] = [(7, 0), (u32::MAX, 0), (u32::MAX, 2)];
const SHIFTED: [(i32, u32); 6] = [(1, 32), (1, 33), (-8, 1), (-1, 31), (i32::MIN, 63), (5, u32::MAX)];
const TRUNCATED: [f32; 9] = [NAN, INF, -INF, 1e20, -1e20, 2_147_483_648.0, -0.9, 4_294_967_296.0, 255.9];
const WHOLE: [f32; 8] = [2.5, -2.5, 0.5, -0.5, 0.499_999_97, 8_388_609.0, -0.0, -INF];
const CHOSEN: [(f32, f32); 6] = [(NAN, 1.0), (1.0, NAN), (-0.0, 0.0), (0.0, -0.0), (INF, NAN), (NAN, NAN)];
const SIGNED: [(f32, f32); 4] = [(-0.0, 1.0), (0.0, -1.0), (NAN, 1.0), (-3.0, -0.0)];
const POWERS: [(f32, f32); 12] = [
    (-2.0, 2.0),
    (-2.0, 3.0),
    (-2.0, 0.5),
    (0.0, 0.0),
    (NAN, 0.0),
    (1.0, NAN),
    (0.0, -1.0),
    (-0.0, -3.0),
    (-1.0, INF),
    (0.5, -INF),
    (-INF, 3.0),
    (2.0, -149.0),
];
const DIVIDES: [(f32, f32); 4] = [(1.0, 0.0), (-1.0, 0.0), (0.0, 0.0), (TINY, 2.0)];
const ROOTS: [f32; 3] = [-1.0, -0.0, TINY];
const COMPARED: [(f32, f32); 3] = [(NAN, NAN), (-0.0, 0.0), (1.0, NAN)];

fn float(name: String, x: f32) -> Row {
    let bits = if x.is_nan() { 0x7fc0_0000 } else { x.to_bits() };
    Row { expression: format!("f32: {name}"), bits }
}

fn word(name: String, bits: u32) -> Row {
    Row { expression: name, bits }
}

/// Both operands as columns.
fn columns<A: Copy, B: Copy>(pairs: &[(A, B)]) -> (Vec<A>, Vec<B>) {
    pairs.iter().copied().unzip()
}

/// What the target gives.
fn rows(setup: &Setup, own_floats: bool) -> Vec<Row> {
    let mut rows = Vec::new();
    let (a, b) = columns(&DIVIDED);
    let (quotient, rest) = setup.map::<i_divide>((&a, &b)).run().unwrap();
    for (k, (q, r)) in quotient.read().unwrap().iter().zip(rest.read().unwrap().iter()).enumerate() {
        rows.push(word(format!("{}i32 / {}", a[k], b[k]), *q as u32));
        rows.push(word(format!("{}i32 % {}", a[k], b[k]), *r as u32));
    }
    let (a, b) = columns(&UDIVIDED);
    let (quotient, rest) = setup.map::<u_divide>((&a, &b)).run().unwrap();
    for (k, (q, r)) in quotient.read().unwrap().iter().zip(rest.read().unwrap().iter()).enumerate() {
        rows.push(word(format!("{}u32 / {}", a[k], b[k]), *q));
        rows.push(word(format!("{}u32 % {}", a[k], b[k]), *r));
    }
    let (a, n) = columns(&SHIFTED);
    let (left, right) = setup.map::<i_shifts>((&a, &n)).run().unwrap();
    for (k, (x, y)) in left.read().unwrap().iter().zip(right.read().unwrap().iter()).enumerate() {
        rows.push(word(format!("{}i32 << {}", a[k], n[k]), *x as u32));
        rows.push(word(format!("{}i32 >> {}", a[k], n[k]), *y as u32));
    }
    let (signed, unsigned, bytes) = setup.map::<cast_float>(&TRUNCATED[..]).run().unwrap();
    let (signed, unsigned, bytes) = (signed.read().unwrap(), unsigned.read().unwrap(), bytes.read().unwrap());
    for (k, x) in TRUNCATED.iter().enumerate() {
        rows.push(word(format!("{x:?} as i32"), signed[k] as u32));
        rows.push(word(format!("{x:?} as u32"), unsigned[k]));
        rows.push(word(format!("{x:?} as u8"), u32::from(bytes[k])));
    }
    let (_, _, _, rounded) = setup.map::<f_whole>(&WHOLE[..]).run().unwrap();
    for (x, y) in WHOLE.iter().zip(rounded.read().unwrap().iter()) {
        rows.push(float(format!("({x:?}).round()"), *y));
    }
    let (x, y) = columns(&CHOSEN);
    let (least, most, clamped) = setup.map::<f_choose>((&x, &y)).run().unwrap();
    let (least, most, clamped) = (least.read().unwrap(), most.read().unwrap(), clamped.read().unwrap());
    for k in 0..x.len() {
        rows.push(float(format!("({:?}).min({:?})", x[k], y[k]), least[k]));
        rows.push(float(format!("({:?}).max({:?})", x[k], y[k]), most[k]));
        rows.push(float(format!("({:?}).clamp(-1.0, 1.5) beside {:?}", x[k], y[k]), clamped[k]));
    }
    let (x, y) = columns(&SIGNED);
    let (_, _, copied, sign) = setup.map::<f_signs>((&x, &y)).run().unwrap();
    for (k, (c, s)) in copied.read().unwrap().iter().zip(sign.read().unwrap().iter()).enumerate() {
        rows.push(float(format!("({:?}).copysign({:?})", x[k], y[k]), *c));
        rows.push(float(format!("({:?}).signum() beside {:?}", x[k], y[k]), *s));
    }
    let (x, y) = columns(&COMPARED);
    let compared = setup.map::<f_compare>((&x, &y)).run().unwrap();
    for (k, bits) in compared.read().unwrap().iter().enumerate() {
        rows.push(word(format!("comparisons of {:?} and {:?}, a bit each", x[k], y[k]), *bits));
    }
    if !own_floats {
        let (x, y) = columns(&POWERS);
        let powers = setup.map::<f_pow>((&x, &y)).run().unwrap();
        for (k, p) in powers.read().unwrap().iter().enumerate() {
            rows.push(float(format!("({:?}).powf({:?})", x[k], y[k]), *p));
        }
        let (x, y) = columns(&DIVIDES);
        let (_, _, _, divided) = setup.map::<f_ops>((&x, &y)).run().unwrap();
        for (k, q) in divided.read().unwrap().iter().enumerate() {
            rows.push(float(format!("{:?} / {:?}", x[k], y[k]), *q));
        }
        let (roots, _) = setup.map::<f_root>(&ROOTS[..]).run().unwrap();
        for (x, y) in ROOTS.iter().zip(roots.read().unwrap().iter()) {
            rows.push(float(format!("({x:?}).sqrt()"), *y));
        }
    }
    rows
}

/// What the language says, in Rust's own words where they agree and written out where they do not.
fn expected(own_floats: bool) -> Vec<Row> {
    let mut rows = Vec::new();
    for (a, b) in DIVIDED {
        rows.push(word(format!("{a}i32 / {b}"), if b == 0 { a } else { a.wrapping_div(b) } as u32));
        rows.push(word(format!("{a}i32 % {b}"), if b == 0 { 0 } else { a.wrapping_rem(b) } as u32));
    }
    for (a, b) in UDIVIDED {
        rows.push(word(format!("{a}u32 / {b}"), a.checked_div(b).unwrap_or(a)));
        rows.push(word(format!("{a}u32 % {b}"), a.checked_rem(b).unwrap_or(0)));
    }
    for (a, n) in SHIFTED {
        rows.push(word(format!("{a}i32 << {n}"), a.wrapping_shl(n) as u32));
        rows.push(word(format!("{a}i32 >> {n}"), a.wrapping_shr(n) as u32));
    }
    for x in TRUNCATED {
        rows.push(word(format!("{x:?} as i32"), x as i32 as u32));
        rows.push(word(format!("{x:?} as u32"), x as u32));
        rows.push(word(format!("{x:?} as u8"), u32::from(x as u8)));
    }
    for x in WHOLE {
        rows.push(float(format!("({x:?}).round()"), x.round()));
    }
    // -0.0 is less than 0.0, whichever side it stands on.
    let least = |x: f32, y: f32| if x == y { f32::from_bits(x.to_bits() | y.to_bits()) } else { x.min(y) };
    let most = |x: f32, y: f32| if x == y { f32::from_bits(x.to_bits() & y.to_bits()) } else { x.max(y) };
    for (x, y) in CHOSEN {
        rows.push(float(format!("({x:?}).min({y:?})"), least(x, y)));
        rows.push(float(format!("({x:?}).max({y:?})"), most(x, y)));
        rows.push(float(format!("({x:?}).clamp(-1.0, 1.5) beside {y:?}"), x.clamp(-1.0, 1.5)));
    }
    for (x, y) in SIGNED {
        rows.push(float(format!("({x:?}).copysign({y:?})"), x.copysign(y)));
        rows.push(float(format!("({x:?}).signum() beside {y:?}"), x.signum()));
    }
    for ((x, y), bits) in COMPARED.into_iter().zip([32 + 64 + 128, 2 + 8 + 16 + 128, 32 + 128]) {
        rows.push(word(format!("comparisons of {x:?} and {y:?}, a bit each"), bits));
    }
    if !own_floats {
        for (x, y) in POWERS {
            rows.push(float(format!("({x:?}).powf({y:?})"), x.powf(y)));
        }
        for (x, y) in DIVIDES {
            rows.push(float(format!("{x:?} / {y:?}"), x / y));
        }
        for x in ROOTS {
            rows.push(float(format!("({x:?}).sqrt()"), x.sqrt()));
        }
    }
    rows
}
