//! How kernels scale over threads: what was measured, what the laws of Amdahl (1967) and Gustafson (1988) say of it, and the
//! ideal.

use crate::bench::evaluation::{Evaluation, Scaling};
use crate::report::axis::{Axis, drawable};
use crate::report::frame::{Frame, HEIGHT, label_ends};
use crate::report::number::Unit;
use crate::report::scene::{Align, EDGE, Figure, Ink, LETTER, Scene, Stroke};
use crate::report::speed::distinct;

/// The fewest threads that laws are drawn up to: their ceilings show only far beyond what small machines have.
const FAR: usize = 16;

const KINDS: [&str; 2] = ["strong", "weak"];

/// A plot for each kernel, with its strong and its weak scaling.
pub fn plots(evaluation: &Evaluation) -> Vec<Scene> {
    let mut scenes = Vec::new();
    for kernel in distinct(evaluation.scaling.iter().map(|scaling| scaling.kernel.as_str())) {
        let of_kind = |kind: &'static str| {
            let all = evaluation.scaling.iter().enumerate();
            all.filter(move |(_, scaling)| {
                scaling.kernel == kernel && scaling.kind == kind && drawn(scaling).next().is_some()
            })
        };
        let most = KINDS.map(|kind| of_kind(kind).count()).into_iter().max().unwrap_or(0);
        for nth in 0..most {
            let curves: Vec<(usize, &Scaling)> =
                KINDS.into_iter().filter_map(|kind| of_kind(kind).nth(nth)).collect();
            let name =
                if nth == 0 { format!("scaling-{kernel}") } else { format!("scaling-{kernel}-{}", nth + 1) };
            scenes.extend(plot(&name, kernel, &curves));
        }
    }
    scenes
}

/// The steps that can be drawn: their places and numbers.
fn drawn(scaling: &Scaling) -> impl Iterator<Item = (usize, f64, f64)> {
    let steps =
        scaling.steps.iter().enumerate().filter(|(_, step)| step.threads > 0 && drawable(step.speedup));
    steps.map(|(at, step)| (at, step.threads as f64, step.speedup))
}

/// The speed-up on `threads` by the law of a kind, with this serial share.
pub fn law(kind: &str, serial: f64, threads: f64) -> f64 {
    if kind == "weak" {
        threads - serial * (threads - 1.0)
    } else {
        1.0 / (serial + (1.0 - serial) / threads)
    }
}

fn plot(name: &str, kernel: &str, curves: &[(usize, &Scaling)]) -> Option<Scene> {
    let threads = || curves.iter().flat_map(|(_, scaling)| drawn(scaling).map(|(_, threads, _)| threads));
    let measured = threads().fold(1.0, f64::max);
    let fitted = |scaling: &Scaling| scaling.serial.filter(|serial| (0.0..=1.0).contains(serial));
    let has_law = curves.iter().any(|(_, scaling)| fitted(scaling).is_some());
    let far = if has_law { (measured * 4.0).max(FAR as f64) } else { measured.max(2.0) };
    let speeds = curves.iter().flat_map(|(_, scaling)| drawn(scaling).map(|(.., speedup)| speedup));
    let x = Axis::doublings([1.0, far], Unit::Count, 7)?;
    let y = Axis::doublings(speeds.chain([1.0, far]), Unit::Times, 7)?;
    let about = format!(
        "The speed-up of {kernel} by threads, beside the ideal and what the laws say of more of them."
    );
    let mut scene = Scene::new(name, kernel, &about, HEIGHT);
    let beside = if has_law { 9.0 * LETTER + 6.0 } else { 5.0 * LETTER + 6.0 };
    let frame = Frame::new(&mut scene, (x, "threads"), (y, " "), beside);

    let curve = |value: &dyn Fn(f64) -> f64| -> Vec<(f64, f64)> {
        (0..=48).map(|step| far.powf(f64::from(step) / 48.0)).map(|n| frame.at(n, value(n))).collect()
    };
    scene.line(curve(&|n| n), Ink::Soft, Stroke::Hair);
    let mut labels = vec![(frame.at(far, far).1, "ideal".to_owned(), Ink::Soft)];
    let mut key = EDGE;
    for (at, scaling) in curves {
        let (number, name) = if scaling.kind == "weak" { (2, "Gustafson") } else { (1, "Amdahl") };
        let serial = fitted(scaling);
        if let Some(serial) = serial {
            scene.line(curve(&|n| law(&scaling.kind, serial, n)), Ink::Series(number), Stroke::Dashed);
            let end = frame.at(far, law(&scaling.kind, serial, far)).1;
            labels.push((end, name.to_owned(), Ink::Series(number)));
        }
        let points: Vec<(usize, f64, f64)> = drawn(scaling).collect();
        scene.line(
            points.iter().map(|(_, n, speedup)| frame.at(*n, *speedup)).collect(),
            Ink::Series(number),
            Stroke::Solid,
        );
        for (step, n, speedup) in points {
            let says = format!("{kernel}, {}, {n} threads: {}", scaling.kind, Unit::Times.show(speedup));
            let at = format!("/evaluation/scaling/{at}/steps/{step}/speedup");
            scene.dot(frame.at(n, speedup), number, Some(Figure { at, value: speedup, says }));
        }
        let words = match serial {
            Some(serial) => format!("{}, {} serial", scaling.kind, Unit::Share.show(serial)),
            None => scaling.kind.clone(),
        };
        scene.dot((key + 4.0, 35.0), number, None);
        scene.text((key + 12.0, 35.0), words.clone(), Align::Start, Ink::Series(number));
        key += words.chars().count() as f64 * LETTER + 24.0;
    }
    label_ends(&mut scene, &frame, labels);
    Some(scene)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_laws_are_those_of_the_textbook() {
        // Amdahl: of a program that is 90 % parallel, never more than ten times; 5.26 times on ten threads.
        assert!((law("strong", 0.1, 10.0) - 1.0 / 0.19).abs() < 1e-12);
        assert!((law("strong", 0.1, 1e12) - 10.0).abs() < 1e-6);
        // Gustafson: 10 - 0.1 * 9.
        assert!((law("weak", 0.1, 10.0) - 9.1).abs() < 1e-12);
        for kind in KINDS {
            assert_eq!(law(kind, 0.0, 8.0), 8.0);
            assert_eq!(law(kind, 1.0, 8.0), 1.0);
        }
    }
}
