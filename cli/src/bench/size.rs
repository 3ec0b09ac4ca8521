//! Sizes as people write them: `1000`, `64k`, `4Mi`, `3840x2160`.

use manylane::prelude::{Domain, Error, ErrorKind};

/// Reads a size: a number of elements with k, M or G (also Ki, Mi, Gi) in steps of 1,024, or columns x rows.
///
/// # Errors
/// `Setting` for what is no such thing, and for 0.
pub fn parse(text: &str) -> manylane::Result<Domain> {
    let wrong = || {
        Error::new(
            ErrorKind::Setting,
            format!(
                "`{text}` is no size; write a number of elements from 1 on, as in 1000, 64k, 4M or 1G (steps of \
                 1,024), or columns and rows, as in 1920x1080"
            ),
        )
    };
    let domain = match text.split_once('x') {
        Some((width, height)) => {
            let (width, height) = (number(width).ok_or_else(wrong)?, number(height).ok_or_else(wrong)?);
            width.checked_mul(height).ok_or_else(wrong)?;
            Domain::Grid { width, height }
        }
        None => Domain::Line(number(text).ok_or_else(wrong)?),
    };
    if domain.is_empty() { Err(wrong()) } else { Ok(domain) }
}

fn number(text: &str) -> Option<usize> {
    let text = text.trim();
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(split);
    let shift = match unit.strip_suffix('i').unwrap_or(unit) {
        "" if unit.is_empty() => 0,
        "k" | "K" => 10,
        "m" | "M" => 20,
        "g" | "G" => 30,
        _ => return None,
    };
    digits.parse::<usize>().ok()?.checked_mul(1 << shift)
}

/// A size for people: `1000`, `64Ki`, `3840x2160`.
pub fn show(domain: Domain) -> String {
    let Domain::Line(n) = domain else { return domain.to_string() };
    for (shift, unit) in [(30, "Gi"), (20, "Mi"), (10, "Ki")] {
        if n >= 1 << shift && n.is_multiple_of(1 << shift) {
            return format!("{}{unit}", n >> shift);
        }
    }
    n.to_string()
}

/// A grid of about as many cells as `domain`, 16 to 9, unless it is one already.
pub fn grid(domain: Domain) -> (usize, usize) {
    match domain {
        Domain::Grid { width, height } => (width, height),
        Domain::Line(n) => {
            let width = ((n as f64 * 16.0 / 9.0).sqrt().round() as usize).clamp(1, n.max(1));
            (width, n.div_ceil(width))
        }
    }
}

/// A number of bytes for people.
pub fn bytes(bytes: u64) -> String {
    for (shift, unit) in [(40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")] {
        if bytes >= 1 << shift {
            let value = bytes as f64 / (1u64 << shift) as f64;
            return if value.fract() == 0.0 {
                format!("{value} {unit}")
            } else {
                format!("{value:.1} {unit}")
            };
        }
    }
    format!("{bytes} bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_as_people_write_them() {
        for (text, n) in
            [("1", 1), ("1000", 1000), ("64k", 65_536), ("64Ki", 65_536), ("4M", 4 << 20), ("1Gi", 1 << 30)]
        {
            assert_eq!(parse(text).expect(text), Domain::Line(n), "{text}");
        }
        assert_eq!(parse("3840x2160").expect("a grid"), Domain::Grid { width: 3840, height: 2160 });
        assert_eq!(parse("4kx2k").expect("a grid"), Domain::Grid { width: 4096, height: 2048 });
    }

    #[test]
    fn what_is_no_size() {
        for text in [
            "",
            "0",
            "k",
            "i",
            "1i",
            "1.5M",
            "-1",
            "4T",
            "x",
            "0x5",
            "5x",
            "99999999999G",
            "4000000Gx4000000G",
        ] {
            let error = parse(text).expect_err(text);
            assert_eq!(error.kind(), ErrorKind::Setting);
        }
    }

    #[test]
    fn shown_shortly() {
        assert_eq!(show(Domain::Line(65_536)), "64Ki");
        assert_eq!(show(Domain::Line(16 << 20)), "16Mi");
        assert_eq!(show(Domain::Line(1000)), "1000");
        assert_eq!(show(Domain::from((3840, 2160))), "3840x2160");
        assert_eq!(bytes(1536), "1.5 KiB");
        assert_eq!(bytes(32 << 20), "32 MiB");
    }

    #[test]
    fn grids_have_about_as_many_cells() {
        for n in [1, 2, 3, 100, 65_536, 1 << 20, 1 << 24] {
            let (width, height) = grid(Domain::Line(n));
            assert!(width * height >= n && width * height <= n + width, "{n}: {width}x{height}");
        }
        assert_eq!(grid(Domain::from((7, 5))), (7, 5));
    }
}
