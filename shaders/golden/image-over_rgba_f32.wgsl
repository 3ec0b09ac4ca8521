struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> ml_a0: array<vec4<f32>>;
fn ml_load_0(i: u32) -> vec4<f32> { return ml_a0[i]; }
@group(0) @binding(2) var<storage, read> ml_a1: array<vec4<f32>>;
fn ml_load_1(i: u32) -> vec4<f32> { return ml_a1[i]; }
fn k_over_rgba_f32_abeb2125(p0: vec4<f32>, p1: vec4<f32>) -> vec4<f32> {
    let v0_top_0: f32 = p0.x;
    let v1_top_1: f32 = p0.y;
    let v2_top_2: f32 = p0.z;
    let v3_top_3: f32 = p0.w;
    let v4_below_0: f32 = p1.x;
    let v5_below_1: f32 = p1.y;
    let v6_below_2: f32 = p1.z;
    let v7_below_3: f32 = p1.w;
    let v8_w: f32 = v3_top_3;
    let v9_v: f32 = (v7_below_3 * (1.0f - v3_top_3));
    let v10_sum: f32 = (v8_w + v9_v);
    var v13_either_0: f32;
    var v14_either_1: f32;
    var v15_either_2: f32;
    var v16_either_3: f32;
    if ((v10_sum > 0.0f)) {
        let v11_a: f32 = (v8_w / v10_sum);
        let v12_b: f32 = (v9_v / v10_sum);
        v13_either_0 = fma(v11_a, v0_top_0, (v12_b * v4_below_0));
        v14_either_1 = fma(v11_a, v1_top_1, (v12_b * v5_below_1));
        v15_either_2 = fma(v11_a, v2_top_2, (v12_b * v6_below_2));
        v16_either_3 = v10_sum;
    } else {
        v13_either_0 = 0.0f;
        v14_either_1 = 0.0f;
        v15_either_2 = 0.0f;
        v16_either_3 = 0.0f;
    }
    return vec4<f32>(v13_either_0, v14_either_1, v15_either_2, v16_either_3);
}

fn ml_value(i: u32) -> vec4<f32> {
    let p = ml_params.slots[0].y + i;
    return k_over_rgba_f32_abeb2125(ml_load_0(i), ml_load_1(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
