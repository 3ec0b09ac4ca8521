//! A launch that threads and a device share, whatever turns they take: every place is computed once, and all come to an
//! end, also where the device is lost with all that it had done.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use manylane::Mapping;
use manylane::plan::policy::{Known, policy};
use shuttle::thread;

use crate::exec::board::{Board, Next};
use crate::exec::threads::Divide;
use crate::shape::CHUNK;

/// Places of a launch; each counts how often it was computed, by chunks.
struct Places {
    start: usize,
    len: usize,
    marks: Arc<Vec<AtomicI32>>,
}

impl Divide for Places {
    fn len(&self) -> usize {
        self.len
    }

    fn divide(self, at: usize) -> (Self, Self) {
        let rest = Places { start: self.start + at, len: self.len - at, marks: self.marks.clone() };
        (Places { len: at, ..self }, rest)
    }
}

impl Places {
    fn mark(&self, by: i32) {
        for chunk in self.start / CHUNK..(self.start + self.len).div_ceil(CHUNK) {
            self.marks[chunk].fetch_add(by, Ordering::Relaxed);
        }
    }
}

/// Two threads and a device; the device is lost at its third chunk where `loses`, and takes everything with it.
pub fn shared(mapping: Mapping, loses: bool) {
    const PLACES: usize = 9 * CHUNK + 5;
    let marks: Arc<Vec<AtomicI32>> =
        Arc::new((0..PLACES.div_ceil(CHUNK)).map(|_| AtomicI32::new(0)).collect());
    let known = [1e6, 1e6, 3e6].map(|speed| Known { speed, latency: 0.0, link: f64::INFINITY });
    let work = Places { start: 0, len: PLACES, marks: marks.clone() };
    let policy = policy(mapping, PLACES as u64, &known, 1e-6, Some(&[0, 0, 1]));
    let board = Arc::new(Board::new(policy, work, 2));
    let driver = thread::spawn({
        let board = board.clone();
        move || {
            let mut had = Vec::new();
            while let Some(taken) = board.wait(2, || 1e-3) {
                taken.piece.mark(1);
                if loses && had.len() == 2 {
                    let done = had.iter().map(|(_, piece): &(usize, Places)| piece.len).sum();
                    had.push((taken.places.start, taken.piece));
                    had.iter().for_each(|(_, piece)| piece.mark(-1));
                    return board.lost(2, had, done, 1);
                }
                board.done(2, taken.places.len(), taken.counted, 1e-4, true);
                had.push((taken.places.start, taken.piece));
            }
        }
    });
    while let Some(first) = board.wait(0, || 1e-3) {
        let helper = thread::spawn({
            let board = board.clone();
            move || labour(&board, 1)
        });
        first.piece.mark(1);
        board.done(0, first.places.len(), first.counted, 1e-4, true);
        labour(&board, 0);
        helper.join().expect("the helper ends");
    }
    driver.join().expect("the device's driver ends");
    assert_eq!(board.left(), 0);
    assert!(marks.iter().all(|mark| mark.load(Ordering::Relaxed) == 1), "{marks:?}");
}

fn labour(board: &Board<Places>, worker: usize) {
    while let Next::Take(taken) = board.take(worker, 1e-3) {
        taken.piece.mark(1);
        board.done(worker, taken.places.len(), taken.counted, 1e-4, true);
    }
}
