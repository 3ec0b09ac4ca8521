struct MlParams { slots: array<vec4<u32>, 7> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<f32>;
@group(0) @binding(3) var<storage, read_write> ml_r1: array<u32>;
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
struct k_framed_679026f1_out {
    r0: f32,
    r1: u32,
}
fn k_framed_679026f1(v0_x: f32, v1_view__x0: f32, v2_view__dx: f32, v3_view__steps: u32, v4_view__shift: i32, v5_scale: f32, v6_i: u32) -> k_framed_679026f1_out {
    let v7_at: f32 = fma((v2_view__dx * v0_x), v5_scale, v1_view__x0);
    var v8_n: u32 = 0u;
    loop {
        if (!(((v8_n < v3_view__steps) && (i32(v8_n) < (v4_view__shift + i32(v6_i)))))) { break; }
        if (ml_turn()) { break; }
        v8_n = (v8_n + 1u);
    }
    return k_framed_679026f1_out(v7_at, v8_n);
}

fn ml_value(i: u32) -> k_framed_679026f1_out {
    ml_turns = 0u;
    let p = ml_params.slots[0].y + i;
    return k_framed_679026f1(ml_load_0(i), bitcast<f32>(ml_params.slots[2].x), bitcast<f32>(ml_params.slots[3].x), ml_params.slots[4].x, bitcast<i32>(ml_params.slots[5].x), bitcast<f32>(ml_params.slots[6].x), p);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0.r0;
    ml_r1[first + 0u] = v0.r1;
}
