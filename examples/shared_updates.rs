//! Places that all invocations share: counters, the place of the largest number, and a list of work without a lock.
//!
//! `cargo run --release --example shared_updates [TARGET]` (auto, scalar, simd, threads, gpu, split; all without one)
#![forbid(unsafe_code)]

use std::collections::VecDeque;

use manylane::prelude::*;

/// Counters: a histogram of one's own. `rt.map::<..>(..).histogram(n)` is the library's, which is faster.
#[kernel]
fn count(x: f32, #[uniform] width: f32, bins: &Atomics<u32>) {
    let place = x / width;
    if place >= 0.0 && place < bins.len() as f32 {
        bins.add(place as u32, 1);
    }
}

/// `best` holds a place of `xs`; afterwards it is that of the largest number, the first of equals. Whoever is better puts
/// himself there, if nobody else was quicker; else he looks again.
#[kernel]
fn find_largest(i: Index, x: f32, xs: &[f32], best: &Atomics<u32>) {
    let mut known = best.load(0);
    while x > xs[known as usize] || (x == xs[known as usize] && i < known) {
        let found = best.compare_exchange(0, known, i);
        known = if found == known { i } else { found };
    }
}

const UNSEEN: u32 = u32::MAX;

/// From the place `at` to its open neighbours. Who is first at one notes how far it is and puts it on the list of what comes
/// next: the counter gives each a line of his own.
#[kernel]
fn visit(
    at: u32,
    walls: &[u32],
    #[uniform] width: u32,
    #[uniform] turn: u32,
    steps: &Atomics<u32>,
    listed: &Atomics<u32>,
    list: &Atomics<u32>,
) {
    let near = [at - 1, at + 1, at - width, at + width];
    for k in 0..4 {
        let to = near[k];
        if walls[to as usize] == 0 && steps.compare_exchange(to, UNSEEN, turn) == UNSEEN {
            let line = listed.add(0, 1);
            list.exchange(line, to);
        }
    }
}

/// How many steps each place of a maze is away from its first inside the wall, round after round, until there is no more work.
fn distances(rt: &Runtime, target: Target, walls: &[u32], width: usize) -> manylane::Result<Vec<u32>> {
    let start = width as u32 + 1;
    let steps = Atomics::filled(walls.len(), UNSEEN);
    steps.exchange(start, 0);
    let list = Atomics::new(walls.len());
    let (mut work, mut turn) = (vec![start], 0);
    while !work.is_empty() {
        turn += 1;
        let listed = Atomics::new(1);
        rt.map::<visit>((&work, walls, width as u32, turn, &steps, &listed, &list)).on(target).run()?;
        work = list.to_vec();
        work.truncate(listed.load(0) as usize);
    }
    Ok(steps.to_vec())
}

/// The same with a queue.
fn naive_distances(walls: &[u32], width: usize) -> Vec<u32> {
    let start = width + 1;
    let mut steps = vec![UNSEEN; walls.len()];
    steps[start] = 0;
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for to in [at - 1, at + 1, at - width, at + width] {
            if walls[to] == 0 && steps[to] == UNSEEN {
                steps[to] = steps[at] + 1;
                queue.push_back(to);
            }
        }
    }
    steps
}

fn on(rt: &Runtime, target: Target) -> manylane::Result<()> {
    let x: Vec<f32> = (0..100_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 20) as f32).collect();

    let bins = Atomics::new(64);
    rt.map::<count>((&x, 64.0, &bins)).on(target).run()?;
    let mut naive = vec![0; 64];
    x.iter().for_each(|x| naive[(x / 64.0) as usize] += 1);
    assert_eq!(bins.to_vec(), naive);

    let best = Atomics::new(1);
    rt.map::<find_largest>((&x, &x, &best)).on(target).run()?;
    let largest = x.iter().copied().fold(0.0, f32::max);
    let naive = x.iter().position(|x| *x == largest);
    assert_eq!(Some(best.load(0) as usize), naive);

    // A maze with a wall around it, so that every place has neighbours.
    let (width, height) = (97, 61);
    let is_wall = |i: usize| {
        let (x, y) = (i % width, i / width);
        let inside = (1..width - 1).contains(&x) && (1..height - 1).contains(&y);
        !inside || (i as u32).wrapping_mul(0x9e37_79b9) >> 30 == 0 && i != width + 1
    };
    let walls: Vec<u32> = (0..width * height).map(|i| u32::from(is_wall(i))).collect();
    let steps = distances(rt, target, &walls, width)?;
    assert_eq!(steps, naive_distances(&walls, width));

    let reached: Vec<u32> = steps.into_iter().filter(|steps| *steps != UNSEEN).collect();
    let furthest = reached.iter().max().unwrap_or(&0);
    println!(
        "{target}: largest at {}, {} places of the maze, up to {furthest} steps",
        best.load(0),
        reached.len()
    );
    Ok(())
}

/// On each target that this machine has.
fn everywhere(rt: &Runtime) -> manylane::Result<()> {
    for target in [Target::Scalar, Target::Simd, Target::Threads, Target::Gpu(0), Target::Split] {
        match on(rt, target) {
            Err(error) if error.kind() == ErrorKind::NoDevice => println!("{target}: {error}"),
            result => result?,
        }
    }
    Ok(())
}

fn main() -> manylane::Result<()> {
    let rt = Runtime::new()?;
    match std::env::args().nth(1) {
        Some(target) => on(&rt, target.parse()?),
        None => everywhere(&rt),
    }
}

#[test]
fn every_target_gives_what_the_naive_loops_give() -> manylane::Result<()> {
    everywhere(&Runtime::builder().software_joins_split(true).build()?)
}
