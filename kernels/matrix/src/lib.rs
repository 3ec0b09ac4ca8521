//! Matrices and what is computed on grids, without a product of matrices: on the library's public parts alone.
//!
//! | module | what is in it |
//! |---|---|
//! | [`dense`] | transposing, outer product, a vector added to each row or column, means and covariance of columns |
//! | [`rows`] | softmax, log-sum-exp and layer norm of each row, in one pass over memory on the CPU |
//! | [`norms`] | norms of vectors and matrices, without overflow |
//! | [`sparse`] | matrices in compressed rows (CSR), times a vector, balanced by non-zeros |
//! | [`solvers`] | Jacobi, conjugate gradients, power iteration |
//! | [`heat`] | diffusion on a grid, several steps for each pass over memory |
//! | [`nbody`] | bodies that attract each other |
//! | [`paths`] | shortest paths between all pairs (Floyd and Warshall), in blocks |
//!
//! A matrix is an array with rows: `rt.picture(values, (columns, rows))`. Every function takes the runtime, what it works on,
//! and the target, and gives fresh arrays; [`naive`] has the reference of each, plain loops in `f64`.
#![forbid(unsafe_code)]

pub mod dense;
pub mod heat;
pub mod naive;
pub mod nbody;
pub mod norms;
pub mod paths;
mod place;
pub mod rows;
pub mod solvers;
pub mod sparse;

pub use sparse::Csr;
