//! Heat, bodies, shortest paths.

use manylane::prelude::*;
use manylane_matrix::{heat, naive, nbody, paths};
use manylane_testkit::{Property, Random as Inputs, Setup};

use crate::{EPSILON, matrix, near};

pub const ALL: &[Property] = &[
    ("heat", diffused),
    ("heat_bits", same_bits),
    ("heat_wrong", wrong_heat),
    ("nbody", accelerations),
    ("nbody_steps", steps),
    ("shortest_paths", shortest),
    ("shortest_paths_wrong", wrong_paths),
];

fn diffused(setup: &Setup) {
    let mut random = Inputs::new("heat");
    for shape in [(0, 0), (0, 4), (1, 1), (2, 7), (3, 3), (7, 2), (5, 4), (64, 33), (300, 90)] {
        let (cells, values) = matrix(setup, &mut random, shape, (-10.0, 10.0));
        for steps in [0, 1, 3, 11] {
            let found = heat::diffused(setup.runtime(), &cells, 0.2, steps, setup.target).unwrap();
            assert_eq!(found.domain(), shape.into());
            let expected = naive::diffused(&values, shape, 0.2, steps);
            near("heat", &found, &expected, |_| 10.0 * 10.0 * (steps + 1) as f64 * EPSILON);
        }
    }
}

/// Tiles of several steps give the bits of plain steps.
fn same_bits(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("heat_bits"));
    // Beyond a tile both ways, at its edges, and with a last column or row that is alone in its tile.
    for shape in [(497, 81), (600, 170), (992, 80), (3, 200), (1_100, 3)] {
        let (cells, _) = matrix(setup, &mut random, shape, (-10.0, 10.0));
        for steps in [1, 8, 19] {
            if setup.uses_gpu() && steps > 8 {
                continue;
            }
            let found = heat::diffused(rt, &cells, 0.17, steps, setup.target).unwrap().to_vec().unwrap();
            let mut plain = cells.clone();
            let one = if setup.target == Target::Scalar { Target::Scalar } else { Target::Simd };
            for _ in 0..steps {
                let step = rt.map::<heat::heat_step>((&plain, 1.0 - 4.0 * 0.17, 0.17));
                plain = step.on(one).run().unwrap();
            }
            for (at, (found, plain)) in found.iter().zip(plain.to_vec().unwrap()).enumerate() {
                let same = if setup.uses_gpu() {
                    (found - plain).abs() < 1e-4
                } else {
                    found.to_bits() == plain.to_bits()
                };
                assert!(same, "{shape:?}, {steps} steps: {found} at {at} instead of {plain}");
            }
        }
    }
}

fn wrong_heat(setup: &Setup) {
    let rt = setup.runtime();
    let line = rt.array(vec![0.0f32; 9]).unwrap();
    let kind = |result: manylane::Result<Array<f32>>| result.unwrap_err().kind();
    assert_eq!(kind(heat::diffused(rt, &line, 0.2, 1, setup.target)), ErrorKind::ShapeMismatch);
    let grid = line.shaped((3, 3)).unwrap();
    for rate in [-0.1, 0.26, f32::NAN] {
        let error = heat::diffused(rt, &grid, rate, 1, setup.target).unwrap_err();
        assert!(error.kind() == ErrorKind::Setting && error.to_string().contains("0.25"), "{error}");
    }
}

fn bodies(setup: &Setup, random: &mut Inputs, n: usize) -> (nbody::Bodies, Vec<[f32; 4]>) {
    let rt = setup.runtime();
    let all: Vec<[f32; 4]> = random.many(n, |random| {
        let [x, y, z] = std::array::from_fn(|_| random.float(-1.0, 1.0));
        [x, y, z, random.float(0.5, 1.5) / n as f32]
    });
    let of = |k: usize| rt.array(all.iter().map(|body| body[k]).collect::<Vec<f32>>()).unwrap();
    let still = || rt.array(vec![0.0f32; n]).unwrap();
    let places = [of(0), of(1), of(2)];
    (nbody::Bodies { places, velocities: [still(), still(), still()], masses: of(3) }, all)
}

fn accelerations(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("nbody"));
    for n in [0, 1, 2, 17, 300] {
        let (held, all) = bodies(setup, &mut random, n);
        let found = held.accelerations(rt, 0.01, setup.target).unwrap();
        let expected: Vec<[f64; 3]> =
            all.iter().map(|body| naive::pull([body[0], body[1], body[2]], &all, 0.01)).collect();
        for (k, found) in found.iter().enumerate() {
            let of: Vec<f64> = expected.iter().map(|a| a[k]).collect();
            // Each pull is at most its mass over twice and a half the softening.
            near("nbody", found, &of, |_| (10.0 * n as f64 + 100.0) * EPSILON * 40.0 / (n as f64 + 1.0));
        }
    }
    let (held, _) = bodies(setup, &mut random, 3);
    for softening in [0.0, -1.0, f32::NAN] {
        let error = held.accelerations(rt, softening, setup.target).map(|_| ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Setting);
    }
    let wrong = nbody::Bodies { masses: rt.array(vec![1.0f32; 4]).unwrap(), ..held };
    let error = wrong.accelerations(rt, 0.01, setup.target).map(|_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ShapeMismatch);
}

/// What no force from outside changes stays: the momentum.
fn steps(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("nbody_steps"));
    let (mut held, all) = bodies(setup, &mut random, 40);
    for _ in 0..5 {
        held.step(rt, 0.01, 0.01, setup.target).unwrap();
    }
    for k in 0..3 {
        let velocity = held.velocities[k].to_vec().unwrap();
        let momentum: f64 = velocity.iter().zip(&all).map(|(v, body)| f64::from(v * body[3])).sum();
        assert!(momentum.abs() < 1e-5, "{momentum}");
        assert!(velocity.iter().any(|v| v.abs() > 1e-4), "they move");
        let moved = held.places[k].to_vec().unwrap();
        assert!(moved.iter().zip(&all).any(|(x, body)| *x != body[k]));
    }
}

fn shortest(setup: &Setup) {
    let (rt, mut random) = (setup.runtime(), Inputs::new("shortest_paths"));
    for n in [0usize, 1, 2, 31, 32, 33, 70] {
        // Whole lengths, so that every sum is exact; a third of the edges are there, and some are negative, but no cycle is.
        let height: Vec<f32> = random.many(n, |random| random.below(50) as f32);
        let mut d = vec![f32::INFINITY; n * n];
        for i in 0..n {
            for j in 0..n {
                if i == j {
                    d[i * n + j] = 0.0;
                } else if random.below(3) == 0 {
                    d[i * n + j] = 1.0 + random.below(60) as f32 + height[i] - height[j];
                }
            }
        }
        let found = paths::shortest(rt, &rt.picture(d.clone(), (n, n)).unwrap(), setup.target).unwrap();
        near("shortest_paths", &found, &naive::shortest(&d, n), |_| 0.0);
    }
}

fn wrong_paths(setup: &Setup) {
    let rt = setup.runtime();
    let of = |d: &[f32], shape| {
        paths::shortest(rt, &rt.picture(d.to_vec(), shape).unwrap(), setup.target).unwrap_err()
    };
    assert_eq!(of(&[0.0; 6], (3, 2)).kind(), ErrorKind::ShapeMismatch);
    let error = of(&[0.0, 1.0, -2.0, 0.0], (2, 2));
    assert!(error.kind() == ErrorKind::Setting && error.to_string().contains("cycle"), "{error}");
    assert_eq!(of(&[0.0, f32::NAN, 1.0, 0.0], (2, 2)).kind(), ErrorKind::Setting);
}
