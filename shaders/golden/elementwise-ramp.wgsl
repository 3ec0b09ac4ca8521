struct MlParams { slots: array<vec4<u32>, 4> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(1) var<storage, read_write> ml_r0: array<f32>;
fn k_ramp_eef95041(v0_i: u32, v1_first: f32, v2_step: f32) -> f32 {
    return fma(f32(v0_i), v2_step, v1_first);
}

fn ml_value(i: u32) -> f32 {
    let p = ml_params.slots[0].y + i;
    return k_ramp_eef95041(p, bitcast<f32>(ml_params.slots[2].x), bitcast<f32>(ml_params.slots[3].x));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
