struct MlParams { slots: array<vec4<u32>, 2> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(1) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(2) var<storage, read_write> ml_r1: array<u32>;
struct k_cells_b7525cde_out {
    r0: u32,
    r1: u32,
}
fn k_cells_b7525cde(p0: vec2<u32>) -> k_cells_b7525cde_out {
    return k_cells_b7525cde_out(p0.x, p0.y);
}

fn ml_value(i: u32) -> k_cells_b7525cde_out {
    let p = ml_params.slots[0].y + i;
    return k_cells_b7525cde(vec2<u32>(p % ml_params.slots[0].z, p / ml_params.slots[0].z));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0.r0;
    ml_r1[first + 0u] = v0.r1;
}
