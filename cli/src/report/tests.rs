//! Whole reports: of a made-up record with everything in it, of a measured one, and of what is hardly there.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::fixture::{HOSTILE, LONG, record};
use super::*;
use crate::bench::evaluation::{Evaluation, Peaks, Scaling, Timeline};
use crate::bench::record::Row;

/// A record of a real machine that ships with the project.
fn measured() -> Record {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../benches/record/2026-11-21-zen5-2core-bench-quick.json");
    serde_json::from_str(&fs::read_to_string(file).expect("the record")).expect("a record")
}

fn page(record: &Record) -> String {
    page::html(record, &Plots::of(record)).expect("a page")
}

/// The figures of a page: pointer and number.
fn figures(page: &str) -> Vec<(&str, f64)> {
    page.split(" data-at=\"").skip(1).map(figure).collect()
}

fn figure(part: &str) -> (&str, f64) {
    let (at, rest) = part.split_once('"').expect("a pointer");
    let rest = rest.strip_prefix(" data-value=\"").expect("a number");
    let (value, _) = rest.split_once('"').expect("a number");
    (at, value.parse().expect("a number"))
}

fn embedded(page: &str) -> Value {
    let (_, rest) = page.split_once("<script type=\"application/json\" id=\"record\">").expect("the record");
    let (json, _) = rest.split_once("</script>").expect("its end");
    serde_json::from_str(json).expect("JSON")
}

/// Every number that the page and the plots show is the one that stands in the record.
fn holds_against_its_record(record: &Record) {
    let value: Value = serde_json::from_str(&record.json().expect("JSON")).expect("JSON");
    let page = page(record);
    assert_eq!(embedded(&page), value);
    let number = |at: &str| value.pointer(at).and_then(Value::as_f64);
    for (at, shown) in figures(&page) {
        assert_eq!(number(at), Some(shown), "{at}");
    }
    for scene in Plots::of(record).all() {
        for figure in scene.figures() {
            assert_eq!(number(&figure.at), Some(figure.value), "{} in {}", figure.at, scene.name);
        }
        assert!(scene.figures().next().is_some(), "{} shows nothing", scene.name);
    }
}

fn shown(record: &Record, part: &str) -> usize {
    let plots = Plots::of(record);
    let all = plots.all().flat_map(Scene::figures).filter(|figure| figure.at.contains(part));
    let mut all: Vec<&str> = all.map(|figure| figure.at.as_str()).collect();
    all.sort_unstable();
    all.dedup();
    all.len()
}

#[test]
fn figures_are_those_of_the_record() {
    holds_against_its_record(&record());
    holds_against_its_record(&measured());
}

#[test]
fn every_number_that_can_be_plotted_is_plotted() {
    for record in [record(), measured()] {
        assert_eq!(shown(&record, "/gb_s"), record.rows.len() + shown(&record, "/memories/"));
        assert_eq!(shown(&record, "/speedup"), record.rows.len() + shown(&record, "/steps/"));
    }
    let record = record();
    let plots = Plots::of(&record);
    for (scene, kernel) in plots.speed.iter().zip(speed::kernels(&record)) {
        let rows = record.rows.iter().filter(|row| row.kernel == kernel).count();
        assert_eq!(scene.figures().count(), rows, "{kernel}");
    }
    let evaluation = record.evaluation.as_ref().expect("an evaluation");
    assert_eq!(shown(&record, "/points/"), evaluation.points.len());
    assert_eq!(shown(&record, "/peaks/"), 3 + 9);
    assert_eq!(shown(&record, "/steps/"), 4 * 2 * 8);
    assert_eq!(
        shown(&record, "/crossovers/"),
        evaluation.crossovers.iter().map(|c| c.sizes.len()).sum::<usize>()
    );
    assert_eq!(shown(&record, "/shares/"), 3 * 2 * 2);
    assert_eq!(shown(&record, "/spans/"), evaluation.timelines[0].spans.len());
}

#[test]
fn drawings_are_sound_xml_and_say_what_they_show() {
    for scene in Plots::of(&record()).all() {
        for text in [svg::file(scene), svg::inline(scene)] {
            assert!(!text.contains("NaN") && !text.contains("inf\""), "{}", scene.name);
            let tree =
                roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", scene.name));
            let root = tree.root_element();
            assert_eq!(root.attribute("role"), Some("img"));
            let title = root
                .children()
                .find(|node| node.has_tag_name((root.tag_name().namespace().expect("SVG's"), "title")));
            assert_eq!(title.and_then(|title| title.text()), Some(scene.title.as_str()));
            let figures = tree.descendants().filter(|node| node.has_attribute("data-at"));
            assert_eq!(figures.count(), scene.figures().count());
        }
    }
}

#[test]
fn names_are_text_wherever_they_stand() {
    let page = page(&record());
    assert!(!page.contains("<script>alert") && !page.contains("<fast>") && !page.contains("<guessed>"));
    assert_eq!(page.matches("<script").count(), 2);
    assert_eq!(page.matches("</script").count(), 2);
    assert!(page.contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;amp;&#39;"));
    assert_eq!(svg::escaped("a\u{1b}[31m\u{0}b"), "a\u{fffd}[31m\u{fffd}b");
    for scene in Plots::of(&record()).all() {
        assert!(
            scene.name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')),
            "{}",
            scene.name
        );
    }
}

#[test]
fn the_page_asks_for_nothing_outside() {
    let page = page(&record());
    for word in ["src=", "url(", "@import", "href=\"http", "<link", "fetch("] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn verdicts_without_sizes_and_parts_of_a_domain_are_drawn() {
    let mut record = record();
    let evaluation = record.evaluation.as_mut().expect("an evaluation");
    for crossing in &mut evaluation.crossovers {
        (crossing.verdict, crossing.sizes) = ("never".to_owned(), Vec::new());
    }
    for (number, span) in evaluation.timelines[0].spans.iter_mut().enumerate() {
        span.name = format!("{number}..{}", number + 1);
    }
    holds_against_its_record(&record);
    let plots = Plots::of(&record);
    assert_eq!(plots.crossover.len(), 2);
    assert!(plots.timeline[0].height < 300.0, "one colour, and one name for it");
}

#[test]
fn what_is_missing_is_said() {
    let plain = page(&measured());
    for what in [
        "measured peaks",
        "scaling over threads",
        "crossover sizes",
        "shares of split",
        "timeline of a launch",
    ] {
        assert!(plain.contains(&format!("The record has no {what}")), "{what}");
    }
    assert_eq!(plain.matches("manylane bench --evaluate").count(), 5);
    let mut empty = measured();
    empty.rows.clear();
    empty.evaluation = Some(Evaluation { notes: vec!["there is <no> time".into()], ..Evaluation::default() });
    let page = page(&empty);
    assert_eq!(page.matches("Nothing was timed: no row of the record has a time.").count(), 2);
    assert_eq!(page.matches("The evaluation found no").count(), 5);
    assert!(page.contains("there is &lt;no&gt; time"));
    assert_eq!(Plots::of(&empty).all().count(), 0);
    holds_against_its_record(&empty);
}

#[test]
fn numbers_that_are_none_are_left_out() {
    let mut record = record();
    for row in &mut record.rows {
        (row.gb_s, row.speedup, row.seconds_transfer) = (Some(f64::NAN), Some(f64::INFINITY), Some(-1.0));
    }
    record.rows[0].gb_s = Some(12.5);
    record.rows[1].gb_s = None;
    record.rows[2].gb_s = Some(0.0);
    let evaluation = record.evaluation.as_mut().expect("an evaluation");
    evaluation.peaks[0].gflop_s = f64::NAN;
    evaluation.peaks[1].memories.iter_mut().for_each(|memory| memory.gb_s = 0.0);
    evaluation.points.iter_mut().for_each(|point| point.intensity = f64::NAN);
    evaluation.scaling.iter_mut().for_each(|scaling| scaling.serial = Some(f64::NAN));
    evaluation.scaling[0].steps[1].speedup = f64::NAN;
    evaluation.scaling.push(Scaling { kernel: "x".into(), kind: "strong".into(), ..Scaling::default() });
    evaluation.crossovers[0].sizes = vec![f64::NAN];
    evaluation.shares[0].devices[0].given = f64::NAN;
    evaluation.timelines[0].spans[0].seconds = f64::NAN;
    evaluation.timelines.push(Timeline::default());
    evaluation.peaks.push(Peaks { target: "scalar".into(), gflop_s: 4.0, memories: Vec::new() });
    // JSON has no such numbers, so only the drawings are held against them here.
    for scene in Plots::of(&record).all() {
        let text = svg::file(scene);
        assert!(!text.contains("NaN") && !text.contains("inf\""), "{}: {text}", scene.name);
        roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", scene.name));
        assert!(scene.figures().all(|figure| figure.value.is_finite()), "{}", scene.name);
        png::file(scene).expect("a picture");
    }
    let page = page(&record);
    assert!(!page.contains("NaN") && figures(&page).iter().all(|(_, value)| value.is_finite()));
    assert_eq!(Plots::of(&record).speed.len(), 1);
}

#[test]
fn one_row_is_a_report() {
    let mut one = record();
    one.rows.truncate(1);
    one.evaluation = None;
    holds_against_its_record(&one);
    let plots = Plots::of(&one);
    let counts: Vec<(&str, usize)> = plots.all().map(|s| (s.name.as_str(), s.figures().count())).collect();
    assert_eq!(counts, [("winners", 1), ("speed-saxpy", 1)]);
    one.rows[0] = Row {
        kernel: LONG.into(),
        target: "a target of one's own".into(),
        size: 1,
        verified: false,
        ..Row::default()
    };
    holds_against_its_record(&one);
    assert_eq!(Plots::of(&one).all().count(), 0);
}

#[test]
fn pictures_have_their_size_and_are_not_blank() {
    for scene in Plots::of(&record()).all() {
        let bytes = png::file(scene).expect("a picture");
        let picture = image::load_from_memory(&bytes).expect("a PNG").to_rgb8();
        assert_eq!((picture.width(), picture.height()), png::size(scene), "{}", scene.name);
        let drawn = picture.pixels().filter(|pixel| pixel.0 != [255; 3]).count();
        let share = drawn as f64 / (picture.width() * picture.height()) as f64;
        assert!((0.01..0.9).contains(&share), "{}: {share}", scene.name);
    }
}

#[test]
fn files_are_named_apart() {
    let mut record = record();
    record.rows.retain(|row| row.kernel == HOSTILE || row.kernel == "saxpy");
    for row in &mut record.rows {
        row.kernel = if row.kernel == "saxpy" { "A/b".into() } else { "a b".into() };
    }
    let plots = Plots::of(&record);
    let names: Vec<&str> = plots.speed.iter().map(|scene| scene.name.as_str()).collect();
    assert_eq!(names, ["speed-A-b", "speed-a-b-2"]);
}

#[test]
fn a_folder_holds_the_page_the_record_and_every_plot_twice() {
    let folder = std::env::temp_dir().join(format!("manylane-report-{}", std::process::id()));
    let record = record();
    write(&record, &folder.join("new/one")).expect("written");
    let at = |name: &str| folder.join("new/one").join(name);
    let mut names: Vec<String> = fs::read_dir(folder.join("new/one"))
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let plots = Plots::of(&record);
    let mut wanted: Vec<String> = plots
        .all()
        .flat_map(|scene| [format!("{}.png", scene.name), format!("{}.svg", scene.name)])
        .collect();
    wanted.extend(["index.html".to_owned(), "record.json".to_owned()]);
    wanted.sort();
    assert_eq!(names, wanted);
    assert_eq!(fs::read_to_string(at("index.html")).expect("the page"), page(&record));
    assert_eq!(fs::read_to_string(at("record.json")).expect("the record"), record.json().expect("JSON"));

    let file = at("index.html");
    let failure = write(&record, &file).expect_err("a file is no folder");
    assert!(failure.text.contains("index.html") && failure.text.contains("name another"), "{}", failure.text);
    fs::remove_dir_all(folder).expect("removed");
}

/// For `cargo xtask report-check` without a folder, which looks at it in a browser. MANYLANE_RECORD may name a measured record.
#[test]
#[ignore = "writes the report of a made-up record to MANYLANE_REPORT; `cargo xtask report-check` runs it"]
fn the_report_for_a_browser() {
    let folder = PathBuf::from(std::env::var_os("MANYLANE_REPORT").expect("MANYLANE_REPORT names a folder"));
    let drawn = match std::env::var_os("MANYLANE_RECORD") {
        Some(file) => serde_json::from_str(&fs::read_to_string(file).expect("the file")).expect("a record"),
        None => record(),
    };
    write(&drawn, &folder).expect("written");
}
