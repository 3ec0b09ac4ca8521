struct MlParams { slots: array<vec4<u32>, 3> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<i32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<i32>;
fn ml_load_0(i: u32) -> i32 { return ml_a0[i]; }
fn k_uniform_inside_8ea546c8(v0_x: i32, v1_stop: i32) -> i32 {
    var v2_sum: i32 = 0i;
    let end0: i32 = 10i;
    for (var v3_i: i32 = 0i; v3_i < end0; v3_i++) {
        if (((v0_x & 1i) == 0i)) {
            v2_sum = (v2_sum + 1i);
            if ((v3_i > 6i)) {
                break;
            }
        }
        let end3: i32 = 5i;
        for (var v4_j: i32 = 0i; v4_j < end3; v4_j++) {
            if ((v4_j == v1_stop)) {
                break;
            }
            if (((v3_i + v4_j) == v1_stop)) {
                continue;
            }
            v2_sum = (v2_sum + ((v3_i * v4_j) + v0_x));
        }
        if ((v3_i == (v1_stop + 2i))) {
            break;
        }
    }
    return v2_sum;
}

fn ml_value(i: u32) -> i32 {
    let p = ml_params.slots[0].y + i;
    return k_uniform_inside_8ea546c8(ml_load_0(i), bitcast<i32>(ml_params.slots[2].x));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
