struct MlParams { slots: array<vec4<u32>, 3> }
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
@group(0) @binding(1) var<storage, read> ml_a0: array<u32>;
fn ml_load_0(i: u32) -> u32 { return ml_a0[i]; }
@group(0) @binding(2) var<storage, read> ml_a1: array<u32>;
fn ml_load_1(i: u32) -> vec3<u32> { return vec3<u32>(((ml_a1[(i * 3u + 0u) >> 2u] >> (((i * 3u + 0u) & 3u) * 8u)) & 0xffu), ((ml_a1[(i * 3u + 1u) >> 2u] >> (((i * 3u + 1u) & 3u) * 8u)) & 0xffu), ((ml_a1[(i * 3u + 2u) >> 2u] >> (((i * 3u + 2u) & 3u) * 8u)) & 0xffu)); }
fn ml_len_1() -> u32 { return ml_params.slots[2].x; }
fn ml_item_1(i: u32) -> vec3<u32> {
    if (i < ml_len_1()) { return ml_load_1(i); }
    ml_fault(1u, i, ml_len_1());
    return vec3<u32>();
}
fn k_turn_colour_33ac3e2a(v0_n: u32) -> vec3<u32> {
    let t1 = ml_item_1(v0_n);
    let v1_item_0: u32 = t1.x;
    let v2_item_1: u32 = t1.y;
    let v3_item_2: u32 = t1.z;
    return vec3<u32>(v1_item_0, v2_item_1, v3_item_2);
}

fn ml_value(i: u32) -> vec3<u32> {
    let p = ml_params.slots[0].y + i;
    ml_place = p;
    return k_turn_colour_33ac3e2a(ml_load_0(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 4u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    let v1 = ml_value(min(first + 1u, ml_params.slots[0].x - 1u));
    let v2 = ml_value(min(first + 2u, ml_params.slots[0].x - 1u));
    let v3 = ml_value(min(first + 3u, ml_params.slots[0].x - 1u));
    if (first + 0u < ml_params.slots[0].x) { ml_r0[(first >> 2u) * 3u + 0u] = ((u32(v0.x) & 255u) << 0u) | ((u32(v0.y) & 255u) << 8u) | ((u32(v0.z) & 255u) << 16u) | ((u32(v1.x) & 255u) << 24u); }
    if (first + 1u < ml_params.slots[0].x) { ml_r0[(first >> 2u) * 3u + 1u] = ((u32(v1.y) & 255u) << 0u) | ((u32(v1.z) & 255u) << 8u) | ((u32(v2.x) & 255u) << 16u) | ((u32(v2.y) & 255u) << 24u); }
    if (first + 2u < ml_params.slots[0].x) { ml_r0[(first >> 2u) * 3u + 2u] = ((u32(v2.z) & 255u) << 0u) | ((u32(v3.x) & 255u) << 8u) | ((u32(v3.y) & 255u) << 16u) | ((u32(v3.z) & 255u) << 24u); }
}
