//! How often a comparison is right, on simulated benches.
//!
//! A bench is rows of rounds. A round's timings are log-normal by 3 %, one in twenty takes twice to five times as long; a round
//! as a whole is off by a normal share of 1 %. Where there are neighbours, one round in ten is slowed by 5 to 30 %.

use manylane::evaluate::samples::median;
use manylane::prelude::*;

use super::*;
use crate::bench::measure::agree;
use crate::bench::record::tests::row;

/// SplitMix64 (Steele, Lea and Flood 2014): tests want the same numbers every time.
struct Draws(u64);

impl Draws {
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }

    /// Box and Muller (1958).
    fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.share()).ln()).sqrt() * (std::f64::consts::TAU * self.share()).cos()
    }

    fn round(&mut self, seconds: f64, neighbours: bool) -> Vec<f64> {
        let slowed = if neighbours && self.share() < 0.1 { self.between(1.05, 1.3) } else { 1.0 };
        let level = seconds * (1.0 + 0.01 * self.normal()) * slowed;
        let timing = |draws: &mut Draws| {
            let late = if draws.share() < 0.05 { draws.between(2.0, 5.0) } else { 1.0 };
            level * (0.03 * draws.normal()).exp() * late
        };
        (0..20).map(|_| timing(self)).collect()
    }

    fn row(&mut self, number: usize, kind: Kind, seconds: f64) -> Row {
        let Kind { least, most, neighbours, .. } = kind;
        let (mut timings, mut rounds) = (Vec::new(), Vec::new());
        while rounds.len() < least || (rounds.len() < most && !agree(&rounds)) {
            let round = self.round(seconds, neighbours);
            rounds.push(median(&round));
            timings.extend(round);
        }
        let mut row = row(&format!("kernel{number}"), "simd", seconds);
        row.rounds = rounds;
        row.seconds_min = timings.iter().copied().min_by(f64::total_cmp);
        row.seconds_median = Some(median(&timings));
        row
    }

    /// The last row takes `factor` times as long.
    fn bench(&mut self, host: &Host, kind: Kind, factor: f64) -> Record {
        let seconds =
            |number| 1e-4 * (1 + number) as f64 * if number + 1 == kind.rows { factor } else { 1.0 };
        let rows = (0..kind.rows).map(|number| self.row(number, kind, seconds(number))).collect();
        Record::new(host.clone(), rows)
    }
}

/// A kind of bench: between `least` and `most` rounds, as they agree.
#[derive(Clone, Copy, Debug)]
struct Kind {
    rows: usize,
    least: usize,
    most: usize,
    neighbours: bool,
}

const fn kind(rows: usize, least: usize, most: usize, neighbours: bool) -> Kind {
    Kind { rows, least, most, neighbours }
}

const KINDS: [Kind; 6] = [
    kind(1, 5, 5, false),
    kind(1, 9, 9, false),
    kind(1, 9, 9, true),
    kind(1, 5, 11, true),
    kind(20, 9, 9, false),
    kind(20, 5, 11, true),
];

fn host() -> Host {
    Host::here(&Runtime::new().expect("a runtime"))
}

fn between(before: &Record, after: &Record) -> Differences {
    Differences::between(before, after, LEAST_CHANGE).unwrap_or_else(|failure| panic!("{failure:?}"))
}

/// 19 of 20 benches of every kind, of which the last row takes `factor` times as long, are judged rightly: the rows that did
/// not change are no change, the last is one of `last`.
fn rightly(kinds: &[Kind], seed: u64, factor: f64, last: &[Change]) {
    let host = host();
    for kind in kinds {
        let tries = 400 / kind.rows.min(4);
        let mut draws = Draws(seed);
        let right = (0..tries).filter(|_| {
            let (before, after) = (draws.bench(&host, *kind, 1.0), draws.bench(&host, *kind, factor));
            let differences = between(&before, &after);
            let (changed, same) = differences.pairs.split_last().expect("rows");
            last.contains(&changed.change) && same.iter().all(|pair| NONE.contains(&pair.change))
        });
        let right = right.count();
        println!("seed {seed:#x}: {kind:?}, by {factor}: {right} of {tries}");
        assert!(right * 20 >= tries * 19, "seed {seed:#x}: {kind:?}, by {factor}: {right} of {tries}");
    }
}

const NONE: [Change; 2] = [Change::None, Change::NoneInNoise];

#[test]
fn the_same_build_has_not_changed() {
    rightly(&KINDS, 0x5a3e, 1.0, &NONE);
}

#[test]
fn ten_percent_slower_is_found() {
    rightly(&KINDS, 0x510e, 1.1, &[Change::Slower]);
}

#[test]
fn ten_percent_faster_is_found() {
    rightly(&KINDS[..4], 0xfa57, 1.0 / 1.1, &[Change::Faster]);
}

fn two() -> (Record, Record) {
    let record = Draws(1).bench(&host(), kind(3, 9, 9, false), 1.0);
    (record.clone(), record)
}

#[test]
fn a_neighbour_for_some_seconds_is_no_change() {
    let (before, mut after) = two();
    after.rows[0].rounds.iter_mut().for_each(|seconds| *seconds *= 1.4);
    assert!(between(&before, &after).of(Change::Slower).next().is_none(), "its shortest run is as short");
    let shortest = after.rows[0].seconds_min.expect("it is timed");
    after.rows[0].seconds_min = Some(shortest * 1.15);
    assert!(
        between(&before, &after).of(Change::Slower).next().is_none(),
        "its shortest run is nearly as short"
    );
    after.rows[0].seconds_min = Some(shortest * 1.4);
    let differences = between(&before, &after);
    let failure = differences.judge().expect_err("one is slower");
    assert!(
        failure.text.starts_with("1 of 3 rows became slower: kernel0 at 64Ki on simd (by 40.0 %)"),
        "{failure:?}"
    );
    assert!(differences.text(Style::Plain).contains("SLOWER"));
    assert!(differences.markdown().contains("| +40.0% |"), "{}", differences.markdown());
}

#[test]
fn what_is_wrong_fails() {
    let (mut before, mut after) = two();
    after.rows[1].verified = false;
    let differences = between(&before, &after);
    assert_eq!(differences.pairs[1].change, Change::Wrong);
    assert!(differences.judge().expect_err("it is wrong").text.contains("wrong results: kernel1"));
    std::mem::swap(&mut before, &mut after);
    let differences = between(&before, &after);
    assert_eq!(differences.pairs[1].change, Change::Mended);
    assert!(differences.judge().is_ok());
}

#[test]
fn too_few_rounds_say_nothing() {
    let (before, mut after) = two();
    after.rows[2].rounds.truncate(4);
    let differences = between(&before, &after);
    assert_eq!(differences.pairs[2].change, Change::TooFew);
    assert!(differences.text(Style::Plain).contains("1 with too few rounds to tell"));
}

#[test]
fn rows_of_one_side_are_named() {
    let (mut before, mut after) = two();
    before.rows[0].kernel = "old".into();
    after.rows[0].target = "gpu:0".into();
    let differences = between(&before, &after);
    assert_eq!(
        (&differences.gone[..], &differences.new[..]),
        (&["old at 64Ki on simd".into()][..], &["kernel0 at 64Ki on gpu:0".into()][..])
    );
    let text = differences.text(Style::Plain);
    assert!(text.contains("only in the earlier record: old at 64Ki on simd\n"), "{text}");
    after.rows.truncate(1);
    let failure = Differences::between(&before, &after, 0.02).expect_err("nothing in common");
    assert!(failure.text.contains("in common"), "{failure:?}");
}

#[test]
fn machines_are_told_apart() {
    let (before, mut after) = two();
    assert!(between(&before, &after).hosts.is_empty());
    after.host.cpu = "another".into();
    after.host.name = "elsewhere".into();
    after.host.threads += 1;
    let hosts = between(&before, &after).hosts;
    assert_eq!(hosts.len(), 2, "a name is no difference: {hosts:?}");
    assert!(hosts[0].ends_with("another after"), "{hosts:?}");
}
