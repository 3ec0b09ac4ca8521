//! Kernels of the library's own that algorithms are made of.

use crate::kernel;
use crate::kernel::{Cell, Image, Index, Kernel};

macro_rules! parts {
    ($($type:ident $zero:literal $same:ident $times:ident $non_zero:ident $gather:ident $turned:ident $multiply_add:ident $along_row:ident $down_column:ident $blend:ident $scale:ident;)*) => {$(
        #[kernel]
        pub fn $same(x: $type) -> $type {
            x
        }
        // What is summed is rounded first, on every level.
        #[kernel(strict)]
        pub fn $times(x: $type, y: $type) -> $type {
            x * y
        }
        #[kernel]
        pub fn $non_zero(x: $type) -> u32 {
            if x == $zero { 0 } else { 1 }
        }
        #[kernel]
        pub fn $gather(i: u32, xs: &[$type]) -> $type {
            xs[i as usize]
        }
        // Of the picture with rows and columns exchanged: it has as many columns as this one has rows.
        #[kernel]
        pub fn $turned(i: Index, xs: Image<$type>) -> $type {
            xs.at((i / xs.height()) as i32, (i % xs.height()) as i32)
        }
        /// The step of the usual product of matrices.
        #[kernel]
        pub fn $multiply_add(sum: $type, a: $type, b: $type) -> $type {
            sum + a * b
        }
        /// Times the number for its column.
        #[kernel(strict)]
        pub fn $along_row(at: Cell, a: $type, xs: &[$type]) -> $type {
            a * xs[at.x as usize]
        }
        /// Times the number for its row.
        #[kernel(strict)]
        pub fn $down_column(at: Cell, a: $type, xs: &[$type]) -> $type {
            a * xs[at.y as usize]
        }
        /// A number scaled, and another added.
        #[kernel(strict)]
        pub fn $blend(x: $type, y: $type, #[uniform] alpha: $type, #[uniform] beta: $type) -> $type {
            alpha * x + beta * y
        }
        /// A number scaled.
        #[kernel(strict)]
        pub fn $scale(x: $type, #[uniform] alpha: $type) -> $type {
            alpha * x
        }
    )*};
}
parts! {
    f32 0.0 same_f32 times_f32 non_zero_f32 gather_f32 turned_f32 multiply_add_f32 along_row_f32 down_column_f32 blend_f32 scale_f32;
    i32 0 same_i32 times_i32 non_zero_i32 gather_i32 turned_i32 multiply_add_i32 along_row_i32 down_column_i32 blend_i32 scale_i32;
    u32 0 same_u32 times_u32 non_zero_u32 gather_u32 turned_u32 multiply_add_u32 along_row_u32 down_column_u32 blend_u32 scale_u32;
    f64 0.0 same_f64 times_f64 non_zero_f64 gather_f64 turned_f64 multiply_add_f64 along_row_f64 down_column_f64 blend_f64 scale_f64;
    i64 0 same_i64 times_i64 non_zero_i64 gather_i64 turned_i64 multiply_add_i64 along_row_i64 down_column_i64 blend_i64 scale_i64;
    u64 0 same_u64 times_u64 non_zero_u64 gather_u64 turned_u64 multiply_add_u64 along_row_u64 down_column_u64 blend_u64 scale_u64;
}

/// Whether a kernel only passes its argument on.
pub fn passes_on<K: Kernel>() -> bool {
    const SAME: [u64; 6] = [
        same_f32::INFO.hash,
        same_i32::INFO.hash,
        same_u32::INFO.hash,
        same_f64::INFO.hash,
        same_i64::INFO.hash,
        same_u64::INFO.hash,
    ];
    K::CHAIN.is_none() && SAME.contains(&K::INFO.hash)
}

// For norms: squares of numbers as they are, of those whose squares overflow, and of those whose squares vanish.
pub const SCALE_OF_LARGE: f32 = 1.0 / (1u128 << 80) as f32;
pub const SCALE_OF_SMALL: f32 = (1u128 << 100) as f32;

#[kernel(strict)]
pub fn square(x: f32) -> f32 {
    x * x
}

#[kernel(strict)]
pub fn square_of_large(x: f32) -> f32 {
    let y = x * SCALE_OF_LARGE;
    y * y
}

#[kernel(strict)]
pub fn square_of_small(x: f32) -> f32 {
    let y = x * SCALE_OF_SMALL;
    y * y
}

/// A byte as a number.
#[kernel]
pub fn byte(x: u8) -> u32 {
    x as u32
}
