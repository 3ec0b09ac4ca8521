// The scan of each block of 4,096 places, behind the prefix of the block: an invocation is a run of sixteen places.
fn ml_first() -> ML_T { return bitcast<ML_T>(ml_params.slots[ML_SLOT].y); }

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ML_BEGIN
    let block = group.y * groups.x + group.x;
    let n = ml_params.slots[0].x;
    let exclusive = ml_params.slots[ML_SLOT].x == 1u;
    let first = block * 4096u + lane * 16u;
    var run: array<ML_T, 16>;
    for (var k = 0u; k < 16u; k += 1u) {
        let i = first + k;
        run[k] = ml_identity();
        if (i < n) { run[k] = ML_VALUE; }
    }
    run = ml_scan_run(run);
    ml_chain_runs(lane, run[15]);
    let before = ml_fold(ml_fold(ml_prefix[block], ml_heads[lane >> 4u]), ml_runs[lane]);
    for (var k = 0u; k < 16u; k += 1u) { run[k] = ml_fold(before, run[k]); }
    // The result of the place before the run's first: of another run, another block, or none.
    workgroupBarrier();
    ml_runs[lane] = run[15];
    workgroupBarrier();
    if (first >= n) { return; }
    if (!exclusive) {
        for (var k = 0u; k < 16u && first + k < n; k += 1u) { ml_out[first + k] = run[k]; }
        return;
    }
    var previous = ml_first();
    if (lane > 0u) {
        previous = ml_runs[lane - 1u];
    } else if (block > 0u) {
        let end = (block - 1u) * 3u;
        previous = ml_fold(ml_fold(ml_fold(ml_prefix[block - 1u], ml_ends[end]), ml_ends[end + 1u]), ml_ends[end + 2u]);
    }
    ml_out[first] = previous;
    for (var k = 1u; k < 16u && first + k < n; k += 1u) { ml_out[first + k] = run[k - 1u]; }
}
