// One value for each block of 4,096 places, by the fixed tree: accumulator j (of 64) takes the places j, j + 64, …, then
// j takes j + 32, j + 16, …, j + 1. A workgroup is a block, an invocation an accumulator.
var<workgroup> ml_sums: array<ML_T, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ML_BEGIN
    let block = group.y * groups.x + group.x;
    let n = ml_params.slots[0].x;
    var sum = ml_identity();
    for (var round = 0u; round < 64u; round += 1u) {
        let i = block * 4096u + round * 64u + lane;
        if (i < n) { sum = ml_fold(sum, ML_VALUE); }
    }
    ml_sums[lane] = sum;
    workgroupBarrier();
    for (var half = 32u; half > 0u; half = half >> 1u) {
        if (lane < half) { ml_sums[lane] = ml_fold(ml_sums[lane], ml_sums[lane + half]); }
        workgroupBarrier();
    }
    if (lane == 0u && block * 4096u < n) { ml_out[block] = ml_sums[0]; }
}
