//! From the user's tokens to the signature of a kernel: what each parameter stands for, and what is returned.

use proc_macro2::TokenStream;
use syn::spanned::Spanned;
use syn::{FnArg, Ident, ItemFn, Pat, ReturnType};

use crate::ir::ParamKind;
use crate::types::{Scalar, Type};

/// What stands in the attribute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `#[kernel(strict)]`.
    pub strict: bool,
    /// `#[kernel(math)]`: one of the library's own functions, which only kernels call.
    pub math: bool,
}

/// The signature of a kernel.
pub struct Signature {
    pub params: Vec<Param>,
    pub result: Type,
    /// The result's type as written.
    pub result_tokens: TokenStream,
    /// Uniform structs, in whose place their fields are parameters.
    pub structs: Vec<crate::fields::Struct>,
}

/// One parameter as written.
pub struct Param {
    pub name: Ident,
    pub kind: ParamKind,
    /// Of the element; `Unit` for a cell.
    pub ty: Type,
    /// Whether the body says of what type it is.
    pub is_open: bool,
}

/// Every error found so far.
#[derive(Default)]
pub struct Errors(Vec<syn::Error>);

impl Errors {
    /// One more, at `at`.
    pub fn push(&mut self, at: &impl quote::ToTokens, message: impl std::fmt::Display) {
        self.0.push(syn::Error::new_spanned(at, message));
    }

    /// One more, at a place that is known by its span only.
    pub fn push_at(&mut self, span: proc_macro2::Span, message: impl std::fmt::Display) {
        self.0.push(syn::Error::new(span, message));
    }

    /// One more that is already made.
    pub fn add(&mut self, error: syn::Error) {
        self.0.push(error);
    }

    /// All of them as one, if there is any.
    pub fn all(self) -> Option<syn::Error> {
        self.0.into_iter().reduce(|mut all, next| {
            all.combine(next);
            all
        })
    }
}

/// Reads what stands in `#[kernel(…)]`.
pub fn options(tokens: TokenStream) -> syn::Result<Options> {
    let mut options = Options::default();
    if tokens.is_empty() {
        return Ok(options);
    }
    let word: Ident = syn::parse2(tokens)?;
    match word.to_string().as_str() {
        "strict" => options.strict = true,
        "math" => options.math = true,
        _ => {
            return Err(syn::Error::new(
                word.span(),
                format!("`{word}` is no option of `#[kernel]`; there is `strict`"),
            ));
        }
    }
    Ok(options)
}

/// Reads the signature.
pub fn signature(item: &ItemFn, errors: &mut Errors) -> Signature {
    let sig = &item.sig;
    if let Some(token) = &sig.constness {
        errors.push(token, "a kernel cannot be `const`; remove the word");
    }
    if let Some(token) = &sig.asyncness {
        errors.push(token, "a kernel cannot be `async`; `.submit()` on its launch gives a future");
    }
    if !matches!(sig.safety, syn::Safety::Default) {
        errors.push(&sig.safety, "a kernel is always safe; remove the word");
    }
    if let Some(abi) = &sig.abi {
        errors.push(abi, "a kernel has no ABI of its own; remove `extern`");
    }
    let generics: Vec<String> = sig.generics.type_params().map(|param| param.ident.to_string()).collect();
    if !sig.generics.params.is_empty() || sig.generics.where_clause.is_some() {
        let lifetimes =
            sig.generics.params.iter().all(|param| matches!(param, syn::GenericParam::Lifetime(_)));
        let message = match lifetimes && sig.generics.where_clause.is_none() {
            true => "a kernel needs no lifetimes: remove them, `xs: &[f32]`",
            false => "a kernel cannot be generic; write one kernel for each type",
        };
        errors.push(&sig.generics, message);
    }
    // What is wrong with a type that is not known yet was told.
    let open = |tokens: TokenStream| {
        tokens.to_string().split(' ').any(|word| generics.iter().any(|name| name == word))
    };
    let mut params: Vec<Param> = Vec::new();
    for input in &sig.inputs {
        match param(input) {
            Ok(param) => {
                if param.kind == ParamKind::Cell && params.iter().any(|other| other.kind == ParamKind::Cell) {
                    errors.push(input, "a kernel has one own place: one parameter `at: Cell` is enough");
                }
                params.push(param);
            }
            Err(_) if open(quote::quote!(#input)) => {}
            Err(error) => errors.add(error),
        }
    }
    if params.iter().filter(|param| param.kind.is_passed()).count() > 12 {
        errors.push(
            &sig.inputs,
            "a kernel takes at most 12 arguments; put some that belong together into a pixel `[T; 4]`",
        );
    }
    let (result, result_tokens) = match &sig.output {
        ReturnType::Default => (Type::Unit, quote::quote!(())),
        ReturnType::Type(_, ty) => {
            let result = result_type(ty).unwrap_or_else(|error| {
                if !open(quote::quote!(#ty)) {
                    errors.add(error);
                }
                Type::Unit
            });
            (result, quote::quote!(#ty))
        }
    };
    if params.iter().all(|param| !matches!(param.kind, ParamKind::InPlace | ParamKind::Atomics))
        && result_tokens.to_string() == "()"
        && params.len() == sig.inputs.len()
    {
        errors.push(
            &sig.ident,
            "this kernel gives nothing: return a value (`-> f32`), update an element in place (`y: &mut f32`), or a shared \
             place (`bins: &Atomics<u32>`)",
        );
    }
    Signature { params, result, result_tokens, structs: Vec::new() }
}

fn param(input: &FnArg) -> syn::Result<Param> {
    let typed = match input {
        FnArg::Receiver(this) => {
            return Err(syn::Error::new_spanned(
                this,
                "a kernel is a free function; name the parameter: `x: f32`",
            ));
        }
        FnArg::Typed(typed) => typed,
    };
    let mut uniform = false;
    for attr in &typed.attrs {
        if attr.path().is_ident("uniform") {
            uniform = true;
        } else {
            return Err(syn::Error::new_spanned(
                attr,
                "the one attribute of a kernel's parameter is `#[uniform]`",
            ));
        }
    }
    let Pat::Ident(pat) = &*typed.pat else {
        return Err(syn::Error::new_spanned(
            &typed.pat,
            "a kernel's parameter is a plain name: `px: [u8; 3]`; take it apart in the body",
        ));
    };
    let is_open = matches!(&*typed.ty, syn::Type::Path(path) if path.path.is_ident(crate::fields::OPEN));
    let (kind, ty) = match is_open {
        true => (ParamKind::Uniform, Type::Scalar(Scalar::F32)),
        false => param_type(&typed.ty, uniform)?,
    };
    Ok(Param { name: pat.ident.clone(), kind, ty, is_open })
}

/// The type itself: a `macro_rules!` that passes one on wraps it.
fn bare(ty: &syn::Type) -> &syn::Type {
    match ty {
        syn::Type::Paren(inner) => bare(&inner.elem),
        syn::Type::Group(inner) => bare(&inner.elem),
        ty => ty,
    }
}

fn param_type(ty: &syn::Type, uniform: bool) -> syn::Result<(ParamKind, Type)> {
    let ty = bare(ty);
    let error = |message: &str| Err(syn::Error::new_spanned(ty, message));
    if uniform {
        if let syn::Type::Array(array) = ty
            && let Ok(length @ 5..) = length(&array.len)
            && let Type::Scalar(scalar) = element_type(&array.elem)?
        {
            if scalar == Scalar::Bool || scalar.is_storage() || scalar.is_wide() {
                return error("a uniform array holds f32, i32 or u32");
            }
            return Ok((ParamKind::Table, Type::Table(scalar, length)));
        }
        if let syn::Type::Reference(_) = ty {
            return error("a slice is the same for all lanes as it is: `xs: &[f32]` without `#[uniform]`");
        }
        let ty = element_type(ty)?;
        if ty == Type::Scalar(Scalar::Bool) {
            return error("a uniform cannot be a bool: pass a u32 and compare it, `flag != 0`");
        }
        return Ok((ParamKind::Uniform, ty));
    }
    match ty {
        syn::Type::Reference(reference) => {
            if let syn::Type::Slice(slice) = bare(&reference.elem) {
                if reference.mutability.is_some() {
                    return error(
                        "a kernel writes its own element only: return a value, or take `y: &mut f32`; shared places are \
                         `bins: &Atomics<u32>`",
                    );
                }
                let ty = element_type(&slice.elem)?;
                if ty == Type::Scalar(Scalar::Bool) {
                    return error("arrays of bool do not exist: use `&[u8]` or `&[u32]`");
                }
                return Ok((ParamKind::Slice, ty));
            }
            if let syn::Type::Path(path) = bare(&reference.elem)
                && let Some(last) = path.path.segments.last()
                && last.ident == "Atomics"
            {
                return match (&last.arguments, reference.mutability) {
                    (syn::PathArguments::AngleBracketed(args), None) if args.args.len() == 1 => {
                        let syn::GenericArgument::Type(of) = &args.args[0] else {
                            return error("say what the shared places hold: `&Atomics<u32>`");
                        };
                        match element_type(of)? {
                            one @ Type::Scalar(Scalar::U32 | Scalar::I32 | Scalar::F32) => {
                                Ok((ParamKind::Atomics, one))
                            }
                            _ => error("shared places hold u32, i32 or f32: `&Atomics<u32>`"),
                        }
                    }
                    _ => error("shared places are taken as `bins: &Atomics<u32>`"),
                };
            }
            if let Some(message) = by_value(bare(&reference.elem)) {
                return error(message);
            }
            if reference.mutability.is_none() {
                // What it refers to may be the greater mistake: `&str`.
                element_type(&reference.elem)?;
                return error(
                    "an element that is only read is taken by value: `x: f32`; one that is updated is `x: &mut f32`",
                );
            }
            let ty = element_type(&reference.elem)?;
            if ty == Type::Scalar(Scalar::Bool) {
                return error("arrays of bool do not exist: use `&mut u8` or `&mut u32`");
            }
            Ok((ParamKind::InPlace, ty))
        }
        syn::Type::Path(path) => {
            let Some(last) = path.path.segments.last() else {
                return error("this is no type of the kernel language");
            };
            match last.ident.to_string().as_str() {
                "Cell" => Ok((ParamKind::Cell, Type::Unit)),
                "Index" => Ok((ParamKind::Index, Type::Scalar(Scalar::U32))),
                "Image" | "Grid" => {
                    let syn::PathArguments::AngleBracketed(args) = &last.arguments else {
                        return error("say what the picture's cells are: `Image<f32>`, `Image<[u8; 3]>`");
                    };
                    match args.args.first() {
                        Some(syn::GenericArgument::Type(cell)) if args.args.len() == 1 => {
                            let cell = element_type(cell)?;
                            if cell == Type::Scalar(Scalar::Bool) {
                                return error("pictures of bool do not exist: use `Image<u8>`");
                            }
                            Ok((ParamKind::Picture, cell))
                        }
                        _ => error("a picture has one type of cells: `Image<f32>`"),
                    }
                }
                "Atomics" => error("shared places are taken by reference: `bins: &Atomics<u32>`"),
                "Random" => Ok((ParamKind::Random, Type::Unit)),
                _ => {
                    let ty = element_type(ty)?;
                    if ty == Type::Scalar(Scalar::Bool) {
                        return error(
                            "arrays of bool do not exist: take a `u8` or `u32` and compare it, `x != 0`",
                        );
                    }
                    Ok((ParamKind::Element, ty))
                }
            }
        }
        _ => Ok((ParamKind::Element, element_type(ty)?)),
    }
}

/// What a parameter takes by value though it looks like more.
fn by_value(ty: &syn::Type) -> Option<&'static str> {
    match ty {
        syn::Type::Path(path) => match path.path.segments.last()?.ident.to_string().as_str() {
            "Random" => Some("a generator is taken by value: `rng: Random`"),
            "Image" | "Grid" => Some("a picture is taken by value: `src: Image<f32>`"),
            "Cell" => Some("the own cell is taken by value: `at: Cell`"),
            "Index" => Some("the own index is taken by value: `i: Index`"),
            _ => None,
        },
        syn::Type::Array(array) if matches!(length(&array.len), Ok(5..)) => Some(
            "an array that all places share is a slice, `xs: &[f32]`, or, where its length is fixed, `#[uniform] t: [f32; 16]`",
        ),
        _ => None,
    }
}

/// A scalar or a pixel.
pub fn element_type(ty: &syn::Type) -> syn::Result<Type> {
    let ty = bare(ty);
    match ty {
        syn::Type::Path(path) if path.qself.is_none() => scalar(&path.path, ty).map(Type::Scalar),
        syn::Type::Array(array) => {
            let Type::Scalar(part) = element_type(&array.elem)? else {
                return Err(syn::Error::new_spanned(ty, "a pixel holds scalars: `[f32; 3]`"));
            };
            if part == Scalar::Bool {
                return Err(syn::Error::new_spanned(
                    ty,
                    "a pixel holds numbers: use `[u8; 3]` or `[u32; 3]`",
                ));
            }
            match length(&array.len)? {
                channels @ 1..=4 => Ok(Type::Pixel(part, channels)),
                _ => Err(syn::Error::new_spanned(
                    &array.len,
                    "an element has 1 to 4 channels: `[f32; 3]`; longer arrays are `#[uniform]` or private to the body",
                )),
            }
        }
        syn::Type::Slice(_) => {
            Err(syn::Error::new_spanned(ty, "a slice is taken by reference: `xs: &[f32]`"))
        }
        syn::Type::Infer(_) => Err(syn::Error::new_spanned(ty, "write the type: f32, i32, u32, u8 or bool")),
        syn::Type::Reference(_) => {
            Err(syn::Error::new_spanned(ty, "there are no references in a kernel: take the value itself"))
        }
        _ => Err(syn::Error::new_spanned(
            ty,
            match ty {
                syn::Type::Tuple(_) => {
                    "an element is one number or pixel: take the parts one by one, `a: f32, b: f32`, or a pixel `[f32; 2]`"
                }
                syn::Type::ImplTrait(_) | syn::Type::TraitObject(_) => {
                    "a kernel cannot be generic: write the type itself, and one kernel for each"
                }
                syn::Type::FnPtr(_) => "a kernel takes no functions: it calls other kernels by their names",
                syn::Type::Ptr(_) => {
                    "a kernel has no pointers: take `x: f32`, `y: &mut f32` or a slice `xs: &[f32]`"
                }
                _ => KINDS,
            },
        )),
    }
}

/// What there is.
const KINDS: &str = "the kernel language has f32, f64, integers of 8 to 64 bits, f16, bool, and pixels `[T; 1..=4]` of numbers";

/// The length of an array, which is written as a number.
pub fn length(len: &syn::Expr) -> syn::Result<usize> {
    let error = |message: &str| Err(syn::Error::new_spanned(len, message));
    let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(n), .. }) = len else {
        return error(
            "the length of an array in a kernel is written as a number, `[f32; 16]`; that of a value may be a constant of the body",
        );
    };
    match n.base10_parse::<usize>()? {
        0 => error("an array in a kernel has at least one place"),
        length @ ..=4096 => Ok(length),
        _ => error("an array in a kernel has at most 4,096 places: pass a slice, `xs: &[f32]`"),
    }
}

/// A result: nothing, an element, or a tuple of two to four.
pub fn result_type(ty: &syn::Type) -> syn::Result<Type> {
    let no_bool = |ty: &syn::Type, found: Type| match found {
        Type::Scalar(Scalar::Bool) => Err(syn::Error::new_spanned(
            ty,
            "arrays of bool do not exist: return `u32` or `u8`, `(x > 0.0) as u8`",
        )),
        other => Ok(other),
    };
    match bare(ty) {
        syn::Type::Tuple(tuple) if tuple.elems.is_empty() => Ok(Type::Unit),
        syn::Type::Tuple(tuple) => {
            let parts = tuple
                .elems
                .iter()
                .map(|part| no_bool(part, element_type(part)?))
                .collect::<syn::Result<Vec<_>>>()?;
            match parts.len() {
                2..=4 => Ok(Type::Tuple(parts)),
                1 => Err(syn::Error::new_spanned(ty, "return the value itself, not a tuple of one")),
                n => Err(syn::Error::new_spanned(
                    ty,
                    format!("a kernel returns up to 4 values, this has {n}; use pixels `[T; 4]`"),
                )),
            }
        }
        other => no_bool(other, element_type(other)?),
    }
}

/// The type after a `let`: as [`result_type`], bool included, tuples of tuples too.
pub fn local_type(ty: &syn::Type) -> syn::Result<Type> {
    match bare(ty) {
        syn::Type::Tuple(tuple) if tuple.elems.is_empty() => Ok(Type::Unit),
        syn::Type::Tuple(tuple) => {
            Ok(Type::Tuple(tuple.elems.iter().map(local_type).collect::<syn::Result<_>>()?))
        }
        syn::Type::Array(array) => match (element_type(&array.elem)?, length(&array.len)?) {
            (Type::Scalar(scalar), length @ 5..) => Ok(Type::Table(scalar, length)),
            _ => element_type(ty),
        },
        syn::Type::Path(path) if path.path.is_ident("usize") => Ok(Type::Scalar(Scalar::Usize)),
        other => element_type(other),
    }
}

fn scalar(path: &syn::Path, at: &syn::Type) -> syn::Result<Scalar> {
    let error = |message: String| Err(syn::Error::new(at.span(), message));
    let Some(last) = path.segments.last() else { return error("this is no type".into()) };
    let name = last.ident.to_string();
    match name.as_str() {
        "usize" => error(
            "`usize` is for indices inside of a kernel: use `u32`, and `i as usize` where it indexes".into(),
        ),
        name if Scalar::named(name).is_some() => Ok(Scalar::named(name).unwrap_or(Scalar::U32)),
        "isize" | "i128" => error(format!("`{name}` is not in the kernel language: use `i32` or `i64`")),
        "u128" => error(format!("`{name}` is not in the kernel language: use `u32` or `u64`")),
        "Cell" | "Index" | "Image" | "Grid" | "Random" | "Atomics" => error(format!(
            "`{name}` stands alone as a parameter's type: `at: Cell`, `i: Index`, `src: Image<f32>`, `rng: Random`, \
             `bins: &Atomics<u32>`"
        )),
        "String" | "str" | "char" => error(format!(
            "`{name}` cannot live in a kernel: it has numbers and bools only; text can be passed as bytes, `xs: &[u8]`"
        )),
        "Vec" => error(
            "`Vec` cannot live in a kernel: a parameter is a slice, `xs: &[f32]`, a variable an array of fixed length, \
             `let mut a = [0.0; 16];`"
                .into(),
        ),
        "Option" | "Result" => error(format!(
            "`{name}` cannot live in a kernel: every value is there; mark a missing one by a value of its own, \
             `f32::NAN`, or give a flag beside it, `(f32, u32)`"
        )),
        "Box" | "Rc" | "Arc" | "Cow" => error(format!(
            "`{name}` cannot live in a kernel, which owns no memory: take the value itself"
        )),
        name if name.starts_with("Atomic") => error(format!(
            "`{name}` cannot live in a kernel: shared places are `bins: &Atomics<u32>`"
        )),
        _ => error(format!(
            "`{name}` cannot live in a kernel: {}; a struct becomes several parameters or a pixel",
            KINDS.trim_start_matches("the kernel language ").replacen("has", "the language has", 1)
        )),
    }
}
