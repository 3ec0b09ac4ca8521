//! Each timed row under its target's roofline.

use manylane::evaluate::roofline::{Bound, Level, Roofline, Work, holding};

use super::caches::{Caches, level, name};
use crate::bench::evaluation::{Peaks, Point};
use crate::bench::record::Row;

/// The rows that computed in floats, on targets that have peaks.
///
/// The roof is that of the first measured memory that holds all that a run reads and writes: what one run leaves there, the
/// next finds.
pub fn points(rows: &[Row], peaks: &[Peaks], caches: &Caches) -> Vec<Point> {
    rows.iter().filter_map(|row| point(row, peaks, caches)).collect()
}

fn point(row: &Row, peaks: &[Peaks], caches: &Caches) -> Option<Point> {
    let peaks = peaks.iter().find(|peaks| peaks.target == row.target)?;
    let (gb_s, gflop_s, seconds) = (row.gb_s?, row.gflop_s?, row.seconds_min?);
    let bandwidths =
        peaks.memories.iter().filter_map(|slope| Some((level(&slope.memory)?, slope.gb_s * 1e9)));
    let roofline = Roofline { peak: peaks.gflop_s * 1e9, bandwidths: bandwidths.collect() };
    let work = Work { operations: gflop_s * 1e9 * seconds, bytes: gb_s * 1e9 * seconds, seconds };
    let measured = |level: Level| roofline.bandwidths.iter().any(|(known, _)| *known == level);
    // A GPU has one slope, and no cache of the CPU's.
    let memory = holding(work.bytes, &caches.capacities(row.threads.unwrap_or(1), measured));
    let placed = roofline.place(&work, memory)?;
    let finite = placed.intensity.is_finite() && placed.attainable.is_finite();
    finite.then(|| Point {
        kernel: row.kernel.clone(),
        size: row.size,
        target: row.target.clone(),
        intensity: placed.intensity,
        gflop_s: placed.achieved / 1e9,
        memory: name(memory).into(),
        attainable: placed.attainable / 1e9,
        bound: if placed.bound == Bound::Compute { "compute" } else { "memory" }.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::evaluation::Bandwidth;

    fn peaks(target: &str) -> Peaks {
        let slope = |memory: &str, gb_s| Bandwidth { memory: memory.into(), footprint: 1, gb_s };
        Peaks { target: target.into(), gflop_s: 100.0, memories: vec![slope("DRAM", 20.0)] }
    }

    fn row(target: &str, bytes: f64, flops: Option<f64>, seconds: f64) -> Row {
        Row {
            kernel: "k".into(),
            size: 7,
            target: target.into(),
            seconds_min: Some(seconds),
            gb_s: Some(bytes / seconds / 1e9),
            gflop_s: flops.map(|flops| flops / seconds / 1e9),
            ..Row::default()
        }
    }

    #[test]
    fn a_triad_waits_for_memory_and_long_arithmetic_does_not() {
        // 2 operations for 12 bytes from 20 GB/s: at most 3.33; 24 for each byte: at most the peak.
        let rows = [
            row("simd", 12e9, Some(2e9), 1.0),
            row("simd", 1e9, Some(24e9), 0.5),
            row("simd", 12e9, None, 1.0),
            row("gpu:0", 12e9, Some(2e9), 1.0),
            Row { target: "simd".into(), ..Row::default() },
        ];
        let points = points(&rows, &[peaks("simd")], &Caches::here());
        assert_eq!(points.len(), 2, "integers, no peaks and no time give no point");
        assert_eq!((&*points[0].bound, &*points[0].memory), ("memory", "DRAM"));
        assert!((points[0].attainable - 20.0 / 6.0).abs() < 1e-9 && (points[0].gflop_s - 2.0).abs() < 1e-9);
        assert!((points[0].intensity - 1.0 / 6.0).abs() < 1e-12);
        assert_eq!((&*points[1].bound, points[1].attainable), ("compute", 100.0));
        assert!((points[1].gflop_s - 48.0).abs() < 1e-9);
    }

    #[test]
    fn what_fits_a_cache_is_under_its_roof() {
        let caches = Caches::here();
        let Some(bytes) = caches.half(Level::L2, 1) else { return println!("skipped: no second cache") };
        let mut peaks = peaks("simd");
        peaks.memories.insert(0, Bandwidth { memory: "L2".into(), footprint: 1, gb_s: 80.0 });
        let point =
            &points(&[row("simd", bytes as f64, Some(bytes as f64 / 6.0), 1e-5)], &[peaks], &caches)[0];
        assert_eq!(point.memory, "L2");
        assert!((point.attainable - 80.0 / 6.0).abs() < 1e-9);
    }
}
