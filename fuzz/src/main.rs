//! x
use manylane_fuzz::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    if a.len() == 2 { println!("{}", generate::program(a[1].parse().unwrap(), generate::Dialect { wide: false }).text("")); return }
    let d = device::Device::open().unwrap();
    let (from, to): (u64, u64) = (a[1].parse().unwrap(), a[2].parse().unwrap());
    let t = std::time::Instant::now();
    let (mut places, mut kernels, mut long, mut diffs, mut faults) = (0, 0, 0, 0, 0);
    for seed in from..to {
        eprintln!("{seed}");
        let p = generate::program(seed, generate::Dialect { wide: false });
        let mut r = random::Random::new(seed + 1);
        let n = r.one_of(&[1, 7, 33, 100]);
        let inputs = inputs::Inputs::random(&p.main().params, &mut r, n);
        let mut test = |p: &program::Program, inputs: &inputs::Inputs| match compare::expected(p, inputs) {
            Err(compare::Skip::Long) => { long += 1; None }
            Err(_) => None,
            Ok(Err(d)) => Some(d),
            Ok(Ok(e)) => { faults += e.outcomes.iter().any(|o| o.values.is_err()) as u32; match compare::wgsl(&d, p.main(), inputs, &e) { Ok(n) => { places += n; None } Err(d) => Some(d) }},
        };
        kernels += 1;
        if let Some(d) = test(&p, &inputs) { diffs += 1; println!("{seed} {d:?}");
            let case = shrink::Case { program: p, inputs, difference: d };
            let mut wrong = |all: &[(program::Program, inputs::Inputs)]| all.iter().enumerate().find_map(|(at, (p, i))| test(p, i).map(|d| (at, d)));
            let case = shrink::shrink(case, 1, 3000, &mut wrong);
            println!("{}{:?}\n{:?}", case.program.text(""), case.inputs.values, case.difference);
        }
    }
    println!("{kernels} kernels, {places} places, {long} long, {faults} with faults, {diffs} differ in {:?}", t.elapsed());
}
