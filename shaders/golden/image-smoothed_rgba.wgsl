struct MlParams { slots: array<vec4<u32>, 5> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(1) var<storage, read> ml_a1: array<u32>;
fn ml_load_1(i: u32) -> vec4<u32> { return vec4<u32>(((ml_a1[(i * 4u + 0u) >> 2u] >> (((i * 4u + 0u) & 3u) * 8u)) & 0xffu), ((ml_a1[(i * 4u + 1u) >> 2u] >> (((i * 4u + 1u) & 3u) * 8u)) & 0xffu), ((ml_a1[(i * 4u + 2u) >> 2u] >> (((i * 4u + 2u) & 3u) * 8u)) & 0xffu), ((ml_a1[(i * 4u + 3u) >> 2u] >> (((i * 4u + 3u) & 3u) * 8u)) & 0xffu)); }
fn ml_width_1() -> u32 { return ml_params.slots[2].x; }
fn ml_height_1() -> u32 { return ml_params.slots[2].y; }
fn ml_at_1(x: i32, y: i32) -> vec4<u32> {
    let w = i32(ml_width_1());
    let h = i32(ml_height_1());
    if (x >= 0 && y >= 0 && x < w && y < h) { return ml_load_1(u32(y * w + x)); }
    let border = ml_params.slots[2].z;
    if (border == 1u) { return vec4<u32>(ml_params.slots[2].w, ml_params.slots[2].w, ml_params.slots[2].w, ml_params.slots[2].w); }
    return ml_load_1(u32(ml_border(y, h, border) * w + ml_border(x, w, border)));
}
fn ml_near_1(at: vec2<u32>, dx: i32, dy: i32) -> vec4<u32> {
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

fn k_smoothed_rgba_dd14dba7(p0: vec2<u32>, v0_across: u32, v1_down: u32) -> vec4<u32> {
    let v2_x: i32 = (2i * i32(p0.x));
    let v3_y: i32 = (2i * i32(p0.y));
    var v4_red: i32 = 0i;
    var v5_green: i32 = 0i;
    var v6_blue: i32 = 0i;
    var v7_alpha: i32 = 0i;
    let end0: i32 = 3i;
    for (var v8_k: i32 = (-1i); v8_k < end0; v8_k++) {
        let t1 = ml_at_1((v2_x - 1i), (v3_y + v8_k));
        let v9_at_0: u32 = t1.x;
        let v10_at_1: u32 = t1.y;
        let v11_at_2: u32 = t1.z;
        let v12_at_3: u32 = t1.w;
        let v13_a_0: u32 = v9_at_0;
        let v14_a_1: u32 = v10_at_1;
        let v15_a_2: u32 = v11_at_2;
        let v16_a_3: u32 = v12_at_3;
        let t2 = ml_at_1(v2_x, (v3_y + v8_k));
        let v17_at_0: u32 = t2.x;
        let v18_at_1: u32 = t2.y;
        let v19_at_2: u32 = t2.z;
        let v20_at_3: u32 = t2.w;
        let v21_b_0: u32 = v17_at_0;
        let v22_b_1: u32 = v18_at_1;
        let v23_b_2: u32 = v19_at_2;
        let v24_b_3: u32 = v20_at_3;
        let t3 = ml_at_1((v2_x + 1i), (v3_y + v8_k));
        let v25_at_0: u32 = t3.x;
        let v26_at_1: u32 = t3.y;
        let v27_at_2: u32 = t3.z;
        let v28_at_3: u32 = t3.w;
        let v29_c_0: u32 = v25_at_0;
        let v30_c_1: u32 = v26_at_1;
        let v31_c_2: u32 = v27_at_2;
        let v32_c_3: u32 = v28_at_3;
        let t4 = ml_at_1((v2_x + 2i), (v3_y + v8_k));
        let v33_at_0: u32 = t4.x;
        let v34_at_1: u32 = t4.y;
        let v35_at_2: u32 = t4.z;
        let v36_at_3: u32 = t4.w;
        let v37_d_0: u32 = v33_at_0;
        let v38_d_1: u32 = v34_at_1;
        let v39_d_2: u32 = v35_at_2;
        let v40_d_3: u32 = v36_at_3;
        let v41_weight: i32 = select(1i, 3i, ((v8_k == 0i) || (v8_k == 1i)));
        let v42_reds: i32 = k_four_1e4966f7(v13_a_0, v21_b_0, v29_c_0, v37_d_0);
        let v43_greens: i32 = k_four_1e4966f7(v14_a_1, v22_b_1, v30_c_1, v38_d_1);
        let v44_blues: i32 = k_four_1e4966f7(v15_a_2, v23_b_2, v31_c_2, v39_d_2);
        let v45_alphas: i32 = k_four_1e4966f7(v16_a_3, v24_b_3, v32_c_3, v40_d_3);
        v4_red = (v4_red + (v41_weight * v42_reds));
        v5_green = (v5_green + (v41_weight * v43_greens));
        v6_blue = (v6_blue + (v41_weight * v44_blues));
        v7_alpha = (v7_alpha + (v41_weight * v45_alphas));
    }
    let v46_column: f32 = k_share_d2368d2f(p0.x, v0_across);
    let v47_row: f32 = k_share_d2368d2f(p0.y, v1_down);
    let v48_share: f32 = (v46_column * v47_row);
    return vec4<u32>(min(ml_f32_to_u32(fma(f32(v4_red), v48_share, 0.5f)), 255u), min(ml_f32_to_u32(fma(f32(v5_green), v48_share, 0.5f)), 255u), min(ml_f32_to_u32(fma(f32(v6_blue), v48_share, 0.5f)), 255u), min(ml_f32_to_u32(fma(f32(v7_alpha), v48_share, 0.5f)), 255u));
}

fn ml_value(i: u32) -> vec4<u32> {
    let p = ml_params.slots[0].y + i;
    return k_smoothed_rgba_dd14dba7(vec2<u32>(p % ml_params.slots[0].z, p / ml_params.slots[0].z), ml_params.slots[3].x, ml_params.slots[4].x);
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
