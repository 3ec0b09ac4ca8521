//! A made-up record with everything in it, for tests: plausible numbers of a machine that does not exist.

use crate::bench::evaluation::{
    Bandwidth, Crossing, Evaluation, Peaks, Point, Scaling, ScalingStep, Share, Shares, Span, Timeline,
};
use crate::bench::record::{Record, Row};
use crate::host::{Adapter, Caches, Host, Limits};
use crate::report::scaling::law;

/// A kernel whose name is an attack on the page.
pub const HOSTILE: &str = "<script>alert(\"x\")</script>&amp;'";
/// A kernel whose name is longer than a plot is wide.
pub const LONG: &str = "convolution_of_interleaved_pixels_by_a_separable_seven_by_seven_window";

const SIZES: [usize; 5] = [4_096, 65_536, 786_432, 4_194_304, 33_554_432];

/// Name, bytes and float operations for each place, seconds for each place on one scalar lane, and what SIMD makes of it.
const KERNELS: [(&str, f64, f64, f64, f64); 8] = [
    ("saxpy", 12.0, 2.0, 2.1e-10, 1.3),
    ("distance", 16.0, 6.0, 3.6e-10, 1.4),
    ("black_scholes", 20.0, 52.0, 1.2e-8, 11.5),
    ("mandelbrot", 4.0, 700.0, 1.7e-7, 25.0),
    ("sum", 4.0, 1.0, 2.7e-10, 7.2),
    ("sobel", 2.0, 11.0, 8.1e-9, 39.6),
    (HOSTILE, 8.0, 4.0, 5e-10, 3.0),
    (LONG, 6.0, 98.0, 4e-9, 14.0),
];

/// Knuth's linear congruential generator (MMIX): the same numbers on every run.
struct Jitter(u64);

impl Jitter {
    /// A factor near 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        0.95 + 0.1 * (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// A machine that does not exist.
pub fn host() -> Host {
    let limits = Limits {
        max_binding: 1 << 27,
        max_buffer: 1 << 31,
        max_groups: 65_535,
        max_invocations: 1_024,
        storage_buffers: 16,
        workgroup_bytes: 32_768,
    };
    let adapter = Adapter {
        target: "gpu:0".into(),
        name: "Imagined RX 100 <fast> & \"quiet\"".into(),
        backend: "vulkan".into(),
        driver: "imagined".into(),
        driver_info: "1.2.3".into(),
        kind: "discrete".into(),
        software: false,
        limits,
        self_test: None,
        link: None,
        refused: None,
    };
    Host {
        name: "test".into(),
        os: "linux 6.1".into(),
        arch: "x86_64".into(),
        cpu: "Imagined 8-Core Processor".into(),
        cores: 8,
        threads: 8,
        level: "avx2".into(),
        levels: ["scalar", "baseline", "avx2"].map(str::to_owned).to_vec(),
        caches: Caches { l1: 32_768, l2: 524_288, l3: 33_554_432 },
        memory: 1 << 34,
        adapters: vec![adapter],
        driver: vec!["imagined 1.2.3".into()],
        rustc: "rustc 1.95.0".into(),
        commit: Some("0123456789ab".into()),
        version: "0.1.0".into(),
        time: "2026-11-23T00:00:00Z".into(),
    }
}

/// A record with every plot in it.
pub fn record() -> Record {
    let mut record = Record::new(host(), rows());
    let mut evaluation = Evaluation {
        peaks: peaks(),
        points: points(&record.rows),
        scaling: scaling(),
        crossovers: crossovers(),
        shares: shares(),
        timelines: vec![timeline()],
        ..Evaluation::default()
    };
    evaluation.notes.push("energy: there is no RAPL here".into());
    record.evaluation = Some(evaluation);
    record
}

fn rows() -> Vec<Row> {
    let mut jitter = Jitter(20_261_123);
    let mut rows = Vec::new();
    for (kernel, bytes, flops, scalar, simd) in KERNELS {
        for size in SIZES {
            let n = size as f64;
            let alone = n * scalar * jitter.next();
            let vector = alone / simd;
            let threads = 4e-6 + vector / 7.0 * jitter.next();
            let gpu = 9e-6 + vector / 40.0 * jitter.next();
            let times = [
                ("scalar", alone, None),
                ("simd", vector, None),
                ("threads", threads, None),
                ("gpu:0", gpu, Some(2e-5 + n * bytes / 1.2e10)),
                ("split", 1e-5 + 1.0 / (1.0 / threads + 1.0 / gpu), None),
            ];
            for (target, seconds, transfer) in times {
                let cpu = target != "gpu:0";
                rows.push(Row {
                    kernel: kernel.into(),
                    size,
                    shape: (size == 786_432).then(|| "1024x768".to_owned()),
                    target: target.into(),
                    level: cpu.then(|| if target == "scalar" { "scalar" } else { "avx2" }.to_owned()),
                    threads: cpu.then_some(if matches!(target, "scalar" | "simd") { 1 } else { 8 }),
                    adapter: matches!(target, "gpu:0" | "split").then(|| "Imagined RX 100".to_owned()),
                    verified: true,
                    samples: 31,
                    seconds_min: Some(seconds),
                    seconds_median: Some(seconds * 1.04),
                    seconds_transfer: transfer,
                    gb_s: Some(n * bytes / seconds * 1e-9),
                    gflop_s: (kernel != "sobel").then_some(n * flops / seconds * 1e-9),
                    speedup: Some(alone / seconds),
                    ..Row::default()
                });
                if target == "split" {
                    rows.last_mut().expect("the row").note = Some("shares were <guessed>".to_owned());
                }
            }
        }
    }
    rows
}

fn peaks() -> Vec<Peaks> {
    let memories = |scale: f64| {
        [("L1", 16 << 10, 280.0), ("L2", 256 << 10, 140.0), ("L3", 16 << 20, 70.0), ("DRAM", 256 << 20, 22.0)]
            .map(|(memory, footprint, gb_s)| Bandwidth {
                memory: memory.into(),
                footprint,
                gb_s: gb_s * scale,
            })
            .to_vec()
    };
    let dram = Bandwidth { memory: "DRAM".into(), footprint: 1 << 30, gb_s: 610.0 };
    vec![
        Peaks { target: "simd".into(), gflop_s: 118.0, memories: memories(1.0) },
        Peaks { target: "threads".into(), gflop_s: 870.0, memories: memories(5.5) },
        Peaks { target: "gpu:0".into(), gflop_s: 14_200.0, memories: vec![dram] },
    ]
}

fn points(rows: &[Row]) -> Vec<Point> {
    let peaks = peaks();
    let point = |row: &Row| {
        let (kernel, bytes, flops, ..) = KERNELS.into_iter().find(|kernel| kernel.0 == row.kernel)?;
        let peak = peaks.iter().find(|peaks| peaks.target == row.target)?;
        let memory = peak.memories.iter().find(|memory| memory.footprint as f64 > row.size as f64 * bytes);
        let memory = memory.or(peak.memories.last())?;
        let slope = flops / bytes * memory.gb_s;
        Some(Point {
            kernel: kernel.into(),
            size: row.size,
            target: row.target.clone(),
            intensity: flops / bytes,
            gflop_s: row.gflop_s?.min(0.93 * slope.min(peak.gflop_s)),
            memory: memory.memory.clone(),
            attainable: slope.min(peak.gflop_s),
            bound: if slope < peak.gflop_s { "memory" } else { "compute" }.into(),
        })
    };
    rows.iter().filter(|row| row.size >= 4_194_304).filter_map(point).collect()
}

fn scaling() -> Vec<Scaling> {
    let mut jitter = Jitter(7);
    let mut curves = Vec::new();
    for (kernel, serial) in [("saxpy", 0.31), ("black_scholes", 0.012), ("mandelbrot", 0.004), (LONG, 0.07)] {
        for kind in ["strong", "weak"] {
            let steps = (1..=8).map(|threads| {
                let n = threads as f64;
                let speedup = if threads == 1 {
                    1.0
                } else {
                    law(kind, serial, n) * (0.98 + 0.04 * (jitter.next() - 0.95))
                };
                ScalingStep {
                    threads,
                    size: if kind == "weak" { 1_048_576 * threads } else { 1_048_576 },
                    seconds: 1.3e-3 / speedup,
                    speedup,
                    absolute_speedup: Some(speedup * 0.97),
                    efficiency: speedup / n,
                    karp_flatt: (threads > 1).then(|| (1.0 / speedup - 1.0 / n) / (1.0 - 1.0 / n)),
                    superlinear: (speedup > n).then(|| "its part fits in L2".to_owned()),
                }
            });
            curves.push(Scaling {
                kernel: kernel.into(),
                kind: kind.into(),
                size: 1_048_576,
                steps: steps.collect(),
                serial: Some(serial),
                ceiling: (kind == "strong").then_some(1.0 / serial),
            });
        }
    }
    curves
}

fn crossovers() -> Vec<Crossing> {
    let mut crossings = Vec::new();
    for (kernel, alone, paid) in [
        ("saxpy", ("from", vec![901_234.0]), ("never", vec![])),
        ("sum", ("from", vec![2_200_000.0]), ("never", vec![])),
        ("black_scholes", ("from", vec![20_000.0]), ("from", vec![3_100_000.0])),
        ("mandelbrot", ("always", vec![]), ("from", vec![6_500.0])),
        (HOSTILE, ("several", vec![9_000.0, 150_000.0, 2_000_000.0]), ("up to", vec![100_000.0])),
        (LONG, ("up to", vec![30_000_000.0]), ("unknown", vec![])),
    ] {
        for (with_transfers, (verdict, sizes)) in [(false, alone), (true, paid)] {
            crossings.push(Crossing {
                kernel: kernel.into(),
                of: "gpu:0".into(),
                against: "threads".into(),
                with_transfers,
                verdict: verdict.to_owned(),
                sizes,
            });
        }
    }
    crossings.push(Crossing {
        kernel: "saxpy".into(),
        of: "threads".into(),
        against: "simd".into(),
        with_transfers: false,
        verdict: "from".into(),
        sizes: vec![33_000.0],
    });
    crossings
}

fn shares() -> Vec<Shares> {
    let of = |kernel: &str, given: f64, ideal: f64| Shares {
        kernel: kernel.into(),
        size: 33_554_432,
        devices: vec![
            Share { device: "cpu".into(), given, ideal },
            Share { device: "gpu:0".into(), given: 1.0 - given, ideal: 1.0 - ideal },
        ],
    };
    vec![of("saxpy", 0.163, 0.149), of("black_scholes", 0.05, 0.031), of(LONG, 0.44, 0.5)]
}

fn timeline() -> Timeline {
    let mut jitter = Jitter(99);
    let mut spans = Vec::new();
    for thread in 0..8 {
        let mut start = 1e-6 * f64::from(thread);
        while start < 1.7e-3 {
            let seconds = 2.2e-4 * jitter.next();
            spans.push(Span { lane: format!("thread {thread}"), name: "chunk".into(), start, seconds });
            start += seconds + 2e-6;
        }
    }
    for (name, start, seconds) in
        [("upload", 0.0, 4e-4), ("kernel", 4.1e-4, 9.2e-4), ("download", 1.35e-3, 4.6e-4)]
    {
        spans.push(Span { lane: "gpu:0".into(), name: name.into(), start, seconds });
    }
    spans.sort_by(|a, b| a.start.total_cmp(&b.start));
    Timeline { kernel: "saxpy".into(), size: 33_554_432, target: "split".into(), spans }
}
