//! Properties of plans: chunks cover the domain in order, never overlap, respect limits; the same input, the same plan.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

use manylane::kernel::KernelInfo;
use manylane::plan::{GpuSpec, Machine, Models, Request, Site, Work, Worker, guided, plan, shares};
use manylane::prelude::*;
use manylane::shape::CHUNK;
use proptest::prelude::*;

#[kernel]
fn light(x: f32, y: f32) -> f32 {
    x + y
}

#[kernel]
fn heavy(x: f32, #[uniform] limit: u32) -> f32 {
    let mut y = x;
    let mut k = 0;
    while k < limit && y < 100.0 {
        y = y * y + x;
        k += 1;
    }
    y
}

#[kernel]
fn pixels(px: [u8; 3]) -> [f32; 4] {
    [px[0] as f32, px[1] as f32, px[2] as f32, 1.0]
}

#[kernel]
fn blur(at: Cell, src: Image<f32>) -> f32 {
    src.near(at, -1, 0) + src.near(at, 1, 0)
}

fn kernels() -> impl Strategy<Value = KernelInfo> {
    (0..4usize).prop_map(|k| [light::INFO, heavy::INFO, pixels::INFO, blur::INFO][k])
}

fn domains() -> impl Strategy<Value = Domain> {
    prop_oneof![
        (0..3 * CHUNK).prop_map(Domain::Line),
        (0..50_000_000usize).prop_map(Domain::Line),
        (0..3_000usize, 0..3_000usize).prop_map(Domain::from),
        (0..12usize).prop_map(|k| Domain::Line(k * CHUNK)),
    ]
}

fn works() -> impl Strategy<Value = Work> {
    (kernels(), domains(), any::<bool>()).prop_map(|(kernel, domain, folded)| {
        let arrays = kernel.params.iter().map(|param| param.element.bytes());
        let results = kernel.results.iter().map(|result| result.bytes());
        let bytes = arrays.clone().sum::<usize>() + if folded { 0 } else { results.clone().sum() };
        Work { kernel, domain, bytes, widest: arrays.chain(results).max().unwrap(), folded }
    })
}

fn machines() -> impl Strategy<Value = Machine> {
    let gpu = (any::<bool>(), any::<bool>(), 16u32..34);
    (1..65usize, prop::sample::select(Level::ALL.to_vec()), prop::collection::vec(gpu, 0..4)).prop_map(
        |(threads, level, gpus)| Machine {
            threads,
            level,
            gpus: gpus
                .into_iter()
                .enumerate()
                .map(|(index, (software, joins_split, binding))| GpuSpec {
                    index,
                    name: format!("gpu {index}"),
                    software,
                    joins_split,
                    avoided: false,
                    max_binding: 1u64 << binding,
                })
                .collect(),
        },
    )
}

fn targets() -> impl Strategy<Value = Target> {
    prop::sample::select(vec![
        Target::Auto,
        Target::Scalar,
        Target::Simd,
        Target::Threads,
        Target::Split,
        Target::Gpu(0),
        Target::Gpu(1),
        Target::Gpu(99),
    ])
}

fn mappings() -> impl Strategy<Value = Mapping> {
    prop::sample::select(vec![Mapping::Auto, Mapping::Static, Mapping::ManagerWorker, Mapping::WorkStealing])
}

/// Measurements as they come: of any place, however slow.
fn models(work: Work) -> impl Strategy<Value = Models> {
    let sites = prop::sample::select(vec![
        Site::Thread,
        Site::Scalar,
        Site::Gpu { index: 0, software: false },
        Site::Gpu { index: 0, software: true },
        Site::Gpu { index: 1, software: false },
        Site::Gpu { index: 1, software: true },
    ]);
    prop::collection::vec((sites, 1..60_000_000usize, 1e-12..10.0f64), 0..12).prop_map(move |samples| {
        let mut models = Models::default();
        for (site, places, seconds) in samples {
            models.record(work.kernel.hash, site, places, seconds);
        }
        models
    })
}

fn worked() -> impl Strategy<Value = (Work, Models)> {
    works().prop_flat_map(|work| (Just(work), models(work)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn chunks_cover_the_domain(
        machine in machines(),
        (work, models) in worked(),
        target in targets(),
        mapping in mappings(),
    ) {
        let n = work.domain.len();
        let request = Request { target, mapping };
        let plan = match plan(&machine, &work, request, &models) {
            Ok(plan) => plan,
            Err(error) => {
                // Only a forced GPU may fail: by not being there, or by its limits.
                let Target::Gpu(index) = target else { return Err(TestCaseError::fail(format!("{target}: {error}"))) };
                let expected =
                    if index < machine.gpus.len() { ErrorKind::LimitExceeded } else { ErrorKind::NoDevice };
                prop_assert_eq!(error.kind(), expected);
                prop_assert!(error.to_string().contains(&format!("gpu:{index}")), "{}", error);
                return Ok(());
            }
        };
        prop_assert_eq!(&plan, &manylane::plan::plan(&machine, &work, request, &models).unwrap(), "the same plan again");
        let mut at = 0;
        for (k, chunk) in plan.chunks.iter().enumerate() {
            prop_assert_eq!(chunk.span.start, at, "in order, without a hole");
            prop_assert!(chunk.span.end > at || n == 0, "no chunk is empty");
            at = chunk.span.end;
            prop_assert!(at % CHUNK == 0 || k + 1 == plan.chunks.len(), "boundary {} of {}", at, n);
            match chunk.worker {
                Worker::Gpu(index) => {
                    let most = machine.gpus[index].max_binding;
                    prop_assert!((chunk.span.len() * work.widest) as u64 <= most, "a binding spans {most} bytes");
                }
                _ => prop_assert_eq!(k, 0, "the CPU's chunk is the first"),
            }
        }
        prop_assert_eq!(at, n, "to the end");
        prop_assert!(plan.threads >= 1 && plan.threads <= machine.threads);
        prop_assert!(plan.grain >= CHUNK && plan.grain % CHUNK == 0);
        prop_assert!(plan.predicted_seconds.is_finite() && plan.predicted_seconds >= 0.0);
        prop_assert_eq!(plan.asked, target);
        prop_assert_ne!(plan.target, Target::Auto);
        prop_assert!(plan.mapping != Mapping::Auto || plan.target == Target::Split);
        if plan.target != target && target != Target::Auto {
            prop_assert!(plan.note.is_some(), "a fallback is never silent");
        }
        let joins = |index: usize| machine.gpus[index].joins_split;
        if target == Target::Split {
            let all = plan.chunks.iter().all(|chunk| !matches!(chunk.worker, Worker::Gpu(index) if !joins(index)));
            prop_assert!(all, "only those that may take a share");
        }
        let text = plan.explain();
        prop_assert!(text.contains(&format!("on {}", plan.target)), "{}", text);
        prop_assert!(text.contains(work.kernel.name), "{}", text);
        if plan.chunks.iter().any(|chunk| chunk.worker == Worker::Threads) {
            prop_assert!(text.contains(&format!("grain {} places", plan.grain)), "{}", text);
        }
    }

    #[test]
    fn shares_cover_in_order(n in 0..10_000_000usize, weights in prop::collection::vec(prop_oneof![Just(0.0), 1e-9..1e12f64], 1..9)) {
        let spans = shares(n, &weights);
        prop_assert_eq!(spans.len(), weights.len());
        let mut at = 0;
        for (span, weight) in spans.iter().zip(&weights) {
            prop_assert_eq!(span.start, at);
            prop_assert!(span.end >= span.start);
            at = span.end;
            prop_assert!(at == n || at % CHUNK == 0);
            if *weight == 0.0 && weights.iter().any(|weight| *weight > 0.0) {
                prop_assert!(span.is_empty(), "a weight of 0 gets nothing: {:?} of {:?}", spans, weights);
            }
        }
        prop_assert_eq!(at, n);
    }

    #[test]
    fn shares_are_in_proportion(n in 1_000_000..50_000_000usize, weights in prop::collection::vec(0.1..10.0f64, 1..6)) {
        let total: f64 = weights.iter().sum();
        for (span, weight) in shares(n, &weights).iter().zip(&weights) {
            let ideal = n as f64 * weight / total;
            prop_assert!((span.len() as f64 - ideal).abs() <= CHUNK as f64 + 1.0, "{} for {}", span.len(), ideal);
        }
    }

    #[test]
    fn a_queue_empties(n in 0..50_000_000usize, workers in 0..65usize, grain in 0..1_000_000usize) {
        let (mut left, mut last, mut turns) = (n, usize::MAX, 0);
        while left > 0 {
            let take = guided(left, workers, grain);
            prop_assert!(take > 0 && take <= left && take <= last);
            prop_assert!(take == left || take.is_multiple_of(CHUNK) && take >= grain);
            (left, last, turns) = (left - take, take, turns + 1);
        }
        prop_assert!(turns <= n.div_ceil(CHUNK));
    }
}

#[test]
fn a_gpu_that_cannot_hold_the_work_takes_no_share() {
    let gpu = |binding| GpuSpec {
        index: 0,
        name: "small".into(),
        software: false,
        joins_split: true,
        avoided: false,
        max_binding: binding,
    };
    let domain = Domain::from((1_000, 1_000));
    let work = Work { kernel: blur::INFO, domain, bytes: 8, widest: 4, folded: false };
    let request = Request { target: Target::Split, ..Request::default() };
    let with = |binding| {
        let machine = Machine { threads: 4, level: Level::Baseline, gpus: vec![gpu(binding)] };
        plan(&machine, &work, request, &Models::default()).expect("nobody forced the GPU")
    };
    // The rows around a piece have to fit beside it; of the picture no more.
    let some = with(1 << 16);
    assert!(some.chunks.iter().any(|chunk| matches!(chunk.worker, Worker::Gpu(_))), "{:?}", some.chunks);
    let plan = with(1 << 14);
    assert!(plan.chunks.iter().all(|chunk| !matches!(chunk.worker, Worker::Gpu(_))), "{:?}", plan.chunks);
    assert!(plan.note.is_some(), "and the outcome says so");
}

#[test]
fn a_launch_explains_itself() {
    let rt = Runtime::builder().threads(2).build().unwrap();
    let x = rt.array(vec![1.0f32; 1 << 20]).unwrap();
    let text = rt.map::<light>((&x, 2.0)).on(Target::Threads).plan().unwrap().explain();
    for part in ["light", "threads", "1048576 places", "grain", "predicted", "deadline"] {
        assert!(text.contains(part), "`{part}` is missing in:\n{text}");
    }
    let text = rt.map::<light>((&x, 2.0)).on(Target::Simd).plan().unwrap().explain();
    assert!(text.contains("simd") && text.contains("the calling thread"), "{text}");
}
