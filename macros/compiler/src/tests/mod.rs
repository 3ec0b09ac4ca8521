//! Tests of each stage on small kernels; `tests/` of the library runs the kernels that come out.

mod check;
mod contract;
mod errors;
mod expand;
mod fold;
mod lanes;
mod liveness;
mod lockstep;
mod measure;
mod ranges;
mod uniformity;
mod wgsl;

use syn::ItemFn;

use crate::ir::Kernel;
use crate::parse::{self, Errors, Options};

/// The IR of the kernel in `source`, which has no errors.
fn kernel(source: &str) -> Kernel {
    with(source, Options::default())
}

/// As [`kernel`], of a strict one.
fn strict(source: &str) -> Kernel {
    with(source, Options { strict: true, ..Options::default() })
}

fn with(source: &str, options: Options) -> Kernel {
    let item: ItemFn = syn::parse_str(source).expect("a function");
    let mut errors = Errors::default();
    let (item, _) = crate::fields::split(&item);
    let signature = parse::signature(&item, &mut errors);
    let kernel = crate::middle(&item, &signature, options, &mut errors);
    let told = errors.all().map(|error| error.into_iter().map(|one| one.to_string()).collect::<Vec<_>>());
    assert_eq!(told, None, "{source}");
    kernel.expect("no errors, so a kernel")
}

/// The messages for the function in `source`.
fn errors(source: &str) -> Vec<String> {
    let item: ItemFn = syn::parse_str(source).expect("a function");
    let mut errors = Errors::default();
    let (item, _) = crate::fields::split(&item);
    let mut signature = parse::signature(&item, &mut errors);
    if let Some(errors) = errors.all() {
        return errors.into_iter().map(|one| one.to_string()).collect();
    }
    let mut errors = Errors::default();
    let compiled = crate::compile_body(&item, &mut signature, Options::default(), &mut errors);
    let all: Vec<String> = errors.all().into_iter().flatten().map(|one| one.to_string()).collect();
    assert_eq!(compiled.is_none(), !all.is_empty(), "errors and no kernel go together: {source}");
    all
}

/// The place of the variable of that name; the last one where there are several.
fn var(kernel: &Kernel, name: &str) -> usize {
    kernel.vars.iter().rposition(|var| var.name == name).unwrap_or_else(|| panic!("no variable `{name}`"))
}
