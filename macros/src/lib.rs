//! The `#[kernel]` attribute. All that it does stands in `manylane-compiler`, where tests and the fuzzer reach it too.
//!
//! The library re-exports the attribute; its documentation of the kernel language is there.

/// Compiles a function for every lane: scalar, SIMD, threads and GPU.
///
/// `#[kernel(strict)]` keeps every multiplication and addition apart, so that the result has the same bits on all lanes.
#[proc_macro_attribute]
pub fn kernel(attr: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    manylane_compiler::compile(attr.into(), item.into()).into()
}
