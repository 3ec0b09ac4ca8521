//! What launches did and when, as plain data, and the same for a viewer of timelines.
//!
//! Times are offsets from the beginning of the trace. The text of [`chrome_json`] is the "Trace Event Format" that
//! Chromium's tracing page and Perfetto open: a row for the launches, a row for each device and thread.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use crate::shape::{Mapping, Span, Target};

/// One launch.
#[derive(Clone, Debug, PartialEq)]
pub struct LaunchTrace {
    /// Its number in its runtime.
    pub id: u64,
    /// The kernel's name.
    pub kernel: String,
    /// The target that was asked for.
    pub asked: Target,
    /// The target that it ran on.
    pub target: Target,
    /// How pieces were given out.
    pub mapping: Mapping,
    /// Its places.
    pub places: usize,
    /// The grain of its plan, in places; all places where it was not divided. A chunk is smaller where a device's memory or the
    /// end of the places makes it so.
    pub grain: usize,
    /// What its plan predicted, transfers included; `None` where it went without a plan.
    pub predicted_seconds: Option<f64>,
    /// When it began.
    pub started: Duration,
    /// When it, and whatever it left to devices, had ended.
    pub ended: Duration,
    /// Who computed what, in the order in which it was told.
    pub chunks: Vec<ChunkTrace>,
    /// Bytes that were moved from devices to the host while it ran; launches that ran beside it share the count.
    pub moved_to_host: u64,
    /// Bytes that were moved from the host to devices while it ran.
    pub moved_from_host: u64,
    /// Where it did not run as asked, why.
    pub note: Option<String>,
    /// How it failed, if it did.
    pub error: Option<String>,
}

/// A piece of a launch.
#[derive(Clone, Debug, PartialEq)]
pub struct ChunkTrace {
    /// Its places.
    pub span: Span,
    /// Who computed it: `cpu` or `gpu:N`.
    pub device: String,
    /// Which of the device's threads or queues, from 0.
    pub worker: usize,
    /// When it was given to the device.
    pub queued: Duration,
    /// When the device began with it.
    pub started: Duration,
    /// When it was done.
    pub ended: Duration,
    /// What was predicted for it, where that is known.
    pub predicted_seconds: Option<f64>,
}

impl LaunchTrace {
    /// The same, as seen from `origin`: whatever was before is at zero.
    #[must_use]
    pub fn since(mut self, origin: Duration) -> Self {
        let chunks = self.chunks.iter_mut().flat_map(|c| [&mut c.queued, &mut c.started, &mut c.ended]);
        for time in chunks.chain([&mut self.started, &mut self.ended]) {
            *time = time.saturating_sub(origin);
        }
        self
    }
}

/// Launches as JSON for a viewer. `process` is the number that their process is shown by.
pub fn chrome_json(process: u32, launches: &[LaunchTrace]) -> String {
    let mut rows = Rows::default();
    let mut events = Vec::new();
    let mut order: Vec<&LaunchTrace> = launches.iter().collect();
    order.sort_by_key(|launch| launch.started);
    for launch in &order {
        let row = rows.find(("", 0), launch.started, launch.ended);
        events.push(complete(
            process,
            row,
            "launch",
            launch,
            (launch.started, launch.ended),
            &of_launch(launch),
        ));
    }
    let mut chunks: Vec<(&LaunchTrace, &ChunkTrace)> =
        order.iter().flat_map(|launch| launch.chunks.iter().map(|chunk| (*launch, chunk))).collect();
    chunks.sort_by_key(|(_, chunk)| chunk.started);
    for (launch, chunk) in chunks {
        let row = rows.find((&chunk.device, chunk.worker), chunk.started, chunk.ended);
        events.push(complete(
            process,
            row,
            "chunk",
            launch,
            (chunk.started, chunk.ended),
            &of_chunk(launch, chunk),
        ));
    }
    let mut text = format!(
        "{{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n{{\"ph\":\"M\",\"pid\":{process},\"tid\":0,\
         \"name\":\"process_name\",\"args\":{{\"name\":\"manylane\"}}}}"
    );
    for (number, name) in rows.names() {
        let _ = write!(
            text,
            ",\n{{\"ph\":\"M\",\"pid\":{process},\"tid\":{number},\"name\":\"thread_name\",\"args\":{{\"name\":{}}}}}\
             ,\n{{\"ph\":\"M\",\"pid\":{process},\"tid\":{number},\"name\":\"thread_sort_index\",\
             \"args\":{{\"sort_index\":{number}}}}}",
            quoted(&name)
        );
    }
    for event in events {
        let _ = write!(text, ",\n{event}");
    }
    text.push_str("\n]}\n");
    text
}

/// An event with a beginning and an end; times are in microseconds.
fn complete(
    process: u32,
    row: usize,
    kind: &str,
    launch: &LaunchTrace,
    (started, ended): (Duration, Duration),
    args: &str,
) -> String {
    format!(
        "{{\"ph\":\"X\",\"pid\":{process},\"tid\":{row},\"cat\":\"{kind}\",\"name\":{},\"ts\":{},\"dur\":{},\"args\":{{{args}}}}}",
        quoted(&launch.kernel),
        micros(started),
        micros(ended.saturating_sub(started)),
    )
}

fn of_launch(launch: &LaunchTrace) -> String {
    let LaunchTrace { id, asked, target, mapping, places, grain, moved_to_host, moved_from_host, .. } =
        launch;
    let mut args = format!(
        "\"launch\":{id},\"asked\":{},\"target\":{},\"mapping\":{},\"places\":{places},\"grain\":{grain},\
         \"bytes_to_host\":{moved_to_host},\"bytes_from_host\":{moved_from_host}",
        quoted(&asked.to_string()),
        quoted(&target.to_string()),
        quoted(&format!("{mapping:?}")),
    );
    times(&mut args, launch.predicted_seconds, launch.started, launch.ended);
    for (name, text) in [("note", &launch.note), ("error", &launch.error)] {
        if let Some(text) = text {
            let _ = write!(args, ",\"{name}\":{}", quoted(text));
        }
    }
    args
}

fn of_chunk(launch: &LaunchTrace, chunk: &ChunkTrace) -> String {
    let Span { start, end } = chunk.span;
    let queued = chunk.started.saturating_sub(chunk.queued);
    let mut args = format!(
        "\"launch\":{},\"span\":\"{start}..{end}\",\"places\":{},\"queued_us\":{}",
        launch.id,
        chunk.span.len(),
        micros(queued)
    );
    times(&mut args, chunk.predicted_seconds, chunk.started, chunk.ended);
    args
}

fn times(args: &mut String, predicted: Option<f64>, started: Duration, ended: Duration) {
    if let Some(seconds) = predicted.filter(|seconds| seconds.is_finite()) {
        let _ = write!(args, ",\"predicted_us\":{:.3}", seconds * 1e6);
    }
    let _ = write!(args, ",\"actual_us\":{}", micros(ended.saturating_sub(started)));
}

/// With the nanoseconds behind the point.
fn micros(time: Duration) -> String {
    format!("{}.{:03}", time.as_micros(), time.subsec_nanos() % 1000)
}

/// A string of JSON.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            c if c < ' ' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// The rows of a timeline. What overlaps goes into rows of its own: viewers show a row's events as nested.
#[derive(Default)]
struct Rows {
    /// By device and worker: number and end of each of its rows.
    rows: BTreeMap<(String, usize), Vec<(usize, Duration)>>,
    count: usize,
}

impl Rows {
    /// The row of something that begins no sooner than what came before.
    fn find(&mut self, (device, worker): (&str, usize), started: Duration, ended: Duration) -> usize {
        let own = self.rows.entry((device.to_owned(), worker)).or_default();
        if let Some((number, end)) = own.iter_mut().find(|(_, end)| *end <= started) {
            *end = ended;
            return *number;
        }
        let number = self.count;
        self.count += 1;
        own.push((number, ended));
        number
    }

    fn names(&self) -> BTreeMap<usize, String> {
        let names = self.rows.iter().flat_map(|((device, worker), own)| {
            own.iter().zip(1..).map(move |((number, _), copy)| {
                let mut name = match (device.as_str(), *worker) {
                    ("", _) => "launches".to_owned(),
                    (device, 0) => device.to_owned(),
                    (device, worker) => format!("{device}, worker {worker}"),
                };
                if copy > 1 {
                    let _ = write!(name, " ({copy})");
                }
                (*number, name)
            })
        });
        names.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micro(n: u64) -> Duration {
        Duration::from_micros(n)
    }

    fn chunk(device: &str, worker: usize, times: [u64; 3]) -> ChunkTrace {
        let [queued, started, ended] = times.map(micro);
        let device = device.to_owned();
        ChunkTrace {
            span: Span::new(0, 4096),
            device,
            worker,
            queued,
            started,
            ended,
            predicted_seconds: None,
        }
    }

    fn launch(id: u64, kernel: &str, [started, ended]: [u64; 2], chunks: Vec<ChunkTrace>) -> LaunchTrace {
        LaunchTrace {
            id,
            kernel: kernel.into(),
            asked: Target::Auto,
            target: Target::Split,
            mapping: Mapping::ManagerWorker,
            places: 8192,
            grain: 4096,
            predicted_seconds: Some(1.5e-5),
            started: micro(started),
            ended: micro(ended),
            chunks,
            moved_to_host: 7,
            moved_from_host: 9,
            note: None,
            error: None,
        }
    }

    fn parsed(launches: &[LaunchTrace]) -> Vec<serde_json::Value> {
        let json: serde_json::Value = serde_json::from_str(&chrome_json(42, launches)).unwrap();
        json["traceEvents"].as_array().unwrap().clone()
    }

    #[test]
    fn any_text_is_json() {
        let nasty = "a \"kernel\" \\ with\nlines,\ttabs, \u{1} and \u{2028} ü";
        let mut one = launch(1, nasty, [0, 10], vec![chunk(nasty, 1, [0, 1, 2])]);
        one.note = Some(nasty.into());
        one.error = Some(nasty.into());
        one.predicted_seconds = Some(f64::INFINITY);
        let events = parsed(&[one]);
        let of = |kind: &str| events.iter().find(|event| event["cat"] == kind).unwrap();
        assert_eq!(of("launch")["name"], nasty);
        assert_eq!(of("launch")["args"]["error"], nasty);
        assert!(of("launch")["args"]["predicted_us"].is_null());
        assert!(events.iter().any(|event| event["args"]["name"] == format!("{nasty}, worker 1")));
        assert_eq!(parsed(&[]).len(), 1, "the process has its name");
    }

    #[test]
    fn times_are_microseconds_and_rows_do_not_overlap() {
        let mut late =
            launch(2, "b", [5, 30], vec![chunk("gpu:0", 0, [6, 10, 20]), chunk("cpu", 1, [6, 6, 9])]);
        late.started += Duration::from_nanos(7);
        let first = launch(1, "a", [0, 20], vec![chunk("gpu:0", 0, [1, 10, 20]), chunk("cpu", 1, [1, 2, 6])]);
        let events = parsed(&[late, first]);
        let complete: Vec<_> = events.iter().filter(|event| event["ph"] == "X").collect();
        assert_eq!(complete.len(), 6);
        let row = |event: &serde_json::Value| {
            let named =
                |name: &&serde_json::Value| name["name"] == "thread_name" && name["tid"] == event["tid"];
            events.iter().find(named).unwrap()["args"]["name"].as_str().unwrap().to_owned()
        };
        let rows: Vec<String> = complete.iter().map(|event| row(event)).collect();
        let expected = ["launches", "launches (2)", "cpu, worker 1", "cpu, worker 1", "gpu:0", "gpu:0 (2)"];
        assert_eq!(rows, expected);
        assert_eq!(complete[1]["ts"], 5.007);
        assert_eq!(complete[1]["dur"], 24.993);
        assert_eq!(complete[0]["args"]["predicted_us"], 15.0);
        assert_eq!(complete[4]["args"]["queued_us"], 9.0);
        assert_eq!(complete[4]["args"]["span"], "0..4096");
        assert!(events.iter().all(|event| event["pid"] == 42));
    }

    #[test]
    fn an_origin_is_taken_from_every_time() {
        let moved = launch(1, "a", [15, 20], vec![chunk("cpu", 0, [5, 15, 20])]).since(micro(10));
        assert_eq!(moved, launch(1, "a", [5, 10], vec![chunk("cpu", 0, [0, 5, 10])]));
    }
}
