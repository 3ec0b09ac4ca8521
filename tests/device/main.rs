//! The GPU device layer on whatever adapter there is: order, sizes, limits, errors, threads.

mod support;

use std::time::Duration;

use manylane::device::Completion;
use manylane::device::gpu::{self, BindingKind, Bound, Buffer, Dispatch, Gpu, Pipeline, STATUS_LOOP_LIMIT};
use manylane::error::{ErrorKind, Result};

use support::first_gpu;

/// Adds `params.add` to each of the first `params.n` words.
const ADD: &str = "
    struct Params { n: u32, add: u32 }
    @group(0) @binding(0) var<uniform> params: Params;
    @group(0) @binding(1) var<storage, read_write> data: array<u32>;
    @compute @workgroup_size(64)
    fn main(
        @builtin(workgroup_id) wg: vec3<u32>,
        @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32,
    ) {
        let i = (wg.y * groups.x + wg.x) * 64u + lane;
        if i < params.n {
            data[i] += params.add;
        }
    }";

/// The states of a linear congruential generator.
fn noise(n: usize, seed: u32) -> Vec<u32> {
    let step = |x: &u32| Some(x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    std::iter::successors(Some(seed), step).take(n).collect()
}

fn add_pipeline(gpu: &Gpu) -> Pipeline {
    gpu.pipeline(1, "add", || ADD.into(), &[BindingKind::ReadWrite]).unwrap()
}

fn add(gpu: &Gpu, pipeline: &Pipeline, buffer: &Buffer, n: u32, by: u32) -> Completion {
    gpu.dispatch(Dispatch {
        label: "add".into(),
        pipeline: pipeline.clone(),
        params: [n, by].iter().flat_map(|word| word.to_le_bytes()).collect(),
        bindings: vec![Bound::whole(buffer)],
        groups: u64::from(n).div_ceil(64),
        status: false,
        explain: Default::default(),
        deadline: Duration::from_secs(10),
        after: vec![],
        stop: None,
    })
}

fn words(gpu: &Gpu, buffer: &Buffer, n: usize) -> Result<Vec<u32>> {
    let mut bytes = vec![0; 4 * n];
    gpu.download(buffer, 0, &mut bytes)?;
    Ok(bytes.chunks_exact(4).map(|word| u32::from_le_bytes(word.try_into().unwrap())).collect())
}

fn bytes(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

#[test]
fn adapters_are_numbered_real_ones_first() {
    let adapters = gpu::adapters();
    for (number, info) in adapters.iter().enumerate() {
        assert_eq!(info.index, number);
        assert!(!info.name.is_empty());
        assert!(info.limits.max_binding > 0 && info.limits.storage_buffers >= 4);
    }
    assert!(adapters.is_sorted_by_key(|info| info.software));
}

#[test]
fn an_adapter_that_is_not_there_is_named_with_the_remedy() {
    let error = gpu::open(1000).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::NoDevice);
    assert!(error.to_string().contains("CPU target"), "{error}");
}

#[test]
fn opening_twice_gives_the_same_device_and_a_passed_self_test() {
    let Some(gpu) = first_gpu() else { return };
    assert_eq!(gpu::open(0).unwrap().id(), gpu.id());
    assert!(gpu.self_test().long_loop && gpu.self_test().nan_compare, "{:?}", gpu.self_test());
    if gpu.info().software {
        assert!(gpu.self_test().same_bits(), "{:?}", gpu.self_test());
    }
}

#[test]
fn any_number_of_bytes_comes_back() {
    let Some(gpu) = first_gpu() else { return };
    for n in [0, 1, 3, 4, 5, 1023, 16_384, 16_385, 4 << 20, (9 << 20) + 7] {
        let data: Vec<u8> = noise(n, n as u32).iter().map(|word| (word >> 24) as u8).collect();
        let buffer = gpu.alloc(n as u64).unwrap();
        assert_eq!(buffer.bytes(), (n as u64).max(1).next_multiple_of(4));
        gpu.upload(&buffer, 0, &data).unwrap();
        let mut back = vec![0; n];
        gpu.download(&buffer, 0, &mut back).unwrap();
        assert!(back == data, "{n} bytes");
    }
}

#[test]
fn parts_of_buffers_are_copied() {
    let Some(gpu) = first_gpu() else { return };
    let data = noise(1000, 7);
    let (a, b) = (gpu.alloc(4000).unwrap(), gpu.alloc(4000).unwrap());
    gpu.upload(&a, 0, &bytes(&data)).unwrap();
    gpu.upload(&b, 0, &bytes(&[0; 1000])).unwrap();
    gpu.upload(&a, 40, &[1, 2, 3, 4, 5]).unwrap();
    gpu.copy(&a, 40, &b, 80, 400).unwrap();
    gpu.copy(&b, 80, &b, 84, 400).unwrap();
    let (a, b) = (words(&gpu, &a, 1000).unwrap(), words(&gpu, &b, 1000).unwrap());
    assert_eq!(a[10..12], [0x0403_0201, 5]);
    assert_eq!((&a[..10], &a[12..]), (&data[..10], &data[12..]));
    assert_eq!(b[21..121], a[10..110]);
    assert_eq!((b[19], b[20], b[121]), (0, a[10], 0));
}

#[test]
fn more_workgroups_than_one_dimension_holds_are_folded() {
    let Some(gpu) = first_gpu() else { return };
    let n = 64 * 65_535 * 2 + 77;
    let buffer = gpu.alloc(4 * n as u64).unwrap();
    gpu.upload(&buffer, 0, &vec![0; 4 * n]).unwrap();
    add(&gpu, &add_pipeline(&gpu), &buffer, n as u32, 3).wait().unwrap();
    assert!(words(&gpu, &buffer, n).unwrap().iter().all(|word| *word == 3));
}

#[test]
fn everything_happens_in_the_order_given() {
    let Some(gpu) = first_gpu() else { return };
    let pipeline = add_pipeline(&gpu);
    let n = 100_000;
    let buffer = gpu.alloc(4 * n as u64).unwrap();
    for round in 0..20_u32 {
        // Nothing waits in between: an upload after a dispatch on the same buffer, and the other way round.
        gpu.upload(&buffer, 0, &bytes(&vec![round; n])).unwrap();
        for _ in 0..10 {
            add(&gpu, &pipeline, &buffer, n as u32, 5);
        }
        gpu.upload(&buffer, 400, &[0; 40]).unwrap();
        let last = add(&gpu, &pipeline, &buffer, n as u32, 1);
        let back = words(&gpu, &buffer, n).unwrap();
        assert!(last.is_done());
        assert!(last.seconds().unwrap() > 0.0);
        for (i, word) in back.into_iter().enumerate() {
            assert_eq!(word, if (100..110).contains(&i) { 1 } else { round + 51 }, "round {round}, word {i}");
        }
    }
}

#[test]
fn a_dispatch_of_no_groups_ends_well() {
    let Some(gpu) = first_gpu() else { return };
    let buffer = gpu.alloc(4).unwrap();
    add(&gpu, &add_pipeline(&gpu), &buffer, 0, 1).wait().unwrap();
    gpu.wait_idle().unwrap();
}

#[test]
fn a_shader_that_does_not_compile_is_an_error_and_the_device_goes_on() {
    let Some(gpu) = first_gpu() else { return };
    let wrong = |key, text: &str| gpu.pipeline(key, "wrong", || text.into(), &[]).err().unwrap();
    let error = wrong(100, "fn main() { let x: u32 = 1.5; }");
    assert_eq!(error.kind(), ErrorKind::Internal);
    assert!(error.to_string().contains("`wrong`"), "{error}");
    let error = wrong(101, "@compute @workgroup_size(1) fn other() {}");
    assert_eq!(error.kind(), ErrorKind::Internal);
    let unbound = "@group(0) @binding(5) var<storage, read_write> x: array<u32>;
        @compute @workgroup_size(1) fn main() { x[0] = 1u; }";
    assert_eq!(wrong(102, unbound).kind(), ErrorKind::Internal);
    assert!(!gpu.is_lost());
    let buffer = gpu.alloc(256).unwrap();
    gpu.upload(&buffer, 0, &[0; 256]).unwrap();
    add(&gpu, &add_pipeline(&gpu), &buffer, 64, 9).wait().unwrap();
    assert_eq!(words(&gpu, &buffer, 64).unwrap(), [9; 64]);
}

#[test]
fn limits_are_errors_that_name_them() {
    let Some(gpu) = first_gpu() else { return };
    let limits = *gpu.limits();
    let too_much = limits.workgroup_bytes / 4 + 64;
    let greedy = format!(
        "var<workgroup> tile: array<u32, {too_much}>;
        @compute @workgroup_size(1) fn main() {{ tile[0] = 1u; }}"
    );
    let error = gpu.pipeline(200, "greedy", || greedy, &[]).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);
    assert!(error.to_string().contains(&limits.workgroup_bytes.to_string()), "{error}");

    let many = vec![BindingKind::Read; limits.storage_buffers as usize + 1];
    let error = gpu.pipeline(201, "many", String::new, &many).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::LimitExceeded);

    if let Some(bytes) = limits.max_buffer.checked_add(4) {
        assert_eq!(gpu.alloc(bytes).err().unwrap().kind(), ErrorKind::LimitExceeded);
    }
}

#[test]
fn wrong_bindings_are_errors_of_the_completion() {
    let Some(gpu) = first_gpu() else { return };
    let (a, pipeline) = (gpu.alloc(4096).unwrap(), add_pipeline(&gpu));
    let run = |bindings| {
        let dispatch = Dispatch {
            label: "wrong".into(),
            pipeline: pipeline.clone(),
            params: vec![0; 8],
            bindings,
            groups: 1,
            status: false,
            explain: Default::default(),
            deadline: Duration::from_secs(1),
            after: vec![],
            stop: None,
        };
        gpu.dispatch(dispatch).wait().unwrap_err().kind()
    };
    assert_eq!(run(vec![]), ErrorKind::Internal);
    assert_eq!(run(vec![Bound { buffer: a.clone(), offset: 4, size: 4 }]), ErrorKind::Internal);
    assert_eq!(run(vec![Bound { buffer: a.clone(), offset: 4096, size: 4 }]), ErrorKind::Internal);

    // What only wgpu sees, in the midst of good dispatches that may share its submission.
    let kinds = [BindingKind::Read, BindingKind::ReadWrite];
    let text = "@group(0) @binding(1) var<storage, read> x: array<u32>;
        @group(0) @binding(2) var<storage, read_write> y: array<u32>;
        @compute @workgroup_size(1) fn main() { y[0] = x[0]; }";
    let twice = gpu.pipeline(300, "twice", || text.into(), &kinds).unwrap();
    gpu.upload(&a, 0, &[0; 4096]).unwrap();
    let mut all = Vec::new();
    for round in 0..10 {
        all.push((true, add(&gpu, &pipeline, &a, 1024, 1)));
        let bindings = vec![Bound::whole(&a), Bound::whole(&a)];
        let dispatch = Dispatch {
            label: format!("twice {round}"),
            pipeline: twice.clone(),
            params: vec![],
            bindings,
            groups: 1,
            status: false,
            explain: Default::default(),
            deadline: Duration::from_secs(1),
            after: vec![],
            stop: None,
        };
        all.push((false, gpu.dispatch(dispatch)));
    }
    for (good, completion) in all {
        assert_eq!(completion.wait().is_ok(), good);
    }
    assert_eq!(words(&gpu, &a, 1024).unwrap(), [10; 1024]);
}

#[test]
fn a_status_becomes_a_loop_limit_of_its_own_dispatch() {
    let Some(gpu) = first_gpu() else { return };
    let text = "struct Params { code: u32 }
        @group(0) @binding(0) var<uniform> params: Params;
        @group(0) @binding(1) var<storage, read_write> data: array<u32>;
        @group(0) @binding(2) var<storage, read_write> status: array<atomic<u32>>;
        @compute @workgroup_size(1) fn main() {
            data[0] += 1u;
            if params.code != 0u { atomicMax(&status[0], params.code); }
        }";
    let kinds = [BindingKind::ReadWrite];
    let pipeline = gpu.pipeline(400, "limited", || text.into(), &kinds).unwrap();
    let data = gpu.alloc(4).unwrap();
    gpu.upload(&data, 0, &[0; 4]).unwrap();
    let run = |code: u32| {
        gpu.dispatch(Dispatch {
            label: "limited".into(),
            pipeline: pipeline.clone(),
            params: code.to_le_bytes().to_vec(),
            bindings: vec![Bound::whole(&data)],
            groups: 1,
            status: true,
            explain: Default::default(),
            deadline: Duration::from_secs(10),
            after: vec![],
            stop: None,
        })
    };
    let all: Vec<_> =
        (0..100_u32).map(|i| (i, run(if i % 7 == 3 { STATUS_LOOP_LIMIT } else { 0 }))).collect();
    for (i, completion) in all {
        match completion.wait() {
            Ok(()) => assert_ne!(i % 7, 3),
            Err(error) => assert_eq!((i % 7, error.kind()), (3, ErrorKind::LoopLimit), "{error}"),
        }
    }
    assert!(pipeline.has_status() && !add_pipeline(&gpu).has_status());
    assert_eq!(run(77).wait().unwrap_err().kind(), ErrorKind::Internal);
    assert_eq!(words(&gpu, &data, 1).unwrap(), [101]);
}

#[test]
fn threads_share_a_device() {
    let Some(gpu) = first_gpu() else { return };
    let pipeline = add_pipeline(&gpu);
    std::thread::scope(|scope| {
        for seed in 1..=6_u32 {
            let (gpu, pipeline) = (&gpu, &pipeline);
            scope.spawn(move || {
                // More than one piece of staging each, so that they compete for it.
                let n = 3_000_000 + seed as usize;
                let data = noise(n, seed);
                let buffer = gpu.alloc(4 * n as u64).unwrap();
                gpu.upload(&buffer, 0, &bytes(&data)).unwrap();
                let done = add(gpu, pipeline, &buffer, n as u32, seed);
                let back = words(gpu, &buffer, n).unwrap();
                done.wait().unwrap();
                assert!(back.iter().zip(&data).all(|(back, data)| *back == data.wrapping_add(seed)));
            });
        }
    });
}

#[test]
fn buffers_may_be_dropped_and_reused_while_in_flight() {
    let Some(gpu) = first_gpu() else { return };
    let pipeline = add_pipeline(&gpu);
    let n = 100_000;
    let mut completions = Vec::new();
    for round in 0..50 {
        let buffer = gpu.alloc(4 * n as u64).unwrap();
        gpu.upload(&buffer, 0, &bytes(&vec![round; n])).unwrap();
        completions.push(add(&gpu, &pipeline, &buffer, n as u32, 1));
        if round % 10 == 9 {
            let kept = buffer.clone();
            drop(buffer);
            assert!(words(&gpu, &kept, n).unwrap().iter().all(|word| *word == round + 1));
        }
    }
    Completion::all(completions).wait().unwrap();
}

/// Writes, reads and dispatches of several threads, on buffers of their own and on one that all of them read: where the
/// device shares the host's memory, the host writes and reads buffers that must not be submitted meanwhile.
#[test]
fn memory_is_written_and_read_between_dispatches() {
    let Some(gpu) = first_gpu() else { return };
    let pipeline = add_pipeline(&gpu);
    let shared = gpu.alloc(4 * 10_000).unwrap();
    let common = noise(10_000, 5);
    gpu.upload(&shared, 0, &bytes(&common)).unwrap();
    std::thread::scope(|scope| {
        for seed in 0..4u32 {
            let (gpu, pipeline, shared, common) = (&gpu, &pipeline, &shared, &common);
            scope.spawn(move || {
                let mut random = noise(4_000, 100 + seed).into_iter();
                let mut next = move |below: u32| random.next().unwrap() % below;
                let n = 5_000;
                let mut model = noise(n, seed);
                let buffer = gpu.alloc(4 * n as u64).unwrap();
                gpu.upload(&buffer, 0, &bytes(&model)).unwrap();
                for round in 0..150 {
                    let (at, len) = (next(n as u32) as usize, next(700) as usize + 1);
                    let end = (at + len).min(n);
                    match next(4) {
                        0 => {
                            let part = noise(end - at, round);
                            gpu.upload(&buffer, 4 * at as u64, &bytes(&part)).unwrap();
                            model[at..end].copy_from_slice(&part);
                        }
                        1 => {
                            let _ = add(gpu, pipeline, &buffer, n as u32, round);
                            model.iter_mut().for_each(|x| *x = x.wrapping_add(round));
                        }
                        2 => {
                            let mut part = vec![0u8; 4 * (end - at)];
                            gpu.download(&buffer, 4 * at as u64, &mut part).unwrap();
                            assert_eq!(part, bytes(&model[at..end]), "thread {seed}, round {round}");
                        }
                        _ => {
                            let mut part = vec![0u8; 4 * (end - at) - 3];
                            gpu.download(shared, 4 * at as u64, &mut part).unwrap();
                            assert_eq!(part, bytes(&common[at..end])[..part.len()]);
                        }
                    }
                }
                assert_eq!(words(gpu, &buffer, n).unwrap(), model, "thread {seed}");
            });
        }
    });
}
