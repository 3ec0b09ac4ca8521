struct MlParams { slots: array<vec4<u32>, 3> }
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
fn k_sobel_f32_ee26f5ed(p0: vec2<u32>) -> f32 {
    let v0_nw: f32 = ml_near_1(p0, (-1i), (-1i));
    let v1_n: f32 = ml_near_1(p0, 0i, (-1i));
    let v2_ne: f32 = ml_near_1(p0, 1i, (-1i));
    let v3_w: f32 = ml_near_1(p0, (-1i), 0i);
    let v4_e: f32 = ml_near_1(p0, 1i, 0i);
    let v5_sw: f32 = ml_near_1(p0, (-1i), 1i);
    let v6_s: f32 = ml_near_1(p0, 0i, 1i);
    let v7_se: f32 = ml_near_1(p0, 1i, 1i);
    let v8_gx: f32 = ((fma(2.0f, v4_e, v2_ne) + v7_se) - (fma(2.0f, v3_w, v0_nw) + v5_sw));
    let v9_gy: f32 = ((fma(2.0f, v6_s, v5_sw) + v7_se) - (fma(2.0f, v1_n, v0_nw) + v2_ne));
    return sqrt(fma(v8_gx, v8_gx, (v9_gy * v9_gy)));
}

fn ml_value(i: u32) -> f32 {
    let p = ml_params.slots[0].y + i;
    return k_sobel_f32_ee26f5ed(vec2<u32>(p % ml_params.slots[0].z, p / ml_params.slots[0].z));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
