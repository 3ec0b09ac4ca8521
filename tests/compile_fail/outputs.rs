use manylane::prelude::*;

#[kernel]
fn both(x: f32) -> (f32, u32) {
    (x, 1)
}

#[kernel]
fn three(a: f32, b: f32, c: f32) -> f32 {
    a + b + c
}

#[kernel]
fn byte(x: u32) -> u8 {
    x as u8
}

fn main() -> manylane::Result<()> {
    let rt = Runtime::new()?;
    let x = rt.array(vec![1.0f32; 8])?;
    rt.map::<both>((&x,)).run_into(&mut vec![0.0f32; 8])?;
    rt.map::<both>((&x,)).sum()?;
    rt.map::<byte>((&[1u32, 2],)).sum()?;
    rt.reduce(&x).reduce::<three>(0.0)?;
    Ok(())
}
