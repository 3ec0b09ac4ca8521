// The steps and the coefficients of `src/kernel/math/exp_ln.rs`; needs `numeric.wgsl`. What is subnormal goes by bits, because
// an implementation may take subnormals for 0.

// y * 2^n, where both and the result are normal.
fn ml_times_power(y: f32, n: i32) -> f32 {
    return bitcast<f32>(bitcast<u32>(y) + (bitcast<u32>(n) << 23u));
}

// e^x: 2^n * e^r, where n is whole and r = x - n ln 2.
fn ml_exp(x: f32) -> f32 {
    if ml_is_nan(x) {
        return x;
    }
    let near = select(select(x, 89.0, x > 89.0), -104.5, x < -104.5);
    let n = round(ml_keep(near * 1.442695041));
    let r = ml_keep(ml_keep(near - ml_keep(n * 0.693145752)) - ml_keep(n * 1.42860677e-6));
    var p = 1.3782458e-3;
    p = ml_keep(ml_keep(p * r) + 8.368669e-3);
    p = ml_keep(ml_keep(p * r) + 4.1668963e-2);
    p = ml_keep(ml_keep(p * r) + 0.16666521);
    p = ml_keep(ml_keep(p * r) + 0.4999999);
    let y = ml_keep(ml_keep(ml_keep(ml_keep(r * r) * p) + r) + 1.0);
    let power = i32(n);
    if near < -87.33654 {
        // In units of the smallest subnormal, rounded by a sum where the last place is 1.
        let units = ml_times_power(y, power + 149) + 8388608.0;
        return bitcast<f32>(bitcast<u32>(units) - 0x4b000000u);
    }
    if near > 87.33654 {
        let half = ml_times_power(y, power - 1);
        return half + half;
    }
    return ml_times_power(y, power);
}

// The natural logarithm: n ln 2 + ln(1 + f), where x = 2^n * (1 + f) and 1 + f is in [0.75, 1.5).
fn ml_ln(x: f32) -> f32 {
    var bits = bitcast<u32>(x);
    if (bits & 0x7fffffffu) == 0u {
        return bitcast<f32>(bits | 0xff800000u);
    }
    if bits > 0x7f800000u {
        return bitcast<f32>(bits | 0x7fc00000u);
    }
    if bits == 0x7f800000u {
        return x;
    }
    var places = 0u;
    if bits < 0x00800000u {
        places = countLeadingZeros(bits) - 8u;
        bits = bits << places;
    }
    let power = (bitcast<i32>(bits) - 0x3f400000) >> 23u;
    let f = bitcast<f32>(bits - (bitcast<u32>(power) << 23u)) - 1.0;
    let n = f32(power - i32(places));
    var p = -4.507361e-2;
    p = ml_keep(ml_keep(p * f) + 0.104645304);
    p = ml_keep(ml_keep(p * f) + -0.13162985);
    p = ml_keep(ml_keep(p * f) + 0.1447882);
    p = ml_keep(ml_keep(p * f) + -0.16647165);
    p = ml_keep(ml_keep(p * f) + 0.19990806);
    p = ml_keep(ml_keep(p * f) + -0.25000098);
    p = ml_keep(ml_keep(p * f) + 0.3333345);
    p = ml_keep(ml_keep(p * f) + -0.5);
    // The product is exact: `sum`, and what its rounding lost.
    let product = ml_keep(n * 0.693145752);
    let sum = ml_keep(product + f);
    let lost = ml_keep(ml_keep(product - sum) + f);
    let rest = ml_keep(ml_keep(p * ml_keep(f * f)) + ml_keep(ml_keep(n * 1.42860677e-6) + lost));
    return ml_keep(sum + rest);
}
