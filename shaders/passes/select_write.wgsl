// The selected places of each block, in order, behind those of the blocks before it; and the others behind all of those, where
// they are wanted too.
var<workgroup> ml_counts: array<u32, 256>;
var<workgroup> ml_heads: array<u32, 16>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ML_BEGIN
    let block = group.y * groups.x + group.x;
    let n = ml_params.slots[0].x;
    // The selected of all blocks, and whether the others come behind them.
    let all = ml_params.slots[ML_SLOT].x;
    let both = ml_params.slots[ML_SLOT].y == 1u;
    let first = block * 4096u + lane * 16u;
    var selected = 0u;
    for (var k = 0u; k < 16u && first + k < n; k += 1u) {
        if (ml_selected(first + k)) { selected |= 1u << k; }
    }
    ml_counts[lane] = countOneBits(selected);
    workgroupBarrier();
    if (lane < 16u) {
        var total = 0u;
        for (var k = 0u; k < 16u; k += 1u) {
            let own = ml_counts[lane * 16u + k];
            ml_counts[lane * 16u + k] = total;
            total += own;
        }
        ml_heads[lane] = total;
    }
    workgroupBarrier();
    if (first >= n) { return; }
    var before = ml_blocks[block] + ml_counts[lane];
    let heads = lane >> 4u;
    for (var k = 0u; k < heads; k += 1u) { before += ml_heads[k]; }
    for (var k = 0u; k < 16u && first + k < n; k += 1u) {
        let i = first + k;
        if (((selected >> k) & 1u) == 1u) {
            ml_out[before] = ml_chosen(i);
            before += 1u;
        } else if (both) {
            ml_out[all + i - before] = ml_chosen(i);
        }
    }
}
