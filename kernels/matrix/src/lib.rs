//! Matrices and what is computed on grids: on the library's public parts alone.
//!
//! | module | what is in it |
//! |---|---|
//! | [`dense`] | transposing, outer product, a vector added to each row or column, means and covariance of columns |
//! | [`rows`] | softmax, log-sum-exp and layer norm of each row, in one pass over memory on the CPU |
//! | [`norms`] | norms of vectors and matrices, without overflow |
//! | [`triangular`] | systems of equations with a triangular matrix, several right sides |
//! | [`mod@cholesky`] | symmetric, positive definite matrices: the lower factor, and what it solves |
//! | [`mod@lu`] | LU factors with partial pivoting, and the solution of any system of equations |
//! | [`mod@qr`] | QR by Householder's reflections, least squares |
//! | [`sparse`] | matrices in compressed rows (CSR), times a vector, balanced by non-zeros |
//! | [`solvers`] | Jacobi, conjugate gradients, power iteration |
//! | [`heat`] | diffusion on a grid, several steps for each pass over memory |
//! | [`nbody`] | bodies that attract each other |
//! | [`paths`] | shortest paths between all pairs (Floyd and Warshall), in blocks |
//!
//! A matrix is an array with rows: `rt.picture(values, (columns, rows))`. Every function takes the runtime, what it works on,
//! and the target, and gives fresh arrays; [`naive`] has the reference of each, plain loops in `f64`. Factorisations do their
//! panels, of 128 columns, on the CPU whatever the target is.
#![forbid(unsafe_code)]

mod blocks;
pub mod cholesky;
pub mod dense;
pub mod heat;
pub mod lu;
pub mod naive;
pub mod nbody;
pub mod norms;
pub mod paths;
mod place;
pub mod qr;
mod reflections;
pub mod rows;
pub mod solvers;
pub mod sparse;
pub mod triangular;

pub use cholesky::{cholesky, solve_cholesky};
pub use lu::{Lu, lu, solve};
pub use qr::{Qr, qr};
pub use sparse::Csr;
pub use triangular::{Triangle, solve_triangular};
