// A row past the last `i32` came out on the other side of the picture.
fn k(x0: i32, at: Cell, p: Image<u32>) -> u32 {
    p.near(at, 0i32, (-268687773i32).max(x0)) + p.near(at, 2147483647i32, x0)
}
