//! Every constant that was found by measurement, with its reason, the date and the kind of machine.

/// A launch whose one-thread time is below this never touches the pool: waking rayon from idle costs 60 to 80 µs
/// (2026-11, 2 cores x86-64).
pub const SMALL_LAUNCH_SECONDS: f64 = 50e-6;

/// A launch shorter than this is mostly fixed costs and tells nothing of a place's (2026-11).
pub const TELLING_SECONDS: f64 = SMALL_LAUNCH_SECONDS / 10.0;

/// A launch shorter than this is recorded one time in eight, for a record costs half a microsecond (2026-11).
pub const SAMPLED_SECONDS: f64 = SMALL_LAUNCH_SECONDS * 2.0;

/// Outputs of at least this many bytes are written past the caches. Streaming stores win 1.5x on outputs that do not
/// stay in cache and halve the speed in L2; between 16 MiB and L3's size the two are even for maps (2026-11, 32 MiB of L3), but
/// a stencil over a picture of as many bytes takes 0.8 of the time (2026-11, Zen 4).
pub const STREAM_BYTES: usize = 24 << 20;

/// Bytes of the rows around a place that a stencil may read again without a tile's help: half of an L2 of 1 MiB, the smallest
/// of this decade's (2026-11).
pub const TILE_BYTES: usize = 512 << 10;

/// The smallest chunk of a queue, in seconds of one thread, where only the first chunk has told what a place costs: handing
/// out a chunk costs under 1 µs, so this keeps the cost of mapping under 5 % of the work (2026-11).
pub const GRAIN_SECONDS: f64 = 20e-6;

/// The part of a piece's time that giving it out may take.
pub const FIXED_SHARE: f64 = 0.02;

/// The first piece of a launch that no model knows, in elements: long enough to time, short enough not to be missed.
pub const PROBE_ELEMENTS: usize = 4096;

/// What one thread moves, in bytes a second, where nothing was measured: plain stores beyond L3 (2026-11).
pub const SEED_THREAD_BYTES: f64 = 14e9;

/// What one thread computes, in operations a second, where nothing was measured: a quarter of AVX2's multiply-adds, for
/// no kernel is all multiply-adds (2026-11).
pub const SEED_THREAD_OPS: f64 = 30e9;

/// How many plain operations a division, a root or a transcendental function counts for (2026-11).
pub const SPECIAL_OPS: f64 = 12.0;

/// How often a loop turns, where nothing was measured.
pub const LOOP_TURNS: f64 = 32.0;

/// The speed of a real GPU over that of one thread, where nothing was measured. Only a seed: the first launch there
/// replaces it.
pub const SEED_GPU_SPEEDUP: f64 = 40.0;

/// The speed of a software adapter over that of one thread, where nothing was measured (lavapipe, 2 cores, 2026-11).
pub const SEED_SOFTWARE_SPEEDUP: f64 = 0.5;

/// Host to GPU, bytes a second, where nothing was measured: PCIe 3 x16 in practice.
pub const SEED_TRANSFER_BYTES: f64 = 10e9;

/// A launch on a GPU costs at least this: submit, wait and one small copy (real devices 30 to 100 µs, lavapipe 50 µs).
pub const GPU_LAUNCH_SECONDS: f64 = 60e-6;

/// A launch whose one thread takes less than this is tried once on one thread and once on all, for memory may be what
/// limits it: a fifth of a million elements that stay in L2 took 152 µs on one thread and 164 on two (2026-11).
pub const LEARN_SECONDS: f64 = 1e-3;

/// A GPU is opened in the background when a launch would take one CPU this long: opening costs 15 to 225 ms once.
pub const OPEN_GPU_SECONDS: f64 = 20e-3;

/// Turns of a loop without a counted bound that one GPU invocation may make before the launch fails with `LoopLimit`.
pub const GPU_LOOP_BUDGET: u32 = 1 << 30;

/// How long one dispatch of a launch that is shared out may take: short beside a watchdog's seconds and a user's patience
/// with a cancel, long beside the cost of a submission.
pub const DISPATCH_SECONDS: f64 = 50e-3;

/// The part of the best single target's predicted time under which auto splits a launch.
pub const SPLIT_GAIN: f64 = 0.9;

/// What giving out a chunk costs, the lock and the policy's arithmetic, in seconds (2026-11, under 1 µs).
pub const MANAGER_SECONDS: f64 = 1e-6;

/// The deadline of one GPU dispatch, in seconds.
pub const GPU_DEADLINE_SECONDS: f64 = 10.0;

/// How long a launch that is late waits at the most for a GPU to say what became of its dispatches, in seconds; not longer than
/// it was allowed to take.
pub const LAST_WORD_SECONDS: f64 = 1.0;

/// How many recent samples a model keeps; their median counts, so that one spiky sample moves nothing.
pub const MODEL_SAMPLES: usize = 9;

/// By how much a device's told speed may be wrong, in either direction.
pub const TOLD_SPEED_ERROR: f64 = 3.0;

/// Chunks that a device computes in one launch, at the least: a lost one costs this part of its time again (2026-11, by
/// simulation: a machine that loses four fifths of its speed half-way needs more than 50 for 0.9 of the ideal).
pub const CHUNKS_OF_A_DEVICE: f64 = 64.0;

/// The part of a chunk that a manager's answer may take: it is waited for while the chunk before computes.
pub const REQUEST_SHARE: f64 = 0.2;

/// How busy one manager may be before groups get their own (2026-11, by simulation: above a half, requests queue up).
pub const MANAGER_LOAD: f64 = 0.25;

/// Chunks of each of its devices that a group's manager keeps ready.
pub const BATCH_CHUNKS: f64 = 8.0;

/// Bytes of a packed panel of a product as wide as a tile, which says how many steps are packed at once: more make fewer passes
/// over the results. Of AVX2's 16 columns 512 steps took 0.93 to 0.97 of the time of 256, as the panel is read in order
/// (2026-11, 32 KiB of first cache, 512 KiB of second).
pub const PRODUCT_PANEL_BYTES: usize = 32 << 10;

/// Bytes of a product's first matrix that are multiplied with one panel of the second: under half of a second cache of 512 KiB
/// (2026-11).
pub const PRODUCT_BLOCK_BYTES: usize = 192 << 10;

/// Bytes of each matrix that are packed at once: both fit a last cache of 32 MiB (2026-11).
pub const PRODUCT_PACKED_BYTES: usize = 8 << 20;

/// Steps of a product from which on all threads take part: some 50 µs of one (2026-11).
pub const PRODUCT_THREAD_STEPS: usize = 4 << 20;

/// Bytes of a matrix that is multiplied with a few rows which are packed at once: they stay in a second cache (2026-11).
pub const PRODUCT_THIN_BYTES: usize = 128 << 10;

/// Tiles of 128 by 128 from which on a product on a GPU takes those: fewer leave processors idle that tiles of 64 by 64 would use.
pub const PRODUCT_LARGE_TILES: usize = 128;
