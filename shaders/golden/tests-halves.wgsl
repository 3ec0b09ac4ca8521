struct MlParams { slots: array<vec4<u32>, 3> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(4) var<storage, read_write> ml_r1: array<i32>;
@group(0) @binding(5) var<storage, read_write> ml_r2: array<u32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<u32>;
fn ml_load_0(i: u32) -> u32 { return ml_a0[i]; }
@group(0) @binding(2) var<storage, read> ml_a1: array<u32>;
fn ml_load_1(i: u32) -> u32 { return ml_a1[i]; }
struct k_halves_8a4f0d60_out {
    r0: u32,
    r1: i32,
    r2: u32,
}
fn k_halves_8a4f0d60(v0_a: u32, v1_b: u32, v2_n: u32) -> k_halves_8a4f0d60_out {
    return k_halves_8a4f0d60_out(ml_mul_hi_u32(v0_a, v1_b), ml_mul_hi_i32(i32(v0_a), i32(v1_b)), (ml_mul_hi_u32(v2_n, (v2_n ^ 3u)) ^ ml_mul_hi_u32(v0_a, v2_n)));
}

fn ml_value(i: u32) -> k_halves_8a4f0d60_out {
    let p = ml_params.slots[0].y + i;
    return k_halves_8a4f0d60(ml_load_0(i), ml_load_1(i), ml_params.slots[2].x);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0.r0;
    ml_r1[first + 0u] = v0.r1;
    ml_r2[first + 0u] = v0.r2;
}
