//! The gallery: what the operations make of a photograph, by the command itself, and the page that shows it.

use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result};

use crate::run::{cargo, root, run};

const FOLDER: &str = "examples/gallery";
const PHOTOGRAPH: &str = "assets/coffee.png";
/// The first step of every picture that begins with the photograph.
const SMALL: &str = "resize:300x200";
/// Pictures in a row of the page.
const ROW: usize = 3;

/// The name of a picture, whether it begins with the photograph or with nothing, and its operations.
type Example = (&'static str, bool, &'static [&'static str]);

const PICTURES: [Example; 15] = [
    ("photograph", true, &[]),
    ("gray", true, &["gray"]),
    ("blur", true, &["blur:3"]),
    ("sobel", true, &["sobel"]),
    ("canny", true, &["blur:1", "canny"]),
    ("unsharp", true, &["unsharp:1.5,2"]),
    ("median", true, &["median:5"]),
    ("bilateral", true, &["bilateral"]),
    ("dilate", true, &["dilate:7"]),
    ("otsu", true, &["otsu"]),
    ("equalise", true, &["equalise"]),
    ("clahe", true, &["clahe"]),
    ("rotate", true, &["rotate:12"]),
    ("mandelbrot", false, &["mandelbrot:300x200,1000,-0.745,0.11,80"]),
    ("julia", false, &["julia:300x200"]),
];

/// Makes all pictures of the photograph, or of another one.
pub fn make(photograph: Option<&str>) -> Result<()> {
    let folder = root().join(FOLDER);
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    run(&mut cargo("build --release -p manylane-cli"))?;
    for (name, of_photograph, ops) in PICTURES {
        let mut command = cargo("run --release --quiet -p manylane-cli -- image");
        if of_photograph {
            command.arg(photograph.unwrap_or(PHOTOGRAPH));
        }
        command.arg(file(name));
        let first = of_photograph.then_some(SMALL);
        for op in first.iter().chain(ops) {
            command.args(["--op", op]);
        }
        run(&mut command)?;
    }
    let page = folder.join("README.md");
    std::fs::write(&page, text()).with_context(|| format!("cannot write `{}`", page.display()))?;
    println!("gallery: {} pictures and their page are in {FOLDER}", PICTURES.len());
    Ok(())
}

fn file(name: &str) -> String {
    format!("{FOLDER}/{name}.jpg")
}

/// The page: a table of the pictures with what made them.
fn text() -> String {
    let mut text = String::from(
        "# Gallery\n\nWhat `manylane image` makes of `assets/coffee.png` (by Rachel Michetti, CC0), and of nothing. Made by `cargo \
         xtask gallery`.\n",
    );
    for row in PICTURES.chunks(ROW) {
        let cells =
            |cell: &dyn Fn(&Example) -> String| row.iter().map(cell).collect::<Vec<String>>().join(" | ");
        let pictures =
            cells(&|(name, ..)| format!("![{name}]({})", Path::new(name).with_extension("jpg").display()));
        let made = cells(&|(name, _, ops)| match ops {
            [] => (*name).to_owned(),
            ops => ops.iter().map(|op| format!("`--op {op}`")).collect::<Vec<String>>().join(" "),
        });
        let rule = vec!["---"; row.len()].join(" | ");
        let _ = write!(text, "\n| {pictures} |\n| {rule} |\n| {made} |\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_that_ships_shows_every_picture_there_is() {
        let page = std::fs::read_to_string(root().join(FOLDER).join("README.md")).unwrap();
        assert_eq!(page, text());
        for (name, ..) in PICTURES {
            let bytes = std::fs::read(root().join(file(name))).unwrap();
            assert!(bytes.starts_with(&[0xff, 0xd8]) && bytes.ends_with(&[0xff, 0xd9]), "{name} is no JPEG");
        }
    }
}
