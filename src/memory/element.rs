//! What an array may hold.

use crate::lanes::f16;
use crate::shape::{ElementType, ScalarType};

/// A type of array elements: a float or an integer of 8 to 64 bits, or a pixel of one to four of one of them.
#[diagnostic::on_unimplemented(
    message = "an array cannot hold `{Self}`",
    label = "use an integer or a float of 8 to 64 bits, or a pixel `[T; 1..=4]` of them"
)]
pub trait Element: bytemuck::Pod + Send + Sync + 'static {
    /// What plans and shaders call it.
    const TYPE: ElementType;
}

macro_rules! element {
    ($($type:ty => $scalar:ident),*) => {$(
        impl Element for $type {
            const TYPE: ElementType = ElementType::scalar(ScalarType::$scalar);
        }
        impl<const N: usize> Element for [$type; N] {
            const TYPE: ElementType = {
                assert!(N >= 1 && N <= 4, "a pixel has one to four channels");
                ElementType { scalar: ScalarType::$scalar, channels: N }
            };
        }
    )*};
}
element!(
    f32 => F32, i32 => I32, u32 => U32, u8 => U8, i8 => I8, u16 => U16, i16 => I16, f16 => F16,
    f64 => F64, i64 => I64, u64 => U64
);

/// The fewest elements whose bytes are whole four-byte words, which is what GPUs copy.
pub(super) const fn grain<T: Element>() -> usize {
    match size_of::<T>() % 4 {
        0 => 1,
        2 => 2,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grains_are_whole_words() {
        fn check<T: Element>() {
            assert_eq!(T::TYPE.bytes(), size_of::<T>());
            assert_eq!(grain::<T>() * size_of::<T>() % 4, 0);
            assert!((1..grain::<T>()).all(|fewer| !(fewer * size_of::<T>()).is_multiple_of(4)));
        }
        check::<f32>();
        check::<[i32; 3]>();
        check::<f64>();
        check::<[i64; 3]>();
        check::<i16>();
        check::<[f16; 3]>();
        check::<[u16; 2]>();
        check::<u8>();
        check::<[u8; 1]>();
        check::<[u8; 2]>();
        check::<[u8; 3]>();
        check::<[u8; 4]>();
    }
}
