//! A GPU for a test, or the reason why the test does nothing.

use manylane::device::gpu::{self, Gpu};
use manylane::error::ErrorKind;
use manylane_testkit::gpu_is_required;

/// The first adapter; `None`, said on standard error, where there is none, and a failure where
/// `MANYLANE_REQUIRE_GPU=1` says that there must be one.
pub fn first_gpu() -> Option<Gpu> {
    match gpu::open(0) {
        Ok(gpu) => Some(gpu),
        Err(error) if error.kind() == ErrorKind::NoDevice && !gpu_is_required() => {
            eprintln!("ignored: no adapter ({error})");
            None
        }
        Err(error) => panic!("{error:?}"),
    }
}
