//! What was measured, as JSON and CSV.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::bench::evaluation::Evaluation;
use crate::bench::size;
use crate::host::Host;

/// The version of the format; grows when a field changes its meaning.
pub const FORMAT: u32 = 1;

/// One bench on one machine.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    /// [`FORMAT`].
    pub format: u32,
    /// Where it was measured.
    pub host: Host,
    /// Kernel by kernel, size by size, target by target.
    pub rows: Vec<Row>,
    /// What they say together, where that was asked for.
    #[serde(default)]
    pub evaluation: Option<Evaluation>,
}

/// One kernel at one size on one target.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The kernel.
    pub kernel: String,
    /// Places.
    pub size: usize,
    /// Columns x rows of a grid.
    pub shape: Option<String>,
    /// The target that was asked for: `scalar`, `simd`, `threads`, `gpu:0`, `split`.
    pub target: String,
    /// The SIMD level of its CPU part.
    pub level: Option<String>,
    /// Threads of its CPU part.
    pub threads: Option<usize>,
    /// The adapter of its GPU part.
    pub adapter: Option<String>,
    /// Whether the results agree with the naive reference. What does not is not timed.
    pub verified: bool,
    /// How many samples the times are of.
    pub samples: usize,
    /// The shortest run. On a GPU its arrays lie in its memory already.
    pub seconds_min: Option<f64>,
    /// The middle run.
    pub seconds_median: Option<f64>,
    /// Bringing inputs to the GPU and results back.
    pub seconds_transfer: Option<f64>,
    /// 10^9 bytes a second, of the shortest run.
    pub gb_s: Option<f64>,
    /// 10^9 float operations a second, of the shortest run; absent where the work is done in integers.
    pub gflop_s: Option<f64>,
    /// How many times faster than `scalar`, by the shortest runs.
    pub speedup: Option<f64>,
    /// Why it did not run as asked, or what was wrong.
    pub note: Option<String>,
}

impl Row {
    /// Its size as people read it: `3840x2160`, `64Ki`.
    pub fn size_for_people(&self) -> String {
        self.shape.clone().unwrap_or_else(|| size::show(self.size.into()))
    }
}

impl Record {
    /// The record of `rows`.
    pub fn new(host: Host, rows: Vec<Row>) -> Record {
        Record { format: FORMAT, host, rows, evaluation: None }
    }

    /// As JSON.
    ///
    /// # Errors
    /// None that a record can cause.
    pub fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// The rows as CSV, with a line of names; the host is left out.
    pub fn csv(&self) -> String {
        let mut text =
            "kernel,size,shape,target,level,threads,adapter,verified,samples,seconds_min,seconds_median,\
                        seconds_transfer,gb_s,gflop_s,speedup,note\n"
                .to_owned();
        for row in &self.rows {
            let name = |name: &Option<String>| name.as_deref().map(quoted).unwrap_or_default();
            let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
            let _ = writeln!(
                text,
                "{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}",
                quoted(&row.kernel),
                row.size,
                name(&row.shape),
                row.target,
                name(&row.level),
                row.threads.map(|threads| threads.to_string()).unwrap_or_default(),
                name(&row.adapter),
                row.verified,
                row.samples,
                number(row.seconds_min),
                number(row.seconds_median),
                number(row.seconds_transfer),
                number(row.gb_s),
                number(row.gflop_s),
                number(row.speedup),
                name(&row.note),
            );
        }
        text
    }
}

/// A field as RFC 4180 has it.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub fn row(kernel: &str, target: &str, seconds: f64) -> Row {
        Row {
            kernel: kernel.into(),
            size: 65_536,
            target: target.into(),
            verified: true,
            samples: 7,
            seconds_min: Some(seconds),
            seconds_median: Some(seconds * 1.1),
            gb_s: Some(1e-3 / seconds),
            speedup: Some(1e-3 / seconds),
            ..Row::default()
        }
    }

    #[test]
    fn csv_has_as_many_fields_in_every_line() {
        let rt = manylane::Runtime::new().expect("a runtime");
        let mut rows = vec![row("saxpy", "scalar", 1e-3), row("sum", "gpu:0", 2e-3)];
        rows[1].adapter = Some("a \"fast\", GPU".into());
        let mut host = Host::here(&rt);
        host.adapters.clear();
        let record = Record::new(host, rows);
        let csv = record.csv();
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0].split(',').count(), lines[1].split(',').count());
        assert!(lines[2].contains("\"a \"\"fast\"\", GPU\""));

        let json = record.json().expect("JSON");
        let back: Record = serde_json::from_str(&json).expect("the record again");
        assert_eq!(back.rows, record.rows);
        assert!(json.contains("\"seconds_transfer\": null"));
    }
}
