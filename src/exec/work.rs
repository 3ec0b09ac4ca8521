//! What a launch is about, before anything is planned: its one domain, and the work that it is.

use crate::error::{Error, ErrorKind, Result};
use crate::kernel::{Kernel, ParamKind, Params};
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
        Some(domain) if simple => check_size::<K>(domain),
        _ => {
            let mut implied = Vec::new();
            let passed: Vec<_> = K::INFO.params.iter().filter(|param| param.kind.is_passed()).collect();
            K::Params::domains(args, &mut |k, domain| {
                // With `.over` a picture may have another shape than the launch: a resize reads it anywhere.
                if over.is_none() || passed[k].kind != ParamKind::Picture {
                    implied.push((passed[k].name, domain));
                }
            });
            check_size::<K>(plan::agree(K::INFO.name, implied, over)?)
        }
    }
}

fn check_size<K: Kernel>(domain: Domain) -> Result<Domain> {
    let asks = |kind| matches!(kind, ParamKind::Index | ParamKind::Cell | ParamKind::Random);
    let places = K::INFO.params.iter().any(|param| asks(param.kind));
    if places && domain.len() > u32::MAX as usize {
        return Err(Error::new(
            ErrorKind::LimitExceeded,
            format!(
                "{}: it asks for its own place, or draws by it, which is a u32, over {domain} places; at most {} are possible",
                K::INFO.name,
                u32::MAX
            ),
        ));
    }
    Ok(domain)
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
