struct MlParams { slots: array<vec4<u32>, 4> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<f32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<f32>;
fn ml_load_0(i: u32) -> vec3<f32> { return vec3<f32>(ml_a0[i * 3u + 0u], ml_a0[i * 3u + 1u], ml_a0[i * 3u + 2u]); }
fn k_adjusted_f32_6b351bb5(v0_x: f32, v1_gain: f32, v2_shift: f32) -> f32 {
    return ml_clamp(ml_keep(ml_keep(v1_gain * v0_x) + v2_shift), ml_keep(0.0f), 1.0f);
}

fn k_adjusted_rgb_f32_20dc1dd0(p0: vec3<f32>, v3_gain: f32, v4_shift: f32) -> vec3<f32> {
    let v0_px_0: f32 = p0.x;
    let v1_px_1: f32 = p0.y;
    let v2_px_2: f32 = p0.z;
    return vec3<f32>(k_adjusted_f32_6b351bb5(v0_px_0, v3_gain, v4_shift), k_adjusted_f32_6b351bb5(v1_px_1, v3_gain, v4_shift), k_adjusted_f32_6b351bb5(v2_px_2, v3_gain, v4_shift));
}

fn ml_value(i: u32) -> vec3<f32> {
    let p = ml_params.slots[0].y + i;
    return k_adjusted_rgb_f32_20dc1dd0(ml_load_0(i), bitcast<f32>(ml_params.slots[2].x), bitcast<f32>(ml_params.slots[3].x));
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
