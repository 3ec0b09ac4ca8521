//! The language's own functions: those with an operation of their own, and those that are put together from others.

use proc_macro2::Span;
use syn::spanned::Spanned;

use super::names::{self, Gives, On};
use super::{Checked, Checker, Failed, Need, Value, refuse};
use crate::ir::{Binary, Expr, ExprKind, Func, Fused, Lit, Unary};
use crate::types::{Scalar, Ty};

const F32: Ty = Ty::Known(Scalar::F32);
const U32: Ty = Ty::Known(Scalar::U32);
const I32: Ty = Ty::Known(Scalar::I32);
const BOOL: Ty = Ty::Known(Scalar::Bool);

fn func(func: Func, parts: Vec<Expr>, ty: Ty, span: Span) -> Expr {
    Expr { kind: ExprKind::Func(func, parts), ty, span }
}

fn select(cond: Expr, yes: Expr, no: Expr) -> Expr {
    Expr { ty: yes.ty, span: yes.span, kind: ExprKind::Select(Box::new([cond, yes, no])) }
}

fn cast(value: Expr, ty: Ty) -> Expr {
    Expr { ty, span: value.span, kind: ExprKind::Cast(Box::new(value)) }
}

fn float(value: f64, ty: Ty, span: Span) -> Expr {
    Expr { kind: ExprKind::Lit(Lit::Decimal(value as f32, value)), ty, span }
}

fn int(value: i128, ty: Ty, span: Span) -> Expr {
    Expr { kind: ExprKind::Lit(Lit::Int(value)), ty, span }
}

impl Checker<'_> {
    /// A function by its name; the receiver is the first operand.
    pub(super) fn function(
        &mut self,
        name: &str,
        at: Span,
        mut operands: Vec<Expr>,
        span: Span,
    ) -> Checked<Value> {
        let given = operands.len() - 1;
        if let Some((found, on, takes, gives)) = names::function(name) {
            self.counted(name, takes, given, span)?;
            if on == On::Single {
                self.is_single(name, &operands[0])?;
            }
            return self.plain_function(found, on, gives, operands, span).map(Value::Scalar);
        }
        let first = operands.remove(0);
        let takes = match name {
            "mul_add" => 2,
            "wrapping_add" | "wrapping_sub" | "wrapping_mul" | "wrapping_div" | "wrapping_rem"
            | "wrapping_shl" | "wrapping_shr" | "rotate_left" | "rotate_right" | "powi" | "pow"
            | "abs_diff" | "rem_euclid" | "max_by" => 1,
            "signum" | "recip" | "wrapping_neg" | "fract" | "to_degrees" | "to_radians" | "is_infinite"
            | "is_finite" | "is_sign_negative" | "is_sign_positive" | "sin_cos" | "count_zeros"
            | "unsigned_abs" | "to_f32" | "is_positive" | "is_negative" => 0,
            _ => {
                let message = refuse::method(name).unwrap_or_else(|| {
                    let known = match self.types.resolve(first.ty) {
                        Ty::Known(scalar) if scalar.is_int() => vec![names::INTEGERS],
                        _ if self.types.is_float(first.ty) => vec![names::FLOATS],
                        _ => vec![names::FLOATS, names::INTEGERS],
                    };
                    let hint = refuse::nearest(name, known.iter().flat_map(|list| list.split(", ")));
                    match hint.is_empty() {
                        true => {
                            format!("`{name}` is not in the kernel language; it has {}", known.join("; "))
                        }
                        false => format!("`{name}` is not in the kernel language{hint}"),
                    }
                });
                return self.fail_at(at, message);
            }
        };
        self.counted(name, takes, given, span)?;
        if name == "sin_cos" {
            self.is_single(name, &first)?;
            self.same(first.span, F32, first.ty)?;
            let first = self.spill(first);
            let parts = ["sin", "cos"]
                .map(|name| Value::Scalar(func(Func::Math(name), vec![first.clone()], F32, span)));
            return Ok(Value::Tuple(parts.into()));
        }
        let second = if operands.is_empty() { None } else { Some(operands.remove(0)) };
        let composed = match (name, second) {
            ("mul_add", Some(b)) => {
                let c = operands.remove(0);
                self.mul_add(first, b, c, span)
            }
            (_, Some(second)) => self.composed_two(name, first, second, span),
            (_, None) => self.composed(name, first, span),
        };
        composed.map(Value::Scalar)
    }

    /// The functions that are approximated have one accuracy.
    fn is_single(&mut self, name: &str, x: &Expr) -> Checked<()> {
        if self.types.resolve(x.ty) != Ty::Known(Scalar::F64) {
            return Ok(());
        }
        let more = if matches!(name, "powf" | "hypot" | "atan2") { "…" } else { "" };
        let message =
            format!("`{name}` is approximated, for f32 only: cast, `(x as f32).{name}({more}) as f64`");
        self.fail_at(x.span, message)
    }

    fn counted(&mut self, name: &str, wanted: usize, found: usize, span: Span) -> Checked<()> {
        if wanted == found {
            return Ok(());
        }
        let plural = if wanted == 1 { "" } else { "s" };
        self.fail_at(span, format!("`{name}` takes {wanted} argument{plural}, this has {found}"))
    }

    fn plain_function(
        &mut self,
        found: Func,
        on: On,
        gives: Gives,
        operands: Vec<Expr>,
        span: Span,
    ) -> Checked<Expr> {
        let ty = operands[0].ty;
        match on {
            On::Single => self.same(operands[0].span, F32, ty)?,
            On::Float => self.need(Need::Float, &operands[0], "this function"),
            On::Int => self.need(Need::Int, &operands[0], "this function"),
            On::Number => self.need(Need::Number, &operands[0], "this function"),
        }
        for operand in &operands[1..] {
            self.same(operand.span, ty, operand.ty)?;
        }
        let ty = match gives {
            Gives::Same => ty,
            Gives::Bool => BOOL,
            Gives::Count => U32,
            Gives::Bits => match self.types.resolve(ty) {
                Ty::Known(Scalar::F64) => Ty::Known(Scalar::U64),
                _ => {
                    self.same(operands[0].span, F32, ty)?;
                    U32
                }
            },
        };
        Ok(func(found, operands, ty, span))
    }

    fn mul_add(&mut self, a: Expr, b: Expr, c: Expr, span: Span) -> Checked<Expr> {
        self.need(Need::Float, &a, "`mul_add`");
        for operand in [&b, &c] {
            self.same(operand.span, a.ty, operand.ty)?;
        }
        if self.strict || self.types.resolve(a.ty) == Ty::Known(Scalar::F64) {
            let product = self.binary(Binary::Mul, a, b, span)?;
            return self.binary(Binary::Add, product, c, span);
        }
        self.same(a.span, F32, a.ty)?;
        Ok(Expr { kind: ExprKind::Fused(Fused::MulAdd, Box::new([a, b, c])), ty: F32, span })
    }

    /// Functions of one value that are made of others.
    fn composed(&mut self, name: &str, x: Expr, span: Span) -> Checked<Expr> {
        let ty = x.ty;
        let is_float = self.types.is_float(ty);
        match name {
            "wrapping_neg" => {
                self.need(Need::Int, &x, "`wrapping_neg`");
                return Ok(Expr { ty, kind: ExprKind::Unary(Unary::Neg, Box::new(x)), span });
            }
            "count_zeros" => {
                self.need(Need::Int, &x, "`count_zeros`");
                let not = Expr { ty, kind: ExprKind::Unary(Unary::Not, Box::new(x)), span };
                return Ok(func(Func::CountOnes, vec![not], U32, span));
            }
            "unsigned_abs" => {
                self.same(x.span, I32, ty)?;
                return Ok(cast(func(Func::Abs, vec![x], I32, span), U32));
            }
            "to_f32" => {
                self.same(x.span, Ty::Known(Scalar::F16), ty)?;
                return Ok(cast(x, F32));
            }
            "is_positive" | "is_negative" => {
                self.need(Need::Int, &x, "this function");
                let op = if name == "is_positive" { Binary::Gt } else { Binary::Lt };
                return self.binary(op, x, int(0, ty, span), span);
            }
            "signum" if !is_float => {
                self.need(Need::Int, &x, "`signum`");
                let x = self.spill(x);
                let zero = int(0, ty, span);
                let below = self.binary(Binary::Lt, x.clone(), zero.clone(), span)?;
                let above = self.binary(Binary::Gt, x, zero.clone(), span)?;
                let up = select(above, int(1, ty, span), zero);
                return Ok(select(below, int(-1, ty, span), up));
            }
            _ => {}
        }
        self.need(Need::Float, &x, "this function");
        match name {
            "recip" => self.binary(Binary::Div, float(1.0, ty, span), x, span),
            "fract" => {
                let x = self.spill(x);
                let whole = func(Func::Trunc, vec![x.clone()], ty, span);
                self.binary(Binary::Sub, x, whole, span)
            }
            "to_degrees" => self.binary(Binary::Mul, x, float(180.0 / std::f64::consts::PI, ty, span), span),
            "to_radians" => self.binary(Binary::Mul, x, float(std::f64::consts::PI / 180.0, ty, span), span),
            "is_infinite" | "is_finite" => {
                // NaN is neither: it fails both comparisons.
                let size = func(Func::Abs, vec![x], ty, span);
                let most = float(f64::MAX, ty, span);
                let most = Expr { kind: ExprKind::Lit(Lit::Decimal(f32::MAX, f64::MAX)), ..most };
                let op = if name == "is_finite" { Binary::Le } else { Binary::Gt };
                self.binary(op, size, most, span)
            }
            "is_sign_negative" | "is_sign_positive" => {
                self.same(x.span, F32, ty)?;
                let bits = func(Func::ToBits, vec![x], U32, span);
                let sign = self.binary(Binary::Shr, bits, int(31, U32, span), span)?;
                let op = if name == "is_sign_negative" { Binary::Ne } else { Binary::Eq };
                self.binary(op, sign, int(0, U32, span), span)
            }
            // signum: NaN stays NaN, everything else is 1 with the sign that it has.
            _ => {
                let x = self.spill(x);
                let nan = func(Func::IsNan, vec![x.clone()], BOOL, span);
                let sign = func(Func::Copysign, vec![float(1.0, ty, span), x.clone()], ty, span);
                Ok(select(nan, x, sign))
            }
        }
    }

    /// Functions of two values that are made of others.
    fn composed_two(&mut self, name: &str, x: Expr, y: Expr, span: Span) -> Checked<Expr> {
        let ty = x.ty;
        let plain = match name {
            "wrapping_add" => Some(Binary::Add),
            "wrapping_sub" => Some(Binary::Sub),
            "wrapping_mul" => Some(Binary::Mul),
            "wrapping_div" => Some(Binary::Div),
            "wrapping_rem" => Some(Binary::Rem),
            "wrapping_shl" => Some(Binary::Shl),
            "wrapping_shr" => Some(Binary::Shr),
            _ => None,
        };
        if let Some(op) = plain {
            self.need(Need::Int, &x, "a `wrapping_…` function");
            return self.binary(op, x, y, span);
        }
        match name {
            "rotate_left" | "rotate_right" => {
                self.need(Need::Int, &x, "a rotation");
                self.same(y.span, U32, y.ty)?;
                let which = if name == "rotate_left" { Func::RotateLeft } else { Func::RotateRight };
                Ok(func(which, vec![x, y], ty, span))
            }
            "powi" => {
                self.same(x.span, F32, ty)?;
                self.same(y.span, I32, y.ty)?;
                match y.lit() {
                    Some(Lit::Int(0)) => Ok(float(1.0, F32, span)),
                    Some(Lit::Int(1)) => Ok(x),
                    Some(Lit::Int(n @ 2..=4)) => {
                        let x = self.spill(x);
                        let square = self.binary(Binary::Mul, x.clone(), x.clone(), span)?;
                        match n {
                            2 => Ok(square),
                            3 => self.binary(Binary::Mul, square, x, span),
                            _ => {
                                let square = self.spill(square);
                                self.binary(Binary::Mul, square.clone(), square, span)
                            }
                        }
                    }
                    _ => Ok(func(Func::Math("powf"), vec![x, cast(y, F32)], F32, span)),
                }
            }
            "pow" => {
                self.need(Need::Int, &x, "`pow`");
                let Some(Lit::Int(n @ 0..=64)) = y.lit() else {
                    return self.fail_at(
                        y.span,
                        "the power of an integer is written as a number up to 64: `x.pow(3)`",
                    );
                };
                let x = self.spill(x);
                let mut product = int(1, ty, span);
                for _ in 0..n {
                    product = self.binary(Binary::Mul, product, x.clone(), span)?;
                }
                Ok(product)
            }
            "abs_diff" => {
                self.same(x.span, U32, ty)?;
                self.same(y.span, U32, y.ty)?;
                let (x, y) = (self.spill(x), self.spill(y));
                let most = func(Func::Max, vec![x.clone(), y.clone()], ty, span);
                let least = func(Func::Min, vec![x, y], ty, span);
                self.binary(Binary::Sub, most, least, span)
            }
            "rem_euclid" => {
                self.need(Need::Int, &x, "`rem_euclid`");
                self.same(y.span, ty, y.ty)?;
                let y = self.spill(y);
                let rest = self.binary(Binary::Rem, x, y.clone(), span)?;
                let rest = self.spill(rest);
                let below = self.binary(Binary::Lt, rest.clone(), int(0, ty, span), span)?;
                let size = func(Func::Abs, vec![y], ty, span);
                let up = self.binary(Binary::Add, rest.clone(), size, span)?;
                Ok(select(below, up, rest))
            }
            _ => Err(Failed),
        }
    }

    /// `f32::from_bits(u)`, `f32::max(a, b)`, `i32::from(x)`.
    pub(super) fn type_function(
        &mut self,
        scalar: Scalar,
        name: &str,
        args: &[&syn::Expr],
        call: &syn::ExprCall,
    ) -> Checked<Value> {
        let span = call.span();
        let mut operands = self.operands(args)?;
        if operands.is_empty() {
            return self.fail(call, format!("`{name}` needs an argument"));
        }
        let ty = Ty::Known(scalar);
        match (scalar, name) {
            (Scalar::F32 | Scalar::F64, "from_bits") if operands.len() == 1 => {
                let bits = if scalar == Scalar::F64 { Scalar::U64 } else { Scalar::U32 };
                self.same(operands[0].span, Ty::Known(bits), operands[0].ty)?;
                Ok(Value::Scalar(func(Func::FromBits, operands, ty, span)))
            }
            (Scalar::F16, "from_f32") if operands.len() == 1 => {
                self.same(operands[0].span, F32, operands[0].ty)?;
                Ok(Value::Scalar(cast(operands.remove(0), ty)))
            }
            (_, "from") if operands.len() == 1 => Ok(Value::Scalar(cast(operands.remove(0), ty))),
            _ => {
                self.same(operands[0].span, ty, operands[0].ty)?;
                self.function(name, call.func.span(), operands, span)
            }
        }
    }
}
