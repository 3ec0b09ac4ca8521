struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(3) var<storage, read_write> ml_r1: array<i32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<u32>;
fn ml_load_0(i: u32) -> u32 { return ml_a0[i]; }
struct k_counted_to_the_end_e71282a2_out {
    r0: u32,
    r1: i32,
}
fn k_counted_to_the_end_e71282a2(v0_x: u32) -> k_counted_to_the_end_e71282a2_out {
    var v1_a: u32 = 0u;
    let end0: u32 = (4294967295u - ml_rem_u32(v0_x, 3u));
    var at0: u32 = 4294967290u;
    var more0: bool = at0 <= end0;
    loop {
        if (!more0) { break; }
        let v2_k: u32 = at0;
        v1_a = (v1_a + (v2_k & 1u));
        continuing { more0 = at0 != end0; at0++; }
    }
    var v3_b: i32 = 0i;
    let v4_from: i32 = (2147483640i + i32(ml_rem_u32(v0_x, 3u)));
    let end1: i32 = 2147483647i;
    var at1: i32 = v4_from;
    var more1: bool = at1 <= end1;
    loop {
        if (!more1) { break; }
        let v5_k: i32 = at1;
        v3_b = (v3_b + (v5_k & 3i));
        continuing { more1 = at1 != end1; at1++; }
    }
    return k_counted_to_the_end_e71282a2_out(v1_a, v3_b);
}

fn ml_value(i: u32) -> k_counted_to_the_end_e71282a2_out {
    let p = ml_params.slots[0].y + i;
    return k_counted_to_the_end_e71282a2(ml_load_0(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0.r0;
    ml_r1[first + 0u] = v0.r1;
}
