struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(5) var<storage, read_write> ml_r0: array<i32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<u32>;
fn ml_load_0(i: u32) -> u32 { return ((ml_a0[(i) >> 2u] >> (((i) & 3u) * 8u)) & 0xffu); }
@group(0) @binding(2) var<storage, read> ml_a1: array<u32>;
fn ml_load_1(i: u32) -> u32 { return ((ml_a1[(i) >> 2u] >> (((i) & 3u) * 8u)) & 0xffu); }
@group(0) @binding(3) var<storage, read> ml_a2: array<u32>;
fn ml_load_2(i: u32) -> u32 { return ((ml_a2[(i) >> 2u] >> (((i) & 3u) * 8u)) & 0xffu); }
@group(0) @binding(4) var<storage, read> ml_a3: array<u32>;
fn ml_load_3(i: u32) -> u32 { return ((ml_a3[(i) >> 2u] >> (((i) & 3u) * 8u)) & 0xffu); }
fn k_four_1e4966f7(v0_a: u32, v1_b: u32, v2_c: u32, v3_d: u32) -> i32 {
    return ((i32(v0_a) + (3i * (i32(v1_b) + i32(v2_c)))) + i32(v3_d));
}

fn ml_value(i: u32) -> i32 {
    let p = ml_params.slots[0].y + i;
    return k_four_1e4966f7(ml_load_0(i), ml_load_1(i), ml_load_2(i), ml_load_3(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
