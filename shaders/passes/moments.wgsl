// What each block of 4,096 places comes to: count, least, greatest, the shift c = sum / n, and the sums of (x - c) and of its
// squares, by the tree of every sum. A workgroup is a block; its values are computed twice.
var<workgroup> ml_sums: array<f32, 64>;
var<workgroup> ml_more: array<f32, 64>;

fn ml_tree(lane: u32) {
    for (var half = 32u; half > 0u; half = half >> 1u) {
        if (lane < half) {
            ml_sums[lane] = ml_fold(ml_sums[lane], ml_sums[lane + half]);
            ml_more[lane] = ml_fold(ml_more[lane], ml_more[lane + half]);
        }
        workgroupBarrier();
    }
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ML_BEGIN
    let block = group.y * groups.x + group.x;
    let n = ml_params.slots[0].x;
    let first = block * 4096u;
    let whole = n - min(first, n) >= 4096u;
    let count = min(n - min(first, n), 4096u);
    var sum = ml_identity();
    var low = bitcast<f32>(ml_params.slots[ML_SLOT].y);
    var high = bitcast<f32>(ml_params.slots[ML_SLOT].z);
    for (var round = 0u; round < 64u; round += 1u) {
        let i = first + round * 64u + lane;
        if (i < n) {
            let x = ML_VALUE;
            sum = ml_fold(sum, x);
            low = ml_min(low, x);
            high = ml_max(high, x);
        }
    }
    ml_sums[lane] = low;
    ml_more[lane] = high;
    workgroupBarrier();
    for (var half = 32u; half > 0u; half = half >> 1u) {
        if (lane < half) {
            ml_sums[lane] = ml_min(ml_sums[lane], ml_sums[lane + half]);
            ml_more[lane] = ml_max(ml_more[lane], ml_more[lane + half]);
        }
        workgroupBarrier();
    }
    if (lane == 0u && count > 0u) {
        ml_out[block * 6u] = count;
        ml_out[block * 6u + 1u] = bitcast<u32>(ml_sums[0]);
        ml_out[block * 6u + 2u] = bitcast<u32>(ml_more[0]);
    }
    workgroupBarrier();
    ml_sums[lane] = sum;
    ml_more[lane] = sum;
    workgroupBarrier();
    ml_tree(lane);
    // The reciprocal of a whole block's places, which is exact, or of the last block's, which the host has divided.
    var share = bitcast<f32>(ml_params.slots[ML_SLOT].x);
    if (whole) { share = 0.000244140625; }
    let c = ml_keep(ml_sums[0] * share);
    workgroupBarrier();
    var d1 = ml_identity();
    var d2 = ml_identity();
    for (var round = 0u; round < 64u; round += 1u) {
        let i = first + round * 64u + lane;
        if (i < n) {
            let d = ml_keep(ML_VALUE - c);
            d1 = ml_fold(d1, d);
            d2 = ml_fold(d2, ml_keep(d * d));
        }
    }
    ml_sums[lane] = d1;
    ml_more[lane] = d2;
    workgroupBarrier();
    ml_tree(lane);
    if (lane == 0u && count > 0u) {
        ml_out[block * 6u + 3u] = bitcast<u32>(c);
        ml_out[block * 6u + 4u] = bitcast<u32>(ml_sums[0]);
        ml_out[block * 6u + 5u] = bitcast<u32>(ml_more[0]);
    }
}
