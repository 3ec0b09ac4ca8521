//! Expressions over lanes: plain Rust where the value is uniform, operations of `Lanes` where it is not.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::{Context, LaneEmitter, param_name, plain_type, select_of, splat_of};
use crate::ir::{Arg, Axis, Binary, Call, Expr, ExprKind, Func, Fused, Lit, Near, Unary};
use crate::types::Scalar;

impl LaneEmitter<'_> {
    /// One value per lane.
    pub(super) fn varying(&self, expr: &Expr, context: &Context) -> TokenStream {
        if self.spreads.varies(expr) {
            return self.value(expr, context);
        }
        match expr.kind {
            ExprKind::Lit(Lit::Int(value)) => {
                let value = int_literal(value as i32);
                quote!(l.i_splat(#value))
            }
            _ => splat_of(expr.scalar(), self.value(expr, context)),
        }
    }

    /// The value as it is: plain where it is uniform, one per lane where it is not.
    pub(super) fn value(&self, expr: &Expr, context: &Context) -> TokenStream {
        if self.spreads.varies(expr) { self.lanes(expr, context) } else { self.plain(expr, context) }
    }

    fn lanes(&self, expr: &Expr, context: &Context) -> TokenStream {
        match &expr.kind {
            ExprKind::Lit(lit) => literal(*lit, expr.scalar()),
            ExprKind::Var(var) => {
                let name = self.name(*var, context);
                quote!(#name)
            }
            ExprKind::Unary(op, a) => {
                let method = match (op, expr.scalar()) {
                    (Unary::Neg, Scalar::F32) => "f_neg",
                    (Unary::Neg, _) => "i_neg",
                    (Unary::Not, Scalar::Bool) => "m_not",
                    (Unary::Not, _) => "i_not",
                };
                self.method(method, &[a], context)
            }
            ExprKind::Binary(Binary::Eq, a, b) if a.scalar() == Scalar::Bool => {
                let differ = self.method("m_xor", &[a, b], context);
                quote!(l.m_not(#differ))
            }
            ExprKind::Binary(op, a, b) => self.method(lane_op(*op, a.scalar()), &[a, b], context),
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
            ExprKind::Place(at, _) => {
                let name = param_name(*at, &self.kernel.params[*at].name);
                quote!(l.i_add(l.i_splat(#name.x as i32), l.i_iota()))
            }
            ExprKind::Extent(..) => self.plain(expr, context),
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
        let one = |method: &str| self.method(method, &refs, context);
        match (func, first) {
            (Func::Sqrt, _) => one("f_sqrt"),
            (Func::Abs, Scalar::F32) => one("f_abs"),
            (Func::Abs, Scalar::I32) => one("i_abs_s"),
            (Func::Abs, _) => self.varying(&parts[0], context),
            (Func::Min, Scalar::F32) => one("f_min"),
            (Func::Min, Scalar::I32) => one("i_min_s"),
            (Func::Min, _) => one("i_min_u"),
            (Func::Max, Scalar::F32) => one("f_max"),
            (Func::Max, Scalar::I32) => one("i_max_s"),
            (Func::Max, _) => one("i_max_u"),
            (Func::Floor, _) => one("f_floor"),
            (Func::Ceil, _) => one("f_ceil"),
            (Func::Round, _) => one("f_round"),
            (Func::Trunc, _) => one("f_trunc"),
            (Func::ToBits, _) => one("f_to_bits"),
            (Func::FromBits, _) => one("f_from_bits"),
            (Func::IsNan, _) => {
                let x = self.varying(&parts[0], context);
                quote!({ let x = #x; l.f_ne(x, x) })
            }
            (Func::Clamp, scalar) => {
                let all = parts.iter().map(|part| self.varying(part, context));
                match scalar {
                    Scalar::F32 => quote!({
                        let (x, low, high) = (#(#all),*);
                        let x = l.f_select(l.f_lt(x, low), low, x);
                        l.f_select(l.f_gt(x, high), high, x)
                    }),
                    Scalar::I32 => {
                        quote!({ let (x, low, high) = (#(#all),*); l.i_min_s(l.i_max_s(x, low), high) })
                    }
                    _ => quote!({ let (x, low, high) = (#(#all),*); l.i_min_u(l.i_max_u(x, low), high) }),
                }
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
                let (name, body) = (format_ident!("{}", name), math_body(strict));
                let mask = &context.mask;
                let all = parts.iter().map(|part| self.varying(part, context));
                quote!(__k::math::#name::#body(l, #mask, frame, #(#all),*))
            }
        }
    }

    fn lane_cast(&self, a: &Expr, to: Scalar, context: &Context) -> TokenStream {
        let x = self.varying(a, context);
        match (a.scalar(), to) {
            (Scalar::F32, Scalar::I32) => quote!(l.f_to_s(#x)),
            (Scalar::F32, Scalar::U32) => quote!(l.f_to_u(#x)),
            (Scalar::F32, Scalar::U8) => quote!(l.i_min_u(l.f_to_u(#x), l.i_splat(255))),
            (Scalar::I32 | Scalar::U8, Scalar::F32) => quote!(l.f_from_s(#x)),
            (Scalar::U32, Scalar::F32) => quote!(l.f_from_u(#x)),
            (Scalar::I32 | Scalar::U32, Scalar::U8) => quote!(l.i_and(#x, l.i_splat(255))),
            (Scalar::Bool, Scalar::F32) => quote!(l.f_from_s(l.i_from_mask(#x))),
            (Scalar::Bool, Scalar::I32 | Scalar::U32 | Scalar::U8) => quote!(l.i_from_mask(#x)),
            _ => x,
        }
    }

    /// The lanes of what another kernel returns.
    pub(super) fn call(&self, call: &Call, context: &Context) -> TokenStream {
        let path = &call.path;
        let mask = &context.mask;
        let args = call.args.iter().map(|arg| match arg {
            Arg::Cell(at) => {
                let name = param_name(*at, &self.kernel.params[*at].name);
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
        if self.spreads.varies(one) {
            let (plain, value) = (plain_type(one.scalar()), self.varying(one, context));
            return quote!(__k::Var::<L, #plain>(#value));
        }
        // A bare integer finds its type where it is passed.
        let value = match one.kind {
            ExprKind::Lit(Lit::Int(value)) => {
                let digits = proc_macro2::Literal::i64_unsuffixed(value);
                quote!(#digits)
            }
            _ => self.plain(one, context),
        };
        quote!(__k::Uni(#value))
    }

    /// The lanes of a cell near the own one.
    pub(super) fn near(&self, near: &Near, context: &Context) -> TokenStream {
        let picture = param_name(near.picture, &self.kernel.params[near.picture].name);
        let cell = param_name(near.cell, &self.kernel.params[near.cell].name);
        let (dx, dy) = (self.plain(&near.dx, context), self.plain(&near.dy, context));
        quote!(#picture.near(l, #cell, #dx, #dy))
    }

    // ---- uniform values: plain Rust

    fn plain(&self, expr: &Expr, context: &Context) -> TokenStream {
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
                    (Unary::Neg, Scalar::F32) => quote!((-#a)),
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
            ExprKind::Cast(a) => {
                let ty = plain_type(scalar);
                let from = self.plain(a, context);
                match (a.scalar(), scalar) {
                    (Scalar::Bool, Scalar::F32) => quote!((#from as u8 as f32)),
                    (from_ty, to) if from_ty == to => from,
                    _ => quote!((#from as #ty)),
                }
            }
            ExprKind::Select(parts) => {
                let [cond, yes, no] = [0, 1, 2].map(|at| self.plain(&parts[at], context));
                quote!((if #cond { #yes } else { #no }))
            }
            ExprKind::Extent(at, axis) => {
                let name = param_name(*at, &self.kernel.params[*at].name);
                match axis {
                    Axis::X => quote!(#name.width()),
                    Axis::Y => quote!(#name.height()),
                }
            }
            ExprKind::Place(at, _) => {
                let name = param_name(*at, &self.kernel.params[*at].name);
                quote!(#name.y)
            }
            // Never uniform.
            ExprKind::Call(_) | ExprKind::Near(_) => self.lanes(expr, context),
        }
    }

    fn plain_binary(&self, op: Binary, a: &Expr, b: &Expr, context: &Context) -> TokenStream {
        let scalar = a.scalar();
        let shift_count_is_signed = b.scalar() == Scalar::I32;
        let (a, b) = (self.plain(a, context), self.plain(b, context));
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
            _ if scalar == Scalar::F32 => match op {
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
                let b = if verb.starts_with("sh") && shift_count_is_signed { quote!((#b as u32)) } else { b };
                return quote!(__k::scalar::#function(#a, #b));
            }
        };
        quote!((#a #symbol #b))
    }

    fn plain_function(&self, func: Func, parts: &[Expr], context: &Context) -> TokenStream {
        let scalar = parts[0].scalar();
        let strict = self.kernel.strict;
        let values: Vec<TokenStream> = parts.iter().map(|part| self.plain(part, context)).collect();
        let first = &values[0];
        match (func, scalar) {
            (Func::Sqrt, _) => quote!(#first.sqrt()),
            (Func::Floor, _) => quote!(#first.floor()),
            (Func::Ceil, _) => quote!(#first.ceil()),
            (Func::Trunc, _) => quote!(#first.trunc()),
            (Func::Round, _) => quote!(__k::scalar::round_f32(#first)),
            (Func::Abs, Scalar::F32) => quote!(#first.abs()),
            (Func::Abs, Scalar::I32) => quote!(#first.wrapping_abs()),
            (Func::Abs, _) => first.clone(),
            (Func::Min, Scalar::F32) => quote!(__k::scalar::min_f32(#(#values),*)),
            (Func::Max, Scalar::F32) => quote!(__k::scalar::max_f32(#(#values),*)),
            (Func::Clamp, Scalar::F32) => quote!(__k::scalar::clamp_f32(#(#values),*)),
            (Func::Min, _) => {
                let b = &values[1];
                quote!(#first.min(#b))
            }
            (Func::Max, _) => {
                let b = &values[1];
                quote!(#first.max(#b))
            }
            (Func::Clamp, _) => {
                let (low, high) = (&values[1], &values[2]);
                quote!(#first.max(#low).min(#high))
            }
            (Func::Copysign, _) => {
                let sign = &values[1];
                quote!(#first.copysign(#sign))
            }
            (Func::ToBits, _) => quote!(#first.to_bits()),
            (Func::FromBits, _) => quote!(f32::from_bits(#first)),
            (Func::IsNan, _) => quote!(#first.is_nan()),
            (Func::Exp | Func::Ln, _) => {
                let name = format_ident!("{}", if func == Func::Exp { "exp" } else { "ln" });
                quote!(__k::math::#name::<__l::Scalar, #strict>(__l::Scalar, #first))
            }
            (Func::Math(name), _) => {
                let (name, body) = (format_ident!("{}", name), math_body(strict));
                quote!(__k::math::#name::#body(__l::Scalar, true, frame, #(#values),*))
            }
        }
    }
}

/// The function over lanes of a kernel of `math`: it has two, so that strict callers get their bits.
fn math_body(strict: bool) -> proc_macro2::Ident {
    format_ident!("{}", if strict { "lanes_strict" } else { "lanes" })
}

fn literal(lit: Lit, scalar: Scalar) -> TokenStream {
    match lit {
        Lit::Bool(value) => quote!(#value),
        Lit::Float(value) if value.is_finite() => {
            let digits = proc_macro2::Literal::f32_suffixed(value.abs());
            if value.is_sign_negative() { quote!((-#digits)) } else { quote!(#digits) }
        }
        Lit::Float(value) => {
            let bits = value.to_bits();
            quote!(f32::from_bits(#bits))
        }
        Lit::Int(value) => match scalar {
            Scalar::I32 => int_literal(value as i32),
            Scalar::U8 => {
                let value = value as u8;
                quote!(#value)
            }
            _ => {
                let value = value as u32;
                quote!(#value)
            }
        },
    }
}

fn int_literal(value: i32) -> TokenStream {
    if value == i32::MIN {
        return quote!(i32::MIN);
    }
    let digits = proc_macro2::Literal::i32_suffixed(value.abs());
    if value < 0 { quote!((-#digits)) } else { quote!(#digits) }
}

fn lane_op(op: Binary, scalar: Scalar) -> &'static str {
    match (op, scalar) {
        (Binary::Add, Scalar::F32) => "f_add",
        (Binary::Sub, Scalar::F32) => "f_sub",
        (Binary::Mul, Scalar::F32) => "f_mul",
        (Binary::Div, Scalar::F32) => "f_div",
        (Binary::Rem, Scalar::F32) => "f_rem",
        (Binary::Eq, Scalar::F32) => "f_eq",
        (Binary::Ne, Scalar::F32) => "f_ne",
        (Binary::Lt, Scalar::F32) => "f_lt",
        (Binary::Le, Scalar::F32) => "f_le",
        (Binary::Gt, Scalar::F32) => "f_gt",
        (Binary::Ge, Scalar::F32) => "f_ge",
        (Binary::And, Scalar::Bool) => "m_and",
        (Binary::Or, Scalar::Bool) => "m_or",
        (Binary::Xor | Binary::Ne, Scalar::Bool) => "m_xor",
        (Binary::Add, _) => "i_add",
        (Binary::Sub, _) => "i_sub",
        (Binary::Mul, _) => "i_mul",
        (Binary::Div, Scalar::I32) => "i_div_s",
        (Binary::Div, _) => "i_div_u",
        (Binary::Rem, Scalar::I32) => "i_rem_s",
        (Binary::Rem, _) => "i_rem_u",
        (Binary::And, _) => "i_and",
        (Binary::Or, _) => "i_or",
        (Binary::Xor, _) => "i_xor",
        (Binary::Shl, _) => "i_shl",
        (Binary::Shr, Scalar::I32) => "i_shr_s",
        (Binary::Shr, _) => "i_shr_u",
        (Binary::Eq, _) => "i_eq",
        (Binary::Ne, _) => "i_ne",
        (Binary::Lt, Scalar::I32) => "i_lt_s",
        (Binary::Lt, _) => "i_lt_u",
        (Binary::Le, Scalar::I32) => "i_le_s",
        (Binary::Le, _) => "i_le_u",
        (Binary::Gt, Scalar::I32) => "i_gt_s",
        (Binary::Gt, _) => "i_gt_u",
        (Binary::Ge, Scalar::I32) => "i_ge_s",
        (Binary::Ge, _) => "i_ge_u",
    }
}
