//! Arrays whose values come later: whoever uses one waits until they are there, or gets the error that came instead.
//!
//! The promised version shares nothing with the one that keeps it: the replicas move over, whole and under the lock of
//! the promised one. To whoever holds it, a version under a shared reference has only gained.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::device::{Completion, Promise, patiently};
use crate::error::{Error, ErrorKind, Result};
use crate::memory::array::Array;
use crate::memory::element::Element;
use crate::memory::version::Version;

/// The duty to give an array its values, made by [`Array::promised`].
///
/// Dropped unkept, every use of the array's values is an error of the kind `NotComputed`; nobody waits for ever.
#[must_use = "a promise that is dropped fails its array"]
pub struct Promised<T: Element> {
    id: u64,
    kept: Option<(Arc<Version<T>>, Promise)>,
}

/// What a version waits for before it has values.
#[derive(Clone)]
pub(super) struct Awaited {
    pub id: u64,
    /// Ends when the values or an error are in the version, and always well: the version tells of the error.
    pub end: Completion,
}

impl Awaited {
    fn new() -> (Promise, Awaited) {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let (promise, end) = Completion::promise();
        (promise, Awaited { id: NEXT.fetch_add(1, Ordering::Relaxed), end })
    }

    /// Waits for its end.
    pub fn wait(&self) {
        // It ends well, see there.
        let _ = patiently(|most| self.end.wait_timeout(most));
    }
}

impl<T: Element> Promised<T> {
    pub(super) fn new(version: impl FnOnce(Awaited) -> Arc<Version<T>>) -> (Arc<Version<T>>, Self) {
        let (promise, awaited) = Awaited::new();
        let id = awaited.id;
        let version = version(awaited);
        (version.clone(), Promised { id, kept: Some((version, promise)) })
    }

    /// What [`Array::waits_for`] says while it is open.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Gives the array the values of `real`, wherever they are, without a copy if nobody shares them. Work that they wait
    /// for goes with them.
    ///
    /// # Errors
    /// `Internal` where `real` has another length or is another runtime's, and what its own promise came to; the array
    /// then has that error too.
    pub fn fulfil(mut self, real: Array<T>) -> Result<()> {
        let Some((version, promise)) = self.kept.take() else { return Ok(()) };
        let kept = version.fulfil(real.into_version());
        if let Err(error) = &kept {
            version.fail(error.clone());
        }
        end(version, promise);
        kept
    }

    /// Makes every use of the array's values return `error`.
    pub fn fail(mut self, error: Error) {
        self.end_with(error);
    }

    fn end_with(&mut self, error: Error) {
        if let Some((version, promise)) = self.kept.take() {
            version.fail(error);
            end(version, promise);
        }
    }
}

/// Tells who waits, who finds the array's holders alone with it.
fn end<T: Element>(version: Arc<Version<T>>, promise: Promise) {
    drop(version);
    promise.keep(Ok(()), None);
}

impl<T: Element> Drop for Promised<T> {
    fn drop(&mut self) {
        if self.kept.is_some() {
            let text = "the values of an array were promised and never computed; run what it comes from, a graph for \
                        instance, before it is dropped";
            self.end_with(Error::new(ErrorKind::NotComputed, text));
        }
    }
}

impl<T: Element> fmt::Debug for Promised<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Promised({})", self.id)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::sync::Barrier;
    use std::time::Duration;

    use super::*;
    use crate::device::gpu;
    use crate::memory::tests::home;
    use crate::memory::{DeviceSource, Keep, Moved};
    use crate::shape::{Domain, Span};

    fn values(n: usize) -> Vec<u32> {
        (0..n as u32).map(|k| k.wrapping_mul(2_654_435_761)).collect()
    }

    #[test]
    fn threads_race_to_read_what_is_promised() {
        let home = home();
        for round in 0..200 {
            let n = 1 + 37 * round;
            let (array, promised) = Array::<u32>::promised(&home, Domain::Line(n)).unwrap();
            assert_eq!(array.waits_for(), Some(promised.id()));
            assert_eq!(DeviceSource::waits_for(&array), Some(promised.id()));
            let barrier = Barrier::new(5);
            std::thread::scope(|scope| {
                for reader in 0..4 {
                    let (array, barrier) = (array.clone(), &barrier);
                    scope.spawn(move || {
                        barrier.wait();
                        match reader {
                            0 => assert_eq!(*array.read().unwrap(), values(n)[..]),
                            1 => {
                                assert_eq!(array.host_span(Span::new(n / 2, n)).unwrap(), &values(n)[n / 2..])
                            }
                            2 => assert_eq!(
                                pollster::block_on(array.read_async()).unwrap()[n - 1],
                                values(n)[n - 1]
                            ),
                            _ => {
                                // A snapshot that is written waits for what it keeps, and changes nobody else's.
                                let mut mine = array;
                                mine.write().unwrap()[0] = 7;
                                assert_eq!(mine.read().unwrap()[1..], values(n)[1..]);
                            }
                        }
                    });
                }
                barrier.wait();
                if round % 2 == 0 {
                    std::thread::sleep(Duration::from_micros(50));
                }
                promised.fulfil(Array::from_vec(&home, values(n))).unwrap();
            });
            assert_eq!(array.waits_for(), None);
            assert_eq!(array.to_vec().unwrap(), values(n));
        }
    }

    #[test]
    fn a_kept_promise_moves_and_does_not_copy() {
        let home = home();
        let data = values(1_000);
        let start = data.as_ptr();
        let (array, promised) = Array::promised(&home, Domain::from((100, 10))).unwrap();
        promised.fulfil(Array::from_vec(&home, data)).unwrap();
        assert_eq!(array.domain(), Domain::from((100, 10)));
        assert_eq!(array.read().unwrap().as_ptr(), start);
        let taken = array.into_vec().unwrap();
        assert_eq!(taken.as_ptr(), start, "its one holder takes the Vec");

        let (array, promised) = Array::promised(&home, Domain::Line(1_000)).unwrap();
        let real = Array::from_vec(&home, values(1_000));
        let mut shared = real.clone();
        promised.fulfil(real).unwrap();
        shared.write().unwrap().fill(0);
        assert_eq!(array.to_vec().unwrap(), values(1_000), "a snapshot of the real one goes its own way");
    }

    #[test]
    fn a_broken_promise_is_an_error_of_every_use() {
        let home = home();
        let (mut array, promised) = Array::<u32>::promised(&home, Domain::Line(10)).unwrap();
        let waiting = std::thread::spawn({
            let array = array.clone();
            move || array.to_vec().unwrap_err().kind()
        });
        promised.fail(Error::new(ErrorKind::LoopLimit, "too many turns"));
        assert_eq!(waiting.join().unwrap(), ErrorKind::LoopLimit);
        for _ in 0..2 {
            assert_eq!(array.read().unwrap_err().kind(), ErrorKind::LoopLimit);
        }
        assert_eq!(pollster::block_on(array.read_async()).unwrap_err().kind(), ErrorKind::LoopLimit);
        assert_eq!(array.write().unwrap_err().kind(), ErrorKind::LoopLimit);
        // What replaces the values has nothing to do with them.
        array.host_span_mut(Span::new(0, 4), Keep::Nothing).unwrap().fill(1);
        assert_eq!(array.host_span(Span::new(0, 4)).unwrap(), [1; 4]);
        assert_eq!(array.read().unwrap_err().kind(), ErrorKind::LoopLimit);
        array.host_mut(Keep::Nothing).unwrap().fill(2);
        assert_eq!(*array.read().unwrap(), [2; 10]);

        let (array, promised) = Array::<u32>::promised(&home, Domain::Line(10)).unwrap();
        drop(promised);
        assert_eq!(array.waits_for(), None);
        assert_eq!(array.into_vec().unwrap_err().kind(), ErrorKind::NotComputed);

        let (array, promised) = Array::<u32>::promised(&home, Domain::Line(10)).unwrap();
        let short = promised.fulfil(Array::from_vec(&home, vec![1; 9])).unwrap_err();
        assert_eq!(array.read().unwrap_err().to_string(), short.to_string());
    }

    #[test]
    fn what_is_written_over_does_not_wait() {
        let home = home();
        let (mut array, promised) = Array::<u32>::promised(&home, Domain::Line(10)).unwrap();
        array.host_mut(Keep::Nothing).unwrap().fill(3);
        assert_eq!(*array.read().unwrap(), [3; 10]);
        let (mut discarded, other) = Array::<u32>::promised(&home, Domain::Line(10)).unwrap();
        discarded.discard();
        assert_eq!(discarded.waits_for(), None);
        promised.fulfil(Array::from_vec(&home, values(10))).unwrap();
        other.fail(Error::new(ErrorKind::LoopLimit, "too many turns"));
        assert_eq!(*array.read().unwrap(), [3; 10]);
        discarded.host_mut(Keep::Nothing).unwrap().fill(4);
        assert_eq!(*discarded.read().unwrap(), [4; 10]);
    }

    #[test]
    fn a_promise_may_be_kept_by_a_promise() {
        let home = home();
        let (late, first) = Array::<u32>::promised(&home, Domain::Line(10)).unwrap();
        let (array, second) = Array::<u32>::promised(&home, Domain::Line(10)).unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| second.fulfil(late).unwrap());
            std::thread::sleep(Duration::from_millis(2));
            first.fulfil(Array::from_vec(&home, values(10))).unwrap();
        });
        assert_eq!(array.to_vec().unwrap(), values(10));
    }
    #[test]
    fn a_gpu_waits_for_what_is_promised_and_keeps_what_it_has() {
        let Ok(gpu) = gpu::open(0) else {
            let required = std::env::var("MANYLANE_REQUIRE_GPU").is_ok_and(|value| value == "1");
            assert!(!required, "MANYLANE_REQUIRE_GPU=1 and no GPU can be opened");
            let _ = writeln!(std::io::stderr(), "SKIPPED memory::promise: it needs a GPU");
            return;
        };
        let (home, all) = (home(), Span::new(0, 10_000));
        let (array, promised) = Array::<u32>::promised(&home, Domain::Line(10_000)).unwrap();
        let mut real = Array::<u32>::new(&home, Domain::Line(10_000)).unwrap();
        let buffer = real.gpu_write(&gpu, all, Keep::Nothing).unwrap();
        gpu.upload(&buffer, 0, bytemuck::must_cast_slice(&values(10_000))).unwrap();
        let (work, completion) = Completion::promise();
        real.carry(&gpu, all, completion);
        let mut seen = vec![0u32; 10_000];
        std::thread::scope(|scope| {
            scope.spawn(|| {
                // The buffer is there when the promise is kept, though its work is not done.
                let buffer = array.gpu_read(&gpu, all).unwrap();
                assert_eq!(array.carried(all).len(), 1);
                gpu.download(&buffer, 0, bytemuck::must_cast_slice_mut(&mut seen)).unwrap();
            });
            std::thread::sleep(Duration::from_millis(5));
            promised.fulfil(real).unwrap();
        });
        assert_eq!(seen, values(10_000));
        assert_eq!(home.moved(), Moved::default(), "what lies on the device stays there");
        work.keep(Err(Error::new(ErrorKind::LoopLimit, "too many turns")), None);
        assert_eq!(array.read().unwrap_err().kind(), ErrorKind::LoopLimit, "carried work came along");

        let (array, promised) = Array::<u32>::promised(&home, Domain::Line(10_000)).unwrap();
        promised.fail(Error::new(ErrorKind::Deadline, "too late"));
        assert_eq!(array.gpu_read(&gpu, all).err().unwrap().kind(), ErrorKind::Deadline);
    }
}
