// The values as words whose order as unsigned numbers is the order wanted: w ^ (sign(w) & fold) ^ flip.
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ML_BEGIN
    let i = (group.y * groups.x + group.x) * 256u + lane;
    if (i >= ml_params.slots[0].x) { return; }
    let word = bitcast<u32>(ML_VALUE);
    let sign = bitcast<u32>(bitcast<i32>(word) >> 31u);
    ml_keys[i] = word ^ (sign & ml_params.slots[ML_SLOT].x) ^ ml_params.slots[ML_SLOT].y;
    if (ml_params.slots[ML_SLOT].z == 1u) { ml_places[i] = ml_params.slots[0].y + i; }
}
