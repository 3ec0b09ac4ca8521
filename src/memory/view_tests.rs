//! Views and writable parts on a GPU: what moves, and where it is bound.

use super::gpu_tests::gpus;
use super::tests::home;
use super::*;
use crate::device::Completion;
use crate::device::gpu::{Buffer, Gpu};
use crate::error::{Error, ErrorKind};
use crate::shape::{Domain, Span};

/// What a binding to `(buffer, offset)` would show.
fn shown<T: Element>(gpu: &Gpu, (buffer, offset): &(Buffer, u64), len: usize) -> Vec<T> {
    let mut values = vec![T::zeroed(); len];
    gpu.download(buffer, *offset, bytemuck::must_cast_slice_mut(&mut values)).unwrap();
    values
}

/// Plays a kernel that writes `values` to all of `part`.
fn write_part<T: Element>(gpu: &Gpu, part: &mut ViewMut<'_, T>, values: &[T], keep: Keep) -> u64 {
    let all = Span::new(0, values.len());
    let (buffer, offset) = part.gpu_write(gpu, all, keep).unwrap();
    gpu.upload(&buffer, offset, bytemuck::must_cast_slice(values)).unwrap();
    part.carry(gpu, all, Completion::done(Ok(())));
    offset
}

#[test]
fn a_view_moves_only_what_it_shows() {
    let Some(gpus) = gpus("a_view_moves_only_what_it_shows", 1) else { return };
    let (gpu, home) = (&gpus[0], home());
    let alignment = gpu.limits().offset_alignment as usize;
    let array = Array::from_vec(&home, (0..20_000u32).collect());
    // In place where a binding can begin.
    let first = 16 * alignment;
    let view = array.slice(first..first + 500).unwrap();
    let there = view.gpu_read(gpu, Span::new(0, 500)).unwrap();
    assert_eq!(there.1, 4 * first as u64);
    assert_eq!(shown::<u32>(gpu, &there, 500), (first as u32..).take(500).collect::<Vec<_>>());
    assert_eq!(home.moved(), Moved { to_host: 0, from_host: 2000 });
    // Copied on the device where not: the same elements move no more.
    let view = array.slice(first + 1..first + 401).unwrap();
    let there = view.gpu_read(gpu, Span::new(100, 400)).unwrap();
    assert_eq!(there.1, 0);
    assert_eq!(shown::<u32>(gpu, &there, 300), (first as u32 + 101..).take(300).collect::<Vec<_>>());
    assert_eq!(home.moved(), Moved { to_host: 0, from_host: 2000 });

    // Bytes that begin inside of a word, on the device: those come home and go back.
    let mut bytes = Array::<u8>::new(&home, Domain::Line(4000)).unwrap();
    write_part(gpu, &mut bytes.slice_mut(..).unwrap(), &[7; 4000], Keep::Nothing);
    let before = home.moved();
    let there = bytes.slice(1001..1011).unwrap().gpu_read(gpu, Span::new(0, 10)).unwrap();
    assert_eq!(shown::<u8>(gpu, &there, 10), [7; 10]);
    let moved = home.moved();
    assert_eq!((moved.to_host - before.to_host, moved.from_host - before.from_host), (10, 10));
}

#[test]
fn a_part_is_written_where_the_others_are_not() {
    let Some(gpus) = gpus("a_part_is_written_where_the_others_are_not", 1) else { return };
    let (gpu, home) = (&gpus[0], home());
    let alignment = gpu.limits().offset_alignment as usize;
    let mut model: Vec<u32> = (0..20_000).collect();
    let mut array = Array::from_vec(&home, model.clone());
    let first = 16 * alignment;
    for (start, keep) in [
        (first, Keep::Nothing),
        (first + 1, Keep::Nothing),
        (first + 300, Keep::Old),
        (first + 301, Keep::Old),
    ] {
        let values: Vec<u32> = (0..100).map(|i| 1_000_000 + i + start as u32).collect();
        let mut part = array.slice_mut(start..start + 100).unwrap();
        let offset = write_part(gpu, &mut part, &values, keep);
        assert_eq!(offset, if start % alignment == 0 { 4 * start as u64 } else { 0 });
        assert!(part.state().iter().all(|interval| interval.status(Space::gpu(gpu.id())) == Status::Owner));
        model[start..start + 100].copy_from_slice(&values);
    }
    // Only what was read before it was written went there; only what was written comes back.
    assert_eq!(home.moved().to_host, 0);
    assert!(home.moved().from_host <= 2 * 400, "{:?}", home.moved());
    assert_eq!(array.to_vec().unwrap(), model);
    assert_eq!(home.moved().to_host, 202 * 4);
}

#[test]
fn work_that_fails_spoils_the_part_alone() {
    let Some(gpus) = gpus("work_that_fails_spoils_the_part_alone", 1) else { return };
    let (gpu, home) = (&gpus[0], home());
    for start in [1024, 1025] {
        let mut array = Array::from_vec(&home, vec![3u32; 4000]);
        let mut part = array.slice_mut(start..start + 10).unwrap();
        part.gpu_write(gpu, Span::new(0, 10), Keep::Nothing).unwrap();
        let error = Error::new(ErrorKind::LoopLimit, "spin: a loop ran past its budget");
        part.carry(gpu, Span::new(0, 10), Completion::done(Err(error)));
        assert_eq!(part.read().map(|_| ()).unwrap_err().kind(), ErrorKind::LoopLimit);
        assert_eq!(*array.read_span(..start).unwrap(), vec![3; start][..]);
        assert!(array.read().is_err());
    }
    // Work that never came so far as to claim anything spoils nothing.
    let mut array = Array::from_vec(&home, vec![3u32; 10]);
    let error = Error::new(ErrorKind::OutOfMemory, "no memory");
    array.carry(gpu, Span::new(0, 10), Completion::done(Err(error.clone())));
    assert_eq!(array.to_vec().unwrap(), [3; 10]);
    // But values that are nowhere are not to be taken for some.
    let mut array = Array::<u32>::new(&home, Domain::Line(10)).unwrap();
    array.host_span_mut(Span::new(0, 4), Keep::Nothing).unwrap().fill(3);
    array.carry(gpu, Span::new(0, 10), Completion::done(Err(error)));
    assert_eq!(*array.read_span(..4).unwrap(), [3; 4]);
    assert_eq!(array.read().map(|_| ()).unwrap_err().kind(), ErrorKind::OutOfMemory);
}
