//! Sparse matrices in compressed rows (CSR), times a vector.
//!
//! The product of each non-zero and its element of the vector is a launch's result; the products of each row are then a
//! segment, and the library's segmented sum adds them. It shares out places, not segments: threads and workgroups get as
//! many non-zeros each, however uneven the rows are, as in D. Merrill and M. Garland, "Merge-based parallel sparse matrix-vector
//! multiplication", 2016. A row is summed by a tree that depends on its length only: the same bits on every target.

use manylane::Result;
use manylane::prelude::*;

use crate::place::{as_long, mismatch};

/// A non-zero times its element of the vector.
#[kernel]
pub fn entry_product(value: f32, column: u32, x: &[f32]) -> f32 {
    value * x[column as usize]
}

/// A matrix of which only what is not zero is stored, row after row.
#[derive(Clone)]
pub struct Csr {
    columns: usize,
    /// Where each row begins, and where the last one ends.
    offsets: Vec<u32>,
    places: Array<u32>,
    values: Array<f32>,
}

impl Csr {
    /// Row `i` has the values `values[offsets[i]..offsets[i + 1]]`, in the columns that stand there in `places`. Columns may
    /// come in any order; what stands twice adds up.
    ///
    /// # Errors
    /// `ShapeMismatch` where offsets do not begin with 0, descend, or do not end with the number of values, or where there
    /// are not as many columns as values; `OutOfBounds` where a column is not below `columns`.
    pub fn new(
        rt: &Runtime,
        columns: usize,
        offsets: Vec<u32>,
        places: Vec<u32>,
        values: Vec<f32>,
    ) -> Result<Csr> {
        if places.len() != values.len() {
            return Err(mismatch(format!(
                "{} values and {} columns for them; each value needs one column",
                values.len(),
                places.len()
            )));
        }
        if offsets.first() != Some(&0) {
            return Err(mismatch(format!(
                "the first row begins at {:?} and has to at 0; give an offset for each row's beginning, and the last one's end",
                offsets.first()
            )));
        }
        if let Some(row) = offsets.windows(2).position(|pair| pair[1] < pair[0]) {
            return Err(mismatch(format!(
                "row {row} begins at {} and ends at {}; offsets ascend",
                offsets[row],
                offsets[row + 1]
            )));
        }
        let end = offsets[offsets.len() - 1] as usize;
        if end != values.len() {
            let row = offsets.len() - 2.min(offsets.len());
            return Err(mismatch(format!(
                "the last row, {row}, ends at {end} and there are {} values; the last offset is their number",
                values.len()
            )));
        }
        if let Some(at) = places.iter().position(|place| *place as usize >= columns) {
            let row = offsets.partition_point(|offset| *offset as usize <= at) - 1;
            let text = format!(
                "row {row} has a value in column {}, and the matrix has {columns} columns, counted from 0; mend the column or \
                 widen the matrix",
                places[at]
            );
            return Err(Error::new(ErrorKind::OutOfBounds, text));
        }
        Ok(Csr { columns, offsets, places: rt.array(places)?, values: rt.array(values)? })
    }

    /// The matrix of so many rows and columns with the value of each `(row, column, value)` added there, in any order.
    ///
    /// # Errors
    /// `OutOfBounds` where a row or column is not one of the matrix; `LimitExceeded` for 2^32 values or more.
    pub fn of(rt: &Runtime, (rows, columns): (usize, usize), entries: &[(u32, u32, f32)]) -> Result<Csr> {
        if u32::try_from(entries.len()).is_err() {
            let text = format!(
                "{} values, and they are counted in 32 bits; divide the matrix by rows",
                entries.len()
            );
            return Err(Error::new(ErrorKind::LimitExceeded, text));
        }
        if let Some((row, column, _)) = entries.iter().find(|(row, ..)| *row as usize >= rows) {
            let text = format!(
                "a value in row {row}, column {column}, and the matrix has {rows} rows, counted from 0; mend the row or give \
                 the matrix more"
            );
            return Err(Error::new(ErrorKind::OutOfBounds, text));
        }
        let mut offsets = vec![0u32; rows + 1];
        for (row, ..) in entries {
            offsets[*row as usize + 1] += 1;
        }
        for row in 0..rows {
            offsets[row + 1] += offsets[row];
        }
        let mut next = offsets.clone();
        let (mut places, mut values) = (vec![0; entries.len()], vec![0.0; entries.len()]);
        for (row, column, value) in entries {
            let at = &mut next[*row as usize];
            (places[*at as usize], values[*at as usize]) = (*column, *value);
            *at += 1;
        }
        Csr::new(rt, columns, offsets, places, values)
    }

    /// Rows.
    pub fn rows(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Stored values.
    pub fn values(&self) -> &Array<f32> {
        &self.values
    }

    /// The columns of the stored values.
    pub fn places(&self) -> &Array<u32> {
        &self.places
    }

    /// Where each row begins, and where the last one ends.
    pub fn offsets(&self) -> &[u32] {
        &self.offsets
    }

    /// The matrix times `x`.
    ///
    /// # Errors
    /// `ShapeMismatch` where `x` has not an element for each column; whatever the launch returns.
    pub fn times(&self, rt: &Runtime, x: &Array<f32>, target: Target) -> Result<Array<f32>> {
        as_long("the vector", x, self.columns, "column")?;
        rt.map::<entry_product>((&self.values, &self.places, x)).on(target).segments(&self.offsets).sum()
    }

    /// The diagonal: an element for each row, 0 where nothing is stored.
    ///
    /// # Errors
    /// Whatever reading the matrix returns.
    pub fn diagonal(&self) -> Result<Vec<f32>> {
        let (places, values) = (self.places.read()?, self.values.read()?);
        let of_row = |(row, ends): (usize, &[u32])| {
            let own = ends[0] as usize..ends[1] as usize;
            own.filter(|at| places[*at] as usize == row).map(|at| values[at]).sum()
        };
        Ok(self.offsets.windows(2).enumerate().map(of_row).collect())
    }
}
