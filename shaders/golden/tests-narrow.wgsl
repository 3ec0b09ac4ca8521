struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(5) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(6) var<storage, read_write> ml_r1: array<u32>;
@group(0) @binding(7) var<storage, read_write> ml_r2: array<u32>;
@group(0) @binding(8) var<storage, read_write> ml_r3: array<u32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<u32>;
fn ml_load_0(i: u32) -> i32 { return (bitcast<i32>((ml_a0[(i) >> 2u] >> (((i) & 3u) * 8u)) << 24u) >> 24u); }
@group(0) @binding(2) var<storage, read> ml_a1: array<u32>;
fn ml_load_1(i: u32) -> u32 { return ((ml_a1[(i) >> 1u] >> (((i) & 1u) * 16u)) & 0xffffu); }
@group(0) @binding(3) var<storage, read> ml_a2: array<u32>;
fn ml_load_2(i: u32) -> i32 { return (bitcast<i32>((ml_a2[(i) >> 1u] >> (((i) & 1u) * 16u)) << 16u) >> 16u); }
@group(0) @binding(4) var<storage, read> ml_a3: array<u32>;
fn ml_load_3(i: u32) -> f32 { return ml_f16_to_f32((ml_a3[(i) >> 1u] >> (((i) & 1u) * 16u)) & 0xffffu); }
struct k_narrow_a89d8138_out {
    r0: i32,
    r1: u32,
    r2: i32,
    r3: f32,
}
fn k_narrow_a89d8138(v0_a: i32, v1_b: u32, v2_c: i32, v3_h: f32) -> k_narrow_a89d8138_out {
    let v4_sum: i32 = ((v0_a * 3i) + v2_c);
    let v5_f: f32 = fma(v3_h, 1.5f, f32(v1_b));
    return k_narrow_a89d8138_out(extractBits(i32(v4_sum), 0u, 8u), (u32((v1_b + 7u)) & 65535u), extractBits(i32((v4_sum - 40000i)), 0u, 16u), v5_f);
}

fn ml_value(i: u32) -> k_narrow_a89d8138_out {
    let p = ml_params.slots[0].y + i;
    return k_narrow_a89d8138(ml_load_0(i), ml_load_1(i), ml_load_2(i), ml_load_3(i));
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
    if (first + 0u < ml_params.slots[0].x) { ml_r1[(first >> 2u) * 2u + 0u] = ((u32(v0.r1) & 65535u) << 0u) | ((u32(v1.r1) & 65535u) << 16u); }
    if (first + 2u < ml_params.slots[0].x) { ml_r1[(first >> 2u) * 2u + 1u] = ((u32(v2.r1) & 65535u) << 0u) | ((u32(v3.r1) & 65535u) << 16u); }
    if (first + 0u < ml_params.slots[0].x) { ml_r2[(first >> 2u) * 2u + 0u] = ((u32(v0.r2) & 65535u) << 0u) | ((u32(v1.r2) & 65535u) << 16u); }
    if (first + 2u < ml_params.slots[0].x) { ml_r2[(first >> 2u) * 2u + 1u] = ((u32(v2.r2) & 65535u) << 0u) | ((u32(v3.r2) & 65535u) << 16u); }
    if (first + 0u < ml_params.slots[0].x) { ml_r3[(first >> 2u) * 2u + 0u] = (ml_f32_to_f16(v0.r3) << 0u) | (ml_f32_to_f16(v1.r3) << 16u); }
    if (first + 2u < ml_params.slots[0].x) { ml_r3[(first >> 2u) * 2u + 1u] = (ml_f32_to_f16(v2.r3) << 0u) | (ml_f32_to_f16(v3.r3) << 16u); }
}
