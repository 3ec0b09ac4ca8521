//! The items that stand for a kernel.
//!
//! A callable function, a type of the same name, and one anonymous constant that hides the rest: the written body for
//! rustc to check, the body over lanes, the loops over tiles, the implementations. There is no `unsafe` in any of it.

mod arguments;
mod entries;
mod info;

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Attribute, FnArg, ItemFn, Pat, Visibility};

use crate::emit_lanes::{self, LaneEmitter, lane_type, param_name, plain_type};
use crate::emit_wgsl::{self, Text};
use crate::ir::{AtomicOp, Kernel, ParamKind};
use crate::liveness::Live;
use crate::measure::{self, Counts};
use crate::parse::{Options, Signature};
use crate::types::{Scalar, Type};
use crate::{fields, listing, lockstep};

/// What the later stages made of the body; where it has errors, something that only compiles.
pub struct Compiled {
    lanes: TokenStream,
    /// The slices and uniform arrays that are gathered from by indices of known bounds, and the greatest of those.
    lows: BTreeMap<usize, u32>,
    /// Whether vectors may lie over two rows of a grid.
    stacks: bool,
    /// The body with every rounding of its own: of the library's functions, which have both.
    strict_lanes: Option<TokenStream>,
    wgsl: Text,
    counts: Counts,
    /// For each parameter, how far a picture is read.
    halos: Vec<Option<(u32, u32)>>,
    /// For each parameter, what all updates of its shared places do.
    merges: Vec<Option<AtomicOp>>,
    /// Whether it computes with 64-bit numbers.
    wide: bool,
    /// The names of its private arrays.
    tables: Vec<String>,
    /// The IR as text, and how its variables spread.
    listing: [String; 2],
    /// Whether the written body is handed to rustc as well.
    checked: bool,
}

impl Compiled {
    /// Runs the emitters; `strict` is the same kernel compiled strictly, where both are wanted.
    pub fn of(kernel: &Kernel, strict: Option<&Kernel>) -> Compiled {
        let Lowered { lanes, lows, stacks } = lanes_of(kernel);
        Compiled {
            lanes,
            lows,
            stacks,
            strict_lanes: strict.map(|kernel| lanes_of(kernel).lanes),
            // A shader is strict where there is a choice: steps that make up for roundings must stay as they are.
            wgsl: emit_wgsl::fragment(strict.unwrap_or(kernel)),
            counts: measure::counts(kernel),
            halos: (0..kernel.params.len()).map(|at| measure::halo(kernel, at)).collect(),
            merges: (0..kernel.params.len()).map(|at| measure::merge(kernel, at)).collect(),
            wide: measure::wide(kernel),
            tables: kernel.tables.iter().map(|table| table.name.clone()).collect(),
            listing: [listing::ir(kernel), listing::spreads(kernel)],
            checked: true,
        }
    }

    /// In the place of a body that has errors, so that those are the only ones.
    pub fn failed(signature: &Signature) -> Compiled {
        Compiled {
            lanes: quote!(::core::panic!("this kernel did not compile")),
            lows: BTreeMap::new(),
            stacks: false,
            strict_lanes: None,
            wgsl: Text::default(),
            counts: Counts::default(),
            halos: vec![None; signature.params.len()],
            merges: vec![None; signature.params.len()],
            wide: false,
            tables: Vec::new(),
            listing: [String::new(), String::new()],
            checked: false,
        }
    }
}

/// The body over lanes, and what of it is for the whole expansion to know: see [`Compiled`].
struct Lowered {
    lanes: TokenStream,
    lows: BTreeMap<usize, u32>,
    stacks: bool,
}

fn lanes_of(kernel: &Kernel) -> Lowered {
    let (stepped, spreads) = lockstep::kernel(kernel);
    let live = Live::of(&stepped);
    let emitter = LaneEmitter::new(&stepped, &spreads, &live);
    Lowered { lanes: emitter.body(), lows: emitter.lows(), stacks: emitter.stacks() }
}

/// One parameter as the functions of the expansion see it.
struct Param {
    /// Its name there.
    name: Ident,
    /// Its name in the user's function.
    user: Ident,
    kind: ParamKind,
    /// The element's type; of a uniform array that of the whole.
    ty: TokenStream,
    /// The type of one element of it.
    element: TokenStream,
    /// How many a uniform array has.
    length: Option<usize>,
    /// The element's type in the lanes.
    lane: TokenStream,
    /// Its place among the arguments of a launch.
    slot: Option<syn::Index>,
    /// The uniform struct whose field it is: its place among those, and the field.
    field: Option<(usize, Ident)>,
}

impl Param {
    /// What the user calls it.
    fn text(&self) -> String {
        self.user.to_string().trim_start_matches("r#").to_owned()
    }
}

/// Everything that the parts of the expansion read.
struct Items<'a> {
    name: &'a Ident,
    options: Options,
    params: Vec<Param>,
    result: &'a Type,
    result_tokens: &'a TokenStream,
    hash: u64,
    compiled: &'a Compiled,
    structs: &'a [fields::Struct],
}

/// All items of one kernel.
pub fn items(
    item: &ItemFn,
    signature: &Signature,
    options: Options,
    compiled: &Compiled,
    hash: u64,
) -> TokenStream {
    let items = Items {
        name: &item.sig.ident,
        options,
        params: params(signature),
        result: &signature.result,
        result_tokens: &signature.result_tokens,
        hash,
        compiled,
        structs: &signature.structs,
    };
    let function = items.function(item);
    let name = items.name;
    let cfgs: Vec<&Attribute> = item.attrs.iter().filter(|attr| attr.path().is_ident("cfg")).collect();
    let vis: &Visibility = &item.vis;
    let doc = format!("The kernel `{name}`, to be launched.");
    let check = items.check(item);
    let body = items.body("lanes", &compiled.lanes);
    if options.math {
        let strict = compiled.strict_lanes.as_ref().map(|lanes| items.body("lanes_strict", lanes));
        let wgsl = items.wgsl();
        return quote! {
            #function
            #[allow(non_camel_case_types)]
            #[doc(hidden)]
            #vis struct #name {}
            #[allow(non_snake_case, unused, clippy::all, clippy::pedantic, clippy::nursery)]
            const _: () = {
                use ::manylane::kernel as __k;
                use ::manylane::kernel::math::{IntExt as _, MathExt as _};
            use ::manylane::lanes as __l;
                #check
                impl #name {
                    /// Its shader text, which is always strict.
                    pub const WGSL: &'static __k::Fragment = #wgsl;
                    #body
                    #strict
                }
            };
        };
    }
    let (tile, rows) = (items.tile(), items.tile_of_rows());
    let levels = items.levels();
    let kernel = items.kernel_impl();
    let call = items.call_impls();
    let args = items.args_impls();
    quote! {
        #function

        #(#cfgs)*
        #[allow(non_camel_case_types)]
        #[doc = #doc]
        #vis struct #name {}

        #(#cfgs)*
        #[allow(non_snake_case, unused, clippy::all, clippy::pedantic, clippy::nursery)]
        const _: () = {
            use ::manylane::kernel as __k;
            use ::manylane::kernel::math::{IntExt as _, MathExt as _};
            use ::manylane::lanes as __l;
            #check
            impl #name {
                #body
                #tile
                #rows
            }
            #levels
            #kernel
            #call
            #args
        };
    }
}

/// The user's function with its signature and no kernel behind it: what is left where the signature has errors.
pub fn stub(item: &ItemFn) -> TokenStream {
    let (attrs, vis) = (&item.attrs, &item.vis);
    let sig = plain_signature(item);
    quote! {
        #(#attrs)*
        #[allow(unused, clippy::all)]
        #vis #sig {
            ::core::panic!("this kernel did not compile")
        }
    }
}

fn params(signature: &Signature) -> Vec<Param> {
    let mut slots = 0;
    signature
        .params
        .iter()
        .enumerate()
        .map(|(at, param)| {
            let slot = param.kind.is_passed().then(|| {
                slots += 1;
                syn::Index::from(slots - 1)
            });
            Param {
                name: param_name(at, &param.name),
                user: param.name.clone(),
                kind: param.kind,
                ty: written(&param.ty),
                element: match &param.ty {
                    Type::Table(scalar, _) => plain_type(*scalar),
                    ty => written(ty),
                },
                length: match &param.ty {
                    Type::Table(_, length) => Some(*length),
                    _ => None,
                },
                lane: lane(&param.ty),
                slot,
                field: signature.structs.iter().enumerate().find_map(|(at, one)| {
                    let of = |field: &&Ident| fields::param_of(&one.name, field) == param.name;
                    Some((at, one.fields.iter().find(of)?.clone()))
                }),
            }
        })
        .collect()
}

/// The signature without what only kernels know.
fn plain_signature(item: &ItemFn) -> syn::Signature {
    let mut sig = item.sig.clone();
    for input in &mut sig.inputs {
        if let FnArg::Typed(typed) = input {
            typed.attrs.clear();
        }
    }
    sig
}

impl Items<'_> {
    /// The callable function: the body at one lane.
    fn function(&self, item: &ItemFn) -> TokenStream {
        let (attrs, vis) = (&item.attrs, &item.vis);
        let mut sig = plain_signature(item);
        for input in &mut sig.inputs {
            if let FnArg::Typed(typed) = input
                && let Pat::Ident(pat) = &mut *typed.pat
            {
                pat.mutability = None;
            }
        }
        let name = self.name;
        let result = self.result_tokens;
        let one_lane = |param: &Param| {
            let (user, ty) = (&param.user, &param.ty);
            let splat = quote!(<#ty as ::manylane::kernel::LaneElement>::splat);
            if let Some((of, field)) = &param.field {
                let base = &self.structs[*of].name;
                return quote!(#base.#field);
            }
            match param.kind {
                ParamKind::Uniform | ParamKind::Cell | ParamKind::Index => quote!(#user),
                ParamKind::Element => quote!(#splat(::manylane::lanes::Scalar, #user)),
                ParamKind::Slice | ParamKind::Table => {
                    let text = param.text();
                    quote!(::manylane::kernel::SliceTile::new(&#user[..], #text))
                }
                ParamKind::Atomics => {
                    let text = param.text();
                    quote!(#user.tile().named(#text))
                }
                ParamKind::Random => quote!(#user.tile()),
                ParamKind::InPlace => quote!(#splat(::manylane::lanes::Scalar, *#user)),
                ParamKind::Picture => quote!(#user.tile()),
            }
        };
        let args = self.params.iter().map(one_lane);
        let call = quote! {
            #name::lanes(
                ::manylane::lanes::Scalar,
                true,
                &::manylane::kernel::Frame::detached(),
                #(#args),*
            )
        };
        let updated: Vec<&Param> = self.in_place().collect();
        let body = if updated.is_empty() {
            quote!(<#result as ::manylane::kernel::Output>::only(#call))
        } else {
            let values = updated.iter().map(|param| &param.name);
            let writes = updated.iter().map(|param| {
                let (user, ty, value) = (&param.user, &param.ty, &param.name);
                quote!(*#user = <#ty as ::manylane::kernel::LaneElement>::only(#value);)
            });
            quote! {
                let (result, (#(#values,)*)) = #call;
                #(#writes)*
                <#result as ::manylane::kernel::Output>::only(result)
            }
        };
        quote! {
            #(#attrs)*
            #[allow(dead_code, clippy::all)]
            #vis #sig { #body }
        }
    }

    /// The written body, for rustc to check.
    fn check(&self, item: &ItemFn) -> TokenStream {
        if !self.compiled.checked {
            return TokenStream::new();
        }
        let mut sig = plain_signature(item);
        sig.ident = Ident::new("__check", item.sig.ident.span());
        let block = &item.block;
        quote! {
            #[allow(arithmetic_overflow, unconditional_panic, unstable_name_collisions)]
            #sig #block
        }
    }

    /// A slice or a uniform array as a parameter of the body.
    fn slice(&self, param: &Param) -> TokenStream {
        let (name, element) = (&param.name, &param.element);
        match self.low(param) {
            Some(_) => quote!(#name: __k::SliceTile<'_, #element, LONG>),
            None => quote!(#name: __k::SliceTile<'_, #element>),
        }
    }

    /// The greatest index that a slice is known to be asked for, where it is gathered from by such.
    fn low(&self, param: &Param) -> Option<u32> {
        let at = self.params.iter().position(|one| one.name == param.name)?;
        self.compiled.lows.get(&at).copied()
    }

    /// The parameter that says whether all such slices are long enough, where there are any.
    fn long(&self) -> Option<TokenStream> {
        (!self.compiled.lows.is_empty()).then(|| quote!(, const LONG: bool))
    }

    /// The body over lanes.
    fn body(&self, called: &str, body: &TokenStream) -> TokenStream {
        let called = format_ident!("{}", called);
        let params = self.params.iter().map(|param| {
            let (name, ty, lane) = (&param.name, &param.ty, &param.lane);
            match param.kind {
                ParamKind::Uniform | ParamKind::Index => quote!(#name: #ty),
                ParamKind::Element | ParamKind::InPlace => quote!(#name: #lane),
                ParamKind::Cell => quote!(#name: __k::Cell),
                ParamKind::Slice | ParamKind::Table => self.slice(param),
                ParamKind::Atomics => quote!(#name: __k::AtomicTile<'_, #ty>),
                ParamKind::Random => quote!(#name: __k::RandomTile),
                ParamKind::Picture => quote!(#name: __k::ImageTile<'_, #ty>),
            }
        });
        let mut result = lane(self.result);
        let updated: Vec<&TokenStream> = self.in_place().map(|param| &param.lane).collect();
        if !updated.is_empty() {
            result = quote!((#result, (#(#updated,)*)));
        }
        let long = self.long();
        quote! {
            #[doc(hidden)]
            #[inline(always)]
            pub fn #called<L: __l::Lanes #long>(l: L, m: L::M, frame: &__k::Frame<'_>, #(#params),*) -> #result {
                #body
            }
        }
    }

    fn in_place(&self) -> impl Iterator<Item = &Param> {
        self.params.iter().filter(|param| param.kind == ParamKind::InPlace)
    }

    /// The parameters that a launch passes, with their places.
    fn launched(&self) -> impl Iterator<Item = (&Param, &syn::Index)> {
        self.params.iter().filter_map(|param| param.slot.as_ref().map(|slot| (param, slot)))
    }
}

/// The type as Rust writes it.
fn written(ty: &Type) -> TokenStream {
    match ty {
        Type::Unit => quote!(()),
        Type::Scalar(scalar) => plain_type(*scalar),
        Type::Pixel(scalar, channels) => {
            let scalar = plain_type(*scalar);
            quote!([#scalar; #channels])
        }
        Type::Table(scalar, length) => {
            let scalar = plain_type(*scalar);
            quote!([#scalar; #length])
        }
        Type::Tuple(parts) => {
            let parts = parts.iter().map(written);
            quote!((#(#parts),*))
        }
    }
}

/// The type in the lanes.
fn lane(ty: &Type) -> TokenStream {
    match ty {
        Type::Unit => quote!(()),
        Type::Pixel(scalar, channels) => {
            let one = lane_type(*scalar);
            quote!([#one; #channels])
        }
        other => {
            let mut parts = Vec::new();
            if let Type::Tuple(inner) = other {
                parts.extend(inner.iter().map(lane));
            } else {
                parts.extend(other.scalars().into_iter().map(lane_type));
                return parts.pop().unwrap_or_default();
            }
            quote!((#(#parts),*))
        }
    }
}

/// Names for the results of the kernel, one for each array that is written.
fn result_names(result: &Type) -> Vec<(Ident, TokenStream)> {
    result.elements().iter().enumerate().map(|(at, ty)| (format_ident!("r{}", at), written(ty))).collect()
}

/// Whether the type is one number that a reduction can fold.
fn foldable(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Scalar(Scalar::F32 | Scalar::I32 | Scalar::U32 | Scalar::F64 | Scalar::I64 | Scalar::U64)
    )
}

/// A pattern for the results under those names.
fn result_pattern(result: &Type) -> TokenStream {
    let names: Vec<Ident> = result_names(result).into_iter().map(|(name, _)| name).collect();
    match (result, &names[..]) {
        (Type::Unit, _) => quote!(()),
        (Type::Tuple(_), names) => quote!((#(#names),*)),
        (_, [one, ..]) => quote!(#one),
        (_, []) => emit_lanes::assemble(result, &mut std::iter::empty()),
    }
}
