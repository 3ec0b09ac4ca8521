//! From source text to the kernel compiler's IR.

use manylane_compiler::ir::Kernel;
use manylane_compiler::parse::{self, Errors, Options};
use manylane_compiler::{check, middle};
use syn::ItemFn;

use crate::interpret::Kernels;

/// One function, compiled.
pub struct Compiled {
    pub name: String,
    /// As the checker leaves it, before anything is folded: what the oracle reads.
    pub checked: Kernel,
    /// As the emitters get it.
    pub kernel: Kernel,
}

/// Compiles every function of the source, in order, all strict.
///
/// # Errors
/// What the compiler says where it refuses one.
pub fn all(source: &str) -> Result<Vec<Compiled>, String> {
    let file = syn::parse_file(source).map_err(|error| format!("this is not Rust: {error}"))?;
    let mut all = Vec::new();
    for item in file.items {
        let syn::Item::Fn(item) = item else { continue };
        all.push(one(&item)?);
    }
    Ok(all)
}

fn one(item: &ItemFn) -> Result<Compiled, String> {
    let options = Options { strict: true, ..Options::default() };
    let mut errors = Errors::default();
    let signature = parse::signature(item, &mut errors);
    refused(errors)?;
    let mut errors = Errors::default();
    let checked = check::kernel(item, &signature, options, &mut errors);
    let kernel = middle(item, &signature, options, &mut Errors::default());
    refused(errors)?;
    match (checked, kernel) {
        (Some(checked), Some(kernel)) => Ok(Compiled { name: item.sig.ident.to_string(), checked, kernel }),
        _ => Err("no errors, and no kernel".into()),
    }
}

fn refused(errors: Errors) -> Result<(), String> {
    match errors.all() {
        None => Ok(()),
        Some(error) => {
            let told: Vec<String> = error.into_iter().map(|one| one.to_string()).collect();
            Err(told.join("; "))
        }
    }
}

/// The kernels by name, for the oracle.
pub fn by_name(compiled: &[Compiled]) -> Kernels {
    compiled.iter().map(|one| (one.name.clone(), one.checked.clone())).collect()
}
