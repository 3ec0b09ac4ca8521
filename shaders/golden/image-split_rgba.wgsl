struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(3) var<storage, read_write> ml_r1: array<u32>;
@group(0) @binding(4) var<storage, read_write> ml_r2: array<u32>;
@group(0) @binding(5) var<storage, read_write> ml_r3: array<u32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<u32>;
fn ml_load_0(i: u32) -> vec4<u32> { return vec4<u32>(((ml_a0[(i * 4u + 0u) >> 2u] >> (((i * 4u + 0u) & 3u) * 8u)) & 0xffu), ((ml_a0[(i * 4u + 1u) >> 2u] >> (((i * 4u + 1u) & 3u) * 8u)) & 0xffu), ((ml_a0[(i * 4u + 2u) >> 2u] >> (((i * 4u + 2u) & 3u) * 8u)) & 0xffu), ((ml_a0[(i * 4u + 3u) >> 2u] >> (((i * 4u + 3u) & 3u) * 8u)) & 0xffu)); }
struct k_split_rgba_8be941a3_out {
    r0: u32,
    r1: u32,
    r2: u32,
    r3: u32,
}
fn k_split_rgba_8be941a3(p0: vec4<u32>) -> k_split_rgba_8be941a3_out {
    let v0_px_0: u32 = p0.x;
    let v1_px_1: u32 = p0.y;
    let v2_px_2: u32 = p0.z;
    let v3_px_3: u32 = p0.w;
    return k_split_rgba_8be941a3_out(v0_px_0, v1_px_1, v2_px_2, v3_px_3);
}

fn ml_value(i: u32) -> k_split_rgba_8be941a3_out {
    let p = ml_params.slots[0].y + i;
    return k_split_rgba_8be941a3(ml_load_0(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 4u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    let v1 = ml_value(min(first + 1u, ml_params.slots[0].x - 1u));
    let v2 = ml_value(min(first + 2u, ml_params.slots[0].x - 1u));
    let v3 = ml_value(min(first + 3u, ml_params.slots[0].x - 1u));
    if (first + 0u < ml_params.slots[0].x) { ml_r0[(first >> 2u) * 1u + 0u] = ((u32(v0.r0) & 255u) << 0u) | ((u32(v1.r0) & 255u) << 8u) | ((u32(v2.r0) & 255u) << 16u) | ((u32(v3.r0) & 255u) << 24u); }
    if (first + 0u < ml_params.slots[0].x) { ml_r1[(first >> 2u) * 1u + 0u] = ((u32(v0.r1) & 255u) << 0u) | ((u32(v1.r1) & 255u) << 8u) | ((u32(v2.r1) & 255u) << 16u) | ((u32(v3.r1) & 255u) << 24u); }
    if (first + 0u < ml_params.slots[0].x) { ml_r2[(first >> 2u) * 1u + 0u] = ((u32(v0.r2) & 255u) << 0u) | ((u32(v1.r2) & 255u) << 8u) | ((u32(v2.r2) & 255u) << 16u) | ((u32(v3.r2) & 255u) << 24u); }
    if (first + 0u < ml_params.slots[0].x) { ml_r3[(first >> 2u) * 1u + 0u] = ((u32(v0.r3) & 255u) << 0u) | ((u32(v1.r3) & 255u) << 8u) | ((u32(v2.r3) & 255u) << 16u) | ((u32(v3.r3) & 255u) << 24u); }
}
