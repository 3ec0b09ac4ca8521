// The array was borrowed for the write before what is put was read from it.
fn k(x: u32) -> [u32; 2] {
    let mut a: [u32; 6] = [x; 6];
    a[(x % 6) as usize] += a[(x % 5) as usize] * 3;
    a[2] = a[3] + a[(x & 3) as usize];
    [a[2], a[(x % 6) as usize]]
}
