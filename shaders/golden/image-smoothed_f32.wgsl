struct MlParams { slots: array<vec4<u32>, 5> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<f32>;
@group(0) @binding(1) var<storage, read> ml_a1: array<f32>;
fn ml_load_1(i: u32) -> f32 { return ml_a1[i]; }
fn ml_width_1() -> u32 { return ml_params.slots[2].x; }
fn ml_height_1() -> u32 { return ml_params.slots[2].y; }
fn ml_at_1(x: i32, y: i32) -> f32 {
    let w = i32(ml_width_1());
    let h = i32(ml_height_1());
    if (x >= 0 && y >= 0 && x < w && y < h) { return ml_load_1(u32(y * w + x)); }
    let border = ml_params.slots[2].z;
    if (border == 1u) { return bitcast<f32>(ml_params.slots[2].w); }
    return ml_load_1(u32(ml_border(y, h, border) * w + ml_border(x, w, border)));
}
fn ml_near_1(at: vec2<u32>, dx: i32, dy: i32) -> f32 {
    let w = ml_width_1();
    let h = ml_height_1();
    let x = at.x + u32(dx);
    let y = at.y + u32(dy);
    if (x < w && y < h) { return ml_load_1(y * w + x); }
    let border = ml_params.slots[2].z;
    return ml_at_1(ml_beside(at.x, dx, w, border), ml_beside(at.y, dy, h, border));
}
fn k_share_d2368d2f(v0_at: u32, v1_half: u32) -> f32 {
    let v2_outside: u32 = (u32((v0_at == 0u)) + u32(((v0_at + 1u) == v1_half)));
    return select(select(0.16666667f, 0.14285715f, (v2_outside == 1u)), 0.125f, (v2_outside == 0u));
}

fn k_smoothed_f32_a8879d35(p0: vec2<u32>, v0_across: u32, v1_down: u32) -> f32 {
    let v2_x: i32 = (2i * i32(p0.x));
    let v3_y: i32 = (2i * i32(p0.y));
    var v4_sum: f32 = 0.0f;
    let end0: i32 = 3i;
    for (var v5_k: i32 = (-1i); v5_k < end0; v5_k++) {
        let v6_four: f32 = (fma(3.0f, (ml_at_1(v2_x, (v3_y + v5_k)) + ml_at_1((v2_x + 1i), (v3_y + v5_k))), ml_at_1((v2_x - 1i), (v3_y + v5_k))) + ml_at_1((v2_x + 2i), (v3_y + v5_k)));
        v4_sum = fma(v6_four, select(1.0f, 3.0f, ((v5_k == 0i) || (v5_k == 1i))), v4_sum);
    }
    let v7_column: f32 = k_share_d2368d2f(p0.x, v0_across);
    let v8_row: f32 = k_share_d2368d2f(p0.y, v1_down);
    return (v4_sum * (v7_column * v8_row));
}

fn ml_value(i: u32) -> f32 {
    let p = ml_params.slots[0].y + i;
    return k_smoothed_f32_a8879d35(vec2<u32>(p % ml_params.slots[0].z, p / ml_params.slots[0].z), ml_params.slots[3].x, ml_params.slots[4].x);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
