//! Stages with bounded buffers: order, bound, errors, panics, launches in stages.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use manylane::prelude::*;
use manylane::{Error, pipeline};
use manylane_testkit::Random as Inputs;

#[kernel]
fn scaled(#[uniform] a: f32, x: f32) -> f32 {
    a * x + 1.0
}

/// Counts the items that are alive.
struct Live {
    now: AtomicUsize,
    most: AtomicUsize,
}

struct Item {
    value: usize,
    live: Arc<Live>,
}

impl Item {
    fn new(value: usize, live: &Arc<Live>) -> Self {
        let now = live.now.fetch_add(1, Ordering::SeqCst) + 1;
        live.most.fetch_max(now, Ordering::SeqCst);
        Item { value, live: live.clone() }
    }
}

impl Drop for Item {
    fn drop(&mut self) {
        self.live.now.fetch_sub(1, Ordering::SeqCst);
    }
}

fn live() -> Arc<Live> {
    Arc::new(Live { now: AtomicUsize::new(0), most: AtomicUsize::new(0) })
}

#[test]
fn items_keep_their_order() {
    let all: Vec<usize> = pipeline(0..1_000)
        .stage(|k| Ok(k * 2))
        .stage(|k| {
            if k % 100 == 0 {
                std::thread::sleep(Duration::from_micros(100));
            }
            Ok(k + 1)
        })
        .collect()
        .unwrap();
    assert_eq!(all, (0..1_000).map(|k| 2 * k + 1).collect::<Vec<_>>());
    let none: Vec<usize> = pipeline(0..0).stage(Ok).collect().unwrap();
    assert!(none.is_empty());
    let plain: Vec<usize> = pipeline(0..5).collect().unwrap();
    assert_eq!(plain, [0, 1, 2, 3, 4]);
}

#[test]
fn buffers_are_bounded_wherever_it_is_slow() {
    for capacity in [0, 1, 2, 5] {
        for slow in 0..4 {
            let (counts, pause) = (live(), |at: usize| {
                if at == slow {
                    std::thread::sleep(Duration::from_micros(300));
                }
            });
            let items = (0..60).map(|k| {
                pause(0);
                Item::new(k, &counts)
            });
            let mut seen = 0;
            pipeline(items)
                .capacity(capacity)
                .stage(|item| {
                    pause(1);
                    Ok(item)
                })
                .stage(|item| {
                    pause(2);
                    Ok(item)
                })
                .for_each(|item| {
                    pause(3);
                    assert_eq!(item.value, seen);
                    seen += 1;
                    Ok(())
                })
                .unwrap();
            assert_eq!(seen, 60);
            let most = counts.most.load(Ordering::SeqCst);
            assert!(most <= 3 * capacity + 4, "{most} alive with capacity {capacity}, slow at {slow}");
            // A slow end fills every buffer: the bound is not met for want of items.
            assert!(slow != 3 || most >= 3 * capacity, "{most} alive with capacity {capacity}");
            assert_eq!(counts.now.load(Ordering::SeqCst), 0);
        }
    }
}

#[test]
fn the_first_error_ends_it() {
    let fails = |at: usize| {
        let counts = live();
        let begun = AtomicUsize::new(0);
        let check = |stage: usize, item: Item| {
            if stage == at && item.value == 10 {
                return Err(Error::new(ErrorKind::ShapeMismatch, format!("stage {stage} does not like 10")));
            }
            Ok(item)
        };
        let items = (0..).map(|k| {
            begun.fetch_add(1, Ordering::Relaxed);
            Item::new(k, &counts)
        });
        let mut seen = Vec::new();
        let error = pipeline(items)
            .stage(|item| check(1, item))
            .stage(|item| check(2, item))
            .for_each(|item| {
                let item = check(3, item)?;
                seen.push(item.value);
                Ok(())
            })
            .unwrap_err();
        assert_eq!(error.to_string(), format!("stage {at} does not like 10"));
        assert_eq!(error.kind(), ErrorKind::ShapeMismatch);
        assert!(seen.len() <= 10 && seen.iter().enumerate().all(|(k, value)| k == *value), "{seen:?}");
        assert!(begun.load(Ordering::Relaxed) < 40, "an endless iterator is not run dry");
        assert_eq!(counts.now.load(Ordering::SeqCst), 0, "nothing is left behind");
    };
    for at in 1..=3 {
        fails(at);
    }
}

#[test]
fn a_panic_is_an_error_and_hangs_nobody() {
    for at in 0..4 {
        let boom = |stage: usize, k: usize| {
            assert!(stage != at || k != 5, "no {k} please");
            k
        };
        let error = pipeline((0..).map(|k| boom(0, k)))
            .stage(|k| Ok(boom(1, k)))
            .stage(|k| Ok(boom(2, k)))
            .for_each(|k| {
                boom(3, k);
                Ok(())
            })
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Panicked);
        let who = ["its iterator", "stage 1", "stage 2", "the end"][at];
        assert!(error.to_string().starts_with(who) && error.to_string().contains("no 5 please"), "{error}");
    }
}

#[test]
fn stages_launch_on_different_targets() {
    let mut inputs = Inputs::new("pipeline");
    let sizes = inputs.many(40, |inputs| 1 + inputs.below(60_000));
    let run = |rt: &Runtime| {
        let chunks = sizes.iter().map(|n| vec![3.0f32; *n]);
        pipeline(chunks)
            .stage(|chunk| rt.array(chunk))
            .stage(|x| rt.map::<scaled>((2.0, &x)).on(Target::Threads).run())
            .stage(|x| rt.map::<scaled>((3.0, &x)).on(Target::Simd).run())
            .stage(|x| rt.map::<scaled>((1.0, &x)).on(Target::Scalar).submit()?.wait())
            .stage(|x| rt.reduce(&x).on(Target::Threads).sum())
            .collect::<Vec<f32>>()
            .unwrap()
    };
    let want: Vec<f32> = sizes.iter().map(|n| 23.0 * *n as f32).collect();
    assert_eq!(run(&Runtime::new().unwrap()), want);
    // Inside the only worker of the pool that the stages' launches want help from.
    let pool = Arc::new(rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap());
    let rt = Runtime::builder().threads(3).pool(pool.clone()).build().unwrap();
    assert_eq!(pool.install(|| run(&rt)), want);
}
