//! How often each brightness is there, and what follows from it: Otsu's threshold, equalisation.

use manylane::Result;
use manylane::prelude::*;

use crate::tone::{looked_up, threshold};

/// How many cells have each of the 256 values.
///
/// # Errors
/// `LimitExceeded` for a picture of 2^32 cells or more; whatever the launch returns.
pub fn histogram(rt: &Runtime, cells: &Array<u8>, target: Target) -> Result<[u32; 256]> {
    let mut counts = [0; 256];
    counts.copy_from_slice(&rt.bytes(cells).on(target).histogram(256)?.read()?);
    Ok(counts)
}

/// The threshold that parts cells into two classes whose means are farthest apart, weighted by the classes: N. Otsu, "A
/// threshold selection method from gray-level histograms", 1979. Of several the lowest, as OpenCV's `THRESH_OTSU`; 0 for
/// cells of one value.
pub fn otsu(counts: &[u32; 256]) -> u8 {
    let total = 1.0 / counts.iter().map(|n| f64::from(*n)).sum::<f64>().max(1.0);
    let share = |value: usize| f64::from(counts[value]) * total;
    let mean: f64 = (0..256).map(|value| value as f64 * f64::from(counts[value])).sum::<f64>() * total;
    let (mut dark, mut dark_mean) = (0.0, 0.0);
    let (mut best, mut most) = (0, 0.0);
    for value in 0..256 {
        // The mean is carried from value to value in this order, so that among thresholds between the same two classes
        // roundings choose the one that they choose in OpenCV.
        dark_mean *= dark;
        dark += share(value);
        let light = 1.0 - dark;
        let least = f64::from(f32::EPSILON);
        if dark.min(light) < least || dark.max(light) > 1.0 - least {
            continue;
        }
        dark_mean = (dark_mean + value as f64 * share(value)) / dark;
        let light_mean = (mean - dark * dark_mean) / light;
        let between = dark * light * (dark_mean - light_mean) * (dark_mean - light_mean);
        if between > most {
            (best, most) = (value as u8, between);
        }
    }
    best
}

/// [`threshold`] at [`otsu`]'s value, which comes with it.
///
/// # Errors
/// As [`histogram`].
pub fn threshold_otsu(rt: &Runtime, cells: &Array<u8>, high: u8, target: Target) -> Result<(Array<u8>, u8)> {
    let limit = otsu(&histogram(rt, cells, target)?);
    Ok((threshold(rt, cells, limit, high, target)?, limit))
}

/// Values spread so that each range of them holds about as many cells: those up to a value become
/// `255 / (n - first) * (cells up to it - first)`, where `first` cells have the lowest value. As OpenCV's `equalizeHist`.
///
/// # Errors
/// As [`histogram`].
pub fn equalised(rt: &Runtime, cells: &Array<u8>, target: Target) -> Result<Array<u8>> {
    let table = equalising(&histogram(rt, cells, target)?);
    rt.map::<looked_up>((cells, &table)).on(target).run()
}

/// The value that each becomes; a picture of one value stays.
fn equalising(counts: &[u32; 256]) -> Vec<u8> {
    let total: u32 = counts.iter().sum();
    let lowest = counts.iter().position(|n| *n > 0).unwrap_or(0);
    let others = total - counts[lowest];
    if others == 0 {
        return (0..=255).collect();
    }
    let scale = 255.0 / others as f32;
    let mut below = 0;
    let spread = |(value, n): (usize, &u32)| {
        if value <= lowest {
            return 0;
        }
        below += n;
        (below as f32 * scale).round_ties_even() as u8
    };
    counts.iter().enumerate().map(spread).collect()
}
