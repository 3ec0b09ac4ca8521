//! Rust libraries behind the line protocol of `peers.py`.
//!
//! `rust-peers --worker PEER THREADS` speaks it on stdin and stdout, `rust-peers --list` names the peers.

mod inputs;
mod libraries;
mod plain;

use std::io::BufRead;
use std::time::{Duration, Instant};

/// Called with false: runs once. Called with true: returns the check of the last run's output.
type Job = Box<dyn FnMut(bool) -> f64>;

/// The factor of `saxpy`.
const AX: f32 = 1e-3;
/// Names and versions.
const PEERS: &[(&str, &str)] = &[
    ("rayon", "1.12"),
    ("ndarray", "0.17"),
    ("faer", "0.24"),
    ("gemm", "0.19"),
    ("matrixmultiply", "0.3"),
    ("rdst", "0.20"),
    ("fast_image_resize", "6"),
    ("imageproc", "0.27"),
    ("image", "0.25"),
];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[1..] {
        ["--list"] => PEERS.iter().for_each(|peer| println!("{}", peer.0)),
        ["--worker", peer, threads] => worker(peer, threads.parse().expect("a number of threads")),
        _ => eprintln!("usage: rust-peers --list | --worker PEER THREADS"),
    }
}

/// Answers each line of stdin until it ends.
fn worker(peer: &str, t: usize) {
    let ver = PEERS.iter().find(|p| p.0 == peer).map_or("?", |p| p.1);
    let (mut cur, mut last): (Option<Job>, f64) = (None, 0.0);
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let c: Vec<&str> = line.split(' ').collect();
        let reply = match c[0] {
            "setup" => {
                // Its memory goes before the next one takes some.
                drop(cur.take());
                cur = libraries::job(peer, c[1], c[2], t);
                match &mut cur {
                    None => "skip none".to_string(),
                    Some(f) => {
                        let t0 = Instant::now();
                        f(false);
                        last = t0.elapsed().as_secs_f64();
                        format!("ok {peer}-{ver} {:?}", f(true))
                    }
                }
            }
            "run" => match &mut cur {
                None => "skip none".to_string(),
                Some(f) => {
                    if last < 0.02 {
                        f(false);
                    }
                    let end = Instant::now() + Duration::from_secs_f64(c[1].parse().unwrap());
                    let mut ts = vec![];
                    while ts.is_empty() || Instant::now() < end {
                        let t0 = Instant::now();
                        f(false);
                        ts.push(t0.elapsed().as_nanos());
                    }
                    last = *ts.last().unwrap() as f64 / 1e9;
                    if ts.len() > 400 {
                        ts.sort();
                        let s = ts.len() / 200;
                        ts = ts.into_iter().step_by(s).collect();
                    }
                    format!("t {}", ts.iter().map(|v| v.to_string()).collect::<Vec<_>>().join(" "))
                }
            },
            _ => {
                cur = None;
                "ok".to_string()
            }
        };
        println!("{reply}");
    }
}
