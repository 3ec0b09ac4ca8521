struct MlParams { slots: array<vec4<u32>, 3> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<f32>;
@group(0) @binding(3) var<storage, read_write> ml_status: array<atomic<u32>>;
var<private> ml_turns: u32 = 0u;
var<private> ml_spent: bool = false;
fn ml_turn() -> bool {
    ml_turns += 1u;
    if ((ml_turns & 1023u) == 0u || ml_turns > ml_params.slots[1].x) {
        if (ml_turns > ml_params.slots[1].x) { atomicOr(&ml_status[0], 1u); }
        ml_spent = ml_spent || (atomicLoad(&ml_status[0]) & 1u) != 0u;
    }
    return ml_spent;
}
@group(0) @binding(1) var<storage, read> ml_a1: array<f32>;
fn ml_load_1(i: u32) -> f32 { return ml_a1[i]; }
fn k_uniform_branch_55f49210(v0_mode: u32, v1_x: f32) -> f32 {
    var v2_y: f32 = v1_x;
    if ((v0_mode == 0u)) {
        v2_y = (v1_x + 1.0f);
    } else {
        if ((v0_mode == 1u)) {
            var v3_k: u32 = 0u;
            loop {
                if (!((v3_k < (v0_mode + 3u)))) { break; }
                if (ml_turn()) { break; }
                v2_y = fma(v2_y, 0.5f, v1_x);
                v3_k = (v3_k + 1u);
            }
        } else {
            v2_y = select(2.0f, (-v1_x), (v1_x > 0.0f));
        }
    }
    return v2_y;
}

fn ml_value(i: u32) -> f32 {
    ml_turns = 0u;
    let p = ml_params.slots[0].y + i;
    return k_uniform_branch_55f49210(ml_params.slots[2].x, ml_load_1(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
