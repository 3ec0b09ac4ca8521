struct MlParams { slots: array<vec4<u32>, 4> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<vec2<f32>>;
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
@group(0) @binding(1) var<storage, read> ml_a1: array<vec2<f32>>;
fn ml_load_1(i: u32) -> vec2<f32> { return ml_a1[i]; }
fn ml_len_1() -> u32 { return ml_params.slots[2].x; }
fn ml_item_1(i: u32) -> vec2<f32> {
    if (i < ml_len_1()) { return ml_load_1(i); }
    ml_fault(1u, i, ml_len_1());
    return vec2<f32>();
}
fn k_mirrored_850b35f5(v0_i: u32, v1_n: u32) -> vec2<f32> {
    let v2_row: u32 = ml_div_u32(v0_i, v1_n);
    let v3_k: u32 = (v0_i - (v2_row * v1_n));
    let v4_half: u32 = ml_div_u32(v1_n, 2u);
    let v5_first: u32 = (v2_row * (v4_half + 1u));
    let v6_other: u32 = select((v1_n - v3_k), v3_k, (v3_k <= v4_half));
    let t1 = ml_item_1((v5_first + v6_other));
    let v7_item_0: f32 = t1.x;
    let v8_item_1: f32 = t1.y;
    let v9_v_0: f32 = v7_item_0;
    let v10_v_1: f32 = v8_item_1;
    let v11_im: f32 = select(select((-v10_v_1), v10_v_1, (v3_k <= v4_half)), 0.0f, (v3_k == 0u));
    return vec2<f32>(v9_v_0, v11_im);
}

fn ml_value(i: u32) -> vec2<f32> {
    let p = ml_params.slots[0].y + i;
    ml_place = p;
    return k_mirrored_850b35f5(p, ml_params.slots[3].x);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
