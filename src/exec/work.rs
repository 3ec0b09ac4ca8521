//! What a launch is about, before anything is planned: its one domain, and the work that it is.

use crate::error::{Error, ErrorKind, Result};
use crate::kernel::{Kernel, KernelInfo, ParamKind, Params};
use crate::plan::{self, Work};
use crate::shape::Domain;

/// The one domain of a launch of `K`.
#[inline]
pub(crate) fn domain<K: Kernel>(
    args: &<K::Params as Params>::Arg<'_>,
    over: Option<Domain>,
) -> Result<Domain> {
    let mut known = over;
    let mut simple = true;
    K::Params::domains(args, &mut |_, domain| match known {
        None => known = Some(domain),
        Some(before) => simple &= before == domain,
    });
    match known {
        Some(domain) if simple => check_size(const { &K::INFO }, domain),
        _ => agreed(const { &K::INFO }, &|see| K::Params::domains(args, see), over),
    }
}

/// Hands over the shape of each argument that has one.
type Domains<'a> = dyn Fn(&mut dyn FnMut(usize, Domain)) + 'a;

/// What shapes that differ, or none, come to.
#[cold]
fn agreed(info: &'static KernelInfo, domains: &Domains<'_>, over: Option<Domain>) -> Result<Domain> {
    let mut implied = Vec::new();
    let passed: Vec<_> = info.params.iter().filter(|param| param.kind.is_passed()).collect();
    domains(&mut |k, domain| {
        // With `.over` a picture may have another shape than the launch: a resize reads it anywhere.
        if over.is_none() || passed[k].kind != ParamKind::Picture {
            implied.push((passed[k].name, domain));
        }
    });
    check_size(info, plan::agree(info.name, implied, over)?)
}

#[inline]
fn check_size(info: &KernelInfo, domain: Domain) -> Result<Domain> {
    let asks = |kind| matches!(kind, ParamKind::Index | ParamKind::Cell | ParamKind::Random);
    let places = info.params.iter().any(|param| asks(param.kind));
    if places && domain.len() > u32::MAX as usize {
        return Err(too_many(info.name, domain));
    }
    Ok(domain)
}

#[cold]
fn too_many(name: &str, domain: Domain) -> Error {
    Error::new(
        ErrorKind::LimitExceeded,
        format!(
            "{name}: it asks for its own place, or draws by it, which is a u32, over {domain} places; at most {} are possible",
            u32::MAX
        ),
    )
}

/// The work of a launch of `K` over `domain`.
#[inline]
pub(crate) fn work<K: Kernel>(domain: Domain, folded: bool) -> Work {
    let mut bytes = 0;
    let mut widest = 1;
    for param in K::INFO.params {
        match param.kind {
            ParamKind::Element | ParamKind::Picture => bytes += param.element.bytes(),
            ParamKind::InPlace => bytes += 2 * param.element.bytes(),
            _ => continue,
        }
        widest = widest.max(param.element.bytes());
    }
    for result in K::INFO.results {
        widest = widest.max(result.bytes());
        if !folded {
            bytes += result.bytes();
        }
    }
    Work { kernel: K::INFO, domain, bytes, widest, folded }
}
