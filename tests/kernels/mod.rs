//! Kernels that the tests launch: every operator and statement of the language, and what is easily compiled wrong.

use manylane::prelude::*;

pub mod arrays;
pub mod callees;
pub mod flow;
pub mod memory;

// ---- floats

/// The four operations.
#[kernel(strict)]
pub fn f_ops(a: f32, b: f32) -> (f32, f32, f32, f32) {
    (a + b, a - b, a * b, a / b)
}

/// The remainder.
#[kernel(strict)]
pub fn f_rem(a: f32, b: f32) -> f32 {
    a % b
}

/// To whole numbers.
#[kernel(strict)]
pub fn f_whole(x: f32) -> (f32, f32, f32, f32) {
    (x.floor(), x.ceil(), x.trunc(), x.round())
}

/// To the nearest whole number, and as a byte.
#[kernel(strict)]
pub fn f_even(x: f32) -> (f32, u8) {
    let even = x.round_ties_even();
    (even, even as u8)
}

/// What looks at signs.
#[kernel(strict)]
pub fn f_signs(x: f32, y: f32) -> (f32, f32, f32, f32) {
    (x.abs(), -x, x.copysign(y), x.signum())
}

/// What chooses.
#[kernel(strict)]
pub fn f_choose(x: f32, y: f32) -> (f32, f32, f32) {
    (x.min(y), x.max(y), x.clamp(-1.0, 1.5))
}

/// The root, and bits.
#[kernel(strict)]
pub fn f_root(x: f32) -> (f32, u32) {
    (x.sqrt(), x.to_bits())
}

/// Bits back to a float.
#[kernel(strict)]
pub fn f_from_bits(u: u32) -> f32 {
    f32::from_bits(u)
}

/// Comparisons, a bit each.
#[kernel(strict)]
pub fn f_compare(x: f32, y: f32) -> u32 {
    (x < y) as u32
        + (x <= y) as u32 * 2
        + (x > y) as u32 * 4
        + (x >= y) as u32 * 8
        + (x == y) as u32 * 16
        + (x != y) as u32 * 32
        + x.is_nan() as u32 * 64
        + (!(x < y)) as u32 * 128
}

/// A polynomial that contracts.
#[kernel]
pub fn f_relaxed(x: f32, y: f32, z: f32) -> f32 {
    (x * y + z) * x - y * z + (z - x * y)
}

/// The same without.
#[kernel(strict)]
pub fn f_strict(x: f32, y: f32, z: f32) -> f32 {
    (x * y + z) * x - y * z + (z - x * y)
}

/// Uniform floats: what is the same for all lanes is computed once, and must mean the same.
#[kernel(strict)]
pub fn f_uniform(#[uniform] a: f32, #[uniform] b: f32, x: f32) -> (f32, f32, f32, u32) {
    let root = a.abs().sqrt() + b.min(a) - (b / a).round();
    let mut turned = a;
    if a < b {
        turned = -b;
    }
    (
        root + x,
        turned * x,
        a.max(b).trunc() + x.signum(),
        (a < b) as u32 + a as u32 % 7 + (b as i32 + 3) as u32 % 5,
    )
}

/// The exponential and the logarithm.
#[kernel]
pub fn f_transcendental(x: f32, y: f32) -> (f32, f32) {
    (x.exp(), y.ln())
}

// ---- integers

/// Signed arithmetic.
#[kernel]
pub fn i_ops(a: i32, b: i32) -> (i32, i32, i32, i32) {
    (a + b, a - b, a * b, -a)
}

/// Signed division.
#[kernel]
pub fn i_divide(a: i32, b: i32) -> (i32, i32) {
    (a / b, a % b)
}

/// Signed bits.
#[kernel]
pub fn i_bits(a: i32, b: i32) -> (i32, i32, i32, i32) {
    (a & b, a | b, a ^ b, !a)
}

/// Signed shifts.
#[kernel]
pub fn i_shifts(a: i32, n: u32) -> (i32, i32) {
    (a << n, a >> n)
}

/// Signed order.
#[kernel]
pub fn i_order(a: i32, b: i32) -> (i32, i32, i32, i32) {
    (a.min(b), a.max(b), a.clamp(-7, 7), a.wrapping_add(b).abs())
}

/// Signed comparisons, a bit each.
#[kernel]
pub fn i_compare(a: i32, b: i32) -> u32 {
    (a < b) as u32
        | ((a <= b) as u32) << 1
        | ((a > b) as u32) << 2
        | ((a >= b) as u32) << 3
        | ((a == b) as u32) << 4
        | ((a != b) as u32) << 5
        | ((a < b && b < 100 || a == 7) as u32) << 6
}

/// Unsigned arithmetic.
#[kernel]
pub fn u_ops(a: u32, b: u32) -> (u32, u32, u32) {
    (a + b, a - b, a * b)
}

/// Unsigned division.
#[kernel]
pub fn u_divide(a: u32, b: u32) -> (u32, u32) {
    (a / b, a % b)
}

/// Unsigned bits and shifts.
#[kernel]
pub fn u_bits(a: u32, n: u32) -> (u32, u32, u32, u32) {
    (a << n, a >> n, a & n ^ !a, a | n)
}

/// The upper halves of products.
#[kernel]
pub fn halves(a: u32, b: u32, #[uniform] n: u32) -> (u32, i32, u32) {
    (a.mul_hi(b), (a as i32).mul_hi(b as i32), n.mul_hi(n ^ 3) ^ a.mul_hi(n))
}

/// Unsigned order and comparisons.
#[kernel]
pub fn u_order(a: u32, b: u32) -> (u32, u32, u32, u32) {
    let less = (a < b) as u32 | ((a <= b) as u32) << 1 | ((a > b) as u32) << 2 | ((a >= b) as u32) << 3;
    (a.min(b), a.max(b), a.clamp(3, 300), less)
}

/// Integers that are the same for all lanes.
#[kernel]
pub fn i_uniform(#[uniform] a: i32, #[uniform] b: i32, #[uniform] n: u32, x: i32) -> (i32, i32, i32, u32) {
    (a / b + x, a % b ^ x, (a << n) + (b >> n) + x, n / (b as u32) + x as u32)
}

/// Divided by numbers that are known at compile time, and dividing them.
#[kernel]
pub fn i_constants(a: i32, u: u32) -> (i32, i32, u32, u32) {
    (
        a / 7 + a % -3 + 1000 / a,
        a / -1 + (a >> 3) + (a << 5) + -2147483648,
        u / 10 + u % 16 + 77 / u,
        (u >> 31) + u % 1,
    )
}

// ---- casts

/// From floats, saturating.
#[kernel]
pub fn cast_float(x: f32) -> (i32, u32, u8) {
    (x as i32, x as u32, x as u8)
}

/// From signed.
#[kernel]
pub fn cast_signed(a: i32) -> (f32, u32, u8) {
    (a as f32, a as u32, a as u8)
}

/// From unsigned.
#[kernel]
pub fn cast_unsigned(u: u32) -> (f32, i32, u8) {
    (u as f32, u as i32, u as u8)
}

/// From bytes and bools.
#[kernel]
pub fn cast_byte(b: u8) -> (f32, i32, u32) {
    (b as f32, b as i32 - 128, (b as u32 > 100) as u32 * 1000)
}

// ---- branches

/// Branches as statements, nested.
#[kernel]
pub fn branch(x: i32, y: i32) -> i32 {
    let mut z = 0;
    if x > y {
        z = x;
        if x > 2 * y {
            z += 1;
        } else {
            z -= 1;
        }
    } else if x == y {
        z = 5;
    } else {
        if y & 1 == 1 {
            z = y ^ x;
        }
        z *= 3;
    }
    z
}

/// Branches as expressions.
#[kernel]
pub fn branch_value(x: i32, y: i32) -> (i32, i32) {
    let a = if x < 0 {
        -x
    } else if x == 0 {
        7
    } else {
        let t = x * 3;
        t - y
    };
    let (b, c) = if a % 2 == 0 { (a / 2, y) } else { (y, a * 3 + 1) };
    (b, if b < c && (a > 3 || c == y) { b - c } else { c })
}

/// A variable that one branch sets, shadowed names, and blocks as values.
#[kernel]
pub fn scopes(x: i32) -> (i32, i32) {
    let late;
    if x > 10 {
        late = x;
    } else {
        late = -x;
    }
    let x = x + 1;
    let y = {
        let x = x * 2;
        x + late
    };
    let mut pair = (x, y);
    if y > 0 {
        let x = 100;
        pair = (pair.1, x);
    }
    (pair.0 - x, pair.1)
}

/// A branch that is the same for all lanes.
#[kernel]
pub fn uniform_branch(#[uniform] mode: u32, x: f32) -> f32 {
    let mut y = x;
    if mode == 0 {
        y = x + 1.0;
    } else if mode == 1 {
        let mut k = 0;
        while k < mode + 3 {
            y = y * 0.5 + x;
            k += 1;
        }
    } else {
        y = if x > 0.0 { -x } else { 2.0 };
    }
    y
}

/// Both sides of a division by what the branch rules out.
#[kernel]
pub fn guarded(x: i32, y: i32) -> i32 {
    if y != 0 && x / y > 2 || y == -3 { x % y } else { y }
}

// ---- loops

/// Loops in loops, both divergent: variables of the inner one live out of both.
#[kernel]
pub fn nested_loops(start: u32) -> (u32, u32, u32, u32) {
    let mut n = start % 1000 + 1;
    let mut steps = 0;
    let mut peak = n;
    let mut total = 0;
    let mut last = 77;
    while n != 1 && steps < 300 {
        let mut end = n % 7;
        let mut j = 0;
        while j < end {
            total += j ^ n;
            j += 1;
            if total % 11 == 3 {
                end -= 1;
            }
        }
        last = j + end * 100;
        if n % 2 == 0 {
            n /= 2;
        } else {
            n = 3 * n + 1;
        }
        if n > peak {
            peak = n;
        }
        steps += 1;
    }
    (steps, peak, total, last)
}

/// A variable that is set in one turn and read in the next, and two that change places.
#[kernel]
pub fn carried(x: u32, turns: u32) -> (u32, u32, u32) {
    let (mut a, mut b) = (0, 1);
    let mut before = x;
    let mut k = 0;
    while k < turns % 40 {
        (a, b) = (b, a + b);
        let kept = before;
        before = b ^ k;
        if kept & 1 == 1 {
            b += kept & 3;
        }
        k += 1;
    }
    (a, b, before)
}

/// A loop in one branch only, changing what the other changes too.
#[kernel]
pub fn loop_in_branch(x: i32) -> (i32, i32) {
    let mut y = x;
    let mut z = 1;
    if x & 3 == 1 {
        while y > 0 {
            y -= 7;
            z += y;
        }
    } else if x & 3 == 2 {
        let mut k = 0;
        while k < (x & 15) {
            if k & 1 == 0 {
                y += z;
            } else {
                z -= k;
            }
            k += 1;
        }
    } else {
        y = -x;
    }
    (y, z)
}

/// A condition with `&&` whose second half has a meaning only where the first holds.
#[kernel]
pub fn short_circuit(n: u32) -> (u32, u32) {
    let mut k = 0;
    let mut found = 0;
    while k < 10 && (n == 0 || callees::halvings(n) + k < 20) {
        found += k;
        k += 1;
    }
    (k, found)
}

/// Counted loops: uniform and varying ends, both kinds of range, what runs never.
#[kernel]
pub fn counted(#[uniform] n: u32, x: u32) -> (u32, u32, u32) {
    let mut a = 0;
    for k in 0..n {
        a += k * x;
    }
    let mut b = 0;
    for k in x % 5..=x % 11 {
        b = b * 3 + k;
        for _ in 0..k {
            b ^= 5;
        }
    }
    let mut c = 1;
    for k in n..3 {
        c += k;
    }
    (a, b, c)
}

/// Signed ranges, ends that change inside, and a variable that lives out.
#[kernel]
pub fn counted_signed(x: i32) -> (i32, i32) {
    let mut end = x % 20;
    let mut last = -1;
    let mut turns = 0;
    for k in -5..end {
        end = 0;
        last = k + end;
        turns += 1;
    }
    (last, turns)
}

/// A range that ends at the largest number.
#[kernel]
pub fn counted_to_the_end(x: u32) -> (u32, i32) {
    let mut a = 0;
    for k in 4294967290..=4294967295 - x % 3 {
        a += k & 1;
    }
    let mut b = 0;
    let from = 2147483640 + (x % 3) as i32;
    for k in from..=2147483647 {
        b += k & 3;
    }
    (a, b)
}

/// Mandelbrot's loop, over floats.
#[kernel(strict)]
pub fn escape(re: f32, im: f32, #[uniform] limit: u32) -> u32 {
    let (mut x, mut y, mut n) = (0.0, 0.0, 0);
    while n < limit && x * x + y * y <= 4.0 {
        let t = x * x - y * y + re;
        y = 2.0 * x * y + im;
        x = t;
        n += 1;
    }
    n
}

// ---- calls

/// Calls inside expressions, branches and loops.
#[kernel(strict)]
pub fn calls(x: f32, #[uniform] a: f32) -> f32 {
    let mut y: f32 = callees::scale(a, x, 1.0);
    let mut k = 0;
    while k < 3 {
        if y > 2.0 {
            y = callees::scale(0.25, y, x);
        }
        k += 1;
    }
    y + callees::scale(2.0, 3.0, y)
}

/// A callee that gives a tuple.
#[kernel]
pub fn calls_tuple(x: i32, y: i32) -> (i32, i32) {
    let (a, b): (i32, i32) = callees::around(x, y);
    let big: i32 = callees::larger(a, b);
    (big, a ^ b)
}

/// A callee whose loop ends only where the caller asks it.
#[kernel]
pub fn calls_masked(n: u32) -> u32 {
    if n != 0 { callees::halvings(n) } else { 1000 }
}

// ---- results and places

/// Results of every element type.
#[kernel]
pub fn mixed(x: f32, b: u8) -> (f32, i32, u32, u8) {
    (x + 1.0, b as i32 - 200, b as u32 * 3, (b as u32 + 1) as u8)
}

/// The place in the line.
#[kernel]
pub fn places(i: Index) -> u32 {
    i * 3 + 1
}

/// The place in the line beside an element.
#[kernel]
pub fn place_and_value(i: Index, x: f32, #[uniform] k: u32) -> (u32, f32) {
    (i ^ k, if i % 2 == 0 { x } else { -x })
}

/// The place in a grid.
#[kernel]
pub fn cells(at: Cell) -> (u32, u32) {
    (at.x, at.y)
}

/// Columns and rows in arithmetic and branches.
#[kernel]
pub fn checkers(at: Cell, #[uniform] size: u32) -> u8 {
    if (at.x / size + at.y / size) % 2 == 0 { 255 } else { (at.x + at.y) as u8 }
}

/// A sum, for broadcast and for mixed sources.
#[kernel(strict)]
pub fn add(x: f32, y: f32) -> f32 {
    x + y
}

/// Three of them.
#[kernel(strict)]
pub fn add3(x: f32, y: f32, z: f32) -> f32 {
    x + y + z
}

// ---- folds

/// Float addition, for an own reduction.
#[kernel(strict)]
pub fn join(a: f32, b: f32) -> f32 {
    a + b
}

/// The larger of two hashes: needs a branch.
#[kernel]
pub fn farther(a: u32, b: u32) -> u32 {
    if a ^ 0x5555 > b ^ 0x5555 { a } else { b }
}

/// The greatest common divisor: a loop inside a fold.
#[kernel]
pub fn common(a: u32, b: u32) -> u32 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Calls what it may be folded with.
#[kernel(strict)]
pub fn joined(x: f32, y: f32) -> f32 {
    let sum: f32 = join(x, y);
    sum * 0.5
}

/// A product, for dot.
#[kernel(strict)]
pub fn product(x: f32, y: f32) -> f32 {
    x * y
}

/// A strict map to be summed.
#[kernel(strict)]
pub fn distance(a: f32, b: f32, c: f32) -> f32 {
    (a * a + b * b).sqrt() * 0.5 + c
}
