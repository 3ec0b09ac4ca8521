struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<i32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<i32>;
fn ml_load_0(i: u32) -> i32 { return ml_a0[i]; }
@group(0) @binding(2) var<storage, read> ml_a1: array<i32>;
fn ml_load_1(i: u32) -> i32 { return ml_a1[i]; }
fn k_early_0826e9b3(v0_x: i32, v1_y: i32) -> i32 {
    var v2_given: i32;
    if ((v0_x < (-5i))) {
        v2_given = (-1i);
        return v2_given;
    }
    var v3_sum: i32 = v0_x;
    let end1: i32 = 8i;
    for (var v4_k: i32 = 0i; v4_k < end1; v4_k++) {
        if ((v3_sum > 30i)) {
            v2_given = (v3_sum * 2i);
            return v2_given;
        }
        if ((v1_y == v4_k)) {
            continue;
        }
        v3_sum = (v3_sum + (v4_k + (v1_y & 1i)));
    }
    if (((v3_sum & 1i) == 0i)) {
        v2_given = v3_sum;
        return v2_given;
    }
    v2_given = (v3_sum * 3i);
    return v2_given;
}

fn ml_value(i: u32) -> i32 {
    let p = ml_params.slots[0].y + i;
    return k_early_0826e9b3(ml_load_0(i), ml_load_1(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
