struct MlParams { slots: array<vec4<u32>, 3> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<u32>;
fn ml_load_0(i: u32) -> u32 { return ((ml_a0[(i) >> 2u] >> (((i) & 3u) * 8u)) & 0xffu); }
@group(0) @binding(2) var<storage, read> ml_a1: array<f32>;
fn ml_load_1(i: u32) -> f32 { return ml_a1[i]; }
fn k_nearest_byte_5f8f390d(v0_sum: f32) -> u32 {
    return min(ml_f32_to_u32(round(v0_sum)), 255u);
}

fn k_sharpened_b938cb11(v0_own: u32, v1_soft: f32, v2_amount: f32) -> u32 {
    let v3_own: f32 = f32(v0_own);
    let v4_byte: u32 = k_nearest_byte_5f8f390d(fma(v2_amount, (v3_own - v1_soft), v3_own));
    return v4_byte;
}

fn ml_value(i: u32) -> u32 {
    let p = ml_params.slots[0].y + i;
    return k_sharpened_b938cb11(ml_load_0(i), ml_load_1(i), bitcast<f32>(ml_params.slots[2].x));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 4u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    let v1 = ml_value(min(first + 1u, ml_params.slots[0].x - 1u));
    let v2 = ml_value(min(first + 2u, ml_params.slots[0].x - 1u));
    let v3 = ml_value(min(first + 3u, ml_params.slots[0].x - 1u));
    if (first + 0u < ml_params.slots[0].x) { ml_r0[(first >> 2u) * 1u + 0u] = ((u32(v0) & 255u) << 0u) | ((u32(v1) & 255u) << 8u) | ((u32(v2) & 255u) << 16u) | ((u32(v3) & 255u) << 24u); }
}
