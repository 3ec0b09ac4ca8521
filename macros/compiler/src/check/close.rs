//! The last look at the types: every open one is closed, and every operation has a type that it is made for.

use super::{Checked, Checker, Failed, Need};
use crate::fold;
use crate::ir::{self, Expr, ExprKind, Kernel, Lit, Stmt};
use crate::types::{Scalar, Shape, Ty};

impl Checker<'_> {
    /// Closes all types of the kernel; fails where something does not fit.
    pub(super) fn close(mut self, kernel: &mut Kernel) -> Checked<()> {
        for (need, ty, span, what) in std::mem::take(&mut self.needs) {
            let Ok(scalar) = self.types.close(ty) else { continue };
            let fits = match need {
                Need::Number => scalar.is_float() || scalar.is_int(),
                Need::Float => scalar.is_float(),
                Need::Int => scalar.is_int(),
                Need::Bits => scalar.is_int() || scalar == Scalar::Bool,
                Need::Comparable => !scalar.is_storage(),
                Need::Passable => scalar != Scalar::Bool,
            };
            if fits {
                continue;
            }
            let message = match (scalar, need) {
                (Scalar::F16, _) => {
                    format!("an f16 only stores: {what} works on wider numbers; widen it first: `x.to_f32()`")
                }
                (scalar, _) if scalar.is_storage() => {
                    let (name, wide) = (scalar.name(), if scalar.is_signed() { "i32" } else { "u32" });
                    format!(
                        "a {name} only stores: {what} works on wider numbers; cast it first: `x as {wide}`"
                    )
                }
                (scalar, Need::Float) => {
                    format!("{what} works on floats, this is `{}`; cast it: `x as f32`", scalar.name())
                }
                (Scalar::Bool, Need::Passable) => {
                    "a kernel takes no bool: pass a number, `b as u32`".to_owned()
                }
                (Scalar::Bool, _) => format!("{what} does not work on a bool; convert it: `b as u32`"),
                (scalar, _) => {
                    format!("{what} works on integers, this is `{}`; cast it: `x as i32`", scalar.name())
                }
            };
            let _: Checked<()> = self.fail_at(span, message);
        }
        for at in 0..kernel.vars.len() {
            // A variable that stays open is told where its value comes from; one without a value is never read.
            let scalar = self.types.close(kernel.vars[at].ty).unwrap_or(Scalar::F32);
            kernel.vars[at].ty = Ty::Known(scalar);
        }
        for table in &mut kernel.tables {
            table.ty = Ty::Known(self.types.close(table.ty).unwrap_or(Scalar::F32));
        }
        let mut body = std::mem::take(&mut kernel.body);
        ir::each_expr_mut(&mut body, &mut |expr| self.close_expr(expr));
        self.close_shapes(&mut body);
        kernel.body = body;
        for result in &mut kernel.results {
            self.close_expr(result);
        }
        if self.failed { Err(Failed) } else { Ok(()) }
    }

    /// Whether the expression comes down to a literal, which it then is.
    pub(super) fn fold_constant(&mut self, expr: &mut Expr) -> bool {
        self.close_expr(expr);
        fold::expr(expr);
        expr.lit().is_some()
    }

    fn close_expr(&mut self, expr: &mut Expr) {
        match self.types.close(expr.ty) {
            Ok(scalar) => expr.ty = Ty::Known(scalar),
            Err(span) => {
                let said = self.types.unify(expr.ty, Ty::Known(Scalar::F32));
                debug_assert!(said, "an open type takes any");
                expr.ty = Ty::Known(Scalar::F32);
                let _: Checked<()> =
                    self.fail_at(span, "the type of this is not known here; say its type: `let u: f32 = …`");
            }
        }
        let scalar = expr.scalar();
        match expr.kind {
            ExprKind::Lit(Lit::Decimal(single, double)) => {
                let lit = if scalar == Scalar::F64 { Lit::Double(double) } else { Lit::Float(single) };
                expr.kind = ExprKind::Lit(lit);
            }
            ExprKind::Lit(Lit::Int(value)) => {
                let (low, high) = scalar.range();
                if !(low..=high).contains(&value) {
                    let message = format!(
                        "{value} is out of range for `{}`, which goes from {low} to {high}",
                        scalar.name()
                    );
                    let _: Checked<()> = self.fail_at(expr.span, message);
                }
            }
            _ => {}
        }
        expr.operands_mut(&mut |part| self.close_expr(part));
    }

    fn close_shapes(&mut self, stmts: &mut [Stmt]) {
        for stmt in stmts {
            if let Stmt::LetMany { shape, .. } = stmt {
                self.close_shape(shape);
            }
            for list in stmt.inner_mut() {
                self.close_shapes(list);
            }
        }
    }

    fn close_shape(&mut self, shape: &mut Shape) {
        match shape {
            Shape::Unit | Shape::Never => {}
            Shape::Scalar(ty) | Shape::Pixel(ty, _) | Shape::Table(ty, _) => match self.types.close(*ty) {
                Ok(scalar) => *ty = Ty::Known(scalar),
                Err(span) => {
                    let said = self.types.unify(*ty, Ty::Known(Scalar::F32));
                    debug_assert!(said, "an open type takes any");
                    *ty = Ty::Known(Scalar::F32);
                    let _: Checked<()> = self.fail_at(
                        span,
                        "the type of this is not known here; say its type: `let (a, b): (f32, f32) = …`",
                    );
                }
            },
            Shape::Tuple(parts) => parts.iter_mut().for_each(|part| self.close_shape(part)),
        }
    }
}
