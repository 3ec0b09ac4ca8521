//! The oracle is std's stable sort of (code, place), with a code of its own: `total_cmp` and `cmp` of the types.

use std::cmp::Ordering;
use std::sync::atomic::{AtomicUsize, Ordering as Memory};

use super::*;

const SIZES: [usize; 22] = [
    0, 1, 2, 3, 15, 16, 17, 20, 21, 127, 128, 129, 255, 256, 257, 4095, 4096, 4097, 24_577, 65_537, 100_000,
    1_000_000,
];
const NEVER: &(dyn Fn() -> bool + Sync) = &|| false;

/// Every bit decides.
fn whole(kind: Kind, direction: Direction) -> Order {
    Order { kind, direction, bits: 0..u64::BITS }
}

/// splitmix64.
struct Random(u64);

impl Random {
    /// Another each run; printed, so that a failure can be repeated by writing it here.
    fn new() -> Self {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let seed = now.map_or(1, |time| time.as_nanos() as u64);
        println!("seed {seed}");
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

/// The words of the tests, and how std compares them.
trait Tested: Word {
    fn from_u64(bits: u64) -> Self;
    fn compare(self, other: Self, order: &Order) -> Ordering;
}

macro_rules! tested {
    ($word:ident, $signed:ident, $float:ident) => {
        impl Tested for $word {
            fn from_u64(bits: u64) -> Self {
                (bits ^ bits >> 32) as $word
            }

            fn compare(self, other: Self, order: &Order) -> Ordering {
                if order.bits != (0..64) {
                    // Of the code: the number of words that come before.
                    let ascending = |word: $word| match order.kind {
                        Kind::Unsigned => word,
                        Kind::Signed => word.wrapping_add(1 << ($word::BITS - 1)),
                        Kind::Float if (word as $signed) < 0 => !word,
                        Kind::Float => word | 1 << ($word::BITS - 1),
                    };
                    let code = |word: $word| {
                        let code = ascending(word);
                        if order.direction == Direction::Descending { $word::MAX - code } else { code }
                    };
                    let digits = |word| {
                        let (low, high) = (order.bits.start, order.bits.end.min($word::BITS));
                        if low >= high {
                            0
                        } else {
                            (code(word) << ($word::BITS - high)) >> ($word::BITS - high + low)
                        }
                    };
                    return digits(self).cmp(&digits(other));
                }
                let up = match order.kind {
                    Kind::Unsigned => self.cmp(&other),
                    Kind::Signed => (self as $signed).cmp(&(other as $signed)),
                    Kind::Float => $float::from_bits(self).total_cmp(&$float::from_bits(other)),
                };
                if order.direction == Direction::Descending { up.reverse() } else { up }
            }
        }
    };
}

tested!(u32, i32, f32);
tested!(u64, i64, f64);

/// Inputs of every shape that a radix sort could fall over.
fn shapes<W: Tested>(count: usize, random: &mut Random) -> Vec<(&'static str, Vec<W>)> {
    let few: Vec<u64> = (0..16).map(|_| random.next()).collect();
    let many = count as u64 + 1;
    let mut shape = |name, make: &mut dyn FnMut(u64, &mut Random) -> u64| {
        (name, (0..count as u64).map(|at| W::from_u64(make(at, random))).collect::<Vec<_>>())
    };
    vec![
        shape("random", &mut |_, random| random.next()),
        shape("equal", &mut |_, _| 77),
        shape("sorted", &mut |at, _| at),
        shape("sorted, pairs equal", &mut |at, _| at / 2),
        shape("reversed", &mut |at, _| many - at),
        shape("reversed, pairs equal", &mut |at, _| (many - at) / 2),
        shape("sorted but for the last", &mut |at, _| if at + 2 == many { 0 } else { at + 5 }),
        shape("few distinct", &mut |_, random| few[random.below(16) as usize]),
        shape("two distinct, low bit", &mut |_, random| random.below(2)),
        shape("two distinct, high bit", &mut |_, random| random.below(2) << 63),
        shape("low bits, one outlier", &mut |at, random| {
            if at == many / 2 { u64::MAX << 33 } else { random.below(1 << 12) }
        }),
        shape("nine in ten in one bucket", &mut |_, random| {
            if random.below(10) == 0 { random.next() } else { 0x1234_5600_0000_0000 | random.below(1 << 16) }
        }),
        shape("skewed by powers", &mut |_, random| random.next() >> random.below(63)),
        shape("runs that agree in all but the low bits", &mut |_, random| {
            random.below(many / 8 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) & !0xff | random.below(256)
        }),
        shape("long runs that agree in all but the low bits", &mut |_, random| {
            random.below(many / 300 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) & !0xfffff
                | random.below(1 << 20)
        }),
        shape("bits with gaps", &mut |_, random| random.next() & 0x8001_0010_0100_1001),
        shape("floats", &mut |_, random| {
            let specials =
                [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, -f64::NAN, f64::MIN_POSITIVE];
            specials.get(random.below(30) as usize).map_or_else(|| random.next(), |special| special.to_bits())
        }),
    ]
}

fn orders() -> Vec<Order> {
    let mut orders = Vec::new();
    for kind in [Kind::Unsigned, Kind::Signed, Kind::Float] {
        for direction in [Direction::Ascending, Direction::Descending] {
            orders.push(whole(kind, direction));
        }
    }
    orders
}

fn check_sort<W: Tested>(name: &str, words: &[W], order: &Order, threads: usize) {
    let count = words.len();
    let settings = Settings { order, threads, stop: NEVER };
    let mut expected: Vec<(W, u32)> = words.iter().copied().zip(0..).collect();
    expected.sort_by(|left, right| left.0.compare(right.0, order));

    // In place, and from elsewhere into what holds something else.
    for from in [None, Some(words)] {
        let fresh = || if from.is_some() { vec![W::ZERO; count] } else { words.to_vec() };
        let mut keys = fresh();
        sort_keys(from, &mut keys, &mut words.to_vec(), &settings).expect("never stopped");
        assert!(
            keys.iter().eq(expected.iter().map(|(key, _)| key)),
            "keys: {name}, {count} of {} bits, {order:?}, {threads} threads, elsewhere {}",
            W::BITS,
            from.is_some()
        );

        let mut keys = fresh();
        let mut places: Vec<u32> = (0..count as u32).collect();
        let (mut scratch, mut more_scratch) = (words.to_vec(), vec![0; count]);
        let (pairs, room) =
            (Columns::new(&mut keys, &mut places), Columns::new(&mut scratch, &mut more_scratch));
        sort_pairs(from, pairs, room, &settings).expect("never stopped");
        assert!(
            keys.into_iter().zip(places).eq(expected.iter().copied()),
            "pairs: {name}, {count} of {} bits, {order:?}, {threads} threads, elsewhere {}",
            W::BITS,
            from.is_some()
        );
    }
}

fn every_shape_and_size<W: Tested>() {
    let random = &mut Random::new();
    for count in SIZES {
        for (name, words) in shapes::<W>(count, random) {
            // Every order for small inputs, one at random for large ones: the sort of the oracle takes its time.
            let mut orders = orders();
            if count > 5_000 {
                orders = vec![orders.swap_remove(random.below(6) as usize)];
            }
            for order in orders {
                let threads = [1, 2, 3, 8][random.below(4) as usize];
                check_sort(name, &words, &order, threads);
            }
        }
    }
}

#[test]
fn sorts_every_shape_and_size_u32() {
    every_shape_and_size::<u32>();
}

#[test]
fn sorts_every_shape_and_size_u64() {
    every_shape_and_size::<u64>();
}

fn random_bits_of_random_words<W: Tested>() {
    let random = &mut Random::new();
    for _ in 0..300 {
        let count = [300, 5_000, 70_000][random.below(3) as usize] + random.below(999) as usize;
        let words: Vec<W> = (0..count).map(|_| W::from_u64(random.next())).collect();
        let low = random.below(u64::from(W::BITS)) as u32;
        let high = low + random.below(u64::from(W::BITS - low) + 3) as u32;
        let mut order = orders().swap_remove(random.below(6) as usize);
        order.bits = low..high;
        check_sort("random bits", &words, &order, [1, 3][random.below(2) as usize]);
    }
}

#[test]
fn sorts_by_some_of_the_bits_u32() {
    random_bits_of_random_words::<u32>();
}

#[test]
fn sorts_by_some_of_the_bits_u64() {
    random_bits_of_random_words::<u64>();
}

#[test]
fn every_number_of_threads_gives_the_same() {
    let random = &mut Random::new();
    for (name, words) in shapes::<u64>(300_001, random) {
        for threads in [1, 2, 3, 8] {
            check_sort(name, &words, &whole(Kind::Unsigned, Direction::Ascending), threads);
        }
    }
}

#[test]
fn moves_payloads_of_eight_bytes() {
    let random = &mut Random::new();
    let words: Vec<u32> = (0..200_000).map(|_| random.next() as u32).collect();
    let mut keys = words.clone();
    let mut values: Vec<f64> = (0..200_000).map(f64::from).collect();
    let (mut scratch, mut more_scratch) = (words.clone(), values.clone());
    let order = whole(Kind::Float, Direction::Descending);
    let pairs = Columns::new(&mut keys, &mut values);
    let scratch = Columns::new(&mut scratch, &mut more_scratch);
    sort_pairs(None, pairs, scratch, &Settings { order: &order, threads: 2, stop: NEVER })
        .expect("never stopped");
    assert!(keys.is_sorted_by(|a, b| f32::from_bits(*a).total_cmp(&f32::from_bits(*b)).is_ge()));
    assert!(keys.iter().zip(values).all(|(key, value)| words[value as usize] == *key));
}

fn check_merge<W: Tested>(left: &[W], right: &[W], order: &Order, threads: usize) {
    let tag = |words: &[W], from: u32| -> Vec<(W, u32)> {
        let mut pairs: Vec<_> = words.iter().copied().zip(from..).collect();
        pairs.sort_by(|a, b| a.0.compare(b.0, order));
        pairs
    };
    let (left, right) = (tag(left, 0), tag(right, 1 << 30));
    let mut expected = [&left[..], &right[..]].concat();
    expected.sort_by(|a, b| a.0.compare(b.0, order));

    let (left_keys, left_values): (Vec<W>, Vec<u32>) = left.into_iter().unzip();
    let (right_keys, right_values): (Vec<W>, Vec<u32>) = right.into_iter().unzip();
    let settings = Settings { order, threads, stop: NEVER };
    let (mut keys, mut values) = (vec![W::ZERO; expected.len()], vec![0; expected.len()]);
    merge_keys(&left_keys, &right_keys, &mut keys, &settings).expect("never stopped");
    assert!(keys.iter().eq(expected.iter().map(|(key, _)| key)), "{order:?}, {threads} threads");
    let (left, right) = (Run::new(&left_keys, &left_values), Run::new(&right_keys, &right_values));
    merge_pairs(left, right, Columns::new(&mut keys, &mut values), &settings).expect("never stopped");
    assert!(keys.into_iter().zip(values).eq(expected), "{order:?}, {threads} threads");
}

#[test]
fn merges_as_a_stable_sort_of_both_would() {
    let random = &mut Random::new();
    for (left, right) in
        [(0, 0), (0, 1), (1, 0), (1, 1), (5, 3), (1000, 1), (0, 999), (4097, 4095), (200_001, 99_999)]
    {
        let pairs = shapes::<u32>(left, random).into_iter().zip(shapes::<u32>(right, random));
        for (at, ((_, left), (_, right))) in pairs.enumerate() {
            let mut order = orders().swap_remove(at % 6);
            check_merge(&left, &right, &order, [1, 2, 3, 8][at % 4]);
            order.bits = 4..17;
            check_merge(&left, &right, &order, [1, 2, 3, 8][at % 4]);
        }
        let wide: Vec<u64> = (0..left).map(|_| random.next() >> random.below(64)).collect();
        let more: Vec<u64> = (0..right).map(|_| random.next() >> random.below(64)).collect();
        check_merge(&wide, &more, &whole(Kind::Float, Direction::Descending), 2);
        // All of one before all of the other, and the reverse.
        let low: Vec<u64> = (0..left as u64).collect();
        let high: Vec<u64> = (0..right as u64).map(|word| word | 1 << 40).collect();
        check_merge(&low, &high, &whole(Kind::Unsigned, Direction::Ascending), 3);
        check_merge(&high, &low, &whole(Kind::Unsigned, Direction::Ascending), 3);
    }
}

#[test]
fn stops_soon_after_it_is_told_to() {
    let random = &mut Random::new();
    let order = whole(Kind::Unsigned, Direction::Ascending);
    for threads in [1, 3] {
        for (name, words) in shapes::<u64>(500_000, random) {
            let asked = AtomicUsize::new(0);
            let ask_until = |limit| {
                asked.store(0, Memory::Relaxed);
                let stop = || asked.fetch_add(1, Memory::Relaxed) >= limit;
                let settings = Settings { order: &order, threads, stop: &stop };
                let (mut keys, mut scratch) = (words.clone(), words.clone());
                (sort_keys(None, &mut keys, &mut scratch, &settings), asked.load(Memory::Relaxed))
            };
            let (whole, times) = ask_until(usize::MAX);
            assert_eq!(whole, Ok(()));
            assert!(times > 500_000 / 65_536, "{name}: asked {times} times");
            for limit in [0, 1, times / 2, times - 1] {
                let (stopped, times) = ask_until(limit);
                assert_eq!(stopped, Err(Stopped), "{name}, at {limit}");
                assert!(times <= limit + threads, "{name}: went on for {} more", times - limit);
            }
        }
    }
    let (left, right) = (vec![1u32; 300_000], vec![2u32; 300_000]);
    let settings = Settings { order: &order, threads: 2, stop: &|| true };
    assert_eq!(merge_keys(&left, &right, &mut vec![0; 600_000], &settings), Err(Stopped));
}

#[test]
#[should_panic(expected = "as long as what is sorted")]
fn refuses_short_scratch() {
    let order = whole(Kind::Unsigned, Direction::Ascending);
    let settings = Settings { order: &order, threads: 1, stop: NEVER };
    let _ = sort_keys(None, &mut [3u32, 2, 1], &mut [0; 2], &settings);
}
