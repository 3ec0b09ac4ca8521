//! What the planner wants to know of a kernel: how much it computes, and how far it looks.

use crate::ir::{AtomicOp, Binary, Expr, ExprKind, Func, Kernel, Source, Stmt, Unary, each_stmt};
use crate::ranges::{Ranges, Reach};
use crate::types::Scalar;
use crate::uniformity::each_near;

/// Operations at one place; the bodies of loops count once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub flops: u32,
    pub ints: u32,
    pub specials: u32,
    pub loads: u32,
    pub loops: bool,
    pub unbounded: bool,
}

/// Counts them.
pub fn counts(kernel: &Kernel) -> Counts {
    let mut counts = Counts::default();
    each_stmt(&kernel.body, &mut |stmt| {
        counts.loops |= matches!(stmt, Stmt::While { .. } | Stmt::For { .. });
        counts.unbounded |= matches!(stmt, Stmt::While { .. });
        if let Stmt::LetMany { source: Source::Near(_) | Source::At(_) | Source::Item(_), .. }
        | Stmt::Atomic { .. } = stmt
        {
            counts.loads += 1;
        }
        stmt.exprs(&mut |expr| counts.expr(expr));
    });
    for result in &kernel.results {
        counts.expr(result);
    }
    counts
}

impl Counts {
    fn expr(&mut self, expr: &Expr) {
        expr.walk(&mut |part| self.one(part));
    }

    fn one(&mut self, expr: &Expr) {
        let mut plain = |scalar: Scalar| match scalar {
            Scalar::F32 | Scalar::F64 => self.flops += 1,
            _ => self.ints += 1,
        };
        match &expr.kind {
            ExprKind::Lit(_)
            | ExprKind::Var(_)
            | ExprKind::Call(_)
            | ExprKind::Extent(..)
            | ExprKind::Const(_)
            | ExprKind::Length(_)
            | ExprKind::Place(..) => {}
            ExprKind::Near(_) | ExprKind::At(_) | ExprKind::Item(_) => self.loads += 1,
            // Ten rounds of two multiplications and six other operations.
            ExprKind::Draw(..) => self.ints += 100,
            ExprKind::Fused(..) => self.flops += 2,
            ExprKind::Binary(Binary::Div | Binary::Rem, ..) => self.specials += 1,
            ExprKind::Binary(_, a, _) => plain(a.scalar()),
            ExprKind::Func(Func::Sqrt | Func::Exp | Func::Ln | Func::Math(_), _) => self.specials += 1,
            ExprKind::Func(Func::Clamp, parts) => {
                plain(parts[0].scalar());
                plain(parts[0].scalar());
            }
            ExprKind::Func(Func::ToBits | Func::FromBits, _) => {}
            ExprKind::Func(_, parts) => plain(parts[0].scalar()),
            ExprKind::Unary(Unary::Neg | Unary::Not, a) => plain(a.scalar()),
            ExprKind::Cast(a) => plain(a.scalar()),
            ExprKind::Select(_) => plain(expr.scalar()),
        }
    }
}

/// Cells beyond which a look around is one anywhere.
const FAR: i32 = 1 << 20;

/// How far from its own cell a kernel reads a picture; `None` where that is not known before it runs.
pub fn halo(kernel: &Kernel, picture: usize) -> Option<(u32, u32)> {
    let ranges = Ranges::of(kernel);
    let mut reach = Some((0, 0));
    if reads_anywhere(kernel, picture) {
        return None;
    }
    each_near(kernel, &mut |near| {
        if near.picture == picture {
            reach = reach.zip(ranges.near(near, FAR)).map(|((x, y), around): ((u32, u32), Reach)| {
                let most = |(from, to): (i32, i32)| from.unsigned_abs().max(to.unsigned_abs());
                (x.max(most(around.columns)), y.max(most(around.rows)))
            });
        }
    });
    reach
}

/// Whether some value of the kernel takes 64 bits.
pub fn wide(kernel: &Kernel) -> bool {
    let mut found = kernel
        .vars
        .iter()
        .map(|var| var.ty)
        .chain(kernel.tables.iter().map(|table| table.ty))
        .any(|ty| crate::ir::known(ty).is_wide());
    found |= kernel.params.iter().any(|param| param.ty.scalars().into_iter().any(Scalar::is_wide));
    let mut look = |expr: &Expr| expr.walk(&mut |part| found |= part.scalar().is_wide());
    each_stmt(&kernel.body, &mut |stmt| stmt.exprs(&mut look));
    kernel.results.iter().for_each(look);
    found
}

/// What all updates of some shared places do, where they are merged from copies: the same, and nobody looks at what
/// stood there.
pub fn merge(kernel: &Kernel, param: usize) -> Option<AtomicOp> {
    use AtomicOp as Op;
    let mut ops = Vec::new();
    let mut olds = Vec::new();
    each_stmt(&kernel.body, &mut |stmt| {
        if let Stmt::Atomic { param: of, op, old, .. } = stmt
            && *of == param
        {
            ops.push(*op);
            olds.extend(*old);
        }
    });
    let mut read = false;
    let mut look = |expr: &Expr| {
        expr.walk(&mut |part| read |= matches!(part.kind, ExprKind::Var(var) if olds.contains(&var)));
    };
    each_stmt(&kernel.body, &mut |stmt| stmt.exprs(&mut look));
    kernel.results.iter().for_each(look);
    let first = *ops.first()?;
    let merges = matches!(first, Op::Add | Op::Min | Op::Max | Op::And | Op::Or | Op::Xor);
    (merges && !read && ops.iter().all(|op| *op == first)).then_some(first)
}

/// Whether the kernel reads the picture at places of its own choice.
fn reads_anywhere(kernel: &Kernel, picture: usize) -> bool {
    let mut found = false;
    let mut look = |expr: &Expr| {
        expr.walk(&mut |part| found |= matches!(&part.kind, ExprKind::At(at) if at.picture == picture));
    };
    each_stmt(&kernel.body, &mut |stmt| {
        stmt.exprs(&mut look);
    });
    kernel.results.iter().for_each(&mut look);
    each_stmt(&kernel.body, &mut |stmt| {
        found |= matches!(stmt, Stmt::LetMany { source: Source::At(at), .. } if at.picture == picture);
    });
    found
}
