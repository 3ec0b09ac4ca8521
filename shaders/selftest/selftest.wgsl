// What a device must be able to do, and what it does to floats. One workgroup; src/device/gpu/self_test.rs has the
// expected values. All numbers come from buffers, so that no compiler can work them out beforehand.

struct Params {
    turns: u32,
    seed: u32,
    triples: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
// 4096 floats to sum, then NaN and 1.0, then triples (a, b, c).
@group(0) @binding(1) var<storage, read> input: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<u32>;

const BLOCK = 4096u;
const WIDTH = 64u;

var<workgroup> tree: array<f32, WIDTH>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) j: u32) {
    // The fixed tree: 64 interleaved accumulators, then halves.
    var sum = input[j];
    for (var i = j + WIDTH; i < BLOCK; i += WIDTH) {
        sum += input[i];
    }
    tree[j] = sum;
    workgroupBarrier();
    for (var half = WIDTH / 2u; half > 0u; half /= 2u) {
        if j < half {
            tree[j] += tree[j + half];
        }
        workgroupBarrier();
    }
    if j != 0u {
        return;
    }
    result[2] = bitcast<u32>(tree[0]);

    // More turns than Mesa's lavapipe before 25 runs.
    var turns = 0u;
    var state = params.seed;
    while turns < params.turns {
        state = state * 1664525u + 1013904223u;
        turns += 1u;
    }
    result[0] = turns;
    result[1] = state;

    let nan = input[BLOCK];
    let one = input[BLOCK + 1u];
    var flags = 0u;
    flags |= select(0u, 1u, (bitcast<u32>(nan) & 0x7fffffffu) > 0x7f800000u);
    flags |= select(0u, 2u, !((bitcast<u32>(one) & 0x7fffffffu) > 0x7f800000u));
    flags |= select(0u, 4u, !(nan == nan));
    flags |= select(0u, 8u, !(nan == one));
    flags |= select(0u, 16u, one == one);
    flags |= select(0u, 32u, !(nan < one) && !(nan > one));
    flags |= select(0u, 64u, !(one <= nan) && !(one >= nan));
    result[3] = flags;

    // What might be contracted, term by term and in a running sum.
    var dot = 0.0;
    for (var k = 0u; k < params.triples; k += 1u) {
        let a = input[BLOCK + 2u + 3u * k];
        let b = input[BLOCK + 3u + 3u * k];
        let c = input[BLOCK + 4u + 3u * k];
        dot += a * b;
        let at = 5u + 6u * k;
        result[at] = bitcast<u32>(a * b + c);
        result[at + 1u] = bitcast<u32>(a * b - c);
        result[at + 2u] = bitcast<u32>(c - a * b);
        result[at + 3u] = bitcast<u32>(a / b);
        result[at + 4u] = bitcast<u32>(sqrt(a));
        result[at + 5u] = bitcast<u32>(a * 1.1754944e-38 * 0.5);
    }
    result[4] = bitcast<u32>(dot);
}
