struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<f32>;
@group(0) @binding(3) var<storage, read_write> ml_r1: array<f32>;
@group(0) @binding(4) var<storage, read_write> ml_r2: array<f32>;
@group(0) @binding(5) var<storage, read_write> ml_r3: array<f32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<vec4<f32>>;
fn ml_load_0(i: u32) -> vec4<f32> { return ml_a0[i]; }
struct k_split_rgba_f32_c7836dd4_out {
    r0: f32,
    r1: f32,
    r2: f32,
    r3: f32,
}
fn k_split_rgba_f32_c7836dd4(p0: vec4<f32>) -> k_split_rgba_f32_c7836dd4_out {
    let v0_px_0: f32 = p0.x;
    let v1_px_1: f32 = p0.y;
    let v2_px_2: f32 = p0.z;
    let v3_px_3: f32 = p0.w;
    return k_split_rgba_f32_c7836dd4_out(v0_px_0, v1_px_1, v2_px_2, v3_px_3);
}

fn ml_value(i: u32) -> k_split_rgba_f32_c7836dd4_out {
    let p = ml_params.slots[0].y + i;
    return k_split_rgba_f32_c7836dd4(ml_load_0(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0.r0;
    ml_r1[first + 0u] = v0.r1;
    ml_r2[first + 0u] = v0.r2;
    ml_r3[first + 0u] = v0.r3;
}
