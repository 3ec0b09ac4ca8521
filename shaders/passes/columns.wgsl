// Each column of 64 rows folded from the top. An invocation is a column of such a strip; neighbours read neighbours.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ML_BEGIN
    let width = ml_params.slots[ML_SLOT].x;
    let strips = ml_params.slots[ML_SLOT].y;
    let at = (group.y * groups.x + group.x) * 64u + lane;
    if (at >= width * strips) { return; }
    let strip = at / width;
    let n = ml_params.slots[0].x;
    var total = ml_identity();
    for (var row = 0u; row < 64u; row += 1u) {
        let i = (strip * 64u + row) * width + at % width;
        if (i < n) { total = ml_fold(total, ML_VALUE); }
    }
    ml_out[at] = total;
}
