//! The arguments of operations: `ARG,…` by kind, range and default.

use std::fmt::{self, Display};
use std::path::{Path, PathBuf};

use manylane::Result;
use manylane::prelude::*;
use manylane_image::convolve;

use crate::picture::pixels::Picture;

/// What an operation takes in one place.
#[derive(Debug)]
pub struct Arg {
    pub name: &'static str,
    pub kind: Kind,
    /// What stands for it where it is not given, written as a user would; none where it must be.
    pub default: Option<&'static str>,
    pub about: &'static str,
}

impl Arg {
    pub const fn new(name: &'static str, kind: Kind, about: &'static str) -> Arg {
        Arg { name, kind, default: None, about }
    }

    pub const fn or(self, default: &'static str) -> Arg {
        Arg { default: Some(default), ..self }
    }
}

impl Display for Arg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.about, self.kind)?;
        self.default.map_or(Ok(()), |default| write!(f, "; {default} where none is given"))
    }
}

/// What an argument may be.
#[derive(Debug)]
pub enum Kind {
    /// A number from the one to the other.
    Number(f32, f32),
    /// A whole number from the one to the other.
    Whole(usize, usize),
    /// One of these words.
    Word(&'static [&'static str]),
    /// Columns and rows, each up to so many.
    Size(usize),
    /// Odd numbers of columns and rows, each up to so many.
    Odd(usize),
    /// A size, or a factor of the one that was.
    Scale(usize),
    /// So many numbers.
    Numbers(usize),
    /// All that follows: the numbers of a square with a middle.
    Weights,
    /// Another picture.
    File,
}

/// The largest number of a matrix or of weights.
const MOST: f32 = 1e9;
/// The largest factor of a size.
const MOST_SCALE: f32 = 1_000.0;

impl Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Number(least, most) => write!(f, "a number from {least} to {most}"),
            Kind::Whole(least, most) => write!(f, "a whole number from {least} to {most}"),
            Kind::Word(words) => write!(f, "one of {}", words.join(", ")),
            Kind::Size(most) => {
                write!(f, "columns and rows from 1 to {most}, as in 5x3, or one number for both")
            }
            Kind::Odd(most) => {
                write!(f, "odd columns and rows from 1 to {most}, as in 5x3, or one number for both")
            }
            Kind::Scale(most) => write!(
                f,
                "columns and rows from 1 to {most}, as in 640x480, or a factor of both up to {MOST_SCALE}, as in 0.5 or 50%"
            ),
            Kind::Numbers(n) => write!(f, "{n} numbers from -{MOST} to {MOST}"),
            Kind::Weights => write!(
                f,
                "9, 25, 49 or more numbers, the square of an odd one up to {}, as in -1 or 1/9",
                convolve::MOST
            ),
            Kind::File => write!(f, "a file without a comma in its name"),
        }
    }
}

impl Kind {
    /// How many of `left` arguments it takes.
    fn takes(&self, left: usize) -> usize {
        match self {
            Kind::Numbers(n) => *n,
            Kind::Weights => left,
            _ => 1,
        }
    }

    /// The value of `words`; none where they are not of this kind.
    fn value(&self, words: &[&str]) -> Option<Value> {
        let text = *words.first()?;
        Some(match self {
            Kind::Number(least, most) => Value::Number(number(text, *least, *most)?),
            Kind::Whole(least, most) => {
                Value::Whole(text.parse().ok().filter(|n| (*least..=*most).contains(n))?)
            }
            Kind::Word(all) => Value::Word(all.iter().find(|word| **word == text)?),
            Kind::Size(most) => {
                let (width, height) = text.split_once('x').unwrap_or((text, text));
                Value::Size(side(width, *most)?, side(height, *most)?)
            }
            Kind::Odd(most) => {
                let (width, height) = text.split_once('x').unwrap_or((text, text));
                let odd = |text| side(text, *most).filter(|side| side % 2 == 1);
                Value::Size(odd(width)?, odd(height)?)
            }
            Kind::Scale(most) => Value::Scale(scale(text, *most)?),
            Kind::Numbers(n) => Value::Numbers(numbers(words).filter(|numbers| numbers.len() == *n)?),
            Kind::Weights => {
                let side = words.len().isqrt();
                let square = side * side == words.len() && side % 2 == 1;
                Value::Numbers(numbers(words).filter(|_| square && (3..=convolve::MOST).contains(&side))?)
            }
            Kind::File if text.is_empty() => return None,
            Kind::File => Value::File(PathBuf::from(text)),
        })
    }
}

/// A number, or one divided by another.
fn number(text: &str, least: f32, most: f32) -> Option<f32> {
    let value = match text.split_once('/') {
        Some((above, below)) => above.parse::<f32>().ok()? / below.parse::<f32>().ok()?,
        None => text.parse().ok()?,
    };
    // NaN is in no range.
    (least..=most).contains(&value).then_some(value)
}

fn numbers(words: &[&str]) -> Option<Vec<f32>> {
    words.iter().map(|word| number(word, -MOST, MOST)).collect()
}

fn side(text: &str, most: usize) -> Option<usize> {
    text.parse().ok().filter(|side| (1..=most).contains(side))
}

fn scale(text: &str, most: usize) -> Option<Scale> {
    if let Some((width, height)) = text.split_once('x') {
        return Some(Scale::To(side(width, most)?, side(height, most)?));
    }
    let factor = match text.strip_suffix('%') {
        Some(percent) => number(percent, 0.0, 100.0 * MOST_SCALE)? / 100.0,
        None => number(text, 0.0, MOST_SCALE)?,
    };
    (factor > 0.0).then_some(Scale::By(factor))
}

/// A size to come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    /// Columns and rows.
    To(usize, usize),
    /// So many times as many of each.
    By(f32),
}

#[derive(Clone)]
enum Value {
    Number(f32),
    Whole(usize),
    Word(&'static str),
    Size(usize, usize),
    Scale(Scale),
    Numbers(Vec<f32>),
    File(PathBuf),
    Picture(Picture),
}

/// The arguments of one operation, all there and within their ranges.
///
/// The place of an argument in the table says of which kind it is; to ask for another is a bug there.
#[derive(Clone)]
pub struct Given(Vec<Value>);

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} arguments", self.0.len())
    }
}

macro_rules! asked {
    ($($name:ident -> $as:ty: $value:pat => $found:expr;)*) => {$(
        pub fn $name(&self, place: usize) -> $as {
            match &self.0[place] {
                $value => $found,
                _ => unreachable!("the table says otherwise"),
            }
        }
    )*};
}

impl Given {
    asked! {
        number -> f32: Value::Number(x) => *x;
        whole -> usize: Value::Whole(n) => *n;
        word -> &'static str: Value::Word(word) => word;
        size -> (usize, usize): Value::Size(width, height) => (*width, *height);
        scale -> Scale: Value::Scale(scale) => *scale;
        numbers -> &[f32]: Value::Numbers(numbers) => numbers;
        picture -> &Picture: Value::Picture(picture) => picture;
    }

    /// Reads what was written behind the name of `op`.
    ///
    /// # Errors
    /// `Setting`, with the argument, its range and what to write.
    pub fn parse(op: &str, args: &'static [Arg], text: Option<&str>) -> Result<Given> {
        let wrong = |text: String| Err(Error::new(ErrorKind::Setting, text));
        let words: Vec<&str> = text.map(|text| text.split(',').collect()).unwrap_or_default();
        let (mut left, mut values) = (words.as_slice(), Vec::with_capacity(args.len()));
        for arg in args {
            let default: Vec<&str> = arg.default.map(|text| text.split(',').collect()).unwrap_or_default();
            let own = if left.is_empty() {
                default.as_slice()
            } else {
                let (own, rest) = left.split_at(arg.kind.takes(left.len()).min(left.len()));
                left = rest;
                own
            };
            if own.is_empty() {
                return wrong(format!("`{op}` needs {}, {arg}; write `{}`", arg.name, usage(op, args)));
            }
            let Some(value) = arg.kind.value(own) else {
                let found = match own {
                    [one] => format!("`{one}`"),
                    several => format!("`{}` ({} numbers)", shortened(&several.join(",")), several.len()),
                };
                return wrong(format!(
                    "{found} is not possible as {} of `{op}`, {}; give {}",
                    arg.name, arg.about, arg.kind
                ));
            };
            values.push(value);
        }
        if !left.is_empty() {
            return wrong(format!(
                "`{op}` takes {} arguments at most, and {} are given; write `{}`",
                words.len() - left.len(),
                words.len(),
                usage(op, args)
            ));
        }
        Ok(Given(values))
    }

    /// The pictures that are named and not read yet.
    pub fn files(&self) -> Vec<PathBuf> {
        let file = |value: &Value| if let Value::File(path) = value { Some(path.clone()) } else { None };
        self.0.iter().filter_map(file).collect()
    }

    /// Puts the picture in the place of its name.
    pub fn set_picture(&mut self, of: &Path, picture: Picture) {
        for value in &mut self.0 {
            if matches!(value, Value::File(path) if path == of) {
                *value = Value::Picture(picture.clone());
            }
        }
    }
}

/// As much of a long text as a line can show.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// How an operation is written: `NAME:ARG[,ARG]`.
pub fn usage(op: &str, args: &[Arg]) -> String {
    let mut text = op.to_owned();
    let mut open = 0;
    for (place, arg) in args.iter().enumerate() {
        if arg.default.is_some() {
            text.push('[');
            open += 1;
        }
        text.push(if place == 0 { ':' } else { ',' });
        text.push_str(arg.name);
        if matches!(arg.kind, Kind::Numbers(_) | Kind::Weights) {
            text.push_str(",…");
        }
    }
    text.push_str(&"]".repeat(open));
    text
}
