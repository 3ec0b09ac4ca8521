//! Mapping policies on simulated machines: how near the ideal they come, and what they must not know.
#![forbid(unsafe_code)]

use manylane::plan::policy::{self, Known};
use manylane::plan::simulate::{Cost, Device, Event, Machine, Task};
use manylane::prelude::Mapping;

const MAPPINGS: [Mapping; 5] =
    [Mapping::Static, Mapping::ManagerWorker, Mapping::Hierarchical, Mapping::WorkStealing, Mapping::Auto];

/// A device: its rate and what is told of it in 10^9 elements a second, its latency in microseconds.
fn device(rate: f64, nominal: f64, latency: f64) -> Device {
    Device {
        rate: rate * 1e9,
        nominal: nominal * 1e9,
        latency: latency * 1e-6,
        link: 0.0,
        jitter: 0.05,
        events: Vec::new(),
    }
}

fn machine(devices: Vec<Device>) -> Machine {
    Machine { devices, manager_seconds: 1e-6, seed: 7 }
}

fn task(elements: f64, cost: Cost) -> Task {
    Task { elements: (elements * 1e6) as u64, bytes_per_element: 12.0, cost }
}

/// Like a cluster: three speeds, all told to be the mean.
fn cluster(count: usize) -> (Machine, Task) {
    let devices = (0..count).map(|at| device(1.0 + 0.5 * (at % 3) as f64, 1.5, 20.0)).collect();
    (machine(devices), task(16.0 * count as f64, Cost::Flat))
}

/// Machines that differ in what is hard about them, and what Auto must reach.
fn machines() -> Vec<(&'static str, Machine, Task, f64)> {
    let pair = |a: Device, b: Device| machine(vec![a, b]);
    let event =
        |at: f64, factor: f64, device: Device| Device { events: vec![Event { at, factor }], ..device };
    let link = |bytes: f64, device: Device| Device { link: bytes * 1e9, ..device };
    let jitter = |jitter: f64, device: Device| Device { jitter, ..device };
    vec![
        (
            "equal, one told twice as fast",
            pair(device(1.0, 1.0, 2.0), device(1.0, 2.0, 2.0)),
            task(67.0, Cost::Flat),
            0.95,
        ),
        (
            "told to be equal, and are not",
            pair(device(0.5, 1.0, 2.0), device(2.0, 1.0, 30.0)),
            task(67.0, Cost::Flat),
            0.95,
        ),
        (
            "told three times too slow",
            pair(device(1.0, 3.0, 2.0), device(9.0, 3.0, 30.0)),
            task(200.0, Cost::Flat),
            0.95,
        ),
        (
            "a hundredfold",
            pair(device(1.0, 1.0, 2.0), device(100.0, 40.0, 30.0)),
            task(1000.0, Cost::Flat),
            0.95,
        ),
        ("late", pair(device(1.0, 1.0, 2.0), device(10.0, 10.0, 5000.0)), task(67.0, Cost::Flat), 0.95),
        (
            "behind a link",
            pair(device(1.0, 1.0, 2.0), link(12.0, device(20.0, 20.0, 30.0))),
            task(268.0, Cost::Flat),
            0.95,
        ),
        (
            "behind a thin one",
            pair(device(1.0, 1.0, 2.0), link(2.0, device(20.0, 20.0, 30.0))),
            task(268.0, Cost::Flat),
            0.95,
        ),
        (
            "uneven rows",
            pair(device(1.0, 1.0, 2.0), device(5.0, 5.0, 30.0)),
            task(67.0, Cost::Mandelbrot),
            0.95,
        ),
        (
            "uneven rows, wrongly told",
            pair(device(1.0, 2.0, 2.0), device(7.0, 3.0, 30.0)),
            task(90.0, Cost::Mandelbrot),
            0.95,
        ),
        (
            "a heavy end",
            pair(jitter(0.3, device(1.0, 1.0, 2.0)), jitter(0.3, device(5.0, 5.0, 30.0))),
            task(268.0, Cost::HeavyTail),
            0.95,
        ),
        (
            "slows down",
            pair(device(1.0, 1.0, 2.0), event(0.4, 0.5, device(10.0, 10.0, 30.0))),
            task(268.0, Cost::Flat),
            0.90,
        ),
        (
            "fails half-way",
            pair(device(1.0, 1.0, 2.0), event(0.5, 0.0, device(4.0, 4.0, 30.0))),
            task(268.0, Cost::Flat),
            0.90,
        ),
        (
            "fails near the end",
            pair(device(2.0, 2.0, 2.0), event(0.8, 0.0, device(4.0, 2.0, 30.0))),
            task(268.0, Cost::Flat),
            0.90,
        ),
        (
            "three kinds",
            machine(vec![
                device(1.0, 1.0, 2.0),
                device(2.0, 2.0, 20.0),
                link(25.0, device(12.0, 12.0, 30.0)),
            ]),
            task(268.0, Cost::Flat),
            0.95,
        ),
        (
            "too little to divide",
            pair(device(1.0, 1.0, 1.0), device(50.0, 50.0, 100.0)),
            task(0.016, Cost::Flat),
            0.98,
        ),
    ]
}

#[test]
fn auto_comes_near_the_ideal() {
    for (name, machine, task, least) in machines() {
        let score = machine.score(&task, Mapping::Auto).unwrap();
        assert!(score.efficiency >= least, "{name}: {score:?}");
        assert!(score.efficiency <= 1.03, "{name}: better than the ideal: {score:?}");
        assert!(score.vs_best_single >= 0.98, "{name}: {score:?}");
    }
}

#[test]
fn managers_cross_over_and_auto_takes_the_better() {
    for count in [2, 4, 16, 64, 256, 1024] {
        let (machine, task) = cluster(count);
        let [flat, tall, auto] = [Mapping::ManagerWorker, Mapping::Hierarchical, Mapping::Auto]
            .map(|mapping| machine.score(&task, mapping).unwrap().efficiency);
        assert!(auto >= 0.95, "{count} devices: {auto}");
        assert!(auto >= flat.max(tall) - 0.01, "{count} devices: {flat} flat, {tall} tall, {auto} auto");
        // One manager is enough for few, and the bottleneck of many.
        match count {
            ..=16 => assert!(flat >= tall - 0.005, "{count} devices: {flat} flat, {tall} tall"),
            64 => {}
            _ => assert!(tall > 1.2 * flat, "{count} devices: {flat} flat, {tall} tall"),
        }
    }
}

#[test]
fn every_mapping_ends_on_every_machine() {
    for (name, machine, task, _) in machines() {
        for mapping in MAPPINGS {
            let score =
                machine.score(&task, mapping).unwrap_or_else(|error| panic!("{name}, {mapping:?}: {error}"));
            assert!(score.efficiency > 0.1 && score.efficiency < 1.05, "{name}, {mapping:?}: {score:?}");
        }
    }
}

/// What a policy gives each device before anything is measured.
fn first_chunks(machine: &Machine, task: &Task, mapping: Mapping) -> Vec<Option<policy::Chunk>> {
    let known = machine.known(task);
    let mut policy = policy::policy(mapping, task.elements, &known, machine.manager_seconds, None);
    (0..known.len()).map(|device| policy.next(device, 0.0)).collect()
}

#[test]
fn hidden_speeds_change_no_initial_plan() {
    for (name, machine, task, _) in machines() {
        let mut other = machine.clone();
        for (at, device) in other.devices.iter_mut().enumerate() {
            device.rate *= [3.0, 0.4, 1.7][at % 3];
            device.jitter = 0.0;
            device.events.clear();
        }
        for mapping in MAPPINGS {
            let (a, b) = (first_chunks(&machine, &task, mapping), first_chunks(&other, &task, mapping));
            assert_eq!(a, b, "{name}, {mapping:?}");
        }
        // What it is told does.
        other.devices[0].nominal *= 2.0;
        assert_ne!(machine.known(&task), other.known(&task), "{name}");
    }
}

/// Runs a policy by hand, with devices that take turns and one that is lost; every element must be given out, and computed,
/// once.
#[test]
fn every_element_is_computed_once() {
    let known: Vec<Known> =
        (0..7).map(|at| Known { speed: 1e9 * (1 + at) as f64, latency: 1e-5, link: f64::INFINITY }).collect();
    for mapping in MAPPINGS {
        for elements in [1, 2, 999, 1_000_003] {
            let mut policy = policy::policy(mapping, elements, &known, 1e-6, None);
            let mut held: Vec<Vec<std::ops::Range<u64>>> = vec![Vec::new(); known.len()];
            let mut computed = Vec::new();
            let (mut gone, mut now, mut idle) = (false, 0.0, 0);
            while idle < 50 {
                now += 1e-6;
                idle += 1;
                for device in (0..known.len()).filter(|device| !gone || *device != 6) {
                    while let Some(chunk) = policy.next(device, now) {
                        held[device].push(chunk.range);
                        idle = 0;
                    }
                    if !held[device].is_empty() {
                        idle = 0;
                        let range = held[device].remove(0);
                        let count = range.end - range.start;
                        computed.push(range);
                        policy.done(device, count, count as f64 / 1e9);
                    }
                }
                if !gone && computed.len() > 3 {
                    gone = true;
                    policy.lost(6, std::mem::take(&mut held[6]));
                }
            }
            computed.sort_by_key(|range| range.start);
            let mut next = 0;
            for range in &computed {
                assert_eq!(range.start, next, "{mapping:?} over {elements}: {range:?} after {next}");
                next = range.end;
            }
            assert_eq!(next, elements, "{mapping:?}");
        }
    }
}

#[test]
fn the_ideal_is_that_of_its_formula() {
    let near = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-6, "{a} is not {b}");
    let one = machine(vec![device(1.0, 1.0, 0.0)]);
    near(one.ideal(&task(1.0, Cost::Flat)), 1e-3);
    // 10^9 from the start and 10^10 after 5 ms: 67 * 10^6 elements.
    let late = machine(vec![device(1.0, 1.0, 0.0), device(10.0, 10.0, 5000.0)]);
    near(late.ideal(&task(67.0, Cost::Flat)), (67e6 + 50e6) / 11e9);
    // 12 bytes over 12 * 10^9 bytes a second.
    let thin = machine(vec![Device { link: 12e9, ..device(20.0, 20.0, 0.0) }]);
    near(thin.ideal(&task(1000.0, Cost::Flat)), 1.0);
    // Half as fast from half of the time on: three quarters.
    let slow =
        machine(vec![Device { events: vec![Event { at: 0.5, factor: 0.5 }], ..device(1.0, 1.0, 0.0) }]);
    near(slow.ideal(&task(750.0, Cost::Flat)), 1.0);
}

#[test]
fn what_cannot_be_simulated_is_refused() {
    let task_of = |elements| Task { elements, bytes_per_element: 8.0, cost: Cost::Flat };
    let says = |machine: Machine, task: Task, part: &str| {
        let text = machine.score(&task, Mapping::Auto).unwrap_err().to_string();
        assert!(text.contains(part), "{text}");
    };
    says(machine(Vec::new()), task_of(1), "no devices");
    says(machine(vec![device(1.0, 1.0, 1.0)]), task_of(0), "0 elements");
    says(machine(vec![device(-1.0, 1.0, 1.0)]), task_of(1), "rate is -1000000000");
    says(machine(vec![device(1.0, f64::NAN, 1.0)]), task_of(1), "NaN");
    let gone = Device { events: vec![Event { at: 0.5, factor: 0.0 }], ..device(1.0, 1.0, 1.0) };
    says(machine(vec![gone]), task_of(1), "one must stay");
}
