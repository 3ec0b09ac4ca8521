// What stands in front of each block: an invocation chains the totals of 256 blocks, and leaves the total of them all.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ML_BEGIN
    let blocks = ml_params.slots[ML_SLOT].x;
    // So many blocks of the first chain stand in front, and come to so much.
    let before = ml_params.slots[ML_SLOT].y;
    let chain = (group.y * groups.x + group.x) * 64u + lane;
    if (chain * 256u >= before + blocks) { return; }
    var total = ml_identity();
    if (chain == 0u && before > 0u) { total = bitcast<ML_T>(ml_params.slots[ML_SLOT].z); }
    for (var k = max(chain * 256u, before) - before; k < min(chain * 256u + 256u - before, blocks); k += 1u) {
        let own = ml_out[k];
        ml_out[k] = total;
        total = ml_fold(total, own);
    }
    ml_chains[chain] = total;
}
