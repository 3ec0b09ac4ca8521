//! What a split gave to each device, what it should have, and when each did what.

use std::collections::BTreeMap;

use manylane::device::gpu;
use manylane::plan::trace::LaunchTrace;
use manylane::prelude::*;

use crate::bench::evaluation::{Share, Shares, Span, Timeline};
use crate::bench::record::Row;
use crate::bench::suite::{Case, Workload};

/// More spans than this are not told apart in a picture.
const SPANS: usize = 400;
/// Runs before the one that is recorded: the first opens devices and compiles, the next teach the models.
const BEFORE: usize = 3;

/// One launch that was recorded.
///
/// # Errors
/// What making the data and the launches return; `Internal` where a result is wrong.
pub fn recorded(
    rt: &Runtime,
    workload: &Workload,
    size: Domain,
    target: Target,
) -> manylane::Result<LaunchTrace> {
    let mut case = workload.at(rt, size)?;
    for _ in 0..BEFORE {
        finished(rt, &mut *case, target)?;
    }
    case.verify().map_err(|wrong| {
        Error::new(ErrorKind::Internal, format!("{} is wrong on {target}: {wrong}", workload.name))
    })?;
    let recorder = rt.record();
    finished(rt, &mut *case, target)?;
    recorder.finish().launches().first().cloned().ok_or_else(|| {
        Error::new(ErrorKind::Internal, format!("{} on {target} was not recorded", workload.name))
    })
}

/// A run, and the end of whatever it left to devices.
fn finished(rt: &Runtime, case: &mut dyn Case, target: Target) -> manylane::Result<()> {
    if case.run(rt, target)?.adapter.is_some() {
        let open = gpu::adapters().into_iter().filter_map(|adapter| gpu::open(adapter.index).ok());
        open.into_iter().try_for_each(|gpu| gpu.wait_idle())?;
    }
    Ok(())
}

/// How one launch was divided, beside what would have let all end at the same moment: shares in proportion to the speed of
/// each alone, by its rows of this kernel and size. `None` where fewer than two devices took part, or one has no row.
pub fn shares(workload: &str, launch: &LaunchTrace, rows: &[Row]) -> Option<Shares> {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for chunk in &launch.chunks {
        *places.entry(&chunk.device).or_default() += chunk.span.len();
    }
    let done: usize = places.values().sum();
    if places.len() < 2 || done == 0 {
        return None;
    }
    let alone = |device: &str| {
        let target = if device == "cpu" { "threads" } else { device };
        rows.iter()
            .find(|row| row.kernel == workload && row.size == launch.places && row.target == target)
            .and_then(|row| row.seconds_median)
            .filter(|seconds| *seconds > 0.0)
    };
    let speeds = places.keys().map(|device| Some(1.0 / alone(device)?)).collect::<Option<Vec<f64>>>()?;
    let together: f64 = speeds.iter().sum();
    let devices = places.iter().zip(&speeds).map(|((device, places), speed)| Share {
        device: (*device).to_owned(),
        given: *places as f64 / done as f64,
        ideal: speed / together,
    });
    Some(Shares { kernel: workload.to_owned(), size: launch.places, devices: devices.collect() })
}

/// One launch over time. Where there are more chunks than can be told apart, neighbours on a lane are drawn as one.
pub fn timeline(workload: &str, launch: &LaunchTrace) -> Timeline {
    let mut lanes: BTreeMap<String, Vec<Piece>> = BTreeMap::new();
    let several = |device: &str| launch.chunks.iter().any(|chunk| chunk.device == device && chunk.worker > 0);
    for chunk in &launch.chunks {
        let lane = if several(&chunk.device) {
            format!("{} {}", chunk.device, chunk.worker)
        } else {
            chunk.device.clone()
        };
        lanes.entry(lane).or_default().push(Piece {
            start: chunk.started.as_secs_f64(),
            end: chunk.ended.as_secs_f64(),
            first: chunk.span.start,
            last: chunk.span.end,
            chunks: 1,
        });
    }
    let all: usize = lanes.values().map(Vec::len).sum();
    let together = all.div_ceil(SPANS.saturating_sub(lanes.len() + 1).max(1));
    let begun =
        lanes.values().flatten().map(|piece| piece.start).fold(launch.started.as_secs_f64(), f64::min);
    let whole = launch.ended.as_secs_f64() - begun;
    let mut spans =
        vec![Span { lane: "launch".into(), name: launch.kernel.clone(), start: 0.0, seconds: whole }];
    for (lane, mut pieces) in lanes {
        pieces.sort_by(|a, b| a.start.total_cmp(&b.start));
        spans.extend(pieces.chunks(together).map(|pieces| joined(&lane, pieces, begun)));
    }
    spans.sort_by(|a, b| a.start.total_cmp(&b.start));
    Timeline { kernel: workload.to_owned(), size: launch.places, target: launch.asked.to_string(), spans }
}

/// A chunk, or several that follow each other.
struct Piece {
    start: f64,
    end: f64,
    first: usize,
    last: usize,
    chunks: usize,
}

fn joined(lane: &str, pieces: &[Piece], begun: f64) -> Span {
    let start = pieces.iter().map(|piece| piece.start).fold(f64::INFINITY, f64::min);
    let end = pieces.iter().map(|piece| piece.end).fold(start, f64::max);
    let chunks: usize = pieces.iter().map(|piece| piece.chunks).sum();
    let name = match pieces {
        [one] => format!("{}..{}", one.first, one.last),
        _ => format!("{chunks} chunks"),
    };
    Span { lane: lane.to_owned(), name, start: start - begun, seconds: end - start }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use manylane::plan::trace::ChunkTrace;
    use manylane::shape;

    use super::*;
    use crate::bench::Suite;

    /// 1,000 places of which `gpu` are a GPU's, in so many chunks each.
    fn launch(gpu: usize, chunks: usize) -> LaunchTrace {
        let piece = |device: &str, worker, from: usize, to: usize, at: u64| ChunkTrace {
            span: shape::Span::new(from, to),
            device: device.into(),
            worker,
            queued: Duration::from_micros(at),
            started: Duration::from_micros(at),
            ended: Duration::from_micros(at + 5),
            predicted_seconds: None,
        };
        let mut all = Vec::new();
        for (device, worker, from, to) in [("gpu:0", 0, 0, gpu), ("cpu", 1, gpu, 1000)] {
            let at = |number: usize| from + (to - from) * number / chunks;
            let chunk =
                |number: usize| piece(device, worker, at(number), at(number + 1), 105 + 10 * number as u64);
            all.extend((0..chunks).map(chunk));
        }
        LaunchTrace {
            id: 1,
            kernel: "k".into(),
            asked: Target::Split,
            target: Target::Split,
            mapping: Mapping::Auto,
            places: 1000,
            grain: 1,
            predicted_seconds: None,
            started: Duration::from_micros(100),
            ended: Duration::from_micros(105 + 10 * chunks as u64),
            chunks: all,
            moved_to_host: 0,
            moved_from_host: 0,
            note: None,
            error: None,
        }
    }

    fn row(target: &str, seconds: f64) -> Row {
        Row {
            kernel: "k".into(),
            size: 1000,
            target: target.into(),
            verified: true,
            seconds_median: Some(seconds),
            ..Row::default()
        }
    }

    #[test]
    fn given_beside_what_would_end_together() {
        // The GPU takes a third of the time, so three quarters should be its.
        let rows = [row("threads", 3e-3), row("gpu:0", 1e-3)];
        let shares = shares("k", &launch(600, 7), &rows).expect("two devices");
        assert_eq!((&*shares.kernel, shares.size), ("k", 1000));
        let [cpu, gpu] = &shares.devices[..] else { panic!("{shares:?}") };
        assert_eq!((&*cpu.device, &*gpu.device), ("cpu", "gpu:0"));
        assert!((gpu.given - 0.6).abs() < 1e-12 && (cpu.given - 0.4).abs() < 1e-12);
        assert!((gpu.ideal - 0.75).abs() < 1e-12 && (cpu.ideal - 0.25).abs() < 1e-12);
    }

    #[test]
    fn one_device_or_no_row_of_it_has_no_shares() {
        let mut one = launch(600, 2);
        one.chunks.retain(|chunk| chunk.device == "cpu");
        assert_eq!(shares("k", &one, &[row("threads", 1.0)]), None);
        assert_eq!(shares("k", &launch(600, 2), &[row("threads", 1.0)]), None);
    }

    #[test]
    fn a_timeline_begins_at_0_and_is_not_endless() {
        let few = timeline("k", &launch(500, 3));
        assert_eq!((few.spans.len(), few.target.as_str()), (7, "split"));
        assert_eq!((&*few.spans[0].lane, few.spans[0].start), ("launch", 0.0));
        assert!((few.spans[0].seconds - 35e-6).abs() < 1e-9);
        let lanes: Vec<&str> = few.spans.iter().map(|span| &*span.lane).collect();
        assert!(lanes.contains(&"cpu 1") && lanes.contains(&"gpu:0"), "{lanes:?}");
        assert!(few.spans.iter().any(|span| span.name == "500..666"), "{few:?}");

        let launch = launch(500, 450);
        let many = timeline("k", &launch);
        assert!(many.spans.len() <= SPANS && many.spans.len() > SPANS / 3, "{}", many.spans.len());
        assert!(many.spans.is_sorted_by(|a, b| a.start <= b.start));
        let end = many.spans[1..].iter().map(|span| span.start + span.seconds).fold(0.0, f64::max);
        assert!((end - (5e-6 + 4_490e-6 + 5e-6)).abs() < 1e-9, "what is joined still lasts as long: {end}");
        assert!(many.spans[1..].iter().any(|span| span.name.ends_with("chunks")));
    }

    #[test]
    fn a_launch_on_threads_is_recorded() {
        let rt = Runtime::builder().threads(2).build().expect("a runtime");
        let suite = Suite::standard();
        let launch = recorded(
            &rt,
            suite.find("mandelbrot").expect("it is there"),
            Domain::Line(1 << 20),
            Target::Threads,
        )
        .expect("a record");
        let done: usize = launch.chunks.iter().map(|chunk| chunk.span.len()).sum();
        assert_eq!(done, launch.places);
        let timeline = timeline("mandelbrot", &launch);
        assert!(timeline.spans.len() > 1 && timeline.spans.len() <= SPANS, "{timeline:?}");
        let end = timeline.spans[0].seconds;
        assert!(
            timeline
                .spans
                .iter()
                .all(|span| span.start >= 0.0 && span.start + span.seconds <= end * 1.001 + 1e-6)
        );
    }

    #[test]
    fn a_split_with_a_gpu_in_it_names_both() {
        if gpu::adapters().is_empty() {
            return println!("skipped: no adapter");
        }
        let rt = Runtime::builder().software_joins_split(true).build().expect("a runtime");
        let suite = Suite::standard();
        let workload = suite.find("mandelbrot").expect("it is there");
        let launch = recorded(&rt, workload, Domain::Line(1 << 22), Target::Split).expect("a record");
        let done: usize = launch.chunks.iter().map(|chunk| chunk.span.len()).sum();
        assert_eq!(done, launch.places);
        let alone = |target: &str| Row {
            kernel: "mandelbrot".into(),
            size: launch.places,
            ..row(target, if target == "threads" { 1e-3 } else { 2e-3 })
        };
        let shares = shares("mandelbrot", &launch, &[alone("threads"), alone("gpu:0")]).expect("two devices");
        let names: Vec<&str> = shares.devices.iter().map(|one| &*one.device).collect();
        assert_eq!(names, ["cpu", "gpu:0"]);
        let (given, ideal) =
            shares.devices.iter().fold((0.0, 0.0), |all, one| (all.0 + one.given, all.1 + one.ideal));
        assert!((given - 1.0).abs() < 1e-9 && (ideal - 1.0).abs() < 1e-9, "{shares:?}");
        let timeline = timeline("mandelbrot", &launch);
        assert!(
            ["cpu", "gpu:0"].iter().all(|lane| timeline.spans.iter().any(|span| span.lane.starts_with(lane)))
        );
    }
}
