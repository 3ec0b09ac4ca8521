//! `manylane info`.

use serde_json::Value;

use crate::support::{has_gpu, manylane_without_gpu, ran, well};

#[test]
fn text_names_what_there_is() {
    let text = well(["info"]);
    for part in ["cpu", "cores", "simd", "scalar", "caches", "memory"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn json_has_its_shape() {
    let host: Value = serde_json::from_str(&well(["info", "--json"])).expect("JSON");
    assert!(host["cores"].as_u64().is_some_and(|cores| cores > 0));
    assert_eq!(host["levels"][0], "scalar");
    for name in ["name", "os", "arch", "cpu", "level", "rustc", "version", "time"] {
        assert!(host[name].as_str().is_some_and(|text| !text.is_empty()), "{name}");
    }
    assert!(host["adapters"].is_array());
}

#[test]
fn self_test_gpu() {
    if !has_gpu("self_test_gpu") {
        return;
    }
    let host: Value = serde_json::from_str(&well(["info", "--json"])).expect("JSON");
    let adapter = &host["adapters"][0];
    assert_eq!(adapter["target"], "gpu:0");
    assert_eq!(adapter["self_test"]["long_loop"], true);
    assert!(adapter["software"].is_boolean());
    for field in ["latency", "rate"] {
        assert!(adapter["link"][field].as_f64().is_some_and(|value| value > 0.0), "{adapter}");
    }
    let text = well(["info"]);
    assert!(text.contains("self-test passed") && text.contains("answers within"), "{text}");
    assert_eq!(text.contains("software"), adapter["software"] == true, "{text}");
}

#[test]
fn without_a_gpu_one_line_says_so() {
    let ran = ran(manylane_without_gpu().arg("info"));
    assert_eq!(ran.code, 0, "{ran:?}");
    let lines: Vec<&str> = ran.out.lines().filter(|line| line.contains("GPU")).collect();
    assert_eq!(lines.len(), 1, "{ran:?}");
    assert!(lines[0].contains("install"), "{ran:?}");
}
