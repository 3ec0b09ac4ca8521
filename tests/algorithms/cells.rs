//! Algorithms whose own files look at one type closely, on every type.

use manylane::Sort;
use manylane::api::{Sortable, op};
use manylane_testkit::{Random as Inputs, Setup};

use crate::Property;
use crate::numbers::{Number, each_type, each_wide_type, refused};

pub const TYPED: &[Property] = each_type![filter_and_places, order_and_places, sums_by_key];
pub const WIDE: &[Property] = each_wide_type![filter_and_places, order_and_places, sums_by_key];

const SIZES: [usize; 7] = [0, 1, 17, 255, 4_096, 4_097, 30_011];

fn few<T: Number>(random: &mut Inputs, n: usize, values: usize) -> Vec<T> {
    (0..n).map(|_| T::small(random.below(values))).collect()
}

fn filter_and_places<T: Number>(setup: &Setup) {
    if refused::<T, _>(setup, |x| setup.reduce(x).filter::<T::NonZero>().map(|_| ())) {
        return;
    }
    let mut random = Inputs::new("filter_and_places");
    let nothing = T::small(0);
    for n in SIZES {
        let x = few::<T>(&mut random, n, 3);
        let (kept, left): (Vec<T>, Vec<T>) = x.iter().partition(|x| **x != nothing);
        let found = setup.reduce(&x).filter::<T::NonZero>().unwrap().to_vec().unwrap();
        assert!(found == kept, "{n}, filter");
        let (found, first) = setup.reduce(&x).partition::<T::NonZero>().unwrap();
        assert!(first == kept.len() && found.to_vec().unwrap() == [kept, left].concat(), "{n}, partition");
        let expected: Vec<u32> = (0..n as u32).filter(|at| x[*at as usize] != nothing).collect();
        let found = setup.reduce(&x).index_list::<T::NonZero>().unwrap();
        assert_eq!(found.to_vec().unwrap(), expected, "{n}, places");
    }
}

fn order_and_places<T: Number + Sortable>(setup: &Setup) {
    if refused::<T, _>(setup, |x| setup.reduce(x).argsort().map(|_| ())) {
        return;
    }
    let mut random = Inputs::new("order_and_places");
    for n in SIZES {
        // Many are equal, so that stability shows.
        let x = few::<T>(&mut random, n, 40);
        let mut order: Vec<u32> = (0..n as u32).collect();
        order.sort_by(|a, b| x[*a as usize].partial_cmp(&x[*b as usize]).unwrap());
        let places = setup.reduce(&x).argsort().unwrap();
        assert_eq!(places.to_vec().unwrap(), order, "{n}");
        let sorted: Vec<T> = order.iter().map(|at| x[*at as usize]).collect();
        let gathered = setup.runtime().gather::<T>(&places, &x).on(setup.target).run().unwrap();
        assert!(gathered.to_vec().unwrap() == sorted, "{n}, gathered");
        let (keys, moved) = setup.reduce(&x).sort_pairs(&x, Sort::ascending()).unwrap();
        assert!(keys.to_vec().unwrap() == sorted && moved.to_vec().unwrap() == sorted, "{n}, pairs");
        let (largest, _) = setup.reduce(&x).top_k(5).unwrap();
        let expected: Vec<T> = sorted.iter().rev().take(5).copied().collect();
        assert!(largest.to_vec().unwrap() == expected, "{n}, the largest");
    }
}

fn sums_by_key<T: Number>(setup: &Setup) {
    let rt = setup.runtime();
    let mut random = Inputs::new("sums_by_key");
    for n in SIZES {
        let (keys, values) = (few::<T>(&mut random, n, 2), few::<T>(&mut random, n, 9));
        let (mut wanted, mut sums): (Vec<T>, Vec<T>) = (Vec::new(), Vec::new());
        for (key, value) in keys.iter().zip(&values) {
            if wanted.last() != Some(key) {
                wanted.push(*key);
                sums.push(T::small(0));
            }
            let last = sums.len() - 1;
            sums[last] = sums[last].plus(*value);
        }
        let (keys, values) = (rt.array(keys).unwrap(), rt.array(values).unwrap());
        let (found, reduced) = rt.reduce_by_key(&keys, &values, op::Sum).unwrap();
        assert!(found.to_vec().unwrap() == wanted && reduced.to_vec().unwrap() == sums, "{n}");
    }
}
