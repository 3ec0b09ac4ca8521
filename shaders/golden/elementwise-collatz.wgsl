struct MlParams { slots: array<vec4<u32>, 3> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<u32>;
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
@group(0) @binding(1) var<storage, read> ml_a0: array<u32>;
fn ml_load_0(i: u32) -> u32 { return ml_a0[i]; }
fn k_collatz_8aaad498(v0_n: u32, v1_limit: u32) -> u32 {
    var v2_x: u32 = v0_n;
    var v3_steps: u32 = 0u;
    loop {
        if (!(((v2_x > 1u) && (v3_steps < v1_limit)))) { break; }
        if (ml_turn()) { break; }
        v2_x = select(((3u * v2_x) + 1u), ml_div_u32(v2_x, 2u), (ml_rem_u32(v2_x, 2u) == 0u));
        v3_steps = (v3_steps + 1u);
    }
    return v3_steps;
}

fn ml_value(i: u32) -> u32 {
    ml_turns = 0u;
    let p = ml_params.slots[0].y + i;
    return k_collatz_8aaad498(ml_load_0(i), ml_params.slots[2].x);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
