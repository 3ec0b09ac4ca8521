//! `manylane models`, and the files that `bench` and `plan` keep.

use std::fs;

use crate::support::{Folder, fails, manylane_without_gpu, ran, run, well};

#[test]
fn a_bench_leaves_what_it_measured_for_the_next_plan() {
    let folder = Folder::new("models");
    let file = folder.at("costs");
    let file = file.to_str().expect("a plain path");
    let show = |file: &str| well(["models", "show", "--models", file]);
    assert!(show(file).contains("nothing is known"));
    let bench = ["bench", "--quick", "--kernels", "saxpy", "--targets", "scalar,simd", "--models", file];
    let bench = ran(manylane_without_gpu().args(bench));
    assert_eq!((bench.code, bench.said().as_str()), (0, ""), "{bench:?}");
    let shown = show(file);
    assert!(shown.contains("saxpy, from ") && shown.contains("ns a place"), "{shown}");
    assert!(shown.contains("scalar ") && shown.contains("thread "), "{shown}");

    let plan = ["plan", "--kernel", "saxpy", "--size", "4M", "--target", "simd"];
    let with = well(plan.iter().copied().chain(["--models", file]));
    let without = well(plan.iter().copied().chain(["--no-models"]));
    assert!(with.contains("predicted") && with != without, "{with}");
    assert_eq!(folder.names(), ["costs", "costs.lock"], "a plan measures nothing");

    assert!(well(["models", "clear", "--models", file]).contains("removed"));
    assert!(well(["models", "clear", "--models", file]).contains("not there"));
    assert_eq!(well(plan.iter().copied().chain(["--models", file])), without);
}

#[test]
fn a_file_that_makes_no_sense_is_said() {
    let folder = Folder::new("models-bad");
    let file = folder.at("costs");
    fs::write(&file, "spilt coffee").expect("written");
    let file = file.to_str().expect("a plain path");
    fails(&run(["models", "show", "--models", file]), 1, &["holds no measured costs", "clear it"]);
    let plan = run(["plan", "--kernel", "saxpy", "--size", "4M", "--target", "simd", "--models", file]);
    assert_eq!((plan.code, plan.err.lines().count()), (0, 1), "{plan:?}");
    assert!(plan.err.contains("costs.bad-1"), "{plan:?}");
    assert_eq!(folder.names(), ["costs.bad-1", "costs.lock"]);
}

#[test]
fn the_usual_place_is_the_users_folder_for_caches() {
    let folder = Folder::new("models-cache");
    let bench = ["bench", "--quick", "--kernels", "sum", "--sizes", "1M", "--targets", "simd"];
    let ran_at = |variable: &str| {
        let mut command = manylane_without_gpu();
        command.env_remove("XDG_CACHE_HOME").env_remove("HOME").env(variable, folder.path());
        command
    };
    assert_eq!(ran(ran_at("XDG_CACHE_HOME").args(bench)).code, 0);
    assert!(folder.at("manylane/models").exists());
    assert_eq!(ran(ran_at("HOME").args(bench).arg("--no-models")).code, 0);
    assert!(!folder.at(".cache").exists());
    assert_eq!(ran(ran_at("HOME").args(bench)).code, 0);
    assert!(folder.at(".cache/manylane/models").exists());
    let nowhere = ran(ran_at("MANYLANE_NOTHING").args(["models", "show"]));
    fails(&nowhere, 2, &["XDG_CACHE_HOME", "--models"]);
}
