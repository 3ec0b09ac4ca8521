struct MlParams { slots: array<vec4<u32>, 4> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<i32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<i32>;
fn ml_load_0(i: u32) -> i32 { return ml_a0[i]; }
@group(0) @binding(2) var<storage, read> ml_a1: array<i32>;
fn ml_load_1(i: u32) -> i32 { return ml_a1[i]; }
fn k_clamp_add_6310f16e(v0_a: i32, v1_b: i32, v2_low: i32, v3_high: i32) -> i32 {
    return min(max((v0_a + v1_b), v2_low), v3_high);
}

fn ml_value(i: u32) -> i32 {
    let p = ml_params.slots[0].y + i;
    return k_clamp_add_6310f16e(ml_load_0(i), ml_load_1(i), bitcast<i32>(ml_params.slots[2].x), bitcast<i32>(ml_params.slots[3].x));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
