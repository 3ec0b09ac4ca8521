// A tile of results for each workgroup: 16 by 16 invocations, each with `ml_per` rows and columns that are 16 apart, so that
// neighbours read neighbours of the workgroup's memory. Each result is one chain over all steps in their order.
const ml_side: u32 = 16u * ml_per;
// One more, so that what is written across the rows falls on different banks.
const ml_pitch: u32 = ml_side + 1u;
var<workgroup> ml_down: array<ML_T, ml_deep * ml_pitch>;
var<workgroup> ml_across: array<ML_T, ml_deep * ml_pitch>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    ML_BEGIN
    let rows = ml_shape[0];
    let columns = ml_shape[1];
    let depth = ml_shape[2];
    let wide = (columns + ml_side - 1u) / ml_side;
    let tiles = wide * ((rows + ml_side - 1u) / ml_side);
    let number = group.y * groups.x + group.x;
    if (number >= tiles * ml_shape[3]) { return; }
    let batch = number / tiles;
    let top = number % tiles / wide * ml_side;
    let left = number % tiles % wide * ml_side;
    // For each matrix its start, how far the next below and beside are, and the next of a batch.
    let a = vec4<u32>(ml_shape[4] + batch * ml_shape[7], ml_shape[5], ml_shape[6], 0u);
    let b = vec4<u32>(ml_shape[8] + batch * ml_shape[11], ml_shape[9], ml_shape[10], 0u);
    let down = lane / 16u;
    let across = lane % 16u;

    // Where there is no row or column, the last one stands for it.
    var sums: array<ML_T, ml_per * ml_per>;
    for (var r = 0u; r < ml_per; r += 1u) {
        for (var c = 0u; c < ml_per; c += 1u) {
            var first = bitcast<ML_T>(ml_shape[26]);
            if (ml_shape[19] != 0u) {
                let row = batch * rows + min(top + r * 16u + down, rows - 1u);
                let column = min(left + c * 16u + across, columns - 1u);
                first = ml_first[ml_shape[16] + row * ml_shape[17] + column * ml_shape[18]];
            }
            sums[r * ml_per + c] = first;
        }
    }
    for (var near = 0u; near < depth; near += ml_deep) {
        for (var n = lane; n < ml_side * ml_deep; n += 256u) {
            // Neighbours read what lies together.
            var p = n % ml_side;
            var k = n / ml_side;
            if (a.z == 1u) {
                p = n / ml_deep;
                k = n % ml_deep;
            }
            ml_down[k * ml_pitch + p] = ml_a[a.x + min(top + p, rows - 1u) * a.y + min(near + k, depth - 1u) * a.z];
            p = n % ml_side;
            k = n / ml_side;
            if (b.y == 1u) {
                p = n / ml_deep;
                k = n % ml_deep;
            }
            ml_across[k * ml_pitch + p] = ml_b[b.x + min(near + k, depth - 1u) * b.y + min(left + p, columns - 1u) * b.z];
        }
        workgroupBarrier();
        let steps = min(ml_deep, depth - near);
        for (var k = 0u; k < steps; k += 1u) {
            var of_rows: array<ML_T, ml_per>;
            for (var r = 0u; r < ml_per; r += 1u) { of_rows[r] = ml_down[k * ml_pitch + r * 16u + down]; }
            for (var c = 0u; c < ml_per; c += 1u) {
                let of_column = ml_across[k * ml_pitch + c * 16u + across];
                for (var r = 0u; r < ml_per; r += 1u) {
                    sums[r * ml_per + c] = ml_step(sums[r * ml_per + c], of_rows[r], of_column);
                }
            }
        }
        workgroupBarrier();
    }
    for (var r = 0u; r < ml_per; r += 1u) {
        for (var c = 0u; c < ml_per; c += 1u) {
            let row = top + r * 16u + down;
            let column = left + c * 16u + across;
            if (row < rows && column < columns) {
                let all = batch * rows + row;
                var value = sums[r * ml_per + c];
                if (ml_shape[27] != 0u) { value = ml_times(bitcast<ML_T>(ml_shape[24]), value); }
                if (ml_shape[23] != 0u) {
                    let added = ml_add[ml_shape[20] + all * ml_shape[21] + column * ml_shape[22]];
                    value = ml_plus(value, ml_times(bitcast<ML_T>(ml_shape[25]), added));
                }
                ml_out[ml_shape[12] + all * columns + column] = value;
            }
        }
    }
}
