// The prefix of each block: what stands in front of its chain, and then of it in the chain. What stands in front of the
// chains is chained by each invocation for itself: they are few (one for each Mi of places).
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ML_BEGIN
    let blocks = ml_params.slots[ML_SLOT].x;
    let block = (group.y * groups.x + group.x) * 256u + lane;
    if (block >= blocks) { return; }
    let chains = (block + ml_params.slots[ML_SLOT].y) >> 8u;
    var before = bitcast<ML_T>(ml_params.slots[ML_SLOT].w);
    for (var chain = 0u; chain < chains; chain += 1u) { before = ml_fold(before, ml_chains[chain]); }
    ml_out[block] = ml_fold(before, ml_out[block]);
}
