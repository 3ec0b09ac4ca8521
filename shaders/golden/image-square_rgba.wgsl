struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<f32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<u32>;
fn ml_load_0(i: u32) -> vec4<u32> { return vec4<u32>(((ml_a0[(i * 4u + 0u) >> 2u] >> (((i * 4u + 0u) & 3u) * 8u)) & 0xffu), ((ml_a0[(i * 4u + 1u) >> 2u] >> (((i * 4u + 1u) & 3u) * 8u)) & 0xffu), ((ml_a0[(i * 4u + 2u) >> 2u] >> (((i * 4u + 2u) & 3u) * 8u)) & 0xffu), ((ml_a0[(i * 4u + 3u) >> 2u] >> (((i * 4u + 3u) & 3u) * 8u)) & 0xffu)); }
@group(0) @binding(2) var<storage, read> ml_a1: array<u32>;
fn ml_load_1(i: u32) -> vec4<u32> { return vec4<u32>(((ml_a1[(i * 4u + 0u) >> 2u] >> (((i * 4u + 0u) & 3u) * 8u)) & 0xffu), ((ml_a1[(i * 4u + 1u) >> 2u] >> (((i * 4u + 1u) & 3u) * 8u)) & 0xffu), ((ml_a1[(i * 4u + 2u) >> 2u] >> (((i * 4u + 2u) & 3u) * 8u)) & 0xffu), ((ml_a1[(i * 4u + 3u) >> 2u] >> (((i * 4u + 3u) & 3u) * 8u)) & 0xffu)); }
fn k_square_rgba_908e18fa(p0: vec4<u32>, p1: vec4<u32>) -> f32 {
    let v0_a_0: u32 = p0.x;
    let v1_a_1: u32 = p0.y;
    let v2_a_2: u32 = p0.z;
    let v3_a_3: u32 = p0.w;
    let v4_b_0: u32 = p1.x;
    let v5_b_1: u32 = p1.y;
    let v6_b_2: u32 = p1.z;
    let v7_b_3: u32 = p1.w;
    let v8_x: i32 = (i32(v0_a_0) - i32(v4_b_0));
    let v9_y: i32 = (i32(v1_a_1) - i32(v5_b_1));
    let v10_z: i32 = (i32(v2_a_2) - i32(v6_b_2));
    let v11_w: i32 = (i32(v3_a_3) - i32(v7_b_3));
    return f32(((((v8_x * v8_x) + (v9_y * v9_y)) + (v10_z * v10_z)) + (v11_w * v11_w)));
}

fn ml_value(i: u32) -> f32 {
    let p = ml_params.slots[0].y + i;
    return k_square_rgba_908e18fa(ml_load_0(i), ml_load_1(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
