// Each column of 64 rows scanned from the top, behind what stands in front of the strip. An invocation is a column of a strip;
// neighbours write neighbours.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ML_BEGIN
    let width = ml_params.slots[ML_SLOT].x;
    let strips = ml_params.slots[ML_SLOT].y;
    // 0: inclusive; 1: exclusive; 2: exclusive, and the first strip is the first of all.
    let how = ml_params.slots[ML_SLOT].z;
    let at = (group.y * groups.x + group.x) * 64u + lane;
    if (at >= width * strips) { return; }
    let strip = at / width;
    let n = ml_params.slots[0].x;
    let before = ml_prefix[at];
    var previous = before;
    if (how == 2u && strip == 0u) { previous = bitcast<ML_T>(ml_params.slots[ML_SLOT].w); }
    var running = ml_identity();
    for (var row = 0u; row < 64u; row += 1u) {
        let i = (strip * 64u + row) * width + at % width;
        if (i >= n) { return; }
        running = ml_fold(running, ML_VALUE);
        let result = ml_fold(before, running);
        ml_out[i] = select(result, previous, how > 0u);
        previous = result;
    }
}
