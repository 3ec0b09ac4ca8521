//! The operations by name.

use std::fmt::Write;
use std::str::FromStr;

use manylane::prelude::*;
use manylane_image::{Gauss, gray, ops};

use super::file::Picture;
use crate::output;

/// One operation and its arguments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Op {
    Gray,
    Sobel,
    Blur { sigma: f32 },
}

/// Sigma of a blur that says none.
const SIGMA: f32 = 2.0;

const LIST: [(&str, &str); 3] = [
    ("gray", "the brightness (Rec. 601)"),
    ("sobel", "how steeply the brightness changes: edges"),
    ("blur[:SIGMA]", "a Gaussian blur of SIGMA pixels, from 0 to 256; 2 where none is given"),
];

/// The operations, one a line.
pub fn list() -> String {
    LIST.iter().fold(String::new(), |mut text, (name, about)| {
        let _ = writeln!(text, "{name:14}{about}");
        text
    })
}

impl FromStr for Op {
    type Err = Error;

    fn from_str(text: &str) -> manylane::Result<Op> {
        let wrong = |text: String| Err(Error::new(ErrorKind::Setting, text));
        let (name, args) = match text.split_once(':') {
            Some((name, args)) => (name, args.split(',').collect()),
            None => (text, Vec::new()),
        };
        let most = match name {
            "gray" | "sobel" => 0,
            "blur" => 1,
            _ => {
                let names = LIST.map(|(name, _)| name).join(", ");
                return wrong(format!("no operation is called `{name}`; there is {names}"));
            }
        };
        if args.len() > most {
            return wrong(format!(
                "`{name}` takes {most} arguments at most, and `{text}` has {}",
                args.len()
            ));
        }
        Ok(match (name, args.first()) {
            ("gray", _) => Op::Gray,
            ("sobel", _) => Op::Sobel,
            (_, None) => Op::Blur { sigma: SIGMA },
            (_, Some(arg)) => {
                let Ok(sigma) = arg.parse::<f32>() else {
                    return wrong(format!("`{arg}` is no number; write `blur:2.5` for a blur of 2.5 pixels"));
                };
                // Its limits are the library's.
                Gauss::new(sigma)?;
                Op::Blur { sigma }
            }
        })
    }
}

impl Op {
    /// Runs it.
    ///
    /// # Errors
    /// Whatever the launches return.
    pub fn run(self, rt: &Runtime, picture: Picture, target: Target) -> manylane::Result<Picture> {
        Ok(match (self, picture) {
            (Op::Gray, gray @ Picture::Gray(_)) => gray,
            (Op::Gray, Picture::Colour(pixels)) => Picture::Gray(ops::gray(rt, &pixels, target)?),
            (Op::Sobel, Picture::Gray(cells)) => Picture::Gray(ops::sobel(rt, &cells, target)?),
            (Op::Sobel, Picture::Colour(pixels)) => Picture::Gray(ops::sobel_rgb(rt, &pixels, target)?),
            (Op::Blur { sigma }, Picture::Gray(cells)) => {
                Picture::Gray(ops::blur(rt, &cells, sigma, target)?)
            }
            (Op::Blur { sigma }, Picture::Colour(pixels)) => {
                Picture::Colour(ops::blur_rgb(rt, &pixels, sigma, target)?)
            }
        })
    }
}

/// Whether the target is here, before anything is read; says so where it stands for another.
///
/// # Errors
/// `NoDevice`, `DeviceRefused`.
pub fn can_run(rt: &Runtime, target: Target) -> manylane::Result<()> {
    let pixel = [[0u8; 3]];
    let plan = rt.map::<gray>(&pixel[..]).on(target).plan()?;
    if let Some(note) = plan.note {
        output::warn(&note);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_by_name() {
        let parse = |text: &str| text.parse::<Op>();
        assert_eq!(parse("gray").expect("gray"), Op::Gray);
        assert_eq!(parse("sobel").expect("sobel"), Op::Sobel);
        assert_eq!(parse("blur").expect("blur"), Op::Blur { sigma: SIGMA });
        assert_eq!(parse("blur:0.5").expect("blur"), Op::Blur { sigma: 0.5 });
        for wrong in
            ["", "Gray", "emboss", "gray:1", "blur:", "blur:x", "blur:-1", "blur:NaN", "blur:257", "blur:1,2"]
        {
            let error = parse(wrong).expect_err(wrong);
            assert_eq!(error.kind(), ErrorKind::Setting, "{wrong}");
        }
    }

    #[test]
    fn the_list_names_each() {
        let list = list();
        for name in ["gray", "sobel", "blur[:SIGMA]"] {
            assert!(list.contains(name));
        }
    }
}
