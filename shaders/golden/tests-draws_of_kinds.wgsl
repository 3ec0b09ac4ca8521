struct MlParams { slots: array<vec4<u32>, 3> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<f32>;
@group(0) @binding(3) var<storage, read_write> ml_r1: array<u32>;
@group(0) @binding(4) var<storage, read_write> ml_r2: array<i32>;
@group(0) @binding(5) var<storage, read_write> ml_status: array<atomic<u32>>;
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
@group(0) @binding(1) var<storage, read> ml_a0: array<u32>;
fn ml_load_0(i: u32) -> u32 { return ml_a0[i]; }
var<private> ml_block_1: vec4<u32>;
var<private> ml_block_of_1: vec2<u32> = vec2<u32>(0u, 0xffffffffu);
fn ml_draw_1(drawn: u32) -> u32 {
    let wanted = vec2<u32>(ml_place, drawn >> 2u);
    if (any(wanted != ml_block_of_1)) {
        ml_block_1 = ml_philox(wanted.x, wanted.y, ml_params.slots[2].xy);
        ml_block_of_1 = wanted;
    }
    return ml_word(ml_block_1, drawn);
}
fn k_normal_of_06d81852(v0_word: u32) -> f32 {
    let v1_signed: i32 = i32(v0_word);
    let v2_place: i32 = (v1_signed ^ ml_shr_i32(v1_signed, u32(31i)));
    let v3_y: f32 = ml_keep(ml_keep(ml_keep(f32(v2_place)) + 0.5f) * 4.656613e-10f);
    let v4_lack: f32 = ml_keep(ml_keep(ml_keep(f32((v2_place ^ 2147483647i))) + 0.5f) * 4.656613e-10f);
    let v5_w: f32 = (-ml_ln(ml_keep(v4_lack * ml_keep(1.0f + v3_y))));
    let v6_c: f32 = ml_keep(v5_w - 2.5f);
    let v7_p: f32 = ml_keep((-4.858837e-6f) + ml_keep(v6_c * ml_keep(6.664007e-7f + ml_keep(v6_c * ml_keep(2.9913036e-8f + ml_keep(v6_c * (-1.2977231e-8f)))))));
    let v8_p: f32 = ml_keep((-0.0017716043f) + ml_keep(v6_c * ml_keep(0.00030862822f + ml_keep(v6_c * ml_keep((-7.0489114e-6f) + ml_keep(v6_c * v7_p))))));
    let v9_p: f32 = ml_keep(2.1233134f + ml_keep(v6_c * ml_keep(0.34880203f + ml_keep(v6_c * ml_keep((-0.0059075016f) + ml_keep(v6_c * v8_p))))));
    var v10_x: f32 = ml_keep(v3_y * v9_p);
    if ((v5_w > 5.0f)) {
        let v11_half: f32 = ml_keep(v5_w * 0.5f);
        let v12_r: f32 = ml_keep(bitcast<f32>((1597463007u - ml_shr_u32(bitcast<u32>(v5_w), u32(1i)))));
        let v13_r: f32 = ml_keep(v12_r * ml_keep(1.5f - ml_keep(ml_keep(v11_half * v12_r) * v12_r)));
        let v14_r: f32 = ml_keep(v13_r * ml_keep(1.5f - ml_keep(ml_keep(v11_half * v13_r) * v13_r)));
        let v15_r: f32 = ml_keep(v14_r * ml_keep(1.5f - ml_keep(ml_keep(v11_half * v14_r) * v14_r)));
        let v16_c: f32 = ml_keep(ml_keep(v5_w * v15_r) - 3.5f);
        let v17_p: f32 = ml_keep((-0.0002537521f) + ml_keep(v16_c * ml_keep(6.4172134e-5f + ml_keep(v16_c * ml_keep(1.0108884e-5f + ml_keep(v16_c * (-1.3742603e-5f)))))));
        let v18_p: f32 = ml_keep(0.0043952996f + ml_keep(v16_c * ml_keep((-0.0024293282f) + ml_keep(v16_c * ml_keep(0.0008492157f + ml_keep(v16_c * v17_p))))));
        v10_x = ml_keep(4.7170777f + ml_keep(v16_c * ml_keep(1.4247102f + ml_keep(v16_c * v18_p))));
    }
    return ml_keep(bitcast<f32>((bitcast<u32>(v10_x) | (v0_word & 2147483648u))));
}

fn k_below_of_e2cd8a3e(v0_upper: u32, v1_lower: u32, v2_n: u32) -> u32 {
    let v3_low: u32 = (v0_upper * v2_n);
    let v4_sum: u32 = (v3_low + ml_mul_hi_u32(v1_lower, v2_n));
    return (ml_mul_hi_u32(v0_upper, v2_n) + u32((v4_sum < v3_low)));
}

fn k_range_of_351a3ad0(v0_upper: u32, v1_lower: u32, v2_low: i32, v3_high: i32) -> i32 {
    let v4_n: u32 = select(0u, u32((v3_high - v2_low)), (v2_low < v3_high));
    let v5_part: u32 = (v0_upper * v4_n);
    let v6_sum: u32 = (v5_part + ml_mul_hi_u32(v1_lower, v4_n));
    return (v2_low + i32((ml_mul_hi_u32(v0_upper, v4_n) + u32((v6_sum < v5_part)))));
}

struct k_draws_of_kinds_0f3d9652_out {
    r0: f32,
    r1: u32,
    r2: i32,
}
fn k_draws_of_kinds_0f3d9652(v0_x: u32) -> k_draws_of_kinds_0f3d9652_out {
    var v1_rng_drawn: u32 = 0u;
    let v2_t: u32 = ml_draw_1(v1_rng_drawn);
    v1_rng_drawn = (v1_rng_drawn + 1u);
    var v3_y: f32 = k_normal_of_06d81852(v2_t);
    let v4_t: u32 = ml_draw_1(v1_rng_drawn);
    v1_rng_drawn = (v1_rng_drawn + 1u);
    let v5_t: u32 = ml_draw_1(v1_rng_drawn);
    v1_rng_drawn = (v1_rng_drawn + 1u);
    let v6_below: u32 = k_below_of_e2cd8a3e(v4_t, v5_t, v0_x);
    if ((v6_below > 3u)) {
        let v7_t: u32 = ml_draw_1(v1_rng_drawn);
        v1_rng_drawn = (v1_rng_drawn + 1u);
        v3_y = fma(0.5f, k_normal_of_06d81852(v7_t), v3_y);
    }
    let v8_t: u32 = ml_draw_1(v1_rng_drawn);
    v1_rng_drawn = (v1_rng_drawn + 1u);
    let v9_t: u32 = ml_draw_1(v1_rng_drawn);
    v1_rng_drawn = (v1_rng_drawn + 1u);
    return k_draws_of_kinds_0f3d9652_out(v3_y, v6_below, k_range_of_351a3ad0(v8_t, v9_t, (-i32(v0_x)), 6i));
}

fn ml_value(i: u32) -> k_draws_of_kinds_0f3d9652_out {
    let p = ml_params.slots[0].y + i;
    ml_place = p;
    return k_draws_of_kinds_0f3d9652(ml_load_0(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ml_zero = ml_params.slots[1].z;
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0.r0;
    ml_r1[first + 0u] = v0.r1;
    ml_r2[first + 0u] = v0.r2;
}
