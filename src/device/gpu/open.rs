//! Opens devices: one per adapter and process, anew where one was lost.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use super::adapter::{self, Found};
use super::buffer::{Pool, budget};
use super::fault::Lost;
use super::inject::Faults;
use super::staging::{Direction, Stage};
use super::submit::Worker;
use super::{AdapterInfo, AdapterKind, Gpu, GpuId, Inner, link, self_test};
use crate::error::{Error, ErrorKind, Result};

/// An opened device, or why it is refused for good; locked while it is opened.
type Slot = Arc<Mutex<Option<Result<Gpu>>>>;

/// Opens adapter number `index` of [`super::adapters`]; the same device for every caller, until it is lost.
///
/// The first call for an adapter takes 20 to 300 ms.
///
/// # Errors
/// `NoDevice` where there is no such adapter (the text names those there are), `DeviceRefused` where it fails the
/// self-test, `Setting` for an environment variable that makes no sense, and whatever its driver fails with.
pub fn open(index: usize) -> Result<Gpu> {
    let found = adapter::found();
    let chosen = adapter::chosen(&found);
    let Some(place) = chosen.get(index).copied() else {
        return Err(adapter::none_such(index, &found, &chosen));
    };
    let slot = slot(place);
    let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
    match &*slot {
        Some(Ok(gpu)) if !gpu.is_lost() => return Ok(gpu.clone()),
        Some(Ok(_)) => adapter::forget(),
        Some(Err(refused)) => return Err(refused.clone()),
        None => {}
    }
    let found = adapter::found();
    let found = found.get(place).ok_or_else(|| adapter::none_such(index, &found, &chosen))?;
    let opened = open_new(index, found);
    match &opened {
        Err(error) if error.kind() != ErrorKind::DeviceRefused => *slot = None,
        _ => *slot = Some(opened.clone()),
    }
    opened
}

fn open_new(index: usize, found: &Found) -> Result<Gpu> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let id = GpuId(NEXT.fetch_add(1, Ordering::Relaxed));
    let mut info = found.info.clone();
    info.index = index;
    let name = info.name.clone();
    let budget = budget(&info)?;

    let limits = found.raw.limits();
    let in_place =
        shares_memory(&info) && found.raw.features().contains(wgpu::Features::MAPPABLE_PRIMARY_BUFFERS);
    let mut required_features = wgpu::Features::empty();
    required_features.set(wgpu::Features::MAPPABLE_PRIMARY_BUFFERS, in_place);
    let request = found.raw.request_device(&wgpu::DeviceDescriptor {
        label: Some("manylane"),
        required_features,
        required_limits: limits.clone(),
        ..Default::default()
    });
    let (device, queue) = pollster::block_on(request).map_err(|error| {
        Error::new(
            ErrorKind::DeviceLost,
            format!("the GPU `{name}` cannot be opened ({error}); check its driver, or use a CPU target"),
        )
    })?;

    let (lost, faults) = (Arc::new(Lost::new(&name)), Arc::new(Faults::default()));
    device.set_device_lost_callback({
        let lost = lost.clone();
        move |reason, text| lost.mark(format!("{reason:?}: {text}"))
    });
    device.on_uncaptured_error({
        let lost = lost.clone();
        Arc::new(move |error| lost.mark(format!("uncaptured error: {error}")))
    });

    let (sender, jobs) = mpsc::channel();
    let worker = Worker {
        device: device.clone(),
        queue,
        lost: lost.clone(),
        faults: faults.clone(),
        name,
        uniform_alignment: limits.min_uniform_buffer_offset_alignment.into(),
        storage_alignment: limits.min_storage_buffer_offset_alignment.into(),
        max_groups: info.limits.max_groups,
        arenas: None,
    };
    std::thread::Builder::new()
        .name(format!("manylane-gpu{}", id.0))
        .spawn(move || worker.work(jobs))
        .map_err(|error| Error::internal(format!("no thread for the GPU: {error}")))?;

    let stage = |direction| Arc::new(Stage::new(device.clone(), lost.clone(), direction));
    let mut inner = Inner {
        id,
        pool: Arc::new(Pool::new(
            device.clone(),
            id,
            (lost.clone(), faults.clone()),
            budget,
            info.limits.max_buffer,
            in_place,
        )),
        in_place,
        up: stage(Direction::Up),
        down: stage(Direction::Down),
        pipelines: Default::default(),
        jobs: sender,
        self_test: None,
        link: None,
        info,
        device,
        lost,
        faults,
    };
    let untested = Gpu(Arc::new(inner));
    let test = self_test::run(&untested).map_err(|error| match error.kind() {
        // A software adapter whose threads all hang in an endless dispatch: SwiftShader has one set for the process.
        ErrorKind::Deadline => Error::new(
            ErrorKind::DeviceLost,
            format!("the GPU cannot be opened, its self-test {error}; start the program again, or use a CPU target"),
        ),
        _ => error,
    });
    let link = test.is_ok().then(|| link::measure(&untested)).flatten();
    inner = Arc::into_inner(untested.0).ok_or_else(|| Error::internal("the self-test kept the device"))?;
    inner.self_test = Some(test?);
    inner.link = link;
    Ok(Gpu(Arc::new(inner)))
}

/// Whether its memory is the host's, so that the host may write and read it where it lies. `MANYLANE_GPU_STAGING=1` says no.
fn shares_memory(info: &AdapterInfo) -> bool {
    let shares = matches!(info.kind, AdapterKind::Integrated | AdapterKind::Software);
    shares && std::env::var("MANYLANE_GPU_STAGING").map_or(true, |value| value != "1")
}

fn slot(place: usize) -> Slot {
    static SLOTS: Mutex<Option<HashMap<usize, Slot>>> = Mutex::new(None);
    let mut slots = SLOTS.lock().unwrap_or_else(PoisonError::into_inner);
    slots.get_or_insert_default().entry(place).or_default().clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_destroyed_device_is_lost_never_silent_and_opens_again() {
        let gpu = match open(0) {
            Ok(gpu) => gpu,
            Err(error) if std::env::var("MANYLANE_REQUIRE_GPU").is_ok_and(|value| value == "1") => {
                panic!("{error}")
            }
            Err(error) => return eprintln!("ignored: no adapter ({error})"),
        };
        let buffer = gpu.alloc(4096).unwrap();
        gpu.upload(&buffer, 0, &[1; 4096]).unwrap();
        gpu.wait_idle().unwrap();
        gpu.0.device.destroy();
        // Without our own flag this would return zeros.
        let error = gpu.download(&buffer, 0, &mut [0; 4096]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::DeviceLost, "{error}");
        assert!(gpu.is_lost());
        assert_eq!(gpu.upload(&buffer, 0, &[1; 4]).unwrap_err().kind(), ErrorKind::DeviceLost);
        let again = open(0).unwrap();
        assert_ne!(again.id(), gpu.id());
        again.alloc(4096).unwrap();
    }
}
