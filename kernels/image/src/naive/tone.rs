//! What the operations of [`tone`](crate::tone) and [`blend`](crate::blend) must make of one channel or pixel.

/// What [`adjusted`](crate::tone::adjusted) must make of a byte.
pub fn adjusted_u8(x: u8, gain: f32, shift: f32) -> u8 {
    ((f64::from(gain) * f64::from(x) + f64::from(shift)) as f32).round_ties_even() as u8
}

/// The same of a float.
pub fn adjusted_f32(x: f32, gain: f32, shift: f32) -> f32 {
    (f64::from(gain) * f64::from(x) + f64::from(shift)).clamp(0.0, 1.0) as f32
}

/// What [`raised`](crate::tone::raised) must make of a byte.
pub fn raised_u8(x: u8, gamma: f32) -> u8 {
    (255.0 * (f64::from(x) / 255.0).powf(gamma.into())).round() as u8
}

/// The same of a float.
pub fn raised_f32(x: f32, gamma: f32) -> f32 {
    f64::from(x).powf(gamma.into()) as f32
}

/// What [`linear`](crate::tone::linear) must make of a value from 0 to 1.
pub fn linear(x: f64) -> f32 {
    (if x <= 0.04045 { x / 12.92 } else { ((x + 0.055) / 1.055).powf(2.4) }) as f32
}

/// What [`srgb`](crate::tone::srgb) must make of it.
pub fn srgb(x: f64) -> f64 {
    if x <= 0.003_130_8 { 12.92 * x } else { 1.055 * x.powf(1.0 / 2.4) - 0.055 }
}

/// What [`over`](crate::blend::over) must make of colours, and of the alphas, all from 0 to 1.
pub fn over([top, a]: [f64; 2], [below, b]: [f64; 2]) -> [f64; 2] {
    let alpha = a + b * (1.0 - a);
    if alpha == 0.0 { [0.0; 2] } else { [(a * top + b * (1.0 - a) * below) / alpha, alpha] }
}
