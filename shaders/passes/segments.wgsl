// Each segment folded: its blocks of 4,096 by the tree of every fold, and those paired up as they come, so that the
// association hangs on the place in the segment alone. A workgroup is a segment.
var<workgroup> ml_sums: array<ML_T, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ML_BEGIN
    let segment = group.y * groups.x + group.x;
    // So many segments of the same length, or, where that is 0, between starts.
    let length = ml_params.slots[ML_SLOT].y;
    if (segment >= ml_params.slots[ML_SLOT].x) { return; }
    var first = segment * length;
    var end = first + length;
    if (length == 0u) {
        first = ml_starts[segment];
        end = ml_starts[segment + 1u];
    }
    // An accumulator takes one place of each 64, or, where there are runs, one of each 16 of its run.
    let run = ml_params.slots[ML_SLOT].w;
    let own = select((lane >> 4u) * run + (lane & 15u), lane, run == 0u);
    let step = select(16u, 64u, run == 0u);
    let rounds = select(run / 16u, 64u, run == 0u);
    // Results of 1, 2, 4, … blocks that wait for their neighbour.
    var waiting: array<ML_T, 21>;
    var blocks = 0u;
    for (var start = first; start < end; start += 4096u) {
        var sum = ml_identity();
        for (var round = 0u; round < rounds; round += 1u) {
            let i = start + own + round * step;
            if (i < end) { sum = ml_fold(sum, ML_VALUE); }
        }
        ml_sums[lane] = sum;
        workgroupBarrier();
        for (var half = 32u; half > 0u; half = half >> 1u) {
            if (lane < half) { ml_sums[lane] = ml_fold(ml_sums[lane], ml_sums[lane + half]); }
            workgroupBarrier();
        }
        if (lane == 0u) {
            var total = ml_sums[0];
            var height = 0u;
            while (((blocks >> height) & 1u) == 1u) {
                total = ml_fold(waiting[height], total);
                height += 1u;
            }
            waiting[height] = total;
        }
        blocks += 1u;
        workgroupBarrier();
    }
    if (lane != 0u) { return; }
    if (blocks == 0u) {
        ml_out[segment] = bitcast<ML_T>(ml_params.slots[ML_SLOT].z);
        return;
    }
    // The last ones have no neighbour, and go up as they are.
    var height = 0u;
    while (((blocks >> height) & 1u) == 0u) { height += 1u; }
    var total = waiting[height];
    for (height += 1u; height < 21u; height += 1u) {
        if (((blocks >> height) & 1u) == 1u) { total = ml_fold(waiting[height], total); }
    }
    ml_out[segment] = total;
}
