//! `manylane plan`.

use std::fs;

use serde_json::Value;

use crate::support::{Folder, fails, has_gpu, manylane, ran, run, well};

#[test]
fn a_plan_is_explained() {
    let text = well(["plan", "--kernel", "saxpy", "--size", "1M", "--target", "threads"]);
    assert!(text.contains("saxpy over 1048576 places on threads"), "{text}");
    for kernel in ["distance", "black_scholes", "mandelbrot", "sum", "dot", "minmax", "gray", "sobel"] {
        let text = well(["plan", "--kernel", kernel, "--size", "640x480", "--target", "simd"]);
        assert!(text.contains("307200 places on simd"), "{kernel}: {text}");
    }
}

#[test]
fn the_shader_is_shown() {
    let text =
        well(["plan", "--kernel", "black_scholes", "--size", "1k", "--target", "simd", "--show", "wgsl"]);
    assert!(text.contains("fn k_black_scholes_") && text.contains("fn k_cnd_"), "{text}");
}

#[test]
fn a_plan_for_gpu() {
    if has_gpu("a_plan_for_gpu") {
        let text = well(["plan", "--kernel", "sobel", "--size", "640x480", "--target", "gpu"]);
        assert!(text.contains("gpu:0"), "{text}");
    }
}

#[test]
fn what_the_compiler_made_is_shown() {
    let text = well(["plan", "--kernel", "mandelbrot", "--show", "ir"]);
    assert!(text.contains("while#") && text.contains("mul_add("), "{text}");
    let text = well(["plan", "--kernel", "mandelbrot", "--show", "uniformity"]);
    assert!(text.contains("[varying: masked]") && text.contains("[uniform]"), "{text}");
}

#[test]
fn a_recorded_run_is_a_timeline() {
    let folder = Folder::new("trace");
    let file = folder.at("trace.json");
    let args =
        ["plan", "--kernel", "sobel", "--size", "640x480", "--target", "threads", "--no-models", "--trace"];
    let ran = ran(manylane().args(args).arg(&file));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("predicted"), "{ran:?}");
    let trace: Value = serde_json::from_slice(&fs::read(&file).expect("the trace")).expect("JSON");
    let events = trace["traceEvents"].as_array().expect("events");
    let of = |kind: &str| events.iter().filter(|event| event["cat"] == kind).count();
    assert_eq!((of("launch"), of("chunk") > 0), (1, true), "only the second run: {trace}");
    fails(&run(["plan", "--kernel", "sobel", "--show", "ir", "--trace", "x"]), 2, &["--size"]);
}
