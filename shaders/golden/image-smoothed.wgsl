struct MlParams { slots: array<vec4<u32>, 5> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(1) var<storage, read> ml_a1: array<u32>;
fn ml_load_1(i: u32) -> u32 { return ((ml_a1[(i) >> 2u] >> (((i) & 3u) * 8u)) & 0xffu); }
fn ml_width_1() -> u32 { return ml_params.slots[2].x; }
fn ml_height_1() -> u32 { return ml_params.slots[2].y; }
fn ml_at_1(x: i32, y: i32) -> u32 {
    let w = i32(ml_width_1());
    let h = i32(ml_height_1());
    if (x >= 0 && y >= 0 && x < w && y < h) { return ml_load_1(u32(y * w + x)); }
    let border = ml_params.slots[2].z;
    if (border == 1u) { return ml_params.slots[2].w; }
    return ml_load_1(u32(ml_border(y, h, border) * w + ml_border(x, w, border)));
}
fn ml_near_1(at: vec2<u32>, dx: i32, dy: i32) -> u32 {
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

fn k_sixteen_08e0ce7c(v0_a: i32, v1_b: i32, v2_c: i32, v3_d: i32) -> f32 {
    return f32(((v0_a + (3i * (v1_b + v2_c))) + v3_d));
}

fn k_share_d2368d2f(v0_at: u32, v1_half: u32) -> f32 {
    let v2_outside: u32 = (u32((v0_at == 0u)) + u32(((v0_at + 1u) == v1_half)));
    return select(select(0.16666667f, 0.14285715f, (v2_outside == 1u)), 0.125f, (v2_outside == 0u));
}

fn k_smoothed_76d1bbc6(p0: vec2<u32>, v0_across: u32, v1_down: u32) -> u32 {
    let v2_x: i32 = (2i * i32(p0.x));
    let v3_y: i32 = (2i * i32(p0.y));
    let v4_a: i32 = k_four_1e4966f7(ml_at_1((v2_x - 1i), (v3_y - 1i)), ml_at_1(v2_x, (v3_y - 1i)), ml_at_1((v2_x + 1i), (v3_y - 1i)), ml_at_1((v2_x + 2i), (v3_y - 1i)));
    let v5_b: i32 = k_four_1e4966f7(ml_at_1((v2_x - 1i), v3_y), ml_at_1(v2_x, v3_y), ml_at_1((v2_x + 1i), v3_y), ml_at_1((v2_x + 2i), v3_y));
    let v6_c: i32 = k_four_1e4966f7(ml_at_1((v2_x - 1i), (v3_y + 1i)), ml_at_1(v2_x, (v3_y + 1i)), ml_at_1((v2_x + 1i), (v3_y + 1i)), ml_at_1((v2_x + 2i), (v3_y + 1i)));
    let v7_d: i32 = k_four_1e4966f7(ml_at_1((v2_x - 1i), (v3_y + 2i)), ml_at_1(v2_x, (v3_y + 2i)), ml_at_1((v2_x + 1i), (v3_y + 2i)), ml_at_1((v2_x + 2i), (v3_y + 2i)));
    let v8_sum: f32 = k_sixteen_08e0ce7c(v4_a, v5_b, v6_c, v7_d);
    let v9_column: f32 = k_share_d2368d2f(p0.x, v0_across);
    let v10_row: f32 = k_share_d2368d2f(p0.y, v1_down);
    return min(ml_f32_to_u32(fma(v8_sum, (v9_column * v10_row), 0.5f)), 255u);
}

fn ml_value(i: u32) -> u32 {
    let p = ml_params.slots[0].y + i;
    return k_smoothed_76d1bbc6(vec2<u32>(p % ml_params.slots[0].z, p / ml_params.slots[0].z), ml_params.slots[3].x, ml_params.slots[4].x);
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
