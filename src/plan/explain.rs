//! A plan in words. The words are made when somebody reads them: a launch that is only run makes none.

use std::fmt::{self, Display, Formatter, Write};

use crate::plan::assign::{Plan, Worker, duration};
use crate::plan::tuning;
use crate::plan::{Grain, Tiles};
use crate::shape::{Mapping, Target};

/// Why a plan is as it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// What `Auto` predicts for a split, in seconds.
    Together {
        /// The prediction.
        seconds: f64,
    },
    /// What `Auto` predicts for the best of the CPU's targets and the best GPU, in seconds.
    Best {
        /// The CPU's.
        cpu: (Target, f64),
        /// The GPU's, where one competes.
        gpu: Option<(Target, f64)>,
    },
    /// Why a split has no GPU in it.
    NoSplit(String),
    /// The parts of a split that the speeds promise; they sum to one.
    Shares(Vec<(Worker, f64)>),
    /// The calling thread works alone.
    Alone {
        /// What it needs.
        seconds: f64,
    },
    /// How large the pieces are.
    Grain {
        /// The smallest.
        grain: Grain,
        /// Places of the first.
        first: usize,
    },
    /// How a picture is cut up.
    Tiles(Tiles),
    /// A split gives out the work as it goes.
    AsItGoes(Mapping),
}

impl Display for Reason {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Together { seconds } => write!(f, "auto: split predicts {}", duration(*seconds)),
            Reason::Best { cpu, gpu } => {
                write!(f, "auto: {} predicts {}", cpu.0, duration(cpu.1))?;
                match gpu {
                    Some((target, seconds)) => write!(f, ", {target} predicts {}", duration(*seconds)),
                    None => f.write_str("; no open GPU competes"),
                }
            }
            Reason::NoSplit(why) => f.write_str(why),
            Reason::Shares(parts) => {
                f.write_str("shares by speed: ")?;
                for (at, (worker, part)) in parts.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { ", " })?;
                    match worker {
                        Worker::Gpu(index) => write!(f, "gpu:{index}")?,
                        Worker::Caller | Worker::Threads => f.write_str("threads")?,
                    }
                    write!(f, " {:.1} %", 100.0 * part)?;
                }
                Ok(())
            }
            Reason::Alone { seconds } => write!(
                f,
                "the calling thread works alone: one thread needs {}, under the {} that waking others costs, or one was asked for",
                duration(*seconds),
                duration(tuning::SMALL_LAUNCH_SECONDS)
            ),
            Reason::Grain { grain, first } => write!(f, "{grain}; the first chunk would be {first}"),
            Reason::Tiles(tiles) => tiles.fmt(f),
            Reason::AsItGoes(mapping) => write!(
                f,
                "{mapping:?} gives out the work as it goes; the shares above are what the speeds promise, and a GPU's pieces take at most {}",
                duration(tuning::DISPATCH_SECONDS)
            ),
        }
    }
}

impl Plan {
    /// Decomposition, grain, who gets what, the predicted time, and why.
    pub fn explain(&self) -> String {
        let places: usize = self.chunks.iter().map(|chunk| chunk.span.len()).sum();
        let mut text = format!("{} over {places} places on {}", self.kernel, self.target);
        if self.asked != self.target {
            let _ = write!(text, " (asked for {})", self.asked);
        }
        let _ = writeln!(text, ", predicted {}", duration(self.predicted_seconds));
        if let Some(note) = &self.note {
            let _ = writeln!(text, "  note: {note}");
        }
        for chunk in &self.chunks {
            let share = 100.0 * chunk.span.len() as f64 / places.max(1) as f64;
            let who = match chunk.worker {
                Worker::Caller => "the calling thread".to_owned(),
                Worker::Threads => format!("{} threads, {:?}", self.threads, self.mapping),
                Worker::Gpu(index) => format!("gpu:{index}"),
            };
            let _ = writeln!(text, "  {}..{} ({share:.1} %): {who}", chunk.span.start, chunk.span.end);
        }
        for reason in &self.reasons {
            let _ = writeln!(text, "  why: {reason}");
        }
        let _ = writeln!(
            text,
            "  deadline: none on the CPU, {} s a dispatch on a GPU",
            tuning::GPU_DEADLINE_SECONDS
        );
        text
    }
}
