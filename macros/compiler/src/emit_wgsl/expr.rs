//! Expressions in WGSL.

use super::{CHANNELS, Piece, Text, Writer, comma, scalar_name, text};
use crate::ir::{Arg, At, Axis, Binary, Call, Expr, ExprKind, Func, Fused, Item, Lit, Near, Store, Unary};
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
                    (Unary::Neg, Scalar::U64) => text!["(0lu - ", a, ")"],
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
            // A driver that knows a float to be a zero drops the sign of what it is multiplied with or added to.
            ExprKind::Func(Func::FromBits, parts) if scalar == Scalar::F32 && self.kernel.strict => {
                text!["ml_keep(", self.function(Func::FromBits, parts), ")"]
            }
            ExprKind::Func(func, parts) => self.function(*func, parts),
            ExprKind::Cast(a) if scalar == Scalar::F32 && !a.scalar().is_float() && self.kernel.strict => {
                text!["ml_keep(", self.cast(a, scalar), ")"]
            }
            ExprKind::Cast(a) => self.cast(a, scalar),
            ExprKind::Select(parts) => {
                let [cond, yes, no] = [0, 1, 2].map(|at| self.expr(&parts[at]));
                text!["select(", no, ", ", yes, ", ", cond, ")"]
            }
            ExprKind::Call(call) => self.call(call),
            ExprKind::Near(near) => self.near(near),
            ExprKind::At(at) => self.at(at),
            ExprKind::Item(item) => self.item(item),
            ExprKind::Const(path) => Text(vec![Piece::Const((**path).clone(), scalar)]),
            ExprKind::Length(at) => Text::new(format!("ml_len_{at}()")),
            ExprKind::Draw(at, count) => {
                let count = self.expr(count);
                text![format!("ml_draw_{at}("), count, ")"]
            }
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
        let count = b.scalar();
        let compares =
            matches!(op, Binary::Eq | Binary::Ne | Binary::Lt | Binary::Le | Binary::Gt | Binary::Ge);
        let [a, b] = [a, b].map(|part| match part.kind {
            // Of no consequence: a comparison sees no sign of a zero.
            ExprKind::Lit(Lit::Float(0.0) | Lit::Decimal(0.0, _)) if compares => Text::new("0.0f"),
            _ => self.expr(part),
        });
        let symbol = match (op, scalar) {
            (Binary::Add, _) => "+",
            (Binary::Sub, _) => "-",
            (Binary::Mul, _) => "*",
            (Binary::Div, Scalar::F32 | Scalar::F64) => "/",
            (Binary::And, Scalar::Bool) => "&&",
            (Binary::Or, Scalar::Bool) => "||",
            (Binary::Xor, Scalar::Bool) => "!=",
            (Binary::And, _) => "&",
            (Binary::Or, _) => "|",
            (Binary::Xor, _) => "^",
            (Binary::Ne, Scalar::F32 | Scalar::F64) => {
                return text![format!("ml_ne_{}(", scalar.name()), a, ", ", b, ")"];
            }
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
                let b = if matches!(op, Binary::Shl | Binary::Shr) && count != Scalar::U32 {
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
        let float = scalar.is_float();
        let wide = if scalar == Scalar::F64 { "_f64" } else { "" };
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
            // WGSL's goes to even.
            Func::RoundTiesEven => "round",
            Func::Round | Func::IsNan | Func::Min | Func::Max | Func::Clamp if float => {
                let verb = match func {
                    Func::Round => "round",
                    Func::IsNan => "is_nan",
                    Func::Min => "min",
                    Func::Max => "max",
                    _ => "clamp",
                };
                return text![format!("ml_{verb}{wide}("), comma(&parts), ")"];
            }
            Func::SwapBytes | Func::RotateLeft | Func::RotateRight | Func::MulHi => {
                let verb = match func {
                    Func::SwapBytes => "swap_bytes",
                    Func::RotateLeft => "rotate_left",
                    Func::RotateRight => "rotate_right",
                    _ => "mul_hi",
                };
                return text![format!("ml_{verb}_{}(", scalar_name(scalar)), comma(&parts), ")"];
            }
            Func::CountOnes | Func::LeadingZeros | Func::TrailingZeros => {
                let name = match func {
                    Func::CountOnes => "countOneBits",
                    Func::LeadingZeros => "countLeadingZeros",
                    _ => "countTrailingZeros",
                };
                return text!["u32(", name, "(", comma(&parts), "))"];
            }
            Func::ReverseBits => "reverseBits",
            Func::Round => "ml_round",
            Func::IsNan => "ml_is_nan",
            Func::Exp => "ml_exp",
            Func::Ln => "ml_ln",
            Func::ToBits if wide.is_empty() => "bitcast<u32>",
            Func::ToBits => "bitcast<u64>",
            Func::FromBits if scalar == Scalar::U64 => "bitcast<f64>",
            Func::FromBits => "bitcast<f32>",
            Func::Abs if matches!(scalar, Scalar::I32 | Scalar::I64) => {
                return text![format!("ml_abs_{}(", scalar.name()), comma(&parts), ")"];
            }
            Func::Abs => "abs",
            Func::Min => "min",
            Func::Max => "max",
            Func::Clamp => return text!["min(max(", &parts[0], ", ", &parts[1], "), ", &parts[2], ")"],
            Func::Copysign if !wide.is_empty() => "ml_copysign_f64",
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
        use Scalar as S;
        let from = a.scalar();
        let a = self.expr(a);
        if from == to || scalar_name(from) == scalar_name(to) && !to.is_storage() {
            return a;
        }
        let float = from.is_float() || from == S::F16;
        match to {
            S::Bool => a,
            S::F16 | S::F32 | S::F64 => {
                let ty = scalar_name(to);
                let (zero, one) = if to == S::F64 { ("0.0lf", "1.0lf") } else { ("0.0f", "1.0f") };
                match from {
                    S::Bool => text!["select(", zero, ", ", one, ", ", a, ")"],
                    from if scalar_name(from) == ty => a,
                    _ => text![ty, "(", a, ")"],
                }
            }
            _ if from == S::Bool => {
                let ty = scalar_name(to);
                text![ty, "(", a, ")"]
            }
            // A float saturates, into the narrow types too.
            _ if float => {
                let wide = match to {
                    S::U8 | S::U16 => "u32",
                    S::I8 | S::I16 => "i32",
                    to => scalar_name(to),
                };
                let whole = text![format!("ml_{}_to_{wide}(", scalar_name(from)), a, ")"];
                match to {
                    S::U8 => text!["min(", whole, ", 255u)"],
                    S::U16 => text!["min(", whole, ", 65535u)"],
                    S::I8 => text!["clamp(", whole, ", -128i, 127i)"],
                    S::I16 => text!["clamp(", whole, ", -32768i, 32767i)"],
                    _ => whole,
                }
            }
            S::U8 => text!["(u32(", a, ") & 255u)"],
            S::U16 => text!["(u32(", a, ") & 65535u)"],
            S::I8 => text!["extractBits(i32(", a, "), 0u, 8u)"],
            S::I16 => text!["extractBits(i32(", a, "), 0u, 16u)"],
            _ => text![scalar_name(to), "(", a, ")"],
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

    /// A cell anywhere.
    pub(super) fn at(&mut self, at: &At) -> Text {
        let (x, y) = (self.expr(&at.x), self.expr(&at.y));
        text![format!("ml_at_{}(", at.picture), x, ", ", y, ")"]
    }

    /// An element.
    pub(super) fn item(&mut self, item: &Item) -> Text {
        let index = self.expr(&item.index);
        match item.store {
            Store::Param(at) => text![format!("ml_item_{at}("), index, ")"],
            Store::Table(table) => self.place(table, index),
        }
    }

    fn literal(&mut self, lit: Lit, scalar: Scalar) -> Text {
        let text = match lit {
            Lit::Bool(value) => value.to_string(),
            Lit::Int(value) if scalar == Scalar::I64 => match value {
                -0x8000_0000_0000_0000 => "(-9223372036854775807li - 1li)".to_owned(),
                _ => format!("({value}li)"),
            },
            Lit::Int(value) if scalar == Scalar::U64 => format!("{value}lu"),
            Lit::Double(value) if value.is_finite() => format!("({value:?}lf)"),
            Lit::Double(value) => format!("ml_f64({}lu)", value.to_bits()),
            Lit::Int(value) if matches!(scalar, Scalar::I32 | Scalar::I8 | Scalar::I16) => match value {
                // The number without its sign would not fit.
                -0x8000_0000 => "(-2147483647i - 1i)".to_owned(),
                0.. => format!("{value}i"),
                _ => format!("({value}i)"),
            },
            Lit::Int(value) => format!("{value}u"),
            Lit::Float(value) | Lit::Decimal(value, _)
                if !value.is_finite() || (value == 0.0 && value.is_sign_negative()) =>
            {
                let bits = value.to_bits();
                self.bits.insert(bits);
                if self.kernel.strict {
                    format!("ml_keep(bitcast<f32>(b_{bits:08x}))")
                } else {
                    format!("bitcast<f32>(b_{bits:08x})")
                }
            }
            Lit::Float(0.0) | Lit::Decimal(0.0, _) if self.kernel.strict => "ml_keep(0.0f)".to_owned(),
            Lit::Float(value) | Lit::Decimal(value, _) if value < 0.0 => format!("({value:?}f)"),
            Lit::Float(value) | Lit::Decimal(value, _) => format!("{value:?}f"),
        };
        Text::new(text)
    }
}
