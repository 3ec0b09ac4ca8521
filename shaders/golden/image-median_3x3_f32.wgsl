struct MlParams { slots: array<vec4<u32>, 3> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<f32>;
@group(0) @binding(3) var<storage, read_write> ml_status: array<atomic<u32>>;
var<private> ml_place: u32 = 0u;
fn ml_fault(array: u32, index: u32, len: u32) {
    atomicOr(&ml_status[0], 2u);
    let key = 0xffffffffu - ml_place;
    for (var tries = 0u; tries < 65536u; tries += 1u) {
        if (key <= atomicLoad(&ml_status[1])) { return; }
        if (atomicCompareExchangeWeak(&ml_status[2], 0u, 1u).exchanged) {
            if (key > atomicLoad(&ml_status[1])) {
                atomicStore(&ml_status[1], key);
                atomicStore(&ml_status[3], array);
                atomicStore(&ml_status[4], index);
                atomicStore(&ml_status[5], len);
            }
            atomicStore(&ml_status[2], 0u);
            return;
        }
    }
}
fn ml_index(i: u32, len: u32, array: u32) -> u32 {
    if (i < len) { return i; }
    ml_fault(array, i, len);
    return 0u;
}
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
fn k_median_3x3_f32_7d21ed9c(p0: vec2<u32>) -> f32 {
    let v0_t: f32 = 0.0f;
    var v1_low_0: f32 = v0_t;
    var v2_low_1: f32 = v0_t;
    var v3_low_2: f32 = v0_t;
    let v4_t: f32 = 0.0f;
    var v5_mid_0: f32 = v4_t;
    var v6_mid_1: f32 = v4_t;
    var v7_mid_2: f32 = v4_t;
    let v8_t: f32 = 0.0f;
    var v9_high_0: f32 = v8_t;
    var v10_high_1: f32 = v8_t;
    var v11_high_2: f32 = v8_t;
    let end0: i32 = 3i;
    for (var v12_k: i32 = 0i; v12_k < end0; v12_k++) {
        let v13_a: f32 = ml_near_1(p0, (v12_k - 1i), (-1i));
        let v14_b: f32 = ml_near_1(p0, (v12_k - 1i), 0i);
        let v15_c: f32 = ml_near_1(p0, (v12_k - 1i), 1i);
        let v16_least: f32 = ml_min(v13_a, v14_b);
        let v17_most: f32 = ml_max(v13_a, v14_b);
        let v18_t: u32 = u32(v12_k);
        var t0_px: array<f32, 3> = array<f32, 3>(v1_low_0, v2_low_1, v3_low_2);
        t0_px[ml_index(v18_t, 3u, 3044373013u)] = ml_min(v16_least, v15_c);
        v1_low_0 = t0_px[ml_index(0u, 3u, 3044373013u)];
        v2_low_1 = t0_px[ml_index(1u, 3u, 3044373013u)];
        v3_low_2 = t0_px[ml_index(2u, 3u, 3044373013u)];
        let v19_t: u32 = u32(v12_k);
        var t1_px: array<f32, 3> = array<f32, 3>(v5_mid_0, v6_mid_1, v7_mid_2);
        t1_px[ml_index(v19_t, 3u, 3044373013u)] = ml_max(v16_least, ml_min(v17_most, v15_c));
        v5_mid_0 = t1_px[ml_index(0u, 3u, 3044373013u)];
        v6_mid_1 = t1_px[ml_index(1u, 3u, 3044373013u)];
        v7_mid_2 = t1_px[ml_index(2u, 3u, 3044373013u)];
        let v20_t: u32 = u32(v12_k);
        var t2_px: array<f32, 3> = array<f32, 3>(v9_high_0, v10_high_1, v11_high_2);
        t2_px[ml_index(v20_t, 3u, 3044373013u)] = ml_max(v17_most, v15_c);
        v9_high_0 = t2_px[ml_index(0u, 3u, 3044373013u)];
        v10_high_1 = t2_px[ml_index(1u, 3u, 3044373013u)];
        v11_high_2 = t2_px[ml_index(2u, 3u, 3044373013u)];
    }
    let v21_a: f32 = ml_max(ml_max(v1_low_0, v2_low_1), v3_low_2);
    let v22_b: f32 = v5_mid_0;
    let v23_c: f32 = ml_min(ml_min(v9_high_0, v10_high_1), v11_high_2);
    let v24_middle: f32 = ml_max(ml_min(v22_b, v6_mid_1), ml_min(ml_max(v22_b, v6_mid_1), v7_mid_2));
    return ml_max(ml_min(v21_a, v24_middle), ml_min(ml_max(v21_a, v24_middle), v23_c));
}

fn ml_value(i: u32) -> f32 {
    let p = ml_params.slots[0].y + i;
    ml_place = p;
    return k_median_3x3_f32_7d21ed9c(vec2<u32>(p % ml_params.slots[0].z, p / ml_params.slots[0].z));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
