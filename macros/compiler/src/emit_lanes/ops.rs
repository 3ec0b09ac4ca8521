//! The names of single operations: over lanes, and in plain Rust.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{letter, plain_type};
use crate::ir::{Binary, Lit};
use crate::types::Scalar;

/// A literal in plain Rust.
pub fn literal(lit: Lit, scalar: Scalar) -> TokenStream {
    match lit {
        Lit::Bool(value) => quote!(#value),
        Lit::Float(value) | Lit::Decimal(value, _) if value.is_finite() => {
            let digits = proc_macro2::Literal::f32_suffixed(value.abs());
            if value.is_sign_negative() { quote!((-#digits)) } else { quote!(#digits) }
        }
        Lit::Float(value) | Lit::Decimal(value, _) => {
            let bits = value.to_bits();
            quote!(f32::from_bits(#bits))
        }
        Lit::Double(value) => {
            let bits = value.to_bits();
            quote!(f64::from_bits(#bits))
        }
        Lit::Int(value) if scalar == Scalar::I32 => int_literal(value as i32),
        Lit::Int(value) => {
            let ty = plain_type(scalar);
            let digits = proc_macro2::Literal::i128_unsuffixed(value);
            if value == i128::from(i64::MIN) { quote!(i64::MIN) } else { quote!((#digits as #ty)) }
        }
    }
}

/// An `i32`, with its sign in front.
pub fn int_literal(value: i32) -> TokenStream {
    if value == i32::MIN {
        return quote!(i32::MIN);
    }
    let digits = proc_macro2::Literal::i32_suffixed(value.abs());
    if value < 0 { quote!((-#digits)) } else { quote!(#digits) }
}

/// An operation of two vectors.
pub fn lane_op(op: Binary, scalar: Scalar) -> String {
    let of = letter(scalar);
    let verb = match op {
        Binary::Add => "add",
        Binary::Sub => "sub",
        Binary::Mul => "mul",
        Binary::Div => "div",
        Binary::Rem => "rem",
        Binary::And => "and",
        Binary::Or => "or",
        Binary::Xor => "xor",
        Binary::Ne if scalar == Scalar::Bool => "xor",
        Binary::Shl => "shl",
        Binary::Shr => "shr",
        Binary::Eq => "eq",
        Binary::Ne => "ne",
        Binary::Lt => "lt",
        Binary::Le => "le",
        Binary::Gt => "gt",
        Binary::Ge => "ge",
    };
    let by_sign = matches!(
        op,
        Binary::Div | Binary::Rem | Binary::Shr | Binary::Lt | Binary::Le | Binary::Gt | Binary::Ge
    );
    if scalar.is_float() || !by_sign {
        return format!("{of}_{verb}");
    }
    format!("{of}_{verb}_{}", if scalar.is_signed() { 's' } else { 'u' })
}

/// A vector of one type as one of another.
pub fn lane_cast(from: Scalar, to: Scalar, x: TokenStream) -> TokenStream {
    use Scalar as S;
    let narrow = |x: TokenStream| match to {
        S::U8 => quote!(l.i_and(#x, l.i_splat(255))),
        S::U16 => quote!(l.i_and(#x, l.i_splat(65535))),
        S::I8 => quote!(l.i_shr_s(l.i_shl(#x, l.i_splat(24)), l.i_splat(24))),
        S::I16 => quote!(l.i_shr_s(l.i_shl(#x, l.i_splat(16)), l.i_splat(16))),
        _ => x,
    };
    // A float to a narrow integer saturates there.
    let saturate = |x: TokenStream| match to {
        S::U8 => quote!(l.f_to_u8(#x)),
        S::U16 => quote!(l.i_min_u(l.f_to_u(#x), l.i_splat(65535))),
        S::I8 => quote!(l.i_max_s(l.i_min_s(l.f_to_s(#x), l.i_splat(127)), l.i_splat(-128))),
        _ => quote!(l.i_max_s(l.i_min_s(l.f_to_s(#x), l.i_splat(32767)), l.i_splat(-32768))),
    };
    let signed = from.is_signed();
    match (from, to) {
        (from, to) if from == to => x,
        // f16 is f32 in the lanes; what is stored is rounded then.
        (S::F16, to) => lane_cast(S::F32, to, x),
        (from, S::F16) => lane_cast(from, S::F32, x),
        (S::F32, S::I32) => quote!(l.f_to_s(#x)),
        (S::F32, S::U32) => quote!(l.f_to_u(#x)),
        (S::F32, S::F64) => quote!(l.d_from_f(#x)),
        (S::F32, S::I64) => quote!(l.d_to_q_s(l.d_from_f(#x))),
        (S::F32, S::U64) => quote!(l.d_to_q_u(l.d_from_f(#x))),
        (S::F32, _) => saturate(x),
        (S::F64, S::F32) => quote!(l.f_from_d(#x)),
        (S::F64, S::I32) => quote!(l.d_to_s(#x)),
        (S::F64, S::U32) => quote!(l.d_to_u(#x)),
        (S::F64, S::I64) => quote!(l.d_to_q_s(#x)),
        (S::F64, S::U64) => quote!(l.d_to_q_u(#x)),
        (S::F64, S::U8) => quote!(l.i_min_u(l.d_to_u(#x), l.i_splat(255))),
        (S::F64, S::U16) => quote!(l.i_min_u(l.d_to_u(#x), l.i_splat(65535))),
        (S::F64, S::I8) => quote!(l.i_max_s(l.i_min_s(l.d_to_s(#x), l.i_splat(127)), l.i_splat(-128))),
        (S::F64, _) => quote!(l.i_max_s(l.i_min_s(l.d_to_s(#x), l.i_splat(32767)), l.i_splat(-32768))),
        (S::Bool, S::F32) => quote!(l.f_from_s(l.i_from_mask(#x))),
        (S::Bool, S::F64) => quote!(l.d_from_s(l.i_from_mask(#x))),
        (S::Bool, S::I64 | S::U64) => quote!(l.q_from_u(l.i_from_mask(#x))),
        (S::Bool, _) => quote!(l.i_from_mask(#x)),
        // An i64 to f32 rounds once: `f_from_q` does, by way of f64 it could round twice.
        (S::I64, S::F32) => quote!(l.f_from_q_s(#x)),
        (S::U64, S::F32) => quote!(l.f_from_q_u(#x)),
        (S::I64, S::F64) => quote!(l.d_from_q_s(#x)),
        (S::U64, S::F64) => quote!(l.d_from_q_u(#x)),
        (S::I64 | S::U64, S::I64 | S::U64) => x,
        (S::I64 | S::U64, _) => narrow(quote!(l.q_to_i(#x))),
        (_, S::F32) if signed => quote!(l.f_from_s(#x)),
        (_, S::F32) => quote!(l.f_from_u(#x)),
        (_, S::F64) if signed => quote!(l.d_from_s(#x)),
        (_, S::F64) => quote!(l.d_from_u(#x)),
        (_, S::I64 | S::U64) if signed => quote!(l.q_from_s(#x)),
        (_, S::I64 | S::U64) => quote!(l.q_from_u(#x)),
        _ => narrow(x),
    }
}

/// A cast in plain Rust.
pub fn plain_cast(from: Scalar, to: Scalar, x: TokenStream) -> TokenStream {
    let ty = plain_type(to);
    match (from, to) {
        (from, to) if from == to => x,
        (Scalar::Bool, Scalar::F32 | Scalar::F64) => quote!((#x as u8 as #ty)),
        (Scalar::F16, Scalar::F32) => quote!(#x.to_f32()),
        (Scalar::F16, _) => quote!((#x.to_f32() as #ty)),
        (Scalar::F32, Scalar::F16) => quote!(::manylane::f16::from_f32(#x)),
        (_, Scalar::F16) => quote!(::manylane::f16::from_f32(#x as f32)),
        _ => quote!((#x as #ty)),
    }
}

/// An operation in plain Rust; `count` is the type of the right side, which of a shift may be another.
pub fn plain_op(op: Binary, scalar: Scalar, count: Scalar, a: TokenStream, b: TokenStream) -> TokenStream {
    let symbol = match op {
        Binary::Eq => quote!(==),
        Binary::Ne => quote!(!=),
        Binary::Lt => quote!(<),
        Binary::Le => quote!(<=),
        Binary::Gt => quote!(>),
        Binary::Ge => quote!(>=),
        Binary::And if scalar == Scalar::Bool => quote!(&&),
        Binary::Or if scalar == Scalar::Bool => quote!(||),
        Binary::And => quote!(&),
        Binary::Or => quote!(|),
        Binary::Xor => quote!(^),
        _ if scalar.is_float() => match op {
            Binary::Add => quote!(+),
            Binary::Sub => quote!(-),
            Binary::Mul => quote!(*),
            Binary::Div => quote!(/),
            _ => quote!(%),
        },
        Binary::Add => return quote!(#a.wrapping_add(#b)),
        Binary::Sub => return quote!(#a.wrapping_sub(#b)),
        Binary::Mul => return quote!(#a.wrapping_mul(#b)),
        _ => {
            let verb = match op {
                Binary::Div => "div",
                Binary::Rem => "rem",
                Binary::Shl => "shl",
                _ => "shr",
            };
            let function = format_ident!("{}_{}", verb, scalar.name());
            let shifts = matches!(op, Binary::Shl | Binary::Shr);
            let b = if shifts && count != Scalar::U32 { quote!((#b as u32)) } else { b };
            return quote!(__k::scalar::#function(#a, #b));
        }
    };
    quote!((#a #symbol #b))
}
