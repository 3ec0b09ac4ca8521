struct MlParams { slots: array<vec4<u32>, 6> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<vec4<f32>>;
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
@group(0) @binding(1) var<storage, read> ml_a1: array<vec4<f32>>;
fn ml_load_1(i: u32) -> vec4<f32> { return ml_a1[i]; }
fn ml_len_1() -> u32 { return ml_params.slots[2].x; }
fn ml_item_1(i: u32) -> vec4<f32> {
    if (i < ml_len_1()) { return ml_load_1(i); }
    ml_fault(1u, i, ml_len_1());
    return vec4<f32>();
}
fn k_move_rgba_f32_ddfebad8(p0: vec2<u32>, v0_m__first: u32, v1_m__right: u32, v2_m__down: u32) -> vec4<f32> {
    let t1 = ml_item_1(((v0_m__first + (v1_m__right * p0.x)) + (v2_m__down * p0.y)));
    let v3_item_0: f32 = t1.x;
    let v4_item_1: f32 = t1.y;
    let v5_item_2: f32 = t1.z;
    let v6_item_3: f32 = t1.w;
    return vec4<f32>(v3_item_0, v4_item_1, v5_item_2, v6_item_3);
}

fn ml_value(i: u32) -> vec4<f32> {
    let p = ml_params.slots[0].y + i;
    ml_place = p;
    return k_move_rgba_f32_ddfebad8(vec2<u32>(p % ml_params.slots[0].z, p / ml_params.slots[0].z), ml_params.slots[3].x, ml_params.slots[4].x, ml_params.slots[5].x);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
