struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<i32>;
@group(0) @binding(4) var<storage, read_write> ml_r1: array<u32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<i32>;
fn ml_load_0(i: u32) -> i32 { return ml_a0[i]; }
@group(0) @binding(2) var<storage, read> ml_a1: array<i32>;
fn ml_load_1(i: u32) -> i32 { return ml_a1[i]; }
struct k_pair_5c53d196_out {
    r0: i32,
    r1: u32,
}
fn k_pair_5c53d196(v0_x: i32, v1_y: i32) -> k_pair_5c53d196_out {
    var v2_given_0: i32;
    var v3_given_1: u32;
    if ((v0_x == v1_y)) {
        v2_given_0 = 0i;
        v3_given_1 = 1u;
        return k_pair_5c53d196_out(v2_given_0, v3_given_1);
    }
    let end1: i32 = 6i;
    for (var v4_k: i32 = 1i; v4_k < end1; v4_k++) {
        if (((v0_x * v4_k) == v1_y)) {
            let v5_t: i32 = v4_k;
            v2_given_0 = v5_t;
            v3_given_1 = 2u;
            return k_pair_5c53d196_out(v2_given_0, v3_given_1);
        }
    }
    let v6_t: i32 = (v0_x - v1_y);
    v2_given_0 = v6_t;
    v3_given_1 = 3u;
    return k_pair_5c53d196_out(v2_given_0, v3_given_1);
}

fn ml_value(i: u32) -> k_pair_5c53d196_out {
    let p = ml_params.slots[0].y + i;
    return k_pair_5c53d196(ml_load_0(i), ml_load_1(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0.r0;
    ml_r1[first + 0u] = v0.r1;
}
