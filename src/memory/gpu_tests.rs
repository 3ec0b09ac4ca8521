//! Arrays on the host and on whatever GPUs there are. Uploads and downloads of an array's buffer stand in for kernels.
//!
//! Without an adapter each test says that it is skipped; with `MANYLANE_REQUIRE_GPU=1` it fails instead.

use std::io::Write as _;
use std::time::Duration;

use proptest::prelude::*;

use super::tests::home;
use super::*;
use crate::device::Completion;
use crate::device::gpu::{self, Gpu};
use crate::error::{Error, ErrorKind};
use crate::shape::{Domain, Span};

/// The first `count` GPUs, if there are so many; says so if not.
pub(super) fn gpus(test: &str, count: usize) -> Option<Vec<Gpu>> {
    let opened: Vec<Gpu> =
        (0..gpu::adapters().len()).filter_map(|index| gpu::open(index).ok()).take(count).collect();
    if opened.len() == count {
        return Some(opened);
    }
    // More than one is a matter of the machine; one can always be installed.
    let required = count == 1 && std::env::var("MANYLANE_REQUIRE_GPU").is_ok_and(|value| value == "1");
    assert!(!required, "{test}: MANYLANE_REQUIRE_GPU=1 and no GPU can be opened; install Mesa 25 or later");
    let _ = writeln!(std::io::stderr(), "SKIPPED memory::gpu_tests::{test}: it needs {count} GPU(s)");
    None
}

/// Plays a kernel that replaces `span`.
fn replace<T: Element>(array: &mut Array<T>, gpu: &Gpu, start: usize, values: &[T]) {
    let span = Span::new(start, start + values.len());
    let buffer = array.gpu_write(gpu, span, Keep::Nothing).unwrap();
    gpu.upload(&buffer, (start * size_of::<T>()) as u64, bytemuck::must_cast_slice(values)).unwrap();
}

/// What a kernel on `gpu` would see of `span`, which begins at a whole word.
fn seen<T: Element>(array: &Array<T>, gpu: &Gpu, span: Span) -> Vec<T> {
    let buffer = array.gpu_read(gpu, span).unwrap();
    let mut values = vec![T::zeroed(); span.len()];
    gpu.download(&buffer, (span.start * size_of::<T>()) as u64, bytemuck::must_cast_slice_mut(&mut values))
        .unwrap();
    values
}

fn failed() -> Error {
    Error::new(ErrorKind::LoopLimit, "spin: a loop ran past its budget")
}

fn status(array: &Array<impl Element>, space: Space) -> Vec<(Span, Status)> {
    array.state().iter().map(|interval| (interval.span, interval.status(space))).collect()
}

#[test]
fn values_go_there_and_back_once() {
    let Some(gpus) = gpus("values_go_there_and_back_once", 1) else { return };
    let (gpu, home) = (&gpus[0], home());
    let (here, there) = (Space::HOST, Space::gpu(gpu.id()));
    let values: Vec<u32> = (0..10_000).collect();
    let mut array = Array::from_vec(&home, values.clone());
    let all = Span::new(0, 10_000);
    assert_eq!(seen(&array, gpu, all), values);
    assert_eq!(status(&array, here), [(all, Status::Shared)]);
    assert_eq!(seen(&array, gpu, Span::new(5, 7)), [5, 6]);
    assert_eq!(home.moved(), Moved { to_host: 0, from_host: 40_000 });

    let doubled: Vec<u32> = values.iter().map(|value| 2 * value).collect();
    replace(&mut array, gpu, 0, &doubled);
    assert_eq!(status(&array, there), [(all, Status::Owner)]);
    assert_eq!(status(&array, here), [(all, Status::Invalid)]);
    assert_eq!(seen(&array, gpu, all), doubled);
    assert_eq!(home.moved().to_host, 0);
    for _ in 0..3 {
        assert_eq!(*array.read().unwrap(), doubled[..]);
    }
    assert_eq!(home.moved(), Moved { to_host: 40_000, from_host: 40_000 });
    assert_eq!(status(&array, here), [(all, Status::Shared)]);

    array.write().unwrap()[0] = 7;
    assert_eq!(status(&array, here), [(all, Status::Owner)]);
    assert_eq!(seen(&array, gpu, Span::new(0, 2)), [7, 2]);
    assert_eq!(home.moved().from_host, 40_008);
}

#[test]
fn results_take_no_host_memory_until_read() {
    let Some(gpus) = gpus("results_take_no_host_memory_until_read", 1) else { return };
    let home = home();
    let mut array = Array::<f32>::new(&home, Domain::Line(1000)).unwrap();
    replace(&mut array, &gpus[0], 0, &[1.5; 1000]);
    assert_eq!(home.pool_stats().held_bytes, 0);
    assert_eq!(*array.read().unwrap(), [1.5; 1000]);
    assert_eq!(home.pool_stats().misses, 1);
    replace(&mut array, &gpus[0], 0, &[2.5; 1000]);
    let stats = home.pool_stats();
    assert_eq!(stats.held_bytes, stats.free_bytes);
}

#[test]
fn a_split_moves_only_what_is_missing() {
    let Some(gpus) = gpus("a_split_moves_only_what_is_missing", 1) else { return };
    let (gpu, home) = (&gpus[0], home());
    let (head, tail, all) = (Span::new(0, 4096), Span::new(4096, 10_000), Span::new(0, 10_000));
    let mut array = Array::<f32>::new(&home, Domain::Line(10_000)).unwrap();
    array.discard();
    replace(&mut array, gpu, 4096, &[2.0; 5904]);
    array.host_span_mut(head, Keep::Nothing).unwrap().fill(1.0);
    assert_eq!(status(&array, Space::HOST), [(head, Status::Owner), (tail, Status::Invalid)]);

    // The next launch with the same shares needs nothing.
    assert_eq!(array.host_span(head).unwrap(), [1.0; 4096]);
    assert_eq!(seen(&array, gpu, tail), [2.0; 5904]);
    assert_eq!(home.moved(), Moved::default());

    // One with other shares needs the difference, in place too.
    assert_eq!(seen(&array, gpu, Span::new(4000, 10_000))[..100], [[1.0; 96].as_slice(), &[2.0; 4]].concat());
    assert_eq!(home.moved(), Moved { to_host: 0, from_host: 96 * 4 });
    array.host_span_mut(Span::new(0, 5000), Keep::Old).unwrap()[4999] += 1.0;
    assert_eq!(home.moved().to_host, 904 * 4);
    let values = array.read().unwrap();
    assert!(values[..4096].iter().all(|value| *value == 1.0));
    assert_eq!((values[4998], values[4999], values[5000]), (2.0, 3.0, 2.0));
    assert_eq!(home.moved().to_host, 5904 * 4);
    assert_eq!(array.state().iter().map(|interval| interval.span.len()).sum::<usize>(), all.len());
}

#[test]
fn snapshots_never_see_what_a_gpu_writes() {
    let Some(gpus) = gpus("snapshots_never_see_what_a_gpu_writes", 1) else { return };
    let (gpu, home) = (&gpus[0], home());
    let mut array = Array::from_vec(&home, vec![1i32; 8]);
    let old = array.clone();
    replace(&mut array, gpu, 4, &[2, 2]);
    let between = array.clone();
    replace(&mut array, gpu, 5, &[3]);
    array.host_span_mut(Span::new(0, 1), Keep::Nothing).unwrap()[0] = 4;
    assert_eq!(old.to_vec().unwrap(), [1; 8]);
    assert_eq!(between.to_vec().unwrap(), [1, 1, 1, 1, 2, 2, 1, 1]);
    assert_eq!(array.to_vec().unwrap(), [4, 1, 1, 1, 2, 3, 1, 1]);
    assert_eq!(seen(&old, gpu, Span::new(0, 8)), [1; 8]);
}

#[test]
fn updates_in_place_keep_the_rest() {
    let Some(gpus) = gpus("updates_in_place_keep_the_rest", 1) else { return };
    let (gpu, home) = (&gpus[0], home());
    let mut array = Array::from_vec(&home, vec![1i32, 2, 3, 4]);
    let snapshot = array.clone();
    let buffer = array.gpu_write(gpu, Span::new(1, 3), Keep::Old).unwrap();
    let mut values = [0i32; 2];
    gpu.download(&buffer, 4, bytemuck::must_cast_slice_mut(&mut values)).unwrap();
    assert_eq!(values, [2, 3]);
    gpu.upload(&buffer, 4, bytemuck::must_cast_slice(&[20, 30])).unwrap();
    assert_eq!(array.to_vec().unwrap(), [1, 20, 30, 4]);
    assert_eq!(snapshot.to_vec().unwrap(), [1, 2, 3, 4]);
}

#[test]
fn an_adopted_vec_comes_back_from_a_gpu() {
    let Some(gpus) = gpus("an_adopted_vec_comes_back_from_a_gpu", 1) else { return };
    let data = vec![1.0f32; 100];
    let start = data.as_ptr();
    let mut array = Array::from_vec(&home(), data);
    replace(&mut array, &gpus[0], 0, &[2.0; 100]);
    let data = array.into_vec().unwrap();
    assert_eq!(data.as_ptr(), start);
    assert_eq!(data, [2.0; 100]);
}

#[test]
fn empty_arrays_have_buffers() {
    let Some(gpus) = gpus("empty_arrays_have_buffers", 1) else { return };
    let mut array = Array::<u8>::from_vec(&home(), vec![]);
    let none = Span::new(0, 0);
    array.gpu_read(&gpus[0], none).unwrap();
    array.gpu_write(&gpus[0], none, Keep::Nothing).unwrap();
    array.gpu_write(&gpus[0], none, Keep::Old).unwrap();
    array.carry(&gpus[0], none, Completion::done(Err(failed())));
    assert!(array.read().unwrap().is_empty());
}

#[test]
fn elements_smaller_than_a_word_keep_their_neighbours() {
    fn check<T: Element + PartialEq + std::fmt::Debug>(gpu: &Gpu, value: impl Fn(u8) -> T) {
        let mut array = Array::from_vec(&home(), (0..11).map(&value).collect());
        let mut model: Vec<T> = (0..11).map(&value).collect();
        let new: Vec<T> = (20..31).map(&value).collect();
        replace(&mut array, gpu, 0, &new);
        model.copy_from_slice(&new);
        for (a, b) in [(1, 2), (5, 10), (3, 4), (10, 11)] {
            array.host_span_mut(Span::new(a, b), Keep::Nothing).unwrap().fill(value(100 + a as u8));
            model[a..b].fill(value(100 + a as u8));
            assert_eq!(seen(&array, gpu, Span::new(0, 11))[a..], model[a..]);
            let last = (b + 1).min(11);
            assert_eq!(array.host_span(Span::new(a, last)).unwrap(), &model[a..last]);
        }
        assert_eq!(array.to_vec().unwrap(), model);
        let odd = array.gpu_write(gpu, Span::new(1, 8), Keep::Nothing).map(|_| ());
        assert_eq!(odd.is_err(), !size_of::<T>().is_multiple_of(4));
    }
    let Some(gpus) = gpus("elements_smaller_than_a_word_keep_their_neighbours", 1) else { return };
    check(&gpus[0], |v| v);
    check(&gpus[0], |v| [v, v + 1]);
    check(&gpus[0], |v| [v, v + 1, v + 2]);
    check(&gpus[0], |v| [v, v + 1, v + 2, v + 3]);
    check(&gpus[0], |v| [f32::from(v); 3]);
}

#[test]
fn many_threads_fetch_once() {
    let Some(gpus) = gpus("many_threads_fetch_once", 1) else { return };
    let home = home();
    let mut array = Array::<u32>::new(&home, Domain::Line(50_000)).unwrap();
    let values: Vec<u32> = (0..50_000).collect();
    for _ in 0..20 {
        let before = home.moved().to_host;
        replace(&mut array, &gpus[0], 0, &values);
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let (array, values, gpu) = (array.clone(), &values, &gpus[0]);
                scope.spawn(move || match thread % 4 {
                    0 => assert_eq!(array.host_span(Span::new(100, 300)).unwrap(), &values[100..300]),
                    1 => assert_eq!(seen(&array, gpu, Span::new(0, 50)), values[..50]),
                    _ => assert_eq!(*array.read().unwrap(), values[..]),
                });
            }
        });
        assert_eq!(home.moved().to_host - before, 200_000);
    }
}

#[test]
fn reads_wait_for_what_is_carried() {
    let Some(gpus) = gpus("reads_wait_for_what_is_carried", 1) else { return };
    let gpu = &gpus[0];
    let mut array = Array::from_vec(&home(), vec![0u32; 8]);
    let buffer = array.gpu_write(gpu, Span::new(4, 8), Keep::Nothing).unwrap();
    let (promise, completion) = Completion::promise();
    array.carry(gpu, Span::new(4, 8), completion);
    // What does not depend on it is there at once, on its device all is; and a snapshot waits as the array does.
    assert_eq!(array.host_span(Span::new(0, 4)).unwrap(), [0; 4]);
    array.gpu_read(gpu, Span::new(0, 8)).unwrap();
    assert_eq!(array.carried(Span::new(0, 8)).len(), 1);
    assert!(array.carried(Span::new(0, 4)).is_empty());
    let snapshot = array.clone();
    std::thread::scope(|scope| {
        let readers = [&array, &snapshot].map(|array| scope.spawn(|| array.to_vec().unwrap()));
        std::thread::sleep(Duration::from_millis(20));
        assert!(readers.iter().all(|reader| !reader.is_finished()));
        gpu.upload(&buffer, 16, bytemuck::must_cast_slice(&[1u32, 2, 3, 4])).unwrap();
        promise.keep(Ok(()), None);
        for reader in readers {
            assert_eq!(reader.join().unwrap(), [0, 0, 0, 0, 1, 2, 3, 4]);
        }
    });
    assert!(array.carried(Span::new(0, 8)).is_empty());
}

#[test]
fn a_carried_error_never_yields_data() {
    let Some(gpus) = gpus("a_carried_error_never_yields_data", 1) else { return };
    let gpu = &gpus[0];
    let (all, tail) = (Span::new(0, 8), Span::new(4, 8));
    let mut array = Array::from_vec(&home(), vec![0u32; 8]);
    array.gpu_write(gpu, tail, Keep::Nothing).unwrap();
    let (promise, completion) = Completion::promise();
    array.carry(gpu, tail, completion);
    let mut snapshot = array.clone();
    // Copied while it is open, so that the copy waits too.
    let mut copy = array.clone();
    copy.host_span_mut(Span::new(0, 1), Keep::Nothing).unwrap()[0] = 1;
    promise.keep(Err(failed()), None);
    for array in [&mut array, &mut snapshot, &mut copy] {
        for _ in 0..2 {
            assert_eq!(array.read().map(|_| ()).unwrap_err().kind(), ErrorKind::LoopLimit);
        }
        assert_eq!(array.write().map(|_| ()).unwrap_err().to_string(), failed().to_string());
        assert_eq!(array.to_vec().unwrap_err().kind(), ErrorKind::LoopLimit);
        assert_eq!(array.clone().into_vec().unwrap_err().kind(), ErrorKind::LoopLimit);
        assert_eq!(array.gpu_read(gpu, all).map(|_| ()).unwrap_err().kind(), ErrorKind::LoopLimit);
        assert!(array.gpu_write(gpu, tail, Keep::Old).is_err());
        assert!(array.host_span_mut(Span::new(7, 8), Keep::Old).is_err());
        // What does not depend on it is good.
        assert_eq!(array.host_span(Span::new(1, 4)).unwrap(), [0; 3]);
        array.gpu_read(gpu, Span::new(0, 4)).unwrap();
    }
    // Part of it overwritten: the rest stays an error.
    replace(&mut snapshot, gpu, 4, &[9]);
    assert_eq!(snapshot.host_span(Span::new(0, 5)).unwrap(), [0, 0, 0, 0, 9]);
    assert!(snapshot.read().is_err());
    snapshot.host_span_mut(Span::new(5, 8), Keep::Nothing).unwrap().fill(8);
    assert_eq!(snapshot.to_vec().unwrap(), [0, 0, 0, 0, 9, 8, 8, 8]);
    array.host_mut(Keep::Nothing).unwrap().fill(3);
    assert_eq!(array.to_vec().unwrap(), [3; 8]);
    copy.discard();
    assert!(copy.carried(all).is_empty());
}

#[test]
fn an_update_in_place_carries_the_earlier_work_too() {
    let Some(gpus) = gpus("an_update_in_place_carries_the_earlier_work_too", 1) else { return };
    let (gpu, all) = (&gpus[0], Span::new(0, 8));
    let mut array = Array::from_vec(&home(), vec![0u32; 8]);
    let (first, completion) = Completion::promise();
    array.gpu_write(gpu, all, Keep::Old).unwrap();
    array.carry(gpu, all, completion);
    array.gpu_write(gpu, all, Keep::Old).unwrap();
    array.carry(gpu, all, Completion::done(Ok(())));
    first.keep(Err(failed()), None);
    assert_eq!(array.read().map(|_| ()).unwrap_err().kind(), ErrorKind::LoopLimit);
}

#[test]
fn work_in_flight_is_bounded() {
    let Some(gpus) = gpus("work_in_flight_is_bounded", 1) else { return };
    let (gpu, all) = (&gpus[0], Span::new(0, 8));
    let mut array = Array::from_vec(&home(), vec![0u32; 8]);
    let mut promises = Vec::new();
    for _ in 0..64 {
        array.gpu_write(gpu, all, Keep::Old).unwrap();
        let (promise, completion) = Completion::promise();
        array.carry(gpu, all, completion);
        promises.push(promise);
    }
    std::thread::scope(|scope| {
        let another = scope.spawn(|| {
            array.gpu_write(gpu, all, Keep::Old).unwrap();
            array.carry(gpu, all, Completion::done(Ok(())));
        });
        std::thread::sleep(Duration::from_millis(20));
        assert!(!another.is_finished());
        promises.remove(0).keep(Ok(()), None);
        another.join().unwrap();
    });
    promises.into_iter().for_each(|promise| promise.keep(Ok(()), None));
    array.read().unwrap();
}

#[test]
fn arrays_may_go_while_their_work_runs() {
    let Some(gpus) = gpus("arrays_may_go_while_their_work_runs", 1) else { return };
    let gpu = &gpus[0];
    for _ in 0..20 {
        let mut array = Array::<u32>::new(&home(), Domain::Line(100_000)).unwrap();
        let buffer = array.gpu_write(gpu, Span::new(0, 100_000), Keep::Nothing).unwrap();
        gpu.upload(&buffer, 0, bytemuck::must_cast_slice(&vec![7u32; 100_000])).unwrap();
        let (promise, completion) = Completion::promise();
        array.carry(gpu, Span::new(0, 100_000), completion);
        drop(array);
        drop(buffer);
        promise.keep(Ok(()), None);
    }
    gpu.wait_idle().unwrap();
}

#[test]
fn values_go_from_gpu_to_gpu() {
    let Some(gpus) = gpus("values_go_from_gpu_to_gpu", 2) else { return };
    let home = home();
    let (one, two) = (&gpus[0], &gpus[1]);
    let mut array = Array::<u32>::new(&home, Domain::Line(100)).unwrap();
    replace(&mut array, one, 0, &[1; 60]);
    replace(&mut array, two, 60, &[2; 40]);
    let expected = [[1; 60].as_slice(), &[2; 40]].concat();
    assert_eq!(seen(&array, two, Span::new(0, 100)), expected);
    assert_eq!(home.moved(), Moved { to_host: 240, from_host: 240 });
    // Work that is open on one is waited for by the other.
    let (promise, completion) = Completion::promise();
    let buffer = array.gpu_write(one, Span::new(0, 4), Keep::Nothing).unwrap();
    array.carry(one, Span::new(0, 4), completion);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| seen(&array, two, Span::new(0, 5)));
        std::thread::sleep(Duration::from_millis(20));
        assert!(!reader.is_finished());
        one.upload(&buffer, 0, bytemuck::must_cast_slice(&[5u32; 4])).unwrap();
        promise.keep(Ok(()), None);
        assert_eq!(reader.join().unwrap(), [5, 5, 5, 5, 1]);
    });
}

#[derive(Clone, Copy, Debug)]
enum Op {
    Snapshot,
    Drop,
    Discard,
    HostReplace,
    HostUpdate,
    HostRead,
    HostReadAll,
    GpuReplace,
    GpuUpdate,
    GpuRead,
    GiveUp,
}

fn op() -> impl Strategy<Value = Op> {
    use Op::*;
    prop::sample::select(vec![
        Snapshot,
        Drop,
        Discard,
        HostReplace,
        HostUpdate,
        HostRead,
        HostReadAll,
        GpuReplace,
        GpuUpdate,
        GpuRead,
        GiveUp,
    ])
}

const LEN: usize = 22;

/// Operations on snapshots of one array against plain vectors; `None` is a value that nobody knows.
fn run<T>(
    gpus: &[Gpu],
    ops: &[(Op, usize, usize, usize, u8)],
    value: impl Fn(u8) -> T,
) -> Result<(), TestCaseError>
where
    T: Element + PartialEq + std::fmt::Debug,
{
    let same = |values: &[T], model: &[Option<T>]| {
        values.len() == model.len()
            && values.iter().zip(model).all(|(value, model)| model.is_none_or(|m| m == *value))
    };
    let first: Vec<T> = (0..LEN as u8).map(&value).collect();
    let model = first.iter().copied().map(Some).collect::<Vec<_>>();
    let mut arrays = vec![(Array::from_vec(&home(), first), model)];
    for (op, which, a, b, v) in ops.iter().copied() {
        let (count, new) = (arrays.len(), value(v));
        let gpu = &gpus[v as usize % gpus.len()];
        let (array, model) = &mut arrays[which % count];
        let span = Span::new(a.min(b), a.max(b));
        let grain = super::element::grain::<T>();
        let words = Span::new(span.start / grain * grain, span.end.next_multiple_of(grain).min(LEN));
        match op {
            Op::Snapshot => {
                let copy = (array.clone(), model.clone());
                if count < 5 {
                    arrays.push(copy);
                }
            }
            Op::Drop if count > 1 => drop(arrays.swap_remove(which % count)),
            Op::Drop => {}
            Op::Discard if v % 4 == 0 => {
                array.discard();
                model.fill(None);
            }
            Op::Discard => {}
            Op::HostReplace => {
                array.host_span_mut(span, Keep::Nothing).unwrap().fill(new);
                model[span.range()].fill(Some(new));
            }
            Op::HostUpdate => {
                let values = array.host_span_mut(span, Keep::Old).unwrap();
                prop_assert!(same(values, &model[span.range()]));
                if let Some(first) = values.first_mut() {
                    *first = new;
                    model[span.start] = Some(new);
                }
            }
            Op::HostRead => prop_assert!(same(array.host_span(span).unwrap(), &model[span.range()])),
            Op::HostReadAll => prop_assert!(same(&array.read().unwrap(), model)),
            Op::GpuReplace => {
                replace(array, gpu, words.start, &vec![new; words.len()]);
                array.carry(gpu, words, Completion::done(Ok(())));
                model[words.range()].fill(Some(new));
            }
            Op::GpuUpdate => {
                let at = (words.start * size_of::<T>()) as u64;
                let buffer = array.gpu_write(gpu, words, Keep::Old).unwrap();
                let mut values = vec![T::zeroed(); words.len()];
                gpu.download(&buffer, at, bytemuck::must_cast_slice_mut(&mut values)).unwrap();
                prop_assert!(same(&values, &model[words.range()]), "{values:?} {model:?}");
                if let Some(last) = values.last_mut() {
                    *last = new;
                    model[words.end - 1] = Some(new);
                }
                gpu.upload(&buffer, at, bytemuck::must_cast_slice(&values)).unwrap();
            }
            Op::GiveUp => {
                array.give_up(gpu);
                prop_assert!(!array.state().iter().any(|part| part.valid.contains(&Space::gpu(gpu.id()))));
            }
            Op::GpuRead => prop_assert!(same(&seen(array, gpu, words), &model[words.range()])),
        }
    }
    for (array, model) in arrays {
        prop_assert!(same(&array.to_vec().unwrap(), &model));
        prop_assert!(same(&array.into_vec().unwrap(), &model));
    }
    Ok(())
}

#[test]
fn arrays_are_values_wherever_they_are() {
    let Some(gpus) = gpus("arrays_are_values_wherever_they_are", 1) else { return };
    let gpus = match gpu::adapters().len() {
        1 => gpus,
        _ => gpus.into_iter().chain(gpu::open(1)).collect(),
    };
    let cases = 200;
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        failure_persistence: None,
        cases,
        ..ProptestConfig::default()
    });
    let ops = prop::collection::vec((op(), 0..5usize, 0..=LEN, 0..=LEN, 0..200u8), 0..30);
    runner
        .run(&(ops, 0..4), |(ops, kind)| match kind {
            0 => run(&gpus, &ops, |v| v),
            1 => run(&gpus, &ops, |v| [v, v + 1, v + 2]),
            2 => run(&gpus, &ops, |v| [v, v + 1]),
            _ => run(&gpus, &ops, f32::from),
        })
        .unwrap();
}

#[test]
fn what_a_gpu_gives_up_is_at_home() {
    let Some(gpus) = gpus("what_a_gpu_gives_up_is_at_home", 1) else { return };
    let (gpu, home, all) = (&gpus[0], home(), Span::new(0, 1000));
    let mut array = Array::from_vec(&home, vec![1u32; 1000]);
    assert!(!array.give_up(gpu));
    // Valid at home too: dropped, nothing moves.
    drop(array.gpu_read(gpu, all).unwrap());
    assert!(array.give_up(gpu));
    assert_eq!((home.moved().to_host, home.given_up()), (0, 4000));
    // In use: kept.
    let held = array.gpu_read(gpu, all).unwrap();
    assert!(!array.give_up(gpu));
    drop(held);
    // A part valid there alone comes home, once; the rest was there.
    replace(&mut array, gpu, 100, &[2; 50]);
    assert!(array.give_up(gpu));
    assert_eq!((home.moved().to_host, home.given_up()), (200, 8000));
    assert_eq!(status(&array, Space::gpu(gpu.id())), [(all, Status::Invalid)]);
    let snapshot = array.clone();
    replace(&mut array, gpu, 120, &[3; 50]);
    let expected = [vec![1; 100], vec![2; 20], vec![3; 50], vec![1; 830]].concat();
    assert_eq!(seen(&array, gpu, all), expected);
    assert_eq!(array.to_vec().unwrap(), expected);
    assert_eq!(snapshot.to_vec().unwrap()[95..155], [vec![1; 5], vec![2; 50], vec![1; 5]].concat());

    // Work that fails later, or has, is told all the same.
    let mut array = Array::<u32>::new(&home, Domain::Line(8)).unwrap();
    for late in [true, false] {
        drop(array.gpu_write(gpu, Span::new(0, 8), Keep::Nothing).unwrap());
        if late {
            assert!(array.give_up(gpu));
        }
        let (promise, completion) = Completion::promise();
        array.carry(gpu, Span::new(0, 8), completion);
        if !late {
            assert!(array.give_up(gpu));
        }
        promise.keep(Err(failed()), None);
        assert_eq!(array.read().map(|_| ()).unwrap_err().kind(), ErrorKind::LoopLimit);
        assert!(array.gpu_read(gpu, Span::new(0, 8)).is_err());
    }
}

#[test]
fn a_row_is_read_alone() {
    let Some(gpus) = gpus("a_row_is_read_alone", 1) else { return };
    fn check<T: Element + PartialEq + std::fmt::Debug>(gpu: &Gpu, value: impl Fn(usize) -> T) {
        let (home, width, height) = (home(), 36, 20);
        let values: Vec<T> = (0..width * height).map(value).collect();
        let mut array = Array::new(&home, Domain::from((width, height))).unwrap();
        replace(&mut array, gpu, 0, &values);
        let row = (width * size_of::<T>()).next_multiple_of(4) as u64;
        assert_eq!(*array.row(7).unwrap(), values[7 * width..8 * width]);
        assert_eq!(home.moved(), Moved { to_host: row, from_host: 0 });
        assert_eq!(*array.row(7).unwrap(), values[7 * width..8 * width]);
        assert_eq!(home.moved().to_host, row);
        assert_eq!(*array.read_span(8 * width..10 * width).unwrap(), values[8 * width..10 * width]);
        assert_eq!(home.moved().to_host, 3 * row);
        assert_eq!(*array.read_span(..).unwrap(), values[..]);
        assert_eq!(home.moved().to_host, (values.len() * size_of::<T>()) as u64);
        for (error, kind) in [
            (array.row(height).map(|_| ()), ErrorKind::OutOfBounds),
            (array.read_span(5..=width * height).map(|_| ()), ErrorKind::OutOfBounds),
            (array.shaped(width * height).unwrap().row(0).map(|_| ()), ErrorKind::ShapeMismatch),
        ] {
            assert_eq!(error.unwrap_err().kind(), kind);
        }
    }
    check(&gpus[0], |i| i as f32);
    check(&gpus[0], |i| i as u8);
    check(&gpus[0], |i| [i as u8, (i >> 8) as u8, 3]);
}
