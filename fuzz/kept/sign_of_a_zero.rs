// A driver made `x * 0.0` a zero without a sign.
fn k(y: &mut f32) -> f32 {
    *y *= 0.0f32;
    (*y + 0.0f32) * -1.0f32
}
