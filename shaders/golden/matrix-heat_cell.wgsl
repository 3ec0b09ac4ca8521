struct MlParams { slots: array<vec4<u32>, 4> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(6) var<storage, read_write> ml_r0: array<f32>;
@group(0) @binding(1) var<storage, read> ml_a0: array<f32>;
fn ml_load_0(i: u32) -> f32 { return ml_a0[i]; }
@group(0) @binding(2) var<storage, read> ml_a1: array<f32>;
fn ml_load_1(i: u32) -> f32 { return ml_a1[i]; }
@group(0) @binding(3) var<storage, read> ml_a2: array<f32>;
fn ml_load_2(i: u32) -> f32 { return ml_a2[i]; }
@group(0) @binding(4) var<storage, read> ml_a3: array<f32>;
fn ml_load_3(i: u32) -> f32 { return ml_a3[i]; }
@group(0) @binding(5) var<storage, read> ml_a4: array<f32>;
fn ml_load_4(i: u32) -> f32 { return ml_a4[i]; }
fn k_heat_cell_9e921cbd(v0_own: f32, v1_above: f32, v2_below: f32, v3_left: f32, v4_right: f32, v5_stay: f32, v6_rate: f32) -> f32 {
    return fma(v5_stay, v0_own, (v6_rate * (((v1_above + v2_below) + v3_left) + v4_right)));
}

fn ml_value(i: u32) -> f32 {
    let p = ml_params.slots[0].y + i;
    return k_heat_cell_9e921cbd(ml_load_0(i), ml_load_1(i), ml_load_2(i), ml_load_3(i), ml_load_4(i), bitcast<f32>(ml_params.slots[2].x), bitcast<f32>(ml_params.slots[3].x));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
