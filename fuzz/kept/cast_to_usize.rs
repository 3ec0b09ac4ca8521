// `as usize` was refused where it indexes.
fn k(x: u32, xs: &[f32]) -> f32 {
    xs[x as usize % xs.len()]
}
