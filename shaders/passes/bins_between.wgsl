// The place of a value between edges that ascend: the last edge that is not above it; the largest number for what is outside.
fn ml_bin(x: f32) -> u32 {
    let edges = ml_params.slots[ML_SLOT].x + 1u;
    if (ml_is_nan(x) || x < ml_edges[0]) { return 0xffffffffu; }
    var base = 0u;
    var n = edges;
    while (n > 1u) {
        let half = n / 2u;
        if (x >= ml_edges[base + half]) { base += half; }
        n -= half;
    }
    return base;
}
