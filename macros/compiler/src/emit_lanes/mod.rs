//! From the IR to Rust over `Lanes`: the body that every level instantiates.
//!
//! Pseudo-code of what is done with control flow, `m` being the mask of the lanes that are active:
//!
//! ```text
//! uniform if, while, for     the same in Rust, no masks
//! varying if c {A} else {B}  A on copies of what it assigns, B on copies; then v = select(c, v_A, v_B)
//!                            for each v that is read afterwards
//! varying while c {A}        act = m; loop { act &= c; if none(act) {break}; A }
//!                            where A assigns v by `v = select(act, new, v)` if v is read after the loop
//! ```
//! Departures:
//! 1. A side of a varying `if` that may loop runs only where some lane takes it, under the mask of those lanes.
//! 2. What is not read after a varying loop is assigned without a mask: `act` never gets a lane back, so a lane that has
//!    left may hold anything there.
//! 3. A varying `for` is a varying `while` with a counter of its own.

mod expr;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::ir::{self, Binary, Expr, ExprKind, Kernel, ParamKind, Source, Stmt, VarId};
use crate::liveness::Live;
use crate::types::{Scalar, Shape, Type};
use crate::uniformity::Spreads;

/// Writes bodies of one kernel.
pub struct LaneEmitter<'k> {
    pub(crate) kernel: &'k Kernel,
    pub(crate) spreads: &'k Spreads,
    live: &'k Live,
}

/// What the code at one place is written under.
#[derive(Clone)]
struct Context {
    /// The mask of the active lanes.
    mask: Ident,
    /// Inside a varying loop: variables that only active lanes may change.
    guarded: BTreeSet<VarId>,
    /// Variables that stand for others here: the copies of one side of a branch.
    names: BTreeMap<VarId, Ident>,
}

impl<'k> LaneEmitter<'k> {
    /// For a kernel that is checked and contracted.
    pub fn new(kernel: &'k Kernel, spreads: &'k Spreads, live: &'k Live) -> Self {
        LaneEmitter { kernel, spreads, live }
    }

    /// The statements of the `lanes` function: it has `l`, `m`, `frame` and the parameters under their own names.
    pub fn body(&self) -> TokenStream {
        let context = Context { mask: format_ident!("m"), guarded: BTreeSet::new(), names: BTreeMap::new() };
        let mut params = TokenStream::new();
        for (at, param) in self.kernel.params.iter().enumerate() {
            let name = param_name(at, &param.name);
            let vars: Vec<Ident> = param.vars.iter().map(|var| self.own_name(*var)).collect();
            params.extend(match (&param.ty, &vars[..]) {
                (Type::Scalar(_), [var]) => quote!(let mut #var = #name;),
                (Type::Pixel(..), [_, ..]) => quote!(let [#(mut #vars),*] = #name;),
                _ => TokenStream::new(),
            });
            if param.kind == ParamKind::Uniform {
                // One that is assigned under a varying condition varies from the start.
                for (var, name) in param.vars.iter().zip(&vars).filter(|(var, _)| !self.is_uniform(**var)) {
                    let splat = splat_of(self.scalar(*var), quote!(#name));
                    params.extend(quote!(let mut #name = #splat;));
                }
            }
        }
        let body = self.list(&self.kernel.body, &context);
        let result = self.result(&context);
        quote! { #params #body #result }
    }

    fn result(&self, context: &Context) -> TokenStream {
        let mut values = self.kernel.results.iter().map(|value| self.varying(value, context));
        let result = assemble(&self.kernel.result, &mut values);
        let updated: Vec<TokenStream> = self
            .kernel
            .params
            .iter()
            .filter(|param| param.kind == ParamKind::InPlace)
            .map(|param| {
                let mut vars = param.vars.iter().map(|var| {
                    let name = self.name(*var, context);
                    quote!(#name)
                });
                assemble(&param.ty, &mut vars)
            })
            .collect();
        if updated.is_empty() { result } else { quote!((#result, (#(#updated,)*))) }
    }

    fn own_name(&self, var: VarId) -> Ident {
        let name: String = self.kernel.vars[var].name.trim_start_matches("r#").to_owned();
        format_ident!("v{}_{}", var, name)
    }

    fn name(&self, var: VarId, context: &Context) -> Ident {
        context.names.get(&var).cloned().unwrap_or_else(|| self.own_name(var))
    }

    fn scalar(&self, var: VarId) -> Scalar {
        ir::known(self.kernel.vars[var].ty)
    }

    fn is_uniform(&self, var: VarId) -> bool {
        self.spreads.is_uniform(var)
    }

    fn list(&self, stmts: &[Stmt], context: &Context) -> TokenStream {
        stmts.iter().map(|stmt| self.stmt(stmt, context)).collect()
    }

    fn stmt(&self, stmt: &Stmt, context: &Context) -> TokenStream {
        match stmt {
            Stmt::Let { var, value } => {
                let name = self.own_name(*var);
                let ty = self.var_type(*var);
                let value = match value {
                    Some(value) => self.of_var(*var, value, context),
                    None => self.zero(*var),
                };
                quote!(let mut #name: #ty = #value;)
            }
            Stmt::LetMany { source, outs, shape } => self.let_many(source, outs, shape, context),
            Stmt::Assign { var, value } => {
                let value = self.of_var(*var, value, context);
                self.store(*var, value, context)
            }
            Stmt::If { site, cond, then, other } => {
                if self.spreads.varies(cond) {
                    return self.varying_if(*site, cond, then, other, context);
                }
                let cond = self.value(cond, context);
                let then = self.list(then, context);
                let other = self.list(other, context);
                if other.is_empty() {
                    quote!(if #cond { #then })
                } else {
                    quote!(if #cond { #then } else { #other })
                }
            }
            Stmt::While { site, head, cond, body } => {
                if self.spreads.varies(cond) {
                    return self.varying_while(*site, head, cond, body, context);
                }
                let turns = format_ident!("turns{}", site);
                let head = self.list(head, context);
                let cond = self.value(cond, context);
                let poll = poll(&turns);
                let body = self.list(body, context);
                quote! {
                    let mut #turns = 0u32;
                    loop {
                        #head
                        if !#cond { break; }
                        #poll
                        #body
                    }
                }
            }
            Stmt::For { site, var, from, to, inclusive, body } => {
                if self.spreads.varies(from) || self.spreads.varies(to) {
                    return self.varying_for(*site, *var, [from, to], *inclusive, body, context);
                }
                self.uniform_for(*site, *var, [from, to], *inclusive, body, context)
            }
        }
    }

    fn store(&self, var: VarId, value: TokenStream, context: &Context) -> TokenStream {
        let name = self.name(var, context);
        if context.guarded.contains(&var) {
            let mask = &context.mask;
            let select = select_of(self.scalar(var), quote!(#mask), value, quote!(#name));
            quote!(#name = #select;)
        } else {
            quote!(#name = #value;)
        }
    }

    fn let_many(&self, source: &Source, outs: &[VarId], shape: &Shape, context: &Context) -> TokenStream {
        let value = match source {
            Source::Call(call) => self.call(call, context),
            Source::Near(near) => self.near(near, context),
        };
        let mut names = outs.iter().map(|var| {
            let name = self.own_name(*var);
            quote!(mut #name)
        });
        let pattern = take_apart(shape, &mut names);
        let types = shape_type(shape);
        quote!(let #pattern: #types = #value;)
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

    /// One side of a varying branch, on copies of what it assigns.
    fn side(
        &self,
        site: usize,
        which: &str,
        taken: TokenStream,
        stmts: &[Stmt],
        context: &Context,
    ) -> (TokenStream, BTreeMap<VarId, Ident>) {
        let mut inside = context.clone();
        inside.guarded.clear();
        let mut copies = BTreeMap::new();
        let mut code = TokenStream::new();
        for var in ir::assigned(stmts) {
            let old = self.name(var, context);
            let copy = format_ident!("{}_{}{}", self.own_name(var), which, site);
            code.extend(quote!(let mut #copy = #old;));
            inside.names.insert(var, copy.clone());
            copies.insert(var, copy);
        }
        if ir::may_loop(stmts) {
            let mask = format_ident!("m_{}{}", which, site);
            let outer = &context.mask;
            code.extend(quote!(let #mask = l.m_and(#outer, #taken);));
            inside.mask = mask.clone();
            let run = self.list(stmts, &inside);
            code.extend(quote!(if l.m_any(#mask) { #run }));
        } else {
            code.extend(self.list(stmts, &inside));
        }
        (code, copies)
    }

    /// The context inside a varying loop.
    fn in_loop(&self, site: usize, act: &Ident, bodies: &[&[Stmt]], context: &Context) -> Context {
        let mut inside = context.clone();
        inside.mask = act.clone();
        inside.guarded = bodies.iter().flat_map(|body| ir::assigned(body)).collect();
        inside.guarded = inside.guarded.intersection(self.live.after(site)).copied().collect();
        inside
    }

    fn varying_while(
        &self,
        site: usize,
        head: &[Stmt],
        cond: &Expr,
        body: &[Stmt],
        context: &Context,
    ) -> TokenStream {
        let (act, turns) = (format_ident!("act{}", site), format_ident!("turns{}", site));
        let outer = &context.mask;
        let inside = self.in_loop(site, &act, &[head, body], context);
        let head = self.list(head, &inside);
        // What all lanes agree on ends the loop for all; the rest narrows the mask part by part, so that a level with
        // masked comparisons needs no more than those.
        let mut narrow = TokenStream::new();
        for part in conjuncts(cond) {
            if self.spreads.varies(part) {
                let part = self.varying(part, &inside);
                narrow.extend(quote!(#act = l.m_and(#act, #part);));
            } else {
                let part = self.value(part, &inside);
                narrow.extend(quote!(if !#part { break; }));
            }
        }
        let poll = poll(&turns);
        let body = self.list(body, &inside);
        quote! {
            let mut #act = #outer;
            let mut #turns = 0u32;
            loop {
                #head
                #narrow
                if !l.m_any(#act) { break; }
                #poll
                #body
            }
        }
    }

    fn varying_for(
        &self,
        site: usize,
        var: VarId,
        [from, to]: [&Expr; 2],
        inclusive: bool,
        body: &[Stmt],
        context: &Context,
    ) -> TokenStream {
        let (act, turns) = (format_ident!("act{}", site), format_ident!("turns{}", site));
        let (at, end) = (format_ident!("at{}", site), format_ident!("end{}", site));
        let signed = self.scalar(var) == Scalar::I32;
        let (from, to) = (self.varying(from, context), self.varying(to, context));
        let below = match (inclusive, signed) {
            (false, true) => quote!(i_lt_s),
            (false, false) => quote!(i_lt_u),
            (true, true) => quote!(i_le_s),
            (true, false) => quote!(i_le_u),
        };
        let outer = &context.mask;
        let inside = self.in_loop(site, &act, &[body], context);
        let name = self.own_name(var);
        let body = self.list(body, &inside);
        let poll = poll(&turns);
        // The last turn of an inclusive range ends its lane before the counter could wrap.
        let last =
            if inclusive { quote!(#act = l.m_and(#act, l.i_ne(#at, #end));) } else { TokenStream::new() };
        quote! {
            let mut #at = #from;
            let #end = #to;
            let mut #act = #outer;
            let mut #turns = 0u32;
            loop {
                #act = l.m_and(#act, l.#below(#at, #end));
                if !l.m_any(#act) { break; }
                #poll
                let #name = #at;
                #body
                #last
                #at = l.i_add(#at, l.i_splat(1));
            }
        }
    }

    fn uniform_for(
        &self,
        site: usize,
        var: VarId,
        [from, to]: [&Expr; 2],
        inclusive: bool,
        body: &[Stmt],
        context: &Context,
    ) -> TokenStream {
        let counter = self.own_name(var);
        let (start, end) = (self.value(from, context), self.value(to, context));
        let mut run = self.list(body, context);
        if !self.is_uniform(var) {
            // Nothing spreads the variable of a uniform range today; kept so that a wider analysis stays right.
            let splat = splat_of(self.scalar(var), quote!(#counter));
            run = quote!(let #counter = #splat; #run);
        }
        if !inclusive {
            return quote!(for #counter in #start..#end { #run });
        }
        // Not `..=`: its iterator costs a flag and a branch in every turn.
        let (at, last) = (format_ident!("at{}", site), format_ident!("end{}", site));
        quote! {
            let mut #at = #start;
            let #last = #end;
            if #at <= #last {
                loop {
                    let #counter = #at;
                    #run
                    if #at == #last { break; }
                    #at += 1;
                }
            }
        }
    }

    /// A value as the variable holds it.
    fn of_var(&self, var: VarId, value: &Expr, context: &Context) -> TokenStream {
        if self.is_uniform(var) { self.value(value, context) } else { self.varying(value, context) }
    }

    fn var_type(&self, var: VarId) -> TokenStream {
        let scalar = self.scalar(var);
        if self.is_uniform(var) { plain_type(scalar) } else { lane_type(scalar) }
    }

    fn zero(&self, var: VarId) -> TokenStream {
        let zero = match self.scalar(var) {
            Scalar::F32 => quote!(0.0),
            Scalar::Bool => quote!(false),
            _ => quote!(0),
        };
        if self.is_uniform(var) { zero } else { splat_of_plain(self.scalar(var), zero) }
    }
}

/// The name that a parameter has in the functions that are written: unlike that of any other of their variables.
pub fn param_name(at: usize, name: &Ident) -> Ident {
    let name = name.to_string();
    format_ident!("p{}_{}", at, name.trim_start_matches("r#"))
}

/// The lane type of one scalar.
pub fn lane_type(scalar: Scalar) -> TokenStream {
    match scalar {
        Scalar::F32 => quote!(L::F),
        Scalar::Bool => quote!(L::M),
        _ => quote!(L::I),
    }
}

/// The Rust type of one scalar.
pub fn plain_type(scalar: Scalar) -> TokenStream {
    let name = format_ident!("{}", scalar.name());
    quote!(#name)
}

fn shape_type(shape: &Shape) -> TokenStream {
    match shape {
        Shape::Unit => quote!(()),
        Shape::Scalar(ty) => lane_type(ir::known(*ty)),
        Shape::Pixel(ty, channels) => {
            let one = lane_type(ir::known(*ty));
            quote!([#one; #channels])
        }
        Shape::Tuple(parts) => {
            let parts = parts.iter().map(shape_type);
            quote!((#(#parts,)*))
        }
    }
}

fn take_apart(shape: &Shape, names: &mut dyn Iterator<Item = TokenStream>) -> TokenStream {
    match shape {
        Shape::Unit => quote!(()),
        Shape::Scalar(_) => names.next().unwrap_or_default(),
        Shape::Pixel(_, channels) => {
            let names = names.take(*channels);
            quote!([#(#names),*])
        }
        Shape::Tuple(parts) => {
            let parts: Vec<TokenStream> = parts.iter().map(|part| take_apart(part, names)).collect();
            quote!((#(#parts,)*))
        }
    }
}

/// Puts the scalars of a value together.
pub fn assemble(ty: &Type, scalars: &mut dyn Iterator<Item = TokenStream>) -> TokenStream {
    take_apart(&ty.shape(), scalars)
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

fn select_of(scalar: Scalar, mask: TokenStream, yes: TokenStream, no: TokenStream) -> TokenStream {
    match scalar {
        Scalar::F32 => quote!(l.f_select(#mask, #yes, #no)),
        Scalar::Bool => quote!(l.m_or(l.m_and(#mask, #yes), l.m_and(l.m_not(#mask), #no))),
        _ => quote!(l.i_select(#mask, #yes, #no)),
    }
}

/// A plain value of the scalar's own type, on all lanes.
fn splat_of(scalar: Scalar, value: TokenStream) -> TokenStream {
    match scalar {
        Scalar::I32 | Scalar::F32 | Scalar::Bool => splat_of_plain(scalar, value),
        _ => quote!(l.i_splat(#value as i32)),
    }
}

/// A plain value that is an `i32` where the scalar is any integer, on all lanes.
fn splat_of_plain(scalar: Scalar, value: TokenStream) -> TokenStream {
    match scalar {
        Scalar::F32 => quote!(l.f_splat(#value)),
        Scalar::Bool => quote!(l.m_splat(#value)),
        _ => quote!(l.i_splat(#value)),
    }
}
