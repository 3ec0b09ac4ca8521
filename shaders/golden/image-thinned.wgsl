struct MlParams { slots: array<vec4<u32>, 5> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(4) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(1) var<storage, read> ml_a1: array<u32>;
fn ml_load_1(i: u32) -> i32 { return (bitcast<i32>((ml_a1[(i) >> 1u] >> (((i) & 1u) * 16u)) << 16u) >> 16u); }
@group(0) @binding(2) var<storage, read> ml_a2: array<u32>;
fn ml_load_2(i: u32) -> i32 { return (bitcast<i32>((ml_a2[(i) >> 1u] >> (((i) & 1u) * 16u)) << 16u) >> 16u); }
@group(0) @binding(3) var<storage, read> ml_a3: array<i32>;
fn ml_load_3(i: u32) -> i32 { return ml_a3[i]; }
fn ml_width_3() -> u32 { return ml_params.slots[2].x; }
fn ml_height_3() -> u32 { return ml_params.slots[2].y; }
fn ml_at_3(x: i32, y: i32) -> i32 {
    let w = i32(ml_width_3());
    let h = i32(ml_height_3());
    if (x >= 0 && y >= 0 && x < w && y < h) { return ml_load_3(u32(y * w + x)); }
    let border = ml_params.slots[2].z;
    if (border == 1u) { return bitcast<i32>(ml_params.slots[2].w); }
    return ml_load_3(u32(ml_border(y, h, border) * w + ml_border(x, w, border)));
}
fn ml_near_3(at: vec2<u32>, dx: i32, dy: i32) -> i32 {
    let w = ml_width_3();
    let h = ml_height_3();
    let x = at.x + u32(dx);
    let y = at.y + u32(dy);
    if (x < w && y < h) { return ml_load_3(y * w + x); }
    let border = ml_params.slots[2].z;
    return ml_at_3(ml_beside(at.x, dx, w, border), ml_beside(at.y, dy, h, border));
}
fn k_thinned_a3d3e086(p0: vec2<u32>, v0_gx: i32, v1_gy: i32, v2_low: i32, v3_high: i32) -> u32 {
    let v4_gx: i32 = v0_gx;
    let v5_gy: i32 = v1_gy;
    let v6_own: i32 = ml_near_3(p0, 0i, 0i);
    let v7_x: i32 = ml_abs_i32(v4_gx);
    let v8_y: i32 = ml_shl_i32(ml_abs_i32(v5_gy), u32(15i));
    let v9_flat: i32 = (v7_x * 13573i);
    let v10_steep: i32 = (v9_flat + ml_shl_i32(v7_x, u32(16i)));
    let v11_nw: i32 = ml_near_3(p0, (-1i), (-1i));
    let v12_n: i32 = ml_near_3(p0, 0i, (-1i));
    let v13_ne: i32 = ml_near_3(p0, 1i, (-1i));
    let v14_w: i32 = ml_near_3(p0, (-1i), 0i);
    let v15_e: i32 = ml_near_3(p0, 1i, 0i);
    let v16_sw: i32 = ml_near_3(p0, (-1i), 1i);
    let v17_s: i32 = ml_near_3(p0, 0i, 1i);
    let v18_se: i32 = ml_near_3(p0, 1i, 1i);
    let v19_across: bool = ((v6_own > v14_w) && (v6_own >= v15_e));
    let v20_down: bool = ((v6_own > v12_n) && (v6_own >= v17_s));
    let v21_falling: bool = ((v6_own > v11_nw) && (v6_own > v18_se));
    let v22_rising: bool = ((v6_own > v13_ne) && (v6_own > v16_sw));
    let v23_longest: bool = select(select(select(v21_falling, v22_rising, ((v4_gx ^ v5_gy) < 0i)), v20_down, (v8_y > v10_steep)), v19_across, (v8_y < v9_flat));
    return select(0u, select(1u, 2u, (v6_own > v3_high)), (v23_longest && (v6_own > v2_low)));
}

fn ml_value(i: u32) -> u32 {
    let p = ml_params.slots[0].y + i;
    return k_thinned_a3d3e086(vec2<u32>(p % ml_params.slots[0].z, p / ml_params.slots[0].z), ml_load_1(i), ml_load_2(i), bitcast<i32>(ml_params.slots[3].x), bitcast<i32>(ml_params.slots[4].x));
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
