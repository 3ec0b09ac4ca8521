//! Launches that depend on one another: order, lanes, failures, promises.

use std::time::{Duration, Instant};

use manylane::api::NodeOutcome;
use manylane::prelude::*;
use manylane_testkit::{Random as Inputs, gpu_or_skip};

#[kernel]
fn double(x: u32) -> u32 {
    2u32 * x
}

#[kernel]
fn join(x: u32, y: u32) -> u32 {
    3u32 * x + y
}

#[kernel]
fn parts(x: u32) -> (u32, u32) {
    (x / 10u32, x % 10u32)
}

#[kernel]
fn pick(i: u32, xs: &[u32]) -> u32 {
    xs[i as usize]
}

#[kernel]
fn busy(x: f32) -> f32 {
    let mut y = x;
    for _ in 0..4000 {
        y = y * 0.999 + 0.5;
    }
    y
}

fn rt() -> Runtime {
    Runtime::builder().threads(2).build().unwrap()
}

fn ordered(nodes: &[NodeOutcome]) {
    for node in nodes {
        assert!(node.start <= node.end);
        for before in &node.after {
            assert!(nodes[*before].end <= node.start, "{before} before {}", node.name);
        }
    }
}

#[test]
fn a_diamond() {
    let rt = rt();
    let x = rt.array((0..10_000u32).collect::<Vec<_>>()).unwrap();
    let graph = rt.graph();
    let a = graph.add(rt.map::<double>((&x,))).unwrap();
    let b = graph.add(rt.map::<join>((&a, 1))).unwrap();
    let c = graph.add(rt.map::<join>((&a, 2))).unwrap();
    let d = graph.add(rt.map::<join>((&b, &c)).on(Target::Scalar)).unwrap();
    assert_eq!(graph.len(), 4);
    assert!(a.waits_for().is_some());
    assert_eq!(a.len(), 10_000);
    // Whoever reads waits, also from elsewhere.
    let reader = std::thread::spawn({
        let d = d.clone();
        move || d.to_vec()
    });
    let done = graph.run().unwrap();
    let want: Vec<u32> = (0..10_000).map(|x| 3 * (3 * 2 * x + 1) + 3 * 2 * x + 2).collect();
    assert_eq!(*d.read().unwrap(), want[..]);
    assert_eq!(reader.join().unwrap().unwrap(), want);
    let after: Vec<_> = done.nodes.iter().map(|node| node.after.clone()).collect();
    assert_eq!(after, [vec![], vec![0], vec![0], vec![1, 2]]);
    assert_eq!(
        done.nodes.iter().map(|node| node.name).collect::<Vec<_>>(),
        ["double", "join", "join", "join"]
    );
    assert_eq!(done.nodes[3].target, Some(Target::Scalar));
    assert_eq!(done.nodes[3].result.as_ref().unwrap().target, Target::Scalar);
    ordered(&done.nodes);
    // Promised arrays are arrays like others afterwards.
    assert_eq!(a.waits_for(), None);
    assert_eq!(rt.reduce(&a).max().unwrap(), 2 * 9_999);
}

#[test]
fn a_view_of_what_is_promised_depends_on_it() {
    let rt = rt();
    let x = rt.picture((0..10_000u32).collect::<Vec<_>>(), (100, 100)).unwrap();
    let graph = rt.graph();
    let a = graph.add(rt.map::<double>((&x,))).unwrap();
    let (tail, column) = (a.slice(9_900..).unwrap(), a.column(7).unwrap());
    let b = graph.add(rt.map::<join>((&tail, &column)).on(Target::Threads)).unwrap();
    let done = graph.run().unwrap();
    assert_eq!(done.nodes[1].after, [0]);
    let want: Vec<u32> = (0..100).map(|k| 3 * 2 * (9_900 + k) + 2 * (100 * k + 7)).collect();
    assert_eq!(*b.read().unwrap(), want[..]);
}

#[test]
fn a_long_chain_and_results_in_tuples() {
    let rt = rt();
    let graph = rt.graph();
    let (mut tens, ones) = graph.add(rt.map::<parts>((&rt.array(vec![47u32; 100]).unwrap(),))).unwrap();
    for _ in 0..200 {
        tens = graph.add(rt.map::<join>((&tens, &ones))).unwrap();
    }
    let done = graph.run().unwrap();
    let want = (0..200).fold(4u32, |tens, _| tens.wrapping_mul(3).wrapping_add(7));
    assert_eq!(*tens.read().unwrap(), [want; 100]);
    assert_eq!(done.nodes[0].after, [0usize; 0]);
    assert_eq!(done.nodes[5].after, [0, 4]);
    ordered(&done.nodes);
}

#[test]
fn independent_launches_run_at_once_on_threads_and_gpu() {
    if !gpu_or_skip("independent_launches_run_at_once_on_threads_and_gpu") {
        return;
    }
    let rt = rt();
    let x = rt.array(vec![1.0f32; 200_000]).unwrap();
    // The device is opened and the pipeline is made.
    rt.map::<busy>((&x,)).on(Target::Gpu(0)).run_wait().unwrap();
    let graph = rt.graph();
    let here = graph.add(rt.map::<busy>((&x,)).on(Target::Threads)).unwrap();
    let there = graph.add(rt.map::<busy>((&x,)).on(Target::Gpu(0))).unwrap();
    let both = graph.add(rt.map::<busy>((&there,)).on(Target::Gpu(0))).unwrap();
    let done = graph.run().unwrap();
    let (one, other) = (&done.nodes[0], &done.nodes[1]);
    assert!(one.start < other.end && other.start < one.end, "{one:?} {other:?}");
    assert!(
        one.end - one.start > Duration::from_millis(1) && other.end - other.start > Duration::from_millis(1)
    );
    assert_eq!((one.target, other.target), (Some(Target::Threads), Some(Target::Gpu(0))));
    ordered(&done.nodes);
    let (here, there) = (here.read().unwrap(), there.read().unwrap());
    assert!(
        (here[7] - there[7]).abs() < 0.01 && (both.read().unwrap()[7] - 500.0).abs() < 30.0,
        "{}",
        here[7]
    );
}

#[test]
fn a_failure_reaches_what_depends_on_it_and_nothing_else() {
    let rt = rt();
    let few = rt.array(vec![5u32; 10]).unwrap();
    let x = rt.array((0..1_000u32).collect::<Vec<_>>()).unwrap();
    let build = || {
        let graph = rt.graph();
        let good = graph.add(rt.map::<double>((&x,))).unwrap();
        let bad = graph.add(rt.map::<pick>((&good, &few))).unwrap();
        let behind = graph.add(rt.map::<join>((&bad, &good))).unwrap();
        let farther = graph.add(rt.map::<join>((&behind, &bad))).unwrap();
        let beside = graph.add(rt.map::<join>((&good, 1))).unwrap();
        (graph, bad, behind, farther, beside)
    };
    let (graph, bad, behind, farther, beside) = build();
    let error = graph.run().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfBounds);
    assert!(error.to_string().starts_with("node 1 (pick): "), "{error}");
    assert!(error.to_string().contains("at place 5 it asked for element 10 of `xs`"), "{error}");
    for array in [&bad, &behind, &farther] {
        assert_eq!(array.read().unwrap_err().kind(), ErrorKind::OutOfBounds);
    }
    assert_eq!(beside.read().unwrap()[9], 3 * 18 + 1);

    let (graph, ..) = build();
    let done = graph.run_reported();
    let ended: Vec<bool> = done.nodes.iter().map(|node| node.result.is_ok()).collect();
    assert_eq!(ended, [true, false, false, false, true]);
    for (k, name) in [(2, "node 2 (join): "), (3, "node 3 (join): ")] {
        let error = done.nodes[k].result.as_ref().unwrap_err().to_string();
        assert!(
            error.starts_with(name) && error.contains("node 1 (pick), which it depends on, failed"),
            "{error}"
        );
        assert_eq!(done.nodes[k].target, None);
    }
}

#[test]
fn a_failure_goes_once_through_many_ways_behind_it() {
    let (done, ended) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let rt = rt();
        let x = rt.array((0..1_000u32).collect::<Vec<_>>()).unwrap();
        let few = rt.array(vec![5u32; 10]).unwrap();
        let graph = rt.graph();
        let mut layer =
            (graph.add(rt.map::<pick>((&x, &few))).unwrap(), graph.add(rt.map::<double>((&x,))).unwrap());
        for _ in 1..40 {
            let next = || graph.add(rt.map::<join>((&layer.0, &layer.1))).unwrap();
            layer = (next(), next());
        }
        done.send(graph.run_reported().nodes).unwrap();
    });
    // There are 2^40 ways from the first layer to the last.
    let nodes = ended.recv_timeout(Duration::from_secs(60)).unwrap();
    assert_eq!(nodes.len(), 80);
    assert!(nodes[1].result.is_ok());
    for (k, node) in nodes.iter().enumerate().filter(|(k, _)| *k != 1) {
        assert_eq!(node.result.as_ref().unwrap_err().kind(), ErrorKind::OutOfBounds, "node {k}");
    }
}

#[test]
fn nothing_to_run_and_nothing_run() {
    let rt = rt();
    assert!(rt.graph().is_empty());
    assert!(rt.graph().run().unwrap().nodes.is_empty());
    let x = rt.array(vec![1u32; 100]).unwrap();
    let graph = rt.graph();
    let a = graph.add(rt.map::<double>((&x,))).unwrap();
    let waiting = std::thread::spawn({
        let a = a.clone();
        move || a.to_vec().unwrap_err().kind()
    });
    std::thread::sleep(Duration::from_millis(5));
    drop(graph);
    assert_eq!(waiting.join().unwrap(), ErrorKind::NotComputed);
    assert_eq!(rt.map::<double>((&a,)).run().unwrap_err().kind(), ErrorKind::NotComputed);
    assert_eq!(rt.map::<double>((&a,)).submit().unwrap().wait().unwrap_err().kind(), ErrorKind::NotComputed);
}

#[test]
fn what_another_graph_never_computed_is_an_error_not_a_wait() {
    let rt = rt();
    let x = rt.array(vec![1u32; 100]).unwrap();
    let (first, second) = (rt.graph(), rt.graph());
    let a = first.add(rt.map::<double>((&x,))).unwrap();
    let b = second.add(rt.map::<double>((&a,))).unwrap();
    let c = second.add(rt.map::<double>((&x,))).unwrap();
    let start = Instant::now();
    let error = second.run().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotComputed);
    assert!(error.to_string().starts_with("node 0 (double): "), "{error}");
    assert!(start.elapsed() < Duration::from_secs(10));
    assert_eq!(b.read().unwrap_err().kind(), ErrorKind::NotComputed);
    assert_eq!(c.read().unwrap()[0], 2);
    // In the right order it is no matter whose it is.
    let third = rt.graph();
    let d = third.add(rt.map::<double>((&a,))).unwrap();
    first.run().unwrap();
    assert!(third.run().unwrap().nodes[0].after.is_empty());
    assert_eq!(d.read().unwrap()[0], 4);
    // And a task waits for what is promised.
    let fourth = rt.graph();
    let e = fourth.add(rt.map::<double>((&d,))).unwrap();
    let task = rt.map::<double>((&e,)).submit().unwrap();
    fourth.run().unwrap();
    assert_eq!(task.wait().unwrap().read().unwrap()[0], 16);
    let foreign = rt.graph().add(self::rt().map::<double>((&x,)));
    assert_eq!(foreign.unwrap_err().kind(), ErrorKind::ForeignArray);
}

#[test]
fn random_graphs_give_what_one_launch_after_the_other_gives() {
    let gpu = gpu_or_skip("random_graphs (with a GPU)");
    let mut inputs = Inputs::new("random graphs");
    for round in 0..40 {
        // Also one that lets a software adapter compete.
        let rt =
            Runtime::builder().threads(1 + round % 3).software_joins_split(round % 2 == 0).build().unwrap();
        let n = inputs.one_of(&[0, 1, 1_000, 5_000, 40_000]);
        let leaf: Vec<u32> = inputs.many(n, |inputs| inputs.u32());
        let graph = rt.graph();
        let mut arrays = vec![rt.array(leaf.clone()).unwrap()];
        let mut want = vec![leaf];
        for _ in 0..inputs.below(25) {
            let (i, j) = (inputs.below(arrays.len()), inputs.below(arrays.len()));
            let mut launch = rt.map::<join>((&arrays[i], &arrays[j]));
            match inputs.below(if gpu { 8 } else { 6 }) {
                0 => launch = launch.on(Target::Scalar),
                1 => launch = launch.on(Target::Threads),
                2 => launch = launch.on(Target::Simd),
                6 => launch = launch.on(Target::Gpu(0)),
                7 => launch = launch.on(Target::Split),
                _ => {}
            }
            arrays.push(graph.add(launch).unwrap());
            let sum = |(x, y): (&u32, &u32)| 3u32.wrapping_mul(*x).wrapping_add(*y);
            want.push(want[i].iter().zip(&want[j]).map(sum).collect());
        }
        let done = graph.run().unwrap();
        ordered(&done.nodes);
        assert_eq!(done.nodes.len(), arrays.len() - 1);
        for (k, (array, want)) in arrays.iter().zip(&want).enumerate() {
            assert_eq!(*array.read().unwrap(), want[..], "round {round}, array {k}");
        }
    }
}

#[test]
fn a_graph_runs_inside_the_one_worker_of_its_pool() {
    let pool = std::sync::Arc::new(rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap());
    let rt = Runtime::builder().threads(3).pool(pool.clone()).build().unwrap();
    let gpu = gpu_or_skip("a_graph_runs_inside_the_one_worker_of_its_pool (with a GPU)");
    let sum = pool.install(|| {
        let x = rt.array(vec![1u32; 300_000]).unwrap();
        let graph = rt.graph();
        let mut last = graph.add(rt.map::<double>((&x,)).on(Target::Threads)).unwrap();
        for k in 0..6 {
            let target = if gpu && k % 2 == 0 { Target::Gpu(0) } else { Target::Threads };
            last = graph.add(rt.map::<join>((&last, &x)).on(target)).unwrap();
        }
        graph.run().unwrap();
        last.read().unwrap()[299_999]
    });
    assert_eq!(sum, (0..6).fold(2, |last, _| 3 * last + 1));
}

#[test]
fn the_one_worker_of_a_pool_may_wait_for_what_needs_it() {
    let pool = std::sync::Arc::new(rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap());
    let rt = Runtime::builder().threads(3).pool(pool.clone()).build().unwrap();
    let x = rt.array(vec![1u32; 500_000]).unwrap();
    let graph = rt.graph();
    let a = graph.add(rt.map::<double>((&x,)).on(Target::Threads)).unwrap();
    let (told, value) = std::sync::mpsc::channel();
    let (b, began) = (a.clone(), std::sync::Arc::new(std::sync::Barrier::new(2)));
    pool.spawn({
        let began = began.clone();
        move || {
            began.wait();
            told.send(b.read().unwrap()[499_999]).unwrap();
        }
    });
    began.wait();
    graph.run().unwrap();
    assert_eq!(value.recv_timeout(Duration::from_secs(60)).unwrap(), 2);
}
