struct MlParams { slots: array<vec4<u32>, 3> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(3) var<storage, read_write> ml_r1: array<f32>;
@group(0) @binding(1) var<storage, read> ml_a1: array<f32>;
fn ml_load_1(i: u32) -> f32 { return ml_a1[i]; }
struct k_place_and_value_b4157fac_out {
    r0: u32,
    r1: f32,
}
fn k_place_and_value_b4157fac(v0_i: u32, v1_x: f32, v2_k: u32) -> k_place_and_value_b4157fac_out {
    return k_place_and_value_b4157fac_out((v0_i ^ v2_k), select((-v1_x), v1_x, (ml_rem_u32(v0_i, 2u) == 0u)));
}

fn ml_value(i: u32) -> k_place_and_value_b4157fac_out {
    let p = ml_params.slots[0].y + i;
    return k_place_and_value_b4157fac(p, ml_load_1(i), ml_params.slots[2].x);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0.r0;
    ml_r1[first + 0u] = v0.r1;
}
