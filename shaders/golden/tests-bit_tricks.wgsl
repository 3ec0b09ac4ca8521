struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<i32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<i32>;
fn ml_load_0(i: u32) -> i32 { return ml_a0[i]; }
@group(0) @binding(2) var<storage, read> ml_a1: array<i32>;
fn ml_load_1(i: u32) -> i32 { return ml_a1[i]; }
fn k_bit_tricks_ce3012cd(v0_x: i32, v1_y: i32) -> i32 {
    let v2_u: u32 = u32(v0_x);
    let v3_mixed: u32 = (((ml_rotate_left_u32(v2_u, (u32(v1_y) & 31u)) ^ ml_rotate_right_u32(v2_u, 7u)) ^ ml_swap_bytes_u32(v2_u)) ^ reverseBits(v2_u));
    let v4_counts: u32 = (((u32(countOneBits(v0_x)) + (u32(countLeadingZeros(v0_x)) * 64u)) + (u32(countTrailingZeros(v2_u)) * 4096u)) + u32(countOneBits((~v2_u))));
    let v5_t: i32 = v0_x;
    let v6_t: i32 = ml_rem_i32(ml_abs_i32(v1_y), 7i);
    return (((i32(v3_mixed) + i32(v4_counts)) ^ select(select(0i, 1i, (v5_t > 0i)), (-1i), (v5_t < 0i))) ^ select(v6_t, (v6_t + 7i), (v6_t < 0i)));
}

fn ml_value(i: u32) -> i32 {
    let p = ml_params.slots[0].y + i;
    return k_bit_tricks_ce3012cd(ml_load_0(i), ml_load_1(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
