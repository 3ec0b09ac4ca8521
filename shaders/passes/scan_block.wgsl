// A block of 4,096 places in runs of sixteen, one of each invocation.
var<workgroup> ml_runs: array<ML_T, 256>;
var<workgroup> ml_heads: array<ML_T, 16>;
// What the block comes to.
var<workgroup> ml_total: ML_T;

// The scan of a run, every step from what the step before left: y[i] = y[i - d] + y[i] for d = 1, 2, 4, 8.
fn ml_scan_run(x: array<ML_T, 16>) -> array<ML_T, 16> {
    var y = x;
    for (var d = 1u; d < 16u; d = d << 1u) {
        for (var i = 15u; i >= d; i -= 1u) { y[i] = ml_fold(y[i - d], y[i]); }
    }
    return y;
}

// Chains what the runs come to: leaves what stands in front of each run in its group, and of each group in the block.
fn ml_chain_runs(lane: u32, last: ML_T) {
    ml_runs[lane] = last;
    workgroupBarrier();
    if (lane < 16u) {
        var total = ml_identity();
        for (var k = 0u; k < 16u; k += 1u) {
            let own = ml_runs[lane * 16u + k];
            ml_runs[lane * 16u + k] = total;
            total = ml_fold(total, own);
        }
        ml_heads[lane] = total;
    }
    workgroupBarrier();
    if (lane == 0u) {
        var total = ml_identity();
        for (var k = 0u; k < 16u; k += 1u) {
            let own = ml_heads[k];
            ml_heads[k] = total;
            total = ml_fold(total, own);
        }
        ml_total = total;
    }
    workgroupBarrier();
}

