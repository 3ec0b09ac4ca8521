//! Who wins: a grid of kernels and targets with the speed-up over `scalar`.

use crate::bench::record::{Record, Row};
use crate::report::axis::drawable;
use crate::report::number::Unit;
use crate::report::scene::{Align, EDGE, Figure, Ink, LETTER, LINE, Scene, Stroke, WIDTH, cut};
use crate::report::speed::targets;

/// One kernel at one size.
pub struct Contest<'a> {
    /// The kernel.
    pub kernel: &'a str,
    /// Its size, for people.
    pub size: String,
    /// For each target of the record its row, and that row's place among all.
    pub rows: Vec<Option<(usize, &'a Row)>>,
    /// Which of them is the fastest.
    pub best: Option<usize>,
}

/// Every kernel at every size.
pub fn contests(record: &Record) -> Vec<Contest<'_>> {
    let targets = targets(record);
    let mut contests: Vec<(usize, Contest<'_>)> = Vec::new();
    for (at, row) in record.rows.iter().enumerate() {
        let known =
            contests.iter().position(|(size, contest)| *size == row.size && contest.kernel == row.kernel);
        let known = known.unwrap_or_else(|| {
            let rows = vec![None; targets.len()];
            let contest = Contest { kernel: &row.kernel, size: row.size_for_people(), rows, best: None };
            contests.push((row.size, contest));
            contests.len() - 1
        });
        if let Some(column) = targets.iter().position(|target| *target == row.target) {
            contests[known].1.rows[column] = Some((at, row));
        }
    }
    let mut contests: Vec<Contest<'_>> = contests.into_iter().map(|(_, contest)| contest).collect();
    contests.iter_mut().for_each(|contest| contest.best = best(&contest.rows));
    contests
}

/// The speed-up of a row that counts.
pub fn speedup(row: &Row) -> Option<f64> {
    row.speedup.filter(|speedup| row.verified && drawable(*speedup))
}

fn best(rows: &[Option<(usize, &Row)>]) -> Option<usize> {
    let speeds = rows.iter().enumerate().filter_map(|(column, row)| {
        let (_, row) = (*row)?;
        // A split that no GPU joined is `threads` again.
        let own = row.target != "split" || row.adapter.is_some();
        own.then_some((column, speedup(row)?))
    });
    speeds.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(column, _)| column)
}

/// How strong a speed-up's colour is, of 1: by its logarithm, all of it from 64 times on.
pub fn strength(speedup: f64) -> f64 {
    (speedup.log2().abs() / 6.0).clamp(0.0, 1.0)
}

/// The colour of a speed-up: faster than `scalar`, or slower.
pub fn hue(speedup: f64) -> Ink {
    Ink::Series(if speedup >= 1.0 { 1 } else { 2 })
}

/// The grid as a plot; nothing where no row has a speed-up.
pub fn plot(record: &Record) -> Option<Scene> {
    let contests: Vec<Contest<'_>> =
        contests(record).into_iter().filter(|contest| contest.best.is_some()).collect();
    if contests.is_empty() {
        return None;
    }
    let targets = targets(record);
    let (top, step) = (62.0, 34.0);
    let height = top + contests.len() as f64 * step + EDGE;
    let about = "The speed-up of each target over scalar; the fastest of a row has a frame.";
    let mut scene = Scene::new("winners", "Who wins", about, height);
    scene.text((EDGE, 35.0), "speed-up over scalar; framed: the fastest", Align::Start, Ink::Soft);
    let column = (WIDTH - 2.0 * EDGE) / targets.len() as f64;
    for (number, target) in targets.iter().enumerate() {
        let x = EDGE + (number as f64 + 0.5) * column;
        scene.text((x, 53.0), cut(target, column, LETTER), Align::Middle, Ink::Soft);
    }
    for (number, contest) in contests.iter().enumerate() {
        let y = top + number as f64 * step;
        let name = format!("{} {}", contest.kernel, contest.size);
        scene.text((EDGE, y + LINE / 2.0), cut(&name, WIDTH - 2.0 * EDGE, LETTER), Align::Start, Ink::Text);
        for (place, row) in contest.rows.iter().enumerate() {
            let Some((at, row)) = row else { continue };
            let (x, y) = (EDGE + place as f64 * column + 1.0, y + LINE);
            let size = (column - 2.0, step - LINE - 3.0);
            let middle = (x + size.0 / 2.0, y + size.1 / 2.0);
            let Some(value) = speedup(row) else {
                scene.text(middle, if row.verified { "-" } else { "wrong" }, Align::Middle, Ink::Soft);
                continue;
            };
            let says = format!("{name} on {}: {} of scalar", row.target, Unit::Times.show(value));
            let figure = Figure { at: format!("/rows/{at}/speedup"), value, says };
            scene.bar((x, y), size, hue(value), 0.08 + 0.34 * strength(value), Some(figure));
            if contest.best == Some(place) {
                let (right, bottom) = (x + size.0, y + size.1);
                let frame = vec![(x, y), (right, y), (right, bottom), (x, bottom), (x, y)];
                scene.line(frame, Ink::Text, Stroke::Solid);
            }
            scene.text(middle, cut(&Unit::Times.show(value), size.0, LETTER), Align::Middle, Ink::Text);
        }
    }
    Some(scene)
}

/// Who is the fastest how often, in a sentence.
pub fn verdict(record: &Record) -> String {
    let contests = contests(record);
    let targets = targets(record);
    let decided = contests.iter().filter(|contest| contest.best.is_some()).count();
    if decided == 0 {
        return "Nothing was timed, so nothing wins.".to_owned();
    }
    let mut wins: Vec<(usize, &str)> = targets
        .iter()
        .enumerate()
        .map(|(column, target)| {
            (contests.iter().filter(|contest| contest.best == Some(column)).count(), *target)
        })
        .filter(|(wins, _)| *wins > 0)
        .collect();
    wins.sort_by_key(|(wins, _)| std::cmp::Reverse(*wins));
    let each: Vec<String> = wins.iter().map(|(wins, target)| format!("{target} in {wins}")).collect();
    let of = if decided == 1 {
        "the one case".to_owned()
    } else {
        format!("{decided} cases (a kernel at a size)")
    };
    format!("Of {of}, the fastest is {}.", each.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::record::tests::row;
    use crate::report::fixture::host;

    #[test]
    fn the_fastest_of_a_kernel_and_size_wins() {
        let mut rows = vec![
            row("saxpy", "scalar", 1e-3),
            row("saxpy", "threads", 1e-4),
            row("saxpy", "split", 5e-5),
            row("sum", "scalar", 1e-3),
            row("sum", "gpu:0", 1e-9),
        ];
        // Wrong results win nothing.
        rows[4].verified = false;
        let mut record = Record::new(host(), rows);
        assert_eq!(
            verdict(&record),
            "Of 2 cases (a kernel at a size), the fastest is scalar in 1, threads in 1."
        );
        record.rows[2].adapter = Some("a GPU".into());
        assert!(verdict(&record).contains("split in 1"));
        record.rows.clear();
        assert_eq!(verdict(&record), "Nothing was timed, so nothing wins.");
        assert!(plot(&record).is_none());
    }

    #[test]
    fn colours_grow_with_the_logarithm() {
        assert_eq!(strength(1.0), 0.0);
        assert_eq!(strength(8.0), 0.5);
        assert_eq!(strength(0.125), 0.5);
        assert_eq!(strength(1e9), 1.0);
        assert_ne!(hue(2.0), hue(0.5));
    }
}
