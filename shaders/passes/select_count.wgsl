// How many places of each block of 4,096 are selected: an invocation looks at sixteen.
var<workgroup> ml_counts: array<u32, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ML_BEGIN
    let block = group.y * groups.x + group.x;
    let n = ml_params.slots[0].x;
    let first = block * 4096u + lane * 16u;
    var count = 0u;
    for (var k = 0u; k < 16u && first + k < n; k += 1u) {
        if (ml_selected(first + k)) { count += 1u; }
    }
    ml_counts[lane] = count;
    workgroupBarrier();
    for (var half = 128u; half > 0u; half = half >> 1u) {
        if (lane < half) { ml_counts[lane] += ml_counts[lane + half]; }
        workgroupBarrier();
    }
    if (lane == 0u && block * 4096u < n) { ml_blocks[block] = ml_counts[0]; }
}
