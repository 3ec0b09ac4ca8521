//! One expansion by hand: what the macro must write. TEMPORARY.
#![forbid(unsafe_code)]
#![allow(missing_docs)]

// ---- the user's function:
// #[kernel]
// pub fn saxpy(#[uniform] a: f32, x: f32, y: f32) -> f32 { a * x + y }

/// doc comments of the user's function go here
#[inline]
pub fn saxpy(a: f32, x: f32, y: f32) -> f32 {
    <f32 as ::manylane::kernel::Output>::only(saxpy::lanes(
        ::manylane::lanes::Scalar,
        true,
        &::manylane::kernel::Frame::detached(),
        a,
        x,
        y,
    ))
}

#[allow(non_camel_case_types)]
#[doc = "The kernel `saxpy`, to be launched."]
pub struct saxpy {}

const _: () = {
    use ::manylane::kernel as __k;
    use ::manylane::lanes as __l;

    // the written body, type-checked by rustc as it stands
    #[allow(dead_code, unused, clippy::all)]
    fn __check(a: f32, x: f32, y: f32) -> f32 {
        a * x + y
    }

    impl saxpy {
        #[doc(hidden)]
        #[inline(always)]
        #[allow(clippy::all)]
        pub fn lanes<L: __l::Lanes>(l: L, m: L::M, frame: &__k::Frame<'_>, a: f32, x: L::F, y: L::F) -> L::F {
            let _ = (m, frame);
            l.f_mul_add(l.f_splat(a), x, y)
        }

        #[doc(hidden)]
        #[inline(always)]
        #[allow(clippy::all)]
        fn tile<L: __l::Lanes, const STREAM: bool>(
            l: L,
            frame: &__k::Frame<'_>,
            place: __k::Place,
            n: usize,
            a: f32,
            x: &[f32],
            y: &[f32],
            out: &mut [f32],
        ) {
            let (x, y, out) = (&x[..n], &y[..n], &mut out[..n]);
            let all = l.m_splat(true);
            let mut i = 0;
            while i + L::N <= n {
                let r = saxpy::lanes(
                    l,
                    all,
                    frame,
                    a,
                    <f32 as __k::LaneElement>::load(l, &x[i..i + L::N]),
                    <f32 as __k::LaneElement>::load(l, &y[i..i + L::N]),
                );
                if STREAM {
                    <f32 as __k::LaneElement>::stream(l, &mut out[i..i + L::N], r);
                } else {
                    <f32 as __k::LaneElement>::store(l, &mut out[i..i + L::N], r);
                }
                i += L::N;
            }
            if i < n {
                let r = saxpy::lanes(
                    l,
                    l.first(n - i),
                    frame,
                    a,
                    <f32 as __k::LaneElement>::load_part(l, &x[i..]),
                    <f32 as __k::LaneElement>::load_part(l, &y[i..]),
                );
                <f32 as __k::LaneElement>::store_part(l, &mut out[i..], r);
            }
            if STREAM {
                l.fence();
            }
            let _ = place;
        }
    }

    // per level and per kind of store one pair: the entry, and the loop with plain slices (never inlined into the
    // entry, so that the slices are arguments)
    fn saxpy_map_scalar<const STREAM: bool>(
        l: __l::Scalar,
        frame: &__k::Frame<'_>,
        place: __k::Place,
        n: usize,
        tiles: __k::TileOf<'_, saxpy>,
        out: __k::OutTileOf<'_, saxpy>,
    ) {
        saxpy::tile::<_, STREAM>(l, frame, place, n, tiles.0, tiles.1.slice(n), tiles.2.slice(n), out)
    }
    fn saxpy_map_baseline<const STREAM: bool>(
        l: __l::Portable,
        frame: &__k::Frame<'_>,
        place: __k::Place,
        n: usize,
        tiles: __k::TileOf<'_, saxpy>,
        out: __k::OutTileOf<'_, saxpy>,
    ) {
        saxpy::tile::<_, STREAM>(l, frame, place, n, tiles.0, tiles.1.slice(n), tiles.2.slice(n), out)
    }
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma")]
    fn saxpy_map_avx2<const STREAM: bool>(
        l: __l::Pair<__l::Avx2>,
        frame: &__k::Frame<'_>,
        place: __k::Place,
        n: usize,
        tiles: __k::TileOf<'_, saxpy>,
        out: __k::OutTileOf<'_, saxpy>,
    ) {
        #[inline(never)]
        #[target_feature(enable = "avx2,fma")]
        fn plain<const STREAM: bool>(
            l: __l::Pair<__l::Avx2>,
            frame: &__k::Frame<'_>,
            place: __k::Place,
            n: usize,
            a: f32,
            x: &[f32],
            y: &[f32],
            out: &mut [f32],
        ) {
            saxpy::tile::<_, STREAM>(l, frame, place, n, a, x, y, out)
        }
        plain::<STREAM>(l, frame, place, n, tiles.0, tiles.1.slice(n), tiles.2.slice(n), out)
    }
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma,avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
    fn saxpy_map_avx512<const STREAM: bool>(
        l: __l::Pair<__l::Avx512>,
        frame: &__k::Frame<'_>,
        place: __k::Place,
        n: usize,
        tiles: __k::TileOf<'_, saxpy>,
        out: __k::OutTileOf<'_, saxpy>,
    ) {
        saxpy::tile::<_, STREAM>(l, frame, place, n, tiles.0, tiles.1.slice(n), tiles.2.slice(n), out)
    }

    impl __k::Kernel for saxpy {
        const INFO: __k::KernelInfo = __k::KernelInfo {
            name: "saxpy",
            path: ::core::concat!(::core::module_path!(), "::saxpy"),
            hash: 0x1234,
            params: &[
                __k::ParamInfo {
                    name: "a",
                    kind: __k::ParamKind::Uniform,
                    element: <f32 as ::manylane::memory::Element>::TYPE,
                    access: ::manylane::shape::Access::All,
                },
                __k::ParamInfo {
                    name: "x",
                    kind: __k::ParamKind::Element,
                    element: <f32 as ::manylane::memory::Element>::TYPE,
                    access: ::manylane::shape::Access::Own,
                },
                __k::ParamInfo {
                    name: "y",
                    kind: __k::ParamKind::Element,
                    element: <f32 as ::manylane::memory::Element>::TYPE,
                    access: ::manylane::shape::Access::Own,
                },
            ],
            results: <f32 as __k::Output>::ELEMENTS,
            ops: __k::OpCounts { flops: 2, ints: 0, specials: 0, loads: 0, loops: false, unbounded: false },
            strict: false,
        };
        const WGSL: &'static __k::Fragment = &__k::Fragment {
            path: ::core::concat!(::core::module_path!(), "::saxpy"),
            hash: 0x1234,
            pieces: &[
                __k::Piece::Text("fn "),
                __k::Piece::Me,
                __k::Piece::Text("(a: f32, x: f32, y: f32) -> f32 {\n    return fma(a, x, y);\n}\n"),
            ],
        };
        type Params = (__k::Uniform<f32>, __k::Element<f32>, __k::Element<f32>);
        type Out = f32;
        const ENTRIES: __k::Entries<Self> = __k::Entries {
            scalar: [saxpy_map_scalar::<false>, saxpy_map_scalar::<true>],
            baseline: [saxpy_map_baseline::<false>, saxpy_map_baseline::<true>],
            #[cfg(target_arch = "x86_64")]
            avx2: [saxpy_map_avx2::<false>, saxpy_map_avx2::<true>],
            #[cfg(target_arch = "x86_64")]
            avx512: [saxpy_map_avx512::<false>, saxpy_map_avx512::<true>],
        };
        #[inline(always)]
        fn vector<L: __l::Lanes>(
            l: L,
            frame: &__k::Frame<'_>,
            place: __k::Place,
            tiles: &mut __k::TileOf<'_, Self>,
            i: usize,
            n: usize,
        ) -> <Self::Out as __k::Output>::Lane<L> {
            let _ = place;
            saxpy::lanes(l, l.first(n), frame, tiles.0, tiles.1.load(l, i, n), tiles.2.load(l, i, n))
        }
    }

    impl __k::Callable for saxpy {
        type LaneArgs<L: __l::Lanes> = (f32, L::F, L::F);
        #[inline(always)]
        fn lanes<L: __l::Lanes>(
            l: L,
            m: L::M,
            frame: &__k::Frame<'_>,
            args: Self::LaneArgs<L>,
        ) -> <Self::Out as __k::Output>::Lane<L> {
            saxpy::lanes(l, m, frame, args.0, args.1, args.2)
        }
    }
    impl<L: __l::Lanes, A1: __k::ToLane<L, f32>, A2: __k::ToLane<L, f32>> __k::CallArgs<saxpy, L>
        for (__k::Uni<f32>, A1, A2)
    {
        #[inline(always)]
        fn into_lanes(self, l: L) -> (f32, L::F, L::F) {
            (self.0.0, self.1.to_lane(l), self.2.to_lane(l))
        }
    }

    impl<'a, A1: __k::IntoElement<'a, f32>, A2: __k::IntoElement<'a, f32>> __k::Args<'a, saxpy> for (f32, A1, A2) {
        fn into_args(self) -> <<saxpy as __k::Kernel>::Params as __k::Params>::Arg<'a> {
            (self.0, self.1.into_element(), self.2.into_element())
        }
    }
};

// ---- #[kernel] fn twice(x: f32, #[uniform] k: f32) -> f32 { let u: f32 = saxpy(2.0, x, k); u + u }   (the call only)
#[inline(always)]
#[allow(dead_code)]
fn twice_lanes<L: ::manylane::lanes::Lanes>(
    l: L,
    m: L::M,
    frame: &::manylane::kernel::Frame<'_>,
    x: L::F,
    k: f32,
) -> L::F {
    use ::manylane::kernel as __k;
    let u: L::F = <saxpy as __k::Callable>::lanes(
        l,
        m,
        frame,
        __k::CallArgs::<saxpy, L>::into_lanes((__k::Uni(2.0), __k::Var::<L, f32>(x), __k::Uni(k)), l),
    );
    l.f_add(u, u)
}

// ---- a launch finds the types of its literals
fn map<'a, K: ::manylane::kernel::Kernel>(args: impl ::manylane::kernel::Args<'a, K>) {
    let _ = args.into_args();
}

#[test]
fn it_compiles() {
    let y = vec![1.0; 4];
    let x: Vec<f32> = vec![1.0; 4];
    map::<saxpy>((2.0, &x, &y));
    map::<saxpy>((2.0, 1.0, &y[1..]));
}
