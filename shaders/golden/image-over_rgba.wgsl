struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<u32>;
fn ml_load_0(i: u32) -> vec4<u32> { return vec4<u32>(((ml_a0[(i * 4u + 0u) >> 2u] >> (((i * 4u + 0u) & 3u) * 8u)) & 0xffu), ((ml_a0[(i * 4u + 1u) >> 2u] >> (((i * 4u + 1u) & 3u) * 8u)) & 0xffu), ((ml_a0[(i * 4u + 2u) >> 2u] >> (((i * 4u + 2u) & 3u) * 8u)) & 0xffu), ((ml_a0[(i * 4u + 3u) >> 2u] >> (((i * 4u + 3u) & 3u) * 8u)) & 0xffu)); }
@group(0) @binding(2) var<storage, read> ml_a1: array<u32>;
fn ml_load_1(i: u32) -> vec4<u32> { return vec4<u32>(((ml_a1[(i * 4u + 0u) >> 2u] >> (((i * 4u + 0u) & 3u) * 8u)) & 0xffu), ((ml_a1[(i * 4u + 1u) >> 2u] >> (((i * 4u + 1u) & 3u) * 8u)) & 0xffu), ((ml_a1[(i * 4u + 2u) >> 2u] >> (((i * 4u + 2u) & 3u) * 8u)) & 0xffu), ((ml_a1[(i * 4u + 3u) >> 2u] >> (((i * 4u + 3u) & 3u) * 8u)) & 0xffu)); }
fn k_over_rgba_89bedb3b(p0: vec4<u32>, p1: vec4<u32>) -> vec4<u32> {
    let v0_top_0: u32 = p0.x;
    let v1_top_1: u32 = p0.y;
    let v2_top_2: u32 = p0.z;
    let v3_top_3: u32 = p0.w;
    let v4_below_0: u32 = p1.x;
    let v5_below_1: u32 = p1.y;
    let v6_below_2: u32 = p1.z;
    let v7_below_3: u32 = p1.w;
    let v8_alpha: u32 = v3_top_3;
    let v9_w: u32 = (255u * v8_alpha);
    let v10_v: u32 = (v7_below_3 * (255u - v8_alpha));
    let v11_sum: u32 = (v9_w + v10_v);
    let v12_half: u32 = ml_div_u32((v9_w + v10_v), 2u);
    let v13_r: u32 = ml_div_u32((((v9_w * v0_top_0) + (v10_v * v4_below_0)) + v12_half), v11_sum);
    let v14_g: u32 = ml_div_u32((((v9_w * v1_top_1) + (v10_v * v5_below_1)) + v12_half), v11_sum);
    let v15_b: u32 = ml_div_u32((((v9_w * v2_top_2) + (v10_v * v6_below_2)) + v12_half), v11_sum);
    return vec4<u32>((u32(v13_r) & 255u), (u32(v14_g) & 255u), (u32(v15_b) & 255u), (u32(ml_shr_u32(((v11_sum + 128u) * 257u), u32(16i))) & 255u));
}

fn ml_value(i: u32) -> vec4<u32> {
    let p = ml_params.slots[0].y + i;
    return k_over_rgba_89bedb3b(ml_load_0(i), ml_load_1(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 4u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    let v1 = ml_value(min(first + 1u, ml_params.slots[0].x - 1u));
    let v2 = ml_value(min(first + 2u, ml_params.slots[0].x - 1u));
    let v3 = ml_value(min(first + 3u, ml_params.slots[0].x - 1u));
    if (first + 0u < ml_params.slots[0].x) { ml_r0[(first >> 2u) * 4u + 0u] = ((u32(v0.x) & 255u) << 0u) | ((u32(v0.y) & 255u) << 8u) | ((u32(v0.z) & 255u) << 16u) | ((u32(v0.w) & 255u) << 24u); }
    if (first + 1u < ml_params.slots[0].x) { ml_r0[(first >> 2u) * 4u + 1u] = ((u32(v1.x) & 255u) << 0u) | ((u32(v1.y) & 255u) << 8u) | ((u32(v1.z) & 255u) << 16u) | ((u32(v1.w) & 255u) << 24u); }
    if (first + 2u < ml_params.slots[0].x) { ml_r0[(first >> 2u) * 4u + 2u] = ((u32(v2.x) & 255u) << 0u) | ((u32(v2.y) & 255u) << 8u) | ((u32(v2.z) & 255u) << 16u) | ((u32(v2.w) & 255u) << 24u); }
    if (first + 3u < ml_params.slots[0].x) { ml_r0[(first >> 2u) * 4u + 3u] = ((u32(v3.x) & 255u) << 0u) | ((u32(v3.y) & 255u) << 8u) | ((u32(v3.z) & 255u) << 16u) | ((u32(v3.w) & 255u) << 24u); }
}
