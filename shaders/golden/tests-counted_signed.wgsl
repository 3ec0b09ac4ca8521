struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<i32>;
@group(0) @binding(3) var<storage, read_write> ml_r1: array<i32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<i32>;
fn ml_load_0(i: u32) -> i32 { return ml_a0[i]; }
struct k_counted_signed_bfe9fb6a_out {
    r0: i32,
    r1: i32,
}
fn k_counted_signed_bfe9fb6a(v0_x: i32) -> k_counted_signed_bfe9fb6a_out {
    var v1_end: i32 = ml_rem_i32(v0_x, 20i);
    var v2_last: i32 = (-1i);
    var v3_turns: i32 = 0i;
    let end0: i32 = v1_end;
    for (var v4_k: i32 = (-5i); v4_k < end0; v4_k++) {
        v1_end = 0i;
        v2_last = (v4_k + v1_end);
        v3_turns = (v3_turns + 1i);
    }
    return k_counted_signed_bfe9fb6a_out(v2_last, v3_turns);
}

fn ml_value(i: u32) -> k_counted_signed_bfe9fb6a_out {
    let p = ml_params.slots[0].y + i;
    return k_counted_signed_bfe9fb6a(ml_load_0(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0.r0;
    ml_r1[first + 0u] = v0.r1;
}
