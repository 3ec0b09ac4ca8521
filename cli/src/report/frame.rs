//! The frame of a plot with two axes, and labels that keep clear of each other.

use crate::report::axis::Axis;
use crate::report::scene::{Align, EDGE, Ink, LETTER, LINE, Scene, Stroke, WIDTH, cut};

/// The height of a plot with two axes.
pub const HEIGHT: f64 = 250.0;
const TOP: f64 = 48.0;
const BELOW: f64 = 42.0;

/// Where a plot's numbers lie.
pub struct Frame {
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    left: f64,
    right: f64,
}

impl Frame {
    /// Draws the axes, their grid and their titles; `beside` is the room that stays free on the right.
    pub fn new(
        scene: &mut Scene,
        (x, x_title): (Axis, &str),
        (y, y_title): (Axis, &str),
        beside: f64,
    ) -> Frame {
        let widest = y.ticks.iter().map(|(_, text)| text.chars().count()).max().unwrap_or(0);
        let left = EDGE + widest as f64 * LETTER + 6.0;
        let frame = Frame { x, y, left, right: WIDTH - EDGE - beside };
        let bottom = frame.bottom();
        for (value, text) in &frame.y.ticks {
            let height = frame.height_of(*value);
            scene.line(vec![(left, height), (frame.right, height)], Ink::Grid, Stroke::Hair);
            scene.text((left - 6.0, height), text.clone(), Align::End, Ink::Soft);
        }
        let mut free = f64::NEG_INFINITY;
        for (value, text) in &frame.x.ticks {
            let x = frame.left + frame.x.place(*value) * (frame.right - frame.left);
            scene.line(vec![(x, TOP), (x, bottom)], Ink::Grid, Stroke::Hair);
            let half = text.chars().count() as f64 * LETTER / 2.0;
            // A number that would run into the one before it, or out of the plot, is left to its line.
            if x - half > free && x + half < WIDTH {
                scene.text((x, bottom + 10.0), text.clone(), Align::Middle, Ink::Soft);
                free = x + half + 4.0;
            }
        }
        scene.line(vec![(left, TOP), (left, bottom), (frame.right, bottom)], Ink::Soft, Stroke::Hair);
        scene.text((EDGE, 35.0), cut(y_title, WIDTH - 2.0 * EDGE, LETTER), Align::Start, Ink::Soft);
        scene.text((frame.right, bottom + 28.0), x_title, Align::End, Ink::Soft);
        frame
    }

    /// Where two numbers lie in the plot.
    pub fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.left + self.x.place(x) * (self.right - self.left), self.height_of(y))
    }

    /// The upper and the lower end.
    pub fn span(&self) -> (f64, f64) {
        (TOP, self.bottom())
    }

    /// The left and the right end.
    pub fn sides(&self) -> (f64, f64) {
        (self.left, self.right)
    }

    fn bottom(&self) -> f64 {
        HEIGHT - BELOW
    }

    fn height_of(&self, value: f64) -> f64 {
        self.bottom() - self.y.place(value) * (self.bottom() - TOP)
    }
}

/// Writes each text beside the end of its line, at the heights nearest to the wanted ones that are a line apart.
pub fn label_ends(scene: &mut Scene, frame: &Frame, mut labels: Vec<(f64, String, Ink)>) {
    labels.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut heights: Vec<f64> = labels.iter().map(|(height, ..)| *height).collect();
    apart(&mut heights, LINE - 1.0, frame.span());
    let x = frame.sides().1 + 7.0;
    for ((_, text, ink), height) in labels.into_iter().zip(heights) {
        scene.text((x, height), text, Align::Start, ink);
    }
}

/// Moves sorted places apart, within bounds where they have room there.
fn apart(places: &mut [f64], gap: f64, (low, high): (f64, f64)) {
    let mut least = low;
    for place in places.iter_mut() {
        *place = place.max(least);
        least = *place + gap;
    }
    let mut most = high;
    for place in places.iter_mut().rev() {
        *place = place.min(most);
        most = *place - gap;
    }
}

/// Text beside dots, where nothing stands yet.
#[derive(Default)]
pub struct Labels {
    taken: Vec<[f64; 4]>,
}

impl Labels {
    /// Nothing may be written here.
    pub fn keep_clear(&mut self, (x, y): (f64, f64), radius: f64) {
        self.taken.push([x - radius, y - radius, x + radius, y + radius]);
    }

    /// Writes `text` so that it ends at `at`, whatever stands there.
    pub fn write_before(&mut self, scene: &mut Scene, at: (f64, f64), text: String, ink: Ink) {
        let (width, half) = (text.chars().count() as f64 * LETTER, LINE / 2.0 - 0.5);
        self.put(scene, [at.0 - width, at.1 - half, at.0, at.1 + half], text, ink);
    }

    /// Lines behind the text are dimmed, so that they do not strike it out.
    fn put(&mut self, scene: &mut Scene, bounds: [f64; 4], text: String, ink: Ink) {
        let [left, top, right, bottom] = bounds;
        scene.bar((left, top), (right - left, bottom - top), Ink::Ground, 0.75, None);
        scene.text(((left + right) / 2.0, (top + bottom) / 2.0), text, Align::Middle, ink);
        self.taken.push(bounds);
    }

    /// Writes `text` beside `at`, as near as there is room, with a line to it from further away. Where there is none it is
    /// not written: the dot still says its name to who points at it.
    pub fn write(&mut self, scene: &mut Scene, frame: &Frame, at: (f64, f64), text: &str, ink: Ink) -> bool {
        let (left, right) = frame.sides();
        let (top, bottom) = frame.span();
        let text = cut(text, (right - left) * 0.6, LETTER);
        let (width, half) = (text.chars().count() as f64 * LETTER, LINE / 2.0 - 0.5);
        for away in [0.0, 12.0, 22.0, 34.0, 48.0, 62.0] {
            let near = 7.0 + away;
            let middles = [
                (at.0 + near + width / 2.0, at.1),
                (at.0 - near - width / 2.0, at.1),
                (at.0, at.1 - near - half),
                (at.0, at.1 + near + half),
                (at.0 + near + width / 2.0, at.1 - near),
                (at.0 + near + width / 2.0, at.1 + near),
                (at.0 - near - width / 2.0, at.1 - near),
                (at.0 - near - width / 2.0, at.1 + near),
            ];
            for (x, y) in middles {
                let bounds = [x - width / 2.0, y - half, x + width / 2.0, y + half];
                let inside =
                    bounds[0] > left && bounds[2] < WIDTH - 2.0 && bounds[1] > top && bounds[3] < bottom;
                if !inside || self.taken.iter().any(|other| overlap(&bounds, other)) {
                    continue;
                }
                if away > 0.0 {
                    let end = (at.0.clamp(bounds[0], bounds[2]), at.1.clamp(bounds[1], bounds[3]));
                    scene.line(vec![at, end], Ink::Soft, Stroke::Hair);
                }
                self.put(scene, bounds, text, ink);
                return true;
            }
        }
        false
    }
}

fn overlap(a: &[f64; 4], b: &[f64; 4]) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::number::Unit;

    #[test]
    fn labels_of_equal_lines_stand_apart() {
        let mut places = vec![10.0, 10.0, 10.5, 99.0];
        apart(&mut places, 10.0, (10.0, 100.0));
        assert_eq!(places, [10.0, 20.0, 30.0, 99.0]);
        let mut places = vec![95.0, 96.0, 97.0];
        apart(&mut places, 10.0, (10.0, 100.0));
        assert_eq!(places, [80.0, 90.0, 100.0]);
    }

    #[test]
    fn dots_in_one_place_have_labels_that_do_not_overlap() {
        let mut scene = Scene::new("x", "x", "x", HEIGHT);
        let x = Axis::decades([0.1, 10.0], Unit::Plain, 5).expect("an axis");
        let y = Axis::decades([1.0, 100.0], Unit::Plain, 5).expect("an axis");
        let frame = Frame::new(&mut scene, (x, "x"), (y, "y"), 0.0);
        let mut labels = Labels::default();
        for number in 0..8 {
            assert!(labels.write(
                &mut scene,
                &frame,
                frame.at(1.0, 10.0),
                &format!("kernel {number}"),
                Ink::Text
            ));
        }
        for (number, a) in labels.taken.iter().enumerate() {
            assert!(labels.taken[..number].iter().all(|b| !overlap(a, b)));
        }
    }
}
