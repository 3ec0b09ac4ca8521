struct MlParams { slots: array<vec4<u32>, 9> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(4) var<storage, read_write> ml_r0: array<f32>;
@group(0) @binding(5) var<storage, read_write> ml_r1: array<u32>;
@group(0) @binding(6) var<storage, read_write> ml_r2: array<u32>;
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
@group(0) @binding(1) var<storage, read> ml_a0: array<u32>;
fn ml_load_0(i: u32) -> u32 { return ml_a0[i]; }
@group(0) @binding(2) var<storage, read> ml_a1: array<f32>;
fn ml_load_1(i: u32) -> f32 { return ml_a1[i]; }
fn ml_len_1() -> u32 { return ml_params.slots[2].x; }
fn ml_item_1(i: u32) -> f32 {
    if (i < ml_len_1()) { return ml_load_1(i); }
    ml_fault(1u, i, ml_len_1());
    return f32();
}
@group(0) @binding(3) var<storage, read> ml_a2: array<u32>;
fn ml_load_2(i: u32) -> vec3<u32> { return vec3<u32>(((ml_a2[(i * 3u + 0u) >> 2u] >> (((i * 3u + 0u) & 3u) * 8u)) & 0xffu), ((ml_a2[(i * 3u + 1u) >> 2u] >> (((i * 3u + 1u) & 3u) * 8u)) & 0xffu), ((ml_a2[(i * 3u + 2u) >> 2u] >> (((i * 3u + 2u) & 3u) * 8u)) & 0xffu)); }
fn ml_len_2() -> u32 { return ml_params.slots[3].x; }
fn ml_item_2(i: u32) -> vec3<u32> {
    if (i < ml_len_2()) { return ml_load_2(i); }
    ml_fault(2u, i, ml_len_2());
    return vec3<u32>();
}
fn ml_item_3(i: u32) -> u32 {
    if (i < 20u) { return ml_params.slots[4u + (i >> 2u)][i & 3u]; }
    ml_fault(3u, i, 20u);
    return u32();
}
struct k_masked_e41f40d5_out {
    r0: f32,
    r1: u32,
    r2: u32,
}
fn k_masked_e41f40d5(v0_i: u32) -> k_masked_e41f40d5_out {
    let t1 = ml_item_2(ml_rem_u32(v0_i, 50u));
    let v1_item_0: u32 = t1.x;
    let v2_item_1: u32 = t1.y;
    let v3_item_2: u32 = t1.z;
    let v4_p_0: u32 = v1_item_0;
    let v5_p_1: u32 = v2_item_1;
    let v6_p_2: u32 = v3_item_2;
    return k_masked_e41f40d5_out((ml_item_1((v0_i & 63u)) + ml_item_1(ml_shr_u32(v0_i, u32(27i)))), (v4_p_0 + v6_p_2), ml_item_3((v0_i & 15u)));
}

fn ml_value(i: u32) -> k_masked_e41f40d5_out {
    let p = ml_params.slots[0].y + i;
    ml_place = p;
    return k_masked_e41f40d5(ml_load_0(i));
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
