struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(1) var<storage, read_write> ml_a0: array<u32>;
fn ml_load_0(i: u32) -> u32 { return ml_a0[i]; }
struct k_bump_6a504c49_out {
    r0: u32,
    r1: u32,
}
fn k_bump_6a504c49(p0: u32) -> k_bump_6a504c49_out {
    var v0_y: u32 = p0;
    v0_y = (v0_y + 1u);
    return k_bump_6a504c49_out((v0_y * 2u), v0_y);
}

fn ml_value(i: u32) -> k_bump_6a504c49_out {
    let p = ml_params.slots[0].y + i;
    return k_bump_6a504c49(ml_load_0(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0.r0;
    ml_a0[first + 0u] = v0.r1;
}
