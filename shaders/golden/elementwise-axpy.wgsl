struct MlParams { slots: array<vec4<u32>, 3> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(1) var<storage, read> ml_a1: array<f32>;
fn ml_load_1(i: u32) -> f32 { return ml_a1[i]; }
@group(0) @binding(2) var<storage, read_write> ml_a2: array<f32>;
fn ml_load_2(i: u32) -> f32 { return ml_a2[i]; }
fn k_axpy_d686e6fe(v0_a: f32, v1_x: f32, p2: f32) -> f32 {
    var v2_y: f32 = p2;
    v2_y = fma(v0_a, v1_x, v2_y);
    return v2_y;
}

fn ml_value(i: u32) -> f32 {
    let p = ml_params.slots[0].y + i;
    return k_axpy_d686e6fe(bitcast<f32>(ml_params.slots[2].x), ml_load_1(i), ml_load_2(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_a2[first + 0u] = v0;
}
