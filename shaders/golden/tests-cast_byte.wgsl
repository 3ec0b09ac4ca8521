struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<f32>;
@group(0) @binding(3) var<storage, read_write> ml_r1: array<i32>;
@group(0) @binding(4) var<storage, read_write> ml_r2: array<u32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<u32>;
fn ml_load_0(i: u32) -> u32 { return ((ml_a0[(i) >> 2u] >> (((i) & 3u) * 8u)) & 0xffu); }
struct k_cast_byte_9c3af794_out {
    r0: f32,
    r1: i32,
    r2: u32,
}
fn k_cast_byte_9c3af794(v0_b: u32) -> k_cast_byte_9c3af794_out {
    return k_cast_byte_9c3af794_out(f32(v0_b), (i32(v0_b) - 128i), (u32((v0_b > 100u)) * 1000u));
}

fn ml_value(i: u32) -> k_cast_byte_9c3af794_out {
    let p = ml_params.slots[0].y + i;
    return k_cast_byte_9c3af794(ml_load_0(i));
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
