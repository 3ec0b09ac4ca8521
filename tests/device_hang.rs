//! A dispatch that never ends; a process of its own, because on a software adapter it keeps burning a core.

#[path = "device/support.rs"]
mod support;

use std::time::{Duration, Instant};

use manylane::device::gpu::{self, BindingKind, Bound, Dispatch, Gpu};
use manylane::error::ErrorKind;

const ENDLESS: &str = "
    struct Params { never: u32 }
    @group(0) @binding(0) var<uniform> params: Params;
    @group(0) @binding(1) var<storage, read_write> data: array<u32>;
    @compute @workgroup_size(1) fn main(@builtin(workgroup_id) wg: vec3<u32>) {
        var x = data[wg.x];
        while params.never == 0u { x = x * 1664525u + 1013904223u; data[wg.x] = x; }
    }";

fn endless(gpu: &Gpu, groups: u64) -> Dispatch {
    let kinds = [BindingKind::ReadWrite];
    let pipeline = gpu.pipeline(1, "endless", || ENDLESS.into(), &kinds).unwrap();
    let data = gpu.alloc(4 * groups).unwrap();
    Dispatch {
        label: "endless".into(),
        pipeline,
        params: vec![0; 4],
        bindings: vec![Bound::whole(&data)],
        groups,
        status: false,
        explain: Default::default(),
        deadline: Duration::from_millis(300),
        after: vec![],
        stop: None,
    }
}

#[test]
fn an_endless_loop_meets_its_deadline_and_the_process_goes_on() {
    let Some(gpu) = support::first_gpu() else { return };
    if !gpu.info().software && std::env::var("MANYLANE_TEST_HANG").is_err() {
        // The kernel driver resets a hung GPU for everyone on the machine.
        eprintln!("ignored: a hang on a real GPU (MANYLANE_TEST_HANG=1 runs it)");
        return;
    }
    // So many groups that every thread of a software adapter hangs.
    for groups in [1, 64] {
        let gpu = gpu::open(0).unwrap();
        let (before, buffer) = (gpu.id(), gpu.alloc(1 << 20).unwrap());
        let start = Instant::now();
        let hung = gpu.dispatch(endless(&gpu, groups));
        let queued = gpu.dispatch(endless(&gpu, 1));
        // It does not wait behind the dispatch, nor does one more buffer.
        gpu.upload(&buffer, 0, &[7; 1 << 20]).unwrap();
        drop(gpu.alloc(1 << 20).unwrap());
        let error = hung.wait().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Deadline, "{error}");
        assert!(error.to_string().contains("300ms"), "{error}");
        let took = start.elapsed();
        assert!(took >= Duration::from_millis(300) && took < Duration::from_secs(3), "{took:?}");
        assert_eq!(queued.wait().unwrap_err().kind(), ErrorKind::DeviceLost);
        assert!(gpu.is_lost());
        assert_eq!(gpu.alloc(4).err().unwrap().kind(), ErrorKind::DeviceLost);
        assert_eq!(gpu.wait_idle().unwrap_err().kind(), ErrorKind::DeviceLost);
        let mut back = [0; 4];
        assert_eq!(gpu.download(&buffer, 0, &mut back).unwrap_err().kind(), ErrorKind::DeviceLost);
        if gpu.info().driver != "llvmpipe" {
            eprintln!("ignored: opening again (SwiftShader has one set of threads, and they hang)");
            return;
        }
        drop((gpu, buffer));

        let again = gpu::open(0).unwrap();
        assert_ne!(again.id(), before);
        let buffer = again.alloc(8).unwrap();
        again.upload(&buffer, 0, &[1, 2, 3, 4, 5, 6, 7, 8]).unwrap();
        again.download(&buffer, 4, &mut back).unwrap();
        assert_eq!(back, [5, 6, 7, 8]);
    }
}
