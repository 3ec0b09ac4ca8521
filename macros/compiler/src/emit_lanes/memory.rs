//! What is read and written beside the own element, over lanes: slices, arrays, pictures, shared places, generators.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::{Context, LaneEmitter, lane_type, letter, param_name, plain_type, select_of};
use crate::ir::{self, At, AtomicOp, Expr, Item, Near, Stmt, Store, TableId, VarId};
use crate::types::{Scalar, Type};
use crate::uniformity::Spread;

/// Indices below this are masked rather than looked at; slices that are longer than the mask are few above it.
const LOW: u32 = 1 << 16;

impl LaneEmitter<'_> {
    pub(super) fn param(&self, at: usize) -> Ident {
        param_name(at, &self.kernel.params[at].name)
    }

    fn table_name(&self, table: TableId) -> Ident {
        format_ident!("t{}_{}", table, self.kernel.tables[table].name.trim_start_matches("r#"))
    }

    fn table_scalar(&self, table: TableId) -> Scalar {
        ir::known(self.kernel.tables[table].ty)
    }

    /// A new private array: vectors where what it holds differs by lane, else plain values.
    pub(super) fn let_table(&self, table: TableId, values: &[Expr], context: &Context) -> TokenStream {
        let (name, scalar) = (self.table_name(table), self.table_scalar(table));
        let length = Literal::usize_unsuffixed(self.kernel.tables[table].length);
        let varies = self.spreads.table_varies(table);
        let ty = if varies { lane_type(scalar) } else { plain_type(scalar) };
        let mut values = values.iter().map(|value| match varies {
            true => self.varying(value, context),
            false => self.plain(value, context),
        });
        let values = if values.len() == 1 {
            let one = values.next();
            quote!([#one; #length])
        } else {
            quote!([#(#values),*])
        };
        quote!(let mut #name: [#ty; #length] = #values;)
    }

    pub(super) fn put(&self, table: TableId, index: &Expr, value: &Expr, context: &Context) -> TokenStream {
        let (name, scalar) = (self.table_name(table), self.table_scalar(table));
        let (text, mask) = (self.kernel.tables[table].name.clone(), context.mask());
        if !self.spreads.table_varies(table) {
            let (index, value) = (self.plain(index, context), self.plain(value, context));
            return quote! {{
                let (index, value) = (#index, #value);
                __k::tables::put_one(l, frame, #mask, &mut #name, index, value, #text);
            }};
        }
        let value = self.varying(value, context);
        if self.spreads.expr(index) == Spread::Uniform {
            let index = self.plain(index, context);
            let select = select_of(scalar, quote!(#mask), quote!(value), quote!(*place));
            return quote! {
                {
                    let (index, value) = (#index, #value);
                    if let Some(place) = __k::tables::place(l, frame, #mask, &mut #name, index, #text) {
                        *place = #select;
                    }
                }
            };
        }
        let put = format_ident!("put_{}", letter(scalar));
        let index = self.varying(index, context);
        quote! {{
            let (index, value) = (#index, #value);
            __k::tables::#put(l, frame, #mask, &mut #name, index, value, #text);
        }}
    }

    /// An element: plain where it is the same for all lanes.
    pub(super) fn item(&self, item: &Item, context: &Context) -> TokenStream {
        let mask = context.mask();
        let index = &item.index;
        let (store, text) = match item.store {
            Store::Param(at) => {
                let name = self.param(at);
                (quote!(#name), String::new())
            }
            Store::Table(table) => {
                let (name, text) = (self.table_name(table), self.kernel.tables[table].name.clone());
                if self.spreads.table_varies(table) {
                    if self.spreads.expr(index) == Spread::Uniform {
                        let index = self.plain(index, context);
                        if self.is_there(item) {
                            return quote!(#name[#index as usize]);
                        }
                        return quote!(__k::tables::one(l, frame, #mask, &#name, #index, #text));
                    }
                    let get = format_ident!("get_{}", letter(self.table_scalar(table)));
                    let index = self.varying(index, context);
                    return quote!(__k::tables::#get(l, frame, #mask, &#name, #index, #text));
                }
                (quote!(__k::SliceTile::new(&#name, #text)), text)
            }
        };
        let _ = text;
        match self.spreads.expr(index) {
            Spread::Uniform if self.is_there(item) => {
                let index = self.plain(index, context);
                quote!(#store.known(#index))
            }
            Spread::Uniform => {
                let index = self.plain(index, context);
                quote!(#store.one(l, frame, #mask, #index))
            }
            Spread::Linear => {
                let index = self.plain(index, context);
                quote!(#store.run(l, frame, #mask, #index as u32))
            }
            Spread::Varying => match self.low(index) {
                Some(most) => {
                    let index = self.varying(index, context);
                    quote!(#store.get_low(l, frame, #mask, #index, #most))
                }
                None => {
                    let index = self.varying(index, context);
                    quote!(#store.get(l, frame, #mask, #index))
                }
            },
        }
    }

    /// The bound of an index that differs by lane, where it is known and low.
    pub(super) fn low(&self, index: &Expr) -> Option<u32> {
        let varies = self.spreads.expr(index) == Spread::Varying;
        self.ranges.most(index).filter(|most| varies && *most < LOW)
    }

    /// Whether it is known that the array has that element.
    fn is_there(&self, item: &Item) -> bool {
        let length = match item.store {
            Store::Table(table) => self.kernel.tables[table].length,
            Store::Param(at) => match &self.kernel.params[at].ty {
                Type::Table(_, length) => *length,
                _ => return false,
            },
        };
        self.ranges.most(&item.index).is_some_and(|most| (most as usize) < length)
    }

    /// The windows that looks around the own cell go through.
    pub(super) fn cut_windows(&self) -> TokenStream {
        let mut code = TokenStream::new();
        for (picture, reach) in &self.windows {
            let (name, cell) = (self.param(*picture), self.param(reach.cell));
            let (window, room) = (window_name(*picture), format_ident!("room{}", picture));
            let ((left, right), top) = (reach.columns, reach.rows.0);
            let (columns, rows) = reach.size();
            let most_rows = rows + usize::from(self.stacks());
            // A constant cannot ask the level how many lanes it has.
            let most = quote!({ (#columns - 1 + __l::MAX_LANES) * #most_rows });
            code.extend(quote! {
                let mut #room = None;
                let #window =
                    #name.window::<L, #most, #most_rows>(#cell, [#left, #right], (#top, #rows), &mut #room);
            });
        }
        code
    }

    /// The lanes of a cell near the own one.
    pub(super) fn near(&self, near: &Near, context: &Context) -> TokenStream {
        let (picture, cell) = (self.param(near.picture), self.param(near.cell));
        if !self.spreads.varies(&near.dx) && !self.spreads.varies(&near.dy) {
            let (dx, dy) = (self.plain(&near.dx, context), self.plain(&near.dy, context));
            if let Some(reach) = self.windows.get(&near.picture)
                && self.ranges.is_inside(near, *reach)
            {
                let window = window_name(near.picture);
                return quote!(#window.near(l, #dx, #dy));
            }
            if context.covered && self.span(near, context).is_some() {
                return quote!(#picture.near_inside(l, #cell, #dx, #dy));
            }
            return quote!(#picture.near(l, #cell, #dx, #dy));
        }
        let (dx, dy) = (self.varying(&near.dx, context), self.varying(&near.dy, context));
        let mask = context.mask();
        quote!(#picture.around(l, #cell, #dx, #dy, #mask))
    }

    /// The lanes of cells anywhere.
    pub(super) fn at(&self, at: &At, context: &Context) -> TokenStream {
        let (picture, mask) = (self.param(at.picture), context.mask());
        if let (Some((x, odd)), false) = (self.twos(&at.x, context), self.spreads.varies(&at.y)) {
            let y = self.plain(&at.y, context);
            return quote!(#picture.at_twos(l, (#x, #odd), #y, #mask));
        }
        let (x, y) = (self.varying(&at.x, context), self.varying(&at.y, context));
        quote!(#picture.at(l, #x, #y, #mask))
    }

    pub(super) fn draw(&self, param: usize, count: &Expr, context: &Context) -> TokenStream {
        let name = self.param(param);
        if self.spreads.expr(count) == Spread::Uniform {
            let count = self.plain(count, context);
            return quote!(#name.next(l, #count));
        }
        let count = self.varying(count, context);
        quote!(#name.word(l, #count))
    }

    pub(super) fn atomic(
        &self,
        param: usize,
        op: AtomicOp,
        index: &Expr,
        args: &[Expr],
        old: Option<VarId>,
        context: &Context,
    ) -> TokenStream {
        let (name, mask) = (self.param(param), context.mask());
        let method = match op {
            AtomicOp::Load => "load",
            AtomicOp::Add => "add",
            AtomicOp::Min => "min",
            AtomicOp::Max => "max",
            AtomicOp::And => "and",
            AtomicOp::Or => "or",
            AtomicOp::Xor => "xor",
            AtomicOp::Exchange => "exchange",
            AtomicOp::CompareExchange => "compare_exchange",
        };
        let method = format_ident!("{}", method);
        let index = self.varying(index, context);
        let args = args.iter().map(|arg| self.varying(arg, context));
        let call = quote!(#name.#method(l, frame, #mask, #index, #(#args),*));
        // The value that stood there is asked for where it is read.
        match old.filter(|var| self.is_read(*var)) {
            Some(var) => {
                let var = self.own_name(var);
                quote!(let mut #var = #call;)
            }
            None => quote!(let _ = #call;),
        }
    }

    fn is_read(&self, var: VarId) -> bool {
        let mut read = false;
        let mut look = |expr: &Expr| {
            expr.walk(&mut |part| read |= matches!(part.kind, ir::ExprKind::Var(other) if other == var));
        };
        ir::each_stmt(&self.kernel.body, &mut |stmt: &Stmt| stmt.exprs(&mut look));
        self.kernel.results.iter().for_each(look);
        read
    }
}

/// The window that is cut out of a picture.
fn window_name(picture: usize) -> Ident {
    format_ident!("window{}", picture)
}
