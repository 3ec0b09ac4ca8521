struct MlParams { slots: array<vec4<u32>, 3> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<f32>;
@group(0) @binding(3) var<storage, read_write> ml_status: array<atomic<u32>>;
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
@group(0) @binding(1) var<storage, read> ml_a0: array<f32>;
fn ml_load_0(i: u32) -> f32 { return ml_a0[i]; }
fn k_scale_b39d7824(v0_a: f32, v1_x: f32, v2_y: f32) -> f32 {
    return ml_keep(ml_keep(v0_a * v1_x) + v2_y);
}

fn k_calls_feec72e1(v0_x: f32, v1_a: f32) -> f32 {
    var v2_y: f32 = k_scale_b39d7824(v1_a, v0_x, 1.0f);
    var v3_k: i32 = 0i;
    loop {
        if (!((v3_k < 3i))) { break; }
        if (ml_turn()) { break; }
        if ((v2_y > 2.0f)) {
            v2_y = k_scale_b39d7824(0.25f, v2_y, v0_x);
        }
        v3_k = (v3_k + 1i);
    }
    return ml_keep(v2_y + k_scale_b39d7824(2.0f, 3.0f, v2_y));
}

fn ml_value(i: u32) -> f32 {
    ml_turns = 0u;
    let p = ml_params.slots[0].y + i;
    return k_calls_feec72e1(ml_load_0(i), bitcast<f32>(ml_params.slots[2].x));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ml_zero = ml_params.slots[1].z;
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
