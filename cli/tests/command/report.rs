//! `manylane bench --html`.

use std::fs;

use crate::support::{Folder, fails, manylane_without_gpu, ran};

const SMALL: [&str; 8] =
    ["bench", "--kernels", "saxpy", "--sizes", "4k,64k", "--targets", "scalar,simd", "--no-models"];

#[test]
fn a_report_stands_in_its_folder_with_the_record_and_the_plots() {
    let folder = Folder::new("report");
    let html = folder.at("new/report");
    let json = folder.at("bench.json");
    let ran = ran(manylane_without_gpu().args(SMALL).arg("--html").arg(&html).arg("--json").arg(&json));
    assert_eq!(ran.code, 0, "{ran:?}");
    let mut names: Vec<String> = fs::read_dir(&html)
        .expect("the report")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["index.html", "record.json", "speed-saxpy.png", "speed-saxpy.svg", "winners.png", "winners.svg"]
    );
    let record = fs::read(html.join("record.json")).expect("the record");
    assert_eq!(record, fs::read(json).expect("the record"));
    let page = fs::read_to_string(html.join("index.html")).expect("the page");
    // A dot in the plot and a cell in the table for each of two sizes on two targets.
    assert_eq!(page.matches("/gb_s\"").count(), 2 * 4);
    assert!(page.contains("<h1>"));
}

#[test]
fn what_is_no_folder_is_told_before_anything_is_measured() {
    let folder = Folder::new("report-file");
    fs::write(folder.at("file"), "x").expect("a file");
    let ran = ran(manylane_without_gpu().args(SMALL).arg("--html").arg(folder.at("file")));
    fails(&ran, 1, &["file` cannot be made", "name another"]);
    assert_eq!(folder.names(), ["file"]);
}

#[test]
fn a_record_that_is_there_already_is_drawn_without_measuring() {
    let folder = Folder::new("report-again");
    let record =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../benches/record/2026-11-21-zen5-2core-bench-quick.json");
    let html = folder.at("report");
    let ran = ran(manylane_without_gpu().args(["bench", "report", record, "--html"]).arg(&html));
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""), "{ran:?}");
    let page = fs::read_to_string(html.join("index.html")).expect("the page");
    assert!(page.contains("black_scholes") && html.join("speed-saxpy.svg").is_file());
    let missing =
        self::ran(manylane_without_gpu().args(["bench", "report", "none.json", "--html"]).arg(&html));
    fails(&missing, 1, &["`none.json` cannot be read", "bench --json FILE"]);
}
