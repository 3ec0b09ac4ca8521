// A value is the number of its bin.
fn ml_bin(x: u32) -> u32 { return x; }
