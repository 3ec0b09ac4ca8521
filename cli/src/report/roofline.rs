//! The roofline of each target (Williams, Waterman and Patterson, 2009): what its memories and its arithmetic allow, and
//! where each kernel stands under that.

use crate::bench::evaluation::{Bandwidth, Evaluation, Peaks, Point};
use crate::report::axis::{Axis, drawable};
use crate::report::frame::{Frame, HEIGHT, Labels};
use crate::report::number::Unit;
use crate::report::scene::{Figure, Ink, LINE, Scene, Stroke, series};

/// A plot for each target with measured peaks.
pub fn plots(evaluation: &Evaluation) -> Vec<Scene> {
    evaluation
        .peaks
        .iter()
        .filter(|peaks| drawable(peaks.gflop_s))
        .filter_map(|peaks| plot(evaluation, peaks))
        .collect()
}

/// Whether a point can be drawn.
pub fn shown(point: &Point) -> bool {
    drawable(point.intensity) && drawable(point.gflop_s)
}

fn plot(evaluation: &Evaluation, peaks: &Peaks) -> Option<Scene> {
    let place = evaluation.peaks.iter().position(|other| std::ptr::eq(other, peaks))?;
    let target = peaks.target.as_str();
    let points: Vec<(usize, &Point)> = evaluation
        .points
        .iter()
        .enumerate()
        .filter(|(_, point)| point.target == target && shown(point))
        .collect();
    let memories: Vec<_> =
        peaks.memories.iter().enumerate().filter(|(_, memory)| drawable(memory.gb_s)).collect();
    // From where each slope meets the peak.
    let ridges = memories.iter().map(|(_, memory)| peaks.gflop_s / memory.gb_s);
    let intensities: Vec<f64> = points
        .iter()
        .map(|(_, point)| point.intensity)
        .chain(ridges.flat_map(|ridge| [ridge / 4.0, ridge * 4.0]))
        .collect();
    let x = Axis::decades(intensities, Unit::Plain, 5)?;
    let (first, last) = x.ends();
    let slopes = memories.iter().map(|(_, memory)| first * memory.gb_s);
    let speeds = points.iter().map(|(_, point)| point.gflop_s).chain([peaks.gflop_s, peaks.gflop_s * 1.5]);
    let y = Axis::decades(speeds.chain(slopes), Unit::Plain, 7)?;
    let about = format!(
        "The roofline of {target}: at most {} GFLOP/s, and less where memory holds it back; dots are kernels as measured.",
        Unit::Plain.show(peaks.gflop_s)
    );
    let mut scene =
        Scene::new(&format!("roofline-{target}"), &format!("Roofline of {target}"), &about, HEIGHT);
    let frame = Frame::new(
        &mut scene,
        (x, "float operations a byte"),
        (y, "GFLOP/s; at the slopes: memory and its GB/s"),
        0.0,
    );
    let mut labels = Labels::default();
    for (_, point) in &points {
        labels.keep_clear(frame.at(point.intensity, point.gflop_s), 5.0);
    }

    let number = series(target);
    for (_, memory) in &memories {
        let ridge = (peaks.gflop_s / memory.gb_s).clamp(first, last);
        let roof =
            [first, ridge].map(|intensity| frame.at(intensity, (intensity * memory.gb_s).min(peaks.gflop_s)));
        scene.line(roof.to_vec(), Ink::Soft, Stroke::Dashed);
    }
    let ridge = memories.iter().map(|(_, memory)| peaks.gflop_s / memory.gb_s).fold(f64::INFINITY, f64::min);
    let ridge = if ridge.is_finite() { ridge.clamp(first, last) } else { first };
    scene.line(vec![frame.at(ridge, peaks.gflop_s), frame.at(last, peaks.gflop_s)], Ink::Text, Stroke::Solid);
    let says = format!("{target} at most: {} GFLOP/s", Unit::Plain.show(peaks.gflop_s));
    let peak = Figure { at: format!("/evaluation/peaks/{place}/gflop_s"), value: peaks.gflop_s, says };
    let corner = frame.at(last, peaks.gflop_s);
    scene.bar((corner.0 - 6.0, corner.1 - 2.0), (6.0, 4.0), Ink::Text, 1.0, Some(peak));
    // Above the roof where there is room, below it where not.
    let height = if corner.1 - LINE > frame.span().0 { corner.1 - LINE * 0.6 } else { corner.1 + LINE * 0.7 };
    let peak = format!("{} GFLOP/s", Unit::Plain.show(peaks.gflop_s));
    labels.write_before(&mut scene, (corner.0 - 8.0, height), peak, Ink::Text);
    // Slopes of memories lie side by side: each is named a little further along.
    let named_at = |step: usize, memory: &Bandwidth| {
        let ridge = (peaks.gflop_s / memory.gb_s).clamp(first, last);
        let along = 0.25 + 0.5 * (step as f64 + 0.5) / memories.len() as f64;
        let intensity = first * (ridge / first).powf(along);
        frame.at(intensity, (intensity * memory.gb_s).min(peaks.gflop_s))
    };
    for (step, (_, memory)) in memories.iter().enumerate() {
        labels.keep_clear(named_at(step, memory), 3.0);
    }
    for (step, (at, memory)) in memories.iter().enumerate() {
        let middle = named_at(step, memory);
        let says = format!("{target}, {}: {} GB/s", memory.memory, Unit::Plain.show(memory.gb_s));
        let figure =
            Figure { at: format!("/evaluation/peaks/{place}/memories/{at}/gb_s"), value: memory.gb_s, says };
        scene.bar((middle.0 - 2.0, middle.1 - 2.0), (4.0, 4.0), Ink::Soft, 1.0, Some(figure));
        let text = format!("{} {}", memory.memory, Unit::Plain.show(memory.gb_s));
        labels.write(&mut scene, &frame, middle, &text, Ink::Soft);
    }
    for (at, point) in &points {
        let says = format!(
            "{} of {} places on {target}: {} GFLOP/s of {} that the {} roof allows",
            point.kernel,
            Unit::Places.show(point.size as f64),
            Unit::Plain.show(point.gflop_s),
            Unit::Plain.show(point.attainable),
            point.bound
        );
        let figure = Figure { at: format!("/evaluation/points/{at}/gflop_s"), value: point.gflop_s, says };
        scene.dot(frame.at(point.intensity, point.gflop_s), number, Some(figure));
    }
    // A kernel at several sizes has one name, at its largest.
    for (_, point) in &points {
        let larger = |other: &Point| other.kernel == point.kernel && other.size > point.size;
        if !points.iter().any(|(_, other)| larger(other)) {
            let at = frame.at(point.intensity, point.gflop_s);
            labels.write(&mut scene, &frame, at, &point.kernel, Ink::Series(number));
        }
    }
    Some(scene)
}
