struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(4) var<storage, read_write> ml_r1: array<u32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<u32>;
fn ml_load_0(i: u32) -> u32 { return ((ml_a0[(i) >> 2u] >> (((i) & 3u) * 8u)) & 0xffu); }
@group(0) @binding(2) var<storage, read> ml_a1: array<u32>;
fn ml_load_1(i: u32) -> vec2<u32> { return vec2<u32>(((ml_a1[(i * 2u + 0u) >> 2u] >> (((i * 2u + 0u) & 3u) * 8u)) & 0xffu), ((ml_a1[(i * 2u + 1u) >> 2u] >> (((i * 2u + 1u) & 3u) * 8u)) & 0xffu)); }
struct k_one_and_two_8ceda6ba_out {
    r0: vec2<u32>,
    r1: u32,
}
fn k_one_and_two_8ceda6ba(v0_a_0: u32, p1: vec2<u32>) -> k_one_and_two_8ceda6ba_out {
    let v1_b_0: u32 = p1.x;
    let v2_b_1: u32 = p1.y;
    return k_one_and_two_8ceda6ba_out(vec2<u32>(v0_a_0, v2_b_1), v1_b_0);
}

fn ml_value(i: u32) -> k_one_and_two_8ceda6ba_out {
    let p = ml_params.slots[0].y + i;
    return k_one_and_two_8ceda6ba(ml_load_0(i), ml_load_1(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 4u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    let v1 = ml_value(min(first + 1u, ml_params.slots[0].x - 1u));
    let v2 = ml_value(min(first + 2u, ml_params.slots[0].x - 1u));
    let v3 = ml_value(min(first + 3u, ml_params.slots[0].x - 1u));
    if (first + 0u < ml_params.slots[0].x) { ml_r0[(first >> 2u) * 2u + 0u] = ((u32(v0.r0.x) & 255u) << 0u) | ((u32(v0.r0.y) & 255u) << 8u) | ((u32(v1.r0.x) & 255u) << 16u) | ((u32(v1.r0.y) & 255u) << 24u); }
    if (first + 2u < ml_params.slots[0].x) { ml_r0[(first >> 2u) * 2u + 1u] = ((u32(v2.r0.x) & 255u) << 0u) | ((u32(v2.r0.y) & 255u) << 8u) | ((u32(v3.r0.x) & 255u) << 16u) | ((u32(v3.r0.y) & 255u) << 24u); }
    if (first + 0u < ml_params.slots[0].x) { ml_r1[(first >> 2u) * 1u + 0u] = ((u32(v0.r1) & 255u) << 0u) | ((u32(v1.r1) & 255u) << 8u) | ((u32(v2.r1) & 255u) << 16u) | ((u32(v3.r1) & 255u) << 24u); }
}
