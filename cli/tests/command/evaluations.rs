//! `manylane bench --evaluate`.

use std::fs;

use manylane_cli::bench::Record;

use crate::support::{Folder, manylane_without_gpu, ran};

#[test]
fn an_evaluation_is_in_the_record_and_on_the_terminal() {
    let folder = Folder::new("evaluation");
    let json = folder.at("bench.json");
    let ran = ran(manylane_without_gpu()
        .args(["bench", "--quick", "--evaluate", "--kernels", "saxpy", "--sizes", "20000,200000", "--json"])
        .arg(&json));
    assert_eq!(ran.code, 0, "{ran:?}");
    let record: Record = serde_json::from_slice(&fs::read(&json).expect("the record")).expect("a record");
    let found = record.evaluation.expect("an evaluation");

    let targets: Vec<&str> = found.peaks.iter().map(|peaks| &*peaks.target).collect();
    assert_eq!(targets, ["scalar", "simd", "threads"]);
    for peaks in &found.peaks {
        assert!(peaks.gflop_s > 0.0 && peaks.memories.iter().all(|slope| slope.gb_s > 0.0), "{peaks:?}");
        assert_eq!(peaks.memories.last().map(|slope| &*slope.memory), Some("DRAM"));
        assert!(ran.out.contains(&format!("  {}: ", peaks.target)), "{}", ran.out);
    }
    // Two sizes on the three targets that have peaks; saxpy does 2 operations for 12 bytes.
    assert_eq!(found.points.len(), 6);
    assert!(
        found.points.iter().all(|point| (point.intensity - 1.0 / 6.0).abs() < 1e-9),
        "{:?}",
        found.points
    );

    let kinds: Vec<&str> = found.scaling.iter().map(|curve| &*curve.kind).collect();
    if record.host.threads > 1 {
        assert_eq!(kinds, ["strong", "weak"], "{:?}", found.notes);
        for curve in &found.scaling {
            assert_eq!(curve.steps[0].threads, 1);
            assert_eq!(curve.steps.last().map(|step| step.threads), Some(record.host.threads));
        }
    }
    let pairs: Vec<(&str, &str)> = found.crossovers.iter().map(|one| (&*one.of, &*one.against)).collect();
    assert_eq!(pairs, [("threads", "simd")], "a split is threads here");
    assert!(found.shares.is_empty() && found.timelines.len() == 1, "{found:?}");
    assert!(ran.out.contains("without a GPU a split is threads"), "{}", ran.out);
}
