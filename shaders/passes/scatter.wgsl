// Every value joined to the place that is named for it. Where there are few places a workgroup has its own, and joins them to
// all at the end; it takes several blocks of 4,096 values, so that there are few to join.
const ML_FEW: u32 = 2048u;
var<workgroup> ml_own: array<atomic<u32>, ML_FEW>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ML_BEGIN
    let places = ml_params.slots[ML_SLOT].x;
    let blocks = ml_params.slots[ML_SLOT].y;
    let n = ml_params.slots[0].x;
    let nothing = bitcast<u32>(ml_identity());
    for (var at = lane; at < ML_FEW; at += 256u) { atomicStore(&ml_own[at], nothing); }
    workgroupBarrier();
    let first = (group.y * groups.x + group.x) * blocks * 4096u;
    for (var round = 0u; round < blocks * 16u; round += 1u) {
        let i = first + round * 256u + lane;
        if (i < n) {
            let at = ml_places[i];
            if (at >= places) {
                atomicMin(&ml_beyond[0], i);
            } else if (places <= ML_FEW) {
                ml_join_own(at, ML_VALUE);
            } else {
                ml_join_all(at, ML_VALUE);
            }
        }
    }
    workgroupBarrier();
    if (places > ML_FEW) { return; }
    for (var at = lane; at < places; at += 256u) {
        let own = atomicLoad(&ml_own[at]);
        if (own != nothing) { ml_join_all(at, bitcast<ML_T>(own)); }
    }
}
