// Words back to the values that they stand for.
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ML_BEGIN
    let i = (group.y * groups.x + group.x) * 256u + lane;
    if (i >= ml_params.slots[0].x) { return; }
    let word = ml_keys[i] ^ ml_params.slots[ML_SLOT].y;
    let sign = bitcast<u32>(bitcast<i32>(word) >> 31u);
    ml_out[i] = bitcast<ML_T>(word ^ (sign & ml_params.slots[ML_SLOT].x));
}
