//! Contraction: which products and sums become one multiply-add. The same for every target.
//!
//! The rule, on floats only, from the leaves up, within one expression, never through a variable:
//! 1. `a * b + c` and `c + a * b` become `mul_add(a, b, c)`;
//! 2. `a * b - c` becomes `mul_sub(a, b, c)`;
//! 3. `c - a * b` becomes `neg_mul_add(a, b, c)`;
//! 4. where both sides are products, the left one is taken.
//!
//! A multiply-add rounds once where the lanes have one and twice where they have not. A strict kernel is left as it is.

use crate::ir::{Binary, Expr, ExprKind, Fused, Kernel, each_expr_mut};
use crate::types::Scalar;

/// Contracts every expression of the kernel.
pub fn kernel(kernel: &mut Kernel) {
    if kernel.strict {
        return;
    }
    each_expr_mut(&mut kernel.body, &mut expr);
    kernel.results.iter_mut().for_each(expr);
}

fn expr(expr: &mut Expr) {
    expr.operands_mut(&mut self::expr);
    if expr.scalar() != Scalar::F32 {
        return;
    }
    let ExprKind::Binary(op @ (Binary::Add | Binary::Sub), left, right) = &expr.kind else { return };
    let fused = match (op, product(left), product(right)) {
        (Binary::Add, Some([a, b]), _) => (Fused::MulAdd, [a, b, (**right).clone()]),
        (Binary::Add, None, Some([a, b])) => (Fused::MulAdd, [a, b, (**left).clone()]),
        (Binary::Sub, Some([a, b]), _) => (Fused::MulSub, [a, b, (**right).clone()]),
        (Binary::Sub, None, Some([a, b])) => (Fused::NegMulAdd, [a, b, (**left).clone()]),
        _ => return,
    };
    expr.kind = ExprKind::Fused(fused.0, Box::new(fused.1));
}

fn product(expr: &Expr) -> Option<[Expr; 2]> {
    match &expr.kind {
        ExprKind::Binary(Binary::Mul, a, b) => Some([(**a).clone(), (**b).clone()]),
        _ => None,
    }
}
