struct MlParams { slots: array<vec4<u32>, 3> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<f32>;
@group(0) @binding(3) var<storage, read_write> ml_r1: array<u32>;
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
@group(0) @binding(1) var<storage, read> ml_a0: array<f32>;
fn ml_load_0(i: u32) -> f32 { return ml_a0[i]; }
var<private> ml_block_1: vec4<u32>;
var<private> ml_block_of_1: vec2<u32> = vec2<u32>(0u, 0xffffffffu);
fn ml_draw_1(drawn: u32) -> u32 {
    let wanted = vec2<u32>(ml_place, drawn >> 2u);
    if (any(wanted != ml_block_of_1)) {
        ml_block_1 = ml_philox(wanted.x, wanted.y, ml_params.slots[2].xy);
        ml_block_of_1 = wanted;
    }
    return ml_word(ml_block_1, drawn);
}
struct k_draws_74a4a98d_out {
    r0: f32,
    r1: u32,
}
fn k_draws_74a4a98d(v0_x: f32) -> k_draws_74a4a98d_out {
    var v1_rng_drawn: u32 = 0u;
    let v2_t: u32 = ml_draw_1(v1_rng_drawn);
    v1_rng_drawn = (v1_rng_drawn + 1u);
    let v3_first: f32 = (f32(ml_shr_u32(v2_t, 8u)) * 5.9604645e-8f);
    var v4_second: u32 = 0u;
    if (((v3_first + v0_x) > 0.5f)) {
        let v5_t: u32 = ml_draw_1(v1_rng_drawn);
        v1_rng_drawn = (v1_rng_drawn + 1u);
        v4_second = v5_t;
    }
    let v6_t: u32 = ml_draw_1(v1_rng_drawn);
    v1_rng_drawn = (v1_rng_drawn + 1u);
    return k_draws_74a4a98d_out(v3_first, (v4_second ^ v6_t));
}

fn ml_value(i: u32) -> k_draws_74a4a98d_out {
    let p = ml_params.slots[0].y + i;
    ml_place = p;
    return k_draws_74a4a98d(ml_load_0(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0.r0;
    ml_r1[first + 0u] = v0.r1;
}
