// All lanes that are left in the outer loop return from the inner one together: it had no mask to look at and went on
// for ever, on every level.
fn k(x: i32) -> (u32, i32) {
    let mut a: i32 = x;
    let mut n: u32 = 0;
    while n < (x & 3) as u32 {
        let mut k: u32 = 0;
        loop {
            if k % 3 == 2 {
                a += 5;
                return (k, a);
            }
            k += 1;
            if k > 4 {
                break;
            }
        }
        n += 1;
    }
    (n, a)
}
