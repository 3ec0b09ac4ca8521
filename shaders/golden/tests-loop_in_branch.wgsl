struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<i32>;
@group(0) @binding(3) var<storage, read_write> ml_r1: array<i32>;
@group(0) @binding(4) var<storage, read_write> ml_status: array<atomic<u32>>;
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
@group(0) @binding(1) var<storage, read> ml_a0: array<i32>;
fn ml_load_0(i: u32) -> i32 { return ml_a0[i]; }
struct k_loop_in_branch_6bdf9994_out {
    r0: i32,
    r1: i32,
}
fn k_loop_in_branch_6bdf9994(v0_x: i32) -> k_loop_in_branch_6bdf9994_out {
    var v1_y: i32 = v0_x;
    var v2_z: i32 = 1i;
    if (((v0_x & 3i) == 1i)) {
        loop {
            if (!((v1_y > 0i))) { break; }
            if (ml_turn()) { break; }
            v1_y = (v1_y - 7i);
            v2_z = (v2_z + v1_y);
        }
    } else {
        if (((v0_x & 3i) == 2i)) {
            var v3_k: i32 = 0i;
            loop {
                if (!((v3_k < (v0_x & 15i)))) { break; }
                if (ml_turn()) { break; }
                if (((v3_k & 1i) == 0i)) {
                    v1_y = (v1_y + v2_z);
                } else {
                    v2_z = (v2_z - v3_k);
                }
                v3_k = (v3_k + 1i);
            }
        } else {
            v1_y = (-v0_x);
        }
    }
    return k_loop_in_branch_6bdf9994_out(v1_y, v2_z);
}

fn ml_value(i: u32) -> k_loop_in_branch_6bdf9994_out {
    ml_turns = 0u;
    let p = ml_params.slots[0].y + i;
    return k_loop_in_branch_6bdf9994(ml_load_0(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0.r0;
    ml_r1[first + 0u] = v0.r1;
}
