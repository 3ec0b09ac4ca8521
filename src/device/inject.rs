//! Faults that tests ask a device for; nobody else does.

/// Something that goes wrong on a device, once, at a known place: 1 is the next submission or allocation, 2 the one after
/// it. A copy, a dispatch or several that are submitted together are one submission; what was enqueued before may still
/// be waiting for its own, so a test lets the device become idle first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The n-th submission from now on is refused: what is in it ends with `Internal` and has not run. The device stays,
    /// unless a copy to it was among them: its buffer then lacks what it should hold, and the device is lost.
    FailSubmit {
        /// Which.
        nth: u32,
    },
    /// The device is lost at the n-th submission from now on: `DeviceLost`.
    Lose {
        /// Which.
        nth: u32,
    },
    /// The n-th submission from now on never ends: once its deadline has passed it is `Deadline`, and the device is lost.
    /// Nothing is given to the driver.
    Hang {
        /// Which.
        nth: u32,
    },
    /// The n-th allocation from now on, and as many as `times` says in all, fail with `OutOfMemory`.
    OutOfMemory {
        /// Which.
        nth: u32,
        /// How many, beginning with it.
        times: u32,
    },
    /// The next self-test of any adapter in this process finds wrong answers: it is refused, for good, with
    /// `DeviceRefused`. Whoever has no device yet calls [`super::gpu::corrupt_next_self_test`].
    CorruptSelfTest,
}
