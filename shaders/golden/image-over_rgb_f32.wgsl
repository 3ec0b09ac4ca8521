struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<f32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<vec4<f32>>;
fn ml_load_0(i: u32) -> vec4<f32> { return ml_a0[i]; }
@group(0) @binding(2) var<storage, read> ml_a1: array<f32>;
fn ml_load_1(i: u32) -> vec3<f32> { return vec3<f32>(ml_a1[i * 3u + 0u], ml_a1[i * 3u + 1u], ml_a1[i * 3u + 2u]); }
fn k_over_rgb_f32_452ebf11(p0: vec4<f32>, p1: vec3<f32>) -> vec3<f32> {
    let v0_top_0: f32 = p0.x;
    let v1_top_1: f32 = p0.y;
    let v2_top_2: f32 = p0.z;
    let v3_top_3: f32 = p0.w;
    let v4_below_0: f32 = p1.x;
    let v5_below_1: f32 = p1.y;
    let v6_below_2: f32 = p1.z;
    let v7_a: f32 = v3_top_3;
    let v8_b: f32 = (1.0f - v3_top_3);
    return vec3<f32>(fma(v7_a, v0_top_0, (v8_b * v4_below_0)), fma(v7_a, v1_top_1, (v8_b * v5_below_1)), fma(v7_a, v2_top_2, (v8_b * v6_below_2)));
}

fn ml_value(i: u32) -> vec3<f32> {
    let p = ml_params.slots[0].y + i;
    return k_over_rgb_f32_452ebf11(ml_load_0(i), ml_load_1(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[(first + 0u) * 3u + 0u] = v0.x;
    ml_r0[(first + 0u) * 3u + 1u] = v0.y;
    ml_r0[(first + 0u) * 3u + 2u] = v0.z;
}
