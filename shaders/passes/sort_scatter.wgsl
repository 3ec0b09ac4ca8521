// Each key, and its place if it has one, to where its digit's keys go: behind those of the digit in earlier blocks, in earlier
// invocations of its own (sixteen keys each, in order), and before it in its own. So equal digits keep their order.
//
// Counts of sixteen digits are packed two to a word: a block has at most 4,096.
var<workgroup> ml_packed: array<array<u32, 8>, 256>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ML_BEGIN
    let block = group.y * groups.x + group.x;
    let n = ml_params.slots[0].x;
    let shift = ml_params.slots[ML_SLOT].x;
    let mask = ml_params.slots[ML_SLOT].y;
    let blocks = ml_params.slots[ML_SLOT].z;
    let pairs = ml_params.slots[ML_SLOT].w == 1u;
    let first = block * 4096u + lane * 16u;
    var own: array<u32, 8>;
    for (var k = 0u; k < 16u && first + k < n; k += 1u) {
        let digit = (ml_keys[first + k] >> shift) & mask;
        own[digit >> 1u] += 1u << ((digit & 1u) * 16u);
    }
    ml_packed[lane] = own;
    workgroupBarrier();
    var sum = own;
    for (var d = 1u; d < 256u; d = d << 1u) {
        var before: array<u32, 8>;
        if (lane >= d) { before = ml_packed[lane - d]; }
        workgroupBarrier();
        for (var w = 0u; w < 8u; w += 1u) { sum[w] += before[w]; }
        ml_packed[lane] = sum;
        workgroupBarrier();
    }
    // Without its own: of those in front.
    for (var w = 0u; w < 8u; w += 1u) { sum[w] -= own[w]; }
    for (var k = 0u; k < 16u && first + k < n; k += 1u) {
        let key = ml_keys[first + k];
        let digit = (key >> shift) & mask;
        let half = (digit & 1u) * 16u;
        let to = ml_counts[digit * blocks + block] + ((sum[digit >> 1u] >> half) & 0xffffu);
        sum[digit >> 1u] += 1u << half;
        ml_sorted[to] = key;
        if (pairs) { ml_moved[to] = ml_places[first + k]; }
    }
}
