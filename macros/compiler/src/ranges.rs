//! What integers can be: bounds of expressions, from literals, types, masks and counters.
//!
//! For two things: an index that is known to be small needs no look at each lane, and a picture whose cells are read within
//! a known reach is cut out once for a vector. A wrong bound would be a wrong index, so both are still checked where they
//! are used, once for all lanes.

use std::collections::BTreeMap;

use crate::ir::{self, Binary, Expr, ExprKind, Func, Kernel, Lit, Near, Stmt, Unary, VarId};
use crate::types::{Scalar, Ty};
use crate::uniformity::each_near;

/// The least and the greatest value.
type Range = (i128, i128);

/// Variables of integers that are given a value once, and what that can be.
#[derive(Debug, Default)]
pub struct Ranges {
    vars: BTreeMap<VarId, Range>,
}

/// How far around its own cell a kernel reads a picture: columns and rows, from and to, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The cell that it is counted from: a parameter by its place.
    pub cell: usize,
    pub columns: (i32, i32),
    pub rows: (i32, i32),
}

impl Reach {
    /// Columns and rows of one place's window.
    pub fn size(self) -> (usize, usize) {
        let length = |(from, to): (i32, i32)| (i64::from(to) - i64::from(from) + 1) as usize;
        (length(self.columns), length(self.rows))
    }

    fn covers(self, other: Reach) -> bool {
        let inside = |a: (i32, i32), b: (i32, i32)| a.0 <= b.0 && b.1 <= a.1;
        self.cell == other.cell && inside(self.columns, other.columns) && inside(self.rows, other.rows)
    }
}

/// Cells from the own one, in every direction, beyond which nothing is cut out.
const FAR: i32 = 16;

impl Ranges {
    /// Of all variables of the kernel.
    pub fn of(kernel: &Kernel) -> Self {
        let assigned = ir::assigned_anywhere(&kernel.body);
        let mut ranges = Ranges::default();
        // A declaration stands before every use.
        ir::each_stmt(&kernel.body, &mut |stmt| {
            let (var, range) = match stmt {
                Stmt::Let { var, value: Some(value) } => (var, ranges.expr(value)),
                Stmt::For { var, from, to, inclusive, .. } => {
                    let bounds = ranges.expr(from).zip(ranges.expr(to));
                    // Where it never turns there is nothing to bound.
                    let last = |to: i128| to - i128::from(!inclusive);
                    (var, bounds.map(|(from, to)| (from.0, last(to.1).max(from.0))))
                }
                _ => return,
            };
            if let (Some(range), false) = (range, assigned.contains(var)) {
                ranges.vars.insert(*var, range);
            }
        });
        ranges
    }

    /// What an integer expression can be; `None` for what is no integer.
    pub fn expr(&self, expr: &Expr) -> Option<Range> {
        let Ty::Known(scalar) = expr.ty else { return None };
        let whole = whole(scalar)?;
        let known = self.known(expr).unwrap_or(whole);
        // What does not fit wraps around.
        Some(if whole.0 <= known.0 && known.1 <= whole.1 { known } else { whole })
    }

    fn known(&self, expr: &Expr) -> Option<Range> {
        match &expr.kind {
            ExprKind::Lit(Lit::Int(value)) => Some((*value, *value)),
            ExprKind::Var(var) => self.vars.get(var).copied(),
            ExprKind::Cast(a) if a.ty == Ty::Known(Scalar::Bool) => Some((0, 1)),
            ExprKind::Cast(a) => self.expr(a),
            ExprKind::Unary(Unary::Neg, a) => self.expr(a).map(|(low, high)| (-high, -low)),
            ExprKind::Binary(op, a, b) => self.binary(*op, self.expr(a)?, self.expr(b)?),
            ExprKind::Func(func, parts) => {
                let mut ranges = parts.iter().map(|part| self.expr(part));
                let (first, second) = (ranges.next()??, ranges.next()??);
                match func {
                    Func::Min => Some((first.0.min(second.0), first.1.min(second.1))),
                    Func::Max => Some((first.0.max(second.0), first.1.max(second.1))),
                    Func::Clamp => {
                        let third = ranges.next()??;
                        let low = (first.0.max(second.0), first.1.max(second.1));
                        Some((low.0.min(third.0), low.1.min(third.1)))
                    }
                    _ => None,
                }
            }
            ExprKind::Select(parts) => {
                let (yes, no) = (self.expr(&parts[1])?, self.expr(&parts[2])?);
                Some((yes.0.min(no.0), yes.1.max(no.1)))
            }
            _ => None,
        }
    }

    fn binary(&self, op: Binary, a: Range, b: Range) -> Option<Range> {
        let positive = a.0 >= 0 && b.0 >= 0;
        match op {
            Binary::Add => Some((a.0 + b.0, a.1 + b.1)),
            Binary::Sub => Some((a.0 - b.1, a.1 - b.0)),
            Binary::Mul => {
                // Of 64 bits, products need not fit here.
                let mut ends = [0; 4];
                for (end, (x, y)) in ends.iter_mut().zip([(a.0, b.0), (a.0, b.1), (a.1, b.0), (a.1, b.1)]) {
                    *end = x.checked_mul(y)?;
                }
                Some((*ends.iter().min()?, *ends.iter().max()?))
            }
            // A mask of either side bounds both.
            Binary::And if a.0 >= 0 || b.0 >= 0 => {
                let mask = |(low, high): Range| if low >= 0 { high } else { i128::MAX };
                Some((0, mask(a).min(mask(b))))
            }
            Binary::Or | Binary::Xor if positive => {
                Some((0, (a.1.max(b.1).unsigned_abs() + 1).next_power_of_two() as i128 - 1))
            }
            // By 0 it has its own meaning.
            Binary::Div if positive && b.0 > 0 => Some((a.0 / b.1, a.1 / b.0)),
            Binary::Rem if positive && b.0 > 0 => Some((0, a.1.min(b.1 - 1))),
            Binary::Shr if positive && b.0 == b.1 && b.0 < 32 => Some((a.0 >> b.0, a.1 >> b.0)),
            _ => None,
        }
    }

    /// How far a look around goes, where that is known and not beyond `far`.
    pub fn near(&self, near: &Near, far: i32) -> Option<Reach> {
        let close = |(low, high): Range| {
            let way = (i32::try_from(low).ok()?, i32::try_from(high).ok()?);
            (way.0 >= -far && way.1 <= far).then_some(way)
        };
        let (columns, rows) = (close(self.expr(&near.dx)?)?, close(self.expr(&near.dy)?)?);
        Some(Reach { cell: near.cell, columns, rows })
    }

    /// For each picture that is looked at around the own cell, how far at most; looks that are not known to be near do not
    /// count.
    pub fn windows(&self, kernel: &Kernel) -> BTreeMap<usize, Reach> {
        let mut windows: BTreeMap<usize, Reach> = BTreeMap::new();
        each_near(kernel, &mut |near| {
            let Some(reach) = self.near(near, FAR) else { return };
            let whole = windows.entry(near.picture).or_insert(reach);
            if whole.cell == reach.cell {
                let both = |a: (i32, i32), b: (i32, i32)| (a.0.min(b.0), a.1.max(b.1));
                whole.columns = both(whole.columns, reach.columns);
                whole.rows = both(whole.rows, reach.rows);
            }
        });
        windows
    }

    /// Whether a look around stays inside of that window.
    pub fn is_inside(&self, near: &Near, window: Reach) -> bool {
        self.near(near, FAR).is_some_and(|reach| window.covers(reach))
    }

    /// The greatest value of an index that is never negative.
    pub fn most(&self, index: &Expr) -> Option<u32> {
        let (low, high) = self.expr(index)?;
        if low < 0 { None } else { u32::try_from(high).ok() }
    }
}

/// All values of a type of integers.
fn whole(scalar: Scalar) -> Option<Range> {
    let float = scalar.is_float() || matches!(scalar, Scalar::F16 | Scalar::Bool);
    (!float).then(|| scalar.range())
}
