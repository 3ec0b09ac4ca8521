//! The loops: over one tile, generic, and per level the two functions that carry its features.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{Items, Param, result_names, result_pattern, written};
use crate::ir::ParamKind;

/// A level: its suffix, the token's type, its features, and whether it exists on x86-64 only.
struct Level {
    suffix: &'static str,
    token: TokenStream,
    features: Option<&'static str>,
}

fn levels() -> [Level; 4] {
    [
        Level { suffix: "scalar", token: quote!(__l::Scalar), features: None },
        Level { suffix: "baseline", token: quote!(__l::Portable), features: None },
        Level { suffix: "avx2", token: quote!(__l::Avx2), features: Some("avx2,fma") },
        Level {
            suffix: "avx512",
            token: quote!(__l::Avx512),
            features: Some("avx2,fma,avx512f,avx512bw,avx512cd,avx512dq,avx512vl"),
        },
    ]
}

impl Items<'_> {
    fn entry_name(&self, what: &str, suffix: &str) -> Ident {
        format_ident!("{}_{}_{}", self.name, what, suffix)
    }

    /// Plain parameters of a loop: arguments, then results; those of the loop that does not know how long slices are.
    fn plain_params(&self, any: bool) -> Vec<TokenStream> {
        let mut params: Vec<TokenStream> = self
            .launched()
            .map(|(param, _)| {
                let (name, ty) = (&param.name, &param.ty);
                match param.kind {
                    ParamKind::Uniform => quote!(#name: #ty),
                    ParamKind::InPlace => quote!(#name: &mut [#ty]),
                    ParamKind::Picture => quote!(#name: __k::ImageTile<'_, #ty>),
                    ParamKind::Slice | ParamKind::Table if any => {
                        let element = &param.element;
                        quote!(#name: __k::SliceTile<'_, #element>)
                    }
                    ParamKind::Slice | ParamKind::Table => self.slice(param),
                    ParamKind::Atomics => quote!(#name: __k::AtomicTile<'_, #ty>),
                    ParamKind::Random => quote!(#name: __k::RandomTile),
                    _ => quote!(#name: &[#ty]),
                }
            })
            .collect();
        params.extend(self.outs().into_iter().map(|(out, ty)| quote!(#out: &mut [#ty])));
        params
    }

    /// The same as values.
    fn plain_args(&self) -> Vec<TokenStream> {
        let mut args: Vec<TokenStream> = self
            .launched()
            .map(|(param, _)| {
                let name = &param.name;
                quote!(#name)
            })
            .collect();
        args.extend(self.outs().into_iter().map(|(out, _)| quote!(#out)));
        args
    }

    fn outs(&self) -> Vec<(Ident, TokenStream)> {
        result_names(self.result)
            .into_iter()
            .enumerate()
            .map(|(at, (_, ty))| (format_ident!("out{}", at), ty))
            .collect()
    }

    /// The loop over one tile.
    pub(super) fn tile(&self) -> TokenStream {
        let name = self.name;
        let (params, long) = (self.plain_params(false), self.long());
        let cut = self.launched().filter_map(|(param, _)| {
            let name = &param.name;
            match param.kind {
                ParamKind::Element => Some(quote!(let #name = &#name[..n];)),
                ParamKind::InPlace => Some(quote!(let #name = &mut #name[..n];)),
                _ => None,
            }
        });
        let cut_outs = self.outs().into_iter().map(|(out, _)| quote!(let #out = &mut #out[..n];));
        let pattern = self.pattern();
        let whole = self.params.iter().map(|param| self.lane_arg(param, true));
        let part = self.params.iter().map(|param| self.lane_arg(param, false));
        let store_whole = self.stores(true);
        let store_part = self.stores(false);
        quote! {
            #[inline(always)]
            fn tile<L: __l::Lanes #long>(
                l: L,
                frame: &__k::Frame<'_>,
                place: __k::Place,
                n: usize,
                #(#params),*
            ) {
                #(#cut)*
                #(#cut_outs)*
                let stream = frame.streams();
                let all = l.m_splat(true);
                let mut i = 0usize;
                while n - i >= L::N {
                    let #pattern = #name::lanes(l, all, &frame.at(place, i), #(#whole),*);
                    #store_whole
                    i += L::N;
                }
                if i < n {
                    let #pattern = #name::lanes(l, l.first(n - i), &frame.at(place, i), #(#part),*);
                    #store_part
                }
                if stream {
                    l.fence();
                }
            }
        }
    }

    /// The loop over two rows of a grid, `n` places in all, with vectors over both; none where bodies cannot. The last vector of
    /// a row begins where it ends with the row, and gives some results twice.
    pub(super) fn tile_of_rows(&self) -> Option<TokenStream> {
        if !self.compiled.stacks {
            return None;
        }
        let name = self.name;
        let (params, long) = (self.plain_params(false), self.long());
        let args = self.params.iter().map(|param| self.lane_arg(param, true));
        let ty = written(self.result);
        Some(quote! {
            #[inline(always)]
            fn tile_of_rows<L: __l::Lanes #long>(
                l: L,
                frame: &__k::Frame<'_>,
                place: __k::Place,
                n: usize,
                #(#params),*
            ) {
                let n = n / 2;
                let (above, below) = out0[..2 * n].split_at_mut(n);
                let (stream, all) = (frame.streams(), l.m_splat(true));
                let mut i = 0usize;
                while i < n {
                    i = i.min(n - L::COLUMNS);
                    let result = #name::lanes(l, all, &frame.at(place, i), #(#args),*);
                    let (above, below) = (&mut above[i..i + L::COLUMNS], &mut below[i..i + L::COLUMNS]);
                    <#ty as __k::LaneElement>::store_rows(l, above, below, result, stream);
                    i += L::COLUMNS;
                }
                if stream {
                    l.fence();
                }
            }
        })
    }

    /// A pattern for what `lanes` gives: results under `r0`, `r1`, …, elements in place under `u_` and their names.
    fn pattern(&self) -> TokenStream {
        let result = result_pattern(self.result);
        let updated: Vec<Ident> = self.in_place().map(updated_name).collect();
        if updated.is_empty() { result } else { quote!((#result, (#(#updated,)*))) }
    }

    fn lane_arg(&self, param: &Param, whole: bool) -> TokenStream {
        let (name, ty) = (&param.name, &param.ty);
        match param.kind {
            ParamKind::Uniform
            | ParamKind::Picture
            | ParamKind::Slice
            | ParamKind::Table
            | ParamKind::Atomics => quote!(#name),
            ParamKind::Random => random(&quote!(#name)),
            ParamKind::Cell => cell(),
            ParamKind::Index => index(),
            ParamKind::Element | ParamKind::InPlace if whole => {
                quote!(<#ty as __k::LaneElement>::load(l, &#name[i..i + L::N]))
            }
            ParamKind::Element | ParamKind::InPlace => {
                quote!(<#ty as __k::LaneElement>::load_part(l, &#name[i..]))
            }
        }
    }

    fn stores(&self, whole: bool) -> TokenStream {
        let mut stores = TokenStream::new();
        let streams = ["f32", "i32", "u32"];
        for param in self.in_place() {
            let (name, ty, value) = (&param.name, &param.ty, updated_name(param));
            stores.extend(if whole {
                quote!(<#ty as __k::LaneElement>::store(l, &mut #name[i..i + L::N], #value);)
            } else {
                quote!(<#ty as __k::LaneElement>::store_part(l, &mut #name[i..], #value);)
            });
        }
        for ((value, ty), (out, _)) in result_names(self.result).into_iter().zip(self.outs()) {
            stores.extend(match (whole, streams.contains(&ty.to_string().as_str())) {
                // Which one is asked in each turn: two loops would take twice the time to compile.
                (true, true) => quote! {
                    if stream {
                        <#ty as __k::LaneElement>::stream(l, &mut #out[i..i + L::N], #value);
                    } else {
                        __l::prefetch_result::<L, _>(&#out[i]);
                        <#ty as __k::LaneElement>::store(l, &mut #out[i..i + L::N], #value);
                    }
                },
                (true, false) => quote!(<#ty as __k::LaneElement>::store(l, &mut #out[i..i + L::N], #value);),
                (false, _) => quote!(<#ty as __k::LaneElement>::store_part(l, &mut #out[i..], #value);),
            });
        }
        stores
    }

    /// For each level its entry; where it has features, through a function whose slices are arguments: packed in a
    /// tuple they cost up to 1.18 (aliasing and bounds checks come back).
    pub(super) fn levels(&self) -> TokenStream {
        let name = self.name;
        let params = self.plain_params(true);
        let plain = self.plain_args();
        let unpack: Vec<TokenStream> = self
            .launched()
            .map(|(param, slot)| match param.kind {
                ParamKind::Uniform | ParamKind::Picture | ParamKind::Random => quote!(tiles.#slot),
                ParamKind::Slice | ParamKind::Table | ParamKind::Atomics => {
                    let text = param.text();
                    quote!(tiles.#slot.named(#text))
                }
                _ => quote!(tiles.#slot.slice(n)),
            })
            .collect();
        let outs = self.outs();
        let unpack_out: Vec<TokenStream> = match (self.result, outs.len()) {
            (crate::types::Type::Tuple(_), count) => (0..count)
                .map(|at| {
                    let at = syn::Index::from(at);
                    quote!(out.#at)
                })
                .collect(),
            (_, 0) => Vec::new(),
            _ => vec![quote!(out)],
        };
        let rows = self.compiled.stacks.then(|| {
            quote! {
                if frame.is_stacked() {
                    return #name::tile_of_rows(__l::Stacked::stacked(l), frame, place, n, #(#plain),*);
                }
            }
        });
        let mut all = TokenStream::new();
        for Level { suffix, token, features } in levels() {
            let map = self.entry_name("map", suffix);
            let head = quote! {
                l: #token,
                frame: &__k::Frame<'_>,
                place: __k::Place,
                n: usize,
            };
            let packed = quote! {
                tiles: __k::TileOf<'_, #name>,
                out: __k::OutTileOf<'_, #name>,
            };
            let Some(features) = features else {
                all.extend(quote! {
                    fn #map(#head #packed) {
                        #name::tile(l, frame, place, n, #(#unpack,)* #(#unpack_out,)*)
                    }
                });
                continue;
            };
            let loop_name = self.entry_name("plain", suffix);
            let look = match suffix {
                "avx2" => self.look_at_lengths(),
                "avx512" if self.looks_up_bytes() => self.look_at_lengths(),
                _ => TokenStream::new(),
            };
            all.extend(quote! {
                #[cfg(target_arch = "x86_64")]
                #[inline(never)]
                #[target_feature(enable = #features)]
                fn #loop_name(#head #(#params),*) {
                    __l::align_frame();
                    #rows
                    let l = __l::Pair::new(l);
                    #look
                    #name::tile(l, frame, place, n, #(#plain),*)
                }
                #[cfg(target_arch = "x86_64")]
                #[target_feature(enable = #features)]
                fn #map(#head #packed) {
                    #loop_name(l, frame, place, n, #(#unpack,)* #(#unpack_out,)*)
                }
            });
        }
        all
    }

    /// Where all slices are as long as the bounds of indices say, a loop that relies on it: even a branch that is never
    /// taken costs the registers that its other side needs (noise took 1.2 times as long on AVX2).
    fn look_at_lengths(&self) -> TokenStream {
        let name = self.name;
        let looks: Vec<TokenStream> = self
            .params
            .iter()
            .filter_map(|param| {
                let (name, most) = (&param.name, self.low(param)?);
                Some(quote!(#name.is_long(#most)))
            })
            .collect();
        if looks.is_empty() {
            return TokenStream::new();
        }
        let outs = self.outs().into_iter().map(|(out, _)| quote!(#out));
        let args = self.launched().map(|(param, _)| {
            let name = &param.name;
            if self.low(param).is_some() { quote!(#name.long()) } else { quote!(#name) }
        });
        quote! {
            if #(#looks)&&* {
                return #name::tile(l, frame, place, n, #(#args,)* #(#outs),*);
            }
        }
    }

    /// Whether a slice is indexed by bytes and holds bytes: it may be in registers.
    fn looks_up_bytes(&self) -> bool {
        self.params.iter().any(|param| self.low(param) == Some(255) && param.element.to_string() == "u8")
    }

    /// The table of entries.
    pub(super) fn entries(&self) -> TokenStream {
        let fields = levels().map(|level| {
            let field = format_ident!("{}", level.suffix);
            let map = self.entry_name("map", level.suffix);
            let cfg = level.features.map(|_| quote!(#[cfg(target_arch = "x86_64")]));
            quote!(#cfg #field: #map)
        });
        quote! {
            const ENTRIES: __k::Entries<Self> = __k::Entries { #(#fields),* };
        }
    }

    /// One vector of results.
    pub(super) fn vector(&self) -> TokenStream {
        let name = self.name;
        let args = self.params.iter().map(|param| match (&param.slot, param.kind) {
            (_, ParamKind::Cell) => cell(),
            (Some(slot), ParamKind::Uniform | ParamKind::Picture) => quote!(tiles.#slot),
            (Some(slot), ParamKind::Slice | ParamKind::Table | ParamKind::Atomics) => {
                let text = param.text();
                quote!(tiles.#slot.named(#text))
            }
            (Some(slot), ParamKind::Random) => random(&quote!(tiles.#slot)),
            (Some(slot), _) => quote!(tiles.#slot.load(l, i, n)),
            (None, _) => index(),
        });
        let updated: Vec<Ident> = self.in_place().map(updated_name).collect();
        let stores = self.in_place().filter_map(|param| {
            let (slot, value) = (param.slot.as_ref()?, updated_name(param));
            Some(quote!(tiles.#slot.store(l, i, n, #value);))
        });
        let call = quote!(#name::lanes(l, l.first(n), &frame.at(place, i), #(#args),*));
        let body = if updated.is_empty() {
            call
        } else {
            quote! {
                let (result, (#(#updated,)*)) = #call;
                #(#stores)*
                result
            }
        };
        quote! {
            #[inline(always)]
            fn vector<L: __l::Lanes>(
                l: L,
                frame: &__k::Frame<'_>,
                place: __k::Place,
                tiles: &mut __k::TileOf<'_, Self>,
                i: usize,
                n: usize,
            ) -> <Self::Out as __k::Output>::Lane<L> {
                #body
            }
        }
    }
}

fn updated_name(param: &Param) -> Ident {
    format_ident!("u_{}", param.name)
}

/// The cell of the first lane of the vector at `i`.
fn cell() -> TokenStream {
    quote!(__k::Cell { x: place.x.wrapping_add(i as u32), y: place.y })
}

/// The first place of the vector at `i`.
fn index() -> TokenStream {
    quote!(place.index.wrapping_add(i as u32))
}

/// The generator of the first place of the vector at `i`.
fn random(tile: &TokenStream) -> TokenStream {
    quote!(#tile.at(place.index.wrapping_add(i as u32)))
}
