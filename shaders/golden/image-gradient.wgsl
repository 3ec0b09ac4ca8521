struct MlParams { slots: array<vec4<u32>, 4> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(3) var<storage, read_write> ml_r1: array<u32>;
@group(0) @binding(4) var<storage, read_write> ml_r2: array<i32>;
@group(0) @binding(1) var<storage, read> ml_a1: array<u32>;
fn ml_load_1(i: u32) -> u32 { return ((ml_a1[(i) >> 2u] >> (((i) & 3u) * 8u)) & 0xffu); }
fn ml_width_1() -> u32 { return ml_params.slots[2].x; }
fn ml_height_1() -> u32 { return ml_params.slots[2].y; }
fn ml_at_1(x: i32, y: i32) -> u32 {
    let w = i32(ml_width_1());
    let h = i32(ml_height_1());
    if (x >= 0 && y >= 0 && x < w && y < h) { return ml_load_1(u32(y * w + x)); }
    let border = ml_params.slots[2].z;
    if (border == 1u) { return ml_params.slots[2].w; }
    return ml_load_1(u32(ml_border(y, h, border) * w + ml_border(x, w, border)));
}
fn ml_near_1(at: vec2<u32>, dx: i32, dy: i32) -> u32 {
    let w = ml_width_1();
    let h = ml_height_1();
    let x = at.x + u32(dx);
    let y = at.y + u32(dy);
    if (x < w && y < h) { return ml_load_1(y * w + x); }
    let border = ml_params.slots[2].z;
    return ml_at_1(ml_beside(at.x, dx, w, border), ml_beside(at.y, dy, h, border));
}
struct k_gradient_193dbb5e_out {
    r0: i32,
    r1: i32,
    r2: i32,
}
fn k_gradient_193dbb5e(p0: vec2<u32>, v0_squared: u32) -> k_gradient_193dbb5e_out {
    let v1_nw: i32 = i32(ml_near_1(p0, (-1i), (-1i)));
    let v2_n: i32 = i32(ml_near_1(p0, 0i, (-1i)));
    let v3_ne: i32 = i32(ml_near_1(p0, 1i, (-1i)));
    let v4_w: i32 = i32(ml_near_1(p0, (-1i), 0i));
    let v5_e: i32 = i32(ml_near_1(p0, 1i, 0i));
    let v6_sw: i32 = i32(ml_near_1(p0, (-1i), 1i));
    let v7_s: i32 = i32(ml_near_1(p0, 0i, 1i));
    let v8_se: i32 = i32(ml_near_1(p0, 1i, 1i));
    let v9_gx: i32 = (((v3_ne + (2i * v5_e)) + v8_se) - ((v1_nw + (2i * v4_w)) + v6_sw));
    let v10_gy: i32 = (((v6_sw + (2i * v7_s)) + v8_se) - ((v1_nw + (2i * v2_n)) + v3_ne));
    let v11_length: i32 = select((ml_abs_i32(v9_gx) + ml_abs_i32(v10_gy)), ((v9_gx * v9_gx) + (v10_gy * v10_gy)), (v0_squared == 1u));
    return k_gradient_193dbb5e_out(extractBits(i32(v9_gx), 0u, 16u), extractBits(i32(v10_gy), 0u, 16u), v11_length);
}

fn ml_value(i: u32) -> k_gradient_193dbb5e_out {
    let p = ml_params.slots[0].y + i;
    return k_gradient_193dbb5e(vec2<u32>(p % ml_params.slots[0].z, p / ml_params.slots[0].z), ml_params.slots[3].x);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 4u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    let v1 = ml_value(min(first + 1u, ml_params.slots[0].x - 1u));
    let v2 = ml_value(min(first + 2u, ml_params.slots[0].x - 1u));
    let v3 = ml_value(min(first + 3u, ml_params.slots[0].x - 1u));
    if (first + 0u < ml_params.slots[0].x) { ml_r0[(first >> 2u) * 2u + 0u] = ((u32(v0.r0) & 65535u) << 0u) | ((u32(v1.r0) & 65535u) << 16u); }
    if (first + 2u < ml_params.slots[0].x) { ml_r0[(first >> 2u) * 2u + 1u] = ((u32(v2.r0) & 65535u) << 0u) | ((u32(v3.r0) & 65535u) << 16u); }
    if (first + 0u < ml_params.slots[0].x) { ml_r1[(first >> 2u) * 2u + 0u] = ((u32(v0.r1) & 65535u) << 0u) | ((u32(v1.r1) & 65535u) << 16u); }
    if (first + 2u < ml_params.slots[0].x) { ml_r1[(first >> 2u) * 2u + 1u] = ((u32(v2.r1) & 65535u) << 0u) | ((u32(v3.r1) & 65535u) << 16u); }
    ml_r2[first + 0u] = v0.r2;
    if (first + 1u < ml_params.slots[0].x) { ml_r2[first + 1u] = v1.r2; }
    if (first + 2u < ml_params.slots[0].x) { ml_r2[first + 2u] = v2.r2; }
    if (first + 3u < ml_params.slots[0].x) { ml_r2[first + 3u] = v3.r2; }
}
