//! What the oracle says of a launch, and whether another run says the same.

use crate::compile::{self, Compiled};
use crate::device::Device;
use crate::inputs::{Inputs, given, of_word, same};
use crate::interpret::{self, Outcome, Stop, Value};
use crate::program::Function;
use crate::wgsl;

/// Steps after which a kernel is too long to be compared.
pub const MOST_STEPS: u64 = 60_000;

/// A kernel that is compiled, and what each place of a launch gives.
pub struct Expected {
    pub compiled: Vec<Compiled>,
    pub outcomes: Vec<Outcome>,
}

/// Why a kernel is not compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Skip {
    /// The compiler refuses it.
    Refused(String),
    /// It takes too many turns.
    Long,
}

/// One run says otherwise than the oracle.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Which run.
    pub run: String,
    pub place: usize,
    pub expected: String,
    pub found: String,
}

/// The oracle's word.
///
/// # Errors
/// `Skip` where there is nothing to compare; a difference where the IR itself makes no sense.
pub fn expected(text: &str, main: &Function, inputs: &Inputs) -> Result<Result<Expected, Difference>, Skip> {
    let compiled = compile::all(text).map_err(Skip::Refused)?;
    let kernels = compile::by_name(&compiled);
    let Some(kernel) = kernels.get(&main.name) else { return Err(Skip::Refused("no kernel".into())) };
    let mut outcomes = Vec::new();
    for place in 0..inputs.places() {
        let arguments = inputs.arguments(&main.params, place);
        let outcome = interpret::run(kernel, &kernels, &arguments, MOST_STEPS);
        match &outcome.values {
            Err(Stop::Turns) => return Err(Skip::Long),
            Err(Stop::Broken(why)) => {
                let (run, expected) = ("oracle".into(), "a meaning".into());
                return Ok(Err(Difference { run, place, expected, found: why.clone() }));
            }
            _ => outcomes.push(outcome),
        }
    }
    Ok(Ok(Expected { compiled, outcomes }))
}

/// What the shader says otherwise, and how many places were compared.
pub fn wgsl(
    device: &Device,
    main: &Function,
    inputs: &Inputs,
    expected: &Expected,
) -> Result<usize, Difference> {
    let refused = |found: String| Difference {
        run: "wgsl".into(),
        place: 0,
        expected: "a module that is valid".into(),
        found,
    };
    let module = wgsl::module(&expected.compiled, main, inputs).map_err(refused)?;
    let words = device.run(&module, inputs.places()).map_err(|error| refused(error.to_string()))?;
    let scalars = given(&main.result, &main.params);
    let mut compared = 0;
    for (place, outcome) in expected.outcomes.iter().enumerate() {
        // A shader may take subnormals for 0 and assume that there is neither NaN nor infinity: Mesa's makes `x - x` 0.
        let marks = outcome.marks;
        if marks.nan_bits || marks.subnormal || marks.not_finite {
            continue;
        }
        let own = &words[place * module.stride..(place + 1) * module.stride];
        let state = own[module.stride - 1];
        let differs =
            |expected: String, found: String| Difference { run: "wgsl".into(), place, expected, found };
        let found: Vec<Value> =
            own.iter().zip(&scalars).map(|(word, ty)| of_word((*word).into(), *ty)).collect();
        match &outcome.values {
            Err(_) if state & wgsl::FAULT != 0 => {}
            Err(_) => return Err(differs("an index out of range".into(), show(&found))),
            Ok(values) if state == 0 && all_same(values, &found) => {}
            Ok(values) => {
                let found = match state {
                    0 => show(&found),
                    state if state & wgsl::FAULT != 0 => "an index out of range".into(),
                    _ => "no end".into(),
                };
                return Err(differs(show(values), found));
            }
        }
        compared += 1;
    }
    Ok(compared)
}

/// Whether all scalars are the same.
pub fn all_same(a: &[Value], b: &[Value]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(*a, *b))
}

/// Scalars as a person reads them.
pub fn show(values: &[Value]) -> String {
    let all: Vec<String> = values
        .iter()
        .map(|value| match value {
            Value::F32(x) => format!("{x:?} ({:#010x})", x.to_bits()),
            Value::F64(x) => format!("{x:?} ({:#018x})", x.to_bits()),
            Value::Int(x) => x.to_string(),
            Value::Bool(x) => x.to_string(),
        })
        .collect();
    format!("[{}]", all.join(", "))
}
