use manylane::prelude::*;

#[kernel]
fn add(x: f32, y: f32) -> f32 {
    x + y
}

#[kernel]
fn step(x: &mut f32) {
    *x += 1.0;
}

#[kernel]
fn count(x: u32, bins: &Atomics<u32>) {
    bins.add(x, 1);
}

fn borrowed(rt: &Runtime) -> manylane::Result<()> {
    let x = vec![1.0f32; 8];
    rt.map::<add>((&x, 1.0)).submit()?.wait().map(drop)
}

fn in_place(rt: &Runtime) -> manylane::Result<()> {
    let mut x = rt.array(vec![1.0f32; 8])?;
    rt.map::<step>((&mut x,)).submit()?.wait()
}

fn shared(rt: &Runtime, x: &Array<u32>) -> manylane::Result<()> {
    let bins = Atomics::new(8);
    rt.map::<count>((x, &bins)).submit()?.wait()
}

fn in_a_graph(rt: &Runtime, graph: &Graph) -> manylane::Result<Array<f32>> {
    let x = vec![1.0f32; 8];
    graph.add(rt.map::<add>((&x, 1.0)))
}

fn pass_in_place(rt: &Runtime) -> manylane::Result<()> {
    let mut x = rt.array(vec![1.0f32; 8])?;
    rt.fan_out::<(step, step)>((&mut x,)).run().map(drop)
}

fn main() {}
