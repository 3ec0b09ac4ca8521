use super::super::random::Random;
use super::super::samples::median;
use super::*;

const SHARES: [f64; 4] = [0.0, 0.05, 0.2, 0.5];

/// The median of `runs` runs that should take `seconds`: log-normal noise of `noise`, and one in twenty twice to five
/// times as long.
fn measured(random: &mut Random, seconds: f64, noise: f64, runs: usize) -> f64 {
    let times: Vec<f64> = (0..runs)
        .map(|_| {
            let late = if random.below(20) == 0 { random.between(2.0, 5.0) } else { 1.0 };
            seconds * (noise * random.normal()).exp() * late
        })
        .collect();
    median(&times)
}

fn curve(workers: &[usize], serial: f64) -> Vec<Fixed> {
    workers.iter().map(|&workers| Fixed { workers, seconds: 0.08 / amdahl(serial, workers) }).collect()
}

#[test]
fn the_share_of_a_noisy_curve_is_within_two_points() {
    for seed in 0..200 {
        let mut random = Random::new(seed);
        for serial in SHARES {
            let amdahls: Vec<Fixed> = curve(&[1, 2, 3, 4, 6, 8], serial)
                .iter()
                .map(|time| Fixed { seconds: measured(&mut random, time.seconds, 0.02, 61), ..*time })
                .collect();
            let law = amdahl_fit(&amdahls).unwrap();
            assert!((law.serial - serial).abs() < 0.02, "seed {seed}: {} is not {serial}", law.serial);
            assert!(law.residual < 0.03, "seed {seed}: {}", law.residual);

            let gustafsons: Vec<Grown> = [1, 2, 3, 4, 6, 8]
                .map(|workers| {
                    let seconds = 0.05 * workers as f64 / gustafson(serial, workers);
                    let seconds = measured(&mut random, seconds, 0.02, 61);
                    Grown { workers, size: 4096.0 * workers as f64, seconds }
                })
                .to_vec();
            let law = gustafson_fit(&gustafsons).unwrap();
            assert!((law.serial - serial).abs() < 0.02, "seed {seed}: {} is not {serial}", law.serial);
        }
    }
}

#[test]
fn the_share_of_two_workers_is_within_two_points() {
    for seed in 0..200 {
        let mut random = Random::new(seed);
        for serial in SHARES {
            let times: Vec<Fixed> = curve(&[1, 2], serial)
                .iter()
                .map(|time| Fixed { seconds: measured(&mut random, time.seconds, 0.01, 31), ..*time })
                .collect();
            let law = amdahl_fit(&times).unwrap();
            assert!((law.serial - serial).abs() < 0.02, "seed {seed}: {} is not {serial}", law.serial);
            assert!(law.error.is_none() && law.speedup_range(8).is_none());
            assert_eq!(law.degrees_of_freedom, 0);
        }
    }
}

#[test]
fn the_interval_holds_the_true_share_about_as_often_as_it_says() {
    let (mut held, tries) = (0, 1000);
    for seed in 0..tries {
        let mut random = Random::new(seed);
        let times: Vec<Fixed> = curve(&[1, 2, 3, 4, 6, 8], 0.2)
            .iter()
            .map(|time| Fixed { seconds: time.seconds * (0.02 * random.normal()).exp(), ..*time })
            .collect();
        let error = amdahl_fit(&times).unwrap().error.unwrap();
        held += u32::from(error.low <= 0.2 && 0.2 <= error.high);
    }
    assert!((930..=970).contains(&held), "{held} of {tries}");
}

#[test]
fn two_points_are_met() {
    let law =
        amdahl_fit(&[(1, 12.0), (4, 6.0)].map(|(workers, seconds)| Fixed { workers, seconds })).unwrap();
    assert!((law.serial - 1.0 / 3.0).abs() < 1e-9 && law.residual < 1e-9);
    assert!((law.on_one - 12.0).abs() < 1e-9);
    assert!((law.speedup(4) - 2.0).abs() < 1e-9);
    // One worker need not be among them.
    let law = amdahl_fit(&curve(&[4, 16], 0.1)).unwrap();
    assert!((law.serial - 0.1).abs() < 1e-9 && (law.on_one - 0.08).abs() < 1e-9);
}

#[test]
fn the_share_stays_from_0_to_1() {
    let at = |times: &[(usize, f64)]| {
        let times: Vec<_> = times.iter().map(|&(workers, seconds)| Fixed { workers, seconds }).collect();
        amdahl_fit(&times).unwrap()
    };
    let superlinear = at(&[(1, 10.0), (2, 4.6), (4, 2.2)]);
    assert!(superlinear.serial == 0.0 && superlinear.ceiling().is_infinite());
    assert!(superlinear.error.unwrap().low == 0.0);
    let slower = at(&[(1, 10.0), (2, 11.0), (4, 12.0)]);
    assert!(slower.serial == 1.0 && slower.ceiling() == 1.0 && slower.speedup(4) == 1.0);
    assert!(slower.residual > 0.05);
    let grown = [(1, 1.0), (2, 0.9), (4, 0.8)].map(|(workers, seconds)| Grown {
        workers,
        size: workers as f64,
        seconds,
    });
    assert_eq!(gustafson_fit(&grown).unwrap().serial, 0.0);
}

#[test]
fn the_range_of_a_prediction_is_around_it() {
    let times =
        [(1, 10.0), (2, 6.1), (4, 3.9), (8, 3.05)].map(|(workers, seconds)| Fixed { workers, seconds });
    let law = amdahl_fit(&times).unwrap();
    let (low, high) = law.speedup_range(32).unwrap();
    assert!(low < law.speedup(32) && law.speedup(32) < high && high < law.speedup(32) * 1.3, "{low} {high}");
}

#[test]
fn what_has_no_meaning_has_no_fit() {
    let fixed = |times: &[(usize, f64)]| {
        let times: Vec<_> = times.iter().map(|&(workers, seconds)| Fixed { workers, seconds }).collect();
        amdahl_fit(&times)
    };
    assert_eq!(fixed(&[]), None);
    assert_eq!(fixed(&[(1, 1.0)]), None);
    assert_eq!(fixed(&[(2, 1.0), (2, 1.1)]), None);
    assert_eq!(fixed(&[(0, 1.0), (2, 1.1)]), None);
    assert_eq!(fixed(&[(1, 0.0), (2, 1.1)]), None);
    assert_eq!(fixed(&[(1, f64::NAN), (2, 1.1)]), None);
    let grown = |times: &[(usize, f64, f64)]| {
        let times: Vec<_> =
            times.iter().map(|&(workers, size, seconds)| Grown { workers, size, seconds }).collect();
        gustafson_fit(&times)
    };
    assert!(grown(&[(1, 1.0, 1.0), (2, 2.0, 1.0)]).is_some());
    assert_eq!(grown(&[(1, 1.0, 1.0), (2, 3.0, 1.0)]), None);
    assert_eq!(grown(&[(1, 1.0, 1.0), (2, 2.0, 0.0)]), None);
    assert_eq!(grown(&[(1, 0.0, 1.0), (2, 0.0, 1.0)]), None);
    assert_eq!(grown(&[(1, -1.0, -1.0), (2, -2.0, -1.0)]), None);
    assert_eq!(grown(&[(0, 1.0, 1.0), (2, 2.0, 1.0)]), None);
}
