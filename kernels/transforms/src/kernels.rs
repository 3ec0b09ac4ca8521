//! The kernels that transforms are made of where no library of the CPU does it.
//!
//! Data are `outer` blocks of `n` elements, each of which is `inner` numbers that lie together: rows have an `inner` of 1;
//! columns of a picture are one block whose elements are whole rows. So columns need no transposition, and neighbouring
//! places read neighbouring numbers.
//!
//! A transform of length `n = r1 * r2 * …` is a pass for each factor, the autosort of Stockham by decimation in time. After
//! passes with the product `s`, place `k * m + i` of a block (`m = n / s`) holds the number `k` of the transform of the `s`
//! elements `i, i + m, i + 2 m, …`; so at the start `s = 1`, and at the end `m = 1` and the order is the natural one:
//!
//! ```text
//! for each place k * m + i of the pass with radix r, s including r:
//!     w = exp(-2 pi i k / s)
//!     y[k * m + i] = sum over j < r of w^j * x[(k mod s / r) * m * r + m * j + i]
//! ```
//!
//! A place computes its own number, so a pass is a gather, and `w` is one number from a table: the sum is evaluated by
//! Horner's rule. Other lengths go by Bluestein's algorithm (L. Bluestein, "A linear filtering approach to the computation
//! of discrete Fourier transform", 1970): with `2 k t = k^2 + t^2 - (k - t)^2` the transform is a convolution with a chirp.

use manylane::prelude::*;

/// Which pass this is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pass {
    /// Numbers of a block: `n * inner`.
    pub block: u32,
    /// Numbers of the elements that stand together yet: `m * inner`.
    pub rest: u32,
    /// The product of the radices of the passes before.
    pub done: u32,
    /// The radix.
    pub radix: u32,
    /// Places in the table from one `k` to the next: `m`.
    pub step: u32,
    /// 1 for forward, -1 for inverse.
    pub sign: f32,
    /// What the results are multiplied with.
    pub scale: f32,
}

/// One pass; `roots` holds `exp(-2 pi i t / n)` for `t < n`.
#[kernel]
pub fn pass(i: Index, x: &[[f32; 2]], roots: &[[f32; 2]], #[uniform] p: Pass) -> [f32; 2] {
    let block = i / p.block;
    let at = i - block * p.block;
    let k = at / p.rest;
    let stride = p.rest * p.radix;
    let first = block * p.block + (k % p.done) * stride + (at - k * p.rest);
    let w = roots[(k * p.step) as usize];
    let (cos, sin) = (w[0], w[1] * p.sign);
    let mut from = first + (stride - p.rest);
    let last = x[from as usize];
    let (mut re, mut im) = (last[0], last[1]);
    for _ in 1..p.radix {
        from -= p.rest;
        let v = x[from as usize];
        let sum = re * cos + (v[0] - im * sin);
        im = re * sin + (im * cos + v[1]);
        re = sum;
    }
    [re * p.scale, im * p.scale]
}

/// Sizes of a transform by Bluestein's algorithm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chirp {
    /// Numbers of a block of the transform: `n * inner`.
    pub short: u32,
    /// Numbers of a block of the convolution.
    pub long: u32,
    /// Numbers of an element.
    pub inner: u32,
    /// 1 for forward, -1 for inverse.
    pub sign: f32,
    /// What the results are multiplied with.
    pub scale: f32,
}

/// `x` times the chirp, with zeros behind it up to the length of the convolution.
#[kernel]
pub fn chirped(i: Index, x: &[[f32; 2]], chirp: &[[f32; 2]], #[uniform] c: Chirp) -> [f32; 2] {
    let block = i / c.long;
    let at = i - block * c.long;
    let (mut re, mut im) = (0.0, 0.0);
    if at < c.short {
        let v = x[(block * c.short + at) as usize];
        let w = chirp[(at / c.inner) as usize];
        let sin = w[1] * c.sign;
        re = v[0] * w[0] - v[1] * sin;
        im = v[0] * sin + v[1] * w[0];
    }
    [re, im]
}

/// The spectrum of the chirped elements times that of the chirp.
#[kernel]
pub fn filtered(i: Index, z: [f32; 2], spectrum: &[[f32; 2]], #[uniform] c: Chirp) -> [f32; 2] {
    let w = spectrum[(i % c.long / c.inner) as usize];
    let sin = w[1] * c.sign;
    [z[0] * w[0] - z[1] * sin, z[0] * sin + z[1] * w[0]]
}

/// The front of each block of the convolution, times the chirp.
#[kernel]
pub fn unchirped(i: Index, z: &[[f32; 2]], chirp: &[[f32; 2]], #[uniform] c: Chirp) -> [f32; 2] {
    let block = i / c.short;
    let at = i - block * c.short;
    let v = z[(block * c.long + at) as usize];
    let w = chirp[(at / c.inner) as usize];
    let sin = w[1] * c.sign;
    [(v[0] * w[0] - v[1] * sin) * c.scale, (v[0] * sin + v[1] * w[0]) * c.scale]
}

/// Two neighbouring floats as one number: rows of even length as rows of half as many.
#[kernel]
pub fn paired(i: Index, x: &[f32]) -> [f32; 2] {
    let at = i * 2u32;
    [x[at as usize], x[(at + 1u32) as usize]]
}

/// The floats of [`paired()`] again.
#[kernel]
pub fn unpaired(i: Index, z: &[[f32; 2]]) -> f32 {
    let v = z[(i / 2u32) as usize];
    if i % 2u32 == 0u32 { v[0] } else { v[1] }
}

/// A float as a number without an imaginary part.
#[kernel]
pub fn widened(x: f32) -> [f32; 2] {
    [x, 0.0]
}

/// The real part.
#[kernel]
pub fn real_part(z: [f32; 2]) -> f32 {
    z[0]
}

/// The first `kept` numbers of each row of `width`.
#[kernel]
pub fn fronts(i: Index, z: &[[f32; 2]], #[uniform] width: u32, #[uniform] kept: u32) -> [f32; 2] {
    let row = i / kept;
    z[(row * width + (i - row * kept)) as usize]
}

/// The half spectrum of rows of `2 * half` floats from the transform of their pairs.
///
/// With `Z` the transform of `x[2 t] + i x[2 t + 1]` the transforms of the even and the odd floats are
/// `E[k] = (Z[k] + Z'[half - k]) / 2` and `O[k] = (Z[k] - Z'[half - k]) / 2 i` (`'` conjugates), and
/// `X[k] = E[k] + exp(-2 pi i k / n) O[k]`. `roots` is the table of `n`.
#[kernel]
pub fn untangled(i: Index, z: &[[f32; 2]], roots: &[[f32; 2]], #[uniform] half: u32) -> [f32; 2] {
    let width = half + 1u32;
    let row = i / width;
    let k = i - row * width;
    let a = z[(row * half + k % half) as usize];
    let b = z[(row * half + (half - k) % half) as usize];
    let w = roots[k as usize];
    let (sum_re, sum_im) = (a[0] + b[0], a[1] - b[1]);
    let (odd_re, odd_im) = (a[1] + b[1], b[0] - a[0]);
    [0.5 * (sum_re + (odd_re * w[0] - odd_im * w[1])), 0.5 * (sum_im + (odd_re * w[1] + odd_im * w[0]))]
}

/// The transform of pairs from the half spectrum of rows: [`untangled()`] undone. The imaginary parts of the first and last
/// numbers of a row, which no real row has, count as zero.
#[kernel]
pub fn tangled(i: Index, x: &[[f32; 2]], roots: &[[f32; 2]], #[uniform] half: u32) -> [f32; 2] {
    let row = i / half;
    let k = i - row * half;
    let first = row * (half + 1u32);
    let a = x[(first + k) as usize];
    let b = x[(first + (half - k)) as usize];
    let w = roots[k as usize];
    let (a_im, b_im) = if k == 0u32 { (0.0, 0.0) } else { (a[1], b[1]) };
    let (even_re, even_im) = (a[0] + b[0], a_im - b_im);
    let (turned_re, turned_im) = (a[0] - b[0], a_im + b_im);
    let odd_re = turned_re * w[0] + turned_im * w[1];
    let odd_im = turned_im * w[0] - turned_re * w[1];
    [0.5 * (even_re - odd_im), 0.5 * (even_im + odd_re)]
}

/// The whole spectrum of rows of odd length `n` from the half one.
#[kernel]
pub fn mirrored(i: Index, x: &[[f32; 2]], #[uniform] n: u32) -> [f32; 2] {
    let row = i / n;
    let k = i - row * n;
    let half = n / 2u32;
    let first = row * (half + 1u32);
    let other = if k <= half { k } else { n - k };
    let v = x[(first + other) as usize];
    let im = if k == 0u32 {
        0.0
    } else if k <= half {
        v[1]
    } else {
        -v[1]
    };
    [v[0], im]
}

/// A number as it is: results of a part, put where the whole is.
#[kernel]
pub fn kept(z: [f32; 2]) -> [f32; 2] {
    z
}

/// A float as it is.
#[kernel]
pub fn kept_real(x: f32) -> f32 {
    x
}
