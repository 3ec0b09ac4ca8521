struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(3) var<storage, read_write> ml_r1: array<u32>;
@group(0) @binding(4) var<storage, read_write> ml_r2: array<u32>;
@group(0) @binding(5) var<storage, read_write> ml_r3: array<u32>;
@group(0) @binding(6) var<storage, read_write> ml_status: array<atomic<u32>>;
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
@group(0) @binding(1) var<storage, read> ml_a0: array<u32>;
fn ml_load_0(i: u32) -> u32 { return ml_a0[i]; }
struct k_nested_loops_3d6644d1_out {
    r0: u32,
    r1: u32,
    r2: u32,
    r3: u32,
}
fn k_nested_loops_3d6644d1(v0_start: u32) -> k_nested_loops_3d6644d1_out {
    var v1_n: u32 = (ml_rem_u32(v0_start, 1000u) + 1u);
    var v2_steps: u32 = 0u;
    var v3_peak: u32 = v1_n;
    var v4_total: u32 = 0u;
    var v5_last: u32 = 77u;
    loop {
        if (!(((v1_n != 1u) && (v2_steps < 300u)))) { break; }
        if (ml_turn()) { break; }
        var v6_end: u32 = ml_rem_u32(v1_n, 7u);
        var v7_j: u32 = 0u;
        loop {
            if (!((v7_j < v6_end))) { break; }
            if (ml_turn()) { break; }
            v4_total = (v4_total + (v7_j ^ v1_n));
            v7_j = (v7_j + 1u);
            if ((ml_rem_u32(v4_total, 11u) == 3u)) {
                v6_end = (v6_end - 1u);
            }
        }
        v5_last = (v7_j + (v6_end * 100u));
        if ((ml_rem_u32(v1_n, 2u) == 0u)) {
            v1_n = ml_div_u32(v1_n, 2u);
        } else {
            v1_n = ((3u * v1_n) + 1u);
        }
        if ((v1_n > v3_peak)) {
            v3_peak = v1_n;
        }
        v2_steps = (v2_steps + 1u);
    }
    return k_nested_loops_3d6644d1_out(v2_steps, v3_peak, v4_total, v5_last);
}

fn ml_value(i: u32) -> k_nested_loops_3d6644d1_out {
    ml_turns = 0u;
    let p = ml_params.slots[0].y + i;
    return k_nested_loops_3d6644d1(ml_load_0(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0.r0;
    ml_r1[first + 0u] = v0.r1;
    ml_r2[first + 0u] = v0.r2;
    ml_r3[first + 0u] = v0.r3;
}
