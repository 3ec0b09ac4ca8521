struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<i32>;
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
@group(0) @binding(2) var<storage, read> ml_a1: array<i32>;
fn ml_load_1(i: u32) -> i32 { return ml_a1[i]; }
fn k_matched_9994162a(v0_x: i32, v1_y: i32) -> i32 {
    var v5_given: i32;
    let v2_t: i32 = v0_x;
    let v3_a: i32 = select(select(select(select(select(select((v2_t ^ v1_y), (v0_x * 2i), ((v2_t >= (-2147483647i - 1i)) && (v2_t <= 20i))), (-v2_t), (v2_t < 0i)), 999i, (v2_t == 9i)), 300i, ((v2_t >= 3i) && (v2_t <= 5i))), (200i + v1_y), ((v2_t == 1i) || (v2_t == 2i))), 100i, (v2_t == 0i));
    let v4_t: u32 = u32((v1_y & 3i));
    var v9_either: i32;
    if ((v4_t == 0u)) {
        if ((v3_a > 150i)) {
            v5_given = v3_a;
            return v5_given;
        }
        v9_either = (v3_a + 1i);
    } else {
        var v8_either: i32;
        if ((v4_t == 1u)) {
            v8_either = (v3_a - 1i);
        } else {
            var v7_either: i32;
            if ((v4_t == 2u)) {
                var v6_b: i32 = v3_a;
                loop {
                    if (!((v6_b > 10i))) { break; }
                    if (ml_turn()) { break; }
                    v6_b = ml_div_i32(v6_b, 3i);
                }
                v7_either = v6_b;
            } else {
                v7_either = 0i;
            }
            v8_either = v7_either;
        }
        v9_either = v8_either;
    }
    v5_given = v9_either;
    return v5_given;
}

fn ml_value(i: u32) -> i32 {
    ml_turns = 0u;
    let p = ml_params.slots[0].y + i;
    return k_matched_9994162a(ml_load_0(i), ml_load_1(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
