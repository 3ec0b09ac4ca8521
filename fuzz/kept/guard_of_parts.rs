// A guard that names a part of itself, as `signum` does, was refused.
fn k(x: i32, y: f32) -> i32 {
    match x & 7 {
        n if (n - 3).signum() > 0 => n,
        3 if y.fract() > 0.25 => 5,
        _ => x,
    }
}
