struct MlParams { slots: array<vec4<u32>, 7> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(4) var<storage, read_write> ml_status: array<atomic<u32>>;
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
@group(0) @binding(1) var<storage, read> ml_a1: array<u32>;
fn ml_load_1(i: u32) -> u32 { return ((ml_a1[(i) >> 2u] >> (((i) & 3u) * 8u)) & 0xffu); }
@group(0) @binding(2) var<storage, read> ml_a2: array<u32>;
fn ml_load_2(i: u32) -> u32 { return ((ml_a2[(i) >> 2u] >> (((i) & 3u) * 8u)) & 0xffu); }
fn ml_len_2() -> u32 { return ml_params.slots[2].x; }
fn ml_item_2(i: u32) -> u32 {
    if (i < ml_len_2()) { return ml_load_2(i); }
    ml_fault(2u, i, ml_len_2());
    return u32();
}
fn k_tile_mix_22a9c849(p0: vec2<u32>, v0_x: u32, v1_t__columns: u32, v2_t__rows: u32, v3_per_width: f32, v4_per_height: f32) -> u32 {
    let v5_across: f32 = ml_keep(ml_keep(ml_keep(f32(p0.x)) * v3_per_width) - 0.5f);
    let v6_down: f32 = ml_keep(ml_keep(ml_keep(f32(p0.y)) * v4_per_height) - 0.5f);
    let v7_left: f32 = floor(v5_across);
    let v8_top: f32 = floor(v6_down);
    let v9_right_share: f32 = ml_keep(v5_across - v7_left);
    let v10_low_share: f32 = ml_keep(v6_down - v8_top);
    let v11_columns: u32 = v1_t__columns;
    let v12_rows: u32 = v2_t__rows;
    let v13_i: i32 = ml_f32_to_i32(v7_left);
    let v14_j: i32 = ml_f32_to_i32(v8_top);
    let v15_i1: i32 = max(v13_i, 0i);
    let v16_i2: i32 = min((v13_i + 1i), (i32(v11_columns) - 1i));
    let v17_j1: i32 = (max(v14_j, 0i) * i32(v11_columns));
    let v18_j2: i32 = (min((v14_j + 1i), (i32(v12_rows) - 1i)) * i32(v11_columns));
    let v19_value: i32 = i32(v0_x);
    let v20_nw: f32 = ml_keep(f32(ml_item_2(u32((((v17_j1 + v15_i1) * 256i) + v19_value)))));
    let v21_ne: f32 = ml_keep(f32(ml_item_2(u32((((v17_j1 + v16_i2) * 256i) + v19_value)))));
    let v22_sw: f32 = ml_keep(f32(ml_item_2(u32((((v18_j2 + v15_i1) * 256i) + v19_value)))));
    let v23_se: f32 = ml_keep(f32(ml_item_2(u32((((v18_j2 + v16_i2) * 256i) + v19_value)))));
    let v24_high: f32 = ml_keep(ml_keep(v20_nw * ml_keep(1.0f - v9_right_share)) + ml_keep(v21_ne * v9_right_share));
    let v25_low: f32 = ml_keep(ml_keep(v22_sw * ml_keep(1.0f - v9_right_share)) + ml_keep(v23_se * v9_right_share));
    let v26_mixed: f32 = ml_keep(ml_keep(v24_high * ml_keep(1.0f - v10_low_share)) + ml_keep(v25_low * v10_low_share));
    return min(ml_f32_to_u32(ml_keep(ml_keep(v26_mixed + (12582912.0f)) - (12582912.0f))), 255u);
}

fn ml_value(i: u32) -> u32 {
    let p = ml_params.slots[0].y + i;
    ml_place = p;
    return k_tile_mix_22a9c849(vec2<u32>(p % ml_params.slots[0].z, p / ml_params.slots[0].z), ml_load_1(i), ml_params.slots[3].x, ml_params.slots[4].x, bitcast<f32>(ml_params.slots[5].x), bitcast<f32>(ml_params.slots[6].x));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ml_zero = ml_params.slots[1].z;
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 4u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    let v1 = ml_value(min(first + 1u, ml_params.slots[0].x - 1u));
    let v2 = ml_value(min(first + 2u, ml_params.slots[0].x - 1u));
    let v3 = ml_value(min(first + 3u, ml_params.slots[0].x - 1u));
    if (first + 0u < ml_params.slots[0].x) { ml_r0[(first >> 2u) * 1u + 0u] = ((u32(v0) & 255u) << 0u) | ((u32(v1) & 255u) << 8u) | ((u32(v2) & 255u) << 16u) | ((u32(v3) & 255u) << 24u); }
}
