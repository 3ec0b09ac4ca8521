struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<i32>;
@group(0) @binding(4) var<storage, read_write> ml_r1: array<i32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<i32>;
fn ml_load_0(i: u32) -> i32 { return ml_a0[i]; }
@group(0) @binding(2) var<storage, read> ml_a1: array<i32>;
fn ml_load_1(i: u32) -> i32 { return ml_a1[i]; }
struct k_branch_value_ccb5b179_out {
    r0: i32,
    r1: i32,
}
fn k_branch_value_ccb5b179(v0_x: i32, v1_y: i32) -> k_branch_value_ccb5b179_out {
    var v4_either: i32;
    if ((v0_x < 0i)) {
        v4_either = (-v0_x);
    } else {
        var v3_either: i32;
        if ((v0_x == 0i)) {
            v3_either = 7i;
        } else {
            let v2_t: i32 = (v0_x * 3i);
            v3_either = (v2_t - v1_y);
        }
        v4_either = v3_either;
    }
    let v5_a: i32 = v4_either;
    let v6_t: bool = (ml_rem_i32(v5_a, 2i) == 0i);
    let v7_b: i32 = select(v1_y, ml_div_i32(v5_a, 2i), v6_t);
    let v8_c: i32 = select(((v5_a * 3i) + 1i), v1_y, v6_t);
    return k_branch_value_ccb5b179_out(v7_b, select(v8_c, (v7_b - v8_c), ((v7_b < v8_c) && ((v5_a > 3i) || (v8_c == v1_y)))));
}

fn ml_value(i: u32) -> k_branch_value_ccb5b179_out {
    let p = ml_params.slots[0].y + i;
    return k_branch_value_ccb5b179(ml_load_0(i), ml_load_1(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0.r0;
    ml_r1[first + 0u] = v0.r1;
}
