//! Who wins where, as bars.

use std::fmt::Write;

use crate::bench::record::Row;
use crate::bench::table::{Ink, Style, digits};

const WIDTH: usize = 32;

/// One bar for each kernel and size: the fastest target, as long as its speed-up over scalar against the largest of all
/// (in steps of doubling), and what the GPU makes of it once its transfers are paid.
pub fn plot(rows: &[Row], style: Style) -> String {
    let groups: Vec<&[Row]> = rows.chunk_by(|a, b| (&a.kernel, a.size) == (&b.kernel, b.size)).collect();
    let winners: Vec<(&[Row], &Row, f64)> = groups
        .into_iter()
        .filter_map(|group| {
            let speed = |row: &&Row| row.speedup.unwrap_or(0.0);
            // A split that no GPU joined is `threads` again.
            let own = group.iter().filter(|row| row.target != "split" || row.adapter.is_some());
            let best = own.max_by(|a, b| speed(a).total_cmp(&speed(b)))?;
            Some((group, best, best.speedup?))
        })
        .collect();
    let most = winners.iter().map(|(.., speedup)| *speedup).fold(1.0, f64::max);
    let names: Vec<String> =
        winners.iter().map(|(_, row, _)| format!("{} {}", row.kernel, row.size_for_people())).collect();
    let widest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (name, (group, best, speedup)) in names.iter().zip(&winners) {
        let share = ((1.0 + speedup).log2() / (1.0 + most).log2()).clamp(0.0, 1.0);
        let pad = " ".repeat(widest - name.chars().count());
        let bar = style.paint(&bar(share, style), Ink::Good);
        let _ = write!(text, "{name}{pad}  {bar}  {} {}x", best.target, digits(*speedup));
        for row in group.iter().filter(|row| row.seconds_transfer.is_some()) {
            let _ = write!(text, "{}", beside(row, best));
        }
        text.push('\n');
    }
    text
}

/// What to say of a GPU beside the winner.
fn beside(row: &Row, best: &Row) -> String {
    let (Some(speedup), Some(run), Some(transfer)) = (row.speedup, row.seconds_min, row.seconds_transfer)
    else {
        return String::new();
    };
    let paid = digits(speedup * run / (run + transfer));
    if std::ptr::eq(row, best) {
        format!(" ({paid}x with transfers)")
    } else {
        format!(" ({} {}x, {paid}x with transfers)", row.target, digits(speedup))
    }
}

fn bar(share: f64, style: Style) -> String {
    let eighths = (share * WIDTH as f64 * 8.0).round() as usize;
    let bar = match style {
        Style::Plain => "#".repeat(eighths.div_ceil(8)),
        Style::Drawn | Style::Coloured => {
            let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
            format!("{}{rest}", "█".repeat(eighths / 8))
        }
    };
    let pad = " ".repeat(WIDTH.saturating_sub(bar.chars().count()));
    bar + &pad
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::record::tests::row;

    #[test]
    fn the_fastest_wins_and_transfers_are_told() {
        let mut rows = vec![
            row("saxpy", "scalar", 1e-3),
            row("saxpy", "threads", 1e-4),
            row("saxpy", "gpu:0", 2e-4),
            row("sum", "scalar", 1e-3),
        ];
        rows[2].seconds_transfer = Some(8e-4);
        let text = plot(&rows, Style::Plain);
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(text.contains("threads 10.0x (gpu:0 5.00x, 1.00x with transfers)"), "{text}");
        assert!(text.is_ascii());
        assert!(plot(&rows, Style::Drawn).contains('█'));
    }

    #[test]
    fn a_split_that_no_gpu_joined_wins_nothing() {
        let mut rows = vec![row("sum", "threads", 2e-4), row("sum", "split", 1e-4)];
        assert!(plot(&rows, Style::Plain).contains("threads 5.00x"));
        rows[1].adapter = Some("a GPU".into());
        assert!(plot(&rows, Style::Plain).contains("split 10.0x"));
    }

    #[test]
    fn nothing_to_show_is_nothing() {
        assert_eq!(plot(&[], Style::Plain), "");
        let mut wrong = row("saxpy", "simd", 1.0);
        wrong.speedup = None;
        assert_eq!(plot(&[wrong], Style::Plain), "");
    }
}
