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
//! break, continue, return    where all lanes of the loop do: the same in Rust; else the lanes leave the masks of all that
//!   by some lanes            lies between (`x &= !m`), and what follows runs on the rest, if there is any
//! ```
//! Code runs only where some lane is active: what is uniform may then be done once for all, faults included.
//!
//! Departures:
//! 1. A side of a varying `if` that may loop, fail, leave or cost much runs only where some lane takes it, under the mask
//!    of those lanes. The others run for all lanes: a branch would cost more.
//! 2. What is not read after a varying loop is assigned without a mask: `act` never gets a lane back, so a lane that has
//!    left may hold anything there.
//! 3. A varying `for` is a varying `while` with a counter of its own.
//! 4. Cells that are looked at near the own one come from a window that is cut out of the picture once for a vector: what
//!    lies outside is decided there, not at each look. Where only the launch knows how far, all that is decided is whether
//!    every look is inside.
//! 5. A side that lanes leave assigns under its mask, not on copies: what a lane held when it left must stay.

mod control;
mod expr;
mod memory;
mod ops;
mod spans;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use self::spans::Origins;
use crate::ir::{self, Expr, ExprKind, Item, Kernel, ParamKind, Source, Stmt, Store, VarId};
use crate::liveness::Live;
use crate::ranges::{Ranges, Reach};
use crate::types::{Scalar, Shape, Type};
use crate::uniformity::{Spread, Spreads};

/// Writes bodies of one kernel.
pub struct LaneEmitter<'k> {
    pub(crate) kernel: &'k Kernel,
    pub(crate) spreads: &'k Spreads,
    live: &'k Live,
    ranges: Ranges,
    /// How far around each picture is looked at, where that is known.
    windows: BTreeMap<usize, Reach>,
    origins: Origins<'k>,
}

/// What the code at one place is written under.
#[derive(Clone)]
struct Context {
    /// The masks around, from the kernel's own to that of the lanes that are active here.
    masks: Vec<Mask>,
    /// Variables that only active lanes may change.
    guarded: BTreeSet<VarId>,
    /// Variables that stand for others here: the copies of one side of a branch.
    names: BTreeMap<VarId, Ident>,
    /// Where the code goes on once no lane is left here.
    exit: TokenStream,
    /// Whether the looks that [`LaneEmitter::covers`] is about are known to be inside.
    covered: bool,
}

#[derive(Clone)]
struct Mask {
    name: Ident,
    of: Owner,
}

/// Whose lanes a mask holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    Kernel,
    /// Those still in the loop of that site.
    Loop(usize),
    /// Those still in this turn of it.
    Turn(usize),
    /// Those that took one side of a branch.
    Side,
}

impl Context {
    /// The mask of the active lanes.
    fn mask(&self) -> &Ident {
        &self.masks[self.masks.len() - 1].name
    }

    /// The place of a mask.
    fn find(&self, of: Owner) -> Option<usize> {
        self.masks.iter().position(|mask| mask.of == of)
    }
}

impl<'k> LaneEmitter<'k> {
    /// For a kernel that is checked and contracted.
    pub fn new(kernel: &'k Kernel, spreads: &'k Spreads, live: &'k Live) -> Self {
        let ranges = Ranges::of(kernel);
        let windows = ranges.windows(kernel);
        LaneEmitter { kernel, spreads, live, ranges, windows, origins: Origins::of(kernel) }
    }

    /// The slices and uniform arrays that lanes gather from by indices of known bounds, and the greatest of those.
    pub fn lows(&self) -> BTreeMap<usize, u32> {
        let mut lows = BTreeMap::new();
        let mut see = |item: &Item| {
            if let (Store::Param(at), Some(most)) = (item.store, self.low(&item.index)) {
                let known: &mut u32 = lows.entry(at).or_default();
                *known = most.max(*known);
            }
        };
        let mut each = |expr: &Expr| {
            expr.walk(&mut |part| {
                if let ExprKind::Item(item) = &part.kind {
                    see(item);
                }
            });
        };
        ir::each_stmt(&self.kernel.body, &mut |stmt| stmt.exprs(&mut each));
        self.kernel.results.iter().for_each(&mut each);
        ir::each_stmt(&self.kernel.body, &mut |stmt| {
            if let Stmt::LetMany { source: Source::Item(item), .. } = stmt {
                see(item);
            }
        });
        lows
    }

    /// The statements of the `lanes` function: it has `l`, `m`, `frame` and the parameters under their own names.
    pub fn body(&self) -> TokenStream {
        let mut params = self.params();
        params.extend(self.cut_windows());
        let (context, returns) = self.outermost();
        let Some(covers) = self.covers(&context) else {
            let code = self.code(&context, returns);
            return quote! { #params #code };
        };
        let far = self.code(&context, returns);
        let near = self.code(&Context { covered: true, ..context }, returns);
        quote! { #params if #covers { #near } else { #far } }
    }

    /// What the body is written under, and whether some lanes leave it early.
    fn outermost(&self) -> (Context, bool) {
        let returns = ir::leaves(&self.kernel.body).contains(&ir::Leave::Return);
        let exit = label("body", 0);
        let mut context = Context {
            masks: vec![Mask { name: format_ident!("m"), of: Owner::Kernel }],
            guarded: BTreeSet::new(),
            names: BTreeMap::new(),
            exit: quote!(break #exit;),
            covered: false,
        };
        if self.spreads.returns() {
            let assigned = ir::assigned_anywhere(&self.kernel.body);
            context.guarded = assigned.into_iter().filter(|var| self.live.end().contains(var)).collect();
        }
        (context, returns)
    }

    /// The statements behind the parameters.
    fn code(&self, context: &Context, returns: bool) -> TokenStream {
        // What holds the result of an early return is declared outside of what is left.
        let given = match returns {
            true => {
                self.kernel.body.iter().take_while(|s| matches!(s, Stmt::Let { value: None, .. })).count()
            }
            false => 0,
        };
        let (given, rest) = self.kernel.body.split_at(given);
        let given = self.list(given, context);
        let body = self.list(rest, context);
        let exit = label("body", 0);
        let body = if returns { quote!(let mut m = m; #given #exit: { #body }) } else { body };
        let result = self.result(context);
        quote! { #body #result }
    }

    fn params(&self) -> TokenStream {
        let mut params = TokenStream::new();
        for (at, param) in self.kernel.params.iter().enumerate() {
            let name = param_name(at, &param.name);
            let vars: Vec<Ident> = param.vars.iter().map(|var| self.own_name(*var)).collect();
            params.extend(match (&param.ty, &vars[..]) {
                (_, [var]) if param.kind == ParamKind::Random => {
                    quote!(let mut #var = 0u32; let mut #name = #name.blocks(l);)
                }
                (Type::Scalar(_), [var]) => quote!(let mut #var = #name;),
                (Type::Pixel(..), [_, ..]) => quote!(let [#(mut #vars),*] = #name;),
                _ => TokenStream::new(),
            });
            // One that is uniform or linear from outside, but assigned otherwise, varies from the start.
            for (var, name) in param.vars.iter().zip(&vars) {
                let spread = self.spreads.var(*var);
                let scalar = self.scalar(*var);
                match param.kind {
                    ParamKind::Uniform | ParamKind::Random if spread != Spread::Uniform => {
                        let splat = splat_of(scalar, quote!(#name));
                        params.extend(quote!(let mut #name = #splat;));
                    }
                    ParamKind::Index if spread != Spread::Linear => {
                        params.extend(quote!(let mut #name = l.i_add(l.i_splat(#name as i32), l.i_iota());));
                    }
                    _ => {}
                }
            }
        }
        params
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

    /// Whether a variable is held as one plain scalar: it is uniform, or linear and this its base.
    fn is_plain(&self, var: VarId) -> bool {
        self.spreads.var(var) != Spread::Varying
    }

    fn list(&self, stmts: &[Stmt], context: &Context) -> TokenStream {
        let mut code = TokenStream::new();
        for (at, stmt) in stmts.iter().enumerate() {
            code.extend(self.stmt(stmt, context));
            // Where lanes may have gone, the rest is for those that are left.
            if at + 1 < stmts.len() && self.may_empty(stmt, context) {
                let (mask, exit) = (context.mask(), &context.exit);
                code.extend(quote!(if !l.m_any(#mask) { #exit }));
            }
        }
        code
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
            Stmt::LetTable { table, values } => self.let_table(*table, values, context),
            Stmt::Put { table, index, value } => self.put(*table, index, value, context),
            Stmt::Atomic { param, op, index, args, old } => {
                self.atomic(*param, *op, index, args, *old, context)
            }
            Stmt::If { site, cond, then, other } => self.branch(*site, cond, then, other, context),
            Stmt::While { site, head, cond, body } => self.while_loop(*site, head, cond, body, context),
            Stmt::For { site, var, from, to, inclusive, body } => {
                if self.spreads.varies(from) || self.spreads.varies(to) {
                    return self.varying_for(*site, *var, [from, to], *inclusive, body, context);
                }
                self.uniform_for(*site, *var, [from, to], *inclusive, body, context)
            }
            Stmt::Break(_) | Stmt::Continue(_) | Stmt::Return => match stmt.leave() {
                Some(leave) => self.leave(leave, context),
                None => TokenStream::new(),
            },
        }
    }

    fn store(&self, var: VarId, value: TokenStream, context: &Context) -> TokenStream {
        let name = self.name(var, context);
        if context.guarded.contains(&var) && !self.is_plain(var) {
            let mask = context.mask();
            let select = select_of(self.scalar(var), quote!(#mask), value, quote!(#name));
            quote!(#name = #select;)
        } else {
            quote!(#name = #value;)
        }
    }

    fn let_many(&self, source: &Source, outs: &[VarId], shape: &Shape, context: &Context) -> TokenStream {
        let mut plain = false;
        let value = match source {
            Source::Call(call) => self.call(call, context),
            Source::Near(near) => self.near(near, context),
            Source::At(at) => self.at(at, context),
            Source::Item(item) => {
                plain = self.spreads.item(item) == Spread::Uniform;
                self.item(item, context)
            }
        };
        let mut names = outs.iter().map(|var| {
            let name = self.own_name(*var);
            quote!(mut #name)
        });
        let pattern = take_apart(shape, &mut names);
        if !plain {
            let types = shape_type(shape);
            return quote!(let #pattern: #types = #value;);
        }
        // A uniform element whose parts are assigned otherwise later varies from the start.
        let splats = outs.iter().filter(|var| !self.is_plain(**var)).map(|var| {
            let name = self.own_name(*var);
            let splat = splat_of(self.scalar(*var), quote!(#name));
            quote!(let mut #name = #splat;)
        });
        quote!(let #pattern = #value; #(#splats)*)
    }

    /// A value as the variable holds it.
    fn of_var(&self, var: VarId, value: &Expr, context: &Context) -> TokenStream {
        if self.is_plain(var) { self.plain(value, context) } else { self.varying(value, context) }
    }

    fn var_type(&self, var: VarId) -> TokenStream {
        let scalar = self.scalar(var);
        if self.is_plain(var) { plain_type(scalar) } else { lane_type(scalar) }
    }

    fn zero(&self, var: VarId) -> TokenStream {
        let scalar = self.scalar(var);
        if self.is_plain(var) { plain_zero(scalar) } else { zero_of(scalar) }
    }
}

/// A label of its own for one construct.
fn label(what: &str, site: usize) -> syn::Lifetime {
    syn::Lifetime::new(&format!("'{what}{site}"), Span::mixed_site())
}

/// The name that a parameter has in the functions that are written: unlike that of any other of their variables.
pub fn param_name(at: usize, name: &Ident) -> Ident {
    let name = name.to_string();
    format_ident!("p{}_{}", at, name.trim_start_matches("r#"))
}

/// The lane type of one scalar.
pub fn lane_type(scalar: Scalar) -> TokenStream {
    match scalar {
        Scalar::F32 | Scalar::F16 => quote!(L::F),
        Scalar::F64 => quote!(L::D),
        Scalar::I64 | Scalar::U64 => quote!(L::Q),
        Scalar::Bool => quote!(L::M),
        _ => quote!(L::I),
    }
}

/// The Rust type of one scalar.
pub fn plain_type(scalar: Scalar) -> TokenStream {
    if scalar == Scalar::F16 {
        return quote!(::manylane::f16);
    }
    let name = format_ident!("{}", scalar.name());
    quote!(#name)
}

fn shape_type(shape: &Shape) -> TokenStream {
    match shape {
        Shape::Unit | Shape::Never | Shape::Table(..) => quote!(()),
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
        Shape::Unit | Shape::Never | Shape::Table(..) => quote!(()),
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

/// The letter that begins the operations of a scalar's vectors.
fn letter(scalar: Scalar) -> char {
    match scalar {
        Scalar::F32 | Scalar::F16 => 'f',
        Scalar::F64 => 'd',
        Scalar::I64 | Scalar::U64 => 'q',
        Scalar::Bool => 'm',
        _ => 'i',
    }
}

fn select_of(scalar: Scalar, mask: TokenStream, yes: TokenStream, no: TokenStream) -> TokenStream {
    match scalar {
        Scalar::Bool => quote!(l.m_or(l.m_and(#mask, #yes), l.m_and(l.m_not(#mask), #no))),
        _ => {
            let select = format_ident!("{}_select", letter(scalar));
            quote!(l.#select(#mask, #yes, #no))
        }
    }
}

/// A plain value of the scalar's own type, on all lanes.
fn splat_of(scalar: Scalar, value: TokenStream) -> TokenStream {
    match scalar {
        Scalar::F32 => quote!(l.f_splat(#value)),
        Scalar::F16 => quote!(l.f_splat(#value.to_f32())),
        Scalar::F64 => quote!(l.d_splat(#value)),
        Scalar::I64 => quote!(l.q_splat(#value)),
        Scalar::U64 => quote!(l.q_splat(#value as i64)),
        Scalar::Bool => quote!(l.m_splat(#value)),
        Scalar::I32 => quote!(l.i_splat(#value)),
        _ => quote!(l.i_splat(#value as i32)),
    }
}

fn plain_zero(scalar: Scalar) -> TokenStream {
    match scalar {
        Scalar::F32 | Scalar::F64 => quote!(0.0),
        Scalar::F16 => quote!(::manylane::f16::from_f32(0.0)),
        Scalar::Bool => quote!(false),
        _ => quote!(0),
    }
}

fn zero_of(scalar: Scalar) -> TokenStream {
    match scalar {
        Scalar::F32 | Scalar::F16 => quote!(l.f_splat(0.0)),
        Scalar::F64 => quote!(l.d_splat(0.0)),
        Scalar::I64 | Scalar::U64 => quote!(l.q_splat(0)),
        Scalar::Bool => quote!(l.m_splat(false)),
        _ => quote!(l.i_splat(0)),
    }
}
