struct MlParams { slots: array<vec4<u32>, 3> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(3) var<storage, read_write> ml_r1: array<u32>;
@group(0) @binding(4) var<storage, read_write> ml_r2: array<u32>;
@group(0) @binding(1) var<storage, read> ml_a1: array<u32>;
fn ml_load_1(i: u32) -> u32 { return ml_a1[i]; }
struct k_counted_1912a16a_out {
    r0: u32,
    r1: u32,
    r2: u32,
}
fn k_counted_1912a16a(v0_n: u32, v1_x: u32) -> k_counted_1912a16a_out {
    var v2_a: u32 = 0u;
    let end0: u32 = v0_n;
    for (var v3_k: u32 = 0u; v3_k < end0; v3_k++) {
        v2_a = (v2_a + (v3_k * v1_x));
    }
    var v4_b: u32 = 0u;
    let end1: u32 = ml_rem_u32(v1_x, 11u);
    var at1: u32 = ml_rem_u32(v1_x, 5u);
    var more1: bool = at1 <= end1;
    loop {
        if (!more1) { break; }
        let v5_k: u32 = at1;
        v4_b = ((v4_b * 3u) + v5_k);
        let end2: u32 = v5_k;
        for (var v6_k: u32 = 0u; v6_k < end2; v6_k++) {
            v4_b = (v4_b ^ 5u);
        }
        continuing { more1 = at1 != end1; at1++; }
    }
    var v7_c: u32 = 1u;
    let end3: u32 = 3u;
    for (var v8_k: u32 = v0_n; v8_k < end3; v8_k++) {
        v7_c = (v7_c + v8_k);
    }
    return k_counted_1912a16a_out(v2_a, v4_b, v7_c);
}

fn ml_value(i: u32) -> k_counted_1912a16a_out {
    let p = ml_params.slots[0].y + i;
    return k_counted_1912a16a(ml_params.slots[2].x, ml_load_1(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0.r0;
    ml_r1[first + 0u] = v0.r1;
    ml_r2[first + 0u] = v0.r2;
}
