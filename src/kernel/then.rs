//! Two kernels as one: what the first returns goes straight into the second, and nothing is stored in between.

use std::marker::PhantomData;

use crate::kernel::{
    Callable, Entries, Fragment, Frame, Kernel, KernelInfo, LaneElement, MapFn, OutTileOf, Output, Params,
    Place, TileOf,
};
#[cfg(target_arch = "x86_64")]
use crate::lanes::{Avx2, Avx512, Pair};
use crate::lanes::{Lanes, Portable, Scalar, align_frame};

/// A kernel `fn(x: T) -> U` of one element, which others can be followed by.
///
/// `#[kernel]` implements it for every kernel of that form.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot follow another kernel",
    label = "it needs the form `fn(x: T) -> U`, one element to one number or pixel"
)]
pub trait Unary: Callable<Out = Self::To> {
    /// What it takes.
    type From: LaneElement;
    /// What it gives.
    type To: LaneElement;
    /// Its results for the lanes of `m`.
    fn apply<L: Lanes>(
        l: L,
        m: L::M,
        frame: &Frame<'_>,
        x: <Self::From as LaneElement>::Lane<L>,
    ) -> <Self::To as LaneElement>::Lane<L>;
}

/// The kernel `K`, followed by `C`.
pub struct Then<K, C>(PhantomData<(K, C)>);

/// Kernels whose functions go around a kernel's value, the last one outermost.
pub struct Chain {
    /// What goes around it before.
    pub before: Option<&'static Chain>,
    /// The kernel.
    pub of: &'static Fragment,
}

impl Chain {
    /// All of a chain, innermost first.
    pub fn each(chain: Option<&'static Chain>) -> impl Iterator<Item = &'static Fragment> {
        let mut all: Vec<_> =
            std::iter::successors(chain, |chain| chain.before).map(|chain| chain.of).collect();
        all.reverse();
        all.into_iter()
    }
}

impl<K: Kernel<Out = C::From>, C: Unary> Kernel for Then<K, C> {
    const INFO: KernelInfo = KernelInfo {
        // Of pipelines, models and errors it is the first kernel's launch.
        name: K::INFO.name,
        path: K::INFO.path,
        hash: K::INFO.hash.rotate_left(17).wrapping_mul(0x0100_0000_01b3) ^ C::INFO.hash,
        params: K::INFO.params,
        results: C::INFO.results,
        ops: K::INFO.ops.and(C::INFO.ops),
        strict: K::INFO.strict && C::INFO.strict,
        wide: K::INFO.wide || C::INFO.wide,
    };
    const WGSL: &'static Fragment = K::WGSL;
    const CHAIN: Option<&'static Chain> = Some(&Chain { before: K::CHAIN, of: C::WGSL });
    type Params = K::Params;
    type Out = C::To;
    const ENTRIES: Entries<Self> = Entries {
        scalar: map_scalar::<K, C> as MapFn<Scalar, Self>,
        baseline: map_baseline::<K, C> as MapFn<Portable, Self>,
        #[cfg(target_arch = "x86_64")]
        avx2: map_avx2::<K, C> as MapFn<Avx2, Self>,
        #[cfg(target_arch = "x86_64")]
        avx512: map_avx512::<K, C> as MapFn<Avx512, Self>,
    };

    #[inline(always)]
    fn vector<L: Lanes>(
        l: L,
        frame: &Frame<'_>,
        place: Place,
        tiles: &mut <Self::Params as Params>::Tile<'_>,
        i: usize,
        n: usize,
    ) -> <Self::Out as Output>::Lane<L> {
        let x = K::vector(l, frame, place, tiles, i, n);
        C::apply(l, l.first(n), &frame.at(place, i), x)
    }
}

/// The loop over one tile.
#[inline(always)]
fn tile<L: Lanes, K: Kernel<Out = C::From>, C: Unary>(
    l: L,
    frame: &Frame<'_>,
    place: Place,
    n: usize,
    mut tiles: TileOf<'_, K>,
    out: &mut [C::To],
) {
    let out = &mut out[..n];
    let stream = frame.streams();
    let mut i = 0;
    while n - i >= L::N {
        let x = <Then<K, C> as Kernel>::vector(l, frame, place, &mut tiles, i, L::N);
        if stream {
            <C::To as LaneElement>::stream(l, &mut out[i..i + L::N], x);
        } else {
            <C::To as LaneElement>::store(l, &mut out[i..i + L::N], x);
        }
        i += L::N;
    }
    if i < n {
        let x = <Then<K, C> as Kernel>::vector(l, frame, place, &mut tiles, i, n - i);
        <C::To as LaneElement>::store_part(l, &mut out[i..], x);
    }
    if stream {
        l.fence();
    }
}

macro_rules! entry {
    ($(#[$features:meta])* $name:ident, $token:ty, |$l:ident| $lanes:expr) => {
        $(#[$features])*
        fn $name<K: Kernel<Out = C::From>, C: Unary>(
            $l: $token,
            frame: &Frame<'_>,
            place: Place,
            n: usize,
            tiles: TileOf<'_, Then<K, C>>,
            out: OutTileOf<'_, Then<K, C>>,
        ) {
            align_frame();
            tile::<_, K, C>($lanes, frame, place, n, tiles, out);
        }
    };
}
entry!(map_scalar, Scalar, |l| l);
entry!(map_baseline, Portable, |l| l);
entry!(
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma")]
    map_avx2,
    Avx2,
    |l| Pair::new(l)
);
entry!(
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma,avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
    map_avx512,
    Avx512,
    |l| Pair::new(l)
);
