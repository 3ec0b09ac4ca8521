struct MlParams { slots: array<vec4<u32>, 4> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<f32>;
@group(0) @binding(3) var<storage, read_write> ml_r1: array<f32>;
@group(0) @binding(4) var<storage, read_write> ml_r2: array<f32>;
@group(0) @binding(5) var<storage, read_write> ml_r3: array<u32>;
@group(0) @binding(1) var<storage, read> ml_a2: array<f32>;
fn ml_load_2(i: u32) -> f32 { return ml_a2[i]; }
struct k_f_uniform_14c08078_out {
    r0: f32,
    r1: f32,
    r2: f32,
    r3: u32,
}
fn k_f_uniform_14c08078(v0_a: f32, v1_b: f32, v2_x: f32) -> k_f_uniform_14c08078_out {
    let v3_root: f32 = ml_keep(ml_keep(sqrt(abs(v0_a)) + ml_min(v1_b, v0_a)) - ml_round(ml_keep(v1_b / v0_a)));
    var v4_turned: f32 = v0_a;
    if ((v0_a < v1_b)) {
        v4_turned = (-v1_b);
    }
    let v5_t: f32 = v2_x;
    return k_f_uniform_14c08078_out(ml_keep(v3_root + v2_x), ml_keep(v4_turned * v2_x), ml_keep(trunc(ml_max(v0_a, v1_b)) + select(bitcast<f32>((bitcast<u32>(1.0f) & 0x7fffffffu) | (bitcast<u32>(v5_t) & 0x80000000u)), v5_t, ml_is_nan(v5_t))), ((u32((v0_a < v1_b)) + ml_rem_u32(ml_f32_to_u32(v0_a), 7u)) + ml_rem_u32(u32((ml_f32_to_i32(v1_b) + 3i)), 5u)));
}

fn ml_value(i: u32) -> k_f_uniform_14c08078_out {
    let p = ml_params.slots[0].y + i;
    return k_f_uniform_14c08078(bitcast<f32>(ml_params.slots[2].x), bitcast<f32>(ml_params.slots[3].x), ml_load_2(i));
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
    ml_r3[first + 0u] = v0.r3;
}
