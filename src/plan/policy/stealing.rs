//! Decentralised mapping: no manager, everyone steals.

use super::{Chunk, Known, Policy, Pool, Speed, proportional, together};
use crate::plan::tuning;
use std::ops::Range;

/// A deque for each device; whoever has nothing left takes half of what another has.
pub(super) struct Stealing {
    devices: Vec<Speed>,
    deques: Vec<Pool>,
    chunk: f64,
    /// For the choice of victims.
    random: u64,
}

impl Stealing {
    pub(super) fn new(elements: u64, known: &[Known]) -> Self {
        let mut deques: Vec<Pool> = known.iter().map(|_| Pool::default()).collect();
        for (deque, share) in deques.iter_mut().zip(proportional(elements, known)) {
            deque.put(share);
        }
        let chunk = together(elements, known) / tuning::CHUNKS_OF_A_DEVICE;
        Stealing {
            devices: known.iter().map(|known| Speed::new(*known)).collect(),
            deques,
            chunk,
            random: 0x9e37_79b9_7f4a_7c15,
        }
    }

    /// The fullest of a few others.
    fn victim(&mut self, thief: usize) -> Option<usize> {
        let count = self.deques.len();
        let mut best = None;
        for look in 0..count.min(8) {
            // With few devices each is looked at.
            let other = if count <= 8 {
                look
            } else {
                self.random = self
                    .random
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                (self.random >> 33) as usize % count
            };
            if other != thief
                && self.deques[other].left > best.map_or(0, |best: usize| self.deques[best].left)
            {
                best = Some(other);
            }
        }
        best
    }
}

impl Policy for Stealing {
    fn next(&mut self, device: usize, _: f64) -> Option<Chunk> {
        if !self.devices[device].wants(self.chunk, f64::INFINITY) {
            return None;
        }
        let mut asked = Vec::new();
        if self.deques[device].left == 0 {
            let victim = self.victim(device)?;
            // As much as both would then be done with at once.
            let (own, other) = (&self.devices[device], &self.devices[victim]);
            let other_speed = if other.is_gone { 0.0 } else { other.speed };
            let part = self.deques[victim].left as f64 * own.speed / (own.speed + other_speed);
            let late = own.known.latency * other_speed;
            let most = (part - late) as u64;
            if most == 0 {
                return None;
            }
            let mut left = most;
            while left > 0
                && let Some(range) = self.deques[victim].take_back(left)
            {
                left -= (range.end - range.start).min(left);
                self.deques[device].put(range);
            }
            asked.push(victim);
        }
        let own = &self.devices[device];
        let size = (own.speed * self.chunk).max(1.0).min(own.speed * self.chunk) as u64;
        let range = self.deques[device].take(size)?;
        self.devices[device].held += (range.end - range.start) as f64;
        Some(Chunk { range, asked })
    }

    fn done(&mut self, device: usize, elements: u64, seconds: f64) {
        self.devices[device].learn(elements, seconds);
        self.devices[device].held -= elements as f64;
    }

    fn lost(&mut self, device: usize, held: Vec<Range<u64>>) {
        self.devices[device].is_gone = true;
        self.devices[device].held = 0.0;
        for range in held {
            self.deques[device].put(range);
        }
    }

    /// Whoever is stolen from serves one thief at a time.
    fn managers(&self) -> usize {
        self.deques.len()
    }
}
