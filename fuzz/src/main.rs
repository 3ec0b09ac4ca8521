//! x
use manylane_fuzz::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let (from, to): (u64, u64) = (a[1].parse().unwrap(), a[2].parse().unwrap());
    let w = cpu::Workshop::new(std::path::Path::new("/work/wt/target-fuzz/fuzz"), std::path::Path::new(".")).unwrap();
    let t = std::time::Instant::now();
    let all: Vec<_> = (from..to).filter_map(|seed| {
        let p = generate::program(seed, generate::Dialect::default());
        let mut r = random::Random::new(seed + 1);
        let i: Vec<_> = [7, 100].map(|n| inputs::Inputs::random(&p.main().params, &mut r, n)).into();
        let e: Vec<_> = i.iter().filter_map(|i| compare::expected(&p, i).ok()?.ok()).collect();
        (e.len() == 2).then_some((p, i, e))
    }).collect();
    println!("{} kernels, {:?}", all.len(), t.elapsed());
    let jobs: Vec<_> = all.iter().map(|(p, i, e)| cpu::Job { program: p, launches: i.iter().zip(e).collect() }).collect();
    match w.run(&jobs) {
        Err(e) => println!("{}", e.chars().take(3000).collect::<String>()),
        Ok(all) => for (s, d) in all.iter().enumerate() { if let Some(d) = d { println!("{s} {d:?}") } }
    }
    println!("{:?}", t.elapsed());
}
