// The total of each block of 4,096 places, as a scan adds it up: an invocation is a run of sixteen places, sixteen runs are
// chained to a group, sixteen groups to the block.
var<workgroup> ml_totals: array<ML_T, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ML_BEGIN
    let block = group.y * groups.x + group.x;
    let n = ml_params.slots[0].x;
    var run: array<ML_T, 16>;
    for (var k = 0u; k < 16u; k += 1u) {
        let i = block * 4096u + lane * 16u + k;
        run[k] = ml_identity();
        if (i < n) { run[k] = ML_VALUE; }
    }
    // The last of the scan alone: a tree.
    for (var d = 1u; d < 16u; d = d << 1u) {
        for (var k = 15u; k >= d && k < 16u; k -= 2u * d) { run[k] = ml_fold(run[k - d], run[k]); }
    }
    ml_totals[lane] = run[15];
    workgroupBarrier();
    var total = ml_identity();
    var before = total;
    var last = total;
    if (lane < 16u) {
        for (var k = 0u; k < 16u; k += 1u) {
            before = total;
            last = ml_totals[lane * 16u + k];
            total = ml_fold(total, last);
        }
    }
    workgroupBarrier();
    if (lane < 16u) { ml_totals[lane] = total; }
    workgroupBarrier();
    if (lane == 15u && block * 4096u < n) {
        var head = ml_identity();
        for (var k = 0u; k < 15u; k += 1u) { head = ml_fold(head, ml_totals[k]); }
        ml_out[block] = ml_fold(head, total);
        // What the block's last result is made of, for whoever stands behind it.
        ml_ends[block * 3u] = head;
        ml_ends[block * 3u + 1u] = before;
        ml_ends[block * 3u + 2u] = last;
    }
}
