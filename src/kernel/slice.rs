//! Elements that a kernel reads at places of its own choice: slices, uniform arrays, private arrays.
//!
//! An index out of range is told through the launch's error channel and gives zeros; nothing outside is touched. A uniform
//! index is one load, a linear one (base plus lane) a vector load, any other a gather.

use crate::kernel::{Frame, LaneElement};
use crate::lanes::Lanes;

/// The elements of a slice or a uniform array, as a body sees them; `LONG` where every index whose bound the compiler knows
/// has its element, so that nothing is left to look at.
#[derive(Clone, Copy)]
pub struct SliceTile<'t, T, const LONG: bool = false> {
    elements: &'t [T],
    name: &'static str,
}

impl<'t, T> SliceTile<'t, T> {
    /// All elements, and what the kernel calls them.
    #[inline(always)]
    pub const fn new(elements: &'t [T], name: &'static str) -> Self {
        SliceTile { elements, name }
    }

    /// All of them.
    pub fn elements(&self) -> &'t [T] {
        self.elements
    }

    /// The same for a body that relies on [`SliceTile::is_long`].
    #[inline(always)]
    pub fn long(self) -> SliceTile<'t, T, true> {
        SliceTile { elements: self.elements, name: self.name }
    }
}

/// The least power of two above `most`, less one.
#[inline(always)]
fn mask_of(most: u32) -> u32 {
    u32::MAX.checked_shr(most.leading_zeros()).unwrap_or(0)
}

impl<T, const LONG: bool> SliceTile<'_, T, LONG> {
    /// The same under another name.
    #[inline(always)]
    pub fn named(self, name: &'static str) -> Self {
        SliceTile { name, ..self }
    }

    /// Whether all indices up to `most` have their element, and those that a mask makes of others.
    #[inline(always)]
    pub fn is_long(&self, most: u32) -> bool {
        self.elements.len() > mask_of(most) as usize
    }

    /// How many there are.
    #[inline(always)]
    pub fn len(&self) -> u32 {
        self.elements.len() as u32
    }

    /// Whether there are none.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }
}

impl<T: LaneElement, const LONG: bool> SliceTile<'_, T, LONG> {
    /// One element for all lanes.
    #[inline(always)]
    pub fn one<L: Lanes>(&self, l: L, frame: &Frame<'_>, m: L::M, index: u32) -> T {
        match self.elements.get(index as usize) {
            Some(element) => *element,
            None => {
                frame.note(l, m, l.i_splat(index as i32), self.name, self.elements.len() as u64);
                T::zeroed()
            }
        }
    }

    /// One element for all lanes, where the compiler knows that there is one.
    #[inline(always)]
    pub fn known(&self, index: u32) -> T {
        self.elements[index as usize]
    }

    /// The elements from `base` on, one for each lane.
    #[inline(always)]
    pub fn run<L: Lanes>(&self, l: L, frame: &Frame<'_>, m: L::M, base: u32) -> T::Lane<L> {
        let base = base as usize;
        match self.elements.get(base..base + L::N) {
            Some(run) => T::load(l, run),
            None => self.get(l, frame, m, l.i_add(l.i_splat(base as i32), l.i_iota())),
        }
    }

    /// An element for each lane, where the compiler knows that no index is above `most`.
    #[inline(always)]
    pub fn get_low<L: Lanes>(&self, l: L, frame: &Frame<'_>, m: L::M, index: L::I, most: u32) -> T::Lane<L> {
        if LONG {
            T::gather_low(l, self.elements, index, mask_of(most))
        } else {
            self.get(l, frame, m, index)
        }
    }

    /// An element for each lane.
    #[inline(always)]
    pub fn get<L: Lanes>(&self, l: L, frame: &Frame<'_>, m: L::M, index: L::I) -> T::Lane<L> {
        // More than 2^32 elements are all within reach of an index.
        if self.elements.len() <= u32::MAX as usize {
            let beyond = l.m_and(m, l.i_ge_u(index, l.i_splat(self.elements.len() as u32 as i32)));
            if l.m_any(beyond) {
                frame.note(l, beyond, index, self.name, self.elements.len() as u64);
            }
        }
        T::gather(l, self.elements, index, m)
    }
}

/// Private arrays: `[vector; N]` where what they hold differs by lane, `[T; N]` where not.
pub mod tables {
    use super::{Frame, Lanes};

    /// The place of an index that is the same for all lanes.
    #[inline(always)]
    pub fn place<'t, L: Lanes, V, const N: usize>(
        l: L,
        frame: &Frame<'_>,
        m: L::M,
        table: &'t mut [V; N],
        index: u32,
        name: &'static str,
    ) -> Option<&'t mut V> {
        let place = table.get_mut(index as usize);
        if place.is_none() {
            frame.note(l, m, l.i_splat(index as i32), name, N as u64);
        }
        place
    }

    /// What stands at an index that is the same for all lanes; out of range, at the first.
    #[inline(always)]
    pub fn one<L: Lanes, V: Copy, const N: usize>(
        l: L,
        frame: &Frame<'_>,
        m: L::M,
        table: &[V; N],
        index: u32,
        name: &'static str,
    ) -> V {
        match table.get(index as usize) {
            Some(value) => *value,
            None => {
                frame.note(l, m, l.i_splat(index as i32), name, N as u64);
                table[0]
            }
        }
    }

    /// Puts a value that is the same for all lanes.
    #[inline(always)]
    pub fn put_one<L: Lanes, V, const N: usize>(
        l: L,
        frame: &Frame<'_>,
        m: L::M,
        table: &mut [V; N],
        index: u32,
        value: V,
        name: &'static str,
    ) {
        if let Some(place) = place(l, frame, m, table, index, name) {
            *place = value;
        }
    }

    /// Looks at the indices of all lanes; one look, where all are in range.
    #[inline(always)]
    fn check<L: Lanes>(l: L, frame: &Frame<'_>, m: L::M, index: L::I, len: usize, name: &'static str) {
        let beyond = l.m_and(m, l.i_ge_u(index, l.i_splat(len as i32)));
        if l.m_any(beyond) {
            frame.note(l, beyond, index, name, len as u64);
        }
    }

    macro_rules! by_lane {
        ($($get:ident $put:ident $vector:ident $select:expr;)*) => {$(
            /// What stands at each lane's own index: every place is looked at, for they are in registers or near.
            #[inline(always)]
            pub fn $get<L: Lanes, const N: usize>(
                l: L,
                frame: &Frame<'_>,
                m: L::M,
                table: &[L::$vector; N],
                index: L::I,
                name: &'static str,
            ) -> L::$vector {
                check(l, frame, m, index, N, name);
                let select = $select;
                let mut value = table[0];
                for at in 1..N {
                    value = select(l, l.i_eq(index, l.i_splat(at as i32)), table[at], value);
                }
                value
            }

            /// Puts each active lane's value at its own index.
            #[inline(always)]
            pub fn $put<L: Lanes, const N: usize>(
                l: L,
                frame: &Frame<'_>,
                m: L::M,
                table: &mut [L::$vector; N],
                index: L::I,
                value: L::$vector,
                name: &'static str,
            ) {
                check(l, frame, m, index, N, name);
                let select = $select;
                for at in 0..N {
                    let here = l.m_and(m, l.i_eq(index, l.i_splat(at as i32)));
                    table[at] = select(l, here, value, table[at]);
                }
            }
        )*};
    }

    #[inline(always)]
    fn select_mask<L: Lanes>(l: L, m: L::M, a: L::M, b: L::M) -> L::M {
        l.m_or(l.m_and(m, a), l.m_and(l.m_not(m), b))
    }

    by_lane! {
        get_f put_f F L::f_select;
        get_i put_i I L::i_select;
        get_d put_d D L::d_select;
        get_q put_q Q L::q_select;
        get_m put_m M select_mask::<L>;
    }
}
