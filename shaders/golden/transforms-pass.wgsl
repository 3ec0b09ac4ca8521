struct MlParams { slots: array<vec4<u32>, 11> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<vec2<f32>>;
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
@group(0) @binding(1) var<storage, read> ml_a1: array<vec2<f32>>;
fn ml_load_1(i: u32) -> vec2<f32> { return ml_a1[i]; }
fn ml_len_1() -> u32 { return ml_params.slots[2].x; }
fn ml_item_1(i: u32) -> vec2<f32> {
    if (i < ml_len_1()) { return ml_load_1(i); }
    ml_fault(1u, i, ml_len_1());
    return vec2<f32>();
}
@group(0) @binding(2) var<storage, read> ml_a2: array<vec2<f32>>;
fn ml_load_2(i: u32) -> vec2<f32> { return ml_a2[i]; }
fn ml_len_2() -> u32 { return ml_params.slots[3].x; }
fn ml_item_2(i: u32) -> vec2<f32> {
    if (i < ml_len_2()) { return ml_load_2(i); }
    ml_fault(2u, i, ml_len_2());
    return vec2<f32>();
}
fn k_pass_2a4fe9cb(v0_i: u32, v1_p__block: u32, v2_p__rest: u32, v3_p__radix: u32, v4_p__done: u32, v5_p__step: u32, v6_p__sign: f32, v7_p__scale: f32) -> vec2<f32> {
    let v8_block: u32 = ml_div_u32(v0_i, v1_p__block);
    let v9_at: u32 = (v0_i - (v8_block * v1_p__block));
    let v10_k: u32 = ml_div_u32(v9_at, v2_p__rest);
    let v11_stride: u32 = (v2_p__rest * v3_p__radix);
    let v12_first: u32 = (((v8_block * v1_p__block) + (ml_rem_u32(v10_k, v4_p__done) * v11_stride)) + (v9_at - (v10_k * v2_p__rest)));
    let t1 = ml_item_2((v10_k * v5_p__step));
    let v13_item_0: f32 = t1.x;
    let v14_item_1: f32 = t1.y;
    let v15_w_0: f32 = v13_item_0;
    let v16_w_1: f32 = v14_item_1;
    let v17_cos: f32 = v15_w_0;
    let v18_sin: f32 = (v16_w_1 * v6_p__sign);
    var v19_from: u32 = (v12_first + (v11_stride - v2_p__rest));
    let t2 = ml_item_1(v19_from);
    let v20_item_0: f32 = t2.x;
    let v21_item_1: f32 = t2.y;
    let v22_last_0: f32 = v20_item_0;
    let v23_last_1: f32 = v21_item_1;
    var v24_re: f32 = v22_last_0;
    var v25_im: f32 = v23_last_1;
    let end0: u32 = v3_p__radix;
    for (var v26_k: u32 = 1u; v26_k < end0; v26_k++) {
        v19_from = (v19_from - v2_p__rest);
        let t3 = ml_item_1(v19_from);
        let v27_item_0: f32 = t3.x;
        let v28_item_1: f32 = t3.y;
        let v29_v_0: f32 = v27_item_0;
        let v30_v_1: f32 = v28_item_1;
        let v31_sum: f32 = fma(v24_re, v17_cos, fma(-v25_im, v18_sin, v29_v_0));
        v25_im = fma(v24_re, v18_sin, fma(v25_im, v17_cos, v30_v_1));
        v24_re = v31_sum;
    }
    return vec2<f32>((v24_re * v7_p__scale), (v25_im * v7_p__scale));
}

fn ml_value(i: u32) -> vec2<f32> {
    let p = ml_params.slots[0].y + i;
    ml_place = p;
    return k_pass_2a4fe9cb(p, ml_params.slots[4].x, ml_params.slots[5].x, ml_params.slots[6].x, ml_params.slots[7].x, ml_params.slots[8].x, bitcast<f32>(ml_params.slots[9].x), bitcast<f32>(ml_params.slots[10].x));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
