struct MlParams { slots: array<vec4<u32>, 3> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(1) var<storage, read> ml_a1: array<u32>;
fn ml_load_1(i: u32) -> vec3<u32> { return vec3<u32>(((ml_a1[(i * 3u + 0u) >> 2u] >> (((i * 3u + 0u) & 3u) * 8u)) & 0xffu), ((ml_a1[(i * 3u + 1u) >> 2u] >> (((i * 3u + 1u) & 3u) * 8u)) & 0xffu), ((ml_a1[(i * 3u + 2u) >> 2u] >> (((i * 3u + 2u) & 3u) * 8u)) & 0xffu)); }
fn ml_width_1() -> u32 { return ml_params.slots[2].x; }
fn ml_height_1() -> u32 { return ml_params.slots[2].y; }
fn ml_at_1(x: i32, y: i32) -> vec3<u32> {
    let w = i32(ml_width_1());
    let h = i32(ml_height_1());
    if (x >= 0 && y >= 0 && x < w && y < h) { return ml_load_1(u32(y * w + x)); }
    let border = ml_params.slots[2].z;
    if (border == 1u) { return vec3<u32>(ml_params.slots[2].w, ml_params.slots[2].w, ml_params.slots[2].w); }
    return ml_load_1(u32(ml_border(y, h, border) * w + ml_border(x, w, border)));
}
fn ml_near_1(at: vec2<u32>, dx: i32, dy: i32) -> vec3<u32> {
    let w = ml_width_1();
    let h = ml_height_1();
    let x = at.x + u32(dx);
    let y = at.y + u32(dy);
    if (x < w && y < h) { return ml_load_1(y * w + x); }
    let border = ml_params.slots[2].z;
    return ml_at_1(ml_beside(at.x, dx, w, border), ml_beside(at.y, dy, h, border));
}
fn k_mean_of_four_9ca69a19(v0_a: u32, v1_b: u32, v2_c: u32, v3_d: u32) -> u32 {
    return (u32(ml_shr_u32(((((v0_a + v1_b) + v2_c) + v3_d) + 2u), u32(2i))) & 255u);
}

fn k_halved_rgb_5e61d05c(p0: vec2<u32>) -> vec3<u32> {
    let v0_x: i32 = (2i * i32(p0.x));
    let v1_y: i32 = (2i * i32(p0.y));
    let t1 = ml_at_1(v0_x, v1_y);
    let v2_at_0: u32 = t1.x;
    let v3_at_1: u32 = t1.y;
    let v4_at_2: u32 = t1.z;
    let v5_a_0: u32 = v2_at_0;
    let v6_a_1: u32 = v3_at_1;
    let v7_a_2: u32 = v4_at_2;
    let t2 = ml_at_1((v0_x + 1i), v1_y);
    let v8_at_0: u32 = t2.x;
    let v9_at_1: u32 = t2.y;
    let v10_at_2: u32 = t2.z;
    let v11_b_0: u32 = v8_at_0;
    let v12_b_1: u32 = v9_at_1;
    let v13_b_2: u32 = v10_at_2;
    let t3 = ml_at_1(v0_x, (v1_y + 1i));
    let v14_at_0: u32 = t3.x;
    let v15_at_1: u32 = t3.y;
    let v16_at_2: u32 = t3.z;
    let v17_c_0: u32 = v14_at_0;
    let v18_c_1: u32 = v15_at_1;
    let v19_c_2: u32 = v16_at_2;
    let t4 = ml_at_1((v0_x + 1i), (v1_y + 1i));
    let v20_at_0: u32 = t4.x;
    let v21_at_1: u32 = t4.y;
    let v22_at_2: u32 = t4.z;
    let v23_d_0: u32 = v20_at_0;
    let v24_d_1: u32 = v21_at_1;
    let v25_d_2: u32 = v22_at_2;
    let v26_red: u32 = k_mean_of_four_9ca69a19(v5_a_0, v11_b_0, v17_c_0, v23_d_0);
    let v27_green: u32 = k_mean_of_four_9ca69a19(v6_a_1, v12_b_1, v18_c_1, v24_d_1);
    let v28_blue: u32 = k_mean_of_four_9ca69a19(v7_a_2, v13_b_2, v19_c_2, v25_d_2);
    return vec3<u32>(v26_red, v27_green, v28_blue);
}

fn ml_value(i: u32) -> vec3<u32> {
    let p = ml_params.slots[0].y + i;
    return k_halved_rgb_5e61d05c(vec2<u32>(p % ml_params.slots[0].z, p / ml_params.slots[0].z));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 4u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    let v1 = ml_value(min(first + 1u, ml_params.slots[0].x - 1u));
    let v2 = ml_value(min(first + 2u, ml_params.slots[0].x - 1u));
    let v3 = ml_value(min(first + 3u, ml_params.slots[0].x - 1u));
    if (first + 0u < ml_params.slots[0].x) { ml_r0[(first >> 2u) * 3u + 0u] = ((u32(v0.x) & 255u) << 0u) | ((u32(v0.y) & 255u) << 8u) | ((u32(v0.z) & 255u) << 16u) | ((u32(v1.x) & 255u) << 24u); }
    if (first + 1u < ml_params.slots[0].x) { ml_r0[(first >> 2u) * 3u + 1u] = ((u32(v1.y) & 255u) << 0u) | ((u32(v1.z) & 255u) << 8u) | ((u32(v2.x) & 255u) << 16u) | ((u32(v2.y) & 255u) << 24u); }
    if (first + 2u < ml_params.slots[0].x) { ml_r0[(first >> 2u) * 3u + 2u] = ((u32(v2.z) & 255u) << 0u) | ((u32(v3.x) & 255u) << 8u) | ((u32(v3.y) & 255u) << 16u) | ((u32(v3.z) & 255u) << 24u); }
}
