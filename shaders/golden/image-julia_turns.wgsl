struct MlParams { slots: array<vec4<u32>, 8> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(1) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(2) var<storage, read_write> ml_status: array<atomic<u32>>;
var<private> ml_turns: u32 = 0u;
var<private> ml_spent: bool = false;
fn ml_turn() -> bool {
    ml_turns += 1u;
    if ((ml_turns & 1023u) == 0u || ml_turns > ml_params.slots[1].x) {
        if (ml_turns > ml_params.slots[1].x) { atomicOr(&ml_status[0], 1u); }
        ml_spent = ml_spent || (atomicLoad(&ml_status[0]) & 1u) != 0u;
    }
    return ml_spent;
}
fn k_julia_turns_bcf486dc(p0: vec2<u32>, v0_x0: f32, v1_y0: f32, v2_step: f32, v3_c_re: f32, v4_c_im: f32, v5_limit: u32) -> u32 {
    var v6_re: f32 = fma(f32(p0.x), v2_step, v0_x0);
    var v7_im: f32 = fma(f32(p0.y), v2_step, v1_y0);
    var v8_n: u32 = 0u;
    loop {
        if (!(((v8_n < v5_limit) && (fma(v6_re, v6_re, (v7_im * v7_im)) <= 4.0f)))) { break; }
        if (ml_turn()) { break; }
        let v9_t: f32 = (fma(v6_re, v6_re, -(v7_im * v7_im)) + v3_c_re);
        v7_im = fma((2.0f * v6_re), v7_im, v4_c_im);
        v6_re = v9_t;
        v8_n = (v8_n + 1u);
    }
    return v8_n;
}

fn ml_value(i: u32) -> u32 {
    ml_turns = 0u;
    let p = ml_params.slots[0].y + i;
    return k_julia_turns_bcf486dc(vec2<u32>(p % ml_params.slots[0].z, p / ml_params.slots[0].z), bitcast<f32>(ml_params.slots[2].x), bitcast<f32>(ml_params.slots[3].x), bitcast<f32>(ml_params.slots[4].x), bitcast<f32>(ml_params.slots[5].x), bitcast<f32>(ml_params.slots[6].x), ml_params.slots[7].x);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
