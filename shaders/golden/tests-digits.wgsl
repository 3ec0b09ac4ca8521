struct MlParams { slots: array<vec4<u32>, 2> }
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
var<private> ml_place: u32 = 0u;
fn ml_fault(array: u32, index: u32, len: u32) {
    atomicOr(&ml_status[0], 2u);
    let key = 0xffffffffu - ml_place;
    for (var tries = 0u; tries < 65536u; tries += 1u) {
        if (key <= atomicLoad(&ml_status[1])) { return; }
        if (atomicCompareExchangeWeak(&ml_status[2], 0u, 1u).exchanged) {
            if (key > atomicLoad(&ml_status[1])) {
                atomicStore(&ml_status[1], key);
                atomicStore(&ml_status[3], array);
                atomicStore(&ml_status[4], index);
                atomicStore(&ml_status[5], len);
            }
            atomicStore(&ml_status[2], 0u);
            return;
        }
    }
}
fn ml_index(i: u32, len: u32, array: u32) -> u32 {
    if (i < len) { return i; }
    ml_fault(array, i, len);
    return 0u;
}
@group(0) @binding(1) var<storage, read> ml_a0: array<u32>;
fn ml_load_0(i: u32) -> u32 { return ml_a0[i]; }
@group(0) @binding(2) var<storage, read> ml_a1: array<u32>;
fn ml_load_1(i: u32) -> u32 { return ml_a1[i]; }
fn k_digits_0a2dc3de(v0_x: u32, v1_base: u32) -> u32 {
    let t1: u32 = 0u;
    var t0_counts: array<u32, 8>;
    for (var k: u32 = 0u; k < 8u; k++) { t0_counts[k] = t1; }
    var v2_n: u32 = v0_x;
    loop {
        if (ml_turn()) { break; }
        let v3_t: u32 = ml_rem_u32(v2_n, v1_base);
        t0_counts[ml_index(v3_t, 8u, 1521373669u)] = (t0_counts[ml_index(v3_t, 8u, 1521373669u)] + 1u);
        v2_n = ml_div_u32(v2_n, v1_base);
        if ((v2_n == 0u)) {
            break;
        }
    }
    var v4_most: u32 = 0u;
    let end2: u32 = 8u;
    for (var v5_k: u32 = 0u; v5_k < end2; v5_k++) {
        v4_most = ((v4_most * 5u) + t0_counts[ml_index(v5_k, 8u, 1521373669u)]);
    }
    return v4_most;
}

fn ml_value(i: u32) -> u32 {
    ml_turns = 0u;
    let p = ml_params.slots[0].y + i;
    ml_place = p;
    return k_digits_0a2dc3de(ml_load_0(i), ml_load_1(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
