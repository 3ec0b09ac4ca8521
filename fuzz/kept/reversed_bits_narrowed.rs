// A shader whose literals overflowed a shift: functions of bits were not computed by the compiler.
fn k(x: u32) -> i32 {
    let mut v: f32 = 1f32;
    if x > 3u32 { v = (7i32.reverse_bits() as i16 as f32); }
    (v as i32) + (5i32.rotate_right(1u32) as i8 as i32)
}
