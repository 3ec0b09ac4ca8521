//! What a kernel is, as data, and its text as a shader.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Items, Param};
use crate::emit_wgsl::Piece;
use crate::ir::ParamKind;
use crate::measure::Counts;

impl Items<'_> {
    /// The data about the kernel, and its implementation of `Kernel`.
    pub(super) fn kernel_impl(&self) -> TokenStream {
        let name = self.name;
        let text = name.to_string();
        let text = text.trim_start_matches("r#");
        let (path, hash) = (self.path(), self.hash);
        let params = self.params.iter().enumerate().map(|(at, param)| self.param_info(at, param));
        let Counts { flops, ints, specials, loads, loops, unbounded } = self.compiled.counts;
        // What a called kernel does is done here too.
        let callees: Vec<_> = self.compiled.wgsl.callees().collect();
        let (strict, wide, stacks) = (self.options.strict, self.compiled.wide, self.compiled.stacks);
        let wgsl = self.wgsl();
        let kinds = self.launched().map(|(param, _)| {
            let ty = &param.ty;
            match param.kind {
                ParamKind::Uniform => quote!(__k::Uniform<#ty>),
                ParamKind::InPlace => quote!(__k::InPlace<#ty>),
                ParamKind::Picture => quote!(__k::Picture<#ty>),
                ParamKind::Slice => quote!(__k::Slice<#ty>),
                ParamKind::Table => quote!(__k::Table<#ty>),
                ParamKind::Atomics => quote!(__k::Shared<#ty>),
                ParamKind::Random => quote!(__k::Generator),
                _ => quote!(__k::Element<#ty>),
            }
        });
        let result = self.result_tokens;
        let entries = self.entries();
        let vector = self.vector();
        quote! {
            impl __k::Kernel for #name {
                const INFO: __k::KernelInfo = __k::KernelInfo {
                    name: #text,
                    path: #path,
                    hash: #hash,
                    params: &[#(#params),*],
                    results: <#result as __k::Output>::ELEMENTS,
                    ops: __k::OpCounts {
                        flops: #flops #(+ <#callees as __k::Kernel>::INFO.ops.flops)*,
                        ints: #ints #(+ <#callees as __k::Kernel>::INFO.ops.ints)*,
                        specials: #specials #(+ <#callees as __k::Kernel>::INFO.ops.specials)*,
                        loads: #loads,
                        loops: #loops #(|| <#callees as __k::Kernel>::INFO.ops.loops)*,
                        unbounded: #unbounded #(|| <#callees as __k::Kernel>::INFO.ops.unbounded)*,
                    },
                    strict: #strict,
                    wide: #wide #(|| <#callees as __k::Kernel>::INFO.wide)*,
                };
                const WGSL: &'static __k::Fragment = #wgsl;
                const STACKS: bool = #stacks;
                type Params = (#(#kinds,)*);
                type Out = #result;
                #entries
                #vector
            }
        }
    }

    /// The path by which it is known.
    fn path(&self) -> TokenStream {
        let text = self.name.to_string();
        let text = text.trim_start_matches("r#");
        quote!(::core::concat!(::core::module_path!(), "::", #text))
    }

    /// The fragment of WGSL.
    pub(super) fn wgsl(&self) -> TokenStream {
        let (path, hash) = (self.path(), self.hash);
        let pieces = self.compiled.wgsl.0.iter().map(|piece| match piece {
            Piece::Text(text) => quote!(__k::Piece::Text(#text)),
            Piece::Me => quote!(__k::Piece::Me),
            Piece::Call(path) => quote!(__k::Piece::Call(<#path as __k::Kernel>::WGSL)),
            Piece::Math(name) => {
                let name = format_ident!("{}", name);
                quote!(__k::Piece::Call(__k::math::#name::WGSL))
            }
            Piece::Const(path, scalar) => {
                let kind = format_ident!("{}", scalar.name().to_uppercase());
                quote!(__k::Piece::Literal(__k::Literal::#kind(#path)))
            }
        });
        let (tables, listing) = (&self.compiled.tables, &self.compiled.listing);
        quote!(&__k::Fragment {
            path: #path,
            hash: #hash,
            pieces: &[#(#pieces),*],
            tables: &[#(#tables),*],
            listing: [#(#listing),*],
        })
    }

    /// What the parameter at `at` is, as data.
    fn param_info(&self, at: usize, param: &Param) -> TokenStream {
        let user = param.user.to_string();
        let user = user.trim_start_matches("r#");
        let (kind, access) = match param.kind {
            ParamKind::Uniform => (quote!(Uniform), quote!(All)),
            ParamKind::Element => (quote!(Element), quote!(Own)),
            ParamKind::InPlace => (quote!(InPlace), quote!(Own)),
            ParamKind::Cell => (quote!(Cell), quote!(Own)),
            ParamKind::Index => (quote!(Index), quote!(Own)),
            ParamKind::Slice => (quote!(Slice), quote!(All)),
            ParamKind::Table => (quote!(Table), quote!(All)),
            ParamKind::Atomics => (quote!(Atomics), quote!(Atomic)),
            ParamKind::Random => (quote!(Random), quote!(Own)),
            ParamKind::Picture => {
                let access = match self.compiled.halos[at] {
                    Some((dx, dy)) => quote!(Halo { dx: #dx, dy: #dy }),
                    None => quote!(All),
                };
                (quote!(Picture), access)
            }
        };
        let ty = match param.kind {
            ParamKind::Cell | ParamKind::Random => quote!(u32),
            _ => param.element.clone(),
        };
        let merge = match self.compiled.merges[at] {
            Some(op) => {
                let op = format_ident!("{}", format!("{op:?}"));
                quote!(::core::option::Option::Some(__k::Merge::#op))
            }
            None => quote!(::core::option::Option::None),
        };
        let length = match param.length {
            Some(length) => quote!(#length),
            None => quote!(1),
        };
        quote! {
            __k::ParamInfo {
                name: #user,
                kind: __k::ParamKind::#kind,
                element: <#ty as ::manylane::memory::Element>::TYPE,
                access: ::manylane::shape::Access::#access,
                length: #length,
                merge: #merge,
            }
        }
    }
}
