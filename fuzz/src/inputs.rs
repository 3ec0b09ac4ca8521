//! Arguments for a kernel: everyday values, nasty ones, and random bits.

use manylane_compiler::ir::ParamKind;
use manylane_compiler::types::{Scalar, Type};

use crate::interpret::{Argument, Value, parts_of};
use crate::program::Param;
use crate::random::Random;

/// The arguments of one launch.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// The domain: its width and height; a line has the height 1.
    pub width: usize,
    pub height: usize,
    /// For each parameter its scalars: of all places, of all elements, of the one value.
    pub values: Vec<Vec<Value>>,
}

const NASTY_F32: [u32; 22] = [
    0x0000_0000,
    0x8000_0000,
    0x3f80_0000,
    0xbf80_0000,
    0x3f00_0000,
    0xbf00_0000,
    0x3fc0_0000,
    0x4020_0000,
    0x3eff_ffff,
    0x4b00_0000,
    0x4aff_ffff,
    0x4f00_0000,
    0xcf00_0000,
    0x4f80_0000,
    0x7f7f_ffff,
    0xff7f_ffff,
    0x7f80_0000,
    0xff80_0000,
    0x7fc0_0000,
    0xffc1_2345,
    0x0000_0001,
    0x0080_0000,
];

/// A value of that type.
pub fn value(random: &mut Random, ty: Scalar) -> Value {
    match ty {
        Scalar::Bool => Value::Bool(random.chance(50)),
        Scalar::F32 => Value::F32(match random.below(10) {
            0 | 1 => f32::from_bits(random.one_of(&NASTY_F32)),
            2 => f32::from_bits(random.word()),
            _ => (random.below(801) as f32 - 400.0) / 8.0,
        }),
        Scalar::F64 => Value::F64(match random.below(10) {
            0 | 1 => f32::from_bits(random.one_of(&NASTY_F32)).into(),
            2 => f64::from_bits(random.bits()),
            _ => (random.below(801) as f64 - 400.0) / 8.0,
        }),
        ty => {
            let (low, high) = ty.range();
            let one = match random.below(10) {
                0 | 1 => random.one_of(&[0, 1, -1, 31, 32, 33, 64, 255, low, low + 1, high, high - 1]),
                2 | 3 => i128::from(random.bits()),
                _ => random.below(40) as i128 - 8,
            };
            Value::Int((one - low).rem_euclid(high - low + 1) + low)
        }
    }
}

impl Inputs {
    /// Random arguments for about `n` places.
    pub fn random(params: &[Param], random: &mut Random, n: usize) -> Inputs {
        let grid = params.iter().any(|param| param.kind == ParamKind::Cell);
        let width = if grid { 1 + random.below(n.min(40)) } else { n };
        let height = if grid { n.div_ceil(width) } else { 1 };
        let values = params
            .iter()
            .map(|param| {
                let count = match param.kind {
                    ParamKind::Uniform => 1,
                    ParamKind::Slice => random.one_of(&[1, 2, 5, 16, 100, n + 3]),
                    ParamKind::Table => 1,
                    ParamKind::Index | ParamKind::Cell => 0,
                    _ => width * height,
                };
                let scalars = param.ty.scalars();
                (0..count)
                    .flat_map(|_| scalars.iter().map(|ty| value(random, *ty)).collect::<Vec<_>>())
                    .collect()
            })
            .collect();
        Inputs { width, height, values }
    }

    /// How many places.
    pub fn places(&self) -> usize {
        self.width * self.height
    }

    /// What one place gets.
    pub fn arguments(&self, params: &[Param], place: usize) -> Vec<Argument<'_>> {
        params
            .iter()
            .zip(&self.values)
            .map(|(param, values)| {
                let parts = parts_of(&param.ty);
                match param.kind {
                    ParamKind::Index => Argument::Place(place, 0),
                    ParamKind::Cell => Argument::Place(place % self.width, place / self.width),
                    ParamKind::Slice | ParamKind::Table => Argument::Elements(values),
                    ParamKind::Picture => Argument::Picture(values, self.width, self.height),
                    ParamKind::Uniform => Argument::Scalars(values.clone()),
                    _ => Argument::Scalars(values[place * parts..(place + 1) * parts].to_vec()),
                }
            })
            .collect()
    }

    /// The same for the places of one line from `from` on, so many; `None` where places are more than a line.
    pub fn part(&self, params: &[Param], from: usize, count: usize) -> Option<Inputs> {
        if self.height != 1 || params.iter().any(|param| param.kind == ParamKind::Index) && from > 0 {
            return None;
        }
        let mut part = self.clone();
        part.width = count;
        for (param, values) in params.iter().zip(&mut part.values) {
            if matches!(param.kind, ParamKind::Element | ParamKind::InPlace) {
                let parts = parts_of(&param.ty);
                *values = values[from * parts..(from + count) * parts].to_vec();
            }
        }
        Some(part)
    }

    /// The same without the argument of that parameter.
    pub fn without(&self, param: usize) -> Inputs {
        let mut less = self.clone();
        less.values.remove(param);
        less
    }
}

/// The scalar as 64 bits: the pattern of a float, the lowest bits of an integer.
pub fn word(value: Value) -> u64 {
    match value {
        Value::F32(x) => x.to_bits().into(),
        Value::F64(x) => x.to_bits(),
        Value::Int(x) => x as u64,
        Value::Bool(x) => x.into(),
    }
}

/// The scalar of those bits.
pub fn of_word(word: u64, ty: Scalar) -> Value {
    match ty {
        Scalar::F32 => Value::F32(f32::from_bits(word as u32)),
        Scalar::F64 => Value::F64(f64::from_bits(word)),
        Scalar::Bool => Value::Bool(word != 0),
        Scalar::I64 => Value::Int((word as i64).into()),
        Scalar::U64 => Value::Int(word.into()),
        // Whatever is narrow travels as 32 bits with its sign.
        ty if ty.is_signed() => Value::Int((word as u32 as i32).into()),
        _ => Value::Int((word as u32).into()),
    }
}

/// The same bits, where any NaN is the same as any other.
pub fn same(a: Value, b: Value) -> bool {
    match (a, b) {
        (Value::F32(a), Value::F32(b)) => a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan(),
        (Value::F64(a), Value::F64(b)) => a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan(),
        (a, b) => a == b,
    }
}

/// The scalars that a place gives: results, then elements in place.
pub fn given(result: &Type, params: &[Param]) -> Vec<Scalar> {
    let in_place = params.iter().filter(|param| param.kind == ParamKind::InPlace);
    result.scalars().into_iter().chain(in_place.flat_map(|param| param.ty.scalars())).collect()
}
