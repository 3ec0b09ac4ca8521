//! What may be passed: by other kernels, and by a launch.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Items, foldable};
use crate::ir::ParamKind;
use crate::types::Type;

impl Items<'_> {
    /// How other kernels call it; those that take more than values cannot be called.
    pub(super) fn call_impls(&self) -> TokenStream {
        let values = [ParamKind::Uniform, ParamKind::Element, ParamKind::Cell, ParamKind::Index];
        if !self.structs.is_empty() || self.params.iter().any(|param| !values.contains(&param.kind)) {
            return TokenStream::new();
        }
        let name = self.name;
        let mut generics = Vec::new();
        let (mut lane_args, mut passed, mut converted, mut spread) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (at, param) in self.params.iter().enumerate() {
            let place = syn::Index::from(at);
            let (ty, lane) = (&param.ty, &param.lane);
            spread.push(quote!(args.#place));
            match param.kind {
                ParamKind::Uniform => {
                    lane_args.push(quote!(#ty));
                    passed.push(quote!(__k::Uni<#ty>));
                    converted.push(quote!((self.#place).0));
                }
                ParamKind::Cell => {
                    lane_args.push(quote!(__k::Cell));
                    passed.push(quote!(__k::Cell));
                    converted.push(quote!(self.#place));
                }
                ParamKind::Index => {
                    let generic = format_ident!("A{}", at);
                    generics.push(quote!(#generic: __k::ToIndex));
                    lane_args.push(quote!(u32));
                    passed.push(quote!(#generic));
                    converted.push(quote!(self.#place.to_index()));
                }
                _ => {
                    let generic = format_ident!("A{}", at);
                    generics.push(quote!(#generic: __k::ToLane<L, #ty>));
                    lane_args.push(quote!(#lane));
                    passed.push(quote!(#generic));
                    converted.push(quote!(self.#place.to_lane(l)));
                }
            }
        }
        let (combine, step, unary) = (self.combine_impl(), self.step_impl(), self.unary_impl());
        quote! {
            impl __k::Callable for #name {
                type LaneArgs<L: __l::Lanes> = (#(#lane_args,)*);
                #[inline(always)]
                fn lanes<L: __l::Lanes>(
                    l: L,
                    m: L::M,
                    frame: &__k::Frame<'_>,
                    args: Self::LaneArgs<L>,
                ) -> <Self::Out as __k::Output>::Lane<L> {
                    #name::lanes(l, m, frame, #(#spread),*)
                }
            }
            impl<L: __l::Lanes, #(#generics),*> __k::CallArgs<#name, L> for (#(#passed,)*) {
                #[inline(always)]
                fn into_lanes(self, l: L) -> (#(#lane_args,)*) {
                    (#(#converted,)*)
                }
            }
            #combine
            #step
            #unary
        }
    }

    /// A kernel `fn(a: T, b: T) -> T` can fold a reduction.
    fn combine_impl(&self) -> TokenStream {
        let [a, b] = &self.params[..] else { return TokenStream::new() };
        let elements = a.kind == ParamKind::Element && b.kind == ParamKind::Element;
        let (ty, result) = (&a.ty, super::written(self.result));
        let same = ty.to_string() == b.ty.to_string() && ty.to_string() == result.to_string();
        if !(elements && same && foldable(self.result)) {
            return TokenStream::new();
        }
        let (name, lane) = (self.name, &a.lane);
        quote! {
            impl __k::Combine for #name {
                type Value = #ty;
                #[inline(always)]
                fn combine<L: __l::Lanes>(l: L, frame: &__k::Frame<'_>, a: #lane, b: #lane) -> #lane {
                    #name::lanes(l, l.m_splat(true), frame, a, b)
                }
            }
        }
    }

    /// A kernel `fn(sum: T, a: T, b: T) -> T` can be the step of a product.
    fn step_impl(&self) -> TokenStream {
        let [sum, a, b] = &self.params[..] else { return TokenStream::new() };
        let ty = &sum.ty;
        let same = [sum, a, b]
            .iter()
            .all(|param| param.kind == ParamKind::Element && param.ty.to_string() == ty.to_string());
        if !(same && ty.to_string() == super::written(self.result).to_string() && foldable(self.result)) {
            return TokenStream::new();
        }
        let (name, lane) = (self.name, &sum.lane);
        quote! {
            impl __k::Step for #name {
                type Value = #ty;
                #[inline(always)]
                fn step<L: __l::Lanes>(l: L, frame: &__k::Frame<'_>, sum: #lane, a: #lane, b: #lane) -> #lane {
                    #name::lanes(l, l.m_splat(true), frame, sum, a, b)
                }
            }
        }
    }

    /// A kernel `fn(x: T) -> U` can follow another.
    fn unary_impl(&self) -> TokenStream {
        let [x] = &self.params[..] else { return TokenStream::new() };
        if x.kind != ParamKind::Element || !matches!(self.result, Type::Scalar(_) | Type::Pixel(..)) {
            return TokenStream::new();
        }
        let (name, ty, lane, result) = (self.name, &x.ty, &x.lane, super::written(self.result));
        quote! {
            impl __k::Unary for #name {
                type From = #ty;
                type To = #result;
                #[inline(always)]
                fn apply<L: __l::Lanes>(
                    l: L,
                    m: L::M,
                    frame: &__k::Frame<'_>,
                    x: #lane,
                ) -> <#result as __k::LaneElement>::Lane<L> {
                    #name::lanes(l, m, frame, x)
                }
            }
        }
    }

    /// What a launch takes: a tuple, and a single argument alone.
    pub(super) fn args_impls(&self) -> TokenStream {
        let name = self.name;
        let held = quote!(<<#name as __k::Kernel>::Params as __k::Params>::Arg<'a>);
        let mut generics = Vec::new();
        let (mut passed, mut converted) = (Vec::new(), Vec::new());
        let mut last = None;
        for (param, _) in self.launched() {
            let ty = &param.ty;
            if let Some((of, field)) = &param.field {
                // One argument for all fields.
                if last != Some(*of) {
                    passed.push(self.structs[*of].ty.clone());
                    last = Some(*of);
                }
                let place = syn::Index::from(passed.len() - 1);
                converted.push(quote!(self.#place.#field));
                continue;
            }
            let slot = syn::Index::from(passed.len());
            let conversion = match param.kind {
                ParamKind::Uniform | ParamKind::Table => None,
                ParamKind::Atomics => {
                    passed.push(quote!(&'a __k::Atomics<#ty>));
                    converted.push(quote!(self.#slot));
                    continue;
                }
                ParamKind::Random => {
                    passed.push(quote!(u64));
                    converted.push(quote!(self.#slot));
                    continue;
                }
                ParamKind::Slice => Some(("IntoSlice", "into_slice")),
                ParamKind::InPlace => Some(("IntoInPlace", "into_in_place")),
                ParamKind::Picture => Some(("IntoPicture", "into_picture")),
                _ => Some(("IntoElement", "into_element")),
            };
            match conversion {
                None => {
                    passed.push(quote!(#ty));
                    converted.push(quote!(self.#slot));
                }
                Some((bound, method)) => {
                    let generic = format_ident!("A{}", slot.index);
                    let (bound, method) = (format_ident!("{bound}"), format_ident!("{method}"));
                    generics.push(quote!(#generic: __k::#bound<'a, #ty>));
                    passed.push(quote!(#generic));
                    converted.push(quote!(self.#slot.#method()));
                }
            }
        }
        let alone = self.alone_impls();
        quote! {
            impl<'a, #(#generics),*> __k::Args<'a, #name> for (#(#passed,)*) {
                #[inline]
                fn into_args(self) -> #held {
                    (#(#converted,)*)
                }
            }
            #alone
        }
    }

    fn alone_impls(&self) -> TokenStream {
        let launched: Vec<_> = self.launched().collect();
        let [(param, _)] = &launched[..] else { return TokenStream::new() };
        let (name, ty) = (self.name, &param.ty);
        let array = quote!(::manylane::memory::Array<#ty>);
        let view = quote!(::manylane::memory::View<#ty>);
        let (kinds, method) = match param.kind {
            ParamKind::Element => (
                vec![
                    quote!(&'b #array),
                    quote!(&'b #view),
                    quote!(&'a [#ty]),
                    quote!(&'a ::std::vec::Vec<#ty>),
                ],
                "into_element",
            ),
            ParamKind::Slice => (
                vec![
                    quote!(&'b #array),
                    quote!(&'b #view),
                    quote!(&'a [#ty]),
                    quote!(&'a ::std::vec::Vec<#ty>),
                ],
                "into_slice",
            ),
            ParamKind::Picture => {
                (vec![quote!(&'b #array), quote!(&'b #view), quote!(&'b __k::Image<#ty>)], "into_picture")
            }
            ParamKind::InPlace => (
                vec![
                    quote!(&'a mut #array),
                    quote!(::manylane::memory::ViewMut<'a, #ty>),
                    quote!(&'a mut [#ty]),
                ],
                "into_in_place",
            ),
            _ => return TokenStream::new(),
        };
        let bound = format_ident!(
            "{}",
            match param.kind {
                ParamKind::Element => "IntoElement",
                ParamKind::Picture => "IntoPicture",
                ParamKind::Slice => "IntoSlice",
                _ => "IntoInPlace",
            }
        );
        let method = format_ident!("{method}");
        let impls = kinds.into_iter().map(|kind| {
            quote! {
                impl<'a, 'b> __k::Args<'a, #name> for #kind {
                    #[inline]
                    fn into_args(self) -> <<#name as __k::Kernel>::Params as __k::Params>::Arg<'a> {
                        (__k::#bound::<'a, #ty>::#method(self),)
                    }
                }
            }
        });
        quote!(#(#impls)*)
    }
}
