//! Stands in for [`gpu`](self) where the library was built without the `gpu` feature: no adapter is ever found, and the
//! types of opened devices have no values.

use std::convert::Infallible;
use std::sync::Arc;

use super::completion::Completion;
use crate::error::{Error, ErrorKind, Result};

pub use super::describe::{AdapterInfo, AdapterKind, BindingKind, GpuId, Limits, Link, SelfTest};
pub use super::dispatch::{Bound, Dispatch, Explain, Stop};
#[doc(hidden)]
pub use super::inject::Fault;

/// The first word of a status that says that a loop ran past its budget.
pub const STATUS_LOOP_LIMIT: u32 = 1;
/// As where there are GPUs.
pub const STATUS_FAULT: u32 = 2;

/// Nothing is ever tested.
#[doc(hidden)]
pub fn corrupt_next_self_test() {}

/// None.
pub fn adapters() -> Vec<AdapterInfo> {
    Vec::new()
}

/// # Errors
/// Always `NoDevice`.
pub fn open(index: usize) -> Result<Gpu> {
    let text = format!(
        "there is no gpu:{index}: this program was built without the `gpu` feature of manylane; build it with that \
         feature, or use a CPU target"
    );
    Err(Error::new(ErrorKind::NoDevice, text))
}

/// An opened device; there is none.
#[derive(Clone, Debug)]
pub struct Gpu(Arc<Infallible>);

/// Device memory; there is none.
#[derive(Clone, Debug)]
pub struct Buffer(Arc<Infallible>);

/// A compiled shader; there is none.
#[derive(Clone, Debug)]
pub struct Pipeline(Arc<Infallible>);

#[expect(missing_docs, reason = "as in gpu/mod.rs; nobody has one of these")]
impl Buffer {
    pub fn bytes(&self) -> u64 {
        match *self.0 {}
    }
    pub fn gpu(&self) -> GpuId {
        match *self.0 {}
    }
    pub fn is(&self, _other: &Buffer) -> bool {
        match *self.0 {}
    }
    pub fn is_sole(&self) -> bool {
        match *self.0 {}
    }
}

#[expect(missing_docs, reason = "as in gpu/pipeline.rs; nobody has one of these")]
impl Pipeline {
    pub fn label(&self) -> &str {
        match *self.0 {}
    }
    pub fn gpu(&self) -> GpuId {
        match *self.0 {}
    }
    pub fn bindings(&self) -> &[BindingKind] {
        match *self.0 {}
    }
    pub fn has_status(&self) -> bool {
        match *self.0 {}
    }
}

#[expect(missing_docs, clippy::missing_errors_doc, reason = "as in gpu/mod.rs; nobody has one of these")]
impl Gpu {
    pub fn id(&self) -> GpuId {
        match *self.0 {}
    }
    pub fn index(&self) -> usize {
        match *self.0 {}
    }
    pub fn info(&self) -> &AdapterInfo {
        match *self.0 {}
    }
    pub fn limits(&self) -> &Limits {
        match *self.0 {}
    }
    pub fn self_test(&self) -> &SelfTest {
        match *self.0 {}
    }
    pub fn link(&self) -> Option<Link> {
        match *self.0 {}
    }
    pub fn is_lost(&self) -> bool {
        match *self.0 {}
    }
    pub fn copies_once(&self) -> bool {
        match *self.0 {}
    }
    pub fn memory_taken(&self) -> u64 {
        match *self.0 {}
    }
    pub fn memory_budget(&self) -> u64 {
        match *self.0 {}
    }
    pub fn memory_left(&self) -> u64 {
        match *self.0 {}
    }
    pub fn alloc(&self, _bytes: u64) -> Result<Buffer> {
        match *self.0 {}
    }
    pub fn upload(&self, _to: &Buffer, _offset: u64, _data: &[u8]) -> Result<()> {
        match *self.0 {}
    }
    pub fn download(&self, _from: &Buffer, _offset: u64, _into: &mut [u8]) -> Result<()> {
        match *self.0 {}
    }
    pub fn copy(&self, _from: &Buffer, _at: u64, _to: &Buffer, _to_at: u64, _bytes: u64) -> Result<()> {
        match *self.0 {}
    }
    pub fn pipeline(
        &self,
        _key: u64,
        _label: &str,
        _wgsl: impl FnOnce() -> String,
        _bindings: &[BindingKind],
    ) -> Result<Pipeline> {
        match *self.0 {}
    }
    pub fn dispatch(&self, _run: Dispatch) -> Completion {
        match *self.0 {}
    }
    pub fn wait_idle(&self) -> Result<()> {
        match *self.0 {}
    }
    #[doc(hidden)]
    pub fn inject(&self, _fault: Fault) {
        match *self.0 {}
    }
    #[doc(hidden)]
    pub fn forget_faults(&self) {
        match *self.0 {}
    }
}
