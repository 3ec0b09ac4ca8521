//! Arrays that together are more than a GPU's budget; processes of their own, because the budget is read when a device is
//! opened.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

#[path = "device/support.rs"]
mod support;

use std::process::Command;

use manylane::prelude::*;

const BUDGET: u64 = 8 << 20;

/// Runs this test again in a process that has the budget; whether this is that process.
fn with_budget(test: &str) -> bool {
    const MARK: &str = "MANYLANE_TEST_BUDGET_SET";
    if std::env::var(MARK).is_ok() {
        return true;
    }
    let mut again = Command::new(std::env::current_exe().unwrap());
    let status = again.args(["--exact", test]).env(MARK, "1").env("MANYLANE_GPU_BUDGET", "8M").status();
    assert!(status.unwrap().success());
    false
}

#[kernel]
fn step(y: &mut u32, #[uniform] k: u32) {
    *y = *y * 3 + k;
}

#[kernel]
fn add(x: u32, y: u32) -> u32 {
    x + y
}

/// Elements of an array of this share of the budget.
fn share(of_budget: f64) -> usize {
    (BUDGET as f64 * of_budget) as usize / 4
}

#[test]
fn arrays_beyond_the_budget_take_turns() {
    if !with_budget("arrays_beyond_the_budget_take_turns") {
        return;
    }
    let Some(gpu) = support::first_gpu() else { return };
    let rt = Runtime::new().unwrap();
    let (n, on) = (share(0.4), Target::Gpu(0));
    let mut models: Vec<Vec<u32>> =
        (0..5u32).map(|k| (0..n as u32).map(|i| i ^ (k << 28)).collect()).collect();
    let mut arrays: Vec<Array<u32>> = models.iter().map(|model| rt.array(model.clone()).unwrap()).collect();
    for round in 0..3 {
        for (k, (array, model)) in arrays.iter_mut().zip(&mut models).enumerate() {
            rt.map::<step>((&mut *array, k as u32 + round)).on(on).run().unwrap();
            model.iter_mut().for_each(|x| *x = x.wrapping_mul(3).wrapping_add(k as u32 + round));
            assert!(gpu.memory_taken() <= BUDGET, "{}", gpu.memory_taken());
        }
        if round == 1 {
            // A part of one, and a snapshot that stays as it is.
            let snapshot = arrays[2].clone();
            rt.map::<step>((arrays[2].slice_mut(1001..2000).unwrap(), 5)).on(on).run().unwrap();
            assert!(gpu.memory_taken() <= BUDGET, "{}", gpu.memory_taken());
            assert!(snapshot.to_vec().unwrap() == models[2]);
            models[2][1001..2000].iter_mut().for_each(|x| *x = x.wrapping_mul(3).wrapping_add(5));
        }
    }
    // Three arrays of 0.4 at once are more than there is: they are streamed, and that is said.
    let lent = vec![7u32; n];
    let (sums, outcome) = rt.map::<add>((&arrays[0], &lent)).on(on).reported().run().unwrap();
    assert!(outcome.note.as_deref().is_some_and(|note| note.contains("streamed")), "{outcome:?}");
    assert!(sums.to_vec().unwrap().iter().zip(&models[0]).all(|(sum, x)| *sum == x.wrapping_add(7)));
    assert!(gpu.memory_taken() <= BUDGET, "{}", gpu.memory_taken());
    let small = vec![1u32; 1000];
    let sums = rt.map::<add>((&arrays[0].slice(..1000).unwrap(), &small)).on(on).run().unwrap();
    assert!(sums.to_vec().unwrap().iter().zip(&models[0]).all(|(sum, x)| *sum == x.wrapping_add(1)));
    for (array, model) in arrays.iter().zip(&models) {
        assert!(array.to_vec().unwrap() == *model);
    }
    assert!(gpu.memory_taken() <= BUDGET, "{}", gpu.memory_taken());
    // Three rounds of five, two of which have room: at least three gave way in each, but for the first two.
    let given_up = arrays[0].home().given_up();
    assert!(given_up >= 12 * 4 * n as u64, "{given_up}");
}

#[test]
fn threads_and_runtimes_share_a_small_gpu() {
    if !with_budget("threads_and_runtimes_share_a_small_gpu") {
        return;
    }
    let Some(gpu) = support::first_gpu() else { return };
    std::thread::scope(|scope| {
        for thread in 0..3u32 {
            scope.spawn(move || {
                let rt = Runtime::new().unwrap();
                let n = share(0.15) + thread as usize;
                let mut models = vec![vec![thread; n]; 4];
                let mut arrays: Vec<_> =
                    models.iter().map(|model| rt.array(model.clone()).unwrap()).collect();
                for round in 0..30usize {
                    let k = (round * 7 + thread as usize) % 4;
                    rt.map::<step>((&mut arrays[k], round as u32)).on(Target::Gpu(0)).run().unwrap();
                    models[k].iter_mut().for_each(|x| *x = x.wrapping_mul(3).wrapping_add(round as u32));
                    if round % 5 == 4 {
                        // On the host a part of what may be anywhere.
                        arrays[k].slice_mut(100..200).unwrap().write().unwrap().fill(9);
                        models[k][100..200].fill(9);
                    }
                    let other = (k + 1) % 4;
                    assert!(*arrays[other].read_span(50..150).unwrap() == models[other][50..150]);
                }
                for (array, model) in arrays.iter().zip(&models) {
                    assert!(array.to_vec().unwrap() == *model);
                }
            });
        }
    });
    assert!(gpu.memory_taken() <= BUDGET, "{}", gpu.memory_taken());
}
