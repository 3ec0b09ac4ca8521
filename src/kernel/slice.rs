//! Elements that a kernel reads at places of its own choice: slices, uniform arrays, private arrays.
//!
//! An index out of range is told through the launch's error channel and gives zeros; nothing outside is touched. A uniform
//! index is one load, a linear one (base plus lane) a vector load, any other a gather.

use crate::kernel::{Fault, Frame, LaneElement};
use crate::lanes::{Lanes, MAX_LANES};

/// The elements of a slice or a uniform array, as a body sees them.
#[derive(Clone, Copy)]
pub struct SliceTile<'t, T> {
    elements: &'t [T],
    name: &'static str,
}

impl<'t, T> SliceTile<'t, T> {
    /// All elements, and what the kernel calls them.
    #[inline(always)]
    pub const fn new(elements: &'t [T], name: &'static str) -> Self {
        SliceTile { elements, name }
    }

    /// The same under another name.
    #[inline(always)]
    pub fn named(self, name: &'static str) -> Self {
        SliceTile { name, ..self }
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

impl<T: LaneElement> SliceTile<'_, T> {
    /// One element for all lanes.
    #[inline(always)]
    pub fn one<L: Lanes>(&self, l: L, frame: &Frame<'_>, m: L::M, index: u32) -> T {
        match self.elements.get(index as usize) {
            Some(element) => *element,
            None => {
                out_of_range(l, frame, m, l.i_splat(index as i32), self.name, self.elements.len());
                T::zeroed()
            }
        }
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

    /// An element for each lane.
    #[inline(always)]
    pub fn get<L: Lanes>(&self, l: L, frame: &Frame<'_>, m: L::M, index: L::I) -> T::Lane<L> {
        // More than 2^32 elements are all within reach of an index.
        if self.elements.len() <= u32::MAX as usize {
            let beyond = l.m_and(m, l.i_ge_u(index, l.i_splat(self.elements.len() as u32 as i32)));
            if l.m_any(beyond) {
                out_of_range(l, frame, beyond, index, self.name, self.elements.len());
            }
        }
        T::gather(l, self.elements, index, m)
    }
}

/// Tells of the lowest lane of `beyond`.
#[cold]
#[inline(never)]
fn out_of_range<L: Lanes>(
    l: L,
    frame: &Frame<'_>,
    beyond: L::M,
    index: L::I,
    array: &'static str,
    len: usize,
) {
    let mut indices = [0; MAX_LANES];
    l.i_store(&mut indices[..L::N], index);
    if let Some(lane) = (0..L::N).find(|lane| l.m_lane(beyond, *lane)) {
        let index = u64::from(indices[lane] as u32);
        frame.report(Fault { place: frame.place() + lane as u64, array, index, len: len as u64 });
    }
}

/// Private arrays: `[vector; N]` where what they hold differs by lane, `[T; N]` where not.
pub mod tables {
    use super::{Frame, Lanes, out_of_range};

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
            out_of_range(l, frame, m, l.i_splat(index as i32), name, N);
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
                out_of_range(l, frame, m, l.i_splat(index as i32), name, N);
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
            out_of_range(l, frame, beyond, index, name, len);
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
        get_m put_m M select_mask::<L>;
    }
}
