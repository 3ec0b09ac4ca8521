struct MlParams { slots: array<vec4<u32>, 4> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_status: array<atomic<u32>>;
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
@group(0) @binding(1) var<storage, read> ml_a0: array<f32>;
fn ml_load_0(i: u32) -> f32 { return ml_a0[i]; }
@group(0) @binding(2) var<storage, read_write> ml_a3: array<atomic<u32>>;
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
fn k_count_cacb5485(v0_x: f32, v1_lo: f32, v2_width: f32) {
    let v3_place: f32 = ((v0_x - v1_lo) / v2_width);
    if (((v3_place >= 0.0f) && (v3_place < f32(ml_len_3())))) {
        let v4_old: u32 = ml_add_3(ml_f32_to_u32(v3_place), 1u);
    }
}

fn ml_value(i: u32) {
    let p = ml_params.slots[0].y + i;
    ml_place = p;
    k_count_cacb5485(ml_load_0(i), bitcast<f32>(ml_params.slots[2].x), bitcast<f32>(ml_params.slots[3].x));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    ml_value(first);
}
