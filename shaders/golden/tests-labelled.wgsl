struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<i32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<i32>;
fn ml_load_0(i: u32) -> i32 { return ml_a0[i]; }
@group(0) @binding(2) var<storage, read> ml_a1: array<i32>;
fn ml_load_1(i: u32) -> i32 { return ml_a1[i]; }
fn k_labelled_383a1177(v0_x: i32, v1_y: i32) -> i32 {
    var leave: u32 = 0u;
    var v2_sum: i32 = 0i;
    var v3_seen: i32 = 0i;
    let end0: i32 = 9i;
    for (var v4_i: i32 = 0i; v4_i < end0; v4_i++) {
        let end1: i32 = 7i;
        for (var v5_j: i32 = 0i; v5_j < end1; v5_j++) {
            if ((v5_j == (v0_x & 7i))) {
                leave = 2u;
                break;
            }
            if (((v4_i * v5_j) > v1_y)) {
                leave = 1u;
                break;
            }
            if ((((v4_i ^ v5_j) & 3i) == 3i)) {
                continue;
            }
            v2_sum = (v2_sum + ((v4_i * 10i) + v5_j));
        }
        if (leave == 1u) { leave = 0u; break; }
        if (leave == 2u) { leave = 0u; continue; }
        v3_seen = (v3_seen + 1i);
    }
    return ((v2_sum * 100i) + v3_seen);
}

fn ml_value(i: u32) -> i32 {
    let p = ml_params.slots[0].y + i;
    return k_labelled_383a1177(ml_load_0(i), ml_load_1(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
