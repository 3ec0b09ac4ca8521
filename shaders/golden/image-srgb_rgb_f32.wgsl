struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<f32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<f32>;
fn ml_load_0(i: u32) -> vec3<f32> { return vec3<f32>(ml_a0[i * 3u + 0u], ml_a0[i * 3u + 1u], ml_a0[i * 3u + 2u]); }
fn k_times_power_f7643daf(v0_y: f32, v1_n: f32) -> f32 {
    let v2_whole: i32 = (i32(bitcast<u32>(ml_keep(v1_n + 12582912.0f))) - 1262485504i);
    let v3_half: i32 = ml_shr_i32(v2_whole, u32(1i));
    let v4_first: f32 = ml_keep(bitcast<f32>(u32(ml_shl_i32((v3_half + 127i), u32(23i)))));
    let v5_second: f32 = ml_keep(bitcast<f32>(u32(ml_shl_i32(((v2_whole - v3_half) + 127i), u32(23i)))));
    let v6_product: f32 = ml_keep(v0_y * v4_first);
    return ml_keep(v6_product * v5_second);
}

fn k_powf_5a44e702(v0_x: f32, v1_y: f32) -> f32 {
    var b_7f800000: u32 = 0x7f800000u;
    var b_7fc00000: u32 = 0x7fc00000u;
    let v2_size: f32 = abs(v0_x);
    var v3_normal: f32 = v2_size;
    var v4_down: f32 = ml_keep(0.0f);
    if ((bitcast<u32>(v2_size) < 8388608u)) {
        v3_normal = ml_keep(v2_size * 16777216.0f);
        v4_down = 24.0f;
    }
    let v5_power: i32 = ml_shr_i32((i32(bitcast<u32>(v3_normal)) - 1060439283i), u32(23i));
    let v6_n: f32 = ml_keep(ml_keep(f32(v5_power)) - v4_down);
    let v7_m: f32 = ml_keep(bitcast<f32>((bitcast<u32>(v3_normal) - u32(ml_shl_i32(v5_power, u32(23i))))));
    let v8_f: f32 = ml_keep(v7_m - 1.0f);
    let v9_d: f32 = ml_keep(v7_m + 1.0f);
    let v10_d_top: f32 = ml_keep(bitcast<f32>((bitcast<u32>(v9_d) & 4294963200u)));
    let v11_d_rest: f32 = ml_keep(v7_m - ml_keep(v10_d_top - 1.0f));
    let v12_inverse: f32 = ml_keep(1.0f / v9_d);
    let v13_s: f32 = ml_keep(v8_f * v12_inverse);
    let v14_s_top: f32 = ml_keep(bitcast<f32>((bitcast<u32>(v13_s) & 4294963200u)));
    let v15_s_rest: f32 = ml_keep(ml_keep(ml_keep(v8_f - ml_keep(v14_s_top * v10_d_top)) - ml_keep(v14_s_top * v11_d_rest)) * v12_inverse);
    let v16_square: f32 = ml_keep(v14_s_top * v14_s_top);
    let v17_square_rest: f32 = ml_keep(v15_s_rest * ml_keep(ml_keep(2.0f * v14_s_top) + v15_s_rest));
    let v18_t: f32 = ml_keep(v16_square + v17_square_rest);
    let v19_p: f32 = ml_keep(v18_t * ml_keep(0.19999999f + ml_keep(v18_t * ml_keep(0.14285979f + ml_keep(v18_t * ml_keep(0.11090531f + ml_keep(v18_t * 0.097638875f)))))));
    let v20_v: f32 = ml_keep(0.33333334f + v19_p);
    let v21_v_top: f32 = ml_keep(bitcast<f32>((bitcast<u32>(v20_v) & 4294963200u)));
    let v22_v_rest: f32 = ml_keep(ml_keep(ml_keep(0.33333334f - v21_v_top) + v19_p) - 9.934108e-9f);
    let v23_t_top: f32 = ml_keep(bitcast<f32>((bitcast<u32>(v18_t) & 4294963200u)));
    let v24_t_rest: f32 = ml_keep(ml_keep(v16_square - v23_t_top) + v17_square_rest);
    let v25_w_main: f32 = ml_keep(v23_t_top * v21_v_top);
    let v26_w_more: f32 = ml_keep(ml_keep(v23_t_top * v22_v_rest) + ml_keep(v24_t_rest * v20_v));
    let v27_w: f32 = ml_keep(v25_w_main + v26_w_more);
    let v28_w_top: f32 = ml_keep(bitcast<f32>((bitcast<u32>(v27_w) & 4294963200u)));
    let v29_w_rest: f32 = ml_keep(ml_keep(v25_w_main - v28_w_top) + v26_w_more);
    let v30_more: f32 = ml_keep(v14_s_top * v28_w_top);
    let v31_sum: f32 = ml_keep(v14_s_top + v30_more);
    let v32_sum_rest: f32 = ml_keep(ml_keep(v30_more - ml_keep(v31_sum - v14_s_top)) + ml_keep(v15_s_rest + ml_keep(ml_keep(v14_s_top * v29_w_rest) + ml_keep(v15_s_rest * v27_w))));
    let v33_sum_top: f32 = ml_keep(bitcast<f32>((bitcast<u32>(v31_sum) & 4294963200u)));
    let v34_sum_rest: f32 = ml_keep(ml_keep(v31_sum - v33_sum_top) + v32_sum_rest);
    let v35_main: f32 = ml_keep(v33_sum_top * 2.8857422f);
    let v36_log: f32 = ml_keep(v6_n + v35_main);
    let v37_log_rest: f32 = ml_keep(ml_keep(v35_main - ml_keep(v36_log - v6_n)) + ml_keep(ml_keep(v33_sum_top * (-0.0003521057f)) + ml_keep(v34_sum_rest * 2.88539f)));
    let v38_times: f32 = ml_clamp(v1_y, (-8589935000.0f), 8589935000.0f);
    let v39_times_top: f32 = ml_keep(bitcast<f32>((bitcast<u32>(v38_times) & 4294963200u)));
    let v40_whole: f32 = ml_keep(v36_log + v37_log_rest);
    let v41_log_top: f32 = ml_keep(bitcast<f32>((bitcast<u32>(v40_whole) & 4294963200u)));
    let v42_log_rest: f32 = ml_keep(ml_keep(v36_log - v41_log_top) + v37_log_rest);
    let v43_main: f32 = ml_keep(v39_times_top * v41_log_top);
    let v44_rest: f32 = ml_keep(ml_keep(v39_times_top * v42_log_rest) + ml_keep(ml_keep(v38_times - v39_times_top) * v40_whole));
    let v45_exponent: f32 = ml_clamp(ml_keep(v43_main + v44_rest), (-200.0f), 200.0f);
    let v46_k: f32 = ml_keep(ml_keep(v45_exponent + 12582912.0f) - 12582912.0f);
    let v47_inside: bool = (abs(v45_exponent) < 200.0f);
    let v48_g: f32 = select(ml_keep(0.0f), ml_keep(ml_keep(v43_main - v46_k) + v44_rest), v47_inside);
    let v49_p: f32 = ml_keep(0.009618829f + ml_keep(v48_g * ml_keep(0.001339148f + ml_keep(v48_g * 0.00015243448f))));
    let v50_p: f32 = ml_keep(0.6931472f + ml_keep(v48_g * ml_keep(0.24022645f + ml_keep(v48_g * ml_keep(0.055503584f + ml_keep(v48_g * v49_p))))));
    var v51_result: f32 = k_times_power_f7643daf(ml_keep(1.0f + ml_keep(v48_g * v50_p)), v46_k);
    let v52_x_bits: u32 = bitcast<u32>(v2_size);
    let v53_y_bits: u32 = (bitcast<u32>(v1_y) & 2147483647u);
    let v54_negative: bool = (ml_shr_u32(bitcast<u32>(v0_x), u32(31i)) != 0u);
    if ((((v54_negative || (v52_x_bits == 0u)) || (v52_x_bits >= 2139095040u)) || (v53_y_bits >= 2139095040u))) {
        let v55_whole: bool = ((abs(v1_y) >= 8388608.0f) || (trunc(v1_y) == v1_y));
        let v56_odd: bool = ((v55_whole && (abs(v1_y) < 16777216.0f)) && ((ml_f32_to_u32(abs(v1_y)) & 1u) == 1u));
        let v57_up: bool = (ml_shr_u32(bitcast<u32>(v1_y), u32(31i)) == 0u);
        if (((v52_x_bits == 0u) || (v52_x_bits == 2139095040u))) {
            v51_result = select(ml_keep(bitcast<f32>(b_7f800000)), ml_keep(0.0f), ((v52_x_bits == 0u) == v57_up));
        } else {
            if ((v54_negative && (!v55_whole))) {
                v51_result = ml_keep(bitcast<f32>(b_7fc00000));
            }
        }
        if ((v54_negative && v56_odd)) {
            v51_result = (-v51_result);
        }
        if (((v52_x_bits > 2139095040u) || (v53_y_bits > 2139095040u))) {
            v51_result = ml_keep(bitcast<f32>(b_7fc00000));
        }
    }
    return select(v51_result, 1.0f, ((v53_y_bits == 0u) || (bitcast<u32>(v0_x) == 1065353216u)));
}

fn k_srgb_f32_9234854a(v0_x: f32) -> f32 {
    return select(ml_keep(ml_keep(1.055f * k_powf_5a44e702(v0_x, 0.41666666f)) - 0.055f), ml_keep(12.92f * v0_x), (v0_x <= 0.0031308f));
}

fn k_srgb_rgb_f32_163b0205(p0: vec3<f32>) -> vec3<f32> {
    let v0_px_0: f32 = p0.x;
    let v1_px_1: f32 = p0.y;
    let v2_px_2: f32 = p0.z;
    return vec3<f32>(k_srgb_f32_9234854a(v0_px_0), k_srgb_f32_9234854a(v1_px_1), k_srgb_f32_9234854a(v2_px_2));
}

fn ml_value(i: u32) -> vec3<f32> {
    let p = ml_params.slots[0].y + i;
    return k_srgb_rgb_f32_163b0205(ml_load_0(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ml_zero = ml_params.slots[1].z;
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[(first + 0u) * 3u + 0u] = v0.x;
    ml_r0[(first + 0u) * 3u + 1u] = v0.y;
    ml_r0[(first + 0u) * 3u + 2u] = v0.z;
}
