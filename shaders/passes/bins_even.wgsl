// The place of a value among even bins: (x - lo) / width, rounded down; the largest number for what is outside.
fn ml_bin(x: f32) -> u32 {
    let slot = ml_params.slots[ML_SLOT];
    let place = (x - bitcast<f32>(slot.z)) / bitcast<f32>(slot.w);
    let bits = bitcast<u32>(place);
    // Neither negative nor infinite nor NaN, by its bits; -0.0 is the first bin's.
    if (bits == 0x80000000u) { return 0u; }
    if (bits >= 0x7f800000u || place >= f32(slot.x)) { return 0xffffffffu; }
    return u32(place);
}
