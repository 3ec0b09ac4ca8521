struct MlParams { slots: array<vec4<u32>, 5> }
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
fn k_four_1e4966f7(v0_a: u32, v1_b: u32, v2_c: u32, v3_d: u32) -> i32 {
    return ((i32(v0_a) + (3i * (i32(v1_b) + i32(v2_c)))) + i32(v3_d));
}

fn k_share_d2368d2f(v0_at: u32, v1_half: u32) -> f32 {
    let v2_outside: u32 = (u32((v0_at == 0u)) + u32(((v0_at + 1u) == v1_half)));
    return select(select(0.16666667f, 0.14285715f, (v2_outside == 1u)), 0.125f, (v2_outside == 0u));
}

fn k_smoothed_rgb_5b8b4274(p0: vec2<u32>, v0_across: u32, v1_down: u32) -> vec3<u32> {
    let v2_x: i32 = (2i * i32(p0.x));
    let v3_y: i32 = (2i * i32(p0.y));
    var v4_red: i32 = 0i;
    var v5_green: i32 = 0i;
    var v6_blue: i32 = 0i;
    let end0: i32 = 3i;
    for (var v7_k: i32 = (-1i); v7_k < end0; v7_k++) {
        let t1 = ml_at_1((v2_x - 1i), (v3_y + v7_k));
        let v8_at_0: u32 = t1.x;
        let v9_at_1: u32 = t1.y;
        let v10_at_2: u32 = t1.z;
        let v11_a_0: u32 = v8_at_0;
        let v12_a_1: u32 = v9_at_1;
        let v13_a_2: u32 = v10_at_2;
        let t2 = ml_at_1(v2_x, (v3_y + v7_k));
        let v14_at_0: u32 = t2.x;
        let v15_at_1: u32 = t2.y;
        let v16_at_2: u32 = t2.z;
        let v17_b_0: u32 = v14_at_0;
        let v18_b_1: u32 = v15_at_1;
        let v19_b_2: u32 = v16_at_2;
        let t3 = ml_at_1((v2_x + 1i), (v3_y + v7_k));
        let v20_at_0: u32 = t3.x;
        let v21_at_1: u32 = t3.y;
        let v22_at_2: u32 = t3.z;
        let v23_c_0: u32 = v20_at_0;
        let v24_c_1: u32 = v21_at_1;
        let v25_c_2: u32 = v22_at_2;
        let t4 = ml_at_1((v2_x + 2i), (v3_y + v7_k));
        let v26_at_0: u32 = t4.x;
        let v27_at_1: u32 = t4.y;
        let v28_at_2: u32 = t4.z;
        let v29_d_0: u32 = v26_at_0;
        let v30_d_1: u32 = v27_at_1;
        let v31_d_2: u32 = v28_at_2;
        let v32_weight: i32 = select(1i, 3i, ((v7_k == 0i) || (v7_k == 1i)));
        let v33_reds: i32 = k_four_1e4966f7(v11_a_0, v17_b_0, v23_c_0, v29_d_0);
        let v34_greens: i32 = k_four_1e4966f7(v12_a_1, v18_b_1, v24_c_1, v30_d_1);
        let v35_blues: i32 = k_four_1e4966f7(v13_a_2, v19_b_2, v25_c_2, v31_d_2);
        v4_red = (v4_red + (v32_weight * v33_reds));
        v5_green = (v5_green + (v32_weight * v34_greens));
        v6_blue = (v6_blue + (v32_weight * v35_blues));
    }
    let v36_column: f32 = k_share_d2368d2f(p0.x, v0_across);
    let v37_row: f32 = k_share_d2368d2f(p0.y, v1_down);
    let v38_share: f32 = (v36_column * v37_row);
    return vec3<u32>(min(ml_f32_to_u32(fma(f32(v4_red), v38_share, 0.5f)), 255u), min(ml_f32_to_u32(fma(f32(v5_green), v38_share, 0.5f)), 255u), min(ml_f32_to_u32(fma(f32(v6_blue), v38_share, 0.5f)), 255u));
}

fn ml_value(i: u32) -> vec3<u32> {
    let p = ml_params.slots[0].y + i;
    return k_smoothed_rgb_5b8b4274(vec2<u32>(p % ml_params.slots[0].z, p / ml_params.slots[0].z), ml_params.slots[3].x, ml_params.slots[4].x);
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
