struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<f32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<f32>;
fn ml_load_0(i: u32) -> f32 { return ml_a0[i]; }
fn k_finite_or_zero_46d2e306(v0_m: f32) -> f32 {
    var b_7f800000: u32 = 0x7f800000u;
    return select(0.0f, v0_m, (abs(v0_m) < bitcast<f32>(b_7f800000)));
}

fn ml_value(i: u32) -> f32 {
    let p = ml_params.slots[0].y + i;
    return k_finite_or_zero_46d2e306(ml_load_0(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
