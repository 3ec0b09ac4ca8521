struct MlParams { slots: array<vec4<u32>, 4> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<f32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<f32>;
fn ml_load_0(i: u32) -> f32 { return ml_a0[i]; }
fn k_above_f32_e827c79a(v0_x: f32, v1_limit: f32, v2_high: f32) -> f32 {
    return select(0.0f, v2_high, (v0_x > v1_limit));
}

fn ml_value(i: u32) -> f32 {
    let p = ml_params.slots[0].y + i;
    return k_above_f32_e827c79a(ml_load_0(i), bitcast<f32>(ml_params.slots[2].x), bitcast<f32>(ml_params.slots[3].x));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
