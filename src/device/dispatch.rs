//! One dispatch as plain data: what runs, on which buffers, how wide, and how long it may take.

use std::sync::Arc;
use std::time::Duration;

use super::Completion;
use super::gpu::{Buffer, Pipeline};
use crate::error::Error;

/// One run of a pipeline.
#[derive(Clone, Debug)]
pub struct Dispatch {
    /// The launch's name, for errors.
    pub label: String,
    /// What runs.
    pub pipeline: Pipeline,
    /// The bytes of binding 0; padded to 16 on the way.
    pub params: Vec<u8>,
    /// Bindings 1, 2, …, in order.
    pub bindings: Vec<Bound>,
    /// Workgroups. More than [`super::gpu::Limits::max_groups`] are folded into two dimensions: the shader computes its
    /// number as `wg.y * num_workgroups.x + wg.x` and drops those past the end itself.
    pub groups: u64,
    /// Whether the shader has a status: eight words, `read_write`, bound after the last of `bindings` (and not
    /// among the pipeline's); zero at the start; a first word other than zero at the end is an error (see
    /// [`super::gpu::STATUS_LOOP_LIMIT`]).
    pub status: bool,
    /// What a status says whose first word has [`super::gpu::STATUS_FAULT`].
    pub explain: Explain,
    /// How long it may take, from its submission on.
    pub deadline: Duration,
    /// Work enqueued before whose results it reads: where that failed, so has this, whatever it computed.
    pub after: Vec<Completion>,
    /// Who may stop its launch: stopped before it is submitted, it never is, and ends with `Cancelled`. What was submitted
    /// runs to its end or its deadline; no driver takes it back.
    pub stop: Option<Arc<dyn Stop>>,
}

/// Who may stop a launch while its dispatches wait in a device's queue.
pub trait Stop: std::fmt::Debug + Send + Sync {
    /// Whether the launch was stopped; asked once, by the device's thread, before it submits.
    fn stopped(&self) -> bool;
}

/// Makes an error of a status; who wrote the shader knows what its words mean.
#[derive(Clone)]
pub struct Explain(pub Arc<Explanation>);

/// From the words of a status to an error.
type Explanation = dyn Fn(&[u32; 8]) -> Error + Send + Sync;

impl std::fmt::Debug for Explain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Explain")
    }
}

impl Default for Explain {
    fn default() -> Self {
        Explain(Arc::new(|words| Error::internal(format!("a shader ended with the status {words:?}"))))
    }
}

/// A part of a buffer, bound to a dispatch.
#[derive(Clone, Debug)]
pub struct Bound {
    /// The buffer.
    pub buffer: Buffer,
    /// Bytes from its start; a multiple of [`super::gpu::Limits::offset_alignment`].
    pub offset: u64,
    /// Bytes; rounded up to a multiple of 4, at least 4.
    pub size: u64,
}

impl Bound {
    /// All of a buffer.
    pub fn whole(buffer: &Buffer) -> Bound {
        Bound { buffer: buffer.clone(), offset: 0, size: buffer.bytes() }
    }
}
