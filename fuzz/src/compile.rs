//! From source text to the kernel compiler's IR.

use manylane_compiler::emit_lanes::LaneEmitter;
use manylane_compiler::ir::Kernel;
use manylane_compiler::liveness::Live;
use manylane_compiler::parse::{self, Errors, Options};
use manylane_compiler::{check, listing, lockstep, middle};
use syn::ItemFn;

use crate::interpret::Kernels;
use crate::program::{Function, Param};

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

/// The signature of the last function, for a text that was not generated.
pub fn main_of(compiled: &[Compiled]) -> Option<Function> {
    let last = compiled.last()?;
    let params = last.kernel.params.iter().map(|param| Param {
        name: param.name.to_string(),
        kind: param.kind,
        ty: param.ty.clone(),
        mutable: false,
    });
    let result = last.kernel.result.clone();
    Some(Function { name: last.name.clone(), params: params.collect(), result, body: Vec::new() })
}

/// What the emitters make of the text: Rust over lanes, and the IR.
///
/// # Errors
/// What the compiler says where it refuses it.
pub fn shown(text: &str) -> Result<String, String> {
    let mut shown = String::new();
    for one in all(text)? {
        let (stepped, spreads) = lockstep::kernel(&one.kernel);
        let live = Live::of(&stepped);
        let lanes = LaneEmitter::new(&stepped, &spreads, &live).body();
        // One statement to a line is enough to read it.
        let lanes = lanes.to_string().replace("; ", ";\n").replace("{ ", "{\n").replace("} ", "}\n");
        shown.push_str(&format!("// {}\n{}\n{lanes}\n", one.name, listing::ir(&one.kernel)));
    }
    Ok(shown)
}
