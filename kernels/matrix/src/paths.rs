//! Shortest paths between all pairs: Floyd and Warshall's method, in blocks.
//!
//! ```text
//! for each block of BLOCK nodes:
//!     paths between them, over each of them in turn              a small matrix
//!     paths from them to all, and from all to them               a band of rows and one of columns
//!     every pair: the shortest over any of them                  one pass over memory for BLOCK nodes
//! ```
//! G. Venkataraman, S. Sahni, S. Mukhopadhyaya, "A Blocked All-Pairs Shortest-Paths Algorithm", 2003.

use manylane::Result;
use manylane::prelude::*;

use crate::place::{mismatch, setting, sides};

/// Nodes that are passed through at once: their bands stay in a cache, and the pass over all pairs computes rather than
/// waits.
const BLOCK: usize = 32;

/// 1 for what is no number.
#[kernel]
pub fn is_nan(x: f32) -> u32 {
    if x != x { 1 } else { 0 }
}

/// An element of the block of a matrix of `n` columns that begins in row and column `first`.
#[kernel]
pub fn of_block(at: Cell, d: &[f32], #[uniform] n: u32, #[uniform] first: u32) -> f32 {
    d[((first + at.y) * n + first + at.x) as usize]
}

/// The way between two of a block's `n` nodes, or over the node `k` where that is shorter.
#[kernel]
pub fn over_node(at: Cell, own: f32, d: &[f32], #[uniform] n: u32, #[uniform] k: u32) -> f32 {
    let way = d[(at.y * n + k) as usize] + d[(k * n + at.x) as usize];
    if way < own { way } else { own }
}

/// The shortest way from one of a block's nodes to any: over one of the `count` nodes of the block.
#[kernel]
pub fn from_block(
    at: Cell,
    block: &[f32],
    d: &[f32],
    #[uniform] n: u32,
    #[uniform] first: u32,
    #[uniform] count: u32,
) -> f32 {
    let mut best = d[((first + at.y) * n + at.x) as usize];
    for k in 0..count {
        let way = block[(at.y * count + k) as usize] + d[((first + k) * n + at.x) as usize];
        best = if way < best { way } else { best };
    }
    best
}

/// The shortest way from any to one of a block's nodes: over one of the `count` nodes of the block.
#[kernel]
pub fn to_block(
    at: Cell,
    block: &[f32],
    d: &[f32],
    #[uniform] n: u32,
    #[uniform] first: u32,
    #[uniform] count: u32,
) -> f32 {
    let mut best = d[(at.y * n + first + at.x) as usize];
    for k in 0..count {
        let way = d[(at.y * n + first + k) as usize] + block[(k * count + at.x) as usize];
        best = if way < best { way } else { best };
    }
    best
}

/// The way between two nodes, or over one of the `count` nodes of a block where that is shorter: `to` is the way there, `from`
/// the way on.
#[kernel]
pub fn over_block(at: Cell, d: &mut f32, to: &[f32], from: &[f32], #[uniform] n: u32, #[uniform] count: u32) {
    let mut best = *d;
    for k in 0..count {
        let way = to[(at.y * count + k) as usize] + from[(k * n + at.x) as usize];
        best = if way < best { way } else { best };
    }
    *d = best;
}

/// The lengths of the shortest paths between all pairs of nodes. `distances` has in row `i` and column `j` the length of the
/// edge from `i` to `j`, infinity where there is none, and what it costs to stay on its diagonal, usually 0. Lengths may be
/// negative.
///
/// # Errors
/// `ShapeMismatch` where the matrix is not square; `Setting` where a length is no number, or where there is a cycle of a
/// negative length, so that paths have no shortest; `LimitExceeded` for 65,536 nodes or more; whatever the launches return.
pub fn shortest(rt: &Runtime, distances: &Array<f32>, target: Target) -> Result<Array<f32>> {
    let (n, height) = sides("the matrix of distances", distances)?;
    if n != height {
        return Err(mismatch(format!(
            "the matrix of distances has {n} columns and {height} rows; it needs one of each for each node"
        )));
    }
    if n > usize::from(u16::MAX) {
        let text = format!(
            "{n} nodes, and pairs are counted in 32 bits, which is enough for 65535; divide the graph"
        );
        return Err(Error::new(ErrorKind::LimitExceeded, text));
    }
    if rt.map::<is_nan>(distances).on(target).any()? {
        return Err(setting("some distance is no number; give infinity where there is no edge".into()));
    }
    let mut all = distances.clone();
    for first in (0..n).step_by(BLOCK) {
        let count = BLOCK.min(n - first);
        let (nodes, first, width) = (count as u32, first as u32, n as u32);
        let mut block = rt.map::<of_block>((&all, width, first)).over((count, count)).on(target).run()?;
        for k in 0..nodes {
            block = rt.map::<over_node>((&block, &block, nodes, k)).on(target).run()?;
        }
        let from =
            rt.map::<from_block>((&block, &all, width, first, nodes)).over((n, count)).on(target).run()?;
        let to = rt.map::<to_block>((&block, &all, width, first, nodes)).over((count, n)).on(target).run()?;
        rt.map::<over_block>((&mut all, &to, &from, width, nodes)).on(target).run()?;
    }
    let stays = all.strided(0, n + 1)?;
    if let Some(node) = stays.read()?.iter().take(n).position(|length| *length < 0.0) {
        return Err(setting(format!(
            "a cycle of a negative length goes through node {node}, so no path over it is the shortest; take it out"
        )));
    }
    Ok(all)
}
