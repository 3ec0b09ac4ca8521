// What stands in front of each strip of 64 rows, column by column: an invocation chains the totals of its column.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ML_BEGIN
    let width = ml_params.slots[ML_SLOT].x;
    let strips = ml_params.slots[ML_SLOT].y;
    let column = (group.y * groups.x + group.x) * 64u + lane;
    if (column >= width) { return; }
    var total = ml_before[column];
    for (var strip = 0u; strip < strips; strip += 1u) {
        let at = strip * width + column;
        let own = ml_out[at];
        ml_out[at] = total;
        total = ml_fold(total, own);
    }
}
