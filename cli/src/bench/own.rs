//! Kernels of one's own in a bench, in a few lines.

use std::cell::OnceCell;

use manylane::kernel::{KernelInfo, LaneElement, ParamKind};
use manylane::prelude::*;
use manylane_elementwise::facts::{Compare, Tolerance};

use crate::bench::suite::{Data, Text, Work, Workload};
use crate::bench::workloads::{check, into};

/// A kernel of one's own that gives one array, with its inputs and its naive reference; on the way to a [`Workload`].
///
/// What a run moves and computes is taken from the kernel: an element of every array read and written, and its operations,
/// at each place. [`work`](Own::work) says it where that is not so.
///
/// ```
/// use manylane::prelude::*;
/// use manylane_cli::bench::{Options, Own, Step, Suite};
///
/// #[kernel]
/// fn halve(x: f32) -> f32 {
///     0.5 * x
/// }
///
/// # fn main() -> manylane::Result<()> {
/// let halve = Own::new(
///     "halve",
///     |rt, places| rt.array(vec![3.0f32; places.len()]),
///     |rt, x: &Array<f32>| rt.map::<halve>(x),
///     |x| Ok(x.read()?.iter().map(|x| x / 2.0).collect()),
/// );
/// let suite = Suite::new().with(halve.sizes([10_000, 1 << 20]));
/// let targets = vec![Target::Scalar, Target::Simd];
/// let options = Options { quick: true, targets, ..Options::default() };
/// let rows = suite.run(&Runtime::new()?, &options, &mut |_step: Step<'_>| ())?;
/// assert!(rows.len() == 2 && rows.iter().all(|row| row.verified));
/// # Ok(())
/// # }
/// ```
pub struct Own<K: Kernel<Out = T>, I, T> {
    name: &'static str,
    about: &'static str,
    sizes: Vec<Domain>,
    inputs: fn(&Runtime, Domain) -> manylane::Result<I>,
    launch: Start<K, I>,
    reference: fn(&I) -> manylane::Result<Vec<T>>,
    tolerance: Tolerance,
    work: fn(usize) -> Work,
}

/// What starts a launch over inputs.
type Start<K, I> = for<'a> fn(&'a Runtime, &'a I) -> Launch<'a, 'a, K>;

impl<K: Kernel<Out = T>, I, T: LaneElement + Compare> Own<K, I, T> {
    /// The kernel by that name: what makes its inputs for so many places, what launches it over them, and what its results
    /// must be.
    ///
    /// Results are the same bits as the reference's unless [`within`](Own::within) says otherwise; the sizes are 64Ki, 1Mi
    /// and 16Mi places. A kernel must leave its inputs as they are, since it runs over them many times.
    pub fn new(
        name: &'static str,
        inputs: fn(&Runtime, Domain) -> manylane::Result<I>,
        launch: Start<K, I>,
        reference: fn(&I) -> manylane::Result<Vec<T>>,
    ) -> Self {
        let sizes = [1 << 16, 1 << 20, 1 << 24].map(Domain::Line).to_vec();
        let work = |n| work_of(&K::INFO, n);
        Own { name, about: "", sizes, inputs, launch, reference, tolerance: Tolerance::Exact, work }
    }

    /// One line about it.
    #[must_use]
    pub fn about(mut self, about: &'static str) -> Self {
        self.about = about;
        self
    }

    /// The sizes of a full bench, `1 << 20` or `(1920, 1080)`; the middle one is that of a quick bench. Where the first is a
    /// grid, all are.
    #[must_use]
    pub fn sizes<D: Into<Domain>>(mut self, sizes: impl IntoIterator<Item = D>) -> Self {
        self.sizes = sizes.into_iter().map(Into::into).collect();
        self
    }

    /// How near results must come to the reference.
    #[must_use]
    pub fn within(mut self, tolerance: Tolerance) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// What a run over so many places moves and computes.
    #[must_use]
    pub fn work(mut self, work: fn(usize) -> Work) -> Self {
        self.work = work;
        self
    }
}

/// The inputs with what belongs to them.
struct Given<K: Kernel, I, T> {
    inputs: I,
    launch: Start<K, I>,
    reference: fn(&I) -> manylane::Result<Vec<T>>,
    tolerance: Tolerance,
    work: fn(usize) -> Work,
}

impl<K: Kernel<Out = T>, I: 'static, T: LaneElement + Compare> From<Own<K, I, T>> for Workload {
    fn from(own: Own<K, I, T>) -> Workload {
        let Own { name, about, sizes, inputs, launch, reference, tolerance, work } = own;
        let quick = sizes.get(sizes.len() / 2).copied().unwrap_or(Domain::Line(1 << 20));
        let bytes = |n: usize| work_of(&K::INFO, n).bytes as u64 + size_of::<T>() as u64;
        Workload {
            name,
            about,
            quick,
            is_grid: matches!(sizes.first(), Some(Domain::Grid { .. })),
            sizes,
            memory: bytes(1),
            prepare: Box::new(move |rt, domain| {
                if K::INFO.updates_in_place() || K::INFO.shares() {
                    return Err(Error::new(
                        ErrorKind::Setting,
                        format!(
                            "{name} updates its inputs, so that a second run is another one; give it a `Case` that restores \
                             them"
                        ),
                    ));
                }
                Ok(Box::new(Data {
                    domain,
                    inputs: Given { inputs: inputs(rt, domain)?, launch, reference, tolerance, work },
                    output: None,
                    expected: OnceCell::new(),
                    run: |rt, given: &Given<K, I, T>, output, target| {
                        into((given.launch)(rt, &given.inputs).on(target), output)
                    },
                    reference: |given| {
                        let want = (given.reference)(&given.inputs)?;
                        Ok((want, given.tolerance, given.work))
                    },
                    check: |got, (want, tolerance, _)| check(got, want, *tolerance),
                    work: |n, (_, _, work)| work(n),
                    plan: |rt, given, target| (given.launch)(rt, &given.inputs).on(target).plan(),
                }))
            }),
            text: Text::of::<K>(),
        }
    }
}

/// What a kernel of which only this is known moves and computes at `n` places. Arrays that it reads at any place are taken to
/// be as long.
fn work_of(info: &KernelInfo, n: usize) -> Work {
    let of_type = |bytes: usize| (n * bytes) as u64;
    let read = info.params.iter().filter(|param| {
        matches!(param.kind, ParamKind::Element | ParamKind::InPlace | ParamKind::Picture | ParamKind::Slice)
    });
    let uploads: Vec<u64> = read.map(|param| of_type(param.element.bytes())).collect();
    let downloads: Vec<u64> = info.results.iter().map(|result| of_type(result.bytes())).collect();
    let operations = info.ops.flops + info.ops.specials;
    Work {
        bytes: uploads.iter().chain(&downloads).sum::<u64>() as f64,
        // Of a loop only one turn is counted: that would say too little.
        flops: (operations > 0 && !info.ops.loops).then_some(f64::from(operations) * n as f64),
        uploads,
        downloads,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use manylane_elementwise as kernels;

    #[test]
    fn work_is_what_the_kernel_says() {
        let work = work_of(&kernels::saxpy::INFO, 1000);
        assert_eq!((work.bytes, work.flops), (12_000.0, Some(2000.0)));
        assert_eq!((work.uploads, work.downloads), (vec![4000, 4000], vec![4000]));
    }

    fn wrong(reference: fn(&Array<f32>) -> manylane::Result<Vec<f32>>) -> Result<(), String> {
        let rt = Runtime::new().expect("a runtime");
        let own = Own::new(
            "twice",
            |rt, places| rt.array(vec![1.0f32; places.len()]),
            |rt, x: &Array<f32>| rt.map::<kernels::saxpy>((1.0, x, x)),
            reference,
        );
        let workload = Workload::from(own.sizes([100, 200, 300]));
        assert_eq!((workload.quick, workload.sizes.len()), (Domain::Line(200), 3));
        let mut case = workload.at(&rt, workload.quick).expect("a case");
        assert!(case.verify().is_err(), "nothing has run");
        case.run(&rt, Target::Simd).expect("it runs");
        let verdict = case.verify();
        case.forget();
        assert!(case.verify().is_err(), "nothing has run since");
        verdict
    }

    #[test]
    fn work_of_ones_own() {
        let own = Own::new(
            "ones",
            |rt, places| rt.array(vec![1.0f32; places.len()]),
            |rt, x: &Array<f32>| rt.map::<kernels::saxpy>((1.0, x, x)),
            |x| Ok(vec![2.0; x.len()]),
        );
        let work = |n| Work { bytes: 1.0, flops: None, uploads: vec![n as u64], downloads: vec![] };
        let rt = Runtime::new().expect("a runtime");
        let case = Workload::from(own.work(work)).at(&rt, Domain::Line(7)).expect("a case");
        assert_eq!(case.work().expect("the reference serves"), work(7));
    }

    #[test]
    fn results_are_held_against_the_reference() {
        assert_eq!(wrong(|x| Ok(x.read()?.iter().map(|x| x + x).collect())), Ok(()));
        let said = wrong(|x| Ok(x.read()?.iter().map(|x| x * x).collect())).expect_err("1 is not 2");
        assert!(said.contains("place 0 is 2.0, the reference says 1.0"), "{said}");
    }
}
