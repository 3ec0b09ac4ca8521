//! Kernels that leave: `break`, `continue`, `return`, labels, `match`; and a plain copy of each, which is the oracle.

/// Each function twice: as a kernel, and in `plain` as rustc alone has it.
macro_rules! both {
    ($(
        $(#[doc = $doc:literal])*
        fn $name:ident($($(#[$kind:meta])? $param:ident: $type:ty),*) -> $result:ty $body:block
    )*) => {
        $(
            $(#[doc = $doc])*
            #[manylane::prelude::kernel]
            pub fn $name($($(#[$kind])? $param: $type),*) -> $result $body
        )*

        /// The same functions without the attribute.
        pub mod plain {
            #![allow(dead_code, reason = "only some of the tests that share these kernels compare with them")]

            $(
                $(#[doc = $doc])*
                pub fn $name($($param: $type),*) -> $result $body
            )*
        }
    };
}

both! {
    /// Ends a counted loop at a place of each lane's own.
    fn break_counted(x: i32, y: i32) -> i32 {
        let mut sum = 0;
        for k in 0..20 {
            if k * 3 > x {
                break;
            }
            sum += k ^ y;
        }
        sum
    }

    /// Skips turns, lane by lane; what is stepped before and after the skip differs.
    fn continue_counted(x: i32, y: i32) -> i32 {
        let mut before = 0;
        let mut after = 0;
        for k in 0..12 {
            before += k;
            if (x + k) & 3 == 0 {
                continue;
            }
            after += k * y;
        }
        before * 1000 + after
    }

    /// An endless loop with two ways out and one to the next turn.
    fn endless(x: i32, y: i32) -> i32 {
        let mut n = x & 63;
        let mut turns = 0;
        loop {
            turns += 1;
            if n == 0 {
                break;
            }
            n -= 1;
            if n & 7 == y & 7 {
                continue;
            }
            if turns > 40 {
                turns += 100;
                break;
            }
            n = n * 5 / 6;
        }
        turns * 64 + n
    }

    /// Ends before the rest, for some lanes, at three places.
    fn early(x: i32, y: i32) -> i32 {
        if x < -5 {
            return -1;
        }
        let mut sum = x;
        for k in 0..8 {
            if sum > 30 {
                return sum * 2;
            }
            if y == k {
                continue;
            }
            sum += k + (y & 1);
        }
        if sum & 1 == 0 {
            return sum;
        }
        sum * 3
    }

    /// Leaves the outer loop from the inner, and goes on with the outer from the inner.
    fn labelled(x: i32, y: i32) -> i32 {
        let mut sum = 0;
        let mut seen = 0;
        'rows: for i in 0..9 {
            for j in 0..7 {
                if j == (x & 7) {
                    continue 'rows;
                }
                if i * j > y {
                    break 'rows;
                }
                if (i ^ j) & 3 == 3 {
                    continue;
                }
                sum += i * 10 + j;
            }
            seen += 1;
        }
        sum * 100 + seen
    }

    /// What an inner loop assigns and the outer assigns anew belongs, after both, to the turn in which a lane left.
    fn kept_by_those_that_left(x: i32, y: i32) -> i32 {
        let mut v = 7;
        let mut i = 0;
        while i < (x & 7) {
            let mut j = 0;
            while j < (y & 3) {
                v = i * 10 + j;
                j += 1;
            }
            v += 1000;
            if v & 64 == 0 {
                v = -i;
            }
            i += 1;
        }
        v
    }

    /// A value from a loop.
    fn from_loop(x: i32, y: i32) -> i32 {
        let mut n = x & 31;
        let found = loop {
            if n > 40 {
                break n - 40;
            }
            if n == (y & 15) {
                break -n;
            }
            n += 3;
        };
        found * 2
    }

    /// Every kind of pattern.
    fn matched(x: i32, y: i32) -> i32 {
        const SPECIAL: i32 = 9;
        let a = match x {
            0 => 100,
            1 | 2 => 200 + y,
            3..=5 => 300,
            SPECIAL => 999,
            n if n < 0 => -n,
            i32::MIN..=20 => x * 2,
            other => other ^ y,
        };
        match (y & 3) as u32 {
            0 => {
                if a > 150 {
                    return a;
                }
                a + 1
            }
            1 => a - 1,
            2 => {
                let mut b = a;
                while b > 10 {
                    b /= 3;
                }
                b
            }
            _ => 0,
        }
    }

    /// A branch that ends on both sides, below others.
    fn ends_everywhere(x: i32, y: i32) -> i32 {
        if x > y {
            if x > 2 * y {
                return 1;
            } else {
                return 2;
            }
        } else if x == y {
            3
        } else {
            let mut k = 0;
            loop {
                k += 1;
                if k * k > y - x {
                    return k;
                }
            }
        }
    }

    /// Uniform flow that all lanes leave at once, inside of flow that they leave one by one.
    fn uniform_inside(x: i32, #[uniform] stop: i32) -> i32 {
        let mut sum = 0;
        for i in 0..10 {
            if x & 1 == 0 {
                sum += 1;
                if i > 6 {
                    break;
                }
            }
            for j in 0..5 {
                if j == stop {
                    break;
                }
                if i + j == stop {
                    continue;
                }
                sum += i * j + x;
            }
            if i == stop + 2 {
                break;
            }
        }
        sum
    }

    /// Lanes that have left must not be asked: their condition would never end.
    fn guarded_forever(x: i32, y: i32) -> i32 {
        if y == 0 {
            return -7;
        }
        let mut n = x & 255;
        while n > 0 {
            n -= if y > 0 { y } else { -y };
        }
        n
    }

    /// A range of each lane's own, left and skipped.
    fn varying_range(x: i32, y: i32) -> i32 {
        let mut sum = 0;
        for k in (x & 7)..=(y & 15) {
            if k == 5 {
                continue;
            }
            sum += k;
            if sum > 30 {
                break;
            }
        }
        sum
    }

    /// Bits and their counts.
    fn bit_tricks(x: i32, y: i32) -> i32 {
        let u = x as u32;
        let mixed = u.rotate_left(y as u32 & 31) ^ u.rotate_right(7) ^ u.swap_bytes() ^ u.reverse_bits();
        let counts = x.count_ones() + x.leading_zeros() * 64 + u.trailing_zeros() * 4096 + u.count_zeros();
        (mixed as i32).wrapping_add(counts as i32) ^ x.signum() ^ y.wrapping_abs().rem_euclid(7)
    }

    /// In place of a `while` with a flag: two results by early returns.
    fn pair(x: i32, y: i32) -> (i32, u32) {
        if x == y {
            return (0, 1);
        }
        for k in 1..6 {
            if x * k == y {
                return (k, 2);
            }
        }
        (x - y, 3)
    }
}
