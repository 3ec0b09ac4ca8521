use manylane::prelude::*;

#[kernel]
fn saxpy(#[uniform] a: f32, x: f32, y: f32) -> f32 {
    a * x + y
}

fn main() -> manylane::Result<()> {
    let rt = Runtime::new()?;
    let x = rt.array(vec![1.0f32; 8])?;
    rt.map::<saxpy>((2.0, &x)).run()?;
    rt.map::<saxpy>((&x, &x, &x)).run()?;
    rt.map::<saxpy>((2.0, &x, &x, &x)).run()?;
    rt.map::<saxpy>((2.0, &x, &vec![1u32; 8])).run()?;
    rt.map::<saxpy>((2, &x, &x)).run()?;
    Ok(())
}
