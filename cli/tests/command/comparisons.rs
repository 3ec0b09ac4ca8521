//! `manylane bench compare` and `--baseline`.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Folder, Ran, fails, manylane_without_gpu, ran, run};

/// A record of two rows, each of nine rounds, one row twice as slow as the other.
fn record() -> Value {
    let host: Value = serde_json::from_str(&run(["info", "--json"]).out).expect("JSON");
    let row = |target: &str, seconds: f64| {
        let off = [0.0, 0.004, -0.003, 0.006, 0.002, -0.005, 0.001, 0.003, -0.002];
        json!({
            "kernel": "saxpy", "size": 65536, "shape": null, "target": target, "level": "avx2", "threads": 1,
            "adapter": null, "verified": true, "samples": 900, "seconds_min": 0.99 * seconds,
            "seconds_median": seconds, "seconds_transfer": null, "gb_s": 1.0, "gflop_s": 1.0, "speedup": 1.0,
            "note": null, "rounds": off.map(|off| seconds * (1.0 + off)),
        })
    };
    json!({ "format": 2, "host": host, "rows": [row("scalar", 2e-3), row("simd", 1e-3)] })
}

fn slower(record: &Value, row: usize, factor: f64) -> Value {
    let mut record = record.clone();
    let row = &mut record["rows"][row];
    let times = |value: &mut Value| *value = json!(value.as_f64().expect("seconds") * factor);
    times(&mut row["seconds_min"]);
    times(&mut row["seconds_median"]);
    row["rounds"].as_array_mut().expect("rounds").iter_mut().for_each(times);
    record
}

fn compare(before: &Path, after: &Path, more: &[&str]) -> Ran {
    ran(manylane_without_gpu().args(["bench", "compare"]).args([before, after]).args(more))
}

/// Writes both and compares them.
fn compared(before: &Value, after: &Value, more: &[&str]) -> Ran {
    let folder = Folder::new("compare");
    let (a, b) = (folder.at("before.json"), folder.at("after.json"));
    fs::write(&a, before.to_string()).expect("written");
    fs::write(&b, after.to_string()).expect("written");
    compare(&a, &b, more)
}

#[test]
fn the_same_is_no_change_and_what_is_slower_fails() {
    let before = record();
    let same = compared(&before, &before, &[]);
    assert_eq!((same.code, same.err.as_str()), (0, ""), "{same:?}");
    assert!(same.out.contains("no change in 2 rows") && !same.out.contains('\u{1b}'), "{same:?}");

    let worse = compared(&before, &slower(&before, 1, 1.1), &[]);
    assert_eq!(worse.code, 1, "{worse:?}");
    assert!(worse.out.contains("SLOWER") && worse.out.contains("+10.0%"), "{worse:?}");
    assert_eq!(worse.err, "manylane: 1 of 2 rows became slower: saxpy at 64Ki on simd (by 10.0 %)\n");

    let better = compared(&before, &slower(&before, 1, 0.9), &[]);
    assert_eq!((better.code, better.err.as_str()), (0, ""), "{better:?}");
    assert!(better.out.contains("1 faster, no change in 1"), "{better:?}");

    let little = compared(&before, &slower(&before, 1, 1.1), &["--least-change", "15%"]);
    assert_eq!(little.code, 0, "{little:?}");
}

#[test]
fn a_wrong_result_fails() {
    let mut after = record();
    after["rows"][0]["verified"] = json!(false);
    let wrong = compared(&record(), &after, &[]);
    assert_eq!(wrong.code, 1, "{wrong:?}");
    assert_eq!(wrong.err, "manylane: 1 of 2 rows gave wrong results: saxpy at 64Ki on scalar\n");
}

#[test]
fn rows_and_machines_that_differ_are_named() {
    let mut after = record();
    after["rows"][0]["target"] = json!("threads");
    after["host"]["cpu"] = json!("another processor");
    let ran = compared(&record(), &after, &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains("only in the earlier record: saxpy at 64Ki on scalar\n"), "{ran:?}");
    assert!(ran.out.contains("only in the later record: saxpy at 64Ki on threads\n"), "{ran:?}");
    assert!(ran.err.contains("different machines") && ran.err.contains("another processor after"), "{ran:?}");

    after["rows"][1]["kernel"] = json!("sum");
    fails_after_warning(&compared(&record(), &after, &[]), "in common");
}

fn fails_after_warning(ran: &Ran, part: &str) {
    assert!(ran.code == 1 && ran.err.contains(part) && ran.out.is_empty(), "{ran:?}");
}

#[test]
fn what_is_no_record_is_told() {
    let folder = Folder::new("no-record");
    let good = folder.at("good.json");
    fs::write(&good, record().to_string()).expect("written");
    let tried = |text: &str| {
        let place = folder.at("tried.json");
        fs::write(&place, text).expect("written");
        compare(&place, &good, &[])
    };
    fails(&compare(&folder.at("absent.json"), &good, &[]), 1, &["absent.json", "bench --json"]);
    fails(&compare(&good, folder.path(), &[]), 1, &["cannot be read"]);
    fails(&tried("{ half"), 1, &["tried.json", "no record", "bench --json"]);
    fails(&tried("[1, 2]"), 1, &["tried.json", "`format`"]);
    fails(&tried("{\"format\": 1, \"rows\": []}"), 1, &["tried.json", "format 1", "measure it again"]);
    fails(&tried("{\"format\": 3}"), 1, &["tried.json", "format 3", "2"]);
    fails(&tried("{\"format\": 2, \"rows\": []}"), 1, &["tried.json", "host"]);
    fails(&run(["bench", "compare", "x"]), 2, &["AFTER"]);
    fails(&run(["bench", "compare", "x", "y", "--least-change", "lots"]), 2, &["lots", "percent"]);
    fails(&run(["bench", "--baseline", "/absent"]), 1, &["/absent"]);
}

#[test]
fn a_markdown_table_of_the_differences() {
    let folder = Folder::new("compare-markdown");
    let file = folder.at("table.md");
    let path = file.to_str().expect("a path in text");
    let ran = compared(&record(), &slower(&record(), 0, 1.5), &["--markdown", path]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let text = fs::read_to_string(&file).expect("the table");
    assert!(text.contains("| saxpy | 64Ki | scalar |") && text.contains("| SLOWER |"), "{text}");
}

#[test]
fn a_bench_against_a_baseline() {
    let folder = Folder::new("baseline");
    let base = folder.at("base.json");
    let args = ["bench", "--quick", "--kernels", "saxpy", "--sizes", "100k", "--targets", "simd"];
    let first = ran(manylane_without_gpu().args(args).arg("--json").arg(&base));
    assert_eq!(first.code, 0, "{first:?}");
    let measured: Value = serde_json::from_slice(&fs::read(&base).expect("the record")).expect("JSON");
    let against = |record: &Value| {
        fs::write(&base, record.to_string()).expect("written");
        ran(manylane_without_gpu().args(args).arg("--baseline").arg(&base).args(["--least-change", "100"]))
    };
    // Whatever else this machine does meanwhile: ten times as slow it is not.
    let well = against(&slower(&measured, 0, 10.0));
    assert_eq!(well.code, 0, "{well:?}");
    assert!(well.out.contains("Against the baseline:") && well.out.contains("1 faster"), "{well:?}");
    let ill = against(&slower(&measured, 0, 0.1));
    assert_eq!(ill.code, 1, "{ill:?}");
    assert!(ill.err.contains("1 of 1 rows became slower: saxpy at 100Ki on simd"), "{ill:?}");
    assert!(
        ill.out.contains("Who wins") || ill.out.contains("kernel"),
        "the rows are shown all the same: {ill:?}"
    );
}
