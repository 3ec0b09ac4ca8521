//! Products with no more rows than a tile has: the other matrix is read once, so it goes through the second cache bit by bit, and
//! threads share nothing but what is packed of the few rows.

use super::cpu::{Cpu, Task};
use super::matrix::Matrix;
use super::pack::Pack;
use super::tile::{self, Block};
use crate::error::Result;
use crate::exec::threads;
use crate::kernel::Step;
use crate::memory::{Array, Keep};
use crate::plan::tuning::PRODUCT_THIN_BYTES;
use crate::shape::Domain;

/// Results of a range of the many rows or columns.
struct Part<'o, T> {
    from: usize,
    rows: Vec<&'o mut [T]>,
    /// Where its bits are packed.
    buffer: &'o mut [T],
}

/// Where `FLIPPED`, the few are columns of `b` and the many rows of `a`; `first` is what the sums begin with, where it is not
/// stored.
pub(super) fn run<S: Step, const FLIPPED: bool>(
    cpu: &Cpu<'_>,
    task: &Task<'_, S::Value>,
    first: Option<S::Value>,
    out: &mut [S::Value],
) -> Result<()> {
    let bytes = size_of::<S::Value>();
    let (high, wide) = tile::sizes(cpu.level, bytes);
    let (depth, columns) = (task.a.columns(), task.b.columns());
    let (down, across) = if FLIPPED { (task.b.exchanged(), task.a) } else { (task.a, task.b.exchanged()) };
    let (few, many) = (down.rows(), across.rows());
    // A bit is long in the direction in which its matrix lies.
    let broad = if across.down() == 1 { 1024 } else { 64 }.min(many).next_multiple_of(wide);
    let steps = (PRODUCT_THIN_BYTES / (bytes * broad)).clamp(1, depth);
    let of_part = many.div_ceil(4 * cpu.threads).next_multiple_of(broad);
    let count = many.div_ceil(of_part);
    let mut memory = Array::<S::Value>::new(cpu.home, Domain::Line(high * depth + count * broad * steps))?;
    let (packed, buffers) = memory.host_mut(Keep::Nothing)?.split_at_mut(high * depth);
    for near in (0..depth).step_by(steps) {
        let far = (near + steps).min(depth);
        let into = &mut packed[high * near..high * far];
        tile::at(cpu.level, bytes, Pack { from: down.part(0..few, near..far), into, across: false });
    }
    let packed = &*packed;
    let mut parts: Vec<Part<'_, S::Value>> = buffers
        .chunks_exact_mut(broad * steps)
        .enumerate()
        .map(|(q, buffer)| Part { from: q * of_part, rows: Vec::new(), buffer })
        .collect();
    if FLIPPED {
        for (y, row) in out.chunks_exact_mut(columns).enumerate() {
            parts[y / of_part].rows.push(row);
        }
    } else {
        for row in out.chunks_exact_mut(columns) {
            for (part, piece) in parts.iter_mut().zip(row.chunks_mut(of_part)) {
                part.rows.push(piece);
            }
        }
    }
    threads::each(cpu.pool, cpu.threads, parts, |mut part| {
        let all = if FLIPPED { part.rows.len() } else { part.rows[0].len() };
        for left in (0..all).step_by(broad) {
            let n = broad.min(all - left);
            let mut rows: Vec<&mut [S::Value]> = match FLIPPED {
                true => part.rows[left..left + n].iter_mut().map(|row| &mut **row).collect(),
                false => part.rows.iter_mut().map(|row| &mut row[left..left + n]).collect(),
            };
            let begin = part.from + left;
            for near in (0..depth).step_by(steps) {
                if cpu.frame.stopped() {
                    return;
                }
                let far = (near + steps).min(depth);
                let bit: Matrix<'_, S::Value> = across.part(begin..begin + n, near..far);
                let into = &mut part.buffer[..n.next_multiple_of(wide) * (far - near)];
                tile::at(cpu.level, bytes, Pack { from: bit, into: &mut *into, across: true });
                let block = Block::<S, FLIPPED> {
                    frame: cpu.frame,
                    down: &packed[high * near..high * far],
                    across: into,
                    depth: far - near,
                    size: (few, n),
                    rows: &mut rows,
                    first: if near == 0 { first } else { None },
                };
                tile::at(cpu.level, bytes, block);
            }
        }
        cpu.frame.control().collect();
    });
    Ok(())
}
