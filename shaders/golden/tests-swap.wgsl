struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(1) var<storage, read_write> ml_a0: array<i32>;
fn ml_load_0(i: u32) -> i32 { return ml_a0[i]; }
@group(0) @binding(2) var<storage, read_write> ml_a1: array<i32>;
fn ml_load_1(i: u32) -> i32 { return ml_a1[i]; }
struct k_swap_235ba8e4_out {
    r0: i32,
    r1: i32,
}
fn k_swap_235ba8e4(p0: i32, p1: i32) -> k_swap_235ba8e4_out {
    var v0_a: i32 = p0;
    var v1_b: i32 = p1;
    let v2_t: i32 = v0_a;
    v0_a = v1_b;
    v1_b = v2_t;
    return k_swap_235ba8e4_out(v0_a, v1_b);
}

fn ml_value(i: u32) -> k_swap_235ba8e4_out {
    let p = ml_params.slots[0].y + i;
    return k_swap_235ba8e4(ml_load_0(i), ml_load_1(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_a0[first + 0u] = v0.r0;
    ml_a1[first + 0u] = v0.r1;
}
