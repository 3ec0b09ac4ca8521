struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<u32>;
fn ml_load_0(i: u32) -> u32 { return ((ml_a0[(i) >> 2u] >> (((i) & 3u) * 8u)) & 0xffu); }
@group(0) @binding(2) var<storage, read> ml_a1: array<u32>;
fn ml_load_1(i: u32) -> u32 { return ((ml_a1[(i) >> 2u] >> (((i) & 3u) * 8u)) & 0xffu); }
fn k_apart_u8_81ee7153(v0_a: u32, v1_b: u32) -> u32 {
    return (u32(ml_abs_i32((i32(v0_a) - i32(v1_b)))) & 255u);
}

fn ml_value(i: u32) -> u32 {
    let p = ml_params.slots[0].y + i;
    return k_apart_u8_81ee7153(ml_load_0(i), ml_load_1(i));
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
