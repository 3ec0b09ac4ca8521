//! What threads do to arrays at once; each panics where a value is wrong.

use shuttle::thread;

use crate::device::gpu::Gpu;
use crate::error::{Error, ErrorKind};
use crate::memory::{Array, Home, Keep};
use crate::shape::Span;

const LEN: usize = 4;
const BYTES: u64 = 4 * LEN as u64;

/// A kernel that adds `by` to every element of `span`, in place.
fn add(array: &mut Array<u32>, gpu: &Gpu, span: Span, by: u32, fails: bool) {
    let buffer = array.gpu_write(gpu, span, Keep::Old).unwrap();
    let written = buffer.clone();
    let completion = gpu.run(move || {
        written.with(|bytes| {
            for word in bytemuck::cast_slice_mut::<u8, u32>(bytes)[span.range()].iter_mut() {
                *word += by;
            }
        });
        if fails { Err(Error::new(ErrorKind::LoopLimit, "it failed")) } else { Ok(()) }
    });
    drop(buffer);
    array.carry(gpu, span, completion);
}

/// Three arrays and their snapshots on a device that holds four of them: no update is lost. (To copy a snapshot takes two
/// at once: with room for three, each thread may hold one and none could go on.)
pub fn arrays_take_turns() {
    let (gpu, worker) = Gpu::new(4 * BYTES);
    let home = Home::new().unwrap();
    let threads: Vec<_> = (0..3u32)
        .map(|k| {
            let (gpu, home) = (gpu.clone(), home.clone());
            thread::spawn(move || {
                let mut array = Array::from_vec(&home, vec![k; LEN]);
                add(&mut array, &gpu, Span::new(0, LEN), 10, false);
                let snapshot = array.clone();
                add(&mut array, &gpu, Span::new(1, 3), 100, false);
                assert_eq!(array.host_span(Span::new(0, 2)).unwrap(), [k + 10, k + 110]);
                array.host_span_mut(Span::new(3, 4), Keep::Nothing).unwrap()[0] = 7;
                drop(snapshot);
                add(&mut array, &gpu, Span::new(0, 4), 1000, false);
                assert_eq!(array.to_vec().unwrap(), [k + 1010, k + 1110, k + 1110, 1007]);
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    gpu.close();
    worker.join().unwrap();
    assert_eq!(gpu.memory_taken(), 0);
}

/// Snapshots of one array are read and written by several threads while another needs the room.
pub fn snapshots_stay_as_they_are() {
    let (gpu, worker) = Gpu::new(3 * BYTES);
    let home = Home::new().unwrap();
    let mut array = Array::from_vec(&home, vec![1; LEN]);
    add(&mut array, &gpu, Span::new(0, LEN), 1, false);
    let mut threads = Vec::new();
    for k in 0..2u32 {
        let (gpu, mut mine) = (gpu.clone(), array.clone());
        threads.push(thread::spawn(move || {
            if k == 0 {
                assert_eq!(mine.host_span(Span::new(2, 4)).unwrap(), [2, 2]);
                mine.host_span_mut(Span::new(0, 1), Keep::Old).unwrap()[0] += 5;
                assert_eq!(mine.to_vec().unwrap(), [7, 2, 2, 2]);
            } else {
                add(&mut mine, &gpu, Span::new(1, 2), 20, false);
                assert_eq!(mine.to_vec().unwrap(), [2, 22, 2, 2]);
            }
        }));
    }
    let (other, pressed) = (home.clone(), gpu.clone());
    threads.push(thread::spawn(move || {
        for k in 0..2 {
            let mut array = Array::from_vec(&other, vec![k; LEN]);
            add(&mut array, &pressed, Span::new(0, LEN), 3, false);
            assert_eq!(array.to_vec().unwrap(), [k + 3; LEN]);
        }
    }));
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(array.to_vec().unwrap(), [2; LEN]);
    drop(array);
    gpu.close();
    worker.join().unwrap();
}

/// Values that failed work should have made are never seen, wherever they were moved meanwhile.
pub fn failed_work_is_never_read() {
    let (gpu, worker) = Gpu::new(2 * BYTES);
    let home = Home::new().unwrap();
    let (pressed, other) = (gpu.clone(), home.clone());
    let presses = thread::spawn(move || {
        for k in 0..2 {
            let mut array = Array::from_vec(&other, vec![k; LEN]);
            add(&mut array, &pressed, Span::new(0, LEN), 3, false);
            let mut more = Array::from_vec(&other, vec![k; LEN]);
            add(&mut more, &pressed, Span::new(0, LEN), 4, false);
            assert_eq!(array.to_vec().unwrap(), [k + 3; LEN]);
            assert_eq!(more.to_vec().unwrap(), [k + 4; LEN]);
        }
    });
    let mut array = Array::from_vec(&home, vec![1; LEN]);
    add(&mut array, &gpu, Span::new(2, 4), 1, true);
    let snapshot = array.clone();
    let reader = thread::spawn(move || {
        assert_eq!(snapshot.host_span(Span::new(0, 2)).unwrap(), [1, 1]);
        assert_eq!(snapshot.host_span(Span::new(1, 3)).unwrap_err().kind(), ErrorKind::LoopLimit);
    });
    assert_eq!(array.to_vec().unwrap_err().kind(), ErrorKind::LoopLimit);
    assert_eq!(array.host_span(Span::new(0, 2)).unwrap(), [1, 1]);
    reader.join().unwrap();
    presses.join().unwrap();
    drop(array);
    gpu.close();
    worker.join().unwrap();
}
