struct MlParams { slots: array<vec4<u32>, 3> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<f32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<f32>;
fn ml_load_0(i: u32) -> vec3<f32> { return vec3<f32>(ml_a0[i * 3u + 0u], ml_a0[i * 3u + 1u], ml_a0[i * 3u + 2u]); }
@group(0) @binding(2) var<storage, read> ml_a1: array<f32>;
fn ml_load_1(i: u32) -> vec3<f32> { return vec3<f32>(ml_a1[i * 3u + 0u], ml_a1[i * 3u + 1u], ml_a1[i * 3u + 2u]); }
fn k_brighter_b8676c81(p0: vec3<f32>, p1: vec3<f32>, p2: vec3<f32>) -> vec3<f32> {
    let v0_a_0: f32 = p0.x;
    let v1_a_1: f32 = p0.y;
    let v2_a_2: f32 = p0.z;
    let v3_b_0: f32 = p1.x;
    let v4_b_1: f32 = p1.y;
    let v5_b_2: f32 = p1.z;
    let v6_bias_0: f32 = p2.x;
    let v7_bias_1: f32 = p2.y;
    let v8_bias_2: f32 = p2.z;
    var v9_out_0: f32 = v0_a_0;
    var v10_out_1: f32 = v1_a_1;
    var v11_out_2: f32 = v2_a_2;
    if ((((v3_b_0 + v4_b_1) + v5_b_2) > ((v0_a_0 + v1_a_1) + v2_a_2))) {
        let v12_t: f32 = v3_b_0;
        let v13_t: f32 = v4_b_1;
        let v14_t: f32 = v5_b_2;
        v9_out_0 = v12_t;
        v10_out_1 = v13_t;
        v11_out_2 = v14_t;
    }
    v10_out_1 = (v10_out_1 + v8_bias_2);
    return vec3<f32>(v9_out_0, v10_out_1, v11_out_2);
}

fn ml_value(i: u32) -> vec3<f32> {
    let p = ml_params.slots[0].y + i;
    return k_brighter_b8676c81(ml_load_0(i), ml_load_1(i), vec3<f32>(bitcast<f32>(ml_params.slots[2].x), bitcast<f32>(ml_params.slots[2].y), bitcast<f32>(ml_params.slots[2].z)));
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
