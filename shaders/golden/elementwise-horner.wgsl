struct MlParams { slots: array<vec4<u32>, 3> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<f32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<f32>;
fn ml_load_0(i: u32) -> f32 { return ml_a0[i]; }
fn k_horner_5a306d46(v0_x: f32, p1: vec4<f32>) -> f32 {
    let v1_c_0: f32 = p1.x;
    let v2_c_1: f32 = p1.y;
    let v3_c_2: f32 = p1.z;
    let v4_c_3: f32 = p1.w;
    return ml_keep(ml_keep(ml_keep(ml_keep(ml_keep(ml_keep(v4_c_3 * v0_x) + v3_c_2) * v0_x) + v2_c_1) * v0_x) + v1_c_0);
}

fn ml_value(i: u32) -> f32 {
    let p = ml_params.slots[0].y + i;
    return k_horner_5a306d46(ml_load_0(i), vec4<f32>(bitcast<f32>(ml_params.slots[2].x), bitcast<f32>(ml_params.slots[2].y), bitcast<f32>(ml_params.slots[2].z), bitcast<f32>(ml_params.slots[2].w)));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ml_zero = ml_params.slots[1].z;
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
