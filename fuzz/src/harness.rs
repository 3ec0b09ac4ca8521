// Compiled with each batch of kernels, not with the fuzzer: reads the arguments, runs every kernel on every setup, and
// writes what came out.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use manylane::prelude::*;

/// Where kernels run.
pub struct Setup {
    pub name: String,
    pub target: Target,
    pub rt: Runtime,
}

/// Values from words, and back.
pub trait Words: Copy {
    fn take(from: &mut &[u64]) -> Self;
    fn give(self, to: &mut Vec<u64>);
}

macro_rules! words {
    ($($ty:ty: $word:ident => $from:expr, $to:expr;)*) => {$(
        impl Words for $ty {
            fn take(from: &mut &[u64]) -> Self {
                let $word = from[0];
                *from = &from[1..];
                $from
            }
            fn give(self, to: &mut Vec<u64>) {
                let $word = self;
                to.push($to);
            }
        }
    )*};
}
words! {
    f32: w => f32::from_bits(w as u32), w.to_bits().into();
    f64: w => f64::from_bits(w), w.to_bits();
    i64: w => w as i64, w as u64;
    u64: w => w, w;
    i32: w => w as i32, w as u64;
    u32: w => w as u32, w.into();
    i16: w => w as i16, w as u64;
    u16: w => w as u16, w.into();
    i8: w => w as i8, w as u64;
    u8: w => w as u8, w.into();
}
impl<T: Words, const N: usize> Words for [T; N] {
    fn take(from: &mut &[u64]) -> Self {
        std::array::from_fn(|_| T::take(from))
    }
    fn give(self, to: &mut Vec<u64>) {
        self.into_iter().for_each(|one| one.give(to));
    }
}

/// So many values.
pub fn many<T: Words>(from: &mut &[u64]) -> Vec<T> {
    let count = u64::take(from);
    (0..count).map(|_| T::take(from)).collect()
}

/// All values of an array, one column of the results.
pub fn column<T: Words>(all: &[T]) -> Vec<Vec<u64>> {
    all.iter()
        .map(|one| {
            let mut words = Vec::new();
            one.give(&mut words);
            words
        })
        .collect()
}

/// One kernel: from a setup (none: the plain function), the arguments' words, width and height to columns of results.
pub type Run = fn(Option<&Setup>, &mut &[u64], usize, usize) -> manylane::Result<Vec<Vec<Vec<u64>>>>;

pub fn setups() -> Vec<Setup> {
    let mut all = Vec::new();
    for level in Level::available() {
        let rt = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
            Runtime::builder().level(level).threads(threads).pool(Arc::new(pool)).build().expect("a level of this machine")
        };
        if level == Level::Scalar {
            all.push(Setup { name: "scalar".into(), target: Target::Scalar, rt: rt(1) });
        }
        all.push(Setup { name: format!("simd-{level}"), target: Target::Simd, rt: rt(1) });
        if level == Level::best() {
            all.push(Setup { name: format!("threads-{level}"), target: Target::Threads, rt: rt(2) });
        }
    }
    all
}

/// Status 0: results; 1: out of range, and the place; 2: another error; 3: a panic; each with what follows.
pub fn main_of(kernels: &[(u64, Run)]) {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).expect("a folder"));
    let setups = setups();
    let names: Vec<&str> = setups.iter().map(|setup| setup.name.as_str()).collect();
    println!("setups {}", names.join(" "));
    std::panic::set_hook(Box::new(|_| {}));
    for (number, run) in kernels {
        println!("kernel {number}");
        let bytes = std::fs::read(folder.join(format!("{number}.in"))).expect("the arguments");
        let words: Vec<u64> = bytes.chunks_exact(8).map(|word| u64::from_le_bytes(word.try_into().expect("8"))).collect();
        let mut from = &words[..];
        let mut out: Vec<u64> = Vec::new();
        while !from.is_empty() {
            let (width, height) = (u64::take(&mut from) as usize, u64::take(&mut from) as usize);
            let (plain, length) = (u64::take(&mut from), u64::take(&mut from) as usize);
            let own = &from[..length];
            from = &from[length..];
            for setup in setups.iter().map(Some).chain((plain == 1).then_some(None)) {
                println!("run {}", setup.map_or("rustc", |setup| setup.name.as_str()));
                let found = catch_unwind(AssertUnwindSafe(|| run(setup, &mut &own[..], width, height)));
                match found {
                    Ok(Ok(columns)) => {
                        out.push(0);
                        for place in 0..width * height {
                            columns.iter().for_each(|column| out.extend(&column[place]));
                        }
                    }
                    Ok(Err(error)) if error.kind() == ErrorKind::OutOfBounds => {
                        let text = error.to_string();
                        let digits = text.split("place ").nth(1).unwrap_or("").chars().take_while(|c| c.is_ascii_digit() || *c == ',');
                        let digits: String = digits.filter(char::is_ascii_digit).collect();
                        out.extend([1, digits.parse().unwrap_or(u64::MAX)]);
                    }
                    Ok(Err(error)) => {
                        println!("error {error}");
                        out.push(2);
                    }
                    Err(_) => out.push(3),
                }
            }
        }
        let bytes: Vec<u8> = out.iter().flat_map(|word| word.to_le_bytes()).collect();
        std::fs::write(folder.join(format!("{number}.out")), bytes).expect("the results");
    }
}
