struct MlParams { slots: array<vec4<u32>, 5> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<i32>;
@group(0) @binding(3) var<storage, read_write> ml_r1: array<i32>;
@group(0) @binding(4) var<storage, read_write> ml_r2: array<i32>;
@group(0) @binding(5) var<storage, read_write> ml_r3: array<u32>;
@group(0) @binding(1) var<storage, read> ml_a3: array<i32>;
fn ml_load_3(i: u32) -> i32 { return ml_a3[i]; }
struct k_i_uniform_8890cde1_out {
    r0: i32,
    r1: i32,
    r2: i32,
    r3: u32,
}
fn k_i_uniform_8890cde1(v0_a: i32, v1_b: i32, v2_n: u32, v3_x: i32) -> k_i_uniform_8890cde1_out {
    return k_i_uniform_8890cde1_out((ml_div_i32(v0_a, v1_b) + v3_x), (ml_rem_i32(v0_a, v1_b) ^ v3_x), ((ml_shl_i32(v0_a, v2_n) + ml_shr_i32(v1_b, v2_n)) + v3_x), (ml_div_u32(v2_n, u32(v1_b)) + u32(v3_x)));
}

fn ml_value(i: u32) -> k_i_uniform_8890cde1_out {
    let p = ml_params.slots[0].y + i;
    return k_i_uniform_8890cde1(bitcast<i32>(ml_params.slots[2].x), bitcast<i32>(ml_params.slots[3].x), ml_params.slots[4].x, ml_load_3(i));
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
