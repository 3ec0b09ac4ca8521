//! What the operations of [`levels`](crate::levels), [`clahe`](crate::clahe) and [`integral`](crate::integral) must give.

use super::each;

/// How many cells have each value.
pub fn histogram(cells: &[u8]) -> [u32; 256] {
    let mut counts = [0; 256];
    cells.iter().for_each(|x| counts[usize::from(*x)] += 1);
    counts
}

/// How far a threshold parts the means of the two classes, weighted by the classes.
pub fn between_classes(cells: &[u8], limit: u8) -> f64 {
    let class = |light: bool| {
        let (mut n, mut sum) = (0.0, 0.0);
        for x in cells.iter().filter(|x| (**x > limit) == light) {
            n += 1.0;
            sum += f64::from(*x);
        }
        (n, sum)
    };
    let ((n, sum), (m, other)) = (class(false), class(true));
    if n == 0.0 || m == 0.0 { 0.0 } else { n * m * (sum / n - other / m).powi(2) / (n + m).powi(2) }
}

/// What [`equalised`](crate::levels::equalised) must give.
pub fn equalised(cells: &[u8]) -> Vec<u8> {
    let counts = histogram(cells);
    let Some(lowest) = cells.iter().min() else { return Vec::new() };
    let first = counts[usize::from(*lowest)];
    let scale = 255.0 / (cells.len() as u32 - first) as f32;
    let spread = |x: &u8| {
        if u32::try_from(cells.len()) == Ok(first) {
            return *x;
        }
        let up_to: u32 = counts[..=usize::from(*x)].iter().sum();
        ((up_to - first) as f32 * scale).round_ties_even() as u8
    };
    cells.iter().map(spread).collect()
}

/// What [`clahe`](crate::clahe::clahe) must give. In `f32` as OpenCV: many cells come out at a half, and roundings decide.
pub fn clahe(
    cells: &[u8],
    (width, height): (usize, usize),
    clip: f32,
    (columns, rows): (usize, usize),
) -> Vec<u8> {
    let whole = width % columns == 0 && height % rows == 0;
    let more = |side: usize, tiles: usize| if whole { side } else { side + tiles - side % tiles };
    let (w, h) = (more(width, columns) / columns, more(height, rows) / rows);
    let table = |i: usize, j: usize| {
        let mut counts = [0u32; 256];
        for y in j * h..(j + 1) * h {
            for x in i * w..(i + 1) * w {
                counts[usize::from(cells[mirrored(y, height) * width + mirrored(x, width)])] += 1;
            }
        }
        if clip > 0.0 {
            let most = ((f64::from(clip) * (w * h) as f64 / 256.0) as u32).max(1);
            let mut cut = 0;
            for n in &mut counts {
                cut += *n - (*n).min(most);
                *n = (*n).min(most);
            }
            counts.iter_mut().for_each(|n| *n += cut / 256);
            let (mut left, mut at) = (cut % 256, 0);
            let apart = (256 / left.max(1)) as usize;
            while left > 0 && at < 256 {
                counts[at] += 1;
                at += apart;
                left -= 1;
            }
        }
        let mut sum = 0;
        counts.map(|n| {
            sum += n;
            (sum as f32 * (255.0 / (w * h) as f32)).round_ties_even().min(255.0)
        })
    };
    let tables: Vec<_> =
        (0..rows).flat_map(|j| (0..columns).map(move |i| (i, j))).map(|(i, j)| table(i, j)).collect();
    each((width, height), |x, y| {
        let place = |at: i64, size: usize, tiles: usize| {
            let at = at as f32 * (1.0 / size as f32) - 0.5;
            let (low, share) = (at.floor(), at - at.floor());
            (low.max(0.0) as usize, ((low + 1.0) as usize).min(tiles - 1), share)
        };
        let ((i1, i2, u), (j1, j2, v)) = (place(x, w, columns), place(y, h, rows));
        let value = usize::from(cells[y as usize * width + x as usize]);
        let entry = |i: usize, j: usize| tables[j * columns + i][value];
        let high = entry(i1, j1) * (1.0 - u) + entry(i2, j1) * u;
        let low = entry(i1, j2) * (1.0 - u) + entry(i2, j2) * u;
        (high * (1.0 - v) + low * v).round_ties_even() as u8
    })
}

/// The cell that stands for one beside the picture: mirrored at the edge cells, as often as need be.
fn mirrored(at: usize, n: usize) -> usize {
    if n == 1 {
        return 0;
    }
    let at = at % (2 * n - 2);
    at.min(2 * n - 2 - at)
}

/// What [`integral`](crate::integral::integral) must give.
pub fn integral<T: Copy + Into<f64>>(cells: &[T], (width, height): (usize, usize)) -> Vec<f64> {
    let mut sums = vec![0.0; (width + 1) * (height + 1)];
    for y in 0..height {
        let mut row = 0.0;
        for x in 0..width {
            row += cells[y * width + x].into();
            sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
        }
    }
    sums
}
