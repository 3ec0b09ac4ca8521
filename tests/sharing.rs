//! Work of one's own on a runtime's threads.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a test has no readers from outside")]

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::thread::{ThreadId, current};
use std::time::Duration;

use manylane::prelude::*;

fn runtime(threads: usize, pool: usize) -> Runtime {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(pool).build().unwrap();
    Runtime::builder().threads(threads).pool(Arc::new(pool)).build().unwrap()
}

#[test]
fn every_part_is_done_once() {
    for (threads, pool) in [(1, 1), (1, 4), (2, 2), (3, 8), (8, 2)] {
        let rt = runtime(threads, pool);
        for parts in [0, 1, 2, 7, 1_000] {
            let mut counts = vec![0u32; parts];
            rt.each(counts.iter_mut().enumerate(), |(k, count)| {
                *count += k as u32 + 1;
                Ok(())
            })
            .unwrap();
            assert_eq!(counts, (1..=parts as u32).collect::<Vec<_>>(), "{threads} threads, a pool of {pool}");
        }
    }
}

#[test]
fn no_more_threads_take_part_than_the_runtime_has() {
    let rt = runtime(2, 6);
    let seen = Mutex::new(HashSet::<ThreadId>::new());
    rt.each(0..64, |_| {
        seen.lock().unwrap().insert(current().id());
        std::thread::sleep(Duration::from_millis(1));
        Ok(())
    })
    .unwrap();
    let seen = seen.into_inner().unwrap();
    assert!(seen.contains(&current().id()) && seen.len() == 2, "{seen:?}");
}

#[test]
fn a_panic_is_an_error() {
    for threads in [1, 3] {
        let rt = runtime(threads, 3);
        let error = rt.each([1, 2, 3], |k| {
            assert_ne!(k, 2, "two is not liked");
            Ok(())
        });
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Panicked);
        assert_eq!(rt.reduce(&vec![1.0f32; 100]).sum().unwrap(), 100.0, "the runtime works on");
    }
}
