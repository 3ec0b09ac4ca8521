//! Mapping policies: which device gets which elements, when, as arithmetic on what is known.
//!
//! A policy knows what it is told ([`Known`]) and what it measures; it never sees a machine. Whoever runs it, in virtual
//! time ([`crate::plan::simulate`]) or real, asks for chunks and reports what became of them.
//!
//! ```text
//! chunk of a device that asks, guided self-scheduling by time:
//!   horizon = (elements left + elements given out + what is not computed before first chunks arrive) / speed of all
//!   fair    = own speed * (horizon - own latency where it stands idle) - elements it holds
//!   chunk   = half of fair, a sixteenth while its speed is only told; at most a 64th of the whole time, as measured, and
//!             twice a 64th of its share of the elements, since those to come may cost more
//! ```
//! Departures:
//! 1. A device asks while it still computes, until what it holds lasts longer than a chunk takes to arrive.
//! 2. With managers over managers the same rule gives batches to groups; a group's manager gives chunks from its batch.
//! 3. Where no other device could begin before one is done, that one is given everything at once: no manager, one latency.

mod stealing;

use std::collections::VecDeque;
use std::ops::Range;

use self::stealing::Stealing;
use crate::plan::tuning;
use crate::shape::Mapping;

/// What a policy is told of a device.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Known {
    /// Elements a second: a guess, which may be three times off.
    pub speed: f64,
    /// Seconds from giving out a chunk to its first element; measured when a device is opened.
    pub latency: f64,
    /// Elements a second that can be moved to it and back; infinite where memory is shared.
    pub link: f64,
}

/// A chunk that is given out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Its elements.
    pub range: Range<u64>,
    /// The managers that were asked for it, one after the other; none where the plan had it ready.
    pub asked: Vec<usize>,
}

/// Gives out the elements of one launch.
pub trait Policy {
    /// A chunk for that device, if there is one for it now, which is in seconds since the start.
    fn next(&mut self, device: usize, now: f64) -> Option<Chunk>;
    /// It has computed so many elements in so many seconds, waiting not included.
    fn done(&mut self, device: usize, elements: u64, seconds: f64);
    /// It is gone; what it held is to be computed elsewhere.
    fn lost(&mut self, device: usize, held: Vec<Range<u64>>);
    /// How many managers there are; each serves one request at a time.
    fn managers(&self) -> usize {
        0
    }
}

/// The policy of that mapping for `elements` over `devices`; a manager takes `manager` seconds for a request.
///
/// `together` says which group each device belongs to where that is known (the threads of one CPU, the queue of one GPU);
/// without it, groups of neighbours are formed where managers over managers are asked for.
pub fn policy(
    mapping: Mapping,
    elements: u64,
    devices: &[Known],
    manager: f64,
    together: Option<&[usize]>,
) -> Box<dyn Policy + Send> {
    match mapping {
        Mapping::Static => Box::new(Shares::in_proportion(elements, devices)),
        Mapping::WorkStealing => Box::new(Stealing::new(elements, devices)),
        Mapping::ManagerWorker => {
            Box::new(Guided::new(elements, devices, manager, neighbours(devices.len(), 1), false))
        }
        Mapping::Hierarchical => {
            let group = match together {
                Some(group) => group.to_vec(),
                None => neighbours(devices.len(), groups(devices.len())),
            };
            Box::new(Guided::new(elements, devices, manager, group, false))
        }
        Mapping::Auto => auto(elements, devices, manager),
    }
}

/// Shares that are given: the elements of each device.
pub fn given(shares: Vec<Range<u64>>) -> Box<dyn Policy + Send> {
    Box::new(Shares { shares: shares.into_iter().map(|share| VecDeque::from([share])).collect() })
}

/// So many groups of neighbours, as equal as can be.
fn neighbours(devices: usize, groups: usize) -> Vec<usize> {
    (0..devices).map(|device| device * groups / devices).collect()
}

/// Everything on one device, at once.
pub fn alone(elements: u64, devices: usize, device: usize) -> Box<dyn Policy + Send> {
    let mut shares = vec![0..0; devices];
    shares[device] = 0..elements;
    given(shares)
}

/// The time in which all devices together are done, as told; devices whose latency is longer take no part.
fn together(elements: u64, devices: &[Known]) -> f64 {
    let mut order: Vec<&Known> = devices.iter().collect();
    order.sort_by(|a, b| a.latency.total_cmp(&b.latency));
    let (mut speed, mut ahead, mut best) = (0.0, 0.0, f64::INFINITY);
    for device in order {
        if device.latency >= best {
            break;
        }
        let own = device.speed.min(device.link);
        speed += own;
        ahead += own * device.latency;
        best = (elements as f64 + ahead) / speed;
    }
    best
}

fn auto(elements: u64, devices: &[Known], manager: f64) -> Box<dyn Policy + Send> {
    let all = together(elements, devices);
    let one = |device: &Known| device.latency + elements as f64 / device.speed.min(device.link);
    let best = (0..devices.len()).min_by(|a, b| one(&devices[*a]).total_cmp(&one(&devices[*b])));
    if let Some(best) = best {
        // Told speeds may be wrong: another helps if it could begin even then.
        let late = one(&devices[best]) * tuning::TOLD_SPEED_ERROR;
        if devices.iter().enumerate().all(|(at, other)| at == best || other.latency >= late) {
            return alone(elements, devices.len(), best);
        }
    }
    // How much of its time one manager of all would be busy.
    let load = devices.len() as f64 * manager / chunk_seconds(all, manager);
    let count = if load > tuning::MANAGER_LOAD { groups(devices.len()) } else { 1 };
    Box::new(Guided::new(elements, devices, manager, neighbours(devices.len(), count), true))
}

/// Groups in which each manager has about as much to do as the one above.
fn groups(devices: usize) -> usize {
    (devices as f64).sqrt().round().max(1.0) as usize
}

/// The longest chunk of a launch that takes so long: short enough that a lost one is soon made good, long enough that a
/// request is small beside it.
fn chunk_seconds(all: f64, manager: f64) -> f64 {
    (all / tuning::CHUNKS_OF_A_DEVICE).max(manager / tuning::REQUEST_SHARE)
}

// ---- fixed shares

/// Shares that are given out whole.
struct Shares {
    shares: Vec<VecDeque<Range<u64>>>,
}

impl Shares {
    fn in_proportion(elements: u64, devices: &[Known]) -> Self {
        let shares = proportional(elements, devices).into_iter().map(|share| VecDeque::from([share]));
        Shares { shares: shares.collect() }
    }
}

fn proportional(elements: u64, devices: &[Known]) -> Vec<Range<u64>> {
    let all: f64 = devices.iter().map(|device| device.speed.min(device.link)).sum();
    let (mut before, mut start) = (0.0, 0);
    devices
        .iter()
        .map(|device| {
            before += device.speed.min(device.link);
            let end = ((before / all * elements as f64).round() as u64).clamp(start, elements);
            let share = start..end;
            start = end;
            share
        })
        .collect()
}

impl Policy for Shares {
    fn next(&mut self, device: usize, _: f64) -> Option<Chunk> {
        loop {
            let range = self.shares[device].pop_front()?;
            if !range.is_empty() {
                return Some(Chunk { range, asked: Vec::new() });
            }
        }
    }

    fn done(&mut self, _: usize, _: u64, _: f64) {}

    fn lost(&mut self, device: usize, held: Vec<Range<u64>>) {
        let others = self.shares.len();
        let left: Vec<Range<u64>> = held.into_iter().chain(self.shares[device].drain(..)).collect();
        for (at, range) in left.into_iter().enumerate() {
            self.shares[(device + 1 + at) % others].push_back(range);
        }
    }
}

// ---- what is known of the speeds

/// A device's speed: as told, then as measured.
#[derive(Clone, Copy)]
struct Speed {
    known: Known,
    speed: f64,
    samples: u32,
    /// Elements given out and not done.
    held: f64,
    /// When its first chunk arrives, while that is to come.
    begins: Option<f64>,
    /// Whether its speed counts: it has been given something.
    is_in: bool,
    is_gone: bool,
}

impl Speed {
    fn new(known: Known) -> Self {
        Speed {
            known,
            speed: known.speed.min(known.link),
            samples: 0,
            held: 0.0,
            begins: None,
            is_in: false,
            is_gone: false,
        }
    }

    /// The latest samples count most: costs change along the range, and devices slow down.
    fn learn(&mut self, elements: u64, seconds: f64) {
        if seconds > 0.0 {
            let sample = elements as f64 / seconds;
            self.speed = if self.samples == 0 { sample } else { 0.5 * self.speed + 0.5 * sample };
            self.samples += 1;
        }
    }

    /// Whether another chunk should be on its way: what it holds lasts no longer than a chunk takes to arrive and another
    /// to compute, at the speed of now or, where those elements are cheap, at `most` elements in the time of a chunk.
    fn wants(&self, chunk: f64, most: f64) -> bool {
        let speed = self.speed.min(most / chunk);
        !self.is_gone && self.held < speed * (self.known.latency + chunk)
    }

    /// Seconds until its next element, should it be given some now.
    fn late(&self, now: f64) -> f64 {
        match self.begins {
            Some(begins) => (begins - now).max(0.0),
            None if self.held > 0.0 => 0.0,
            None => self.known.latency,
        }
    }
}

/// Ranges that nobody holds.
#[derive(Default)]
struct Pool {
    ranges: VecDeque<Range<u64>>,
    left: u64,
}

impl Pool {
    fn put(&mut self, range: Range<u64>) {
        if !range.is_empty() {
            self.left += range.end - range.start;
            self.ranges.push_back(range);
        }
    }

    /// All elements, as so many blocks in an order that visits every part of the range early and late: what the first chunks
    /// cost then says what the others will.
    fn spread(&mut self, elements: u64, blocks: u64) {
        let blocks = blocks.min(elements);
        let edge = |block: u64| (u128::from(elements) * u128::from(block) / u128::from(blocks)) as u64;
        // The golden section, at an odd number that shares nothing with a power of two.
        let blocks_up = blocks.next_power_of_two();
        let stride = ((blocks_up as f64 * 0.618_033_988_75) as u64) | 1;
        let order = (0..blocks_up).map(|at| at.wrapping_mul(stride) % blocks_up).filter(|at| *at < blocks);
        order.for_each(|block| self.put(edge(block)..edge(block + 1)));
    }

    /// At most so many elements, side by side.
    fn take(&mut self, most: u64) -> Option<Range<u64>> {
        let first = self.ranges.front_mut()?;
        let end = first.end.min(first.start.saturating_add(most.max(1)));
        let taken = first.start..end;
        first.start = end;
        if first.is_empty() {
            self.ranges.pop_front();
        }
        self.left -= taken.end - taken.start;
        Some(taken)
    }

    /// At most so many elements from the far end.
    fn take_back(&mut self, most: u64) -> Option<Range<u64>> {
        let last = self.ranges.back_mut()?;
        let start = last.start.max(last.end.saturating_sub(most.max(1)));
        let taken = start..last.end;
        last.end = start;
        if last.is_empty() {
            self.ranges.pop_back();
        }
        self.left -= taken.end - taken.start;
        Some(taken)
    }
}

// ---- managers

/// One manager, or managers of groups under one.
struct Guided {
    devices: Vec<Speed>,
    /// Of each device.
    group: Vec<usize>,
    groups: Vec<Group>,
    top: Pool,
    /// Of all devices that take part.
    speed: f64,
    /// The most elements that all together are given at a time.
    most: f64,
    /// Seconds of the longest chunk.
    chunk: f64,
    /// Seconds of a chunk beside which a request is small.
    least: f64,
    /// Whether the first chunks are part of the plan, so that no manager is asked for them.
    is_planned: bool,
}

#[derive(Default)]
struct Group {
    pool: Pool,
    /// Of the devices that take part.
    speed: f64,
    held: f64,
    /// Of those whose first chunk is on its way: speed times when it arrives, and speed.
    ahead: f64,
    waiting: f64,
}

impl Group {
    /// A device's first chunk has arrived.
    fn began(&mut self, device: &mut Speed) {
        if let Some(begins) = device.begins.take() {
            self.ahead -= device.speed * begins;
            self.waiting -= device.speed;
        }
    }
}

impl Guided {
    fn new(elements: u64, devices: &[Known], manager: f64, group: Vec<usize>, is_planned: bool) -> Self {
        let all = together(elements, devices);
        let groups = group.iter().max().map_or(0, |last| last + 1);
        let devices: Vec<Speed> = devices.iter().map(|known| Speed::new(*known)).collect();
        let mut guided = Guided {
            speed: 0.0,
            most: 2.0 * elements as f64 / tuning::CHUNKS_OF_A_DEVICE,
            group,
            groups: (0..groups).map(|_| Group::default()).collect(),
            top: Pool::default(),
            chunk: chunk_seconds(all, manager),
            least: manager / tuning::REQUEST_SHARE,
            is_planned,
            devices,
        };
        for (device, group) in guided.devices.iter_mut().zip(&guided.group) {
            // Whoever could not begin in time comes in later, if all turn out to be slower.
            if device.known.latency < all {
                let group = &mut guided.groups[*group];
                device.is_in = true;
                device.begins = Some(device.known.latency);
                group.speed += device.speed;
                group.ahead += device.speed * device.known.latency;
                group.waiting += device.speed;
                guided.speed += device.speed;
            }
        }
        let count = guided.devices.len() as f64;
        let blocks = (16.0 * count).max(256.0).min(count * all / guided.least).max(1.0);
        guided.top.spread(elements, blocks as u64);
        if groups == 1 {
            guided.groups[0].pool = std::mem::take(&mut guided.top);
        } else if is_planned {
            // A quarter is known from the start to belong to each group.
            for group in 0..groups {
                let share = guided.groups[group].speed / guided.speed * elements as f64 / 4.0;
                guided.batch(group, share as u64);
            }
        }
        guided
    }

    /// What a device still has time for, should all be done as soon as they can, as far as its group sees: what the group
    /// has and holds, and its part of what the top has.
    fn fair(&self, device: usize, now: f64) -> f64 {
        let (own, group) = (&self.devices[device], &self.groups[self.group[device]]);
        let mut speed = group.speed;
        let mut elements = group.pool.left as f64 + group.held + (group.ahead - group.waiting * now).max(0.0);
        if self.top.left > 0 {
            elements += self.top.left as f64 * group.speed / self.speed;
        }
        let late = own.late(now);
        if !own.is_in {
            speed += own.speed;
        }
        if own.begins.is_none() {
            // While it waits it computes nothing.
            elements += own.speed * late;
        }
        own.speed * (elements / speed - late) - own.held
    }

    /// A batch for a group that soon has nothing.
    fn refill(&mut self, group: usize) -> bool {
        let own = &self.groups[group];
        let low = own.speed * self.chunk * tuning::BATCH_CHUNKS;
        if self.top.left == 0 || own.pool.left as f64 >= low {
            return false;
        }
        let part = self.top.left as f64 * own.speed / self.speed / 2.0;
        let most = part.max(own.speed * self.least).max(low.min(part)) as u64;
        self.batch(group, most);
        true
    }

    /// So many elements of the top for a group.
    fn batch(&mut self, group: usize, mut most: u64) {
        while most > 0
            && let Some(range) = self.top.take(most)
        {
            most -= range.end - range.start;
            self.groups[group].pool.put(range);
        }
    }
}

impl Policy for Guided {
    fn next(&mut self, device: usize, now: f64) -> Option<Chunk> {
        let group = self.group[device];
        let own = &self.devices[device];
        let most = self.most * own.speed / self.speed.max(own.speed);
        if !own.wants(self.chunk, most) {
            return None;
        }
        let ready = self.groups[group].pool.left > 0;
        let first = self.is_planned && ready && own.samples == 0 && own.held == 0.0;
        let refilled = !first && self.groups.len() > 1 && self.refill(group);
        let own = &self.devices[device];
        let fair = self.fair(device, now);
        // Whoever asks where nobody else computes takes of what is left.
        let last = self.groups[group].held < 1.0 && now > 0.0;
        let fair = if last { fair.max(self.groups[group].pool.left as f64) } else { fair };
        if fair < 1.0 {
            return None;
        }
        let least = own.speed * self.least;
        let share = if own.samples == 0 { fair / 16.0 } else { fair / 2.0 };
        let size = share.min(own.speed * self.chunk).max(least.min(fair)).min(most);
        let range = self.groups[group].pool.take(size as u64)?;
        let taken = (range.end - range.start) as f64;
        let (own, group_of) = (&mut self.devices[device], &mut self.groups[group]);
        own.held += taken;
        group_of.held += taken;
        if !own.is_in {
            own.is_in = true;
            group_of.speed += own.speed;
            self.speed += own.speed;
        }
        let mut asked = Vec::new();
        if !first {
            asked.push(group);
            if refilled {
                asked.push(self.groups.len());
            }
        }
        Some(Chunk { range, asked })
    }

    fn done(&mut self, device: usize, elements: u64, seconds: f64) {
        let (own, group) = (&mut self.devices[device], &mut self.groups[self.group[device]]);
        let before = own.speed;
        group.began(own);
        own.learn(elements, seconds);
        own.held -= elements as f64;
        group.held -= elements as f64;
        group.speed += own.speed - before;
        self.speed += own.speed - before;
    }

    fn lost(&mut self, device: usize, held: Vec<Range<u64>>) {
        let (own, group) = (&mut self.devices[device], &mut self.groups[self.group[device]]);
        group.began(own);
        own.is_gone = true;
        if own.is_in {
            group.speed = (group.speed - own.speed).max(0.0);
            self.speed = (self.speed - own.speed).max(0.0);
        }
        group.held -= own.held;
        own.held = 0.0;
        for range in held {
            group.pool.put(range);
        }
        // A group without devices gives back what it has.
        if group.speed <= 1e-9 * self.speed {
            let rest = std::mem::take(&mut group.pool);
            rest.ranges.into_iter().for_each(|range| self.top.put(range));
        }
    }

    fn managers(&self) -> usize {
        if self.groups.len() > 1 { self.groups.len() + 1 } else { 1 }
    }
}
