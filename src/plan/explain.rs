//! A plan in words.

use std::fmt::Write;

use crate::plan::assign::{Plan, Worker, duration};

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
            super::tuning::GPU_DEADLINE_SECONDS
        );
        text
    }
}
