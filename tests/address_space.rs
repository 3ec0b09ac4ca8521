//! One address space: what moves when launches run one after the other, at once, or in less memory than they need.

use manylane::prelude::*;
use manylane_testkit::gpu_or_skip;

const GPU: Target = Target::Gpu(0);

/// A runtime with a GPU; none where there is no adapter.
fn runtime() -> Option<Runtime> {
    gpu_or_skip("one address space").then(|| Runtime::builder().software_joins_split(true).build().unwrap())
}

#[kernel]
fn mixed(x: u32, #[uniform] by: u32) -> u32 {
    (x ^ (x >> 7)) * 2654435761 + by
}

#[kernel]
fn slow(x: u32) -> u32 {
    let mut h = x;
    let mut n = 0u32;
    while n < 400 + (x & 15) {
        h = (h ^ (h >> 13)) * 1664525 + 1013904223;
        n += 1;
    }
    h
}

fn mix(x: u32, by: u32) -> u32 {
    (x ^ (x >> 7)).wrapping_mul(2654435761).wrapping_add(by)
}

#[test]
fn a_chain_on_the_gpu_moves_nothing_to_the_host() {
    let Some(rt) = runtime() else { return };
    let x: Vec<u32> = (0..100_003).collect();
    let array = rt.array(x.clone()).unwrap();
    let home = array.home().clone();
    let before = home.moved();
    let a = rt.map::<mixed>((&array, 1)).on(GPU).run().unwrap();
    let b = rt.map::<mixed>((&a, 2)).on(GPU).run().unwrap();
    let c = rt.map::<mixed>((&b, 3)).on(GPU).run_wait().unwrap();
    let after = home.moved();
    assert_eq!(after.to_host, before.to_host, "nothing comes home in between");
    assert_eq!(after.from_host - before.from_host, 4 * x.len() as u64, "the input goes there once");
    let expected: Vec<u32> = x.iter().map(|x| mix(mix(mix(*x, 1), 2), 3)).collect();
    assert_eq!(c.to_vec().unwrap(), expected);
    assert_eq!(home.moved().to_host - after.to_host, 4 * x.len() as u64, "what is read comes home, once");
}

#[test]
fn one_row_of_a_picture_on_the_gpu_is_all_that_moves() {
    let Some(rt) = runtime() else { return };
    let (width, height) = (1000, 701);
    let picture =
        rt.picture((0..width as u32 * height).collect::<Vec<_>>(), (width, height as usize)).unwrap();
    let there = rt.map::<mixed>((&picture, 9)).on(GPU).run_wait().unwrap();
    let before = there.home().moved();
    let row = there.row(17).unwrap().to_vec();
    let moved = there.home().moved().to_host - before.to_host;
    assert_eq!(moved, 4 * width as u64);
    let expected: Vec<u32> = (0..width as u32).map(|x| mix(17 * width as u32 + x, 9)).collect();
    assert_eq!(row, expected);
}

#[test]
fn launches_on_two_targets_overlap() {
    let Some(rt) = runtime() else { return };
    let (a, b) = (rt.array(vec![1u32; 1 << 19]).unwrap(), rt.array(vec![2u32; 1 << 19]).unwrap());
    // Once before: pipelines are compiled, models know.
    rt.map::<slow>((&a,)).on(GPU).run_wait().unwrap();
    let recorder = rt.record();
    let graph = rt.graph();
    let on_gpu = graph.add(rt.map::<slow>((&a,)).on(GPU)).unwrap();
    let on_cpu = graph.add(rt.map::<slow>((&b,)).on(Target::Simd)).unwrap();
    graph.run().unwrap();
    let trace = recorder.finish();
    let launches = trace.launches();
    assert_eq!(launches.len(), 2, "{launches:?}");
    let (first, second) = (&launches[0], &launches[1]);
    assert!(first.started < second.ended && second.started < first.ended, "{launches:#?}");
    assert_ne!(first.target, second.target);
    assert_eq!(on_gpu.read().unwrap()[5], on_gpu.read().unwrap()[6]);
    assert_eq!(on_cpu.read().unwrap().len(), 1 << 19);
}

#[test]
fn parts_written_by_the_host_and_by_a_gpu_meet_in_one_array() {
    let Some(rt) = runtime() else { return };
    let n = 64 * 4096 + 77;
    let x: Vec<u32> = (0..n as u32).collect();
    let array = rt.array(x.clone()).unwrap();
    let out = rt.map::<mixed>((&array, 5)).on(Target::Split).gpu_share(0.5).run().unwrap();
    let home = out.home().clone();
    let before = home.moved();
    let cut = n / 2;
    // The first quarter is the host's own, the last one is on the GPU.
    assert_eq!(out.read_span(0..n / 4).unwrap()[7], mix(7, 5));
    assert_eq!(home.moved().to_host, before.to_host, "it was at home");
    assert_eq!(out.read_span(n - 4..n).unwrap()[3], mix(n as u32 - 1, 5));
    let moved = home.moved().to_host - before.to_host;
    assert_eq!(moved, 16, "four elements came home");
    // A launch on the GPU needs only what is not there.
    let before = home.moved();
    let again = rt.map::<mixed>((&out, 6)).on(GPU).run_wait().unwrap();
    let moved = home.moved().from_host - before.from_host;
    assert!(moved >= 4 * (cut - 4096) as u64 && moved <= 4 * (cut + 4096) as u64, "{moved}");
    let expected: Vec<u32> = x.iter().map(|x| mix(mix(*x, 5), 6)).collect();
    assert_eq!(again.to_vec().unwrap(), expected);
}

/// In a process of its own: the budget is read when a GPU is opened.
#[test]
fn an_array_three_times_the_budget_is_mapped_within_it() {
    const NAME: &str = "an_array_three_times_the_budget_is_mapped_within_it";
    const BUDGET: u64 = 8 << 20;
    if std::env::var_os("MANYLANE_GPU_BUDGET").is_none() {
        let own = std::env::current_exe().unwrap();
        let status = std::process::Command::new(own)
            .args([NAME, "--exact", "--nocapture"])
            .env("MANYLANE_GPU_BUDGET", BUDGET.to_string())
            .status();
        assert!(status.unwrap().success());
        return;
    }
    let Some(rt) = runtime() else { return };
    let gpu = manylane::device::gpu::open(0).unwrap();
    let n = (3 * BUDGET / 4) as usize + 123;
    let x: Vec<u32> = (0..n as u32).collect();
    let array = rt.array(x.clone()).unwrap();
    let expected: Vec<u32> = x.iter().map(|x| mix(*x, 11)).collect();
    for target in [GPU, Target::Split] {
        for share in [None, Some(0.7)] {
            let mut launch = rt.map::<mixed>((&array, 11)).on(target);
            if let Some(share) = share {
                launch = launch.gpu_share(share);
            }
            let (out, outcome) = launch.reported().run().unwrap();
            assert!(out.to_vec().unwrap() == expected, "{target} {share:?}");
            assert!(outcome.note.as_deref().is_some_and(|note| note.contains("streamed")), "{outcome:?}");
            assert!(gpu.memory_taken() <= BUDGET, "{} of {BUDGET}", gpu.memory_taken());
        }
    }
    let sum = rt.map::<mixed>((&array, 11)).on(GPU).sum().unwrap();
    assert_eq!(sum, expected.iter().fold(0u32, |sum, x| sum.wrapping_add(*x)));
    let mut lent = x.clone();
    rt.map::<mixed>((&x, 11)).on(GPU).run_into(&mut lent).unwrap();
    assert!(lent == expected);
    assert!(gpu.memory_taken() <= BUDGET, "{} of {BUDGET}", gpu.memory_taken());
}
