//! Requests and answers; the other end is `checks/program.py`.
//!
//! ```text
//! OPERATION TARGET                       a request
//! number NAME VALUE                      as many as it has
//! array NAME TYPE SHAPE VIEW             as many as it has, each followed by its elements as they lie in memory
//! end
//!
//! ok COUNT DEVICE,…                      the answer, with who computed it, where launches tell it
//! array TYPE SHAPE                       COUNT times, each followed by its elements
//!
//! error KIND TEXT                        or this one
//! ```
//! TYPE is `f32`, `u32`, `[f32;2]`, `u8`, `[u8;3]`, `[u8;4]`, in answers also `i32` and `f64`. SHAPE is `N` of a line and
//! `ROWSxCOLUMNS` of a matrix. VIEW says which elements an operation is to read where they lie: `whole`, or `transposed`,
//! `block:LEFT:RIGHT:TOP:BOTTOM`, `rows:TOP:BOTTOM`, `slice:FROM:TO`, `strided:FROM:STEP`, `column:X`; behind any of them may
//! stand `/transposed`.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, Write};

use manylane::kernel::LaneElement;
use manylane::memory::{Element, View};
use manylane::prelude::*;
use manylane::{Result, Target};
use manylane_transforms::Complex;

/// What is asked for.
pub struct Asked<'r> {
    /// Where launches are made.
    pub rt: &'r Runtime,
    /// The operation's name.
    pub operation: String,
    /// Where it is to run.
    pub target: Target,
    numbers: BTreeMap<String, f64>,
    arrays: BTreeMap<String, (Stored, String)>,
}

/// An array that came with a request.
enum Stored {
    Floats(Array<f32>),
    Words(Array<u32>),
    Complex(Array<Complex>),
    Bytes(Array<u8>),
    Rgb(Array<[u8; 3]>),
    Rgba(Array<[u8; 4]>),
}

/// An array that goes with an answer.
#[derive(Clone)]
pub struct Given {
    kind: String,
    shape: Domain,
    bytes: Vec<u8>,
}

impl<'r> Asked<'r> {
    /// The next request; none where the input ends.
    ///
    /// # Errors
    /// What reading returns; `InvalidData` for what is no request.
    pub fn read(rt: &'r Runtime, input: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let Some((operation, target)) = line.trim().split_once(' ') else { return Err(invalid(&line)) };
        let target = target.parse().map_err(|_| invalid(&line))?;
        let (operation, mut numbers, mut arrays) = (operation.to_owned(), BTreeMap::new(), BTreeMap::new());
        loop {
            let mut line = String::new();
            input.read_line(&mut line)?;
            match line.split_whitespace().collect::<Vec<_>>()[..] {
                ["end"] => return Ok(Some(Asked { rt, operation, target, numbers, arrays })),
                ["number", name, value] => {
                    numbers.insert(name.to_owned(), value.parse().map_err(|_| invalid(&line))?);
                }
                ["array", name, kind, shape, view] => {
                    let shape = shape_of(shape).ok_or_else(|| invalid(&line))?;
                    let stored = Stored::read(rt, input, kind, shape)?.ok_or_else(|| invalid(&line))?;
                    arrays.insert(name.to_owned(), (stored, view.to_owned()));
                }
                _ => return Err(invalid(&line)),
            }
        }
    }

    /// Whether there is an array of that name.
    pub fn has(&self, name: &str) -> bool {
        self.arrays.contains_key(name)
    }

    /// Whether the array of that name is to be read whole.
    pub fn is_whole(&self, name: &str) -> bool {
        self.arrays.get(name).is_none_or(|(_, view)| view == "whole")
    }

    /// The floats of that name, all of them.
    ///
    /// # Errors
    /// `Internal` where there are none, or a view of them is asked for, which the operation does not take.
    pub fn array(&self, name: &str) -> Result<&Array<f32>> {
        match self.arrays.get(name) {
            Some((Stored::Floats(array), view)) if view == "whole" => Ok(array),
            _ => Err(self.wrong(&format!("it takes whole floats for `{name}`"))),
        }
    }

    /// The array of that name, if it came with elements of this type and is to be read whole.
    pub fn typed<T: Element>(&self, name: &str) -> Option<&Array<T>> {
        let (stored, view) = self.arrays.get(name)?;
        let any: &dyn Any = match stored {
            Stored::Floats(array) => array,
            Stored::Words(array) => array,
            Stored::Complex(array) => array,
            Stored::Bytes(array) => array,
            Stored::Rgb(array) => array,
            Stored::Rgba(array) => array,
        };
        any.downcast_ref().filter(|_| view == "whole")
    }

    /// The view of the floats of that name.
    ///
    /// # Errors
    /// `Internal` where there are none or the view has no meaning.
    pub fn view(&self, name: &str) -> Result<View<f32>> {
        match self.arrays.get(name) {
            Some((Stored::Floats(array), view)) => self.viewed(array, view),
            _ => Err(self.wrong(&format!("it takes floats for `{name}`"))),
        }
    }

    /// The view of the complex numbers of that name.
    ///
    /// # Errors
    /// As [`view`](Asked::view).
    pub fn complex(&self, name: &str) -> Result<View<Complex>> {
        match self.arrays.get(name) {
            Some((Stored::Complex(array), view)) => self.viewed(array, view),
            _ => Err(self.wrong(&format!("it takes complex numbers for `{name}`"))),
        }
    }

    /// The unsigned integers of that name.
    ///
    /// # Errors
    /// As [`array`](Asked::array).
    pub fn words(&self, name: &str) -> Result<Vec<u32>> {
        match self.arrays.get(name) {
            Some((Stored::Words(array), view)) if view == "whole" => array.to_vec(),
            _ => Err(self.wrong(&format!("it takes whole unsigned integers for `{name}`"))),
        }
    }

    /// The number of that name.
    ///
    /// # Errors
    /// `Internal` where there is none.
    pub fn number(&self, name: &str) -> Result<f64> {
        self.optional(name).ok_or_else(|| self.wrong(&format!("it takes a number `{name}`")))
    }

    /// The number of that name, if there is one.
    pub fn optional(&self, name: &str) -> Option<f64> {
        self.numbers.get(name).copied()
    }

    /// The part of the places that a GPU is to have in a split, where that is not left to the models.
    pub fn share(&self) -> Option<f64> {
        self.optional("gpu-share")
    }

    /// That launch, to go to the target.
    pub fn sent<'l, 'a, K: Kernel>(&self, launch: Launch<'l, 'a, K>) -> Launch<'l, 'a, K> {
        let launch = launch.on(self.target);
        match self.share() {
            Some(share) => launch.gpu_share(share),
            None => launch,
        }
    }

    /// An error of whoever asked: the library itself returns none of this kind.
    pub fn wrong(&self, text: &str) -> Error {
        Error::new(ErrorKind::Internal, format!("{}: {text}", self.operation))
    }

    fn viewed<T: LaneElement>(&self, array: &Array<T>, text: &str) -> Result<View<T>> {
        let (first, then) = match text.split_once('/') {
            Some((first, then)) => (first, Some(then)),
            None => (text, None),
        };
        let mut words = first.split(':');
        let name = words.next().unwrap_or_default();
        let Ok(places) = words.map(str::parse).collect::<std::result::Result<Vec<usize>, _>>() else {
            return Err(self.wrong("a view takes places"));
        };
        let view = match (name, &places[..]) {
            ("whole", []) => array.view(),
            ("transposed", []) => array.transposed()?,
            ("block", [left, right, top, bottom]) => array.block(*left..*right, *top..*bottom)?,
            ("rows", [top, bottom]) => array.rows(*top..*bottom)?,
            ("slice", [from, to]) => array.slice(*from..*to)?,
            ("strided", [from, step]) => array.strided(*from, *step)?,
            ("column", [x]) => array.column(*x)?,
            _ => return Err(self.wrong("no view is called so")),
        };
        match then {
            None => Ok(view),
            Some("transposed") => view.transposed(),
            Some(_) => Err(self.wrong("a view is only followed by `transposed`")),
        }
    }
}

impl Stored {
    /// Reads the elements; none where arrays of that type do not come.
    fn read(rt: &Runtime, input: &mut impl BufRead, kind: &str, shape: Domain) -> io::Result<Option<Stored>> {
        Ok(Some(match kind {
            "f32" => Stored::Floats(array(rt, input, shape)?),
            "u32" => Stored::Words(array(rt, input, shape)?),
            "[f32;2]" => Stored::Complex(array(rt, input, shape)?),
            "u8" => Stored::Bytes(array(rt, input, shape)?),
            "[u8;3]" => Stored::Rgb(array(rt, input, shape)?),
            "[u8;4]" => Stored::Rgba(array(rt, input, shape)?),
            _ => return Ok(None),
        }))
    }
}

impl Given {
    /// A result.
    ///
    /// # Errors
    /// What the work that computes it ended with.
    pub fn array<T: Element>(array: &Array<T>) -> Result<Given> {
        Ok(Given::new::<T>(array.domain(), &array.read()?))
    }

    /// Some numbers.
    pub fn line<T: Element>(values: &[T]) -> Given {
        Given::new(Domain::Line(values.len()), values)
    }

    fn new<T: Element>(shape: Domain, values: &[T]) -> Given {
        let kind = T::TYPE.to_string().replace(' ', "");
        Given { kind, shape, bytes: bytemuck::cast_slice(values).to_vec() }
    }
}

/// Sends an answer, and who computed it.
///
/// # Errors
/// What writing returns.
pub fn write(
    output: &mut impl Write,
    answer: &Result<Vec<Given>>,
    devices: &BTreeSet<String>,
) -> io::Result<()> {
    match answer {
        Err(error) => {
            let text = error.to_string().replace('\n', " ");
            writeln!(output, "error {:?} {text}", error.kind())
        }
        Ok(arrays) => {
            let devices: Vec<&str> = devices.iter().map(String::as_str).collect();
            writeln!(output, "ok {} {}", arrays.len(), devices.join(","))?;
            for Given { kind, shape, bytes } in arrays {
                match shape {
                    Domain::Line(n) => writeln!(output, "array {kind} {n}")?,
                    Domain::Grid { width, height } => writeln!(output, "array {kind} {height}x{width}")?,
                }
                output.write_all(bytes)?;
            }
            Ok(())
        }
    }
}

fn array<T: LaneElement>(rt: &Runtime, input: &mut impl BufRead, shape: Domain) -> io::Result<Array<T>> {
    let mut bytes = vec![0; shape.len() * size_of::<T>()];
    input.read_exact(&mut bytes)?;
    let values: Vec<T> = bytemuck::pod_collect_to_vec(&bytes);
    let array = rt.array(values).and_then(|array| array.shaped(shape));
    array.map_err(|error| io::Error::other(error.to_string()))
}

fn shape_of(text: &str) -> Option<Domain> {
    Some(match text.split_once('x') {
        None => Domain::Line(text.parse().ok()?),
        Some((rows, columns)) => Domain::Grid { width: columns.parse().ok()?, height: rows.parse().ok()? },
    })
}

fn invalid(line: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("`{}` is no part of a request", line.trim_end()))
}
