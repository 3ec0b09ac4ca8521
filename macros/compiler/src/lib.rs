//! The kernel compiler: what `#[kernel]` makes of a function.
//!
//! The stages, in order: `parse` reads the signature, `check` reads the body into the typed form of `ir` (types by
//! unification, everything outside the language refused), `fold` computes what is literal, `contract` decides the
//! multiply-adds, `uniformity` finds what is the same on all lanes, `lockstep` what is so on those
//! still in a loop, `liveness` what must be masked; `emit_lanes` writes
//! Rust over `Lanes`, `emit_wgsl` WGSL, and `expand` the items around them.
//!
//! The library re-exports the attribute; its documentation of the kernel language is there.
#![expect(
    missing_docs,
    reason = "no public interface: the attribute and the fuzzer call it, fields are named for what they hold"
)]

pub mod check;
pub mod contract;
pub mod emit_lanes;
pub mod emit_wgsl;
pub mod expand;
pub mod fields;
pub mod fold;
pub mod ir;
pub mod listing;
pub mod liveness;
pub mod lockstep;
pub mod measure;
pub mod parse;
pub mod ranges;
#[cfg(test)]
mod tests;
pub mod types;
pub mod uniformity;

use proc_macro2::TokenStream;
use syn::ItemFn;

/// What stands in place of the attribute and its function.
pub fn compile(attr: TokenStream, item: TokenStream) -> TokenStream {
    let attr_text = attr.to_string();
    let mut errors = parse::Errors::default();
    let item: ItemFn = match syn::parse2(item) {
        Ok(item) => item,
        Err(error) => {
            let wrong = syn::Error::new(error.span(), format!("`#[kernel]` stands on a function: {error}"));
            return wrong.to_compile_error();
        }
    };
    let hash = fnv(&format!("{attr_text} {}", without_docs(&item)));
    let options = parse::options(attr).unwrap_or_else(|error| {
        errors.add(error);
        parse::Options::default()
    });
    // What is compiled has fields in the place of structs; what users and rustc see is as written.
    let (inner, structs) = fields::split(&item);
    let mut signature = parse::signature(&inner, &mut errors);
    signature.structs = structs;
    if let Some(errors) = errors.all() {
        let (errors, stub) = (errors.to_compile_error(), expand::stub(&item));
        return quote::quote!(#errors #stub);
    }
    let mut errors = parse::Errors::default();
    let compiled = compile_body(&inner, &mut signature, options, &mut errors);
    // Of what types fields are is not known then, and nothing is to be said of that.
    if let (None, false) = (&compiled, signature.structs.is_empty()) {
        let (errors, stub) = (errors.all().map(|error| error.to_compile_error()), expand::stub(&item));
        return quote::quote!(#errors #stub);
    }
    let compiled = compiled.unwrap_or_else(|| expand::Compiled::failed(&signature));
    let errors = errors.all().map(|error| error.to_compile_error());
    let items = expand::items(&item, &signature, options, &compiled, hash);
    quote::quote!(#errors #items)
}

/// The function's tokens without its documentation: what is said about a kernel does not change it.
fn without_docs(item: &ItemFn) -> String {
    let mut plain = item.clone();
    plain.attrs.retain(|attr| !attr.path().is_ident("doc"));
    quote::quote!(#plain).to_string()
}

fn compile_body(
    item: &ItemFn,
    signature: &mut parse::Signature,
    options: parse::Options,
    errors: &mut parse::Errors,
) -> Option<expand::Compiled> {
    let kernel = middle(item, signature, options, errors)?;
    // What fields are, the body has said.
    for (param, known) in signature.params.iter_mut().zip(&kernel.params) {
        param.ty = known.ty.clone();
    }
    let strict = if options.math {
        Some(middle(item, signature, parse::Options { strict: true, ..options }, errors)?)
    } else {
        None
    };
    Some(expand::Compiled::of(&kernel, strict.as_ref()))
}

/// From the body to the IR that the emitters read.
pub fn middle(
    item: &ItemFn,
    signature: &parse::Signature,
    options: parse::Options,
    errors: &mut parse::Errors,
) -> Option<ir::Kernel> {
    let mut kernel = check::kernel(item, signature, options, errors)?;
    fold::kernel(&mut kernel);
    contract::kernel(&mut kernel);
    Some(kernel)
}

/// FNV-1a, 64 bits.
fn fnv(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
