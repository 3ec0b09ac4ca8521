//! Looks around the own cell whose distance is known when a vector begins, though not when it is compiled: a uniform radius, and
//! counters of loops up to it. Whether all of them stay inside of the pictures is then looked at once for a vector, and the body
//! stands twice: where they do, it has no edges, and so no calls around which vectors would have to lie in memory.
//!
//! Bounds are sums of what stands before the body, as `i64`. A look wraps as an `i32` does; where its bounds, which do not, lie
//! inside of a picture, they are an `i32`, and so is the look itself.
//!
//! And columns that are two apart from lane to lane, as `2 * at.x + 1`: their cells lie in two vectors side by side.

use proc_macro2::TokenStream;
use quote::quote;
use std::collections::{BTreeMap, BTreeSet};

use super::{Context, LaneEmitter};
use crate::ir::{self, Arg, Binary, Expr, ExprKind, Kernel, Near, ParamKind, Stmt, Unary, VarId};
use crate::types::{Scalar, Type};
use crate::uniformity::{Spread, each_near};

/// The greatest factor of a counter: with it nothing comes near the ends of an `i64`.
const MOST_FACTOR: i128 = 1 << 16;

/// Where the values of variables come from that are given one once.
#[derive(Debug, Default)]
pub struct Origins<'k> {
    lets: BTreeMap<VarId, &'k Expr>,
    /// From, to, and whether that is included.
    counters: BTreeMap<VarId, (&'k Expr, &'k Expr, bool)>,
    /// Scalars that the launch passes.
    passed: Vec<VarId>,
    /// What is given other values later.
    assigned: BTreeSet<VarId>,
}

impl<'k> Origins<'k> {
    /// Of all variables of the kernel.
    pub fn of(kernel: &'k Kernel) -> Self {
        let assigned = ir::assigned_anywhere(&kernel.body);
        let mut origins = Origins::default();
        ir::each_stmt(&kernel.body, &mut |stmt| match stmt {
            Stmt::Let { var, value: Some(value) } if !assigned.contains(var) => {
                origins.lets.insert(*var, value);
            }
            Stmt::For { var, from, to, inclusive, .. } if !assigned.contains(var) => {
                origins.counters.insert(*var, (from, to, *inclusive));
            }
            _ => {}
        });
        let uniforms = kernel.params.iter().filter(|param| param.kind == ParamKind::Uniform);
        origins.passed = uniforms.flat_map(|param| &param.vars).copied().collect();
        origins.passed.retain(|var| !assigned.contains(var));
        origins.assigned = assigned.into_iter().collect();
        origins
    }

    /// Whether it can be computed before the body.
    fn stands(&self, expr: &Expr) -> bool {
        let mut stands = true;
        expr.walk(&mut |part| {
            stands &= match &part.kind {
                ExprKind::Lit(_) | ExprKind::Unary(..) | ExprKind::Binary(..) | ExprKind::Cast(_) => true,
                ExprKind::Extent(..) | ExprKind::Length(_) => true,
                ExprKind::Var(var) => self.passed.contains(var),
                _ => false,
            }
        });
        stands
    }
}

/// An integer of 32 bits that steps from lane to lane: `base + offset` on the first, the base as code, and so much more on each.
struct Line {
    base: Option<TokenStream>,
    offset: i128,
    step: i128,
}

/// The least and the greatest value, as code.
type Bounds = (TokenStream, TokenStream);

impl LaneEmitter<'_> {
    /// The bounds of a uniform integer of 32 bits, if they can be told before the body.
    fn bounds(&self, expr: &Expr, context: &Context) -> Option<Bounds> {
        let scalar = ir::known(expr.ty);
        if !matches!(scalar, Scalar::I32 | Scalar::U32) {
            return None;
        }
        if self.origins.stands(expr) {
            let value = self.plain(expr, context);
            let value = quote!(i64::from(#value));
            return Some((value.clone(), value));
        }
        let told = match &expr.kind {
            ExprKind::Var(var) => match (self.origins.counters.get(var), self.origins.lets.get(var)) {
                (Some((from, to, inclusive)), _) => {
                    let ends = self.bounds(from, context).zip(self.bounds(to, context));
                    ends.map(|((low, _), (_, high))| {
                        (low, if *inclusive { high } else { quote!((#high - 1)) })
                    })
                }
                (None, Some(value)) => self.bounds(value, context),
                (None, None) => None,
            },
            ExprKind::Cast(a) => self.bounds(a, context),
            ExprKind::Unary(Unary::Neg, a) => {
                self.bounds(a, context).map(|(low, high)| (quote!((-#high)), quote!((-#low))))
            }
            ExprKind::Binary(op, a, b) => self.sum_bounds(*op, a, b, context),
            _ => None,
        };
        told.or_else(|| {
            let (low, high) = self.ranges.expr(expr).filter(|range| *range != scalar.range())?;
            let code = |x: i128| i64::try_from(x).ok().map(|x| quote!((#x)));
            code(low).zip(code(high))
        })
    }

    fn sum_bounds(&self, op: Binary, a: &Expr, b: &Expr, context: &Context) -> Option<Bounds> {
        let (first, second) = (self.bounds(a, context)?, self.bounds(b, context)?);
        let ((a_low, a_high), (b_low, b_high)) = (&first, &second);
        match op {
            Binary::Add => Some((quote!((#a_low + #b_low)), quote!((#a_high + #b_high)))),
            Binary::Sub => Some((quote!((#a_low - #b_high)), quote!((#a_high - #b_low)))),
            Binary::Mul => {
                let factor = |expr: &Expr| {
                    let (low, high) = self.ranges.expr(expr)?;
                    (low == high && low.abs() <= MOST_FACTOR).then_some(low >= 0)
                };
                let ((low, high), by, positive) = match (factor(a), factor(b)) {
                    (_, Some(positive)) => (first.clone(), b_low, positive),
                    (Some(positive), None) => (second.clone(), a_low, positive),
                    (None, None) => return None,
                };
                let (low, high) = if positive { (low, high) } else { (high, low) };
                Some((quote!((#low * #by)), quote!((#high * #by))))
            }
            _ => None,
        }
    }

    /// The bounds of a look's columns and rows, where no window holds it.
    pub(super) fn span(&self, near: &Near, context: &Context) -> Option<[Bounds; 2]> {
        let uniform = !self.spreads.varies(&near.dx) && !self.spreads.varies(&near.dy);
        let window = self.windows.get(&near.picture);
        if !uniform || window.is_some_and(|reach| self.ranges.is_inside(near, *reach)) {
            return None;
        }
        Some([self.bounds(&near.dx, context)?, self.bounds(&near.dy, context)?])
    }

    /// Whether all such looks are inside, as code; `None` where there are none.
    pub(super) fn covers(&self, context: &Context) -> Option<TokenStream> {
        let mut spans: BTreeMap<(usize, usize), Vec<TokenStream>> = BTreeMap::new();
        each_near(self.kernel, &mut |near| {
            if let Some([(left, right), (top, bottom)]) = self.span(near, context) {
                let span = quote!([#left, #right, #top, #bottom]);
                spans.entry((near.picture, near.cell)).or_default().push(span);
            }
        });
        let looks = spans.into_iter().map(|((picture, cell), spans)| {
            let (picture, cell) = (self.param(picture), self.param(cell));
            quote!(#picture.covers::<L>(#cell, &[#(#spans),*]))
        });
        let looks: Vec<TokenStream> = looks.collect();
        (!looks.is_empty()).then(|| quote!(#(#looks)&&*))
    }

    /// Whether vectors of it may lie over two rows of a grid: all that it has of its place is what windows of several rows show.
    pub fn stacks(&self) -> bool {
        let plain =
            |ty: &Type| matches!(ty, Type::Scalar(Scalar::F32 | Scalar::I32 | Scalar::U32 | Scalar::U8));
        let params = self.kernel.params.iter().all(|param| match param.kind {
            ParamKind::Picture => plain(&param.ty),
            kind => {
                matches!(kind, ParamKind::Cell | ParamKind::Uniform | ParamKind::Table | ParamKind::Slice)
            }
        });
        let tall = self.windows.values().any(|reach| reach.size().1 > 1);
        if !params || !plain(&self.kernel.result) || !tall {
            return false;
        }
        let mut shown = true;
        let mut see = |expr: &Expr| {
            expr.walk(&mut |part| {
                shown &= match &part.kind {
                    ExprKind::Place(..) | ExprKind::At(_) => false,
                    ExprKind::Call(call) => !call.args.iter().any(|arg| matches!(arg, Arg::Cell(_))),
                    ExprKind::Near(near) => {
                        let window = self.windows.get(&near.picture);
                        window.is_some_and(|reach| self.ranges.is_inside(near, *reach))
                    }
                    _ => true,
                };
            });
        };
        ir::each_stmt(&self.kernel.body, &mut |stmt| stmt.exprs(&mut see));
        self.kernel.results.iter().for_each(see);
        ir::each_stmt(&self.kernel.body, &mut |stmt| shown &= !matches!(stmt, Stmt::LetMany { .. }));
        shown
    }

    /// A column that is two further on each lane: the first lane's, or the one before where that is odd, and whether it is.
    pub(super) fn twos(&self, column: &Expr, context: &Context) -> Option<(TokenStream, bool)> {
        let Line { base, offset, step: 2 } = self.line(column, context)? else { return None };
        let odd = offset.rem_euclid(2) == 1;
        let even = i32::try_from(offset - i128::from(odd)).ok()?;
        let base = base.unwrap_or_else(|| quote!(0i32));
        Some((quote!((#base).wrapping_add(#even)), odd))
    }

    fn line(&self, expr: &Expr, context: &Context) -> Option<Line> {
        if !matches!(ir::known(expr.ty), Scalar::I32 | Scalar::U32) {
            return None;
        }
        if let Some((value, same)) = self.ranges.expr(expr)
            && value == same
        {
            return Some(Line { base: None, offset: value, step: 0 });
        }
        if self.spreads.expr(expr) != Spread::Varying {
            let step = i128::from(self.spreads.varies(expr));
            let base = self.plain(expr, context);
            return Some(Line { base: Some(quote!((#base) as i32)), offset: 0, step });
        }
        match &expr.kind {
            ExprKind::Var(var) => {
                let value = self.origins.lets.get(var)?;
                let mut stays = true;
                value.walk(&mut |part| {
                    stays &= !matches!(&part.kind, ExprKind::Var(var) if self.origins.assigned.contains(var));
                });
                if stays { self.line(value, context) } else { None }
            }
            ExprKind::Cast(a) => self.line(a, context),
            ExprKind::Binary(op, a, b) => {
                let (a, b) = (self.line(a, context)?, self.line(b, context)?);
                match (op, &a, &b) {
                    (Binary::Add, ..) => Some(a.plus(b, 1)),
                    (Binary::Sub, ..) => Some(a.plus(b, -1)),
                    (Binary::Mul, Line { base: None, offset: by, step: 0 }, _) => b.times(*by),
                    (Binary::Mul, _, Line { base: None, offset: by, step: 0 }) => a.times(*by),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

impl Line {
    fn plus(self, other: Line, sign: i128) -> Line {
        let base = match (self.base, other.base) {
            (a, None) => a,
            (None, Some(b)) if sign > 0 => Some(b),
            (None, Some(b)) => Some(quote!((#b).wrapping_neg())),
            (Some(a), Some(b)) if sign > 0 => Some(quote!((#a).wrapping_add(#b))),
            (Some(a), Some(b)) => Some(quote!((#a).wrapping_sub(#b))),
        };
        Line { base, offset: self.offset + sign * other.offset, step: self.step + sign * other.step }
    }

    fn times(self, by: i128) -> Option<Line> {
        let factor = i32::try_from(by).ok()?;
        let base = self.base.map(|base| quote!((#base).wrapping_mul(#factor)));
        Some(Line { base, offset: self.offset.checked_mul(by)?, step: self.step.checked_mul(by)? })
    }
}
