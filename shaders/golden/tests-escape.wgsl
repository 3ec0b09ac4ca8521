struct MlParams { slots: array<vec4<u32>, 3> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(4) var<storage, read_write> ml_status: array<atomic<u32>>;
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
@group(0) @binding(2) var<storage, read> ml_a1: array<f32>;
fn ml_load_1(i: u32) -> f32 { return ml_a1[i]; }
fn k_escape_da5cbb58(v0_re: f32, v1_im: f32, v2_limit: u32) -> u32 {
    var v3_x: f32 = ml_keep(0.0f);
    var v4_y: f32 = ml_keep(0.0f);
    var v5_n: u32 = 0u;
    loop {
        if (!(((v5_n < v2_limit) && (ml_keep(ml_keep(v3_x * v3_x) + ml_keep(v4_y * v4_y)) <= 4.0f)))) { break; }
        if (ml_turn()) { break; }
        let v6_t: f32 = ml_keep(ml_keep(ml_keep(v3_x * v3_x) - ml_keep(v4_y * v4_y)) + v0_re);
        v4_y = ml_keep(ml_keep(ml_keep(2.0f * v3_x) * v4_y) + v1_im);
        v3_x = v6_t;
        v5_n = (v5_n + 1u);
    }
    return v5_n;
}

fn ml_value(i: u32) -> u32 {
    ml_turns = 0u;
    let p = ml_params.slots[0].y + i;
    return k_escape_da5cbb58(ml_load_0(i), ml_load_1(i), ml_params.slots[2].x);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ml_zero = ml_params.slots[1].z;
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
