//! `manylane image`: operations over pictures.
//!
//! Pictures are worked on as they are stored, 8 bits to a channel, gray, in colour, or in colour with transparency, which is kept
//! where the written format can hold it. 16 bits become 8, which is said. The orientation that a camera noted is applied,
//! because it would be lost.
//!
//! | module | what it is |
//! |---|---|
//! | `ops` | the operations by name |
//! | `pixels` | a picture's kinds and planes |
//! | `file` | pictures in files |
//! | `jobs` | which file becomes which |
//! | `flow`, `batch` | decoding, computing and encoding at once |
//! | `compare` | how far a result is from what it was made of |

mod batch;
mod compare;
mod file;
mod flow;
mod jobs;
mod ops;
mod pixels;

use manylane::prelude::*;

use crate::args::ImageArgs;
use crate::failure::{FAILED, Failure};
use crate::{Outcome, output};

use batch::{Batch, Ended};
use pixels::On;

pub use ops::Op;

pub fn run(args: &ImageArgs) -> Outcome {
    if args.list {
        return output::print(&ops::list());
    }
    if let Some(op) = args.ops.iter().skip(1).find(|op| op.makes()) {
        return Err(Failure::usage(format!("`{}` makes a picture of its own; give it first", op.name())));
    }
    let makes = args.ops.first().filter(|op| op.makes()).map(Op::name);
    if let (Some(name), Some(_), None) = (makes, &args.compare, &args.against) {
        return Err(Failure::usage(format!(
            "`{name}` reads nothing to compare with; name a picture with `--against`"
        )));
    }
    let jobs = jobs::jobs(&args.paths, makes, args.compare.as_deref())?;
    let rt = Runtime::new()?;
    ops::can_run(&rt, args.target)?;
    let ops = args.ops.iter().map(|op| op.clone().ready(&rt)).collect::<Outcome<Vec<Op>>>()?;
    let against = match &args.against {
        None => None,
        Some(path) => {
            let (picture, notes) = file::read(&rt, path)?;
            notes.iter().for_each(|note| output::warn(note));
            Some(picture)
        }
    };
    let batch = Batch { on: On { rt: &rt, target: args.target }, ops: &ops, against: against.as_ref() };
    let Ended { mut failures, compared } = batch.run(&jobs, batch::crew(jobs.len()))?;
    output::print(&compared.concat())?;
    match failures.len() {
        0 => Ok(()),
        1 => Err(failures.remove(0)),
        failed => {
            failures.iter().for_each(|failure| output::warn(&failure.text));
            Err(Failure { code: FAILED, text: format!("{failed} of {} pictures failed", jobs.len()) })
        }
    }
}
