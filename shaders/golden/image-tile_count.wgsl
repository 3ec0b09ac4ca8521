struct MlParams { slots: array<vec4<u32>, 6> }
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
@group(0) @binding(1) var<storage, read> ml_a1: array<u32>;
fn ml_load_1(i: u32) -> u32 { return ((ml_a1[(i) >> 2u] >> (((i) & 3u) * 8u)) & 0xffu); }
fn ml_width_1() -> u32 { return ml_params.slots[2].x; }
fn ml_height_1() -> u32 { return ml_params.slots[2].y; }
fn ml_at_1(x: i32, y: i32) -> u32 {
    let w = i32(ml_width_1());
    let h = i32(ml_height_1());
    if (x >= 0 && y >= 0 && x < w && y < h) { return ml_load_1(u32(y * w + x)); }
    let border = ml_params.slots[2].z;
    if (border == 1u) { return ml_params.slots[2].w; }
    return ml_load_1(u32(ml_border(y, h, border) * w + ml_border(x, w, border)));
}
fn ml_near_1(at: vec2<u32>, dx: i32, dy: i32) -> u32 {
    let w = ml_width_1();
    let h = ml_height_1();
    let x = at.x + u32(dx);
    let y = at.y + u32(dy);
    if (x < w && y < h) { return ml_load_1(y * w + x); }
    let border = ml_params.slots[2].z;
    return ml_at_1(ml_beside(at.x, dx, w, border), ml_beside(at.y, dy, h, border));
}
@group(0) @binding(2) var<storage, read_write> ml_a5: array<atomic<u32>>;
fn ml_len_5() -> u32 { return arrayLength(&ml_a5); }
fn ml_has_5(i: u32) -> bool {
    if (i < ml_len_5()) { return true; }
    ml_fault(5u, i, ml_len_5());
    return false;
}
fn ml_load_5(i: u32) -> u32 { if (ml_has_5(i)) { return atomicLoad(&ml_a5[i]); } return u32(); }
fn ml_add_5(i: u32, v: u32) -> u32 { if (ml_has_5(i)) { return atomicAdd(&ml_a5[i], v); } return u32(); }
fn ml_min_5(i: u32, v: u32) -> u32 { if (ml_has_5(i)) { return atomicMin(&ml_a5[i], v); } return u32(); }
fn ml_max_5(i: u32, v: u32) -> u32 { if (ml_has_5(i)) { return atomicMax(&ml_a5[i], v); } return u32(); }
fn ml_and_5(i: u32, v: u32) -> u32 { if (ml_has_5(i)) { return atomicAnd(&ml_a5[i], v); } return u32(); }
fn ml_or_5(i: u32, v: u32) -> u32 { if (ml_has_5(i)) { return atomicOr(&ml_a5[i], v); } return u32(); }
fn ml_xor_5(i: u32, v: u32) -> u32 { if (ml_has_5(i)) { return atomicXor(&ml_a5[i], v); } return u32(); }
fn ml_exchange_5(i: u32, v: u32) -> u32 { if (ml_has_5(i)) { return atomicExchange(&ml_a5[i], v); } return u32(); }
fn ml_compare_exchange_5(i: u32, expected: u32, v: u32) -> u32 {
    if (!ml_has_5(i)) { return u32(); }
    loop {
        let found = atomicCompareExchangeWeak(&ml_a5[i], expected, v);
        if (found.exchanged || found.old_value != expected) { return found.old_value; }
    }
    return u32();
}
fn k_tile_count_f11351c1(p0: vec2<u32>, v0_t__height: u32, v1_t__columns: u32, v2_t__width: u32) {
    let v3_tile: u32 = ((ml_div_u32(p0.y, v0_t__height) * v1_t__columns) + ml_div_u32(p0.x, v2_t__width));
    let v4_old: u32 = ml_add_5(((v3_tile * 256u) + ml_near_1(p0, 0i, 0i)), 1u);
}

fn ml_value(i: u32) {
    let p = ml_params.slots[0].y + i;
    ml_place = p;
    k_tile_count_f11351c1(vec2<u32>(p % ml_params.slots[0].z, p / ml_params.slots[0].z), ml_params.slots[3].x, ml_params.slots[4].x, ml_params.slots[5].x);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    ml_value(first);
}
