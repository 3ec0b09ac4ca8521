//! Recorded launches: what is recorded is what happened, its times are nested, and it is JSON.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

use std::time::{Duration, Instant};

use manylane::Trace;
use manylane::plan::trace::LaunchTrace;
use manylane::prelude::*;
use manylane_testkit::gpu_or_skip;
use serde_json::Value;

#[kernel]
fn triple(x: f32) -> f32 {
    3.0 * x
}

#[kernel]
fn pick(i: Index, xs: &[f32]) -> f32 {
    xs[i as usize + 1]
}

const N: usize = 200_000;

/// Chunks lie in their launch and in time, and cover its places once.
fn sane(launch: &LaunchTrace, within: Duration) {
    assert!(launch.started <= launch.ended && launch.ended <= within, "{launch:?}");
    let mut spans: Vec<_> = launch.chunks.iter().map(|chunk| chunk.span).collect();
    spans.sort();
    let mut at = 0;
    for span in spans {
        assert_eq!(span.start, at, "{launch:?}");
        at = span.end;
    }
    assert_eq!(at, launch.places, "{launch:?}");
    for chunk in &launch.chunks {
        assert!(chunk.queued <= chunk.started && chunk.started <= chunk.ended, "{chunk:?}");
        assert!(launch.started <= chunk.queued && chunk.ended <= launch.ended, "{launch:?}");
    }
}

fn events(trace: &Trace) -> Vec<Value> {
    let json: Value = serde_json::from_str(&trace.to_chrome_json()).expect("JSON");
    json["traceEvents"].as_array().expect("events").clone()
}

#[test]
fn launches_on_the_cpu_are_recorded_in_order() {
    let rt = Runtime::new().unwrap();
    let x = vec![1.0f32; N];
    rt.map::<triple>(&x).run().unwrap();
    let begun = Instant::now();
    let recorder = rt.record();
    for target in [Target::Scalar, Target::Simd, Target::Threads] {
        rt.map::<triple>(&x).on(target).run().unwrap();
        assert_eq!(rt.map::<triple>(&x).on(target).sum().unwrap(), 3.0 * N as f32);
    }
    let trace = recorder.finish();
    let within = begun.elapsed();
    rt.map::<triple>(&x).run().unwrap();
    let launches = trace.launches();
    assert_eq!(launches.len(), 6, "{launches:?}");
    assert!(launches.is_sorted_by_key(|launch| launch.started));
    for (launch, target) in launches.chunks(2).flatten().zip([0, 0, 1, 1, 2, 2]) {
        let target = [Target::Scalar, Target::Simd, Target::Threads][target];
        assert_eq!((launch.kernel.as_str(), launch.asked, launch.places), ("triple", target, N));
        assert_eq!((&launch.error, launch.chunks[0].device.as_str()), (&None, "cpu"));
        sane(launch, within);
    }
    let complete: Vec<Value> = events(&trace).into_iter().filter(|event| event["ph"] == "X").collect();
    let chunks: usize = launches.iter().map(|launch| launch.chunks.len()).sum();
    assert_eq!(complete.len(), 6 + chunks, "each launch and each chunk");
    for event in &complete {
        let number = |name: &str| event[name].as_f64().unwrap_or(-1.0);
        assert!(number("ts") >= 0.0 && number("dur") > 0.0, "{event}");
        assert!(number("ts") + number("dur") <= within.as_secs_f64() * 1e6, "{event}");
        assert_eq!(event["pid"], std::process::id());
        assert!(event["args"]["actual_us"].is_number() && event["tid"].is_number(), "{event}");
    }
}

#[test]
fn without_a_recorder_nothing_is_kept() {
    let rt = Runtime::new().unwrap();
    let other = Runtime::new().unwrap();
    let x = vec![1.0f32; N];
    rt.map::<triple>(&x).run().unwrap();
    drop(rt.record());
    rt.map::<triple>(&x).run().unwrap();
    let recorder = rt.record();
    other.map::<triple>(&x).run().unwrap();
    assert_eq!(recorder.finish().launches(), [], "of another runtime, or of other times");
    assert_eq!(events(&Trace::default()).len(), 1);
}

#[test]
fn recorders_may_overlap_and_threads_may_launch_at_once() {
    let rt = Runtime::new().unwrap();
    let x = vec![1.0f32; N];
    let outer = rt.record();
    rt.map::<triple>(&x).run().unwrap();
    let begun = Instant::now();
    let inner = rt.record();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..10).for_each(|_| drop(rt.clone().map::<triple>(&x).run().unwrap())));
        }
    });
    let (inner, within) = (inner.finish(), begun.elapsed());
    assert_eq!(inner.launches().len(), 40);
    inner.launches().iter().for_each(|launch| sane(launch, within));
    let outer = outer.finish();
    assert_eq!(outer.launches().len(), 41);
    let mut ids: Vec<u64> = outer.launches().iter().map(|launch| launch.id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 41);

    // In a row of the timeline nothing overlaps.
    let mut rows: Vec<(u64, f64, f64)> = events(&inner)
        .iter()
        .filter(|event| event["ph"] == "X")
        .map(|event| {
            let number = |name: &str| event[name].as_f64().expect("a number");
            (number("tid") as u64, number("ts"), number("dur"))
        })
        .collect();
    rows.sort_by(|a, b| (a.0, a.1).partial_cmp(&(b.0, b.1)).expect("no NaN"));
    for pair in rows.windows(2) {
        let [(row, start, lasts), (next_row, next, _)] = *pair else { continue };
        assert!(row != next_row || start + lasts <= next + 1e-6, "{pair:?}");
    }
}

#[test]
fn a_launch_that_fails_says_why() {
    let rt = Runtime::new().unwrap();
    let xs = vec![1.0f32; 1000];
    let recorder = rt.record();
    let error = rt.map::<pick>(&xs).over(1000).run().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfBounds);
    let trace = recorder.finish();
    assert_eq!(trace.launches()[0].error.as_deref(), Some(error.to_string().as_str()));
    let said = events(&trace).into_iter().find(|event| event["cat"] == "launch").expect("the launch");
    assert_eq!(said["args"]["error"], error.to_string());
}

#[test]
fn a_trace_is_written_or_says_why_not() {
    let rt = Runtime::new().unwrap();
    let recorder = rt.record();
    rt.map::<triple>(&vec![1.0f32; N]).run().unwrap();
    let trace = recorder.finish();
    let path = std::env::temp_dir().join(format!("manylane-trace-{}.json", std::process::id()));
    trace.write_chrome_json(&path).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), trace.to_chrome_json());
    std::fs::remove_file(&path).unwrap();
    let error = trace.write_chrome_json(path.join("below")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Setting);
    assert!(error.to_string().contains("name another file"), "{error}");
}

#[test]
fn what_a_gpu_did_is_filled_in_when_it_is_done() {
    let rt = Runtime::new().unwrap();
    let x = vec![1.0f32; N];
    if !gpu_or_skip("what_a_gpu_did_is_filled_in_when_it_is_done") {
        return;
    }
    let begun = Instant::now();
    let recorder = rt.record();
    let kept = rt.map::<triple>(&x).on(Target::Gpu(0)).run().unwrap();
    assert_eq!(rt.map::<triple>(&x).on(Target::Gpu(0)).sum().unwrap(), 3.0 * N as f32);
    let on_gpu = recorder.finish();
    assert_eq!(kept.read().unwrap()[N - 1], 3.0);
    let [gpu, sum] = on_gpu.launches() else { panic!("{on_gpu:?}") };
    let rt = Runtime::builder().software_joins_split(true).build().unwrap();
    let recorder = rt.record();
    rt.map::<triple>(&x).on(Target::Split).gpu_share(0.5).run().unwrap();
    let trace = recorder.finish();
    let split = &trace.launches()[0];
    for launch in [gpu, sum, split] {
        sane(launch, begun.elapsed());
        assert!(launch.predicted_seconds.is_some_and(|seconds| seconds > 0.0), "{launch:?}");
    }
    assert_eq!((gpu.target, gpu.chunks[0].device.as_str()), (Target::Gpu(0), "gpu:0"));
    assert!(gpu.chunks[0].started < gpu.chunks[0].ended);
    let mut devices: Vec<&str> = split.chunks.iter().map(|chunk| chunk.device.as_str()).collect();
    devices.sort_unstable();
    devices.dedup();
    assert_eq!((devices[0], devices.len() > 1), ("cpu", true), "{split:?}");
}
