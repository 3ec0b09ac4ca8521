struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<i32>;
@group(0) @binding(3) var<storage, read_write> ml_r1: array<i32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<i32>;
fn ml_load_0(i: u32) -> i32 { return ml_a0[i]; }
struct k_scopes_f6bfed97_out {
    r0: i32,
    r1: i32,
}
fn k_scopes_f6bfed97(v0_x: i32) -> k_scopes_f6bfed97_out {
    var v1_late: i32;
    if ((v0_x > 10i)) {
        v1_late = v0_x;
    } else {
        v1_late = (-v0_x);
    }
    let v2_x: i32 = (v0_x + 1i);
    let v3_x: i32 = (v2_x * 2i);
    let v4_y: i32 = (v3_x + v1_late);
    var v5_pair_0: i32 = v2_x;
    var v6_pair_1: i32 = v4_y;
    if ((v4_y > 0i)) {
        let v7_x: i32 = 100i;
        let v8_t: i32 = v6_pair_1;
        let v9_t: i32 = v7_x;
        v5_pair_0 = v8_t;
        v6_pair_1 = v9_t;
    }
    return k_scopes_f6bfed97_out((v5_pair_0 - v2_x), v6_pair_1);
}

fn ml_value(i: u32) -> k_scopes_f6bfed97_out {
    let p = ml_params.slots[0].y + i;
    return k_scopes_f6bfed97(ml_load_0(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0.r0;
    ml_r1[first + 0u] = v0.r1;
}
