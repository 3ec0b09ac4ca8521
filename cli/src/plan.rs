//! `manylane plan`: how one launch would be divided; it runs only to be recorded.

use crate::args::{PlanArgs, Show};
use crate::bench::Suite;
use crate::{Outcome, models, output, simulate};

pub fn run(args: &PlanArgs) -> Outcome {
    // Without a kernel it is a simulation: the arguments say so.
    let Some(kernel) = &args.kernel else { return simulate::run(args) };
    let suite = Suite::standard();
    let workload = suite.find(kernel)?;
    let mut text = String::new();
    if let Some(size) = args.size {
        let rt = models::runtime(&args.costs)?;
        let mut case = workload.at(&rt, size)?;
        text = case.plan(&rt, args.target)?.explain();
        if let Some(file) = &args.trace {
            // The first run opens devices, compiles shaders and touches memory for the first time.
            case.run(&rt, args.target)?;
            let recorder = rt.record();
            case.run(&rt, args.target)?;
            output::write(file, recorder.finish().to_chrome_json().as_bytes())?;
        }
        rt.notes().iter().for_each(|note| output::warn(note));
    }
    if let Some(show) = args.show {
        if !text.is_empty() {
            text.push('\n');
        }
        let shown = match show {
            Show::Wgsl => (workload.text.wgsl)(),
            Show::Ir => (workload.text.ir)(),
            Show::Uniformity => (workload.text.uniformity)(),
        };
        text.push_str(shown.trim_end());
        text.push('\n');
    }
    output::print(&text)
}
