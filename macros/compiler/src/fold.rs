//! Operations on literals alone, done here: the result is the same on every lane, and WGSL refuses many of them.
//!
//! (`1.0 / 0.0`, `1 / 0`, an overflow or a shift too far are errors when a shader is created.)

use crate::ir::{Binary, Expr, ExprKind, Func, Fused, Kernel, Lit, Stmt, Unary, each_expr_mut};
use crate::types::Scalar;

/// Folds every expression of the kernel.
pub fn kernel(kernel: &mut Kernel) {
    each_expr_mut(&mut kernel.body, &mut expr);
    kernel.results.iter_mut().for_each(expr);
    ranges(&mut kernel.body);
}

/// `a..=9` becomes `a..10`, which every target counts more cheaply.
fn ranges(stmts: &mut [Stmt]) {
    for stmt in stmts {
        if let Stmt::For { to, inclusive, .. } = stmt
            && *inclusive
            && let Some(Lit::Int(end)) = to.lit()
        {
            let (_, most) = to.scalar().range();
            if end < most {
                to.kind = ExprKind::Lit(Lit::Int(end + 1));
                *inclusive = false;
            }
        }
        stmt.inner_mut().into_iter().for_each(|list| ranges(list));
    }
}

/// Folds one expression from its leaves up.
pub fn expr(expr: &mut Expr) {
    expr.operands_mut(&mut self::expr);
    if let ExprKind::Select(parts) = &expr.kind
        && let Some(Lit::Bool(cond)) = parts[0].lit()
    {
        let [_, yes, no] = (**parts).clone();
        *expr = if cond { yes } else { no };
        return;
    }
    let mut lits = Vec::new();
    let mut all = true;
    expr.operands(&mut |part| match part.lit() {
        Some(lit) => lits.push((lit, part.scalar())),
        None => all = false,
    });
    let storage = |(_, scalar): &(Lit, Scalar)| *scalar == Scalar::F16;
    if !all || lits.is_empty() || lits.iter().any(storage) || expr.scalar() == Scalar::F16 {
        return;
    }
    let folded = match &expr.kind {
        ExprKind::Unary(op, _) => unary(*op, lits[0]),
        ExprKind::Binary(op, ..) => binary(*op, lits[0], lits[1]),
        ExprKind::Func(func, _) => function(*func, &lits),
        ExprKind::Cast(_) => Some(cast(lits[0].0, expr.scalar())),
        ExprKind::Fused(fused, _) => match (lits[0].0, lits[1].0, lits[2].0) {
            (Lit::Float(a), Lit::Float(b), Lit::Float(c)) => Some(float(match fused {
                Fused::MulAdd => a * b + c,
                Fused::MulSub => a * b - c,
                Fused::NegMulAdd => c - a * b,
            })),
            _ => None,
        },
        _ => None,
    };
    if let Some(lit) = folded {
        expr.kind = ExprKind::Lit(lit);
    }
}

/// One NaN for all, so that the sign of a computed one does not depend on the machine that compiles.
fn float(x: f32) -> Lit {
    Lit::Float(if x.is_nan() { f32::from_bits(0x7fc0_0000) } else { x })
}

/// One NaN for all, as [`float`].
fn double(x: f64) -> Lit {
    Lit::Double(if x.is_nan() { f64::from_bits(0x7ff8_0000_0000_0000) } else { x })
}

fn int(value: i128, scalar: Scalar) -> Lit {
    Lit::Int(match scalar {
        Scalar::I32 => i128::from(value as i32),
        Scalar::I64 => i128::from(value as i64),
        Scalar::U64 => i128::from(value as u64),
        Scalar::U8 => i128::from(value as u8),
        Scalar::I8 => i128::from(value as i8),
        Scalar::U16 => i128::from(value as u16),
        Scalar::I16 => i128::from(value as i16),
        _ => i128::from(value as u32),
    })
}

fn unary(op: Unary, (lit, scalar): (Lit, Scalar)) -> Option<Lit> {
    Some(match (op, lit) {
        (Unary::Neg, Lit::Float(x)) => Lit::Float(-x),
        (Unary::Neg, Lit::Double(x)) => Lit::Double(-x),
        (Unary::Neg, Lit::Int(x)) => int(-x, scalar),
        (Unary::Not, Lit::Int(x)) => int(!x, scalar),
        (Unary::Not, Lit::Bool(x)) => Lit::Bool(!x),
        _ => return None,
    })
}

fn binary(op: Binary, (a, scalar): (Lit, Scalar), (b, _): (Lit, Scalar)) -> Option<Lit> {
    Some(match (a, b) {
        (Lit::Float(a), Lit::Float(b)) => match op {
            Binary::Add => float(a + b),
            Binary::Sub => float(a - b),
            Binary::Mul => float(a * b),
            Binary::Div => float(a / b),
            Binary::Rem => float(a % b),
            Binary::Eq => Lit::Bool(a == b),
            Binary::Ne => Lit::Bool(a != b),
            Binary::Lt => Lit::Bool(a < b),
            Binary::Le => Lit::Bool(a <= b),
            Binary::Gt => Lit::Bool(a > b),
            Binary::Ge => Lit::Bool(a >= b),
            _ => return None,
        },
        (Lit::Double(a), Lit::Double(b)) => match op {
            Binary::Add => double(a + b),
            Binary::Sub => double(a - b),
            Binary::Mul => double(a * b),
            Binary::Div => double(a / b),
            Binary::Rem => double(a % b),
            Binary::Eq => Lit::Bool(a == b),
            Binary::Ne => Lit::Bool(a != b),
            Binary::Lt => Lit::Bool(a < b),
            Binary::Le => Lit::Bool(a <= b),
            Binary::Gt => Lit::Bool(a > b),
            Binary::Ge => Lit::Bool(a >= b),
            _ => return None,
        },
        (Lit::Int(a), Lit::Int(b)) => match op {
            Binary::Add => int(a + b, scalar),
            Binary::Sub => int(a - b, scalar),
            Binary::Mul => int(a.wrapping_mul(b), scalar),
            Binary::Div => int(if b == 0 { a } else { a / b }, scalar),
            Binary::Rem => int(if b == 0 { 0 } else { a % b }, scalar),
            Binary::And => int(a & b, scalar),
            Binary::Or => int(a | b, scalar),
            Binary::Xor => int(a ^ b, scalar),
            Binary::Shl => int(a << (b & if scalar.is_wide() { 63 } else { 31 }), scalar),
            Binary::Shr => int(a >> (b & if scalar.is_wide() { 63 } else { 31 }), scalar),
            Binary::Eq => Lit::Bool(a == b),
            Binary::Ne => Lit::Bool(a != b),
            Binary::Lt => Lit::Bool(a < b),
            Binary::Le => Lit::Bool(a <= b),
            Binary::Gt => Lit::Bool(a > b),
            Binary::Ge => Lit::Bool(a >= b),
        },
        (Lit::Bool(a), Lit::Bool(b)) => Lit::Bool(match op {
            Binary::And => a & b,
            Binary::Or => a | b,
            Binary::Xor | Binary::Ne => a != b,
            Binary::Eq => a == b,
            _ => return None,
        }),
        _ => return None,
    })
}

fn function(func: Func, lits: &[(Lit, Scalar)]) -> Option<Lit> {
    let floats: Vec<f32> =
        lits.iter().filter_map(|(lit, _)| if let Lit::Float(x) = lit { Some(*x) } else { None }).collect();
    let ints: Vec<i128> =
        lits.iter().filter_map(|(lit, _)| if let Lit::Int(x) = lit { Some(*x) } else { None }).collect();
    Some(match (func, &floats[..], &ints[..]) {
        (Func::Sqrt, [x], _) => float(x.sqrt()),
        (Func::Abs, [x], _) => Lit::Float(x.abs()),
        (Func::Floor, [x], _) => float(x.floor()),
        (Func::Ceil, [x], _) => float(x.ceil()),
        (Func::Round, [x], _) => float(x.round()),
        (Func::RoundTiesEven, [x], _) => float(x.round_ties_even()),
        (Func::Trunc, [x], _) => float(x.trunc()),
        (Func::Copysign, [a, b], _) => Lit::Float(a.copysign(*b)),
        (Func::ToBits, [x], _) => Lit::Int(i128::from(x.to_bits())),
        (Func::IsNan, [x], _) => Lit::Bool(x.is_nan()),
        (Func::FromBits, _, [bits]) => Lit::Float(f32::from_bits(*bits as u32)),
        (Func::Min, [a, b], _) if a != b => float(a.min(*b)),
        (Func::Max, [a, b], _) if a != b => float(a.max(*b)),
        // Zeros of two signs: the negative one is the smaller.
        (Func::Min, [a, b], _) => Lit::Float(if a.is_sign_negative() { *a } else { *b }),
        (Func::Max, [a, b], _) => Lit::Float(if a.is_sign_negative() { *b } else { *a }),
        (Func::Clamp, [x, low, high], _) => {
            let x = if x < low { low } else { x };
            float(if x > high { *high } else { *x })
        }
        (Func::Abs, _, [x]) => int(x.abs(), lits[0].1),
        (Func::Min, _, [a, b]) => Lit::Int(*a.min(b)),
        (Func::Max, _, [a, b]) => Lit::Int(*a.max(b)),
        (Func::Clamp, _, [x, low, high]) => Lit::Int(*x.max(low).min(high)),
        (_, _, [x, rest @ ..]) => return bits(func, *x, rest, lits[0].1),
        _ => return None,
    })
}

/// Functions of the bits of an integer of 32 or 64 of them.
fn bits(func: Func, x: i128, rest: &[i128], scalar: Scalar) -> Option<Lit> {
    let word = x as u64;
    let count = rest.first().map(|count| *count as u32);
    macro_rules! of_width {
        ($word:expr) => {
            match (func, count) {
                (Func::CountOnes, None) => i128::from($word.count_ones()),
                (Func::LeadingZeros, None) => i128::from($word.leading_zeros()),
                (Func::TrailingZeros, None) => i128::from($word.trailing_zeros()),
                (Func::SwapBytes, None) => i128::from($word.swap_bytes()),
                (Func::ReverseBits, None) => i128::from($word.reverse_bits()),
                (Func::RotateLeft, Some(count)) => i128::from($word.rotate_left(count)),
                (Func::RotateRight, Some(count)) => i128::from($word.rotate_right(count)),
                _ => return None,
            }
        };
    }
    let value = if scalar.is_wide() { of_width!(word) } else { of_width!((word as u32)) };
    Some(int(value, scalar))
}

fn cast(lit: Lit, to: Scalar) -> Lit {
    match (lit, to) {
        (Lit::Float(x), Scalar::F32) => Lit::Float(x),
        (Lit::Float(x), Scalar::F64) => Lit::Double(f64::from(x)),
        (Lit::Double(x), Scalar::F64) => Lit::Double(x),
        (Lit::Double(x), Scalar::F32) => float(x as f32),
        (Lit::Float(x), to) => saturated(f64::from(x), to),
        (Lit::Double(x), to) => saturated(x, to),
        (Lit::Int(x), Scalar::F32) => Lit::Float(x as f32),
        (Lit::Int(x), Scalar::F64) => Lit::Double(x as f64),
        (Lit::Int(x), to) => int(x, to),
        (Lit::Bool(x), Scalar::F32) => Lit::Float(f32::from(u8::from(x))),
        (Lit::Bool(x), Scalar::F64) => Lit::Double(f64::from(u8::from(x))),
        (Lit::Bool(x), Scalar::Bool) => Lit::Bool(x),
        (Lit::Bool(x), _) => Lit::Int(i128::from(x)),
        (lit @ Lit::Decimal(..), _) => lit,
    }
}

/// As `as` has it: the nearest integer of the type towards zero, NaN to 0.
fn saturated(x: f64, to: Scalar) -> Lit {
    let (low, high) = to.range();
    Lit::Int((x as i128).clamp(low, high))
}
