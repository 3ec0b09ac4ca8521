//! `manylane bench`.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Folder, has_gpu, manylane, manylane_without_gpu, ran};

const KERNELS: [&str; 9] =
    ["saxpy", "distance", "black_scholes", "mandelbrot", "sum", "dot", "minmax", "gray", "sobel"];

/// The fields that a row is promised to have.
const FIELDS: [&str; 22] = [
    "kernel",
    "size",
    "target",
    "level",
    "threads",
    "adapter",
    "verified",
    "seconds_min",
    "seconds_median",
    "mad",
    "outliers",
    "rounds",
    "noise",
    "seconds_cold",
    "seconds_transfer",
    "seconds_upload",
    "seconds_download",
    "page_faults",
    "joules",
    "gb_s",
    "gflop_s",
    "speedup",
];

fn rows(record: &Value) -> &[Value] {
    record["rows"].as_array().expect("rows")
}

#[test]
fn a_record_has_its_shape_and_a_row_for_everything() {
    let folder = Folder::new("record");
    let (json, csv, markdown) = (folder.at("bench.json"), folder.at("bench.csv"), folder.at("bench.md"));
    let ran = ran(manylane_without_gpu()
        .args(["bench", "--quick", "--sizes", "20000", "--json"])
        .arg(&json)
        .arg("--csv")
        .arg(&csv)
        .arg("--markdown")
        .arg(&markdown));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.said(), "", "no progress bar where nobody looks");
    let record: Value = serde_json::from_slice(&fs::read(&json).expect("the record")).expect("JSON");
    assert_eq!((&record["format"], &record["seed"]), (&json!(2), &json!(20_261_121)));
    for field in ["rustc", "version", "cpu", "name", "time"] {
        assert!(record["host"][field].as_str().is_some_and(|text| !text.is_empty()), "{field}");
    }
    assert!(record["host"].get("commit").is_some() && record["host"]["driver"].is_array());
    assert!(record["host"]["rustc"].as_str().is_some_and(|rustc| rustc.starts_with("rustc ")));
    for kernel in KERNELS {
        let of: Vec<&Value> = rows(&record).iter().filter(|row| row["kernel"] == kernel).collect();
        let targets: Vec<&str> = of.iter().filter_map(|row| row["target"].as_str()).collect();
        assert_eq!(targets, ["scalar", "simd", "threads", "split"], "{kernel}");
        for row in of {
            for field in FIELDS {
                assert!(row.get(field).is_some(), "{kernel} has no {field}: {row}");
            }
            assert_eq!(row["verified"], true, "{row}");
            assert!(row["size"].as_u64().is_some_and(|size| (20_000..20_200).contains(&size)), "{row}");
            let (min, median) = (row["seconds_min"].as_f64(), row["seconds_median"].as_f64());
            assert!(min > Some(0.0) && median >= min, "{row}");
            let rounds = row["rounds"].as_array().map_or(0, Vec::len);
            assert!(rounds >= 1 && row["samples"].as_u64() >= Some(rounds as u64), "{row}");
            assert!(row["seconds_cold"].as_f64() > Some(0.0) && row["mad"].as_f64() >= Some(0.0), "{row}");
            assert_eq!(row["page_faults"].is_null(), cfg!(not(target_os = "linux")), "{row}");
            let noted = row["note"].as_str().is_some_and(|note| note.contains("noisy"));
            assert_eq!(noted, row["noise"].is_string(), "{row}");
            assert!(row["speedup"].as_f64() > Some(0.0), "{row}");
            assert!(row["gb_s"].as_f64() > Some(0.0), "{row}");
            assert!(row["seconds_transfer"].is_null() && row["adapter"].is_null(), "{row}");
        }
    }
    let split = rows(&record).iter().find(|row| row["target"] == "split").expect("a split");
    assert!(split["note"].as_str().is_some_and(|note| note.contains("GPU")), "the row says so: {split}");
    assert_eq!(ran.out.lines().filter(|line| line.starts_with("no GPU")).count(), 1, "{}", ran.out);
    assert!(ran.out.contains("Who wins"), "{}", ran.out);

    let csv = fs::read_to_string(&csv).expect("the rows");
    assert_eq!(csv.lines().count(), 1 + rows(&record).len());
    assert!(csv.starts_with("kernel,size,"));
    let columns: Vec<&str> = csv.lines().next().expect("the names").split(',').collect();
    assert!(FIELDS.iter().all(|field| columns.contains(field)), "{columns:?}");
    let markdown = fs::read_to_string(&markdown).expect("the table");
    assert_eq!(markdown.lines().filter(|line| line.starts_with('|')).count(), 2 + rows(&record).len());
    assert!(markdown.contains("| black\\_scholes |"), "{markdown}");
    assert_eq!(folder.names(), ["bench.csv", "bench.json", "bench.md"], "nothing half-written stays");
}

#[test]
fn one_kernel_at_two_sizes_on_one_target() {
    let folder = Folder::new("one");
    let json = folder.at("bench.json");
    let args =
        ["bench", "--quick", "--kernels", "sum", "--sizes", "4k,100x50", "--targets", "simd", "--json"];
    let ran = ran(manylane().args(args).arg(&json));
    assert_eq!(ran.code, 0, "{ran:?}");
    let record: Value = serde_json::from_slice(&fs::read(&json).expect("the record")).expect("JSON");
    let sizes: Vec<_> = rows(&record).iter().map(|row| row["size"].as_u64()).collect();
    assert_eq!(sizes, [Some(4096), Some(5000)]);
    assert!(rows(&record).iter().all(|row| row["speedup"].is_null()), "there is no scalar to compare with");
}

#[test]
fn every_kernel_gpu() {
    if !has_gpu("every_kernel_gpu") {
        return;
    }
    let folder = Folder::new("gpu");
    let json = folder.at("bench.json");
    let args = ["bench", "--quick", "--sizes", "20000", "--targets", "scalar,gpu:0", "--json"];
    let ran = ran(manylane().args(args).arg(&json));
    assert_eq!(ran.code, 0, "{ran:?}");
    let record: Value = serde_json::from_slice(&fs::read(&json).expect("the record")).expect("JSON");
    for row in rows(&record).iter().filter(|row| row["target"] == "gpu:0") {
        assert_eq!(row["verified"], true, "{row}");
        assert!(row["adapter"].is_string() && row["level"].is_null(), "{row}");
        let seconds = |field: &str| row[field].as_f64().expect("seconds");
        let (both, up, down) =
            (seconds("seconds_transfer"), seconds("seconds_upload"), seconds("seconds_download"));
        assert!(both > 0.0 && down > 0.0 && (both - up - down).abs() < 1e-12, "{row}");
    }
    let adapter = &record["host"]["adapters"][0];
    let said = ran.out.contains("a software adapter");
    assert_eq!(said, adapter["software"] == true, "{}", ran.out);
}
