//! The plain data that describes a GPU; the same with and without the `gpu` feature.

/// One opened device, unique in this process: an adapter that is opened again gets another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GpuId(pub u32);

/// What an adapter is.
#[derive(Clone, Debug)]
pub struct AdapterInfo {
    /// Its number: `Target::Gpu(index)`.
    pub index: usize,
    /// The name that its driver gives it.
    pub name: String,
    /// The interface that it is reached by: `vulkan`, `metal`, `dx12`.
    pub backend: String,
    /// The name of the driver.
    pub driver: String,
    /// The driver's version and whatever else it says.
    pub driver_info: String,
    /// The maker's PCI number, 0 where unknown.
    pub vendor: u32,
    /// The device's PCI number, 0 where unknown.
    pub device: u32,
    /// What kind of thing it is.
    pub kind: AdapterKind,
    /// Whether it runs on the CPU: right, but no faster than the CPU lanes.
    pub software: bool,
    /// What it can hold.
    pub limits: Limits,
}

/// What kind of thing an adapter is, in the order in which they are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum AdapterKind {
    /// A card with memory of its own.
    Discrete,
    /// Shares the host's memory.
    Integrated,
    /// A slice of a GPU, given by a hypervisor.
    Virtual,
    /// The driver does not say.
    Other,
    /// Runs on the CPU.
    Software,
}

/// What a device can hold and how large a dispatch may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one storage binding.
    pub max_binding: u64,
    /// Bytes of one buffer.
    pub max_buffer: u64,
    /// Bytes of the parameters of one dispatch.
    pub max_params: u64,
    /// Workgroups along one dimension; [`super::gpu::Gpu::dispatch`] folds more into two.
    pub max_groups: u32,
    /// Invocations of one workgroup.
    pub max_invocations: u32,
    /// Storage buffers of one dispatch.
    pub storage_buffers: u32,
    /// Bytes of memory that a workgroup shares.
    pub workgroup_bytes: u32,
    /// What the offset of a storage binding must be a multiple of.
    pub offset_alignment: u32,
}

/// What was found out about a device when it was opened.
///
/// `long_loop` and `nan_compare` are always true on a device that can be used: one that fails them is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SelfTest {
    /// One invocation can run 131,072 turns of a loop.
    pub long_loop: bool,
    /// NaN is told by its bits, `!(a == b)` is true and every ordered comparison false where one of them is NaN.
    pub nan_compare: bool,
    /// `a * b + c` was seen to round once.
    pub contracts: bool,
    /// The fixed tree sum of 4,096 floats has the CPU's bits: sums are not reassociated.
    pub tree_sum: bool,
    /// Division has the CPU's bits (WGSL allows 2.5 ULP).
    pub exact_division: bool,
    /// The square root has the CPU's bits.
    pub exact_sqrt: bool,
    /// Subnormal numbers are kept, not flushed to zero.
    pub subnormals: bool,
}

/// What a device takes to answer, and what moves between the host's memory and its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// Seconds from handing it a few bytes to having them back.
    pub latency: f64,
    /// Bytes a second to the device.
    pub rate: f64,
}

impl SelfTest {
    /// Whether strict kernels of + - * and reductions have the CPU's bits (class B).
    pub fn same_bits(&self) -> bool {
        !self.contracts && self.tree_sum
    }
}

/// How a pipeline uses one of its storage buffers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BindingKind {
    /// `var<storage, read>`.
    Read,
    /// `var<storage, read_write>`.
    ReadWrite,
}

/// A number of bytes: digits with an optional K, M or G (1,024 each step); `None` where it is no such thing.
pub(crate) fn parse_bytes(text: &str) -> Option<u64> {
    let text = text.trim();
    let (digits, unit) = match text.char_indices().last()? {
        (at, 'k' | 'K') => (&text[..at], 1 << 10),
        (at, 'm' | 'M') => (&text[..at], 1 << 20),
        (at, 'g' | 'G') => (&text[..at], 1 << 30),
        _ => (text, 1),
    };
    digits.trim().parse::<u64>().ok()?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_take_a_suffix() {
        assert_eq!(parse_bytes("12"), Some(12));
        assert_eq!(parse_bytes("48K"), Some(48 << 10));
        assert_eq!(parse_bytes(" 2g "), Some(2 << 30));
        assert_eq!(parse_bytes("512 M"), Some(512 << 20));
        for wrong in ["", "G", "-1", "1.5G", "1T", "99999999999G"] {
            assert_eq!(parse_bytes(wrong), None, "{wrong}");
        }
    }
}
