struct MlParams { slots: array<vec4<u32>, 4> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<u32>;
fn ml_load_0(i: u32) -> u32 { return ((ml_a0[(i) >> 2u] >> (((i) & 3u) * 8u)) & 0xffu); }
fn k_above_u8_9beedd22(v0_x: u32, v1_limit: u32, v2_high: u32) -> u32 {
    return (u32(select(0u, v2_high, (v0_x > v1_limit))) & 255u);
}

fn ml_value(i: u32) -> u32 {
    let p = ml_params.slots[0].y + i;
    return k_above_u8_9beedd22(ml_load_0(i), ml_params.slots[2].x, ml_params.slots[3].x);
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
