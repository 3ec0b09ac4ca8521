// Each segment scanned by itself, in the order of every scan, counted from its own start. A workgroup is a segment and goes
// through it block by block; an invocation is a run of sixteen places.
var<workgroup> ml_ends: array<ML_T, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ML_BEGIN
    let segment = group.y * groups.x + group.x;
    // So many segments of the same length, or, where that is 0, between starts.
    let length = ml_params.slots[ML_SLOT].y;
    let exclusive = ml_params.slots[ML_SLOT].z == 1u;
    if (segment >= ml_params.slots[ML_SLOT].x) { return; }
    var begin = segment * length;
    var end = begin + length;
    if (length == 0u) {
        begin = ml_starts[segment];
        end = ml_starts[segment + 1u];
    }
    // Of the chains before, of the blocks before in the chain, and the result of the place before.
    var chains = ml_identity();
    var chain = ml_identity();
    var passed = 0u;
    var last = bitcast<ML_T>(ml_params.slots[ML_SLOT].w);
    for (var start = begin; start < end; start += 4096u) {
        let first = start + lane * 16u;
        var run: array<ML_T, 16>;
        for (var k = 0u; k < 16u; k += 1u) {
            let i = first + k;
            run[k] = ml_identity();
            if (i < end) { run[k] = ML_VALUE; }
        }
        run = ml_scan_run(run);
        ml_chain_runs(lane, run[15]);
        let before = ml_fold(ml_fold(ml_fold(chains, chain), ml_heads[lane >> 4u]), ml_runs[lane]);
        for (var k = 0u; k < 16u; k += 1u) { run[k] = ml_fold(before, run[k]); }
        ml_ends[lane] = run[15];
        workgroupBarrier();
        if (exclusive) {
            var previous = last;
            if (lane > 0u) { previous = ml_ends[lane - 1u]; }
            if (first < end) { ml_out[first] = previous; }
            for (var k = 1u; k < 16u && first + k < end; k += 1u) { ml_out[first + k] = run[k - 1u]; }
        } else {
            for (var k = 0u; k < 16u && first + k < end; k += 1u) { ml_out[first + k] = run[k]; }
        }
        last = ml_ends[255];
        chain = ml_fold(chain, ml_total);
        passed += 1u;
        if (passed == 256u) {
            chains = ml_fold(chains, chain);
            chain = ml_identity();
            passed = 0u;
        }
        workgroupBarrier();
    }
}
