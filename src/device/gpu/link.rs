//! What a device takes to answer and what its link moves, timed once when it is opened: one to five milliseconds.

use std::time::Instant;

use super::staging::PIECE;
use super::{Gpu, Link};
use crate::error::Result;

/// Timings of each; the middle one counts.
const TIMES: usize = 5;

/// Times it. `None` where it cannot be timed, such as under a budget that is too small: nothing depends on it.
pub(super) fn measure(gpu: &Gpu) -> Option<Link> {
    let link = timed(gpu).ok();
    gpu.0.pool.trim();
    link
}

fn timed(gpu: &Gpu) -> Result<Link> {
    let buffer = gpu.alloc(PIECE)?;
    let data = vec![1; PIECE as usize];
    let mut word = [0; 4];
    let latency = median(|| {
        gpu.put(&buffer, 0, &data[..4])?;
        gpu.get(&buffer, 0, &mut word)
    })?;
    // As long as it takes until the device has it all: what a launch waits for.
    let upload = median(|| {
        gpu.put(&buffer, 0, &data)?;
        gpu.wait_idle()
    })?;
    Ok(Link { latency, rate: PIECE as f64 / (upload - latency / 2.0).max(upload / 10.0) })
}

/// The middle of some timings, after one that warms up.
fn median(mut run: impl FnMut() -> Result<()>) -> Result<f64> {
    run()?;
    let mut all = [0.0; TIMES];
    for seconds in &mut all {
        let start = Instant::now();
        run()?;
        *seconds = start.elapsed().as_secs_f64();
    }
    all.sort_by(f64::total_cmp);
    Ok(all[TIMES / 2])
}
