struct MlParams { slots: array<vec4<u32>, 8> }
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
@group(0) @binding(1) var<storage, read> ml_a1: array<vec4<f32>>;
fn ml_load_1(i: u32) -> vec4<f32> { return ml_a1[i]; }
fn ml_width_1() -> u32 { return ml_params.slots[2].x; }
fn ml_height_1() -> u32 { return ml_params.slots[2].y; }
fn ml_at_1(x: i32, y: i32) -> vec4<f32> {
    let w = i32(ml_width_1());
    let h = i32(ml_height_1());
    if (x >= 0 && y >= 0 && x < w && y < h) { return ml_load_1(u32(y * w + x)); }
    let border = ml_params.slots[2].z;
    if (border == 1u) { return vec4<f32>(bitcast<f32>(ml_params.slots[2].w), bitcast<f32>(ml_params.slots[2].w), bitcast<f32>(ml_params.slots[2].w), bitcast<f32>(ml_params.slots[2].w)); }
    return ml_load_1(u32(ml_border(y, h, border) * w + ml_border(x, w, border)));
}
fn ml_near_1(at: vec2<u32>, dx: i32, dy: i32) -> vec4<f32> {
    let w = ml_width_1();
    let h = ml_height_1();
    let x = at.x + u32(dx);
    let y = at.y + u32(dy);
    if (x < w && y < h) { return ml_load_1(y * w + x); }
    let border = ml_params.slots[2].z;
    return ml_at_1(ml_beside(at.x, dx, w, border), ml_beside(at.y, dy, h, border));
}
fn ml_item_2(i: u32) -> f32 {
    if (i < 6u) { return bitcast<f32>(ml_params.slots[3u + (i >> 2u)][i & 3u]); }
    ml_fault(2u, i, 6u);
    return f32();
}
fn k_ssim_columns_bdfaae00(p0: vec2<u32>, v0_middle: f32, v1_c1: f32, v2_c2: f32) -> f32 {
    var v3_x: f32 = ml_keep(0.0f);
    var v4_y: f32 = ml_keep(0.0f);
    var v5_squares: f32 = ml_keep(0.0f);
    var v6_products: f32 = ml_keep(0.0f);
    let end0: i32 = 11i;
    for (var v7_k: i32 = 0i; v7_k < end0; v7_k++) {
        let v8_weight: f32 = ml_item_2(u32(ml_abs_i32((v7_k - 5i))));
        let t1 = ml_near_1(p0, 0i, v7_k);
        let v9_near_0: f32 = t1.x;
        let v10_near_1: f32 = t1.y;
        let v11_near_2: f32 = t1.z;
        let v12_near_3: f32 = t1.w;
        let v13_sums_0: f32 = v9_near_0;
        let v14_sums_1: f32 = v10_near_1;
        let v15_sums_2: f32 = v11_near_2;
        let v16_sums_3: f32 = v12_near_3;
        v3_x = ml_keep(v3_x + ml_keep(v8_weight * v13_sums_0));
        v4_y = ml_keep(v4_y + ml_keep(v8_weight * v14_sums_1));
        v5_squares = ml_keep(v5_squares + ml_keep(v8_weight * v15_sums_2));
        v6_products = ml_keep(v6_products + ml_keep(v8_weight * v16_sums_3));
    }
    let v17_variances: f32 = ml_keep(v5_squares - ml_keep(ml_keep(v3_x * v3_x) + ml_keep(v4_y * v4_y)));
    let v18_covariance: f32 = ml_keep(v6_products - ml_keep(v3_x * v4_y));
    let v19_mean_x: f32 = ml_keep(v3_x + v0_middle);
    let v20_mean_y: f32 = ml_keep(v4_y + v0_middle);
    let v21_alike: f32 = ml_keep(ml_keep(ml_keep(ml_keep(2.0f * v19_mean_x) * v20_mean_y) + v1_c1) * ml_keep(ml_keep(2.0f * v18_covariance) + v2_c2));
    return ml_keep(v21_alike / ml_keep(ml_keep(ml_keep(ml_keep(v19_mean_x * v19_mean_x) + ml_keep(v20_mean_y * v20_mean_y)) + v1_c1) * ml_keep(v17_variances + v2_c2)));
}

fn ml_value(i: u32) -> f32 {
    let p = ml_params.slots[0].y + i;
    ml_place = p;
    return k_ssim_columns_bdfaae00(vec2<u32>(p % ml_params.slots[0].z, p / ml_params.slots[0].z), bitcast<f32>(ml_params.slots[5].x), bitcast<f32>(ml_params.slots[6].x), bitcast<f32>(ml_params.slots[7].x));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ml_zero = ml_params.slots[1].z;
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
