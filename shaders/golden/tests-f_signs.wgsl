struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<f32>;
@group(0) @binding(4) var<storage, read_write> ml_r1: array<f32>;
@group(0) @binding(5) var<storage, read_write> ml_r2: array<f32>;
@group(0) @binding(6) var<storage, read_write> ml_r3: array<f32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<f32>;
fn ml_load_0(i: u32) -> f32 { return ml_a0[i]; }
@group(0) @binding(2) var<storage, read> ml_a1: array<f32>;
fn ml_load_1(i: u32) -> f32 { return ml_a1[i]; }
struct k_f_signs_12e353be_out {
    r0: f32,
    r1: f32,
    r2: f32,
    r3: f32,
}
fn k_f_signs_12e353be(v0_x: f32, v1_y: f32) -> k_f_signs_12e353be_out {
    let v2_t: f32 = v0_x;
    return k_f_signs_12e353be_out(abs(v0_x), (-v0_x), bitcast<f32>((bitcast<u32>(v0_x) & 0x7fffffffu) | (bitcast<u32>(v1_y) & 0x80000000u)), select(bitcast<f32>((bitcast<u32>(1.0f) & 0x7fffffffu) | (bitcast<u32>(v2_t) & 0x80000000u)), v2_t, ml_is_nan(v2_t)));
}

fn ml_value(i: u32) -> k_f_signs_12e353be_out {
    let p = ml_params.slots[0].y + i;
    return k_f_signs_12e353be(ml_load_0(i), ml_load_1(i));
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
