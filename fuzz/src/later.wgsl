fn ml_rotate_left_u32(a: u32, n: u32) -> u32 { return (a << (n & 31u)) | (a >> ((32u - (n & 31u)) & 31u)); }
fn ml_rotate_right_u32(a: u32, n: u32) -> u32 { return (a >> (n & 31u)) | (a << ((32u - (n & 31u)) & 31u)); }
fn ml_rotate_left_i32(a: i32, n: u32) -> i32 { return bitcast<i32>(ml_rotate_left_u32(bitcast<u32>(a), n)); }
fn ml_rotate_right_i32(a: i32, n: u32) -> i32 { return bitcast<i32>(ml_rotate_right_u32(bitcast<u32>(a), n)); }
fn ml_swap_bytes_u32(a: u32) -> u32 { return (a << 24u) | ((a & 0xff00u) << 8u) | ((a >> 8u) & 0xff00u) | (a >> 24u); }
fn ml_swap_bytes_i32(a: i32) -> i32 { return bitcast<i32>(ml_swap_bytes_u32(bitcast<u32>(a))); }
