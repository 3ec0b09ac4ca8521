//! What a bench finds out beside the times of its rows: what the machine can do, how kernels scale over its threads, from
//! which size on one target is faster than another, and how a split divided its work.
//!
//! Plain numbers, as they stand in the record; reports are drawn from them and from nothing else.

use serde::{Deserialize, Serialize};

/// The evaluation of one bench.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// What each target can do at most, as measured by loops written for that.
    pub peaks: Vec<Peaks>,
    /// Where each kernel stands under those peaks.
    pub points: Vec<Point>,
    /// How kernels scale over threads.
    pub scaling: Vec<Scaling>,
    /// From which size on one target is faster than another.
    pub crossovers: Vec<Crossing>,
    /// How splits divided their work, and how they should have.
    pub shares: Vec<Shares>,
    /// One launch on all targets at once, over time.
    pub timelines: Vec<Timeline>,
    /// What could not be measured, and why.
    pub notes: Vec<String>,
}

/// The roofline of one target.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Peaks {
    /// As in the rows: `scalar`, `simd`, `threads`, `gpu:0`.
    pub target: String,
    /// 10^9 float operations a second, of independent multiply-adds.
    pub gflop_s: f64,
    /// What moves from and to each kind of memory, the fastest first.
    pub memories: Vec<Bandwidth>,
}

/// One slope of a roofline.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bandwidth {
    /// `L1`, `L2`, `L3`, `DRAM`.
    pub memory: String,
    /// The bytes of the arrays that were moved.
    pub footprint: u64,
    /// 10^9 bytes a second.
    pub gb_s: f64,
}

/// A kernel under a roofline.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The kernel.
    pub kernel: String,
    /// Places.
    pub size: usize,
    /// Where it ran.
    pub target: String,
    /// Float operations for each byte moved.
    pub intensity: f64,
    /// 10^9 float operations a second, as measured.
    pub gflop_s: f64,
    /// The memory that its arrays fit in.
    pub memory: String,
    /// What the roofline allows, in the same unit.
    pub attainable: f64,
    /// `compute` or `memory`: which roof it is under.
    pub bound: String,
}

/// A kernel over 1…N threads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scaling {
    /// The kernel.
    pub kernel: String,
    /// `strong`: the same size on every number of threads; `weak`: a size that grows with them.
    pub kind: String,
    /// One thread's size.
    pub size: usize,
    /// Fewest threads first.
    pub steps: Vec<ScalingStep>,
    /// The serial share by the fit of Amdahl's law (strong) or Gustafson's (weak), where one can be fitted.
    pub serial: Option<f64>,
    /// The speed-up that no number of threads would exceed, by that fit; absent where there is no bound.
    pub ceiling: Option<f64>,
}

/// One number of threads.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ScalingStep {
    /// Threads.
    pub threads: usize,
    /// Places at this number of threads.
    pub size: usize,
    /// The middle run.
    pub seconds: f64,
    /// Against one thread of the same program; for `weak`, scaled by the size.
    pub speedup: f64,
    /// Against the sequential program on one SIMD lane set (`simd`), where it ran.
    pub absolute_speedup: Option<f64>,
    /// Speed-up for each thread.
    pub efficiency: f64,
    /// The serial fraction of Karp and Flatt; absent for one thread.
    pub karp_flatt: Option<f64>,
    /// Why the speed-up is more than the threads, where it is.
    pub superlinear: Option<String>,
}

/// Where one target overtakes another.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Crossing {
    /// The kernel.
    pub kernel: String,
    /// The target that is asked about.
    pub of: String,
    /// The target that it is held against.
    pub against: String,
    /// Whether bringing arrays to a device and back counts.
    pub with_transfers: bool,
    /// `always`, `never`, `from`, `up to`, `several` or `unknown`.
    pub verdict: String,
    /// The sizes at which the order changes, interpolated.
    pub sizes: Vec<f64>,
}

/// How a split divided one kernel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Shares {
    /// The kernel.
    pub kernel: String,
    /// Places.
    pub size: usize,
    /// For each device: its name, the share that it was given and the one by its measured speed alone, both of 1.
    pub devices: Vec<Share>,
}

/// One device's share of a split.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// `cpu`, `gpu:0`.
    pub device: String,
    /// What it was given.
    pub given: f64,
    /// What would end at the same moment as the others, by the times of each alone.
    pub ideal: f64,
}

/// What happened when in one launch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Timeline {
    /// The kernel.
    pub kernel: String,
    /// Places.
    pub size: usize,
    /// The target that was asked for.
    pub target: String,
    /// In order of their beginnings.
    pub spans: Vec<Span>,
}

/// One thing that a worker or device did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// The worker or device.
    pub lane: String,
    /// What it did.
    pub name: String,
    /// Seconds from the first beginning.
    pub start: f64,
    /// As long.
    pub seconds: f64,
}
