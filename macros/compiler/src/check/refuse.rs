//! What a user of Rust reaches for that the language does not have, and what to write instead.

use quote::ToTokens;

const OPTION: &str = "a kernel has no `Option` and no `Result`: every value is there; mark a missing one by a value of \
                      its own, `f32::NAN`, or give a flag beside it, `(value, 1)`";
const ITERATORS: &str =
    "a kernel has no iterators: count in a loop, `for i in 0..xs.len() { sum += xs[i]; }`";
const TEXT: &str = "a kernel has numbers and bools only: no text, no characters";
const OWNED: &str = "a kernel owns no memory: work on the values themselves";
const VEC: &str = "a kernel owns no memory: an array has a fixed length, `let mut a = [0.0; 16];`";

/// An expression that has no meaning in a kernel.
pub fn expr(expr: &syn::Expr) -> &'static str {
    use syn::Expr as E;
    match expr {
        E::Closure(_) => "a kernel has no closures: write a kernel of its own and call it",
        E::Reference(inner) if is_part(&inner.expr) => PART,
        E::Reference(_) | E::RawAddr(_) => "there are no references in a kernel: use the value itself",
        E::Async(_) | E::Await(_) => "a kernel cannot be async; `.submit()` on its launch gives a future",
        E::Unsafe(_) => "there is nothing unsafe in a kernel: remove `unsafe`",
        E::Try(_) | E::TryBlock(_) => "a kernel cannot fail: return a value that says so, without `?`",
        E::Struct(_) => {
            "structs are not in the kernel language: use variables of their own, tuples and pixels"
        }
        E::Range(_) => "a range stands only in `for k in 0..n` and in the patterns of `match`",
        E::Let(_) => "`let` in a condition is not in the kernel language: compare, `if x == 0 { … }`",
        E::Infer(_) => "`_` is no value",
        _ => {
            "this is not in the kernel language: it has arithmetic, comparisons, `if`, `match`, loops, and calls of kernels"
        }
    }
}

/// Of a part of an array.
pub const PART: &str =
    "a part of an array is no value in a kernel: use the whole and add to the index, `xs[first + i]`";

fn is_part(expr: &syn::Expr) -> bool {
    match expr {
        syn::Expr::Paren(inner) => is_part(&inner.expr),
        syn::Expr::Index(index) => matches!(&*index.index, syn::Expr::Range(_)),
        _ => false,
    }
}

/// What stands after a point, by its name.
pub fn method(name: &str) -> Option<String> {
    let text = match name {
        "unwrap" | "expect" | "unwrap_or" | "unwrap_or_default" | "is_some" | "is_none" | "is_ok"
        | "is_err" | "ok" | "ok_or" | "and_then" => OPTION,
        "iter" | "iter_mut" | "into_iter" | "map" | "sum" | "product" | "fold" | "for_each" | "filter"
        | "zip" | "enumerate" | "chunks" | "windows" | "collect" | "any" | "all" | "rev" | "step_by"
        | "take" | "skip" | "count" => ITERATORS,
        "clone" | "to_owned" | "copied" | "cloned" => {
            return Some(format!("a kernel's values are copied as they are: remove `.{name}()`"));
        }
        "borrow" | "as_ref" | "as_mut" | "as_slice" | "deref" => {
            return Some(format!("there are no references in a kernel: remove `.{name}()`"));
        }
        "into" | "try_into" => "a kernel converts numbers by casts: `x as f32`",
        "to_string" | "as_str" | "chars" | "parse" | "is_empty" => TEXT,
        "push" | "pop" | "insert" | "remove" | "extend" | "truncate" => VEC,
        "cmp" | "partial_cmp" | "total_cmp" => "a kernel has no `Ordering`: compare, `a < b`",
        "log" => "`log` is not in the kernel language: use `ln`, `log2`, `log10`, or `a.ln() / b.ln()`",
        name if name.starts_with("checked_") || name.starts_with("overflowing_") => {
            "integers of a kernel wrap and cannot fail: use the operator, and compare before it where that matters"
        }
        name if name.starts_with("saturating_") => {
            "integers of a kernel wrap: hold the value back yourself, `a.min(u32::MAX - b) + b`"
        }
        _ => return None,
    };
    Some(text.to_owned())
}

/// A path that is called or read, where it cannot be a kernel or a constant.
pub fn path(path: &syn::Path) -> Option<String> {
    let names: Vec<String> = path.segments.iter().map(|part| part.ident.to_string()).collect();
    let last = names.last()?;
    if matches!(last.as_str(), "Some" | "None" | "Ok" | "Err") {
        return Some(OPTION.to_owned());
    }
    let outside = matches!(names[0].as_str(), "std" | "core");
    let of = names.len().checked_sub(2).map(|at| names[at].as_str());
    let text = match of {
        Some("Option" | "Result") => OPTION,
        Some("String" | "str" | "char") => TEXT,
        Some("Vec") => VEC,
        Some("Box" | "Rc" | "Arc" | "Cow") => OWNED,
        Some(of) if is_camel(of) => {
            return Some(format!(
                "`{of}` is a type of your own: a kernel has no structs and enums; use numbers, tuples, pixels and constants, \
                 `const RED: u32 = 0;`"
            ));
        }
        Some("mem") if last == "swap" || last == "replace" => {
            "there are no references in a kernel: swap by a tuple, `(a, b) = (b, a)`"
        }
        Some("cmp") if outside && (last == "min" || last == "max") => {
            return Some(format!("`std::cmp::{last}` is no kernel: use the method, `a.{last}(b)`"));
        }
        Some(_) if outside => {
            "the functions of `std` are no kernels: use the methods of numbers, `a.max(b)`, or write a kernel and call it"
        }
        None if is_camel(last) => {
            "structs and enums are not in the kernel language: use numbers, tuples and pixels"
        }
        _ => return None,
    };
    Some(text.to_owned())
}

/// Whether a name is written as types are.
fn is_camel(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.contains(|c: char| c.is_ascii_lowercase())
}

/// A macro.
pub fn macro_call(name: &str) -> String {
    match name {
        "println" | "print" | "eprintln" | "eprint" | "dbg" | "write" | "writeln" => {
            format!(
                "a kernel cannot print: return the value and print it after the launch, without `{name}!`"
            )
        }
        "assert" | "assert_eq" | "assert_ne" | "debug_assert" | "debug_assert_eq" | "debug_assert_ne"
        | "panic" | "unreachable" | "todo" | "unimplemented" => {
            format!("a kernel cannot panic: return a value that says so, without `{name}!`")
        }
        "vec" => VEC.to_owned(),
        "format" | "concat" | "stringify" => TEXT.to_owned(),
        _ => format!("`{name}!` is a macro, and a kernel has none: write out what it does"),
    }
}

/// What a `for` runs over that is no range.
pub fn range(iter: &syn::Expr) -> &'static str {
    match iter {
        syn::Expr::MethodCall(call) if call.method == "rev" => {
            "a `for` in a kernel counts upwards: compute the other index in it, `let j = n - 1 - k;`"
        }
        syn::Expr::MethodCall(call) if call.method == "step_by" => {
            "a `for` in a kernel counts by one: compute the index in it, `let j = k * 2;`, or use `while`"
        }
        _ => "a `for` in a kernel runs over a range of integers: `for k in 0..n`, `for k in 0..xs.len()`",
    }
}

/// `; is … meant?`, where one of the names is nearly this one.
pub fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> String {
    let limit = name.chars().count() / 3;
    let found = names
        .filter(|other| *other != name)
        .map(|other| (distance(&name.to_lowercase(), &other.to_lowercase()), other))
        .filter(|(far, _)| *far <= limit)
        .min();
    found.map(|(_, other)| format!("; is `{other}` meant?")).unwrap_or_default()
}

/// How many letters must be put in, taken out or changed to get from one to the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let change = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = change.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// An index as written, to be cast: `i`, `(i + 1)`.
pub fn cast_of(index: &syn::Expr) -> String {
    match index {
        syn::Expr::Path(path) => path.to_token_stream().to_string(),
        _ => "(…)".to_owned(),
    }
}
