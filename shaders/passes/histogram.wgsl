// How many values fall into each bin. Where there are few bins a workgroup counts its own, and adds them up at the end; else
// all count in one place. A workgroup takes several blocks of 4,096 places, so that there are few to add up.
const ML_BINS: u32 = 2048u;
var<workgroup> ml_own: array<atomic<u32>, ML_BINS>;

fn ml_count(i: u32, bins: u32) {
    let bin = ml_bin(ML_VALUE);
    if (bin >= bins) { return; }
    if (bins <= ML_BINS) { atomicAdd(&ml_own[bin], 1u); } else { atomicAdd(&ml_out[bin], 1u); }
}

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ML_BEGIN
    let bins = ml_params.slots[ML_SLOT].x;
    let blocks = ml_params.slots[ML_SLOT].y;
    let n = ml_params.slots[0].x;
    for (var bin = lane; bin < ML_BINS; bin += 256u) { atomicStore(&ml_own[bin], 0u); }
    workgroupBarrier();
    let first = (group.y * groups.x + group.x) * blocks * 4096u;
    for (var round = 0u; round < blocks * 16u; round += 1u) {
        let i = first + round * 256u + lane;
        if (i < n) { ml_count(i, bins); }
    }
    workgroupBarrier();
    for (var bin = lane; bin < min(bins, ML_BINS); bin += 256u) {
        let count = atomicLoad(&ml_own[bin]);
        if (count > 0u) { atomicAdd(&ml_out[bin], count); }
    }
}
