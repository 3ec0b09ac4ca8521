struct MlParams { slots: array<vec4<u32>, 6> }
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
fn k_bilateral_cell_15dc4d51(p0: vec2<u32>, v0_radius: i32, v1_space: f32, v2_value: f32) -> u32 {
    let v3_own: f32 = f32(ml_near_1(p0, 0i, 0i));
    var v4_sum: f32 = 0.0f;
    var v5_weights: f32 = 0.0f;
    let end0: i32 = v0_radius;
    var at0: i32 = (-v0_radius);
    var more0: bool = at0 <= end0;
    loop {
        if (!more0) { break; }
        let v6_dy: i32 = at0;
        let end1: i32 = v0_radius;
        var at1: i32 = (-v0_radius);
        var more1: bool = at1 <= end1;
        loop {
            if (!more1) { break; }
            let v7_dx: i32 = at1;
            let v8_square: i32 = ((v7_dx * v7_dx) + (v6_dy * v6_dy));
            if ((v8_square <= (v0_radius * v0_radius))) {
                let v9_other: f32 = f32(ml_near_1(p0, v7_dx, v6_dy));
                let v10_off: f32 = (v9_other - v3_own);
                let v11_weight: f32 = ml_exp(fma((v10_off * v10_off), v2_value, (f32(v8_square) * v1_space)));
                v4_sum = fma(v11_weight, v9_other, v4_sum);
                v5_weights = (v5_weights + v11_weight);
            }
            continuing { more1 = at1 != end1; at1++; }
        }
        continuing { more0 = at0 != end0; at0++; }
    }
    return min(ml_f32_to_u32(((v4_sum / v5_weights) + 0.5f)), 255u);
}

fn ml_value(i: u32) -> u32 {
    let p = ml_params.slots[0].y + i;
    return k_bilateral_cell_15dc4d51(vec2<u32>(p % ml_params.slots[0].z, p / ml_params.slots[0].z), bitcast<i32>(ml_params.slots[3].x), bitcast<f32>(ml_params.slots[4].x), bitcast<f32>(ml_params.slots[5].x));
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
