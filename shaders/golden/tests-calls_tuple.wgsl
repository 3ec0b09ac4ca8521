struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<i32>;
@group(0) @binding(4) var<storage, read_write> ml_r1: array<i32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<i32>;
fn ml_load_0(i: u32) -> i32 { return ml_a0[i]; }
@group(0) @binding(2) var<storage, read> ml_a1: array<i32>;
fn ml_load_1(i: u32) -> i32 { return ml_a1[i]; }
fn k_larger_cb5c3937(v0_x: i32, v1_y: i32) -> i32 {
    var v2_big: i32 = v0_x;
    if ((v1_y > v0_x)) {
        v2_big = v1_y;
    }
    return v2_big;
}

struct k_around_e6cc4712_out {
    r0: i32,
    r1: i32,
}
fn k_around_e6cc4712(v0_x: i32, v1_y: i32) -> k_around_e6cc4712_out {
    return k_around_e6cc4712_out((k_larger_cb5c3937(v0_x, v1_y) + 1i), (v0_x - v1_y));
}

struct k_calls_tuple_5303ae47_out {
    r0: i32,
    r1: i32,
}
fn k_calls_tuple_5303ae47(v0_x: i32, v1_y: i32) -> k_calls_tuple_5303ae47_out {
    let t1 = k_around_e6cc4712(v0_x, v1_y);
    let v2_call_0: i32 = t1.r0;
    let v3_call_1: i32 = t1.r1;
    let v4_a: i32 = v2_call_0;
    let v5_b: i32 = v3_call_1;
    let v6_big: i32 = k_larger_cb5c3937(v4_a, v5_b);
    return k_calls_tuple_5303ae47_out(v6_big, (v4_a ^ v5_b));
}

fn ml_value(i: u32) -> k_calls_tuple_5303ae47_out {
    let p = ml_params.slots[0].y + i;
    return k_calls_tuple_5303ae47(ml_load_0(i), ml_load_1(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0.r0;
    ml_r1[first + 0u] = v0.r1;
}
