//! Uniforms that are structs: each field that the body reads becomes a uniform of its own.
//!
//! `#[uniform] v: View` is no parameter of what is compiled; for `v.dx` there is one, `v__dx`, whose type is found as that
//! of any value whose type is not written. The struct itself is only known to rustc, which checks the written body, and
//! takes its fields where a launch passes it.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{FnArg, ItemFn, Pat};

/// The type that a field's parameter is given until the body says which it is.
pub const OPEN: &str = "__Field";

/// A uniform struct.
#[derive(Clone, Debug)]
pub struct Struct {
    pub name: Ident,
    pub ty: TokenStream,
    /// Those that the body reads, in the order of reading.
    pub fields: Vec<Ident>,
}

/// The kernel with parameters for fields, and the structs that they come from; as it is where it has none.
pub fn split(item: &ItemFn) -> (ItemFn, Vec<Struct>) {
    let mut structs = Vec::new();
    let mut split = item.clone();
    let mut body = item.block.to_token_stream();
    let mut inputs = syn::punctuated::Punctuated::new();
    for input in &item.sig.inputs {
        let Some((name, ty)) = of_struct(input) else {
            inputs.push(input.clone());
            continue;
        };
        let mut fields: Vec<Ident> = Vec::new();
        let rewritten = rewrite(body.clone(), &name, &mut fields);
        if fields.is_empty() {
            // Not used as a struct: what is wrong with it is told where types are read.
            inputs.push(input.clone());
            continue;
        }
        body = rewritten;
        for field in &fields {
            let (param, open) = (param_of(&name, field), format_ident!("{}", OPEN, span = field.span()));
            if let Ok(input) = syn::parse2::<FnArg>(quote!(#[uniform] #param: #open)) {
                inputs.push(input);
            }
        }
        structs.push(Struct { name, ty: ty.to_token_stream(), fields });
    }
    if structs.is_empty() {
        return (split, structs);
    }
    split.sig.inputs = inputs;
    if let Ok(block) = syn::parse2(body) {
        split.block = Box::new(block);
    }
    (split, structs)
}

/// The parameter for a field.
pub fn param_of(name: &Ident, field: &Ident) -> Ident {
    format_ident!("{}__{}", name, field, span = field.span())
}

/// Names of types that are no structs of the user's.
const KNOWN: [&str; 12] = [
    "Atomics", "Box", "Cell", "Grid", "HashMap", "Image", "Index", "Option", "Random", "Result", "String",
    "Vec",
];

/// The name and type of a parameter that may be a uniform struct.
fn of_struct(input: &FnArg) -> Option<(Ident, &syn::Type)> {
    let FnArg::Typed(typed) = input else { return None };
    let (Pat::Ident(pat), syn::Type::Path(path)) = (&*typed.pat, &*typed.ty) else { return None };
    let last = path.path.segments.last()?;
    let name = last.ident.to_string();
    let is_own = name.starts_with(char::is_uppercase) && !KNOWN.contains(&name.as_str());
    let is_uniform = typed.attrs.iter().any(|attr| attr.path().is_ident("uniform"));
    (is_own && is_uniform && last.arguments.is_none()).then(|| (pat.ident.clone(), &*typed.ty))
}

/// `name.field` as the parameter for it; calls of methods stay, and are told where methods are read.
fn rewrite(tokens: TokenStream, name: &Ident, fields: &mut Vec<Ident>) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut out = TokenStream::new();
    let mut at = 0;
    while at < tokens.len() {
        // `x.name` is a field of something else; the dots of `x..name` are a range's.
        let is_dot = |at: usize| matches!(&tokens[at], TokenTree::Punct(dot) if dot.as_char() == '.');
        let behind_a_dot = at > 0 && is_dot(at - 1) && !(at > 1 && is_dot(at - 2));
        match (&tokens[at], tokens.get(at + 1), tokens.get(at + 2), tokens.get(at + 3)) {
            (TokenTree::Ident(base), Some(TokenTree::Punct(dot)), Some(TokenTree::Ident(field)), next)
                if base == name
                    && dot.as_char() == '.'
                    && !behind_a_dot
                    && !matches!(next, Some(TokenTree::Group(group)) if is_call(group)) =>
            {
                if !fields.contains(field) {
                    fields.push(field.clone());
                }
                out.extend(param_of(name, field).into_token_stream());
                at += 3;
            }
            (TokenTree::Group(group), ..) => {
                let mut inner = Group::new(group.delimiter(), rewrite(group.stream(), name, fields));
                inner.set_span(group.span());
                out.extend([TokenTree::Group(inner)]);
                at += 1;
            }
            (other, ..) => {
                out.extend([other.clone()]);
                at += 1;
            }
        }
    }
    out
}

fn is_call(group: &Group) -> bool {
    group.delimiter() == proc_macro2::Delimiter::Parenthesis
}
