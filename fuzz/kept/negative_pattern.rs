// The sign of a number in a pattern was taken for a digit: "this number does not fit 64 bits".
fn k(x: i32) -> i32 {
    match x % 5 {
        -3..=-1 => 1,
        -4 => 2,
        _ => 3,
    }
}
