//! Joining two sorted runs, such as parts that different devices have sorted.
//!
//! ```text
//! path(left, right, count):    how many of the first `count` of the result come from left: binary search
//! merge(left, right, out):
//!     cut out into a few equal pieces for each thread; path says which parts of left and right fill each
//!     each piece: cut it once more in the middle, and merge both halves in one loop:
//!         take right's first if it is less than left's, else left's                 (so the merge is stable)
//! ```
//!
//! Departures made for speed:
//! 1. The choice is made without a branch: which run the next comes from is random, and cannot be predicted.
//! 2. Two halves in one loop: a step waits for the one before it, but not for the other half's.
//! 3. The loop runs as many steps as no run can end in, so that it need not ask whether one has.

use super::order::{Codec, Flip, Plain, Word, field};
use super::partition::{Context, share};
use super::{Columns, PAIRS_A_THREAD, Payload, Settings, Stopped};

/// Pieces for each thread: more than one, for threads that start late.
const PIECES_A_THREAD: usize = 4;
/// The most steps between two stop checks.
const STRIDE: usize = 16 << 10;

/// A sorted run: keys and, at the same places, their values.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a, W, V> {
    keys: &'a [W],
    values: &'a [V],
}

impl<'a, W: Word, V: Payload> Run<'a, W, V> {
    /// # Panics
    ///
    /// Where the slices differ in length.
    pub fn new(keys: &'a [W], values: &'a [V]) -> Self {
        assert_eq!(keys.len(), values.len(), "as many values as keys are needed");
        Self { keys, values }
    }

    fn len(&self) -> usize {
        self.keys.len()
    }

    fn split_at(self, middle: usize) -> (Self, Self) {
        let (keys, more_keys) = self.keys.split_at(middle);
        let (values, more_values) = self.values.split_at(middle);
        (Self { keys, values }, Self { keys: more_keys, values: more_values })
    }
}

/// Merges the sorted keys of `left` and `right` into `out`: where they compare equal, left's first.
///
/// Runs that are not sorted give some order of all keys.
///
/// # Errors
///
/// [`Stopped`], when the stop check says yes.
///
/// # Panics
///
/// Where `out` is not as long as both together.
pub fn merge_keys<W: Word>(
    left: &[W],
    right: &[W],
    out: &mut [W],
    settings: &Settings<'_>,
) -> Result<(), Stopped> {
    // Vectors of units allocate nothing.
    let units = vec![(); left.len().max(right.len())];
    let mut out_units = vec![(); out.len()];
    let (left, right) = (Run::new(left, &units[..left.len()]), Run::new(right, &units[..right.len()]));
    merge_pairs(left, right, Columns::new(out, &mut out_units), settings)
}

/// Merges the sorted runs `left` and `right` into `out`: where keys compare equal, left's first.
///
/// Runs that are not sorted give some order of all pairs.
///
/// # Errors
///
/// [`Stopped`], when the stop check says yes.
///
/// # Panics
///
/// Where `out` is not as long as both together.
pub fn merge_pairs<W: Word, V: Payload>(
    left: Run<'_, W, V>,
    right: Run<'_, W, V>,
    out: Columns<'_, W, V>,
    settings: &Settings<'_>,
) -> Result<(), Stopped> {
    assert_eq!(left.len() + right.len(), out.len(), "the output must be as long as both runs together");
    let flip = Flip::of(settings.order.kind, settings.order.direction);
    if flip.is_plain() {
        Merge { codec: Plain, field: field(&settings.order.bits), settings }.run(left, right, out)
    } else {
        Merge { codec: flip, field: field(&settings.order.bits), settings }.run(left, right, out)
    }
}

/// A part of the output, and what fills it.
struct Piece<'a, W, V> {
    left: Run<'a, W, V>,
    right: Run<'a, W, V>,
    out: Columns<'a, W, V>,
}

impl<'a, W: Word, V: Payload> Piece<'a, W, V> {
    /// How many steps can be made before a run ends.
    fn free_steps(&self) -> usize {
        self.left.len().min(self.right.len())
    }
}

/// How far a merge of a piece has come.
#[derive(Clone, Copy, Default)]
struct Taken {
    left: usize,
    right: usize,
}

struct Merge<'a, W, C> {
    codec: C,
    field: W,
    settings: &'a Settings<'a>,
}

impl<W: Word, C: Codec<W>> Merge<'_, W, C> {
    fn run<V: Payload>(
        &self,
        left: Run<'_, W, V>,
        right: Run<'_, W, V>,
        out: Columns<'_, W, V>,
    ) -> Result<(), Stopped> {
        let threads = self.settings.threads.clamp(1, (out.len() / PAIRS_A_THREAD).max(1));
        let count = if threads == 1 { 1 } else { threads * PIECES_A_THREAD };
        let length = out.len().div_ceil(count).max(1);
        let mut pieces = Vec::with_capacity(count);
        let mut rest = Piece { left, right, out };
        while rest.out.len() > length {
            let (piece, more) = self.cut(rest, length);
            pieces.push(piece);
            rest = more;
        }
        pieces.push(rest);
        share(pieces, &mut vec![(); threads], |piece, ()| {
            let middle = piece.out.len() / 2;
            let (first, second) = self.cut(piece, middle);
            self.merge_two(first, second)
        })
    }

    #[inline(always)]
    fn right_is_less(&self, right: W, left: W) -> bool {
        (self.codec.encode(right) & self.field) < (self.codec.encode(left) & self.field)
    }

    /// Cuts off what makes the first `count` of the output.
    fn cut<'a, V: Payload>(
        &self,
        piece: Piece<'a, W, V>,
        count: usize,
    ) -> (Piece<'a, W, V>, Piece<'a, W, V>) {
        let Piece { left, right, out } = piece;
        let (mut low, mut high) = (count.saturating_sub(right.len()), count.min(left.len()));
        while low < high {
            let middle = low.midpoint(high);
            if self.right_is_less(right.keys[count - middle - 1], left.keys[middle]) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        let (left, more_left) = left.split_at(low);
        let (right, more_right) = right.split_at(count - low);
        let (out, more_out) = out.split_at(count);
        (Piece { left, right, out }, Piece { left: more_left, right: more_right, out: more_out })
    }

    /// Merges two pieces side by side, while neither has a run that can end, then each alone.
    fn merge_two<V: Payload>(
        &self,
        mut first: Piece<'_, W, V>,
        mut second: Piece<'_, W, V>,
    ) -> Result<(), Stopped> {
        loop {
            self.check()?;
            let steps = first.free_steps().min(second.free_steps()).min(STRIDE);
            if steps == 0 {
                break;
            }
            let (mut in_first, mut in_second) = (Taken::default(), Taken::default());
            for _ in 0..steps {
                self.step(&mut first, &mut in_first);
                self.step(&mut second, &mut in_second);
            }
            first = after(first, in_first);
            second = after(second, in_second);
        }
        self.merge_one(first)?;
        self.merge_one(second)
    }

    fn merge_one<V: Payload>(&self, mut piece: Piece<'_, W, V>) -> Result<(), Stopped> {
        loop {
            self.check()?;
            let steps = piece.free_steps().min(STRIDE);
            if steps == 0 {
                break;
            }
            let mut taken = Taken::default();
            for _ in 0..steps {
                self.step(&mut piece, &mut taken);
            }
            piece = after(piece, taken);
        }
        let Piece { left, right, mut out } = piece;
        let mut rest = if left.len() == 0 { right } else { left };
        while rest.len() > 0 {
            self.check()?;
            let (front, more) = rest.split_at(rest.len().min(STRIDE));
            out.take_front(front.len()).copy_from(front.keys, front.values);
            rest = more;
        }
        Ok(())
    }

    #[inline(always)]
    fn step<V: Payload>(&self, piece: &mut Piece<'_, W, V>, taken: &mut Taken) {
        let (left, right) = (piece.left.keys[taken.left], piece.right.keys[taken.right]);
        let from_right = self.right_is_less(right, left);
        let place = taken.left + taken.right;
        piece.out.keys[place] = if from_right { right } else { left };
        if size_of::<V>() != 0 {
            let (left, right) = (piece.left.values[taken.left], piece.right.values[taken.right]);
            piece.out.values[place] = if from_right { right } else { left };
        }
        taken.left += usize::from(!from_right);
        taken.right += usize::from(from_right);
    }

    fn check(&self) -> Result<(), Stopped> {
        Context { stop: self.settings.stop, codec: () }.check()
    }
}

/// What is left of `piece`.
fn after<'a, W: Word, V: Payload>(piece: Piece<'a, W, V>, taken: Taken) -> Piece<'a, W, V> {
    Piece {
        left: piece.left.split_at(taken.left).1,
        right: piece.right.split_at(taken.right).1,
        out: piece.out.split_at(taken.left + taken.right).1,
    }
}
