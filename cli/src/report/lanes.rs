//! Plots of bars that lie below each other: from which size on one target is faster than another, how a split divided its
//! work, what happened when in a launch.

use crate::bench::evaluation::{Crossing, Evaluation, Shares, Timeline};
use crate::bench::record::Record;
use crate::report::axis::{Axis, drawable};
use crate::report::number::Unit;
use crate::report::scene::{Align, EDGE, Figure, Ink, LETTER, LINE, Scene, Stroke, WIDTH, cut, series};
use crate::report::speed::distinct;

/// Where the bars of lanes begin; their names stand left of that.
const LEFT: f64 = EDGE + 14.0 * LETTER + 4.0;
const RIGHT: f64 = WIDTH - EDGE;
const BAR: f64 = 16.0;

fn name(scene: &mut Scene, y: f64, text: &str) {
    let text = cut(text, LEFT - EDGE, LETTER);
    scene.text((EDGE, y + BAR / 2.0), text, Align::Start, Ink::Soft);
}

fn axis(scene: &mut Scene, axis: &Axis, (top, bottom): (f64, f64), title: &str) {
    let mut free = LEFT - 14.0;
    for (value, text) in &axis.ticks {
        let x = LEFT + axis.place(*value) * (RIGHT - LEFT);
        scene.line(vec![(x, top), (x, bottom)], Ink::Grid, Stroke::Hair);
        let half = text.chars().count() as f64 * LETTER / 2.0;
        if x - half > free && x + half < WIDTH {
            scene.text((x, bottom + 9.0), text.clone(), Align::Middle, Ink::Soft);
            free = x + half + 4.0;
        }
    }
    scene.text((RIGHT, bottom + 24.0), title, Align::End, Ink::Soft);
}

/// For each pair of targets a plot with a lane for each kernel.
pub fn crossovers(record: &Record, evaluation: &Evaluation) -> Vec<Scene> {
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for crossing in &evaluation.crossovers {
        let pair = (crossing.of.as_str(), crossing.against.as_str());
        if !pairs.contains(&pair) {
            pairs.push(pair);
        }
    }
    pairs.into_iter().filter_map(|pair| crossover(record, evaluation, pair)).collect()
}

/// What a crossing says in words.
pub fn in_words(crossing: &Crossing) -> String {
    let sizes: Vec<String> =
        crossing.sizes.iter().filter(|size| drawable(**size)).map(|size| Unit::Places.show(*size)).collect();
    match (crossing.verdict.as_str(), sizes.is_empty()) {
        (verdict, true) => verdict.to_owned(),
        ("several", false) => format!("changes at {}", sizes.join(", ")),
        (verdict, false) => format!("{verdict} {}", sizes.join(", ")),
    }
}

/// The sizes at which `of` is known to be faster; nothing where the verdict does not say.
fn faster(crossing: &Crossing, (low, high): (f64, f64)) -> Option<(f64, f64)> {
    let first = crossing.sizes.first().copied().filter(|size| drawable(*size));
    match (crossing.verdict.as_str(), first) {
        ("always", _) => Some((low, high)),
        ("from", Some(size)) => Some((size.min(high), high)),
        ("up to", Some(size)) => Some((low, size.max(low))),
        _ => None,
    }
}

fn crossover(record: &Record, evaluation: &Evaluation, (of, against): (&str, &str)) -> Option<Scene> {
    let crossings: Vec<(usize, &Crossing)> = evaluation
        .crossovers
        .iter()
        .enumerate()
        .filter(|(_, crossing)| crossing.of == of && crossing.against == against)
        .collect();
    let measured = |kernel: Option<&str>| -> Vec<(usize, f64)> {
        let rows = record.rows.iter().enumerate();
        let rows = rows.filter(|(_, row)| row.target == of || row.target == against);
        rows.filter(|(_, row)| kernel.is_none_or(|kernel| row.kernel == kernel))
            .map(|(at, row)| (at, row.size as f64))
            .collect()
    };
    let changes = crossings.iter().flat_map(|(_, crossing)| crossing.sizes.iter().copied());
    let sizes =
        Axis::doublings(measured(None).into_iter().map(|(_, size)| size).chain(changes), Unit::Places, 4)?;
    let kernels = distinct(crossings.iter().map(|(_, crossing)| crossing.kernel.as_str()));
    let (top, step) = (46.0, LINE + 2.0 * (BAR + 2.0) + 6.0);
    let bottom = top + kernels.len() as f64 * step;
    let title = format!("{of} against {against}");
    let about = format!(
        "The sizes at which {of} is faster than {against}, kernel by kernel, without and with transfers."
    );
    let mut scene = Scene::new(&format!("crossover-{of}-{against}"), &title, &about, bottom + 36.0);
    scene.text(
        (EDGE, 35.0),
        cut(&format!("filled: {of} is faster"), WIDTH - 2.0 * EDGE, LETTER),
        Align::Start,
        Ink::Soft,
    );
    axis(&mut scene, &sizes, (top, bottom), "places");
    for (lane, kernel) in kernels.iter().enumerate() {
        let y = top + lane as f64 * step;
        scene.text((EDGE, y + LINE / 2.0), cut(kernel, WIDTH - 2.0 * EDGE, LETTER), Align::Start, Ink::Text);
        let own = measured(Some(kernel));
        let low = own.iter().map(|(_, size)| *size).fold(f64::INFINITY, f64::min);
        let largest = own.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
        let span = largest.map_or(sizes.ends(), |(_, high)| (low, high));
        let most = largest.map(|(at, value)| {
            let says =
                format!("{kernel}: measured from {} to {}", Unit::Places.show(low), Unit::Places.show(value));
            Figure { at: format!("/rows/{at}/size"), value, says }
        });
        for (row, with_transfers) in [false, true].into_iter().enumerate() {
            let found =
                crossings.iter().find(|(_, c)| c.kernel == *kernel && c.with_transfers == with_transfers);
            let Some((at, crossing)) = found else { continue };
            let y = y + LINE + row as f64 * (BAR + 2.0);
            name(&mut scene, y, if with_transfers { "with transfers" } else { "kernel alone" });
            let x = |size: f64| LEFT + sizes.place(size) * (RIGHT - LEFT);
            scene.bar((x(span.0), y), ((x(span.1) - x(span.0)).max(1.0), BAR), Ink::Soft, 0.12, most.clone());
            if let Some((from, to)) = faster(crossing, span) {
                let width = (x(to) - x(from)).max(1.0);
                scene.bar((x(from), y), (width, BAR), Ink::Series(series(of)), 0.4, None);
            }
            for (nth, size) in crossing.sizes.iter().enumerate().filter(|(_, size)| drawable(**size)) {
                let at = format!("/evaluation/crossovers/{at}/sizes/{nth}");
                let says =
                    format!("{kernel}: {of} and {against} are as fast at {}", Unit::Places.show(*size));
                let figure = Figure { at, value: *size, says };
                scene.bar((x(*size) - 1.0, y), (2.0, BAR), Ink::Text, 1.0, Some(figure));
            }
            let marks: Vec<f64> =
                crossing.sizes.iter().filter(|size| drawable(**size)).map(|size| x(*size)).collect();
            if let Some((left, words)) = clear_of(&marks, x(span.0) + 4.0, crossing) {
                scene.text((left, y + BAR / 2.0), words, Align::Start, Ink::Text);
            }
        }
    }
    Some(scene)
}

/// Where a verdict does not lie over the mark of a change: beside the first, or at the lane's beginning; shortened where it
/// has no room as a whole, and left to the table where it has none at all.
fn clear_of(marks: &[f64], begin: f64, crossing: &Crossing) -> Option<(f64, String)> {
    [in_words(crossing), crossing.verdict.clone()].into_iter().find_map(|words| {
        let width = words.chars().count() as f64 * LETTER;
        let clear = |left: &f64| {
            let apart = |mark: &f64| *mark + 3.0 < *left || *mark - 3.0 > *left + width;
            *left >= LEFT && *left + width <= RIGHT && marks.iter().all(apart)
        };
        let beside = marks.iter().flat_map(|mark| [mark + 6.0, mark - 6.0 - width]);
        beside.chain([begin]).find(clear).map(|left| (left, words))
    })
}

/// One plot of all splits: what each device was given, above what would have been ideal.
pub fn shares(evaluation: &Evaluation) -> Option<Scene> {
    let splits: Vec<(usize, &Shares)> =
        evaluation.shares.iter().enumerate().filter(|(_, shares)| !shares.devices.is_empty()).collect();
    if splits.is_empty() {
        return None;
    }
    let (top, step) = (52.0, LINE + 2.0 * (BAR + 2.0) + 8.0);
    let height = top + splits.len() as f64 * step + EDGE;
    let about =
        "The part of each split launch that each device was given, and the part by its measured speed alone.";
    let mut scene = Scene::new("shares", "Who was given how much", about, height);
    let devices = distinct(
        splits.iter().flat_map(|(_, shares)| shares.devices.iter().map(|share| share.device.as_str())),
    );
    let mut key = EDGE;
    for device in devices {
        scene.dot((key + 4.0, 35.0), series(device), None);
        scene.text((key + 12.0, 35.0), device, Align::Start, Ink::Series(series(device)));
        key += device.chars().count() as f64 * LETTER + 26.0;
    }
    for (lane, (at, split)) in splits.iter().enumerate() {
        let y = top + lane as f64 * step;
        let title = format!("{} {}", split.kernel, Unit::Places.show(split.size as f64));
        scene.text((EDGE, y + LINE / 2.0), cut(&title, WIDTH - 2.0 * EDGE, LETTER), Align::Start, Ink::Text);
        for (row, which) in ["given", "ideal"].into_iter().enumerate() {
            let y = y + LINE + row as f64 * (BAR + 2.0);
            name(&mut scene, y, which);
            let mut left = LEFT;
            for (device, share) in split.devices.iter().enumerate() {
                let value = if which == "given" { share.given } else { share.ideal };
                if !value.is_finite() || value < 0.0 {
                    continue;
                }
                let width = (value * (RIGHT - LEFT)).min(RIGHT - left);
                let text = Unit::Share.show(value);
                let says = format!("{title}, {}, {which}: {text}", share.device);
                let figure =
                    Figure { at: format!("/evaluation/shares/{at}/devices/{device}/{which}"), value, says };
                let inner = (width - 1.0).max(0.5);
                scene.bar((left, y), (inner, BAR), Ink::Series(series(&share.device)), 0.4, Some(figure));
                if text.chars().count() as f64 * LETTER + 6.0 < width {
                    scene.text((left + width / 2.0, y + BAR / 2.0), text, Align::Middle, Ink::Text);
                }
                left += width;
            }
        }
    }
    Some(scene)
}

/// A plot for each launch that was followed.
pub fn timelines(evaluation: &Evaluation) -> Vec<Scene> {
    let numbered = evaluation.timelines.iter().enumerate();
    numbered.filter_map(|(at, timeline)| plot_timeline(at, timeline)).collect()
}

/// What has a colour of its own: work, by what it is; parts of a domain, which are named by their places, are all alike.
fn kind_of(name: &str) -> &str {
    if name.starts_with(|c: char| c.is_ascii_digit()) { "places" } else { name }
}

fn plot_timeline(at: usize, timeline: &Timeline) -> Option<Scene> {
    let sound =
        |start: f64, seconds: f64| start.is_finite() && seconds.is_finite() && start >= 0.0 && seconds >= 0.0;
    let spans: Vec<_> =
        timeline.spans.iter().enumerate().filter(|(_, span)| sound(span.start, span.seconds)).collect();
    let end = spans.iter().map(|(_, span)| span.start + span.seconds).fold(0.0, f64::max);
    if end <= 0.0 {
        return None;
    }
    let lanes = distinct(spans.iter().map(|(_, span)| span.lane.as_str()));
    let kinds = distinct(spans.iter().map(|(_, span)| kind_of(&span.name)));
    let colour = |name: &str| 1 + kinds.iter().position(|kind| *kind == name).unwrap_or(0);
    // The names of what was done, on as many lines as they need.
    let mut keys: Vec<(f64, f64, &str)> = Vec::new();
    let (mut x, mut y) = (EDGE, 35.0);
    for kind in kinds.iter().copied() {
        let width = kind.chars().count().min(44) as f64 * LETTER + 26.0;
        if x > EDGE && x + width - 14.0 > RIGHT {
            (x, y) = (EDGE, y + LINE);
        }
        keys.push((x, y, kind));
        x += width;
    }
    let (top, step) = (y + 16.0, BAR + 4.0);
    let bottom = top + lanes.len() as f64 * step;
    let title =
        format!("{} {} on {}", timeline.kernel, Unit::Places.show(timeline.size as f64), timeline.target);
    let about =
        format!("What each worker and device did when, in one launch that took {}.", Unit::Seconds.show(end));
    let mut scene =
        Scene::new(&format!("timeline-{}-{}", at + 1, timeline.kernel), &title, &about, bottom + 36.0);
    for (x, y, kind) in keys {
        scene.dot((x + 4.0, y), colour(kind), None);
        scene.text(
            (x + 12.0, y),
            cut(kind, RIGHT - x - 12.0, LETTER),
            Align::Start,
            Ink::Series(colour(kind)),
        );
    }
    let time = Axis::from_zero(end, Unit::Seconds, 4);
    axis(&mut scene, &time, (top, bottom), "time since the first began");
    for (lane, name_of) in lanes.iter().enumerate() {
        name(&mut scene, top + lane as f64 * step, name_of);
    }
    for (place, span) in spans {
        let lane = lanes.iter().position(|lane| *lane == span.lane).unwrap_or(0);
        let x = |seconds: f64| LEFT + time.place(seconds) * (RIGHT - LEFT);
        let (left, right) = (x(span.start), x(span.start + span.seconds));
        let says = format!(
            "{}, {}: {}, from {} on",
            span.lane,
            span.name,
            Unit::Seconds.show(span.seconds),
            Unit::Seconds.show(span.start)
        );
        let at = format!("/evaluation/timelines/{at}/spans/{place}/seconds");
        let figure = Figure { at, value: span.seconds, says };
        // A hair of ground between neighbours, so that they can be counted.
        let width = (right - left - 0.5).max(0.75);
        scene.bar(
            (left, top + lane as f64 * step),
            (width, BAR),
            Ink::Series(colour(kind_of(&span.name))),
            0.75,
            Some(figure),
        );
    }
    Some(scene)
}
