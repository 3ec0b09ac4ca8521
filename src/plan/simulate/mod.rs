//! Machines in virtual time: how well a policy does where every speed, delay and failure is known.
//!
//! The formula of the ideal and the meaning of the fields:
//!
//! - a device computes `rate` elements a second of mean cost, from `latency` seconds after a chunk was given out;
//! - where `link` is not 0, a chunk takes at least its bytes over `link` bytes a second;
//! - the time of a chunk is normally distributed around that, with a relative standard deviation of `jitter`;
//! - at each of its `events`, a fraction of the ideal time, its rate is multiplied; by 0, it is gone with what it held;
//! - each manager serves one request at a time.
//!
//! The ideal time is the least `t` in which all devices together could have done all elements, each after its latency,
//! under its link and its events. A policy is told nominal speeds, latencies and links; rates, jitter, events and costs
//! it can only measure.

mod events;

use std::ops::Range;

use crate::error::{Error, ErrorKind, Result};
use crate::plan::policy::{self, Known, Policy};
use crate::shape::Mapping;

/// A simulated machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    /// What it has.
    pub devices: Vec<Device>,
    /// Seconds that a manager takes for one request.
    pub manager_seconds: f64,
    /// Where its random numbers start.
    pub seed: u64,
}

/// One device of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Device {
    /// Elements of mean cost a second.
    pub rate: f64,
    /// What the policy is told of that.
    pub nominal: f64,
    /// Seconds from giving out a chunk to its first element.
    pub latency: f64,
    /// Bytes a second between it and the host; 0 where memory is shared.
    pub link: f64,
    /// Relative standard deviation of a chunk's time.
    pub jitter: f64,
    /// What becomes of its rate, in order.
    pub events: Vec<Event>,
}

/// A change of a device's rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// When, as a fraction of the ideal time.
    pub at: f64,
    /// By what the rate is multiplied; by 0 the device is gone.
    pub factor: f64,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Task {
    /// How many elements.
    pub elements: u64,
    /// Bytes that each moves over a link.
    pub bytes_per_element: f64,
    /// What each costs.
    pub cost: Cost,
}

/// The cost of an element by its place; 1 on the mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// The same for all.
    Flat,
    /// 4,096 rows, of which row `r` costs `1 + 99 exp(-((r - 2048) / 600)^2)`.
    Mandelbrot,
    /// The last tenth costs ten times as much.
    HeavyTail,
}

/// How a policy did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// The median of the simulated times, in seconds.
    pub seconds: f64,
    /// The ideal time over that.
    pub efficiency: f64,
    /// The median time of the best single device over that.
    pub vs_best_single: f64,
}

/// Rows of [`Cost::Mandelbrot`].
const ROWS: usize = 4096;

impl Cost {
    /// The name under which files have it.
    pub fn of_name(name: &str) -> Option<Cost> {
        match name {
            "flat" => Some(Cost::Flat),
            "mandelbrot" => Some(Cost::Mandelbrot),
            "last-tenth-x10" => Some(Cost::HeavyTail),
            _ => None,
        }
    }
}

/// The cost of all elements before a place, for ranges' costs.
struct Costs {
    elements: f64,
    cost: Cost,
    /// Before each row.
    rows: Vec<f64>,
}

impl Costs {
    fn new(task: &Task) -> Self {
        let mut rows = vec![0.0];
        if task.cost == Cost::Mandelbrot {
            let row = |r: usize| 1.0 + 99.0 * (-((r as f64 - 2048.0) / 600.0).powi(2)).exp();
            let all: f64 = (0..ROWS).map(row).sum();
            for r in 0..ROWS {
                rows.push(rows[r] + row(r) / all);
            }
        }
        Costs { elements: task.elements as f64, cost: task.cost, rows }
    }

    fn of(&self, range: &Range<u64>) -> f64 {
        (self.before(range.end) - self.before(range.start)) * self.elements
    }

    /// The share of all costs before the place.
    fn before(&self, place: u64) -> f64 {
        let at = place as f64 / self.elements;
        match self.cost {
            Cost::Flat => at,
            Cost::HeavyTail => (at.min(0.9) + 10.0 * (at - 0.9).max(0.0)) / 1.9,
            Cost::Mandelbrot => {
                let row = ((at * ROWS as f64) as usize).min(ROWS - 1);
                let part = at * ROWS as f64 - row as f64;
                self.rows[row] + part * (self.rows[row + 1] - self.rows[row])
            }
        }
    }
}

impl Machine {
    /// What a policy is told.
    pub fn known(&self, task: &Task) -> Vec<Known> {
        let link = |device: &Device| {
            if device.link > 0.0 { device.link / task.bytes_per_element } else { f64::INFINITY }
        };
        self.devices
            .iter()
            .map(|device| Known { speed: device.nominal, latency: device.latency, link: link(device) })
            .collect()
    }

    /// Refuses what cannot be simulated.
    ///
    /// # Errors
    /// `Setting`, with the value and what it must be.
    pub fn check(&self, task: &Task) -> Result<()> {
        let positive = |what: &str, value: f64| match value.is_finite() && value > 0.0 {
            true => Ok(()),
            false => Err(wrong(format!("{what} is {value}; it must be a positive number"))),
        };
        let fair = |what: &str, value: f64| match value.is_finite() && value >= 0.0 {
            true => Ok(()),
            false => Err(wrong(format!("{what} is {value}; it must be 0 or a positive number"))),
        };
        if self.devices.is_empty() {
            return Err(wrong("a machine has no devices; give it at least one".into()));
        }
        if task.elements == 0 {
            return Err(wrong("the work has 0 elements; give it at least one".into()));
        }
        fair("manager_seconds", self.manager_seconds)?;
        positive("bytes_per_element", task.bytes_per_element)?;
        for device in &self.devices {
            positive("a device's rate", device.rate)?;
            positive("a device's nominal rate", device.nominal)?;
            fair("a device's latency", device.latency)?;
            fair("a device's link", device.link)?;
            fair("a device's jitter", device.jitter)?;
            for event in &device.events {
                fair("an event's time", event.at)?;
                fair("an event's factor", event.factor)?;
            }
        }
        let stays = |device: &Device| device.events.iter().all(|event| event.factor > 0.0);
        if !self.devices.iter().any(stays) {
            return Err(wrong(
                "every device is gone in the end; one must stay, or nothing is ever done".into(),
            ));
        }
        Ok(())
    }

    /// The least time in which the machine could do the task.
    pub fn ideal(&self, task: &Task) -> f64 {
        let done = |t: f64| -> f64 { self.devices.iter().map(|device| device.work(t, t, task)).sum() };
        let (mut low, mut high) = (0.0, 1e-9);
        while done(high) < task.elements as f64 {
            high *= 2.0;
        }
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if done(middle) < task.elements as f64 { low = middle } else { high = middle }
        }
        high
    }

    /// Times the mapping, in as many runs with other jitter as are worth it, and holds it against the ideal and against the
    /// best device alone.
    ///
    /// # Errors
    /// As [`Machine::check`]; `Internal` where a policy leaves elements undone.
    pub fn score(&self, task: &Task, mapping: Mapping) -> Result<Score> {
        self.check(task)?;
        let known = self.known(task);
        let seconds =
            self.median(task, || policy::policy(mapping, task.elements, &known, self.manager_seconds, None))?;
        let mut best = f64::INFINITY;
        for device in self.candidates(task) {
            best = best.min(self.median(task, || policy::alone(task.elements, self.devices.len(), device))?);
        }
        Ok(Score { seconds, efficiency: self.ideal(task) / seconds, vs_best_single: best / seconds })
    }

    /// Devices that could be the fastest alone: of many alike one is enough.
    fn candidates(&self, task: &Task) -> Vec<usize> {
        let alone = |device: &Device| {
            let link = if device.link > 0.0 { device.link / task.bytes_per_element } else { f64::INFINITY };
            device.latency + task.elements as f64 / device.rate.min(link)
        };
        let mut order: Vec<usize> = (0..self.devices.len()).collect();
        order.sort_by(|a, b| alone(&self.devices[*a]).total_cmp(&alone(&self.devices[*b])));
        order.truncate(4);
        order
    }

    fn median(&self, task: &Task, policy: impl Fn() -> Box<dyn Policy + Send>) -> Result<f64> {
        let runs = (2_000 / self.devices.len()).clamp(3, 31) | 1;
        let (ideal, costs) = (self.ideal(task), Costs::new(task));
        let mut times = Vec::new();
        for run in 0..runs {
            let mut seed = self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(run as u64 + 1);
            times.push(events::run(self, task, &costs, ideal, &mut *policy(), &mut seed)?);
        }
        times.sort_by(f64::total_cmp);
        Ok(times[times.len() / 2])
    }
}

impl Device {
    /// Elements of mean cost that it can have done by `t`, where the ideal time is `ideal`.
    fn work(&self, t: f64, ideal: f64, task: &Task) -> f64 {
        if t <= self.latency {
            return 0.0;
        }
        let (mut sum, mut from, mut rate) = (0.0, self.latency, self.rate);
        for event in &self.events {
            let at = (event.at * ideal).clamp(from, t.max(from));
            sum += rate * (at - from);
            from = at;
            rate *= event.factor;
        }
        sum += rate * (t - from).max(0.0);
        if self.link > 0.0 { sum.min((t - self.latency) * self.link / task.bytes_per_element) } else { sum }
    }
}

fn wrong(text: String) -> Error {
    Error::new(ErrorKind::Setting, text)
}
