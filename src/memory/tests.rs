//! Arrays on the host alone; with devices: `gpu_tests`.

use proptest::prelude::*;

use super::*;
use crate::device::Completion;
use crate::error::ErrorKind;
use crate::memory::pool::Pool;
use crate::shape::{Domain, Span};

/// A runtime with a pool of its own, so that its numbers are this test's.
pub(super) fn home() -> Home {
    Home::over(Box::leak(Box::new(Pool::new(1 << 30))))
}

fn each_element_type(mut test: impl FnMut(&str)) {
    for name in ["f32", "i32", "u32", "u8", "[f32; 3]", "[u8; 4]"] {
        test(name);
    }
}

#[test]
fn arrays_are_send_and_sync() {
    fn check<T: Send + Sync>() {}
    check::<Array<f32>>();
    check::<Array<[u8; 4]>>();
    check::<Read<'_, f32>>();
    check::<Write<'_, f32>>();
    check::<Home>();
    check::<Box<dyn DeviceArray>>();
}

#[test]
fn every_element_type_goes_in_and_out() {
    fn check<T: Element + PartialEq + std::fmt::Debug>(values: Vec<T>) {
        let home = home();
        let mut array = Array::from_vec(&home, values.clone());
        assert_eq!(*array.read().unwrap(), values[..]);
        assert_eq!(array.to_vec().unwrap(), values);
        array.write().unwrap().reverse();
        assert!(array.read().unwrap().iter().eq(values.iter().rev()));
        let mut fresh = Array::<T>::new(&home, Domain::Line(values.len())).unwrap();
        fresh.host_mut(Keep::Nothing).unwrap().copy_from_slice(&values);
        assert_eq!(fresh.into_vec().unwrap(), values);
    }
    each_element_type(|name| match name {
        "f32" => check(vec![1.5f32, -0.0, 3.0]),
        "i32" => check(vec![i32::MIN, 0, 7]),
        "u32" => check(vec![u32::MAX]),
        "u8" => check((0..=255u8).collect()),
        "[f32; 3]" => check(vec![[1.0f32, 2.0, 3.0]; 5]),
        _ => check(vec![[1u8, 2, 3, 4], [5, 6, 7, 8]]),
    });
}

#[test]
fn an_adopted_vec_is_never_copied() {
    let mut data = Vec::with_capacity(100);
    data.extend([1.0f32, 2.0, 3.0]);
    let (start, capacity) = (data.as_ptr(), data.capacity());
    let home = home();
    let mut array = Array::from_vec(&home, data);
    assert_eq!(array.read().unwrap().as_ptr(), start);
    array.write().unwrap()[1] = 5.0;
    array.host_mut(Keep::Nothing).unwrap()[0] = 4.0;
    let data = array.into_vec().unwrap();
    assert_eq!((data.as_ptr(), data.capacity()), (start, capacity));
    assert_eq!(data, [4.0, 5.0, 3.0]);
    assert_eq!(home.pool_stats().misses, 0);
}

#[test]
fn an_adopted_vec_is_freed_or_copied_where_a_snapshot_lives() {
    let home = home();
    let array = Array::from_vec(&home, vec![1u8; 100]);
    let snapshot = array.clone();
    assert_eq!(array.into_vec().unwrap(), [1; 100]);
    assert_eq!(snapshot.into_vec().unwrap(), [1; 100]);
    drop(Array::from_vec(&home, vec![1u8; 100]));
}

#[test]
fn snapshots_never_see_later_writes() {
    let home = home();
    let mut array = Array::from_vec(&home, vec![1i32, 2, 3]);
    let first = array.clone();
    array.write().unwrap()[0] = 10;
    let second = array.clone();
    array.host_mut(Keep::Nothing).unwrap().fill(7);
    let third = array.clone();
    array.host_span_mut(Span::new(1, 2), Keep::Nothing).unwrap()[0] = 8;
    assert_eq!(first.to_vec().unwrap(), [1, 2, 3]);
    assert_eq!(second.to_vec().unwrap(), [10, 2, 3]);
    assert_eq!(third.to_vec().unwrap(), [7, 7, 7]);
    assert_eq!(array.to_vec().unwrap(), [7, 8, 7]);
}

#[test]
fn a_write_of_everything_copies_nothing() {
    let home = home();
    let mut array = Array::from_vec(&home, vec![1i32; 1000]);
    let snapshot = array.clone();
    let before = array.read().unwrap().as_ptr();
    array.host_mut(Keep::Nothing).unwrap();
    assert_ne!(array.read().unwrap().as_ptr(), before);
    // What the fresh block holds is what it was born with, not a copy.
    assert_eq!(array.to_vec().unwrap(), [0; 1000]);
    assert_eq!(snapshot.to_vec().unwrap(), [1; 1000]);
}

#[test]
fn a_sole_owner_writes_in_place() {
    let mut array = Array::from_vec(&home(), vec![1i32; 10]);
    let before = array.read().unwrap().as_ptr();
    drop(array.clone());
    array.write().unwrap()[3] = 2;
    array.host_span_mut(Span::new(4, 6), Keep::Old).unwrap().fill(9);
    assert_eq!(array.read().unwrap().as_ptr(), before);
    assert_eq!(array.to_vec().unwrap(), [1, 1, 1, 2, 9, 9, 1, 1, 1, 1]);
}

#[test]
fn empty_arrays_work() {
    let home = home();
    let mut none = Array::<f32>::from_vec(&home, vec![]);
    let mut new = Array::<[u8; 3]>::new(&home, Domain::from((0, 7))).unwrap();
    assert!(none.is_empty() && new.is_empty());
    assert!(none.read().unwrap().is_empty() && new.read().unwrap().is_empty());
    assert!(none.write().unwrap().is_empty() && new.write().unwrap().is_empty());
    let snapshot = new.clone();
    assert!(new.host_mut(Keep::Nothing).unwrap().is_empty());
    assert!(new.host_span_mut(Span::new(0, 0), Keep::Old).unwrap().is_empty());
    assert!(new.state().is_empty());
    assert!(snapshot.to_vec().unwrap().is_empty());
    assert!(new.into_vec().unwrap().is_empty() && none.into_vec().unwrap().is_empty());
}

#[test]
fn shapes_are_checked() {
    let array = Array::from_vec(&home(), (0..12u32).collect());
    let array = array.shaped((4, 3)).unwrap();
    assert_eq!((array.domain(), array.len()), (Domain::Grid { width: 4, height: 3 }, 12));
    assert_eq!(format!("{array:?}"), "Array<u32>(4x3)");
    let error = array.clone().shaped((5, 3)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ShapeMismatch);
    assert!(error.to_string().contains("12") && error.to_string().contains("5x3"));
    // 2^32 * 2^32 + 12 places would count as 12.
    assert!(array.shaped((1 << 32, 1 << 32)).is_err());
}

#[test]
#[cfg_attr(miri, ignore = "Miri stops where it runs out of memory")]
fn what_cannot_be_is_out_of_memory() {
    let home = home();
    for domain in [Domain::Line(usize::MAX), Domain::Line(1 << 61), Domain::from((1 << 40, 1 << 40))] {
        assert_eq!(Array::<f32>::new(&home, domain).unwrap_err().kind(), ErrorKind::OutOfMemory);
    }
    // Counted, but not there: said when memory is first needed.
    let mut large = Array::<f32>::new(&home, Domain::Line(1 << 50)).unwrap();
    let error = large.host_mut(Keep::Nothing).map(|_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfMemory);
    assert!(error.to_string().contains(&(1u64 << 52).to_string()), "{error}");
    assert_eq!(large.read().map(|_| ()).unwrap_err().kind(), ErrorKind::OutOfMemory);
}

#[test]
fn memory_is_taken_when_needed_and_reused() {
    let home = home();
    for _ in 0..10 {
        let mut array = Array::<f32>::new(&home, Domain::Line(1000)).unwrap();
        array.host_mut(Keep::Nothing).unwrap().fill(1.0);
    }
    let stats = home.pool_stats();
    assert_eq!((stats.misses, stats.hits), (1, 9));
    let idle: Vec<_> = (0..10).map(|_| Array::<f32>::new(&home, Domain::Line(1000)).unwrap()).collect();
    assert_eq!(home.pool_stats(), stats);
    drop(idle);
    assert_eq!(stats.held_bytes, stats.free_bytes);
}

#[test]
fn unwritten_values_are_values() {
    let array = Array::<u32>::new(&home(), Domain::Line(5)).unwrap();
    assert!(array.state().iter().all(|interval| interval.valid.is_empty()));
    let first = array.to_vec().unwrap();
    assert_eq!(array.clone().to_vec().unwrap(), first);
    assert_eq!(array.state()[0].status(Space::HOST), Status::Owner);
}

#[test]
fn homes_are_told_apart() {
    let (a, b) = (home(), home());
    let array = Array::from_vec(&a, vec![1.0f32]);
    assert_eq!(array.home(), &a);
    assert_ne!(array.home(), &b);
    assert_ne!(a.id(), b.id());
    assert!(Home::new().is_ok());
}

#[test]
fn discarded_values_do_not_reach_snapshots() {
    let mut array = Array::from_vec(&home(), vec![1u8; 10]);
    let snapshot = array.clone();
    array.discard();
    assert!(array.state()[0].valid.is_empty());
    array.host_span_mut(Span::new(0, 4), Keep::Nothing).unwrap().fill(3);
    array.host_span_mut(Span::new(4, 10), Keep::Nothing).unwrap().fill(4);
    assert_eq!(array.to_vec().unwrap(), [3, 3, 3, 3, 4, 4, 4, 4, 4, 4]);
    assert_eq!(snapshot.to_vec().unwrap(), [1; 10]);
    array.discard();
    array.host_mut(Keep::Nothing).unwrap().fill(5);
    assert_eq!(array.to_vec().unwrap(), [5; 10]);
}

#[test]
fn nothing_is_carried_by_what_no_device_computes() {
    let array = Array::from_vec(&home(), vec![1u8; 10]);
    let carried: Vec<Completion> = array.carried(Span::new(0, 10));
    assert!(carried.is_empty());
}

#[test]
fn many_threads_read_while_others_write_their_own_snapshots() {
    let array = Array::from_vec(&home(), (0..1000u32).collect());
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let array = &array;
            scope.spawn(move || {
                for round in 0..if cfg!(miri) { 2 } else { 200 } {
                    let mut mine = array.clone();
                    mine.host_span_mut(Span::new(round, round + 3), Keep::Old).unwrap().fill(thread);
                    assert!(array.read().unwrap().iter().copied().eq(0..1000));
                    assert_eq!(mine.read().unwrap()[round..round + 3], [thread; 3]);
                }
            });
        }
    });
}

#[derive(Clone, Debug)]
enum Op {
    Snapshot(usize),
    Drop(usize),
    Write(usize, usize, u8),
    Replace(usize, u8),
    WriteSpan(usize, usize, usize, u8),
    ReplaceSpan(usize, usize, usize, u8),
    Read(usize),
}

const LEN: usize = 9;

fn op() -> impl Strategy<Value = Op> {
    let which = 0..4usize;
    let at = || 0..=LEN;
    prop_oneof![
        which.clone().prop_map(Op::Snapshot),
        which.clone().prop_map(Op::Drop),
        (which.clone(), 0..LEN, any::<u8>()).prop_map(|(i, at, v)| Op::Write(i, at, v)),
        (which.clone(), any::<u8>()).prop_map(|(i, v)| Op::Replace(i, v)),
        (which.clone(), at(), at(), any::<u8>()).prop_map(|(i, a, b, v)| Op::WriteSpan(
            i,
            a.min(b),
            a.max(b),
            v
        )),
        (which.clone(), at(), at(), any::<u8>()).prop_map(|(i, a, b, v)| Op::ReplaceSpan(
            i,
            a.min(b),
            a.max(b),
            v
        )),
        which.prop_map(Op::Read),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        cases: if cfg!(miri) { 3 } else { 256 },
        ..ProptestConfig::default()
    })]

    /// Snapshots against plain vectors.
    #[test]
    fn arrays_are_values(ops in prop::collection::vec(op(), 0..40)) {
        let first: Vec<u8> = (0..LEN as u8).collect();
        let mut arrays = vec![(Array::from_vec(&home(), first.clone()), first)];
        for op in ops {
            let count = arrays.len();
            match op {
                Op::Snapshot(i) if count < 8 => {
                    let copy = arrays[i % count].clone();
                    arrays.push(copy);
                }
                Op::Drop(i) if count > 1 => drop(arrays.swap_remove(i % count)),
                Op::Write(i, at, v) => {
                    let (array, model) = &mut arrays[i % count];
                    array.write().unwrap()[at] = v;
                    model[at] = v;
                }
                Op::Replace(i, v) => {
                    let (array, model) = &mut arrays[i % count];
                    array.host_mut(Keep::Nothing).unwrap().fill(v);
                    model.fill(v);
                }
                Op::WriteSpan(i, a, b, v) => {
                    let (array, model) = &mut arrays[i % count];
                    for (x, y) in array.host_span_mut(Span::new(a, b), Keep::Old).unwrap().iter_mut().zip(&mut model[a..b]) {
                        prop_assert_eq!(*x, *y);
                        *x = x.wrapping_add(v);
                        *y = y.wrapping_add(v);
                    }
                }
                Op::ReplaceSpan(i, a, b, v) => {
                    let (array, model) = &mut arrays[i % count];
                    array.host_span_mut(Span::new(a, b), Keep::Nothing).unwrap().fill(v);
                    model[a..b].fill(v);
                }
                Op::Read(i) => {
                    let (array, model) = &arrays[i % count];
                    prop_assert_eq!(&*array.read().unwrap(), &model[..]);
                }
                Op::Snapshot(_) | Op::Drop(_) => {}
            }
        }
        for (array, model) in arrays {
            prop_assert_eq!(array.into_vec().unwrap(), model);
        }
    }
}
