//! What copies to and from each GPU cost. Where a device shares the host's memory they are made in place; with
//! `MANYLANE_GPU_STAGING=1` by way of staging memory, as on every other.
//!
//! `cargo bench -p manylane --bench copies [-- --json FILE]`

use std::fmt::Write as _;
use std::time::Instant;

use manylane::device::gpu;

fn main() -> manylane::Result<()> {
    let mut words = std::env::args().skip_while(|word| word != "--json");
    let json = words.nth(1);
    let mut text = String::new();
    println!("{:40} {:>9} {:>12} {:>10} {:>10}", "adapter", "in place", "bytes", "up", "down");
    for adapter in gpu::adapters() {
        let gpu = gpu::open(adapter.index)?;
        for size in [4usize << 10, 256 << 10, 4 << 20, 64 << 20] {
            let (data, mut back) = (vec![7u8; size], vec![0u8; size]);
            let buffer = gpu.alloc(size as u64)?;
            let (mut up, mut down) = (f64::MAX, f64::MAX);
            for _ in 0..25 {
                let start = Instant::now();
                gpu.upload(&buffer, 0, &data)?;
                gpu.wait_idle()?;
                up = up.min(start.elapsed().as_secs_f64());
                let start = Instant::now();
                gpu.download(&buffer, 0, &mut back)?;
                down = down.min(start.elapsed().as_secs_f64());
            }
            assert_eq!(back, data, "what comes back is what went there");
            let rate = |seconds: f64| size as f64 / seconds / 1e9;
            let in_place = gpu.copies_once();
            println!(
                "{:40} {in_place:>9} {size:>12} {:>5.2} GB/s {:>5.2} GB/s",
                adapter.name.chars().take(40).collect::<String>(),
                rate(up),
                rate(down)
            );
            let _ = writeln!(
                text,
                r#"{{"adapter": {:?}, "in_place": {in_place}, "bytes": {size}, "up_seconds": {up:e}, "down_seconds": {down:e}}}"#,
                adapter.name
            );
        }
    }
    if let Some(path) = json {
        std::fs::write(&path, text).expect("the record can be written");
    }
    Ok(())
}
