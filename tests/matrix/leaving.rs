//! What leaves: `break`, `continue`, `return` and `match`, each against the same function as rustc compiles it.

use manylane_testkit::{Random, Setup, assert_same};

use crate::Property;
use crate::kernels::flow::{self, plain};

pub const ALL: &[Property] = &[
    ("break_counted", |s| check::<flow::break_counted>(s, plain::break_counted)),
    ("continue_counted", |s| check::<flow::continue_counted>(s, plain::continue_counted)),
    ("endless_with_ways_out", |s| check::<flow::endless>(s, plain::endless)),
    ("early_returns", |s| check::<flow::early>(s, plain::early)),
    ("labelled_loops", |s| check::<flow::labelled>(s, plain::labelled)),
    ("kept_by_those_that_left", |s| {
        check::<flow::kept_by_those_that_left>(s, plain::kept_by_those_that_left)
    }),
    ("values_from_loops", |s| check::<flow::from_loop>(s, plain::from_loop)),
    ("matches", |s| check::<flow::matched>(s, plain::matched)),
    ("ends_everywhere", |s| check::<flow::ends_everywhere>(s, plain::ends_everywhere)),
    ("guarded_forever", |s| check::<flow::guarded_forever>(s, plain::guarded_forever)),
    ("varying_ranges_left", |s| check::<flow::varying_range>(s, plain::varying_range)),
    ("bit_tricks", |s| check::<flow::bit_tricks>(s, plain::bit_tricks)),
    ("uniform_flow_inside", uniform_inside),
    ("pairs_by_early_returns", pairs),
];

/// Small numbers around which everything branches, and any.
fn numbers(random: &mut Random, n: usize) -> Vec<i32> {
    random.many(n, |r| if r.below(8) == 0 { r.below(1 << 12) as i32 } else { r.below(48) as i32 - 12 })
}

trait Binary {
    fn run(setup: &Setup, x: &[i32], y: &[i32]) -> Vec<i32>;
}

macro_rules! binary {
    ($($kernel:ident)*) => {$(
        impl Binary for flow::$kernel {
            fn run(setup: &Setup, x: &[i32], y: &[i32]) -> Vec<i32> {
                setup.map::<flow::$kernel>((x, y)).run().unwrap().read().unwrap().to_vec()
            }
        }
    )*};
}
binary!(break_counted continue_counted endless early labelled kept_by_those_that_left from_loop matched ends_everywhere
        guarded_forever varying_range bit_tricks);

fn check<K: Binary>(setup: &Setup, oracle: fn(i32, i32) -> i32) {
    let mut random = Random::new("leaving");
    for n in [0, 1, 7, 33, 4_099] {
        let (x, y) = (numbers(&mut random, n), numbers(&mut random, n));
        let expected: Vec<i32> = x.iter().zip(&y).map(|(&x, &y)| oracle(x, y)).collect();
        assert_same(format!("{n}"), &K::run(setup, &x, &y), &expected);
    }
}

fn uniform_inside(setup: &Setup) {
    let mut random = Random::new("uniform_inside");
    for stop in [0, 3, 20] {
        let x = numbers(&mut random, 1_001);
        let expected: Vec<i32> = x.iter().map(|&x| plain::uniform_inside(x, stop)).collect();
        let found = setup.map::<flow::uniform_inside>((&x, stop)).run().unwrap();
        assert_same(format!("{stop}"), &found.read().unwrap(), &expected);
    }
}

fn pairs(setup: &Setup) {
    let mut random = Random::new("pairs");
    let (x, y) = (numbers(&mut random, 777), numbers(&mut random, 777));
    let (a, b) = setup.map::<flow::pair>((&x, &y)).run().unwrap();
    let (want_a, want_b): (Vec<i32>, Vec<u32>) = x.iter().zip(&y).map(|(&x, &y)| plain::pair(x, y)).unzip();
    assert_same("first", &a.read().unwrap(), &want_a);
    assert_same("second", &b.read().unwrap(), &want_b);
}
