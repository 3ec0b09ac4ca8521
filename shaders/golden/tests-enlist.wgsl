struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(4) var<storage, read_write> ml_status: array<atomic<u32>>;
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
@group(0) @binding(1) var<storage, read> ml_a0: array<i32>;
fn ml_load_0(i: u32) -> i32 { return ml_a0[i]; }
@group(0) @binding(2) var<storage, read_write> ml_a2: array<atomic<u32>>;
fn ml_len_2() -> u32 { return arrayLength(&ml_a2); }
fn ml_has_2(i: u32) -> bool {
    if (i < ml_len_2()) { return true; }
    ml_fault(2u, i, ml_len_2());
    return false;
}
fn ml_load_2(i: u32) -> u32 { if (ml_has_2(i)) { return atomicLoad(&ml_a2[i]); } return u32(); }
fn ml_add_2(i: u32, v: u32) -> u32 { if (ml_has_2(i)) { return atomicAdd(&ml_a2[i], v); } return u32(); }
fn ml_min_2(i: u32, v: u32) -> u32 { if (ml_has_2(i)) { return atomicMin(&ml_a2[i], v); } return u32(); }
fn ml_max_2(i: u32, v: u32) -> u32 { if (ml_has_2(i)) { return atomicMax(&ml_a2[i], v); } return u32(); }
fn ml_and_2(i: u32, v: u32) -> u32 { if (ml_has_2(i)) { return atomicAnd(&ml_a2[i], v); } return u32(); }
fn ml_or_2(i: u32, v: u32) -> u32 { if (ml_has_2(i)) { return atomicOr(&ml_a2[i], v); } return u32(); }
fn ml_xor_2(i: u32, v: u32) -> u32 { if (ml_has_2(i)) { return atomicXor(&ml_a2[i], v); } return u32(); }
fn ml_exchange_2(i: u32, v: u32) -> u32 { if (ml_has_2(i)) { return atomicExchange(&ml_a2[i], v); } return u32(); }
fn ml_compare_exchange_2(i: u32, expected: u32, v: u32) -> u32 {
    if (!ml_has_2(i)) { return u32(); }
    loop {
        let found = atomicCompareExchangeWeak(&ml_a2[i], expected, v);
        if (found.exchanged || found.old_value != expected) { return found.old_value; }
    }
    return u32();
}
@group(0) @binding(3) var<storage, read_write> ml_a3: array<atomic<u32>>;
fn ml_len_3() -> u32 { return arrayLength(&ml_a3); }
fn ml_has_3(i: u32) -> bool {
    if (i < ml_len_3()) { return true; }
    ml_fault(3u, i, ml_len_3());
    return false;
}
fn ml_load_3(i: u32) -> u32 { if (ml_has_3(i)) { return atomicLoad(&ml_a3[i]); } return u32(); }
fn ml_add_3(i: u32, v: u32) -> u32 { if (ml_has_3(i)) { return atomicAdd(&ml_a3[i], v); } return u32(); }
fn ml_min_3(i: u32, v: u32) -> u32 { if (ml_has_3(i)) { return atomicMin(&ml_a3[i], v); } return u32(); }
fn ml_max_3(i: u32, v: u32) -> u32 { if (ml_has_3(i)) { return atomicMax(&ml_a3[i], v); } return u32(); }
fn ml_and_3(i: u32, v: u32) -> u32 { if (ml_has_3(i)) { return atomicAnd(&ml_a3[i], v); } return u32(); }
fn ml_or_3(i: u32, v: u32) -> u32 { if (ml_has_3(i)) { return atomicOr(&ml_a3[i], v); } return u32(); }
fn ml_xor_3(i: u32, v: u32) -> u32 { if (ml_has_3(i)) { return atomicXor(&ml_a3[i], v); } return u32(); }
fn ml_exchange_3(i: u32, v: u32) -> u32 { if (ml_has_3(i)) { return atomicExchange(&ml_a3[i], v); } return u32(); }
fn ml_compare_exchange_3(i: u32, expected: u32, v: u32) -> u32 {
    if (!ml_has_3(i)) { return u32(); }
    loop {
        let found = atomicCompareExchangeWeak(&ml_a3[i], expected, v);
        if (found.exchanged || found.old_value != expected) { return found.old_value; }
    }
    return u32();
}
fn k_enlist_479c09e6(v0_x: i32, v1_i: u32) {
    if ((v0_x > 0i)) {
        let v2_old: u32 = ml_add_2(0u, 1u);
        let v3_at: u32 = v2_old;
        let v4_old: u32 = ml_exchange_3(v3_at, v1_i);
    }
}

fn ml_value(i: u32) {
    let p = ml_params.slots[0].y + i;
    ml_place = p;
    k_enlist_479c09e6(ml_load_0(i), p);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    ml_value(first);
}
