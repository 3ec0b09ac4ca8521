//! The kernels that peaks are measured with: a triad that moves, and chains of multiply-adds that compute.

use manylane::prelude::*;

/// What the triad multiplies with.
const FACTOR: f32 = 3.0;
/// What its inputs hold, and what it therefore makes: 1 + 3 * 2.
const FIRST: f32 = 1.0;
const SECOND: f32 = 2.0;
const MADE: f32 = 7.0;

/// STREAM's triad (McCalpin 1995).
#[kernel]
fn triad(#[uniform] s: f32, b: f32, c: f32) -> f32 {
    b + s * c
}

/// The same everywhere.
#[kernel]
fn filled(#[uniform] x: f32) -> f32 {
    x
}

/// Eight chains: what two units with four steps each need.
#[kernel]
fn chains_8(x: f32, #[uniform] turns: u32, #[uniform] m: f32, #[uniform] c: f32) -> f32 {
    let (mut p, mut q, mut r, mut s) = (x, x + 1.0, x + 2.0, x + 3.0);
    let (mut t, mut u, mut v, mut w) = (x + 4.0, x + 5.0, x + 6.0, x + 7.0);
    for _ in 0..turns {
        p = p * m + c;
        q = q * m + c;
        r = r * m + c;
        s = s * m + c;
        t = t * m + c;
        u = u * m + c;
        v = v * m + c;
        w = w * m + c;
        p = p * m + c;
        q = q * m + c;
        r = r * m + c;
        s = s * m + c;
        t = t * m + c;
        u = u * m + c;
        v = v * m + c;
        w = w * m + c;
    }
    p + q + r + s + t + u + v + w
}

/// Twelve: where a step takes longer, or there are more units.
#[kernel]
fn chains_12(x: f32, #[uniform] turns: u32, #[uniform] m: f32, #[uniform] c: f32) -> f32 {
    let (mut p, mut q, mut r, mut s) = (x, x + 1.0, x + 2.0, x + 3.0);
    let (mut t, mut u, mut v, mut w) = (x + 4.0, x + 5.0, x + 6.0, x + 7.0);
    let (mut e, mut f, mut g, mut h) = (x + 8.0, x + 9.0, x + 10.0, x + 11.0);
    for _ in 0..turns {
        p = p * m + c;
        q = q * m + c;
        r = r * m + c;
        s = s * m + c;
        t = t * m + c;
        u = u * m + c;
        v = v * m + c;
        w = w * m + c;
        e = e * m + c;
        f = f * m + c;
        g = g * m + c;
        h = h * m + c;
    }
    p + q + r + s + t + u + v + w + e + f + g + h
}

/// The arrays of a triad. They were written by launches, so their pages are there, near who wrote them and as large as the
/// library makes them.
pub struct Triad {
    b: Array<f32>,
    c: Array<f32>,
    out: Array<f32>,
}

impl Triad {
    /// Three arrays of about so many bytes together.
    ///
    /// # Errors
    /// What the launches return.
    pub fn new(rt: &Runtime, target: Target, bytes: usize) -> manylane::Result<Triad> {
        // Whole blocks: what is over would be done apart.
        let n = (bytes / 12 / 4096 * 4096).max(4096);
        let filled = |x: f32| rt.map::<filled>((x,)).over(n).on(target).run();
        Ok(Triad { b: filled(FIRST)?, c: filled(SECOND)?, out: filled(0.0)? })
    }

    /// As STREAM counts them: two reads, one write; what a cache reads to write a part of a line does not count.
    pub fn bytes(&self) -> f64 {
        12.0 * self.b.len() as f64
    }

    /// Once over all.
    ///
    /// # Errors
    /// What the launch returns.
    pub fn run(&mut self, rt: &Runtime, target: Target) -> manylane::Result<()> {
        rt.map::<triad>((FACTOR, &self.b, &self.c)).on(target).run_into(&mut self.out)
    }

    /// Whether the last run made what it should.
    ///
    /// # Errors
    /// What the array carries; `Internal` for another value.
    pub fn check(&self) -> manylane::Result<()> {
        let out = self.out.read()?;
        match out.iter().position(|x| *x != MADE) {
            None => Ok(()),
            Some(at) => Err(Error::new(
                ErrorKind::Internal,
                format!("the triad made {} at {at}, and {MADE} is right; its time says nothing", out[at]),
            )),
        }
    }

    /// The same memory for a loop by hand: what it is multiplied with, the inputs and the output.
    ///
    /// # Errors
    /// What the arrays carry.
    pub fn by_hand(&mut self, mut run: impl FnMut(f32, &[f32], &[f32], &mut [f32])) -> manylane::Result<()> {
        run(FACTOR, &self.b.read()?, &self.c.read()?, &mut self.out.write()?);
        Ok(())
    }
}

/// Multiply-adds over some places.
pub struct Chains {
    x: Array<f32>,
    out: Array<f32>,
    /// Turns of the loop.
    pub turns: u32,
    /// 8 or 12 of them side by side.
    chains: usize,
}

impl Chains {
    /// Over so many places.
    ///
    /// # Errors
    /// What the launches return.
    pub fn new(rt: &Runtime, target: Target, places: usize, wide: bool) -> manylane::Result<Chains> {
        let filled = || rt.map::<filled>((0.5,)).over(places).on(target).run();
        Ok(Chains { x: filled()?, out: filled()?, turns: 64, chains: if wide { 12 } else { 8 } })
    }

    /// Float operations of a run: a multiply-add is two.
    pub fn flops(&self) -> f64 {
        // The eight are written twice in a turn, so that the loop itself costs less.
        let in_a_turn = if self.chains == 8 { 16.0 } else { 12.0 };
        2.0 * in_a_turn * f64::from(self.turns) * self.x.len() as f64
    }

    /// Once over all.
    ///
    /// # Errors
    /// What the launch returns.
    pub fn run(&mut self, rt: &Runtime, target: Target) -> manylane::Result<()> {
        // They go towards c / (1 - m) = 1 and stay normal numbers.
        let args = (&self.x, self.turns, 0.5, 0.5);
        match self.chains {
            8 => rt.map::<chains_8>(args).on(target).run_into(&mut self.out),
            _ => rt.map::<chains_12>(args).on(target).run_into(&mut self.out),
        }
    }

    /// Whether the last run made what it should: all chains are at 1 by then.
    ///
    /// # Errors
    /// What the array carries; `Internal` for another value.
    pub fn check(&self) -> manylane::Result<()> {
        let (out, want) = (self.out.read()?, self.chains as f32);
        match out.iter().position(|x| (*x - want).abs() > 1e-3) {
            None => Ok(()),
            Some(at) => Err(Error::new(
                ErrorKind::Internal,
                format!("{want} chains of multiply-adds made {} at {at}; their time says nothing", out[at]),
            )),
        }
    }
}
