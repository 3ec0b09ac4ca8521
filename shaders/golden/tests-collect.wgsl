struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(7) var<storage, read_write> ml_status: array<atomic<u32>>;
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
@group(0) @binding(2) var<storage, read> ml_a1: array<f32>;
fn ml_load_1(i: u32) -> f32 { return ml_a1[i]; }
@group(0) @binding(3) var<storage, read_write> ml_a2: array<atomic<i32>>;
fn ml_len_2() -> u32 { return arrayLength(&ml_a2); }
fn ml_has_2(i: u32) -> bool {
    if (i < ml_len_2()) { return true; }
    ml_fault(2u, i, ml_len_2());
    return false;
}
fn ml_load_2(i: u32) -> i32 { if (ml_has_2(i)) { return atomicLoad(&ml_a2[i]); } return i32(); }
fn ml_add_2(i: u32, v: i32) -> i32 { if (ml_has_2(i)) { return atomicAdd(&ml_a2[i], v); } return i32(); }
fn ml_min_2(i: u32, v: i32) -> i32 { if (ml_has_2(i)) { return atomicMin(&ml_a2[i], v); } return i32(); }
fn ml_max_2(i: u32, v: i32) -> i32 { if (ml_has_2(i)) { return atomicMax(&ml_a2[i], v); } return i32(); }
fn ml_and_2(i: u32, v: i32) -> i32 { if (ml_has_2(i)) { return atomicAnd(&ml_a2[i], v); } return i32(); }
fn ml_or_2(i: u32, v: i32) -> i32 { if (ml_has_2(i)) { return atomicOr(&ml_a2[i], v); } return i32(); }
fn ml_xor_2(i: u32, v: i32) -> i32 { if (ml_has_2(i)) { return atomicXor(&ml_a2[i], v); } return i32(); }
fn ml_exchange_2(i: u32, v: i32) -> i32 { if (ml_has_2(i)) { return atomicExchange(&ml_a2[i], v); } return i32(); }
fn ml_compare_exchange_2(i: u32, expected: i32, v: i32) -> i32 {
    if (!ml_has_2(i)) { return i32(); }
    loop {
        let found = atomicCompareExchangeWeak(&ml_a2[i], expected, v);
        if (found.exchanged || found.old_value != expected) { return found.old_value; }
    }
    return i32();
}
@group(0) @binding(4) var<storage, read_write> ml_a3: array<atomic<i32>>;
fn ml_len_3() -> u32 { return arrayLength(&ml_a3); }
fn ml_has_3(i: u32) -> bool {
    if (i < ml_len_3()) { return true; }
    ml_fault(3u, i, ml_len_3());
    return false;
}
fn ml_load_3(i: u32) -> i32 { if (ml_has_3(i)) { return atomicLoad(&ml_a3[i]); } return i32(); }
fn ml_add_3(i: u32, v: i32) -> i32 { if (ml_has_3(i)) { return atomicAdd(&ml_a3[i], v); } return i32(); }
fn ml_min_3(i: u32, v: i32) -> i32 { if (ml_has_3(i)) { return atomicMin(&ml_a3[i], v); } return i32(); }
fn ml_max_3(i: u32, v: i32) -> i32 { if (ml_has_3(i)) { return atomicMax(&ml_a3[i], v); } return i32(); }
fn ml_and_3(i: u32, v: i32) -> i32 { if (ml_has_3(i)) { return atomicAnd(&ml_a3[i], v); } return i32(); }
fn ml_or_3(i: u32, v: i32) -> i32 { if (ml_has_3(i)) { return atomicOr(&ml_a3[i], v); } return i32(); }
fn ml_xor_3(i: u32, v: i32) -> i32 { if (ml_has_3(i)) { return atomicXor(&ml_a3[i], v); } return i32(); }
fn ml_exchange_3(i: u32, v: i32) -> i32 { if (ml_has_3(i)) { return atomicExchange(&ml_a3[i], v); } return i32(); }
fn ml_compare_exchange_3(i: u32, expected: i32, v: i32) -> i32 {
    if (!ml_has_3(i)) { return i32(); }
    loop {
        let found = atomicCompareExchangeWeak(&ml_a3[i], expected, v);
        if (found.exchanged || found.old_value != expected) { return found.old_value; }
    }
    return i32();
}
@group(0) @binding(5) var<storage, read_write> ml_a4: array<atomic<u32>>;
fn ml_len_4() -> u32 { return arrayLength(&ml_a4); }
fn ml_has_4(i: u32) -> bool {
    if (i < ml_len_4()) { return true; }
    ml_fault(4u, i, ml_len_4());
    return false;
}
fn ml_load_4(i: u32) -> u32 { if (ml_has_4(i)) { return atomicLoad(&ml_a4[i]); } return u32(); }
fn ml_add_4(i: u32, v: u32) -> u32 { if (ml_has_4(i)) { return atomicAdd(&ml_a4[i], v); } return u32(); }
fn ml_min_4(i: u32, v: u32) -> u32 { if (ml_has_4(i)) { return atomicMin(&ml_a4[i], v); } return u32(); }
fn ml_max_4(i: u32, v: u32) -> u32 { if (ml_has_4(i)) { return atomicMax(&ml_a4[i], v); } return u32(); }
fn ml_and_4(i: u32, v: u32) -> u32 { if (ml_has_4(i)) { return atomicAnd(&ml_a4[i], v); } return u32(); }
fn ml_or_4(i: u32, v: u32) -> u32 { if (ml_has_4(i)) { return atomicOr(&ml_a4[i], v); } return u32(); }
fn ml_xor_4(i: u32, v: u32) -> u32 { if (ml_has_4(i)) { return atomicXor(&ml_a4[i], v); } return u32(); }
fn ml_exchange_4(i: u32, v: u32) -> u32 { if (ml_has_4(i)) { return atomicExchange(&ml_a4[i], v); } return u32(); }
fn ml_compare_exchange_4(i: u32, expected: u32, v: u32) -> u32 {
    if (!ml_has_4(i)) { return u32(); }
    loop {
        let found = atomicCompareExchangeWeak(&ml_a4[i], expected, v);
        if (found.exchanged || found.old_value != expected) { return found.old_value; }
    }
    return u32();
}
@group(0) @binding(6) var<storage, read_write> ml_a5: array<atomic<u32>>;
fn ml_len_5() -> u32 { return arrayLength(&ml_a5); }
fn ml_has_5(i: u32) -> bool {
    if (i < ml_len_5()) { return true; }
    ml_fault(5u, i, ml_len_5());
    return false;
}
fn ml_load_5(i: u32) -> f32 { if (ml_has_5(i)) { return bitcast<f32>(atomicLoad(&ml_a5[i])); } return f32(); }
fn ml_add_5(i: u32, v: f32) -> f32 {
    if (!ml_has_5(i)) { return 0.0; }
    var bits = atomicLoad(&ml_a5[i]);
    loop {
        let old = bitcast<f32>(bits);
        let found = atomicCompareExchangeWeak(&ml_a5[i], bits, bitcast<u32>(old + v));
        if (found.exchanged) { return old; }
        bits = found.old_value;
    }
    return 0.0;
}
fn ml_min_5(i: u32, v: f32) -> f32 {
    if (!ml_has_5(i)) { return 0.0; }
    var bits = atomicLoad(&ml_a5[i]);
    loop {
        let old = bitcast<f32>(bits);
        let found = atomicCompareExchangeWeak(&ml_a5[i], bits, bitcast<u32>(ml_min(old, v)));
        if (found.exchanged) { return old; }
        bits = found.old_value;
    }
    return 0.0;
}
fn ml_max_5(i: u32, v: f32) -> f32 {
    if (!ml_has_5(i)) { return 0.0; }
    var bits = atomicLoad(&ml_a5[i]);
    loop {
        let old = bitcast<f32>(bits);
        let found = atomicCompareExchangeWeak(&ml_a5[i], bits, bitcast<u32>(ml_max(old, v)));
        if (found.exchanged) { return old; }
        bits = found.old_value;
    }
    return 0.0;
}
fn k_collect_97a77e88(v0_x: i32, v1_f: f32) {
    let v2_at: u32 = u32((v0_x & 3i));
    let v3_old: i32 = ml_min_2(v2_at, v0_x);
    let v4_old: i32 = ml_max_3(v2_at, v0_x);
    let v5_old: u32 = ml_xor_4(v2_at, u32(v0_x));
    let v6_old: f32 = ml_add_5(v2_at, v1_f);
}

fn ml_value(i: u32) {
    let p = ml_params.slots[0].y + i;
    ml_place = p;
    k_collect_97a77e88(ml_load_0(i), ml_load_1(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    ml_value(first);
}
