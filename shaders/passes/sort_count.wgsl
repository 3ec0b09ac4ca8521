// How often each of sixteen digits occurs in each block of 4,096 keys: all blocks of a digit lie together.
var<workgroup> ml_digits: array<atomic<u32>, 16>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ML_BEGIN
    let block = group.y * groups.x + group.x;
    let n = ml_params.slots[0].x;
    let shift = ml_params.slots[ML_SLOT].x;
    let mask = ml_params.slots[ML_SLOT].y;
    let blocks = ml_params.slots[ML_SLOT].z;
    if (lane < 16u) { atomicStore(&ml_digits[lane], 0u); }
    workgroupBarrier();
    for (var round = 0u; round < 16u; round += 1u) {
        let i = block * 4096u + round * 256u + lane;
        if (i < n) { atomicAdd(&ml_digits[(ml_keys[i] >> shift) & mask], 1u); }
    }
    workgroupBarrier();
    if (lane < 16u && block < blocks) { ml_counts[lane * blocks + block] = atomicLoad(&ml_digits[lane]); }
}
