//! The chapters fit together: each is in the book and in the crate, and their figures are those of their records.
#![forbid(unsafe_code)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

fn guide() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn record(name: &str) -> PathBuf {
    guide().join("../../benches/record").join(name)
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A chapter as one line, so that a figure is found wherever its paragraph was broken.
fn chapter(name: &str) -> String {
    text(&guide().join("src").join(name)).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn chapters() -> BTreeSet<String> {
    let files = fs::read_dir(guide().join("src")).expect("the chapters");
    let names = files.map(|file| file.expect("a file").file_name().into_string().expect("a plain name"));
    names.filter(|name| name.ends_with(".md") && name != "SUMMARY.md").collect()
}

/// What stands between `open` and `close`, each time.
fn between<'t>(text: &'t str, open: &str, close: &str) -> Vec<&'t str> {
    text.split(open).skip(1).filter_map(|rest| rest.split_once(close)).map(|(inner, _)| inner).collect()
}

/// The values of a record, which is an array, an object with rows, or a value in each line.
fn values(name: &str) -> Vec<Value> {
    let text = text(&record(name));
    match serde_json::from_str(&text) {
        Ok(Value::Array(rows)) => rows,
        Ok(Value::Object(mut all)) => match all.remove("rows") {
            Some(Value::Array(rows)) => rows,
            _ => panic!("{name} has no rows"),
        },
        _ => text.lines().map(|line| serde_json::from_str(line).expect(name)).collect(),
    }
}

/// A number of the only row that has all of these values.
fn figure(name: &str, wanted: &[(&str, Value)], key: &str) -> f64 {
    let fits = |row: &&Value| wanted.iter().all(|(key, value)| row[key] == *value);
    let rows = values(name);
    let found: Vec<&Value> = rows.iter().filter(fits).collect();
    assert_eq!(found.len(), 1, "{name}: rows with {wanted:?}");
    found[0][key].as_f64().unwrap_or_else(|| panic!("{name}: {key} of {wanted:?} is no number"))
}

/// Milliseconds of a row of the comparison with other libraries.
fn peer(name: &str, workload: &str, size: &str, peer: &str, threads: u32) -> f64 {
    let row: [(&str, Value); 4] = [
        ("workload", workload.into()),
        ("size", size.into()),
        ("peer", peer.into()),
        ("threads", threads.into()),
    ];
    1e3 * figure(name, &row, "seconds_min")
}

const ARRAYS: &str = "2026-11-23-zen3-2core-peers-arrays.json";
const BYTES: &str = "2026-11-23-zen3-2core-peers-bytes.json";
const PICTURES: &str = "2026-11-23-zen3-2core-peers-pictures.json";

#[test]
fn every_chapter_is_in_the_book_and_in_the_crate() {
    let summary = text(&guide().join("src/SUMMARY.md"));
    let listed: Vec<&str> = between(&summary, "](", ")");
    let crate_text = text(&guide().join("src/lib.rs"));
    let included: Vec<&str> = between(&crate_text, "include_str!(\"", "\")");
    assert_eq!(listed, included, "the same chapters in the same order");
    assert_eq!(listed.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>(), chapters());
}

/// `python` blocks are not run, and neither is what is marked so: a chapter has none.
#[test]
fn every_example_is_run_or_must_not_compile() {
    let allowed = ["rust", "text", "rust,compile_fail,E0499", "rust,compile_fail,E0277"];
    for name in chapters() {
        let text = text(&guide().join("src").join(&name));
        let fences: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("```")).collect();
        for fence in fences.chunks(2) {
            assert!(allowed.contains(&fence[0]), "{name}: a block of `{}`", fence[0]);
            assert_eq!(fence.get(1), Some(&""), "{name}: a block of `{}` does not end", fence[0]);
        }
    }
}

#[test]
fn records_that_are_quoted_are_there() {
    let mut quoted = 0;
    for name in chapters() {
        let text = text(&guide().join("src").join(&name));
        for file in between(&text, "benches/record/", "`") {
            assert!(record(file).is_file(), "{name}: there is no record {file}");
            quoted += 1;
        }
        for paragraph in text.split("\n\n").filter(|paragraph| paragraph.starts_with("*Measured*")) {
            assert!(paragraph.contains("`benches/record/"), "{name}: a figure without a record: {paragraph}");
        }
    }
    assert!(quoted > 10, "{quoted} records are quoted");
}

#[test]
fn figures_are_those_of_their_records() {
    let quick = "2026-11-21-zen5-2core-bench-quick.json";
    let mandelbrot = |target: &str| {
        figure(quick, &[("kernel", "mandelbrot".into()), ("target", target.into())], "speedup")
    };
    let copies = "2026-11-21-zen5-2core-copies.jsonl";
    let copied = |way| 1e3 * figure(copies, &[("bytes", (64 << 20).into()), ("in_place", true.into())], way);
    let yardsticks = "2026-11-21-zen5-2core-yardsticks.jsonl";
    let launch = |key| 1e9 * figure(yardsticks, &[("kernel", "launch_auto".into())], key);
    let gain =
        |name, workload, size| peer(name, workload, size, "ours", 1) / peer(name, workload, size, "ours", 2);
    let (alone, together) = (mandelbrot("simd"), mandelbrot("threads"));
    let (nanoseconds, loops) = (launch("ours_min"), launch("hand_min"));
    let (sobel, hist16, sum) =
        (gain(PICTURES, "sobel", "4K"), gain(ARRAYS, "hist16", "L"), gain(ARRAYS, "sum", "L"));
    let ours = |workload| peer(ARRAYS, workload, "L", "ours", 2);
    let other = |workload, name, threads| peer(ARRAYS, workload, "L", name, threads);
    let told = [
        (
            "machines.md",
            format!("{alone:.1} times as fast by SIMD lanes as by one scalar loop, and {together:.1} times"),
        ),
        (
            "machines.md",
            format!(
                "{:.1} ms to a software adapter and {:.1} ms back",
                copied("up_seconds"),
                copied("down_seconds")
            ),
        ),
        (
            "models.md",
            format!(
                "in {:.1} ms by manylane's fixed tree of vectors, and in {:.1} ms",
                ours("sum"),
                other("sum", "rayon", 2)
            ),
        ),
        ("agglomerate.md", format!("takes {nanoseconds:.0} ns, of which {loops:.0} ns are the loop")),
        ("threads.md", format!("takes {nanoseconds:.0} ns")),
        (
            "share.md",
            format!(
                "takes {:.1} ms on one thread and {:.1} ms on two",
                peer(BYTES, "hist8", "L", "ours", 1),
                peer(BYTES, "hist8", "L", "ours", 2)
            ),
        ),
        (
            "share.md",
            format!(
                "floats take {:.1} ms in the same record, NumPy {:.1} ms",
                peer(BYTES, "sum", "L", "ours", 1),
                peer(BYTES, "sum", "L", "numpy", 1)
            ),
        ),
        (
            "evaluate.md",
            format!(
                "16-bit numbers gains {hist16:.2} from a second thread, a sum of 64 Mi floats only {sum:.2}"
            ),
        ),
        (
            "evaluate.md",
            format!("relative_speedup({:.3}, {:.3})", other("hist16", "ours", 1), ours("hist16")),
        ),
        ("evaluate.md", format!("relative_speedup({:.3}, {:.3})", other("sum", "ours", 1), ours("sum"))),
        ("evaluate.md", format!("4K picture gains {sobel:.2}")),
        ("concurrency.md", format!("4K picture {sobel:.2} times as fast")),
        (
            "pools.md",
            format!(
                "{:.1} ms, Numba's loops {:.1} ms and rayon's {:.1} ms",
                ours("mmmv"),
                other("mmmv", "numba", 2),
                other("mmmv", "rayon", 2)
            ),
        ),
        (
            "python.md",
            format!(
                "manylane {:.1} ms, Numba {:.1} ms and NumPy, on its one thread, {:.1} ms",
                ours("scan_f32"),
                other("scan_f32", "numba", 2),
                other("scan_f32", "numpy", 1)
            ),
        ),
    ];
    for (name, told) in told {
        assert!(chapter(name).contains(&told), "{name} does not say: {told}");
    }
}

/// What the chapter about evaluation says of Auto.
#[test]
fn auto_is_over_its_bound_in_no_row() {
    let rows = values("2026-11-22-zen3-2core-auto.jsonl");
    assert!(chapter("evaluate.md").contains(&format!("in {} pairs of kernel and size", rows.len())));
    for row in rows {
        assert_eq!(row["over"], Value::Bool(false), "{row}");
    }
}
