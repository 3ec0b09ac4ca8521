use manylane::prelude::*;

#[kernel]
fn step(y: &mut f32, x: f32) {
    *y = *y + x;
}

#[kernel]
fn near(at: Cell, src: Image<f32>) -> f32 {
    src.near(at, 1, 0)
}

fn main() -> manylane::Result<()> {
    let rt = Runtime::new()?;
    let x = rt.array(vec![1.0f32; 8])?;
    let mut y = x.clone();
    rt.map::<step>((&y, &x)).run()?;
    rt.map::<step>((&mut y, &y)).run()?;
    rt.map::<near>((&vec![1.0f32; 8],)).run()?;
    Ok(())
}
