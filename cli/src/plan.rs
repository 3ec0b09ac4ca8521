//! `manylane plan`: how one launch would be divided, without running it.

use manylane::prelude::*;

use crate::args::{PlanArgs, Show};
use crate::bench::Suite;
use crate::{Outcome, output};

pub fn run(args: &PlanArgs) -> Outcome {
    let suite = Suite::standard();
    let workload = suite.find(&args.kernel)?;
    let rt = Runtime::new()?;
    let case = workload.at(&rt, args.size)?;
    let mut text = case.plan(&rt, args.target)?.explain();
    if args.show == Some(Show::Wgsl) {
        text.push('\n');
        text.push_str((workload.wgsl)().trim_end());
        text.push('\n');
    }
    output::print(&text)
}
