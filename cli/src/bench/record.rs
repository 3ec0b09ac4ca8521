//! What was measured, as JSON and CSV.

use serde::{Deserialize, Serialize};

use crate::bench::evaluation::Evaluation;
use crate::bench::size;
use crate::host::Host;

/// The version of the format; grows when a field changes its meaning. The second has rounds and cold runs.
pub const FORMAT: u32 = 2;

/// One bench on one machine.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    /// [`FORMAT`].
    pub format: u32,
    /// Where it was measured.
    pub host: Host,
    /// The seed that inputs were drawn by, where they were.
    #[serde(default)]
    pub seed: Option<u64>,
    /// Kernel by kernel, size by size, target by target.
    pub rows: Vec<Row>,
    /// What concerns more than one row: targets left out, counters that are not here, an interruption.
    #[serde(default)]
    pub notes: Vec<String>,
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
    /// The median of how far runs are from the middle one.
    #[serde(default)]
    pub mad: Option<f64>,
    /// How many samples stand apart, by Tukey's fences.
    #[serde(default)]
    pub outliers: usize,
    /// The middle run of each round, in the order of time.
    #[serde(default)]
    pub rounds: Vec<f64>,
    /// What makes the times noisy, where they are: `drift`, `spread` or `outliers`.
    #[serde(default)]
    pub noise: Option<String>,
    /// The first run on the target, nothing warm: its results are new, and on a GPU it waits for shaders and uploads.
    #[serde(default)]
    pub seconds_cold: Option<f64>,
    /// Bringing inputs to the GPU and results back.
    pub seconds_transfer: Option<f64>,
    /// Bringing the inputs there.
    #[serde(default)]
    pub seconds_upload: Option<f64>,
    /// Bringing the results back.
    #[serde(default)]
    pub seconds_download: Option<f64>,
    /// Page faults of a run, the mean of those that were timed.
    #[serde(default)]
    pub page_faults: Option<f64>,
    /// Page faults of the first run.
    #[serde(default)]
    pub page_faults_cold: Option<u64>,
    /// The energy of the processors and their memory for a run, the mean of those that were timed. What else ran on the
    /// machine is in it, and a GPU's own energy is not.
    #[serde(default)]
    pub joules: Option<f64>,
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
        Record { format: FORMAT, host, seed: None, rows, notes: Vec::new(), evaluation: None }
    }

    /// As JSON.
    ///
    /// # Errors
    /// None that a record can cause.
    pub fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// The rows as CSV, with a line of names; the host is left out. A row's rounds are one field, with spaces between.
    pub fn csv(&self) -> String {
        let line = |fields: &mut dyn Iterator<Item = String>| fields.collect::<Vec<_>>().join(",") + "\n";
        let mut text = line(&mut COLUMNS.iter().map(|(name, _)| (*name).to_owned()));
        for row in &self.rows {
            text += &line(&mut COLUMNS.iter().map(|(_, field)| quoted(&field(row))));
        }
        text
    }
}

/// A column of the CSV: its name, and its field of a row.
type Column = (&'static str, fn(&Row) -> String);

const COLUMNS: [Column; 26] = [
    ("kernel", |row| row.kernel.clone()),
    ("size", |row| row.size.to_string()),
    ("shape", |row| name(&row.shape)),
    ("target", |row| row.target.clone()),
    ("level", |row| name(&row.level)),
    ("threads", |row| row.threads.map(|threads| threads.to_string()).unwrap_or_default()),
    ("adapter", |row| name(&row.adapter)),
    ("verified", |row| row.verified.to_string()),
    ("samples", |row| row.samples.to_string()),
    ("seconds_min", |row| number(row.seconds_min)),
    ("seconds_median", |row| number(row.seconds_median)),
    ("mad", |row| number(row.mad)),
    ("outliers", |row| row.outliers.to_string()),
    ("rounds", |row| row.rounds.iter().map(f64::to_string).collect::<Vec<_>>().join(" ")),
    ("noise", |row| name(&row.noise)),
    ("seconds_cold", |row| number(row.seconds_cold)),
    ("seconds_transfer", |row| number(row.seconds_transfer)),
    ("seconds_upload", |row| number(row.seconds_upload)),
    ("seconds_download", |row| number(row.seconds_download)),
    ("page_faults", |row| number(row.page_faults)),
    ("page_faults_cold", |row| row.page_faults_cold.map(|faults| faults.to_string()).unwrap_or_default()),
    ("joules", |row| number(row.joules)),
    ("gb_s", |row| number(row.gb_s)),
    ("gflop_s", |row| number(row.gflop_s)),
    ("speedup", |row| number(row.speedup)),
    ("note", |row| name(&row.note)),
];

fn name(name: &Option<String>) -> String {
    name.clone().unwrap_or_default()
}

fn number(number: Option<f64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
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
            rounds: vec![seconds * 1.1; 5],
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
        assert!(lines[1].contains(",0.0011 0.0011 "), "{}", lines[1]);

        let json = record.json().expect("JSON");
        let back: Record = serde_json::from_str(&json).expect("the record again");
        assert_eq!(back.rows, record.rows);
        assert!(json.contains("\"seconds_transfer\": null"));
    }
}
