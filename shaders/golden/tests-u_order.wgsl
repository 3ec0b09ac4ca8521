struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(4) var<storage, read_write> ml_r1: array<u32>;
@group(0) @binding(5) var<storage, read_write> ml_r2: array<u32>;
@group(0) @binding(6) var<storage, read_write> ml_r3: array<u32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<u32>;
fn ml_load_0(i: u32) -> u32 { return ml_a0[i]; }
@group(0) @binding(2) var<storage, read> ml_a1: array<u32>;
fn ml_load_1(i: u32) -> u32 { return ml_a1[i]; }
struct k_u_order_fb925e95_out {
    r0: u32,
    r1: u32,
    r2: u32,
    r3: u32,
}
fn k_u_order_fb925e95(v0_a: u32, v1_b: u32) -> k_u_order_fb925e95_out {
    let v2_less: u32 = (((u32((v0_a < v1_b)) | ml_shl_u32(u32((v0_a <= v1_b)), u32(1i))) | ml_shl_u32(u32((v0_a > v1_b)), u32(2i))) | ml_shl_u32(u32((v0_a >= v1_b)), u32(3i)));
    return k_u_order_fb925e95_out(min(v0_a, v1_b), max(v0_a, v1_b), min(max(v0_a, 3u), 300u), v2_less);
}

fn ml_value(i: u32) -> k_u_order_fb925e95_out {
    let p = ml_params.slots[0].y + i;
    return k_u_order_fb925e95(ml_load_0(i), ml_load_1(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0.r0;
    ml_r1[first + 0u] = v0.r1;
    ml_r2[first + 0u] = v0.r2;
    ml_r3[first + 0u] = v0.r3;
}
