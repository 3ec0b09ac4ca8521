struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<f32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<f32>;
fn ml_load_0(i: u32) -> f32 { return ml_a0[i]; }
fn k_cnd_42d4f16b(v0_d: f32) -> f32 {
    let v1_l: f32 = abs(v0_d);
    let v2_k: f32 = (1.0f / fma(0.2316419f, v1_l, 1.0f));
    let v3_p: f32 = (fma(fma(fma(fma(1.3302745f, v2_k, -1.8212559f), v2_k, 1.7814779f), v2_k, -0.35656378f), v2_k, 0.31938154f) * v2_k);
    let v4_w: f32 = ((0.3989423f * ml_exp(((v1_l * v1_l) * (-0.5f)))) * v3_p);
    return select((1.0f - v4_w), v4_w, (v0_d < 0.0f));
}

fn ml_value(i: u32) -> f32 {
    let p = ml_params.slots[0].y + i;
    return k_cnd_42d4f16b(ml_load_0(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
