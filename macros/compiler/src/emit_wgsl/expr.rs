//! Expressions in WGSL.

use super::{CHANNELS, Piece, Text, Writer, comma, scalar_name, text};
use crate::ir::{Arg, Axis, Binary, Call, Expr, ExprKind, Func, Fused, Lit, Near, Unary};
use crate::types::Scalar;

impl Writer<'_> {
    /// The expression; what must stand before it is written as lines.
    pub(super) fn expr(&mut self, expr: &Expr) -> Text {
        let scalar = expr.scalar();
        match &expr.kind {
            ExprKind::Lit(lit) => self.literal(*lit, scalar),
            ExprKind::Var(var) => Text::new(self.name(*var)),
            ExprKind::Unary(op, a) => {
                let a = self.expr(a);
                match (op, scalar) {
                    (Unary::Neg, Scalar::U32) => text!["(~", a, " + 1u)"],
                    (Unary::Neg, _) => text!["(-", a, ")"],
                    (Unary::Not, Scalar::Bool) => text!["(!", a, ")"],
                    (Unary::Not, _) => text!["(~", a, ")"],
                }
            }
            ExprKind::Binary(op, a, b) => self.binary(*op, a, b),
            ExprKind::Fused(fused, parts) => {
                let [a, b, c] = [0, 1, 2].map(|at| self.expr(&parts[at]));
                match fused {
                    Fused::MulAdd => text!["fma(", a, ", ", b, ", ", c, ")"],
                    Fused::MulSub => text!["fma(", a, ", ", b, ", -", c, ")"],
                    Fused::NegMulAdd => text!["fma(-", a, ", ", b, ", ", c, ")"],
                }
            }
            ExprKind::Func(func, parts) => self.function(*func, parts),
            ExprKind::Cast(a) => self.cast(a, scalar),
            ExprKind::Select(parts) => {
                let [cond, yes, no] = [0, 1, 2].map(|at| self.expr(&parts[at]));
                text!["select(", no, ", ", yes, ", ", cond, ")"]
            }
            ExprKind::Call(call) => self.call(call),
            ExprKind::Near(near) => self.near(near),
            ExprKind::Extent(at, Axis::X) => Text::new(format!("ml_width_{at}()")),
            ExprKind::Extent(at, Axis::Y) => Text::new(format!("ml_height_{at}()")),
            ExprKind::Place(at, axis) => {
                let channel = CHANNELS[if *axis == Axis::X { 0 } else { 1 }];
                Text::new(format!("{}.{channel}", self.param(*at)))
            }
        }
    }

    fn binary(&mut self, op: Binary, a: &Expr, b: &Expr) -> Text {
        let scalar = a.scalar();
        let signed_count = b.scalar() == Scalar::I32;
        let (a, b) = (self.expr(a), self.expr(b));
        let symbol = match (op, scalar) {
            (Binary::Add, _) => "+",
            (Binary::Sub, _) => "-",
            (Binary::Mul, _) => "*",
            (Binary::Div, Scalar::F32) => "/",
            (Binary::And, Scalar::Bool) => "&&",
            (Binary::Or, Scalar::Bool) => "||",
            (Binary::Xor, Scalar::Bool) => "!=",
            (Binary::And, _) => "&",
            (Binary::Or, _) => "|",
            (Binary::Xor, _) => "^",
            (Binary::Ne, Scalar::F32) => return text!["ml_ne_f32(", a, ", ", b, ")"],
            (Binary::Eq, _) => "==",
            (Binary::Ne, _) => "!=",
            (Binary::Lt, _) => "<",
            (Binary::Le, _) => "<=",
            (Binary::Gt, _) => ">",
            (Binary::Ge, _) => ">=",
            (Binary::Div | Binary::Rem | Binary::Shl | Binary::Shr, _) => {
                let verb = match op {
                    Binary::Div => "div",
                    Binary::Rem => "rem",
                    Binary::Shl => "shl",
                    _ => "shr",
                };
                let b = if matches!(op, Binary::Shl | Binary::Shr) && signed_count {
                    text!["u32(", b, ")"]
                } else {
                    b
                };
                return text![format!("ml_{verb}_{}(", scalar_name(scalar)), a, ", ", b, ")"];
            }
        };
        let arithmetic = matches!(op, Binary::Add | Binary::Sub | Binary::Mul | Binary::Div);
        if arithmetic && scalar == Scalar::F32 && self.kernel.strict {
            return text!["ml_keep(", a, " ", symbol, " ", b, ")"];
        }
        text!["(", a, " ", symbol, " ", b, ")"]
    }

    fn function(&mut self, func: Func, parts: &[Expr]) -> Text {
        let scalar = parts[0].scalar();
        let float = scalar == Scalar::F32;
        let parts: Vec<Text> = parts.iter().map(|part| self.expr(part)).collect();
        let name = match func {
            Func::Math(name) => {
                let mut text = Text(vec![Piece::Math(name)]);
                text.push("(");
                text.add(&comma(&parts));
                text.push(")");
                return text;
            }
            Func::Sqrt => "sqrt",
            Func::Floor => "floor",
            Func::Ceil => "ceil",
            Func::Trunc => "trunc",
            Func::Round => "ml_round",
            Func::Exp => "ml_exp",
            Func::Ln => "ml_ln",
            Func::IsNan => "ml_is_nan",
            Func::ToBits => "bitcast<u32>",
            Func::FromBits => "bitcast<f32>",
            Func::Abs if scalar == Scalar::I32 => "ml_abs_i32",
            Func::Abs => "abs",
            Func::Min if float => "ml_min",
            Func::Max if float => "ml_max",
            Func::Clamp if float => "ml_clamp",
            Func::Min => "min",
            Func::Max => "max",
            Func::Clamp => return text!["min(max(", &parts[0], ", ", &parts[1], "), ", &parts[2], ")"],
            Func::Copysign => {
                let (size, sign) = (&parts[0], &parts[1]);
                return text![
                    "bitcast<f32>((bitcast<u32>(",
                    size,
                    ") & 0x7fffffffu) | (bitcast<u32>(",
                    sign,
                    ") & 0x80000000u))"
                ];
            }
        };
        text![name, "(", comma(&parts), ")"]
    }

    fn cast(&mut self, a: &Expr, to: Scalar) -> Text {
        let from = a.scalar();
        let a = self.expr(a);
        match (from, to) {
            (Scalar::F32, Scalar::I32) => text!["ml_f32_to_i32(", a, ")"],
            (Scalar::F32, Scalar::U32) => text!["ml_f32_to_u32(", a, ")"],
            (Scalar::F32, Scalar::U8) => text!["min(ml_f32_to_u32(", a, "), 255u)"],
            (Scalar::Bool, Scalar::F32) => text!["select(0.0f, 1.0f, ", a, ")"],
            (Scalar::Bool, Scalar::I32) => text!["select(0i, 1i, ", a, ")"],
            (Scalar::Bool, Scalar::U32 | Scalar::U8) => text!["select(0u, 1u, ", a, ")"],
            (Scalar::I32 | Scalar::U32 | Scalar::U8, Scalar::F32) => text!["f32(", a, ")"],
            (Scalar::I32, Scalar::U8) => text!["(u32(", a, ") & 255u)"],
            (Scalar::U32, Scalar::U8) => text!["(", a, " & 255u)"],
            (Scalar::I32, Scalar::U32) => text!["u32(", a, ")"],
            (Scalar::U32 | Scalar::U8, Scalar::I32) => text!["i32(", a, ")"],
            _ => a,
        }
    }

    /// A call of another kernel.
    pub(super) fn call(&mut self, call: &Call) -> Text {
        let args: Vec<Text> = call
            .args
            .iter()
            .map(|arg| match arg {
                Arg::Cell(at) => Text::new(self.param(*at)),
                // A bare integer takes the type of the parameter.
                Arg::Scalar(Expr { kind: ExprKind::Lit(Lit::Int(value)), .. }) => {
                    Text::new(value.to_string())
                }
                Arg::Scalar(one) => self.expr(one),
                Arg::Pixel(channels) if channels.len() == 1 => self.expr(&channels[0]),
                Arg::Pixel(channels) => {
                    let ty = format!("vec{}<{}>(", channels.len(), scalar_name(channels[0].scalar()));
                    let channels: Vec<Text> = channels.iter().map(|channel| self.expr(channel)).collect();
                    text![ty, comma(&channels), ")"]
                }
            })
            .collect();
        let mut text = Text(vec![Piece::Call(call.path.clone())]);
        text.push("(");
        text.add(&comma(&args));
        text.push(")");
        text
    }

    /// A cell near the own one.
    pub(super) fn near(&mut self, near: &Near) -> Text {
        let (dx, dy) = (self.expr(&near.dx), self.expr(&near.dy));
        text![format!("ml_near_{}({}, ", near.picture, self.param(near.cell)), dx, ", ", dy, ")"]
    }

    fn literal(&mut self, lit: Lit, scalar: Scalar) -> Text {
        let text = match lit {
            Lit::Bool(value) => value.to_string(),
            Lit::Int(value) if scalar == Scalar::I32 => match value {
                // The number without its sign would not fit.
                -0x8000_0000 => "(-2147483647i - 1i)".to_owned(),
                0.. => format!("{value}i"),
                _ => format!("({value}i)"),
            },
            Lit::Int(value) => format!("{value}u"),
            Lit::Float(value) if !value.is_finite() || (value == 0.0 && value.is_sign_negative()) => {
                let bits = value.to_bits();
                self.bits.insert(bits);
                format!("bitcast<f32>(b_{bits:08x})")
            }
            Lit::Float(value) if value < 0.0 => format!("({value:?}f)"),
            Lit::Float(value) => format!("{value:?}f"),
        };
        Text::new(text)
    }
}
