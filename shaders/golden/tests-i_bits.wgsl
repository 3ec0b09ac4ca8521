struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<i32>;
@group(0) @binding(4) var<storage, read_write> ml_r1: array<i32>;
@group(0) @binding(5) var<storage, read_write> ml_r2: array<i32>;
@group(0) @binding(6) var<storage, read_write> ml_r3: array<i32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<i32>;
fn ml_load_0(i: u32) -> i32 { return ml_a0[i]; }
@group(0) @binding(2) var<storage, read> ml_a1: array<i32>;
fn ml_load_1(i: u32) -> i32 { return ml_a1[i]; }
struct k_i_bits_83afb322_out {
    r0: i32,
    r1: i32,
    r2: i32,
    r3: i32,
}
fn k_i_bits_83afb322(v0_a: i32, v1_b: i32) -> k_i_bits_83afb322_out {
    return k_i_bits_83afb322_out((v0_a & v1_b), (v0_a | v1_b), (v0_a ^ v1_b), (~v0_a));
}

fn ml_value(i: u32) -> k_i_bits_83afb322_out {
    let p = ml_params.slots[0].y + i;
    return k_i_bits_83afb322(ml_load_0(i), ml_load_1(i));
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
