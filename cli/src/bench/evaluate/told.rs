//! An evaluation in words, for a terminal.

use std::fmt::Write;

use crate::bench::evaluation::{Crossing, Evaluation, Scaling, Shares};

/// A line for each thing that was found, and for what was not.
pub fn told(evaluation: &Evaluation) -> String {
    let mut text = String::new();
    section(&mut text, "The most that each target can do", &evaluation.peaks, |peaks| {
        let slopes: Vec<String> = peaks
            .memories
            .iter()
            .map(|slope| format!("{} {} GB/s", slope.memory, rounded(slope.gb_s)))
            .collect();
        format!("{}: {} GFLOP/s, {}", peaks.target, rounded(peaks.gflop_s), slopes.join(", "))
    });
    section(&mut text, "Over threads", &evaluation.scaling, curve);
    section(&mut text, "Who is faster from where", &evaluation.crossovers, crossing);
    section(&mut text, "How splits were divided", &evaluation.shares, shares);
    section(&mut text, "Not known", &evaluation.notes, String::clone);
    text
}

fn section<T>(text: &mut String, title: &str, all: &[T], line: impl Fn(&T) -> String) {
    if !all.is_empty() {
        let _ = writeln!(text, "{title}:");
    }
    for one in all {
        let _ = writeln!(text, "  {}", line(one));
    }
}

fn curve(curve: &Scaling) -> String {
    let mut text = format!("{}, {}", curve.kernel, curve.kind);
    if let Some(last) = curve.steps.last() {
        let _ = write!(
            text,
            ": {} times on {} threads ({} of each)",
            rounded(last.speedup),
            last.threads,
            percent(last.efficiency)
        );
        if let Some(absolute) = last.absolute_speedup {
            let _ = write!(text, ", {} times the sequential program", rounded(absolute));
        }
    }
    if let Some(serial) = curve.serial {
        let law = if curve.kind == "weak" { "Gustafson" } else { "Amdahl" };
        let _ = write!(text, "; {} serial by {law}", percent(serial));
    }
    if let Some(ceiling) = curve.ceiling {
        let _ = write!(text, ", so never more than {} times", rounded(ceiling));
    }
    for step in &curve.steps {
        if let Some(why) = &step.superlinear {
            let _ = write!(text, "; on {} threads more than linear, {why}", step.threads);
        }
    }
    text
}

fn crossing(one: &Crossing) -> String {
    let Crossing { kernel, of, against, verdict, .. } = one;
    let transfers = if one.with_transfers { ", transfers included" } else { "" };
    let sizes: Vec<String> = one.sizes.iter().map(|size| format!("{size:.0}")).collect();
    let sizes = sizes.join(", ");
    let said = match &**verdict {
        "always" => format!("{of} is faster than {against} at every size"),
        "never" => format!("{of} is faster than {against} at no size"),
        "from" => format!("{of} is faster than {against} from {sizes} places on"),
        "up to" => format!("{of} is faster than {against} up to {sizes} places"),
        "several" => format!("{of} and {against} change places at {sizes} places"),
        _ => format!("{of} and {against} have no sizes in common"),
    };
    format!("{kernel}: {said}{transfers}")
}

fn shares(shares: &Shares) -> String {
    let devices: Vec<String> = shares
        .devices
        .iter()
        .map(|one| format!("{} {} (ideal {})", one.device, percent(one.given), percent(one.ideal)))
        .collect();
    format!("{} over {} places: {}", shares.kernel, shares.size, devices.join(", "))
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// Three digits, of large numbers all.
fn rounded(x: f64) -> String {
    let decimals = if x >= 100.0 {
        0
    } else if x >= 10.0 {
        1
    } else {
        2
    };
    format!("{x:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::evaluation::{Bandwidth, Peaks, ScalingStep, Share};

    #[test]
    fn every_part_has_its_lines() {
        let slope = Bandwidth { memory: "DRAM".into(), footprint: 1, gb_s: 23.456 };
        let step = ScalingStep {
            threads: 4,
            speedup: 3.2,
            efficiency: 0.8,
            absolute_speedup: Some(3.0),
            superlinear: Some("cache: it fits".into()),
            ..ScalingStep::default()
        };
        let evaluation = Evaluation {
            peaks: vec![Peaks { target: "simd".into(), gflop_s: 123.4, memories: vec![slope] }],
            scaling: vec![Scaling {
                kernel: "sum".into(),
                kind: "strong".into(),
                steps: vec![step],
                serial: Some(0.0833),
                ceiling: Some(12.0),
                ..Scaling::default()
            }],
            crossovers: vec![Crossing {
                kernel: "sum".into(),
                of: "gpu:0".into(),
                against: "threads".into(),
                with_transfers: true,
                verdict: "from".into(),
                sizes: vec![65536.4],
            }],
            shares: vec![Shares {
                kernel: "sum".into(),
                size: 8,
                devices: vec![Share { device: "cpu".into(), given: 0.25, ideal: 0.2 }],
            }],
            notes: vec!["no such thing".into()],
            ..Evaluation::default()
        };
        let text = told(&evaluation);
        for line in [
            "  simd: 123 GFLOP/s, DRAM 23.5 GB/s",
            "  sum, strong: 3.20 times on 4 threads (80.0 % of each), 3.00 times the sequential program; 8.3 % serial by \
             Amdahl, so never more than 12.0 times; on 4 threads more than linear, cache: it fits",
            "  sum: gpu:0 is faster than threads from 65536 places on, transfers included",
            "  sum over 8 places: cpu 25.0 % (ideal 20.0 %)",
            "  no such thing",
        ] {
            assert!(text.lines().any(|told| told == line), "{line}\nis not in\n{text}");
        }
        assert_eq!(told(&Evaluation::default()), "");
    }
}
