//! The IR as text, for people: what a kernel came down to, and which of its values differ by lane.

use std::fmt::Write;

use crate::ir::{
    self, Arg, Axis, Binary, Expr, ExprKind, Fused, Kernel, Lit, Source, Stmt, Store, Unary, VarId,
};
use crate::lockstep;
use crate::uniformity::{Spread, Spreads};

/// The body in the language's own words, with every name, type and multiply-add as decided.
pub fn ir(kernel: &Kernel) -> String {
    Lister { kernel, spreads: None }.whole()
}

/// As [`ir()`], with what each variable and each branch and loop is: uniform, linear or varying.
pub fn spreads(kernel: &Kernel) -> String {
    let (stepped, spreads) = lockstep::kernel(kernel);
    Lister { kernel: &stepped, spreads: Some(&spreads) }.whole()
}

struct Lister<'k> {
    kernel: &'k Kernel,
    spreads: Option<&'k Spreads>,
}

impl Lister<'_> {
    fn whole(&self) -> String {
        let mut text = String::new();
        for param in &self.kernel.params {
            let vars: Vec<String> = param.vars.iter().map(|var| self.declared(*var)).collect();
            let _ = writeln!(text, "param {}: {:?} {}", param.name, param.kind, vars.join(", "));
        }
        self.list(&self.kernel.body, 0, &mut text);
        let results: Vec<String> = self.kernel.results.iter().map(|result| self.expr(result)).collect();
        let _ = writeln!(text, "give {}", results.join(", "));
        text
    }

    fn name(&self, var: VarId) -> String {
        format!("{}.{var}", self.kernel.vars[var].name)
    }

    fn declared(&self, var: VarId) -> String {
        let ty = ir::known(self.kernel.vars[var].ty).name();
        let spread = self.spreads.map(|spreads| format!(" [{}]", word(spreads.var(var)))).unwrap_or_default();
        format!("{}: {ty}{spread}", self.name(var))
    }

    /// How lanes go through a branch or loop.
    fn flow(&self, varies: impl Fn(&Spreads) -> bool) -> &'static str {
        match self.spreads {
            None => "",
            Some(spreads) if varies(spreads) => " [varying: masked]",
            Some(_) => " [uniform: no mask]",
        }
    }

    fn list(&self, stmts: &[Stmt], depth: usize, text: &mut String) {
        for stmt in stmts {
            self.stmt(stmt, depth, text);
        }
    }

    fn stmt(&self, stmt: &Stmt, depth: usize, text: &mut String) {
        let indent = "  ".repeat(depth);
        let _ = match stmt {
            Stmt::Let { var, value: Some(value) } => {
                writeln!(text, "{indent}let {} = {}", self.declared(*var), self.expr(value))
            }
            Stmt::Let { var, value: None } => writeln!(text, "{indent}let {}", self.declared(*var)),
            Stmt::LetMany { source, outs, .. } => {
                let outs: Vec<String> = outs.iter().map(|var| self.declared(*var)).collect();
                writeln!(text, "{indent}let ({}) = {}", outs.join(", "), self.source(source))
            }
            Stmt::Assign { var, value } => {
                writeln!(text, "{indent}{} = {}", self.name(*var), self.expr(value))
            }
            Stmt::LetTable { table, values } => {
                let of = &self.kernel.tables[*table];
                let spread = match self.spreads.map(|spreads| spreads.table_varies(*table)) {
                    None => "",
                    Some(true) => " [varying]",
                    Some(false) => " [uniform]",
                };
                let ty = ir::known(of.ty).name();
                writeln!(
                    text,
                    "{indent}array {}: [{ty}; {}]{spread} = {}",
                    of.name,
                    of.length,
                    self.exprs(values)
                )
            }
            Stmt::Put { table, index, value } => {
                let name = &self.kernel.tables[*table].name;
                writeln!(text, "{indent}{name}[{}] = {}", self.expr(index), self.expr(value))
            }
            Stmt::Atomic { param, op, index, args, old } => {
                let name = &self.kernel.params[*param].name;
                let old = old.map(|var| format!("let {} = ", self.declared(var))).unwrap_or_default();
                writeln!(text, "{indent}{old}{name}.{op:?}({}, {})", self.expr(index), self.exprs(args))
            }
            Stmt::If { cond, then, other, .. } => {
                let flow = self.flow(|spreads| spreads.varies(cond));
                let _ = writeln!(text, "{indent}if {}{flow}", self.expr(cond));
                self.list(then, depth + 1, text);
                if !other.is_empty() {
                    let _ = writeln!(text, "{indent}else");
                    self.list(other, depth + 1, text);
                }
                Ok(())
            }
            Stmt::While { site, head, cond, body } => {
                let flow = self.flow(|spreads| spreads.varies(cond) || spreads.diverges(*site));
                if head.is_empty() {
                    let _ = writeln!(text, "{indent}while#{site} {}{flow}", self.expr(cond));
                } else {
                    let _ = writeln!(text, "{indent}while#{site}{flow} first");
                    self.list(head, depth + 2, text);
                    let _ = writeln!(text, "{indent}  then if {}", self.expr(cond));
                }
                self.list(body, depth + 1, text);
                Ok(())
            }
            Stmt::For { site, var, from, to, inclusive, body } => {
                let flow = self
                    .flow(|spreads| spreads.varies(from) || spreads.varies(to) || spreads.diverges(*site));
                let dots = if *inclusive { "..=" } else { ".." };
                let (from, to) = (self.expr(from), self.expr(to));
                let _ =
                    writeln!(text, "{indent}for#{site} {} in {from}{dots}{to}{flow}", self.declared(*var));
                self.list(body, depth + 1, text);
                Ok(())
            }
            Stmt::Break(site) => writeln!(text, "{indent}break #{site}"),
            Stmt::Continue(site) => writeln!(text, "{indent}continue #{site}"),
            Stmt::Return => writeln!(text, "{indent}return"),
        };
    }

    fn source(&self, source: &Source) -> String {
        match source {
            Source::Call(call) => self.call(call),
            Source::Near(near) => self.near(near),
            Source::At(at) => self.at(at),
            Source::Item(item) => self.item(item),
        }
    }

    fn exprs(&self, exprs: &[Expr]) -> String {
        exprs.iter().map(|expr| self.expr(expr)).collect::<Vec<_>>().join(", ")
    }

    fn call(&self, call: &ir::Call) -> String {
        let name = call.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        let args: Vec<String> = call
            .args
            .iter()
            .map(|arg| match arg {
                Arg::Scalar(one) => self.expr(one),
                Arg::Pixel(channels) => format!("[{}]", self.exprs(channels)),
                Arg::Cell(at) => self.kernel.params[*at].name.to_string(),
            })
            .collect();
        format!("{name}({})", args.join(", "))
    }

    fn near(&self, near: &ir::Near) -> String {
        let name = &self.kernel.params[near.picture].name;
        format!("{name}.near({}, {})", self.expr(&near.dx), self.expr(&near.dy))
    }

    fn at(&self, at: &ir::At) -> String {
        let name = &self.kernel.params[at.picture].name;
        format!("{name}.at({}, {})", self.expr(&at.x), self.expr(&at.y))
    }

    fn item(&self, item: &ir::Item) -> String {
        let name = match item.store {
            Store::Param(at) => self.kernel.params[at].name.to_string(),
            Store::Table(table) => self.kernel.tables[table].name.clone(),
        };
        let how = match self.spreads.map(|spreads| spreads.expr(&item.index)) {
            None => "",
            Some(Spread::Uniform) => " one load",
            Some(Spread::Linear) => " vector load",
            Some(Spread::Varying) => " gather",
        };
        format!("{name}[{}{how}]", self.expr(&item.index))
    }

    fn expr(&self, expr: &Expr) -> String {
        let axis = |axis: &Axis| if *axis == Axis::X { "x" } else { "y" };
        match &expr.kind {
            ExprKind::Lit(lit) => literal(*lit),
            ExprKind::Var(var) => self.name(*var),
            ExprKind::Unary(Unary::Neg, a) => format!("-{}", self.expr(a)),
            ExprKind::Unary(Unary::Not, a) => format!("!{}", self.expr(a)),
            ExprKind::Binary(op, a, b) => format!("({} {} {})", self.expr(a), symbol(*op), self.expr(b)),
            ExprKind::Fused(fused, parts) => {
                let name = match fused {
                    Fused::MulAdd => "mul_add",
                    Fused::MulSub => "mul_sub",
                    Fused::NegMulAdd => "neg_mul_add",
                };
                format!("{name}({})", self.exprs(&parts[..]))
            }
            ExprKind::Func(ir::Func::Math(name), parts) => format!("{name}({})", self.exprs(parts)),
            ExprKind::Func(func, parts) => format!("{func:?}({})", self.exprs(parts)),
            ExprKind::Cast(a) => format!("({} as {})", self.expr(a), expr.scalar().name()),
            ExprKind::Select(parts) => format!("select({})", self.exprs(&parts[..])),
            ExprKind::Call(call) => self.call(call),
            ExprKind::Near(near) => self.near(near),
            ExprKind::At(at) => self.at(at),
            ExprKind::Item(item) => self.item(item),
            ExprKind::Const(path) => {
                path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default()
            }
            ExprKind::Length(at) => format!("{}.len", self.kernel.params[*at].name),
            ExprKind::Draw(at, count) => {
                format!("{}.word({})", self.kernel.params[*at].name, self.expr(count))
            }
            ExprKind::Extent(at, Axis::X) => format!("{}.width", self.kernel.params[*at].name),
            ExprKind::Extent(at, Axis::Y) => format!("{}.height", self.kernel.params[*at].name),
            ExprKind::Place(at, of) => format!("{}.{}", self.kernel.params[*at].name, axis(of)),
        }
    }
}

fn word(spread: Spread) -> &'static str {
    match spread {
        Spread::Uniform => "uniform",
        Spread::Linear => "linear",
        Spread::Varying => "varying",
    }
}

fn literal(lit: Lit) -> String {
    match lit {
        Lit::Float(x) | Lit::Decimal(x, _) => format!("{x:?}"),
        Lit::Double(x) => format!("{x:?}"),
        Lit::Int(x) => x.to_string(),
        Lit::Bool(x) => x.to_string(),
    }
}

fn symbol(op: Binary) -> &'static str {
    match op {
        Binary::Add => "+",
        Binary::Sub => "-",
        Binary::Mul => "*",
        Binary::Div => "/",
        Binary::Rem => "%",
        Binary::And => "&",
        Binary::Or => "|",
        Binary::Xor => "^",
        Binary::Shl => "<<",
        Binary::Shr => ">>",
        Binary::Eq => "==",
        Binary::Ne => "!=",
        Binary::Lt => "<",
        Binary::Le => "<=",
        Binary::Gt => ">",
        Binary::Ge => ">=",
    }
}
