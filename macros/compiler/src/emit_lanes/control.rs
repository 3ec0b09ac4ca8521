//! Branches, loops and what leaves them, over lanes.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{Context, LaneEmitter, Mask, Owner, label, plain_type, select_of, splat_of};
use crate::ir::{self, Binary, Expr, ExprKind, Func, Leave, Source, Stmt, VarId};
use crate::types::Scalar;

/// Operations from which on a side of a varying branch is worth a jump around it.
const COSTLY: usize = 40;

impl LaneEmitter<'_> {
    pub(super) fn branch(
        &self,
        site: usize,
        cond: &Expr,
        then: &[Stmt],
        other: &[Stmt],
        context: &Context,
    ) -> TokenStream {
        if self.spreads.varies(cond) {
            return self.varying_if(site, cond, then, other, context);
        }
        let cond = self.value(cond, context);
        let then = self.list(then, context);
        let other = self.list(other, context);
        if other.is_empty() { quote!(if #cond { #then }) } else { quote!(if #cond { #then } else { #other }) }
    }

    fn varying_if(
        &self,
        site: usize,
        cond: &Expr,
        then: &[Stmt],
        other: &[Stmt],
        context: &Context,
    ) -> TokenStream {
        let c = format_ident!("c{}", site);
        let cond = self.varying(cond, context);
        let (run_then, names_then) = self.side(site, "then", quote!(#c), then, context);
        let (run_other, names_other) = self.side(site, "other", quote!(l.m_not(#c)), other, context);
        let merged: BTreeSet<VarId> = names_then.keys().chain(names_other.keys()).copied().collect();
        let mut merge = TokenStream::new();
        for var in merged.intersection(self.live.after(site)) {
            let old = self.name(*var, context);
            let yes = names_then.get(var).unwrap_or(&old);
            let no = names_other.get(var).unwrap_or(&old);
            let select = select_of(self.scalar(*var), quote!(#c), quote!(#yes), quote!(#no));
            merge.extend(self.store(*var, select, context));
        }
        quote! {
            let #c = #cond;
            #run_then
            #run_other
            #merge
        }
    }

    /// One side of a varying branch: on copies of what it assigns, or, where lanes leave it, under its mask.
    fn side(
        &self,
        site: usize,
        which: &str,
        taken: TokenStream,
        stmts: &[Stmt],
        context: &Context,
    ) -> (TokenStream, BTreeMap<VarId, Ident>) {
        let mut inside = context.clone();
        let mut copies = BTreeMap::new();
        let mut code = TokenStream::new();
        if stmts.is_empty() {
            return (code, copies);
        }
        let leaves = !ir::leaves(stmts).is_empty();
        if leaves {
            inside.guarded.extend(ir::assigned(stmts));
        } else {
            inside.guarded.clear();
            for var in ir::assigned(stmts) {
                let old = self.name(var, context);
                let copy = format_ident!("{}_{}{}", self.own_name(var), which, site);
                code.extend(quote!(let mut #copy = #old;));
                inside.names.insert(var, copy.clone());
                copies.insert(var, copy);
            }
        }
        if leaves || ir::is_guarded(stmts) || cost(stmts) >= COSTLY {
            let mask = format_ident!("m_{}{}", which, site);
            let outer = context.mask();
            let end = label(which, site);
            inside.masks.push(Mask { name: mask.clone(), of: Owner::Side });
            inside.exit = quote!(break #end;);
            let run = self.list(stmts, &inside);
            code.extend(quote! {
                let mut #mask = l.m_and(#outer, #taken);
                if l.m_any(#mask) { #end: { #run } }
            });
        } else {
            code.extend(self.list(stmts, &inside));
        }
        (code, copies)
    }

    // ---- leaving

    /// Whether after the statement the mask may have no lane left.
    pub(super) fn may_empty(&self, stmt: &Stmt, context: &Context) -> bool {
        stmt.leave().is_none()
            && ir::leaves(std::slice::from_ref(stmt))
                .into_iter()
                .any(|leave| !self.inside_is_plain(leave, context))
    }

    /// Whether a leave somewhere in a statement of this list is done for all lanes at once.
    fn inside_is_plain(&self, leave: Leave, context: &Context) -> bool {
        // One that some lanes do makes its loop diverge, which then has a mask; the kernel always has one.
        match leave {
            Leave::Break(site) | Leave::Continue(site) => context.find(Owner::Loop(site)).is_none(),
            Leave::Return => !self.spreads.returns(),
        }
    }

    /// Whether all lanes that are in what is left do so here.
    fn is_plain_leave(&self, leave: Leave, context: &Context) -> bool {
        let behind = |at: usize| &context.masks[at + 1..];
        match leave {
            Leave::Break(site) => context.find(Owner::Loop(site)).is_none_or(|at| behind(at).is_empty()),
            Leave::Continue(site) => context
                .find(Owner::Loop(site))
                .is_none_or(|at| behind(at).iter().all(|mask| mask.of == Owner::Turn(site))),
            Leave::Return => context.masks.len() == 1,
        }
    }

    pub(super) fn leave(&self, leave: Leave, context: &Context) -> TokenStream {
        if self.is_plain_leave(leave, context) {
            let to = match leave {
                Leave::Break(site) => label("loop", site),
                Leave::Continue(site) => label("turn", site),
                Leave::Return => label("body", 0),
            };
            return quote!(break #to;);
        }
        let first = match leave {
            Leave::Break(site) => context.find(Owner::Loop(site)),
            Leave::Continue(site) => context.find(Owner::Turn(site)),
            Leave::Return => Some(0),
        };
        let names = context.masks[first.unwrap_or(0)..].iter().map(|mask| &mask.name);
        let (mask, exit) = (context.mask(), &context.exit);
        quote! {
            let gone = l.m_not(#mask);
            #(#names = l.m_and(#names, gone);)*
            #exit
        }
    }

    // ---- loops

    /// The context inside a loop that lanes leave one by one.
    fn in_loop(&self, site: usize, act: &Ident, bodies: &[&[Stmt]], context: &Context) -> Context {
        let mut inside = context.clone();
        inside.masks.push(Mask { name: act.clone(), of: Owner::Loop(site) });
        let skipped = self.spreads.skips(site).then(|| self.live.turn(site));
        let kept = |var: &VarId| {
            self.live.after(site).contains(var) || skipped.is_some_and(|turn| turn.contains(var))
        };
        // What an outer loop keeps for lanes that have left it is kept here too.
        inside.guarded.extend(bodies.iter().flat_map(|body| ir::assigned(body)).filter(kept));
        let end = label("loop", site);
        inside.exit = quote!(break #end;);
        inside
    }

    /// One turn: the body, in a block that `continue` leaves.
    fn turn(&self, site: usize, body: &[Stmt], inside: &Context) -> TokenStream {
        let end = label("turn", site);
        let mut inside = inside.clone();
        // A loop without a mask of its own has nothing that would end it: once no lane is left, all of it is left.
        if inside.find(Owner::Loop(site)).is_some() {
            inside.exit = quote!(break #end;);
        }
        let mut head = TokenStream::new();
        if self.spreads.skips(site) {
            let (run, act) = (format_ident!("run{}", site), inside.mask().clone());
            inside.masks.push(Mask { name: run.clone(), of: Owner::Turn(site) });
            head = quote!(let mut #run = #act;);
        }
        let run = self.list(body, &inside);
        if ir::leaves(body).is_empty() { quote!(#head #run) } else { quote!(#head #end: { #run }) }
    }

    pub(super) fn while_loop(
        &self,
        site: usize,
        head: &[Stmt],
        cond: &Expr,
        body: &[Stmt],
        context: &Context,
    ) -> TokenStream {
        let (turns, name) = (format_ident!("turns{}", site), label("loop", site));
        let poll = poll(&turns);
        let (varies, diverges) = (self.spreads.varies(cond), self.spreads.diverges(site));
        if !varies && !diverges {
            let mut inside = context.clone();
            inside.exit = quote!(break #name;);
            let head = self.list(head, &inside);
            let cond = self.value(cond, &inside);
            let body = self.turn(site, body, &inside);
            return quote! {
                let mut #turns = 0u32;
                #name: loop {
                    #head
                    if !#cond { break; }
                    #poll
                    #body
                }
            };
        }
        let act = format_ident!("act{}", site);
        let outer = context.mask();
        let inside = self.in_loop(site, &act, &[head, body], context);
        let head = self.list(head, &inside);
        // What all lanes agree on ends the loop for all; the rest narrows the mask part by part, so that a level with
        // masked comparisons needs no more than those.
        let mut narrow = TokenStream::new();
        for part in conjuncts(cond) {
            if self.spreads.varies(part) {
                let part = self.varying(part, &inside);
                narrow.extend(quote!(#act = l.m_and(#act, #part);));
            } else if part.lit() != Some(ir::Lit::Bool(true)) {
                let part = self.value(part, &inside);
                narrow.extend(quote!(if !#part { break; }));
            }
        }
        let look = quote!(if !l.m_any(#act) { break; });
        let (left, narrowed) = (diverges.then_some(&look), varies.then_some(&look));
        let body = self.turn(site, body, &inside);
        quote! {
            let mut #act = #outer;
            let mut #turns = 0u32;
            #name: loop {
                #left
                #head
                #narrow
                #narrowed
                #poll
                #body
            }
        }
    }

    pub(super) fn varying_for(
        &self,
        site: usize,
        var: VarId,
        [from, to]: [&Expr; 2],
        inclusive: bool,
        body: &[Stmt],
        context: &Context,
    ) -> TokenStream {
        let (act, turns, whole) =
            (format_ident!("act{}", site), format_ident!("turns{}", site), label("loop", site));
        let (at, end) = (format_ident!("at{}", site), format_ident!("end{}", site));
        let scalar = self.scalar(var);
        let (from, to) = (self.varying(from, context), self.varying(to, context));
        let wide = if scalar.is_wide() { 'q' } else { 'i' };
        let sign = if scalar.is_signed() { 's' } else { 'u' };
        let below = format_ident!("{}_{}_{}", wide, if inclusive { "le" } else { "lt" }, sign);
        let (differ, add, splat) =
            (format_ident!("{}_ne", wide), format_ident!("{}_add", wide), format_ident!("{}_splat", wide));
        let outer = context.mask();
        let inside = self.in_loop(site, &act, &[body], context);
        let name = self.own_name(var);
        let body = self.turn(site, body, &inside);
        let poll = poll(&turns);
        // The last turn of an inclusive range ends its lane before the counter could wrap.
        let last =
            if inclusive { quote!(#act = l.m_and(#act, l.#differ(#at, #end));) } else { TokenStream::new() };
        quote! {
            let mut #at = #from;
            let #end = #to;
            let mut #act = #outer;
            let mut #turns = 0u32;
            #whole: loop {
                #act = l.m_and(#act, l.#below(#at, #end));
                if !l.m_any(#act) { break; }
                #poll
                let #name = #at;
                #body
                #last
                #at = l.#add(#at, l.#splat(1));
            }
        }
    }

    pub(super) fn uniform_for(
        &self,
        site: usize,
        var: VarId,
        [from, to]: [&Expr; 2],
        inclusive: bool,
        body: &[Stmt],
        context: &Context,
    ) -> TokenStream {
        let (counter, whole) = (self.own_name(var), label("loop", site));
        if let Some(turns) = self.written_out([from, to], inclusive, body) {
            let (ty, run) = (plain_type(self.scalar(var)), self.list(body, context));
            let turns = turns.map(|turn| {
                let size = proc_macro2::Literal::u128_unsuffixed(turn.unsigned_abs());
                let turn = if turn < 0 { quote!(-#size) } else { quote!(#size) };
                quote!({ let #counter: #ty = #turn; #run })
            });
            return turns.collect();
        }
        let (start, end) = (self.plain(from, context), self.plain(to, context));
        let mut before = TokenStream::new();
        let mut look = TokenStream::new();
        let mut run = if self.spreads.diverges(site) {
            let (act, outer) = (format_ident!("act{}", site), context.mask());
            before = quote!(let mut #act = #outer;);
            look = quote!(if !l.m_any(#act) { break; });
            self.turn(site, body, &self.in_loop(site, &act, &[body], context))
        } else {
            self.turn(site, body, context)
        };
        if !self.is_plain(var) {
            // The body assigns what it is counted with: not today, rustc refuses it; kept so that a wider language is right.
            let splat = splat_of(self.scalar(var), quote!(#counter));
            run = quote!(let #counter = #splat; #run);
        }
        if !inclusive {
            return quote!(#before #whole: for #counter in #start..#end { #look #run });
        }
        // Not `..=`: its iterator costs a flag and a branch in every turn.
        let (at, last) = (format_ident!("at{}", site), format_ident!("end{}", site));
        quote! {
            #before
            let mut #at = #start;
            let #last = #end;
            if #at <= #last {
                #whole: loop {
                    #look
                    let #counter = #at;
                    #run
                    if #at == #last { break; }
                    #at += 1;
                }
            }
        }
    }
}

/// The most turns of a loop that are written one after the other.
const MOST_TURNS: i128 = 9;

impl LaneEmitter<'_> {
    /// The turns of a loop over rows of windows, with loops over columns in it, where they are few. rustc writes out the inner loop
    /// only, and a row that two turns look at would be loaded in both.
    fn written_out(
        &self,
        [from, to]: [&Expr; 2],
        inclusive: bool,
        body: &[Stmt],
    ) -> Option<std::ops::Range<i128>> {
        let value = |expr| self.ranges.expr(expr).filter(|(low, high)| low == high).map(|(value, _)| value);
        let (from, to) = (value(from)?, value(to)? + i128::from(inclusive));
        let inner = body.iter().any(|stmt| matches!(stmt, Stmt::For { .. }));
        let mut looks = false;
        ir::each_stmt(body, &mut |stmt| {
            stmt.exprs(&mut |expr| expr.walk(&mut |part| looks |= matches!(part.kind, ExprKind::Near(_))));
        });
        let few = to - from <= MOST_TURNS && ir::leaves(body).is_empty();
        (few && inner && looks).then_some(from..to)
    }
}

/// The parts of `a && b && …`, in order.
fn conjuncts(cond: &Expr) -> Vec<&Expr> {
    match &cond.kind {
        ExprKind::Binary(Binary::And, a, b) if cond.scalar() == Scalar::Bool => {
            let mut parts = conjuncts(a);
            parts.extend(conjuncts(b));
            parts
        }
        _ => vec![cond],
    }
}

fn poll(turns: &Ident) -> TokenStream {
    quote! {
        #turns = #turns.wrapping_add(1);
        if #turns & 1023 == 0 && frame.stopped() { break; }
    }
}

/// About how many operations the list takes.
fn cost(stmts: &[Stmt]) -> usize {
    let mut sum = 0;
    ir::each_stmt(stmts, &mut |stmt| {
        if let Stmt::LetMany { source: Source::Near(_) | Source::At(_), .. } = stmt {
            sum += 8;
        }
        stmt.exprs(&mut |expr| {
            expr.walk(&mut |part| {
                sum += match part.kind {
                    ExprKind::Lit(_) | ExprKind::Var(_) => 0,
                    ExprKind::Func(Func::Exp | Func::Ln | Func::Math(_), _) | ExprKind::Draw(..) => 30,
                    ExprKind::Near(_) | ExprKind::At(_) => 8,
                    ExprKind::Binary(Binary::Div | Binary::Rem, ..) | ExprKind::Func(Func::Sqrt, _) => 8,
                    _ => 1,
                };
            });
        });
    });
    sum
}
