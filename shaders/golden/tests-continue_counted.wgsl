struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<i32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<i32>;
fn ml_load_0(i: u32) -> i32 { return ml_a0[i]; }
@group(0) @binding(2) var<storage, read> ml_a1: array<i32>;
fn ml_load_1(i: u32) -> i32 { return ml_a1[i]; }
fn k_continue_counted_486645d5(v0_x: i32, v1_y: i32) -> i32 {
    var v2_before: i32 = 0i;
    var v3_after: i32 = 0i;
    let end0: i32 = 12i;
    for (var v4_k: i32 = 0i; v4_k < end0; v4_k++) {
        v2_before = (v2_before + v4_k);
        if ((((v0_x + v4_k) & 3i) == 0i)) {
            continue;
        }
        v3_after = (v3_after + (v4_k * v1_y));
    }
    return ((v2_before * 1000i) + v3_after);
}

fn ml_value(i: u32) -> i32 {
    let p = ml_params.slots[0].y + i;
    return k_continue_counted_486645d5(ml_load_0(i), ml_load_1(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
