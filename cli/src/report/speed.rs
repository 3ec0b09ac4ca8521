//! Speed by size: one plot for each kernel, one line for each target.

use crate::bench::record::{Record, Row};
use crate::report::axis::{Axis, drawable};
use crate::report::frame::{Frame, HEIGHT, label_ends};
use crate::report::number::Unit;
use crate::report::scene::{Figure, Ink, LETTER, Scene, Stroke, series};

/// A plot for each kernel that was timed.
pub fn plots(record: &Record) -> Vec<Scene> {
    kernels(record).into_iter().filter_map(|kernel| plot(record, kernel)).collect()
}

/// The kernels in the order of their rows.
pub fn kernels(record: &Record) -> Vec<&str> {
    distinct(record.rows.iter().map(|row| row.kernel.as_str()))
}

/// The targets in the order of their rows.
pub fn targets(record: &Record) -> Vec<&str> {
    distinct(record.rows.iter().map(|row| row.target.as_str()))
}

/// Each of `names` once, in their order.
pub fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut known = Vec::new();
    for name in names {
        if !known.contains(&name) {
            known.push(name);
        }
    }
    known
}

/// The speed that a plot shows of a row, where it has one.
pub fn speed(row: &Row) -> Option<f64> {
    row.gb_s.filter(|speed| row.verified && row.size > 0 && drawable(*speed))
}

/// Its speed once what it moves to the device and back is paid.
fn paid(row: &Row) -> Option<f64> {
    let (run, transfer) = (row.seconds_min?, row.seconds_transfer?);
    speed(row).map(|speed| speed * run / (run + transfer)).filter(|speed| drawable(*speed))
}

fn plot(record: &Record, kernel: &str) -> Option<Scene> {
    let rows: Vec<(usize, &Row)> =
        record.rows.iter().enumerate().filter(|(_, row)| row.kernel == kernel).collect();
    let timed = || rows.iter().filter(|(_, row)| speed(row).is_some());
    let sizes = timed().map(|(_, row)| row.size as f64);
    let x = Axis::doublings(sizes, Unit::Places, 5)?;
    let y = Axis::decades(timed().flat_map(|(_, row)| [speed(row), paid(row)]).flatten(), Unit::Plain, 7)?;
    let about = format!("The speed of {kernel} on each target, by size; both axes are logarithmic.");
    let mut scene = Scene::new(&format!("speed-{kernel}"), kernel, &about, HEIGHT);
    let names = targets(record);
    let widest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).min(12);
    let dashed = timed().any(|(_, row)| paid(row).is_some());
    let title =
        if dashed { "GB/s, higher is faster; dashed: with transfers" } else { "GB/s, higher is faster" };
    let frame = Frame::new(&mut scene, (x, "places"), (y, title), widest as f64 * LETTER + 6.0);

    let mut labels = Vec::new();
    for target in names {
        let number = series(target);
        let mut points: Vec<(usize, &Row, f64)> = timed()
            .filter(|(_, row)| row.target == target)
            .filter_map(|(at, row)| Some((*at, *row, speed(row)?)))
            .collect();
        points.sort_by_key(|(_, row, _)| row.size);
        let line = |value: &dyn Fn(&Row) -> Option<f64>| -> Vec<(f64, f64)> {
            points.iter().filter_map(|(_, row, _)| Some(frame.at(row.size as f64, value(row)?))).collect()
        };
        let Some(last) = line(&speed).last().copied() else { continue };
        scene.line(line(&paid), Ink::Series(number), Stroke::Dashed);
        scene.line(line(&speed), Ink::Series(number), Stroke::Solid);
        for (at, row, value) in &points {
            let says =
                format!("{kernel}, {} on {target}: {} GB/s", row.size_for_people(), Unit::Plain.show(*value));
            let figure = Figure { at: format!("/rows/{at}/gb_s"), value: *value, says };
            scene.dot(frame.at(row.size as f64, *value), number, Some(figure));
        }
        labels.push((last.1, crate::report::scene::cut(target, 12.0 * LETTER, LETTER), Ink::Series(number)));
    }
    label_ends(&mut scene, &frame, labels);
    Some(scene)
}
