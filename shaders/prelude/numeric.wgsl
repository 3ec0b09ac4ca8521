// What the kernel language means where WGSL means something else or leaves it open: see `src/lanes/scalar.rs`, which
// these follow. What hangs on NaN, infinities or zeros' signs is decided by bits, because an implementation may assume
// that there are none; NaN and infinities are made of values that come at run time, because as literals they are errors.

fn ml_is_nan(x: f32) -> bool {
    return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}

fn ml_ne_f32(a: f32, b: f32) -> bool {
    return ml_is_nan(a) || ml_is_nan(b) || !(a == b);
}

// The order of floats as that of integers, -0.0 before 0.0.
fn ml_order(x: f32) -> i32 {
    let bits = bitcast<i32>(x);
    return bits ^ ((bits >> 31u) & 0x7fffffff);
}

fn ml_min(a: f32, b: f32) -> f32 {
    return select(b, a, ml_is_nan(b) || (!ml_is_nan(a) && ml_order(a) < ml_order(b)));
}

fn ml_max(a: f32, b: f32) -> f32 {
    return select(b, a, ml_is_nan(b) || (!ml_is_nan(a) && ml_order(a) > ml_order(b)));
}

// NaN stays NaN; `hi` wins where it is below `lo`.
fn ml_clamp(x: f32, lo: f32, hi: f32) -> f32 {
    let least = select(x, lo, x < lo);
    let most = select(least, hi, least > hi);
    return select(most, x, ml_is_nan(x));
}

fn ml_floor(x: f32) -> f32 {
    return floor(x);
}

fn ml_ceil(x: f32) -> f32 {
    return ceil(x);
}

fn ml_trunc(x: f32) -> f32 {
    return trunc(x);
}

// Half away from zero.
fn ml_round(x: f32) -> f32 {
    let whole = trunc(x);
    let away = bitcast<f32>((bitcast<u32>(x) & 0x80000000u) | 0x3f800000u);
    return select(whole, whole + away, abs(x - whole) >= 0.5);
}

// Saturates, NaN to 0.
fn ml_f32_to_i32(x: f32) -> i32 {
    if ml_is_nan(x) {
        return 0;
    }
    if x >= 2147483648.0 {
        return 2147483647;
    }
    if x <= -2147483648.0 {
        return -2147483647 - 1;
    }
    return i32(x);
}

// Saturates, NaN to 0.
fn ml_f32_to_u32(x: f32) -> u32 {
    if ml_is_nan(x) || x <= 0.0 {
        return 0u;
    }
    if x >= 4294967296.0 {
        return 0xffffffffu;
    }
    return u32(x);
}

// The divisor, or 1 where the division is by 0 or leaves the integers: x / 1 = x and x % 1 = 0 are what we mean there.
fn ml_divisor_i32(a: i32, b: i32) -> i32 {
    return select(b, 1, b == 0 || (b == -1 && a == -2147483647 - 1));
}

fn ml_div_i32(a: i32, b: i32) -> i32 {
    return a / ml_divisor_i32(a, b);
}

fn ml_rem_i32(a: i32, b: i32) -> i32 {
    let divisor = ml_divisor_i32(a, b);
    return a - (a / divisor) * divisor;
}

fn ml_div_u32(a: u32, b: u32) -> u32 {
    return a / select(b, 1u, b == 0u);
}

fn ml_rem_u32(a: u32, b: u32) -> u32 {
    return a % select(b, 1u, b == 0u);
}

fn ml_shl_i32(a: i32, n: u32) -> i32 {
    return a << (n & 31u);
}

fn ml_shl_u32(a: u32, n: u32) -> u32 {
    return a << (n & 31u);
}

fn ml_shr_i32(a: i32, n: u32) -> i32 {
    return a >> (n & 31u);
}

fn ml_shr_u32(a: u32, n: u32) -> u32 {
    return a >> (n & 31u);
}

fn ml_abs_i32(a: i32) -> i32 {
    return select(a, 0 - a, a < 0);
}

// Exact, as Rust's `%`: a long division of the significands, eight bits at a step.
fn ml_rem_f32(a: f32, b: f32) -> f32 {
    let sign = bitcast<u32>(a) & 0x80000000u;
    var x = bitcast<u32>(a) & 0x7fffffffu;
    var y = bitcast<u32>(b) & 0x7fffffffu;
    if x >= 0x7f800000u || y == 0u || y > 0x7f800000u {
        return bitcast<f32>(bitcast<u32>(a) | 0x7fc00000u);
    }
    if x < y {
        return a;
    }
    // The significands with their first bit at place 23; subnormals are shifted there.
    var x_power = i32(x >> 23u);
    if x_power == 0 {
        let places = countLeadingZeros(x) - 8u;
        x = x << places;
        x_power = 1 - i32(places);
    } else {
        x = (x & 0x007fffffu) | 0x00800000u;
    }
    var y_power = i32(y >> 23u);
    if y_power == 0 {
        let places = countLeadingZeros(y) - 8u;
        y = y << places;
        y_power = 1 - i32(places);
    } else {
        y = (y & 0x007fffffu) | 0x00800000u;
    }
    x = x % y;
    while x_power > y_power {
        let places = min(x_power - y_power, 8);
        x = (x << u32(places)) % y;
        x_power -= places;
    }
    if x == 0u {
        return bitcast<f32>(sign);
    }
    let places = countLeadingZeros(x) - 8u;
    x = x << places;
    x_power -= i32(places);
    if x_power > 0 {
        x = (x & 0x007fffffu) | (u32(x_power) << 23u);
    } else {
        x = x >> u32(1 - x_power);
    }
    return bitcast<f32>(sign | x);
}

// Always 0. A module that must keep the bits of each operation sets it from its parameters, so that no compiler knows.
var<private> ml_zero: u32 = 0u;

// `x` as it was rounded: compilers for GPUs reassociate and contract floats, but not through this.
fn ml_keep(x: f32) -> f32 {
    return bitcast<f32>(bitcast<u32>(x) ^ ml_zero);
}
