//! What a transform reads: an array, a view, or borrowed memory.

use std::ops::{Deref, Range};

use manylane::kernel::{IntoSlice, LaneElement, SliceArg};
use manylane::memory::{Home, Read};
use manylane::prelude::*;
use manylane::{Result, View};

/// The input of a transform.
pub(crate) struct Source<'a, T: LaneElement>(SliceArg<'a, T>);

/// Its elements on the host.
pub(crate) enum Held<'h, T> {
    Read(Read<'h, T>),
    Slice(&'h [T]),
}

impl<'a, T: LaneElement> Source<'a, T> {
    pub fn new(x: impl IntoSlice<'a, T>) -> Self {
        Source(x.into_slice())
    }

    pub fn domain(&self) -> Domain {
        match &self.0 {
            SliceArg::Array(array) => array.domain(),
            SliceArg::View(view) => view.domain(),
            SliceArg::Slice(slice) => Domain::Line(slice.len()),
        }
    }

    /// The runtime that it belongs to, if it belongs to one.
    pub fn home(&self) -> Option<&Home> {
        match &self.0 {
            SliceArg::Array(array) => Some(array.home()),
            SliceArg::View(view) => Some(view.home()),
            SliceArg::Slice(_) => None,
        }
    }

    /// The elements on the host; waits for whatever computes them.
    pub fn host(&self) -> Result<Held<'_, T>> {
        Ok(match &self.0 {
            SliceArg::Array(array) => Held::Read(array.read()?),
            SliceArg::View(view) => Held::Read(view.read()?),
            SliceArg::Slice(slice) => Held::Slice(slice),
        })
    }

    /// Some elements for launches, where they are; borrowed ones and those of a view's part are copied.
    pub fn part(&self, rt: &Runtime, range: Range<usize>) -> Result<View<T>> {
        let whole = range == (0..self.domain().len());
        match &self.0 {
            SliceArg::Array(array) => array.slice(range),
            SliceArg::View(view) if whole => Ok(view.clone()),
            SliceArg::View(view) => rt.array(view.read()?[range].to_vec())?.slice(..),
            SliceArg::Slice(slice) => rt.array(slice[range].to_vec())?.slice(..),
        }
    }
}

impl<T> Deref for Held<'_, T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        match self {
            Held::Read(read) => read,
            Held::Slice(slice) => slice,
        }
    }
}
