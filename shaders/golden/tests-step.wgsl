struct MlParams { slots: array<vec4<u32>, 3> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(1) var<storage, read_write> ml_a0: array<f32>;
fn ml_load_0(i: u32) -> f32 { return ml_a0[i]; }
@group(0) @binding(2) var<storage, read> ml_a2: array<f32>;
fn ml_load_2(i: u32) -> f32 { return ml_a2[i]; }
fn k_step_f09b912e(p0: f32, v1_a: f32, v2_x: f32) -> f32 {
    var v0_y: f32 = p0;
    v0_y = ml_keep(v0_y + ml_keep(v1_a * v2_x));
    return v0_y;
}

fn ml_value(i: u32) -> f32 {
    let p = ml_params.slots[0].y + i;
    return k_step_f09b912e(ml_load_0(i), bitcast<f32>(ml_params.slots[2].x), ml_load_2(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ml_zero = ml_params.slots[1].z;
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_a0[first + 0u] = v0;
}
