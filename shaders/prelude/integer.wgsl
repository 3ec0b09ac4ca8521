// Integers and their bits: what WGSL has no function for, the borders of pictures, and the generator of random numbers.

fn ml_f32(bits: u32) -> f32 {
    return bitcast<f32>(bits);
}

fn ml_swap_bytes_u32(x: u32) -> u32 {
    return (x >> 24u) | ((x >> 8u) & 0xff00u) | ((x << 8u) & 0xff0000u) | (x << 24u);
}

fn ml_swap_bytes_i32(x: i32) -> i32 {
    return bitcast<i32>(ml_swap_bytes_u32(bitcast<u32>(x)));
}

// A shift by 32 is none, so the other half is shifted by the rest of a count that is not 0.
fn ml_rotate_left_u32(x: u32, n: u32) -> u32 {
    let count = n & 31u;
    return select((x << count) | (x >> ((32u - count) & 31u)), x, count == 0u);
}

fn ml_rotate_right_u32(x: u32, n: u32) -> u32 {
    return ml_rotate_left_u32(x, 32u - (n & 31u));
}

fn ml_rotate_left_i32(x: i32, n: u32) -> i32 {
    return bitcast<i32>(ml_rotate_left_u32(bitcast<u32>(x), n));
}

fn ml_rotate_right_i32(x: i32, n: u32) -> i32 {
    return bitcast<i32>(ml_rotate_right_u32(bitcast<u32>(x), n));
}

// The upper half of the product, from products of halves.
fn ml_mul_hi_u32(a: u32, b: u32) -> u32 {
    let a0 = a & 0xffffu;
    let a1 = a >> 16u;
    let b0 = b & 0xffffu;
    let b1 = b >> 16u;
    let low = a0 * b0;
    let middle = a1 * b0 + (low >> 16u);
    let other = a0 * b1 + (middle & 0xffffu);
    return a1 * b1 + (middle >> 16u) + (other >> 16u);
}

fn ml_mul_hi_i32(a: i32, b: i32) -> i32 {
    let high = ml_mul_hi_u32(bitcast<u32>(a), bitcast<u32>(b));
    let from_a = select(0u, bitcast<u32>(b), a < 0);
    let from_b = select(0u, bitcast<u32>(a), b < 0);
    return bitcast<i32>(high - from_a - from_b);
}

// Half floats by their bits, subnormals too.
fn ml_f16_to_f32(bits: u32) -> f32 {
    let sign = (bits & 0x8000u) << 16u;
    let exponent = (bits >> 10u) & 31u;
    let fraction = bits & 0x3ffu;
    if (exponent == 0u) {
        return bitcast<f32>(sign | bitcast<u32>(f32(fraction) * 5.9604645e-8));
    }
    let wide = select(exponent + 112u, 255u, exponent == 31u);
    return bitcast<f32>(sign | (wide << 23u) | (fraction << 13u));
}

// To the nearest, half to even; a sum with 2^23 rounds those below the normal halves to whole units of 2^-24.
fn ml_f32_to_f16(x: f32) -> u32 {
    let bits = bitcast<u32>(x);
    let sign = (bits >> 16u) & 0x8000u;
    let size = bits & 0x7fffffffu;
    if (size > 0x7f800000u) { return sign | 0x7e00u; }
    if (size >= 0x477ff000u) { return sign | 0x7c00u; }
    if (size < 0x38800000u) {
        return sign | (bitcast<u32>(bitcast<f32>(size) * 16777216.0 + 8388608.0) - 0x4b000000u);
    }
    return sign | (((size + 0xfffu + ((size >> 13u) & 1u)) >> 13u) - 0x1c000u);
}

// The place inside of 0..n that stands for `i` beside it: 0 the nearest, 2 mirrored, 3 from the other side.
fn ml_border(i: i32, n: i32, border: u32) -> i32 {
    if (border == 2u && n > 1) {
        let period = 2 * (n - 1);
        let rest = i % period;
        let at = select(rest, rest + period, rest < 0);
        return select(at, period - at, at >= n);
    }
    if (border == 3u) {
        let rest = i % n;
        return select(rest, rest + n, rest < 0);
    }
    return clamp(i, 0, n - 1);
}

// Column or row `at + d`, or one that the border of `0..n` takes for the same where that is past the last `i32`.
fn ml_beside(at: u32, d: i32, n: u32, border: u32) -> i32 {
    let sum = i32(at + u32(d));
    if (d <= 0 || sum >= 0) { return sum; }
    if (border == 2u && n > 1u) { return i32(at) + d % i32(2u * (n - 1u)); }
    if (border == 3u) { return i32(at) + d % i32(n); }
    return 0x7fffffff;
}

// Philox4x32-10: block `number` of a place, as `src/kernel/random.rs` has it.
fn ml_philox(place: u32, number: u32, seed: vec2<u32>) -> vec4<u32> {
    var a = place;
    var b = 0u;
    var c = number;
    var d = 0u;
    var key = seed;
    for (var round = 0u; round < 10u; round += 1u) {
        let high0 = ml_mul_hi_u32(a, 0xd2511f53u);
        let low0 = a * 0xd2511f53u;
        let high1 = ml_mul_hi_u32(c, 0xcd9e8d57u);
        let low1 = c * 0xcd9e8d57u;
        a = high1 ^ b ^ key.x;
        b = low1;
        c = high0 ^ d ^ key.y;
        d = low0;
        key += vec2<u32>(0x9e3779b9u, 0xbb67ae85u);
    }
    return vec4<u32>(a, b, c, d);
}

// The word of that number, of its block.
fn ml_word(block: vec4<u32>, drawn: u32) -> u32 {
    let odd = (drawn & 1u) != 0u;
    return select(select(block.x, block.y, odd), select(block.z, block.w, odd), (drawn & 2u) != 0u);
}
