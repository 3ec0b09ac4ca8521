//! Decomposition of a picture: the rows that a piece reads beside its own.

use crate::kernel::{KernelInfo, ParamInfo};
use crate::shape::{Access, Border, Domain, Span};

/// Elements after which a binding may begin whatever their width: the strictest device asks for 256 bytes.
const ALIGN: usize = 256;

/// How many rows around its own a place reads of pictures that have the launch's shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Halo {
    rows: usize,
}

impl Halo {
    /// That of a kernel over `domain`, where the compiler knows it; a border that goes around the picture may need any row.
    pub fn of(info: &KernelInfo, domain: Domain, border: Border) -> Option<Halo> {
        if !matches!(domain, Domain::Grid { .. }) || border == Border::Wrap {
            return None;
        }
        let rows = info.params.iter().filter_map(|param| match param.access {
            Access::Halo { dy, .. } => Some(dy as usize),
            _ => None,
        });
        rows.max().map(|rows| Halo { rows })
    }

    /// Whether a launch over `domain` reads no more than this of the picture passed for `param`.
    pub fn bounds(param: &ParamInfo, picture: Option<Domain>, domain: Domain) -> bool {
        matches!(param.access, Access::Halo { .. }) && picture == Some(domain)
    }

    /// The cells that the places of `span` read: whole rows, begun so that a device can bind them.
    pub fn around(self, domain: Domain, span: Span) -> Span {
        let width = domain.width().max(1);
        let first = (span.start / width).saturating_sub(self.rows).saturating_mul(width);
        let rows = span.end.div_ceil(width).saturating_add(self.rows);
        Span::new(first / ALIGN * ALIGN, rows.saturating_mul(width).min(domain.len()))
    }

    /// The most cells that a piece reads beside its own.
    pub fn margin(self, domain: Domain) -> usize {
        (2 * self.rows + 2).saturating_mul(domain.width()).saturating_add(ALIGN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_has_all_rows_within_reach_and_few_more() {
        for (width, height) in [(1, 1), (1, 5000), (5000, 1), (7, 31), (100, 100), (4096, 3), (6001, 17)] {
            let domain = Domain::Grid { width, height };
            for rows in [0, 1, 2, 40] {
                let halo = Halo { rows };
                for (start, end) in [(0, 1), (0, domain.len()), (domain.len() / 3, domain.len() / 2 + 1)] {
                    let span = Span::new(start, end.min(domain.len()));
                    let cells = halo.around(domain, span);
                    for y in span.start / width..=(span.end - 1) / width {
                        for near in y.saturating_sub(rows)..=(y + rows).min(height - 1) {
                            assert!(cells.start <= near * width && (near + 1) * width <= cells.end);
                        }
                    }
                    assert_eq!(cells.start % ALIGN, 0);
                    assert!(cells.end <= domain.len());
                    assert!(cells.len() <= span.len() + halo.margin(domain), "{cells:?} for {span:?}");
                }
            }
        }
    }
}
