use manylane::prelude::*;

#[kernel]
fn add(x: f32, y: f32) -> f32 {
    x + y
}

fn launch<'a>(rt: &'a Runtime) -> Launch<'a, 'a, add> {
    let x = vec![1.0f32; 8];
    rt.map::<add>((&x, 1.0))
}

fn aliased(rt: &Runtime, x: &mut Vec<f32>) -> manylane::Result<()> {
    let launch = rt.map::<add>((&*x, 1.0));
    launch.run_into(x)
}

fn main() {}
