// The exact sum of each block of 4,096 places, in words of 16 bits with room for carries: a number is a whole multiple of
// 2^-149, and goes in pieces to the words that it reaches. Behind the words stand the counts of NaN, infinity and negative
// infinity. A workgroup is a block.
var<workgroup> ml_words: array<atomic<i32>, 22>;

fn ml_add_piece(at: u32, negative: bool, piece: u32) {
    if (piece == 0u) { return; }
    atomicAdd(&ml_words[at], select(i32(piece), -i32(piece), negative));
}

fn ml_add_number(bits: u32) {
    let negative = bits >= 0x80000000u;
    let exponent = (bits >> 23u) & 255u;
    let fraction = bits & 0x7fffffu;
    if (exponent == 255u) {
        var which = 19u;
        if (fraction == 0u) { which = select(20u, 21u, negative); }
        atomicAdd(&ml_words[which], 1);
        return;
    }
    let m = fraction | select(0u, 0x800000u, exponent > 0u);
    let shift = max(exponent, 1u) - 1u;
    let at = shift >> 4u;
    let low = m << (shift & 15u);
    // Of 39 bits those behind the first 32; by steps, as a shift by 32 is none.
    let high = (m >> 16u) >> (16u - (shift & 15u));
    ml_add_piece(at, negative, low & 0xffffu);
    ml_add_piece(at + 1u, negative, low >> 16u);
    ml_add_piece(at + 2u, negative, high);
}

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ML_BEGIN
    let block = group.y * groups.x + group.x;
    let n = ml_params.slots[0].x;
    if (lane < 22u) { atomicStore(&ml_words[lane], 0); }
    workgroupBarrier();
    for (var round = 0u; round < 16u; round += 1u) {
        let i = block * 4096u + round * 256u + lane;
        if (i < n) { ml_add_number(bitcast<u32>(ML_VALUE)); }
    }
    workgroupBarrier();
    if (lane < 22u && block * 4096u < n) { ml_out[block * 22u + lane] = bitcast<u32>(atomicLoad(&ml_words[lane])); }
}
