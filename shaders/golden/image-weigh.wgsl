struct MlParams { slots: array<vec4<u32>, 6> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<u32>;
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
@group(0) @binding(2) var<storage, read> ml_a2: array<f32>;
fn ml_load_2(i: u32) -> f32 { return ml_a2[i]; }
fn ml_len_2() -> u32 { return ml_params.slots[3].x; }
fn ml_item_2(i: u32) -> f32 {
    if (i < ml_len_2()) { return ml_load_2(i); }
    ml_fault(2u, i, ml_len_2());
    return f32();
}
fn k_nearest_byte_5f8f390d(v0_sum: f32) -> u32 {
    return min(ml_f32_to_u32(round(v0_sum)), 255u);
}

fn k_weigh_c7a3181a(p0: vec2<u32>, v0_across: i32, v1_down: i32) -> u32 {
    var v2_sum: f32 = 0.0f;
    var v3_k: i32 = 0i;
    let end0: i32 = v1_down;
    var at0: i32 = (-v1_down);
    var more0: bool = at0 <= end0;
    loop {
        if (!more0) { break; }
        let v4_dy: i32 = at0;
        let end1: i32 = v0_across;
        var at1: i32 = (-v0_across);
        var more1: bool = at1 <= end1;
        loop {
            if (!more1) { break; }
            let v5_dx: i32 = at1;
            v2_sum = fma(f32(ml_near_1(p0, v5_dx, v4_dy)), ml_item_2(u32(v3_k)), v2_sum);
            v3_k = (v3_k + 1i);
            continuing { more1 = at1 != end1; at1++; }
        }
        continuing { more0 = at0 != end0; at0++; }
    }
    let v6_byte: u32 = k_nearest_byte_5f8f390d(v2_sum);
    return v6_byte;
}

fn ml_value(i: u32) -> u32 {
    let p = ml_params.slots[0].y + i;
    ml_place = p;
    return k_weigh_c7a3181a(vec2<u32>(p % ml_params.slots[0].z, p / ml_params.slots[0].z), bitcast<i32>(ml_params.slots[4].x), bitcast<i32>(ml_params.slots[5].x));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 4u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    let v1 = ml_value(min(first + 1u, ml_params.slots[0].x - 1u));
    let v2 = ml_value(min(first + 2u, ml_params.slots[0].x - 1u));
    let v3 = ml_value(min(first + 3u, ml_params.slots[0].x - 1u));
    if (first + 0u < ml_params.slots[0].x) { ml_r0[(first >> 2u) * 1u + 0u] = ((u32(v0) & 255u) << 0u) | ((u32(v1) & 255u) << 8u) | ((u32(v2) & 255u) << 16u) | ((u32(v3) & 255u) << 24u); }
}
