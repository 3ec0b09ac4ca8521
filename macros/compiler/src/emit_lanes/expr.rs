//! Expressions over lanes: plain Rust where the value is uniform, operations of `Lanes` where it is not.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::ops::{lane_op, literal, plain_op};
use super::{Context, LaneEmitter, letter, plain_type, select_of, splat_of};
use crate::ir::{Arg, Axis, Binary, Call, Expr, ExprKind, Func, Fused, Lit, Unary};
use crate::types::Scalar;
use crate::uniformity::Spread;

impl LaneEmitter<'_> {
    /// One value per lane.
    pub(super) fn varying(&self, expr: &Expr, context: &Context) -> TokenStream {
        let scalar = expr.scalar();
        match self.spreads.expr(expr) {
            Spread::Varying => self.lanes(expr, context),
            Spread::Linear => {
                let base = self.plain(expr, context);
                quote!(l.i_add(l.i_splat(#base as i32), l.i_iota()))
            }
            Spread::Uniform => match expr.kind {
                ExprKind::Lit(Lit::Int(value)) if !scalar.is_wide() && scalar != Scalar::F16 => {
                    let value = super::ops::int_literal(value as i32);
                    quote!(l.i_splat(#value))
                }
                _ => splat_of(scalar, self.plain(expr, context)),
            },
        }
    }

    /// The value as it is: plain where it is uniform, one per lane where it is not.
    pub(super) fn value(&self, expr: &Expr, context: &Context) -> TokenStream {
        if self.spreads.varies(expr) { self.varying(expr, context) } else { self.plain(expr, context) }
    }

    /// An expression that differs by lane, and is not linear.
    fn lanes(&self, expr: &Expr, context: &Context) -> TokenStream {
        match &expr.kind {
            ExprKind::Lit(lit) => literal(*lit, expr.scalar()),
            ExprKind::Var(var) => {
                let name = self.name(*var, context);
                quote!(#name)
            }
            ExprKind::Unary(op, a) => {
                let verb = if *op == Unary::Neg { "neg" } else { "not" };
                self.method(&format!("{}_{verb}", letter(expr.scalar())), &[a], context)
            }
            ExprKind::Binary(Binary::Eq, a, b) if a.scalar() == Scalar::Bool => {
                let differ = self.method("m_xor", &[a, b], context);
                quote!(l.m_not(#differ))
            }
            ExprKind::Binary(op @ (Binary::Shl | Binary::Shr), a, b) => {
                let shifted = self.varying(a, context);
                let count = self.varying(b, context);
                let count = match (a.scalar().is_wide(), b.scalar().is_wide()) {
                    (true, false) => quote!(l.q_from_u(#count)),
                    (false, true) => quote!(l.q_to_i(#count)),
                    _ => count,
                };
                let method = format_ident!("{}", lane_op(*op, a.scalar()));
                quote!(l.#method(#shifted, #count))
            }
            ExprKind::Binary(op, a, b) => self.method(&lane_op(*op, a.scalar()), &[a, b], context),
            ExprKind::Fused(fused, parts) => {
                let method = match fused {
                    Fused::MulAdd => "f_mul_add",
                    Fused::MulSub => "f_mul_sub",
                    Fused::NegMulAdd => "f_neg_mul_add",
                };
                let [a, b, c] = &**parts;
                self.method(method, &[a, b, c], context)
            }
            ExprKind::Func(func, parts) => self.lane_function(*func, parts, context),
            ExprKind::Cast(a) => self.lane_cast(a, expr.scalar(), context),
            ExprKind::Select(parts) => {
                let [cond, yes, no] = &**parts;
                if let Some((value, word, bit)) =
                    signed_by_bit(cond, yes, no).filter(|_| self.spreads.varies(cond))
                {
                    let (value, word) = (self.varying(value, context), self.varying(word, context));
                    return quote!(l.f_neg_by_bit(#value, #word, #bit));
                }
                let (yes_lanes, no_lanes) = (self.varying(yes, context), self.varying(no, context));
                let mask = self.value(cond, context);
                if self.spreads.varies(cond) {
                    match expr.scalar() {
                        Scalar::Bool => {
                            quote!({ let c = #mask; l.m_or(l.m_and(c, #yes_lanes), l.m_and(l.m_not(c), #no_lanes)) })
                        }
                        scalar => select_of(scalar, mask, yes_lanes, no_lanes),
                    }
                } else {
                    quote!((if #mask { #yes_lanes } else { #no_lanes }))
                }
            }
            ExprKind::Call(call) => self.call(call, context),
            ExprKind::Near(near) => self.near(near, context),
            ExprKind::At(at) => self.at(at, context),
            ExprKind::Item(item) => self.item(item, context),
            ExprKind::Draw(at, count) => self.draw(*at, count, context),
            // Never varying.
            ExprKind::Place(..) | ExprKind::Extent(..) | ExprKind::Const(_) | ExprKind::Length(_) => {
                self.plain(expr, context)
            }
        }
    }

    fn method(&self, method: &str, parts: &[&Expr], context: &Context) -> TokenStream {
        let method = format_ident!("{}", method);
        let parts = parts.iter().map(|part| self.varying(part, context));
        quote!(l.#method(#(#parts),*))
    }

    fn lane_function(&self, func: Func, parts: &[Expr], context: &Context) -> TokenStream {
        let first = parts[0].scalar();
        let refs: Vec<&Expr> = parts.iter().collect();
        let strict = self.kernel.strict;
        let of = letter(first);
        let one = |verb: &str| self.method(&format!("{of}_{verb}"), &refs, context);
        let sign = if first.is_signed() { "_s" } else { "_u" };
        let signed = |verb: &str| {
            if first.is_float() { one(verb) } else { one(&format!("{verb}{sign}")) }
        };
        match (func, first) {
            (Func::Abs, _) if first.is_float() => one("abs"),
            (Func::Abs, _) if first.is_signed() => one("abs_s"),
            (Func::Abs, _) => self.varying(&parts[0], context),
            (Func::Min, _) => signed("min"),
            (Func::Max, _) => signed("max"),
            (Func::Sqrt, _) => one("sqrt"),
            (Func::Floor, _) => one("floor"),
            (Func::Ceil, _) => one("ceil"),
            (Func::Round, _) => one("round"),
            (Func::RoundTiesEven, _) => one("round_ties_even"),
            (Func::Trunc, _) => one("trunc"),
            (Func::ToBits, _) => one("to_bits"),
            (Func::FromBits, Scalar::U64) => self.method("d_from_bits", &refs, context),
            (Func::FromBits, _) => self.method("f_from_bits", &refs, context),
            (Func::CountOnes, _) => self.bit_count("count_ones", &refs, context),
            (Func::LeadingZeros, _) => self.bit_count("leading_zeros", &refs, context),
            (Func::TrailingZeros, _) => self.bit_count("trailing_zeros", &refs, context),
            (Func::SwapBytes, _) => one("swap_bytes"),
            (Func::ReverseBits, _) => one("reverse_bits"),
            (Func::RotateLeft, _) => one("rotate_left"),
            (Func::RotateRight, _) => one("rotate_right"),
            (Func::MulHi, _) => signed("mul_hi"),
            (Func::IsNan, _) => {
                let x = self.varying(&parts[0], context);
                let differ = format_ident!("{}_ne", of);
                quote!({ let x = #x; l.#differ(x, x) })
            }
            (Func::Clamp, scalar) => {
                let all = parts.iter().map(|part| self.varying(part, context));
                let name = |verb: &str| format_ident!("{}_{}", of, verb);
                if scalar.is_float() {
                    let (select, lt, gt) = (name("select"), name("lt"), name("gt"));
                    return quote!({
                        let (x, low, high) = (#(#all),*);
                        let x = l.#select(l.#lt(x, low), low, x);
                        l.#select(l.#gt(x, high), high, x)
                    });
                }
                let (min, max) = (name(&format!("min{sign}")), name(&format!("max{sign}")));
                quote!({ let (x, low, high) = (#(#all),*); l.#min(l.#max(x, low), high) })
            }
            (Func::Copysign, Scalar::F64) => {
                let (size, sign) = (self.varying(&parts[0], context), self.varying(&parts[1], context));
                quote!(l.d_from_bits(l.q_or(
                    l.q_and(l.d_to_bits(#size), l.q_splat(i64::MAX)),
                    l.q_and(l.d_to_bits(#sign), l.q_splat(i64::MIN)),
                )))
            }
            (Func::Copysign, _) => {
                let (size, sign) = (self.varying(&parts[0], context), self.varying(&parts[1], context));
                quote!(l.f_from_bits(l.i_or(
                    l.i_and(l.f_to_bits(#size), l.i_splat(i32::MAX)),
                    l.i_and(l.f_to_bits(#sign), l.i_splat(i32::MIN)),
                )))
            }
            (Func::Exp | Func::Ln, _) => {
                let name = format_ident!("{}", if func == Func::Exp { "exp" } else { "ln" });
                let x = self.varying(&parts[0], context);
                quote!(__k::math::#name::<L, #strict>(l, #x))
            }
            (Func::Math(name), _) => {
                let (name, body) = (format_ident!("{}", name), math_body(name, strict));
                let mask = context.mask();
                let all = parts.iter().map(|part| self.varying(part, context));
                quote!(__k::math::#name::#body(l, #mask, frame, #(#all),*))
            }
        }
    }

    /// How many bits: a `u32` of integers of any width.
    fn bit_count(&self, verb: &str, parts: &[&Expr], context: &Context) -> TokenStream {
        let scalar = parts[0].scalar();
        let count = self.method(&format!("{}_{verb}", letter(scalar)), parts, context);
        if scalar.is_wide() { quote!(l.q_to_i(#count)) } else { count }
    }

    fn lane_cast(&self, a: &Expr, to: Scalar, context: &Context) -> TokenStream {
        let x = self.varying(a, context);
        super::ops::lane_cast(a.scalar(), to, x)
    }

    /// The lanes of what another kernel returns.
    pub(super) fn call(&self, call: &Call, context: &Context) -> TokenStream {
        let path = &call.path;
        let mask = context.mask();
        let args = call.args.iter().map(|arg| match arg {
            Arg::Cell(at) => {
                let name = self.param(*at);
                quote!(#name)
            }
            Arg::Scalar(one) => self.argument(one, context),
            Arg::Pixel(channels) => {
                let scalar = channels[0].scalar();
                let (plain, count) = (plain_type(scalar), channels.len());
                if channels.iter().any(|channel| self.spreads.varies(channel)) {
                    let channels = channels.iter().map(|channel| self.varying(channel, context));
                    quote!(__k::Var::<L, [#plain; #count]>([#(#channels),*]))
                } else {
                    let channels = channels.iter().map(|channel| self.plain(channel, context));
                    quote!(__k::Uni([#(#channels),*]))
                }
            }
        });
        // What does not fit is told at the user's call; the names are those of the expansion.
        let here = Span::call_site().located_at(path.span());
        quote_spanned! {here=>
            <#path as __k::Callable>::lanes(l, #mask, frame, __k::CallArgs::<#path, L>::into_lanes((#(#args,)*), l))
        }
    }

    fn argument(&self, one: &Expr, context: &Context) -> TokenStream {
        if self.spreads.expr(one) == Spread::Linear {
            let base = self.plain(one, context);
            return quote!(__k::Own(#base));
        }
        if self.spreads.varies(one) {
            let (plain, value) = (plain_type(one.scalar()), self.varying(one, context));
            return quote!(__k::Var::<L, #plain>(#value));
        }
        // A bare integer finds its type where it is passed.
        let value = match one.kind {
            ExprKind::Lit(Lit::Int(value)) => {
                let digits = proc_macro2::Literal::i128_unsuffixed(value);
                quote!(#digits)
            }
            _ => self.plain(one, context),
        };
        quote!(__k::Uni(#value))
    }

    // ---- uniform values: plain Rust

    /// The value of an expression that is uniform, or the base of a linear one.
    pub(super) fn plain(&self, expr: &Expr, context: &Context) -> TokenStream {
        let scalar = expr.scalar();
        match &expr.kind {
            ExprKind::Lit(lit) => literal(*lit, scalar),
            ExprKind::Var(var) => {
                let name = self.name(*var, context);
                quote!(#name)
            }
            ExprKind::Unary(op, a) => {
                let a = self.plain(a, context);
                match (op, scalar) {
                    (Unary::Neg, Scalar::F32 | Scalar::F64) => quote!((-#a)),
                    (Unary::Neg, _) => quote!(#a.wrapping_neg()),
                    (Unary::Not, _) => quote!((!#a)),
                }
            }
            ExprKind::Binary(op, a, b) => self.plain_binary(*op, a, b, context),
            ExprKind::Fused(fused, parts) => {
                let [a, b, c] = [0, 1, 2].map(|at| self.plain(&parts[at], context));
                match fused {
                    Fused::MulAdd => quote!(l.mul_add(#a, #b, #c)),
                    Fused::MulSub => quote!(l.mul_add(#a, #b, -#c)),
                    Fused::NegMulAdd => quote!(l.mul_add(-#a, #b, #c)),
                }
            }
            ExprKind::Func(func, parts) => self.plain_function(*func, parts, context),
            ExprKind::Cast(a) => super::ops::plain_cast(a.scalar(), scalar, self.plain(a, context)),
            ExprKind::Select(parts) => {
                let [cond, yes, no] = [0, 1, 2].map(|at| self.plain(&parts[at], context));
                quote!((if #cond { #yes } else { #no }))
            }
            ExprKind::Extent(at, axis) => {
                let name = self.param(*at);
                match axis {
                    Axis::X => quote!(#name.width()),
                    Axis::Y => quote!(#name.height()),
                }
            }
            ExprKind::Place(at, axis) => {
                let name = self.param(*at);
                match axis {
                    Axis::X => quote!(#name.x),
                    Axis::Y => quote!(#name.y),
                }
            }
            ExprKind::Const(path) => {
                let ty = plain_type(scalar);
                quote!({ const OUTER: #ty = #path; OUTER })
            }
            ExprKind::Length(at) => {
                let name = self.param(*at);
                quote!(#name.len())
            }
            ExprKind::Item(item) => self.item(item, context),
            // Never uniform.
            ExprKind::Call(_) | ExprKind::Near(_) | ExprKind::At(_) | ExprKind::Draw(..) => {
                self.lanes(expr, context)
            }
        }
    }

    fn plain_binary(&self, op: Binary, a: &Expr, b: &Expr, context: &Context) -> TokenStream {
        let (scalar, count) = (a.scalar(), b.scalar());
        plain_op(op, scalar, count, self.plain(a, context), self.plain(b, context))
    }

    fn plain_function(&self, func: Func, parts: &[Expr], context: &Context) -> TokenStream {
        let scalar = parts[0].scalar();
        let strict = self.kernel.strict;
        let values: Vec<TokenStream> = parts.iter().map(|part| self.plain(part, context)).collect();
        let first = &values[0];
        let rest = &values[1..];
        let of = format_ident!("{}", scalar.name());
        let own = |verb: &str| {
            let name = format_ident!("{}_{}", verb, of);
            quote!(__k::scalar::#name(#(#values),*))
        };
        let std = |verb: &str| {
            let name = format_ident!("{}", verb);
            quote!(#first.#name(#(#rest),*))
        };
        match (func, scalar) {
            (Func::Round | Func::Min | Func::Max | Func::Clamp, _) if scalar.is_float() => own(match func {
                Func::Round => "round",
                Func::Min => "min",
                Func::Max => "max",
                _ => "clamp",
            }),
            (Func::Clamp, _) => {
                let (low, high) = (&values[1], &values[2]);
                quote!(#first.max(#low).min(#high))
            }
            (Func::Sqrt, _) => std("sqrt"),
            (Func::Floor, _) => std("floor"),
            (Func::Ceil, _) => std("ceil"),
            (Func::Trunc, _) => std("trunc"),
            (Func::Round, _) => std("round"),
            (Func::RoundTiesEven, _) => std("round_ties_even"),
            (Func::Abs, _) if scalar.is_float() => std("abs"),
            (Func::Abs, _) if scalar.is_signed() => std("wrapping_abs"),
            (Func::Abs, _) => first.clone(),
            (Func::Min, _) => std("min"),
            (Func::Max, _) => std("max"),
            (Func::Copysign, _) => std("copysign"),
            (Func::ToBits, _) => std("to_bits"),
            (Func::FromBits, Scalar::U64) => quote!(f64::from_bits(#first)),
            (Func::FromBits, _) => quote!(f32::from_bits(#first)),
            (Func::IsNan, _) => std("is_nan"),
            (Func::CountOnes, _) => std("count_ones"),
            (Func::LeadingZeros, _) => std("leading_zeros"),
            (Func::TrailingZeros, _) => std("trailing_zeros"),
            (Func::SwapBytes, _) => std("swap_bytes"),
            (Func::ReverseBits, _) => std("reverse_bits"),
            (Func::RotateLeft, _) => std("rotate_left"),
            (Func::RotateRight, _) => std("rotate_right"),
            (Func::MulHi, _) => own("mul_hi"),
            (Func::Exp | Func::Ln, _) => {
                let name = format_ident!("{}", if func == Func::Exp { "exp" } else { "ln" });
                quote!(__k::math::#name::<__l::Scalar, #strict>(__l::Scalar, #first))
            }
            (Func::Math(name), _) => {
                let (name, body) = (format_ident!("{}", name), math_body(name, strict));
                quote!(__k::math::#name::#body(__l::Scalar, true, frame, #(#values),*))
            }
        }
    }
}

/// The function over lanes of a kernel of `math`: it has two, so that strict callers get their bits. What a generator
/// gives has one meaning everywhere.
fn math_body(name: &str, strict: bool) -> proc_macro2::Ident {
    format_ident!("{}", if strict || name == "normal_of" { "lanes_strict" } else { "lanes" })
}

/// `if word & (1 << bit) == 0 { x } else { -x }`, which needs no mask: the bit goes where the sign is.
fn signed_by_bit<'e>(cond: &'e Expr, yes: &'e Expr, no: &'e Expr) -> Option<(&'e Expr, &'e Expr, u32)> {
    let ExprKind::Binary(op @ (Binary::Eq | Binary::Ne), looked, zero) = &cond.kind else { return None };
    let ExprKind::Binary(Binary::And, word, bit) = &looked.kind else { return None };
    let (Some(Lit::Int(0)), Some(Lit::Int(bit))) = (zero.lit(), bit.lit()) else { return None };
    let bit = u32::try_from(bit).ok().filter(|bit| bit.is_power_of_two())?;
    let (clear, set) = if *op == Binary::Eq { (yes, no) } else { (no, yes) };
    let opposite = |a: &Expr, b: &Expr| {
        let ExprKind::Unary(Unary::Neg, b) = &b.kind else { return false };
        matches!((&a.kind, &b.kind), (ExprKind::Var(a), ExprKind::Var(b)) if a == b)
    };
    let fits = yes.scalar() == Scalar::F32
        && matches!(word.scalar(), Scalar::I32 | Scalar::U32)
        && (opposite(clear, set) || opposite(set, clear));
    fits.then(|| (clear, &**word, bit.trailing_zeros()))
}
