// A driver that knew a product's factor to be a zero dropped its sign.
fn k(y: &mut f32) -> f32 {
    let mut v: f32 = (-77.25f32);
    let mut n: i32 = 0;
    while n < 4 {
        v *= ((n & 4 != 0) as u8 as f32);
        v = v + f32::from_bits((n & 4) as u32);
        break;
    }
    v * -0.0f32
}
