//! Shared places: what many kernels' bodies update at once without losing an update.
//!
//! Every operation is one atomic step, and no order between steps is promised. All of a launch's updates are done when
//! its last word returns: launches with shared places wait for their devices.

use std::sync::atomic::{AtomicU32, Ordering};

use bytemuck::Pod;

use crate::kernel::{Fault, Frame, LaneElement, Merge};
use crate::lanes::{Lanes, MAX_LANES};
use crate::shape::ScalarType;

/// What shared places can hold: `u32`, `i32`, and `f32` for sums and extremes.
pub trait AtomicElement: LaneElement + Pod {
    /// Its bits.
    fn bits(self) -> u32;
    /// From its bits.
    fn of(bits: u32) -> Self;
    /// Adds in one atomic step; integers wrap. Gives what stood there.
    fn add_to(place: &AtomicU32, value: Self) -> Self;
    /// The smaller, as the kernel language has it.
    fn least(a: Self, b: Self) -> Self;
    /// The larger.
    fn most(a: Self, b: Self) -> Self;
}

macro_rules! integer {
    ($type:ty) => {
        impl AtomicElement for $type {
            #[inline(always)]
            fn bits(self) -> u32 {
                self as u32
            }
            #[inline(always)]
            fn of(bits: u32) -> $type {
                bits as $type
            }
            #[inline(always)]
            fn add_to(place: &AtomicU32, value: $type) -> $type {
                place.fetch_add(value as u32, Ordering::Relaxed) as $type
            }
            #[inline(always)]
            fn least(a: $type, b: $type) -> $type {
                a.min(b)
            }
            #[inline(always)]
            fn most(a: $type, b: $type) -> $type {
                a.max(b)
            }
        }
    };
}
integer!(u32);
integer!(i32);

impl AtomicElement for f32 {
    #[inline(always)]
    fn bits(self) -> u32 {
        self.to_bits()
    }
    #[inline(always)]
    fn of(bits: u32) -> f32 {
        f32::from_bits(bits)
    }
    #[inline(always)]
    fn add_to(place: &AtomicU32, value: f32) -> f32 {
        update(place, |old: f32| old + value)
    }
    #[inline(always)]
    fn least(a: f32, b: f32) -> f32 {
        crate::kernel::scalar::min_f32(a, b)
    }
    #[inline(always)]
    fn most(a: f32, b: f32) -> f32 {
        crate::kernel::scalar::max_f32(a, b)
    }
}

/// Places that all invocations of a kernel share, `bins: &Atomics<u32>`: counters, histograms, work lists.
///
/// Integer results do not depend on the order of the updates where only one of `add`, `min`, `max`, `and`, `or`, `xor` is
/// used on a place; a float sum does, in its last bits.
///
/// ```
/// use manylane::prelude::*;
///
/// #[kernel]
/// fn count(x: f32, #[uniform] width: f32, bins: &Atomics<u32>) {
///     let place = x / width;
///     if place >= 0.0 && place < bins.len() as f32 {
///         bins.add(place as u32, 1);
///     }
/// }
///
/// let rt = Runtime::new()?;
/// let bins = Atomics::new(3);
/// rt.map::<count>((&[0.5f32, 1.5, 1.7, 9.0, f32::NAN], 1.0, &bins)).run()?;
/// assert_eq!(bins.to_vec(), [1, 2, 0]);
/// # Ok::<(), manylane::Error>(())
/// ```
pub struct Atomics<T> {
    places: Vec<AtomicU32>,
    of: std::marker::PhantomData<T>,
}

impl<T: AtomicElement> Atomics<T> {
    /// `n` places that hold zero.
    pub fn new(n: usize) -> Self {
        Atomics::filled(n, T::zeroed())
    }

    /// `n` places that hold `value`: the largest number where the smallest is looked for.
    pub fn filled(n: usize, value: T) -> Self {
        Atomics {
            places: (0..n).map(|_| AtomicU32::new(value.bits())).collect(),
            of: std::marker::PhantomData,
        }
    }

    /// The number of places.
    #[expect(
        clippy::len_without_is_empty,
        reason = "a u32, as kernels count; `to_vec().is_empty()` says the rest"
    )]
    pub fn len(&self) -> u32 {
        u32::try_from(self.places.len()).unwrap_or(u32::MAX)
    }

    /// What stands there now.
    pub fn to_vec(&self) -> Vec<T> {
        self.places.iter().map(|place| T::of(place.load(Ordering::Acquire))).collect()
    }

    /// What a body updates.
    #[doc(hidden)]
    pub fn tile(&self) -> AtomicTile<'_, T> {
        AtomicTile { places: &self.places, name: "shared places", of: std::marker::PhantomData }
    }

    fn at(&self, index: u32) -> &AtomicU32 {
        match self.places.get(index as usize) {
            Some(place) => place,
            None => panic!("shared place {index} of {}", self.places.len()),
        }
    }

    /// What stands at a place.
    ///
    /// # Panics
    /// As every plain call here, where there is no such place; in a launch that is the launch's error `OutOfBounds`.
    pub fn load(&self, index: u32) -> T {
        T::of(self.at(index).load(Ordering::Relaxed))
    }

    /// Adds; gives what stood there.
    pub fn add(&self, index: u32, value: T) -> T {
        T::add_to(self.at(index), value)
    }

    /// Keeps the smaller; gives what stood there.
    pub fn min(&self, index: u32, value: T) -> T {
        update(self.at(index), |old| T::least(old, value))
    }

    /// Keeps the larger; gives what stood there.
    pub fn max(&self, index: u32, value: T) -> T {
        update(self.at(index), |old| T::most(old, value))
    }

    /// And of the bits; gives what stood there.
    pub fn and(&self, index: u32, value: T) -> T {
        T::of(self.at(index).fetch_and(value.bits(), Ordering::Relaxed))
    }

    /// Or of the bits; gives what stood there.
    pub fn or(&self, index: u32, value: T) -> T {
        T::of(self.at(index).fetch_or(value.bits(), Ordering::Relaxed))
    }

    /// Exclusive or of the bits; gives what stood there.
    pub fn xor(&self, index: u32, value: T) -> T {
        T::of(self.at(index).fetch_xor(value.bits(), Ordering::Relaxed))
    }

    /// Puts a value; gives what stood there.
    pub fn exchange(&self, index: u32, value: T) -> T {
        T::of(self.at(index).swap(value.bits(), Ordering::Relaxed))
    }

    /// Puts a value where `expected` stands; gives what stood there.
    pub fn compare_exchange(&self, index: u32, expected: T, value: T) -> T {
        swap_if(self.at(index), expected, value)
    }
}

impl<T: AtomicElement + std::fmt::Debug> std::fmt::Debug for Atomics<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Atomics").field(&self.to_vec()).finish()
    }
}

impl<T: AtomicElement> From<Vec<T>> for Atomics<T> {
    fn from(values: Vec<T>) -> Self {
        let places = values.into_iter().map(|value| AtomicU32::new(value.bits())).collect();
        Atomics { places, of: std::marker::PhantomData }
    }
}

/// What a device's own copy of shared places begins with, so that merging it adds what the device did and nothing else.
pub(crate) fn identity(merge: Merge, scalar: ScalarType) -> u32 {
    match (merge, scalar) {
        (Merge::And, _) => u32::MAX,
        // Infinity would replace a NaN.
        (Merge::Min | Merge::Max, ScalarType::F32) => f32::NAN.to_bits(),
        (Merge::Min, ScalarType::I32) => i32::MAX as u32,
        (Merge::Min, _) => u32::MAX,
        (Merge::Max, ScalarType::I32) => i32::MIN as u32,
        // -0.0 leaves every sum as it is, 0.0 would turn -0.0 into 0.0.
        (Merge::Add, ScalarType::F32) => (-0.0f32).to_bits(),
        _ => 0,
    }
}

/// Takes a device's copy home, which began with `first` and now has `words`: merged, or put in place where nobody else
/// changed what stood there. Otherwise what the device did there is lost: given is the first such place.
pub(crate) fn take(
    places: &[AtomicU32],
    (merge, scalar): (Option<Merge>, ScalarType),
    first: &[u32],
    words: &[u32],
) -> Option<usize> {
    let mut lost = None;
    for (at, ((place, first), word)) in places.iter().zip(first).zip(words).enumerate() {
        if first == word {
            continue;
        }
        match (merge, scalar) {
            (None, _) => {
                let put = place.compare_exchange(*first, *word, Ordering::Relaxed, Ordering::Relaxed);
                lost = lost.or(put.err().map(|_| at));
            }
            (Some(Merge::And), _) => drop(place.fetch_and(*word, Ordering::Relaxed)),
            (Some(Merge::Or), _) => drop(place.fetch_or(*word, Ordering::Relaxed)),
            (Some(Merge::Xor), _) => drop(place.fetch_xor(*word, Ordering::Relaxed)),
            (Some(merge), ScalarType::F32) => merge_one::<f32>(place, merge, *word),
            (Some(merge), ScalarType::I32) => merge_one::<i32>(place, merge, *word),
            (Some(merge), _) => merge_one::<u32>(place, merge, *word),
        }
    }
    lost
}

fn merge_one<T: AtomicElement>(place: &AtomicU32, merge: Merge, word: u32) {
    let value = T::of(word);
    match merge {
        Merge::Min => drop(update(place, |old| T::least(old, value))),
        Merge::Max => drop(update(place, |old| T::most(old, value))),
        _ => drop(T::add_to(place, value)),
    }
}

#[inline(always)]
fn update<T: AtomicElement>(place: &AtomicU32, change: impl Fn(T) -> T) -> T {
    let mut old = place.load(Ordering::Relaxed);
    loop {
        let new = change(T::of(old)).bits();
        match place.compare_exchange_weak(old, new, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => return T::of(old),
            Err(found) => old = found,
        }
    }
}

fn swap_if<T: AtomicElement>(place: &AtomicU32, expected: T, value: T) -> T {
    match place.compare_exchange(expected.bits(), value.bits(), Ordering::Relaxed, Ordering::Relaxed) {
        Ok(old) | Err(old) => T::of(old),
    }
}

/// Shared places as a body sees them.
#[derive(Clone, Copy)]
pub struct AtomicTile<'t, T> {
    places: &'t [AtomicU32],
    name: &'static str,
    of: std::marker::PhantomData<T>,
}

impl<'t, T> AtomicTile<'t, T> {
    /// The same under another name.
    #[inline(always)]
    pub fn named(self, name: &'static str) -> Self {
        AtomicTile { name, ..self }
    }

    /// The number of places.
    #[inline(always)]
    #[expect(clippy::len_without_is_empty, reason = "kernels ask for the length only")]
    pub fn len(&self) -> u32 {
        self.places.len() as u32
    }

    /// The places themselves, in memory.
    pub(crate) fn places(&self) -> &'t [AtomicU32] {
        self.places
    }
}

macro_rules! updates {
    ($($(#[$doc:meta])* $name:ident($place:ident $(, $value:ident)*) = $step:expr;)*) => {$(
        $(#[$doc])*
        #[inline(always)]
        pub fn $name<L: Lanes>(
            &self,
            l: L,
            frame: &Frame<'_>,
            m: L::M,
            index: L::I,
            $($value: T::Lane<L>),*
        ) -> T::Lane<L> {
            let mut indices = [0; MAX_LANES];
            l.i_store(&mut indices[..L::N], index);
            $(
                let $value = { let mut all = [T::zeroed(); MAX_LANES]; T::store(l, &mut all[..L::N], $value); all };
            )*
            let mut old = [T::zeroed(); MAX_LANES];
            for lane in 0..L::N {
                if l.m_lane(m, lane) {
                    match self.places.get(indices[lane] as u32 as usize) {
                        Some($place) => {
                            $(let $value = $value[lane];)*
                            old[lane] = $step;
                        }
                        None => frame.report(Fault {
                            place: frame.place() + lane as u64,
                            array: self.name,
                            index: u64::from(indices[lane] as u32),
                            len: self.places.len() as u64,
                        }),
                    }
                }
            }
            T::load(l, &old[..L::N])
        }
    )*};
}

impl<T: AtomicElement> AtomicTile<'_, T> {
    updates! {
        /// What stands at each active lane's place.
        load(place) = T::of(place.load(Ordering::Relaxed));
        /// Adds each active lane's value, one lane after the other.
        add(place, value) = T::add_to(place, value);
        /// Keeps the smaller.
        min(place, value) = update(place, |old| T::least(old, value));
        /// Keeps the larger.
        max(place, value) = update(place, |old| T::most(old, value));
        /// And of the bits.
        and(place, value) = T::of(place.fetch_and(value.bits(), Ordering::Relaxed));
        /// Or of the bits.
        or(place, value) = T::of(place.fetch_or(value.bits(), Ordering::Relaxed));
        /// Exclusive or of the bits.
        xor(place, value) = T::of(place.fetch_xor(value.bits(), Ordering::Relaxed));
        /// Puts a value.
        exchange(place, value) = T::of(place.swap(value.bits(), Ordering::Relaxed));
        /// Puts a value where another is expected and stands.
        compare_exchange(place, expected, value) = swap_if(place, expected, value);
    }
}
