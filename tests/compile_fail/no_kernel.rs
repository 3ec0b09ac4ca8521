use manylane::prelude::*;

fn plain(x: f32) -> f32 {
    x
}

struct Point;

fn main() -> manylane::Result<()> {
    let rt = Runtime::new()?;
    rt.map::<Point>((1.0,)).run()?;
    rt.map::<plain>((1.0,)).run()?;
    Ok(())
}
