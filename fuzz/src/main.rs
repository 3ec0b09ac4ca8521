//! x
use manylane_fuzz::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    if a.len() > 2 { println!("{}", generate::program(a[2].parse().unwrap(), generate::Dialect{wide:a.len()>3}).text("#[kernel(strict)]\n")); return }
    let mut refused = std::collections::BTreeMap::<String, (usize, u64)>::new();
    let mut n = 0;
    for seed in 0..a[1].parse().unwrap() {
        for wide in [false, true] {
        let p = generate::program(seed, generate::Dialect { wide });
        let t = p.text("");
        n += t.len();
        if let Err(e) = compile::all(&t) {
            let f = p.functions.iter().flat_map(|f| &f.body).find(|s| { let mut q=p.clone(); q.functions.last_mut().unwrap().body = vec![(*s).clone()]; compile::all(&q.text("")).err().is_some_and(|x| x.contains(&e)) });
            let e = refused.entry(format!("{wide} {e} {}", f.map(|f| {let mut q=p.clone(); q.functions.last_mut().unwrap().body = vec![f.clone()]; q.main().text()}).unwrap_or_default().chars().take(700).collect::<String>())).or_default();
            e.0 += 1;
            e.1 = seed;
        }}
    }
    println!("{n} bytes, {}", refused.len());
    for (e,(n,s)) in refused.iter().take(12) { println!("{n} x (seed {s}): {e}"); }
}
