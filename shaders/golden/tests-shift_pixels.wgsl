struct MlParams { slots: array<vec4<u32>, 3> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(3) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(1) var<storage, read> ml_a1: array<u32>;
fn ml_load_1(i: u32) -> vec3<u32> { return vec3<u32>(((ml_a1[(i * 3u + 0u) >> 2u] >> (((i * 3u + 0u) & 3u) * 8u)) & 0xffu), ((ml_a1[(i * 3u + 1u) >> 2u] >> (((i * 3u + 1u) & 3u) * 8u)) & 0xffu), ((ml_a1[(i * 3u + 2u) >> 2u] >> (((i * 3u + 2u) & 3u) * 8u)) & 0xffu)); }
fn ml_width_1() -> u32 { return ml_params.slots[2].x; }
fn ml_height_1() -> u32 { return ml_params.slots[2].y; }
fn ml_at_1(x: i32, y: i32) -> vec3<u32> {
    let w = i32(ml_width_1());
    let h = i32(ml_height_1());
    if (x >= 0 && y >= 0 && x < w && y < h) { return ml_load_1(u32(y * w + x)); }
    let border = ml_params.slots[2].z;
    if (border == 1u) { return vec3<u32>(ml_params.slots[2].w, ml_params.slots[2].w, ml_params.slots[2].w); }
    return ml_load_1(u32(ml_border(y, h, border) * w + ml_border(x, w, border)));
}
fn ml_near_1(at: vec2<u32>, dx: i32, dy: i32) -> vec3<u32> {
    let w = ml_width_1();
    let h = ml_height_1();
    let x = at.x + u32(dx);
    let y = at.y + u32(dy);
    if (x < w && y < h) { return ml_load_1(y * w + x); }
    let border = ml_params.slots[2].z;
    return ml_at_1(ml_beside(at.x, dx, w, border), ml_beside(at.y, dy, h, border));
}
@group(0) @binding(2) var<storage, read> ml_a2: array<u32>;
fn ml_load_2(i: u32) -> u32 { return ((ml_a2[(i) >> 2u] >> (((i) & 3u) * 8u)) & 0xffu); }
fn k_shift_pixels_af32469a(p0: vec2<u32>, v0_x: u32) -> vec3<u32> {
    let t1 = ml_near_1(p0, 0i, 0i);
    let v1_near_0: u32 = t1.x;
    let v2_near_1: u32 = t1.y;
    let v3_near_2: u32 = t1.z;
    let v4_here_0: u32 = v1_near_0;
    let v5_here_1: u32 = v2_near_1;
    let v6_here_2: u32 = v3_near_2;
    let t2 = ml_near_1(p0, 1i, 1i);
    let v7_near_0: u32 = t2.x;
    let v8_near_1: u32 = t2.y;
    let v9_near_2: u32 = t2.z;
    let v10_there_0: u32 = v7_near_0;
    let v11_there_1: u32 = v8_near_1;
    let v12_there_2: u32 = v9_near_2;
    return vec3<u32>(v4_here_0, v11_there_1, v0_x);
}

fn ml_value(i: u32) -> vec3<u32> {
    let p = ml_params.slots[0].y + i;
    return k_shift_pixels_af32469a(vec2<u32>(p % ml_params.slots[0].z, p / ml_params.slots[0].z), ml_load_2(i));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 4u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    let v1 = ml_value(min(first + 1u, ml_params.slots[0].x - 1u));
    let v2 = ml_value(min(first + 2u, ml_params.slots[0].x - 1u));
    let v3 = ml_value(min(first + 3u, ml_params.slots[0].x - 1u));
    if (first + 0u < ml_params.slots[0].x) { ml_r0[(first >> 2u) * 3u + 0u] = ((u32(v0.x) & 255u) << 0u) | ((u32(v0.y) & 255u) << 8u) | ((u32(v0.z) & 255u) << 16u) | ((u32(v1.x) & 255u) << 24u); }
    if (first + 1u < ml_params.slots[0].x) { ml_r0[(first >> 2u) * 3u + 1u] = ((u32(v1.y) & 255u) << 0u) | ((u32(v1.z) & 255u) << 8u) | ((u32(v2.x) & 255u) << 16u) | ((u32(v2.y) & 255u) << 24u); }
    if (first + 2u < ml_params.slots[0].x) { ml_r0[(first >> 2u) * 3u + 2u] = ((u32(v2.z) & 255u) << 0u) | ((u32(v3.x) & 255u) << 8u) | ((u32(v3.y) & 255u) << 16u) | ((u32(v3.z) & 255u) << 24u); }
}
