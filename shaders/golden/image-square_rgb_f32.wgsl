struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<f32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<f32>;
fn ml_load_0(i: u32) -> vec3<f32> { return vec3<f32>(ml_a0[i * 3u + 0u], ml_a0[i * 3u + 1u], ml_a0[i * 3u + 2u]); }
@group(0) @binding(2) var<storage, read> ml_a1: array<f32>;
fn ml_load_1(i: u32) -> vec3<f32> { return vec3<f32>(ml_a1[i * 3u + 0u], ml_a1[i * 3u + 1u], ml_a1[i * 3u + 2u]); }
fn k_square_f32_0ceb4a28(v0_a: f32, v1_b: f32) -> f32 {
    return ((v0_a - v1_b) * (v0_a - v1_b));
}

fn k_square_rgb_f32_87d20914(p0: vec3<f32>, p1: vec3<f32>) -> f32 {
    let v0_a_0: f32 = p0.x;
    let v1_a_1: f32 = p0.y;
    let v2_a_2: f32 = p0.z;
    let v3_b_0: f32 = p1.x;
    let v4_b_1: f32 = p1.y;
    let v5_b_2: f32 = p1.z;
    return ((k_square_f32_0ceb4a28(v0_a_0, v3_b_0) + k_square_f32_0ceb4a28(v1_a_1, v4_b_1)) + k_square_f32_0ceb4a28(v2_a_2, v5_b_2));
}

fn ml_value(i: u32) -> f32 {
    let p = ml_params.slots[0].y + i;
    return k_square_rgb_f32_87d20914(ml_load_0(i), ml_load_1(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
