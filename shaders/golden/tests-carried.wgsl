struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(4) var<storage, read_write> ml_r1: array<u32>;
@group(0) @binding(5) var<storage, read_write> ml_r2: array<u32>;
@group(0) @binding(6) var<storage, read_write> ml_status: array<atomic<u32>>;
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
@group(0) @binding(2) var<storage, read> ml_a1: array<u32>;
fn ml_load_1(i: u32) -> u32 { return ml_a1[i]; }
struct k_carried_bba05ee3_out {
    r0: u32,
    r1: u32,
    r2: u32,
}
fn k_carried_bba05ee3(v0_x: u32, v1_turns: u32) -> k_carried_bba05ee3_out {
    var v2_a: u32 = 0u;
    var v3_b: u32 = 1u;
    var v4_before: u32 = v0_x;
    var v5_k: u32 = 0u;
    loop {
        if (!((v5_k < ml_rem_u32(v1_turns, 40u)))) { break; }
        if (ml_turn()) { break; }
        let v6_t: u32 = v3_b;
        let v7_t: u32 = (v2_a + v3_b);
        v2_a = v6_t;
        v3_b = v7_t;
        let v8_kept: u32 = v4_before;
        v4_before = (v3_b ^ v5_k);
        if (((v8_kept & 1u) == 1u)) {
            v3_b = (v3_b + (v8_kept & 3u));
        }
        v5_k = (v5_k + 1u);
    }
    return k_carried_bba05ee3_out(v2_a, v3_b, v4_before);
}

fn ml_value(i: u32) -> k_carried_bba05ee3_out {
    ml_turns = 0u;
    let p = ml_params.slots[0].y + i;
    return k_carried_bba05ee3(ml_load_0(i), ml_load_1(i));
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
