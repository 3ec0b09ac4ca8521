struct MlParams { slots: array<vec4<u32>, 4> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<u32>;
@group(0) @binding(3) var<storage, read_write> ml_status: array<atomic<u32>>;
var<private> ml_place: u32 = 0u;
fn ml_fault(array: u32, index: u32, len: u32) {
    atomicOr(&ml_status[0], 2u);
    let key = 0xffffffffu - ml_place;
    for (var tries = 0u; tries < 65536u; tries += 1u) {
        if (key <= atomicLoad(&ml_status[1])) { return; }
        if (atomicCompareExchangeWeak(&ml_status[2], 0u, 1u).exchanged) {
            if (key > atomicLoad(&ml_status[1])) {
                atomicStore(&ml_status[1], key);
                atomicStore(&ml_status[3], array);
                atomicStore(&ml_status[4], index);
                atomicStore(&ml_status[5], len);
            }
            atomicStore(&ml_status[2], 0u);
            return;
        }
    }
}
fn ml_index(i: u32, len: u32, array: u32) -> u32 {
    if (i < len) { return i; }
    ml_fault(array, i, len);
    return 0u;
}
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
fn k_median_5x5_4e1f204b(p0: vec2<u32>, v0_size: i32) -> u32 {
    let v1_t: i32 = 0i;
    let t1: i32 = v1_t;
    var t0_cells: array<i32, 25>;
    for (var k: u32 = 0u; k < 25u; k++) { t0_cells[k] = t1; }
    let end0: i32 = v0_size;
    for (var v2_y: i32 = 0i; v2_y < end0; v2_y++) {
        let end1: i32 = v0_size;
        for (var v3_x: i32 = 0i; v3_x < end1; v3_x++) {
            let v4_t: u32 = u32(((5i * v2_y) + v3_x));
            t0_cells[ml_index(v4_t, 25u, 2465714930u)] = i32(ml_near_1(p0, (v3_x - 2i), (v2_y - 2i)));
        }
    }
    let v5_v00: i32 = t0_cells[ml_index(0u, 25u, 2465714930u)];
    let v6_v01: i32 = t0_cells[ml_index(1u, 25u, 2465714930u)];
    let v7_v02: i32 = t0_cells[ml_index(2u, 25u, 2465714930u)];
    let v8_v03: i32 = t0_cells[ml_index(3u, 25u, 2465714930u)];
    let v9_v04: i32 = t0_cells[ml_index(4u, 25u, 2465714930u)];
    let v10_v10: i32 = t0_cells[ml_index(5u, 25u, 2465714930u)];
    let v11_v11: i32 = t0_cells[ml_index(6u, 25u, 2465714930u)];
    let v12_v12: i32 = t0_cells[ml_index(7u, 25u, 2465714930u)];
    let v13_v13: i32 = t0_cells[ml_index(8u, 25u, 2465714930u)];
    let v14_v14: i32 = t0_cells[ml_index(9u, 25u, 2465714930u)];
    let v15_v20: i32 = t0_cells[ml_index(10u, 25u, 2465714930u)];
    let v16_v21: i32 = t0_cells[ml_index(11u, 25u, 2465714930u)];
    let v17_v22: i32 = t0_cells[ml_index(12u, 25u, 2465714930u)];
    let v18_v23: i32 = t0_cells[ml_index(13u, 25u, 2465714930u)];
    let v19_v24: i32 = t0_cells[ml_index(14u, 25u, 2465714930u)];
    let v20_v30: i32 = t0_cells[ml_index(15u, 25u, 2465714930u)];
    let v21_v31: i32 = t0_cells[ml_index(16u, 25u, 2465714930u)];
    let v22_v32: i32 = t0_cells[ml_index(17u, 25u, 2465714930u)];
    let v23_v33: i32 = t0_cells[ml_index(18u, 25u, 2465714930u)];
    let v24_v34: i32 = t0_cells[ml_index(19u, 25u, 2465714930u)];
    let v25_v40: i32 = t0_cells[ml_index(20u, 25u, 2465714930u)];
    let v26_v41: i32 = t0_cells[ml_index(21u, 25u, 2465714930u)];
    let v27_v42: i32 = t0_cells[ml_index(22u, 25u, 2465714930u)];
    let v28_v43: i32 = t0_cells[ml_index(23u, 25u, 2465714930u)];
    let v29_v44: i32 = t0_cells[ml_index(24u, 25u, 2465714930u)];
    let v30_v00: i32 = min(v5_v00, v20_v30);
    let v31_v30: i32 = max(v5_v00, v20_v30);
    let v32_v10: i32 = min(v10_v10, v25_v40);
    let v33_v40: i32 = max(v10_v10, v25_v40);
    let v34_v00: i32 = min(v30_v00, v15_v20);
    let v35_v20: i32 = max(v30_v00, v15_v20);
    let v36_v10: i32 = min(v32_v10, v31_v30);
    let v37_v30: i32 = max(v32_v10, v31_v30);
    let v38_v00: i32 = min(v34_v00, v36_v10);
    let v39_v10: i32 = max(v34_v00, v36_v10);
    let v40_v20: i32 = min(v35_v20, v33_v40);
    let v41_v40: i32 = max(v35_v20, v33_v40);
    let v42_v10: i32 = min(v39_v10, v40_v20);
    let v43_v20: i32 = max(v39_v10, v40_v20);
    let v44_v30: i32 = min(v37_v30, v41_v40);
    let v45_v40: i32 = max(v37_v30, v41_v40);
    let v46_v20: i32 = min(v43_v20, v44_v30);
    let v47_v30: i32 = max(v43_v20, v44_v30);
    let v48_v01: i32 = min(v6_v01, v21_v31);
    let v49_v31: i32 = max(v6_v01, v21_v31);
    let v50_v11: i32 = min(v11_v11, v26_v41);
    let v51_v41: i32 = max(v11_v11, v26_v41);
    let v52_v01: i32 = min(v48_v01, v16_v21);
    let v53_v21: i32 = max(v48_v01, v16_v21);
    let v54_v11: i32 = min(v50_v11, v49_v31);
    let v55_v31: i32 = max(v50_v11, v49_v31);
    let v56_v01: i32 = min(v52_v01, v54_v11);
    let v57_v11: i32 = max(v52_v01, v54_v11);
    let v58_v21: i32 = min(v53_v21, v51_v41);
    let v59_v41: i32 = max(v53_v21, v51_v41);
    let v60_v11: i32 = min(v57_v11, v58_v21);
    let v61_v21: i32 = max(v57_v11, v58_v21);
    let v62_v31: i32 = min(v55_v31, v59_v41);
    let v63_v41: i32 = max(v55_v31, v59_v41);
    let v64_v21: i32 = min(v61_v21, v62_v31);
    let v65_v31: i32 = max(v61_v21, v62_v31);
    let v66_v02: i32 = min(v7_v02, v22_v32);
    let v67_v32: i32 = max(v7_v02, v22_v32);
    let v68_v12: i32 = min(v12_v12, v27_v42);
    let v69_v42: i32 = max(v12_v12, v27_v42);
    let v70_v02: i32 = min(v66_v02, v17_v22);
    let v71_v22: i32 = max(v66_v02, v17_v22);
    let v72_v12: i32 = min(v68_v12, v67_v32);
    let v73_v32: i32 = max(v68_v12, v67_v32);
    let v74_v02: i32 = min(v70_v02, v72_v12);
    let v75_v12: i32 = max(v70_v02, v72_v12);
    let v76_v22: i32 = min(v71_v22, v69_v42);
    let v77_v42: i32 = max(v71_v22, v69_v42);
    let v78_v12: i32 = min(v75_v12, v76_v22);
    let v79_v22: i32 = max(v75_v12, v76_v22);
    let v80_v32: i32 = min(v73_v32, v77_v42);
    let v81_v42: i32 = max(v73_v32, v77_v42);
    let v82_v22: i32 = min(v79_v22, v80_v32);
    let v83_v32: i32 = max(v79_v22, v80_v32);
    let v84_v03: i32 = min(v8_v03, v23_v33);
    let v85_v33: i32 = max(v8_v03, v23_v33);
    let v86_v13: i32 = min(v13_v13, v28_v43);
    let v87_v43: i32 = max(v13_v13, v28_v43);
    let v88_v03: i32 = min(v84_v03, v18_v23);
    let v89_v23: i32 = max(v84_v03, v18_v23);
    let v90_v13: i32 = min(v86_v13, v85_v33);
    let v91_v33: i32 = max(v86_v13, v85_v33);
    let v92_v03: i32 = min(v88_v03, v90_v13);
    let v93_v13: i32 = max(v88_v03, v90_v13);
    let v94_v23: i32 = min(v89_v23, v87_v43);
    let v95_v43: i32 = max(v89_v23, v87_v43);
    let v96_v13: i32 = min(v93_v13, v94_v23);
    let v97_v23: i32 = max(v93_v13, v94_v23);
    let v98_v33: i32 = min(v91_v33, v95_v43);
    let v99_v43: i32 = max(v91_v33, v95_v43);
    let v100_v23: i32 = min(v97_v23, v98_v33);
    let v101_v33: i32 = max(v97_v23, v98_v33);
    let v102_v04: i32 = min(v9_v04, v24_v34);
    let v103_v34: i32 = max(v9_v04, v24_v34);
    let v104_v14: i32 = min(v14_v14, v29_v44);
    let v105_v44: i32 = max(v14_v14, v29_v44);
    let v106_v04: i32 = min(v102_v04, v19_v24);
    let v107_v24: i32 = max(v102_v04, v19_v24);
    let v108_v14: i32 = min(v104_v14, v103_v34);
    let v109_v34: i32 = max(v104_v14, v103_v34);
    let v110_v04: i32 = min(v106_v04, v108_v14);
    let v111_v14: i32 = max(v106_v04, v108_v14);
    let v112_v24: i32 = min(v107_v24, v105_v44);
    let v113_v44: i32 = max(v107_v24, v105_v44);
    let v114_v14: i32 = min(v111_v14, v112_v24);
    let v115_v24: i32 = max(v111_v14, v112_v24);
    let v116_v34: i32 = min(v109_v34, v113_v44);
    let v117_v44: i32 = max(v109_v34, v113_v44);
    let v118_v24: i32 = min(v115_v24, v116_v34);
    let v119_v34: i32 = max(v115_v24, v116_v34);
    let v120_v00: i32 = min(v38_v00, v92_v03);
    let v121_v03: i32 = max(v38_v00, v92_v03);
    let v122_v01: i32 = min(v56_v01, v110_v04);
    let v123_v04: i32 = max(v56_v01, v110_v04);
    let v124_v00: i32 = min(v120_v00, v74_v02);
    let v125_v02: i32 = max(v120_v00, v74_v02);
    let v126_v01: i32 = min(v122_v01, v121_v03);
    let v127_v03: i32 = max(v122_v01, v121_v03);
    let v128_v00: i32 = min(v124_v00, v126_v01);
    let v129_v01: i32 = max(v124_v00, v126_v01);
    let v130_v02: i32 = min(v125_v02, v123_v04);
    let v131_v04: i32 = max(v125_v02, v123_v04);
    let v132_v01: i32 = min(v129_v01, v130_v02);
    let v133_v02: i32 = max(v129_v01, v130_v02);
    let v134_v03: i32 = min(v127_v03, v131_v04);
    let v135_v04: i32 = max(v127_v03, v131_v04);
    let v136_v02: i32 = min(v133_v02, v134_v03);
    let v137_v03: i32 = max(v133_v02, v134_v03);
    let v138_v10: i32 = min(v42_v10, v96_v13);
    let v139_v13: i32 = max(v42_v10, v96_v13);
    let v140_v11: i32 = min(v60_v11, v114_v14);
    let v141_v14: i32 = max(v60_v11, v114_v14);
    let v142_v10: i32 = min(v138_v10, v78_v12);
    let v143_v12: i32 = max(v138_v10, v78_v12);
    let v144_v11: i32 = min(v140_v11, v139_v13);
    let v145_v13: i32 = max(v140_v11, v139_v13);
    let v146_v10: i32 = min(v142_v10, v144_v11);
    let v147_v11: i32 = max(v142_v10, v144_v11);
    let v148_v12: i32 = min(v143_v12, v141_v14);
    let v149_v14: i32 = max(v143_v12, v141_v14);
    let v150_v11: i32 = min(v147_v11, v148_v12);
    let v151_v12: i32 = max(v147_v11, v148_v12);
    let v152_v13: i32 = min(v145_v13, v149_v14);
    let v153_v14: i32 = max(v145_v13, v149_v14);
    let v154_v12: i32 = min(v151_v12, v152_v13);
    let v155_v13: i32 = max(v151_v12, v152_v13);
    let v156_v20: i32 = min(v46_v20, v100_v23);
    let v157_v23: i32 = max(v46_v20, v100_v23);
    let v158_v21: i32 = min(v64_v21, v118_v24);
    let v159_v24: i32 = max(v64_v21, v118_v24);
    let v160_v20: i32 = min(v156_v20, v82_v22);
    let v161_v22: i32 = max(v156_v20, v82_v22);
    let v162_v21: i32 = min(v158_v21, v157_v23);
    let v163_v23: i32 = max(v158_v21, v157_v23);
    let v164_v20: i32 = min(v160_v20, v162_v21);
    let v165_v21: i32 = max(v160_v20, v162_v21);
    let v166_v22: i32 = min(v161_v22, v159_v24);
    let v167_v24: i32 = max(v161_v22, v159_v24);
    let v168_v21: i32 = min(v165_v21, v166_v22);
    let v169_v22: i32 = max(v165_v21, v166_v22);
    let v170_v23: i32 = min(v163_v23, v167_v24);
    let v171_v24: i32 = max(v163_v23, v167_v24);
    let v172_v22: i32 = min(v169_v22, v170_v23);
    let v173_v23: i32 = max(v169_v22, v170_v23);
    let v174_v30: i32 = min(v47_v30, v101_v33);
    let v175_v33: i32 = max(v47_v30, v101_v33);
    let v176_v31: i32 = min(v65_v31, v119_v34);
    let v177_v34: i32 = max(v65_v31, v119_v34);
    let v178_v30: i32 = min(v174_v30, v83_v32);
    let v179_v32: i32 = max(v174_v30, v83_v32);
    let v180_v31: i32 = min(v176_v31, v175_v33);
    let v181_v33: i32 = max(v176_v31, v175_v33);
    let v182_v30: i32 = min(v178_v30, v180_v31);
    let v183_v31: i32 = max(v178_v30, v180_v31);
    let v184_v32: i32 = min(v179_v32, v177_v34);
    let v185_v34: i32 = max(v179_v32, v177_v34);
    let v186_v31: i32 = min(v183_v31, v184_v32);
    let v187_v32: i32 = max(v183_v31, v184_v32);
    let v188_v33: i32 = min(v181_v33, v185_v34);
    let v189_v34: i32 = max(v181_v33, v185_v34);
    let v190_v32: i32 = min(v187_v32, v188_v33);
    let v191_v33: i32 = max(v187_v32, v188_v33);
    let v192_v40: i32 = min(v45_v40, v99_v43);
    let v193_v43: i32 = max(v45_v40, v99_v43);
    let v194_v41: i32 = min(v63_v41, v117_v44);
    let v195_v44: i32 = max(v63_v41, v117_v44);
    let v196_v40: i32 = min(v192_v40, v81_v42);
    let v197_v42: i32 = max(v192_v40, v81_v42);
    let v198_v41: i32 = min(v194_v41, v193_v43);
    let v199_v43: i32 = max(v194_v41, v193_v43);
    let v200_v40: i32 = min(v196_v40, v198_v41);
    let v201_v41: i32 = max(v196_v40, v198_v41);
    let v202_v42: i32 = min(v197_v42, v195_v44);
    let v203_v44: i32 = max(v197_v42, v195_v44);
    let v204_v41: i32 = min(v201_v41, v202_v42);
    let v205_v42: i32 = max(v201_v41, v202_v42);
    let v206_v43: i32 = min(v199_v43, v203_v44);
    let v207_v44: i32 = max(v199_v43, v203_v44);
    let v208_v42: i32 = min(v205_v42, v206_v43);
    let v209_v43: i32 = max(v205_v42, v206_v43);
    let v210_small: i32 = max(max(v137_v03, v154_v12), max(v168_v21, v182_v30));
    let v211_large: i32 = min(min(v153_v14, v173_v23), min(v190_v32, v204_v41));
    let v212_low: i32 = max(min(v135_v04, v155_v13), min(v172_v22, v186_v31));
    let v213_high: i32 = min(max(v135_v04, v155_v13), max(v172_v22, v186_v31));
    let v214_middle: i32 = max(min(v212_low, v213_high), min(max(v212_low, v213_high), v200_v40));
    return (u32(max(min(v210_small, v214_middle), min(max(v210_small, v214_middle), v211_large))) & 255u);
}

fn ml_value(i: u32) -> u32 {
    let p = ml_params.slots[0].y + i;
    ml_place = p;
    return k_median_5x5_4e1f204b(vec2<u32>(p % ml_params.slots[0].z, p / ml_params.slots[0].z), bitcast<i32>(ml_params.slots[3].x));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 4u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    let v1 = ml_value(min(first + 1u, ml_params.slots[0].x - 1u));
    let v2 = ml_value(min(first + 2u, ml_params.slots[0].x - 1u));
    let v3 = ml_value(min(first + 3u, ml_params.slots[0].x - 1u));
    if (first + 0u < ml_params.slots[0].x) { ml_r0[(first >> 2u) * 1u + 0u] = ((u32(v0) & 255u) << 0u) | ((u32(v1) & 255u) << 8u) | ((u32(v2) & 255u) << 16u) | ((u32(v3) & 255u) << 24u); }
}
