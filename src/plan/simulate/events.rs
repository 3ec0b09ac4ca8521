//! One run: devices that compute, managers that answer, one clock.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::ops::Range;

use super::{Costs, Device, Machine, Task};
use crate::error::{Error, ErrorKind, Result};
use crate::plan::policy::Policy;

/// What happens next: in the order of time, then of asking.
#[derive(Clone, Copy, PartialEq)]
struct Happening {
    at: f64,
    number: u64,
    device: usize,
    what: What,
}

#[derive(Clone, Copy, PartialEq)]
enum What {
    /// A chunk has arrived.
    Arrives,
    /// The chunk that runs is done.
    Done,
    /// The device is gone.
    Gone,
}

impl Eq for Happening {}

impl Ord for Happening {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.at.total_cmp(&other.at).then(self.number.cmp(&other.number))
    }
}

impl PartialOrd for Happening {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

#[derive(Default)]
struct State {
    /// Given out, with the time at which each arrives.
    waiting: VecDeque<(f64, Range<u64>)>,
    /// What runs, and since when.
    running: Option<(f64, Range<u64>)>,
    is_gone: bool,
}

struct Run<'m> {
    machine: &'m Machine,
    task: &'m Task,
    costs: &'m Costs,
    ideal: f64,
    states: Vec<State>,
    /// When each manager has answered all that it was asked.
    free: Vec<f64>,
    happenings: BinaryHeap<Reverse<Happening>>,
    number: u64,
    done: u64,
    seed: &'m mut u64,
}

/// Runs the policy to its end; the seconds that it took.
///
/// # Errors
/// `Internal` where it leaves elements undone.
pub(super) fn run(
    machine: &Machine,
    task: &Task,
    costs: &Costs,
    ideal: f64,
    policy: &mut dyn Policy,
    seed: &mut u64,
) -> Result<f64> {
    let mut run = Run {
        machine,
        task,
        costs,
        ideal,
        states: machine.devices.iter().map(|_| State::default()).collect(),
        free: vec![0.0; policy.managers()],
        happenings: BinaryHeap::new(),
        number: 0,
        done: 0,
        seed,
    };
    for (device, spec) in machine.devices.iter().enumerate() {
        for event in spec.events.iter().filter(|event| event.factor == 0.0) {
            run.schedule(event.at * ideal, device, What::Gone);
        }
        run.ask(policy, device, 0.0);
    }
    let mut now = 0.0;
    while run.done < task.elements {
        let Some(Reverse(next)) = run.happenings.pop() else { return Err(run.undone()) };
        let device = next.device;
        if run.states[device].is_gone {
            continue;
        }
        now = next.at;
        match next.what {
            What::Arrives => run.start(device, now),
            What::Done => {
                let Some((since, range)) = run.states[device].running.take() else { continue };
                run.done += range.end - range.start;
                policy.done(device, range.end - range.start, now - since);
                run.start(device, now);
            }
            What::Gone => {
                let state = &mut run.states[device];
                state.is_gone = true;
                let held: Vec<Range<u64>> = state
                    .running
                    .take()
                    .into_iter()
                    .chain(state.waiting.drain(..))
                    .map(|(_, range)| range)
                    .collect();
                policy.lost(device, held);
            }
        }
        run.ask(policy, device, now);
        run.wake(policy, device, now);
    }
    Ok(now)
}

impl Run<'_> {
    fn schedule(&mut self, at: f64, device: usize, what: What) {
        self.number += 1;
        self.happenings.push(Reverse(Happening { at, number: self.number, device, what }));
    }

    /// Chunks for a device, as many as it is given now.
    fn ask(&mut self, policy: &mut dyn Policy, device: usize, now: f64) {
        while !self.states[device].is_gone
            && let Some(chunk) = policy.next(device, now)
        {
            let mut at = now;
            for manager in chunk.asked {
                at = at.max(self.free[manager]) + self.machine.manager_seconds;
                self.free[manager] = at;
            }
            let arrives = at + self.machine.devices[device].latency;
            self.states[device].waiting.push_back((arrives, chunk.range));
            self.schedule(arrives, device, What::Arrives);
        }
    }

    /// What is given back or turns out to be slow can serve a device that had nothing to do: one asks again at each step.
    fn wake(&mut self, policy: &mut dyn Policy, than: usize, now: f64) {
        let count = self.states.len();
        let idle = |state: &State| !state.is_gone && state.running.is_none() && state.waiting.is_empty();
        if count <= 64 {
            for device in (0..count).filter(|device| *device != than) {
                if idle(&self.states[device]) {
                    self.ask(policy, device, now);
                }
            }
        } else {
            let device = (self.number as usize).wrapping_mul(31) % count;
            if idle(&self.states[device]) {
                self.ask(policy, device, now);
            }
        }
    }

    /// Begins what has arrived, if nothing runs.
    fn start(&mut self, device: usize, now: f64) {
        let state = &mut self.states[device];
        if state.running.is_some() || state.waiting.front().is_none_or(|(arrives, _)| *arrives > now) {
            return;
        }
        let Some((_, range)) = state.waiting.pop_front() else { return };
        let spec = &self.machine.devices[device];
        let noise = (1.0 + spec.jitter * normal(self.seed)).max(0.1);
        let computed = spec.computes(now, self.costs.of(&range), self.ideal);
        let moved = match spec.link > 0.0 {
            true => (range.end - range.start) as f64 * self.task.bytes_per_element / spec.link,
            false => 0.0,
        };
        self.states[device].running = Some((now, range));
        let end = now + computed.max(moved) * noise;
        if end.is_finite() {
            self.schedule(end, device, What::Done);
        }
    }

    fn undone(&self) -> Error {
        Error::new(
            ErrorKind::Internal,
            format!("a policy stopped with {} of {} elements done", self.done, self.task.elements),
        )
    }
}

impl Device {
    /// Seconds for work of that cost from `now` on; infinite where it is gone before.
    fn computes(&self, now: f64, mut work: f64, ideal: f64) -> f64 {
        let (mut at, mut rate) = (now, self.rate);
        for event in &self.events {
            let change = event.at * ideal;
            if change > at {
                if rate * (change - at) >= work {
                    break;
                }
                work -= rate * (change - at);
                at = change;
            }
            rate *= event.factor;
        }
        at - now + work / rate
    }
}

/// The next of evenly distributed numbers (SplitMix64).
fn next(seed: &mut u64) -> f64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut x = *seed;
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((x ^ (x >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

/// Of a normal distribution (Box and Muller).
fn normal(seed: &mut u64) -> f64 {
    let (a, b) = (1.0 - next(seed), next(seed));
    (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
}
