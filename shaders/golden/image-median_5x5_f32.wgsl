struct MlParams { slots: array<vec4<u32>, 4> }
@group(0) @binding(0) var<uniform> ml_params: MlParams;
@group(0) @binding(2) var<storage, read_write> ml_r0: array<f32>;
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
@group(0) @binding(1) var<storage, read> ml_a1: array<f32>;
fn ml_load_1(i: u32) -> f32 { return ml_a1[i]; }
fn ml_width_1() -> u32 { return ml_params.slots[2].x; }
fn ml_height_1() -> u32 { return ml_params.slots[2].y; }
fn ml_at_1(x: i32, y: i32) -> f32 {
    let w = i32(ml_width_1());
    let h = i32(ml_height_1());
    if (x >= 0 && y >= 0 && x < w && y < h) { return ml_load_1(u32(y * w + x)); }
    let border = ml_params.slots[2].z;
    if (border == 1u) { return bitcast<f32>(ml_params.slots[2].w); }
    return ml_load_1(u32(ml_border(y, h, border) * w + ml_border(x, w, border)));
}
fn ml_near_1(at: vec2<u32>, dx: i32, dy: i32) -> f32 {
    let w = ml_width_1();
    let h = ml_height_1();
    let x = at.x + u32(dx);
    let y = at.y + u32(dy);
    if (x < w && y < h) { return ml_load_1(y * w + x); }
    let border = ml_params.slots[2].z;
    return ml_at_1(ml_beside(at.x, dx, w, border), ml_beside(at.y, dy, h, border));
}
fn k_median_5x5_f32_3b2f7b20(p0: vec2<u32>, v0_size: i32) -> f32 {
    let v1_t: f32 = 0.0f;
    let t1: f32 = v1_t;
    var t0_cells: array<f32, 25>;
    for (var k: u32 = 0u; k < 25u; k++) { t0_cells[k] = t1; }
    let end0: i32 = v0_size;
    for (var v2_y: i32 = 0i; v2_y < end0; v2_y++) {
        let end1: i32 = v0_size;
        for (var v3_x: i32 = 0i; v3_x < end1; v3_x++) {
            let v4_t: u32 = u32(((5i * v2_y) + v3_x));
            t0_cells[ml_index(v4_t, 25u, 2465714930u)] = ml_near_1(p0, (v3_x - 2i), (v2_y - 2i));
        }
    }
    let v5_v00: f32 = t0_cells[ml_index(0u, 25u, 2465714930u)];
    let v6_v01: f32 = t0_cells[ml_index(1u, 25u, 2465714930u)];
    let v7_v02: f32 = t0_cells[ml_index(2u, 25u, 2465714930u)];
    let v8_v03: f32 = t0_cells[ml_index(3u, 25u, 2465714930u)];
    let v9_v04: f32 = t0_cells[ml_index(4u, 25u, 2465714930u)];
    let v10_v10: f32 = t0_cells[ml_index(5u, 25u, 2465714930u)];
    let v11_v11: f32 = t0_cells[ml_index(6u, 25u, 2465714930u)];
    let v12_v12: f32 = t0_cells[ml_index(7u, 25u, 2465714930u)];
    let v13_v13: f32 = t0_cells[ml_index(8u, 25u, 2465714930u)];
    let v14_v14: f32 = t0_cells[ml_index(9u, 25u, 2465714930u)];
    let v15_v20: f32 = t0_cells[ml_index(10u, 25u, 2465714930u)];
    let v16_v21: f32 = t0_cells[ml_index(11u, 25u, 2465714930u)];
    let v17_v22: f32 = t0_cells[ml_index(12u, 25u, 2465714930u)];
    let v18_v23: f32 = t0_cells[ml_index(13u, 25u, 2465714930u)];
    let v19_v24: f32 = t0_cells[ml_index(14u, 25u, 2465714930u)];
    let v20_v30: f32 = t0_cells[ml_index(15u, 25u, 2465714930u)];
    let v21_v31: f32 = t0_cells[ml_index(16u, 25u, 2465714930u)];
    let v22_v32: f32 = t0_cells[ml_index(17u, 25u, 2465714930u)];
    let v23_v33: f32 = t0_cells[ml_index(18u, 25u, 2465714930u)];
    let v24_v34: f32 = t0_cells[ml_index(19u, 25u, 2465714930u)];
    let v25_v40: f32 = t0_cells[ml_index(20u, 25u, 2465714930u)];
    let v26_v41: f32 = t0_cells[ml_index(21u, 25u, 2465714930u)];
    let v27_v42: f32 = t0_cells[ml_index(22u, 25u, 2465714930u)];
    let v28_v43: f32 = t0_cells[ml_index(23u, 25u, 2465714930u)];
    let v29_v44: f32 = t0_cells[ml_index(24u, 25u, 2465714930u)];
    let v30_v00: f32 = ml_min(v5_v00, v20_v30);
    let v31_v30: f32 = ml_max(v5_v00, v20_v30);
    let v32_v10: f32 = ml_min(v10_v10, v25_v40);
    let v33_v40: f32 = ml_max(v10_v10, v25_v40);
    let v34_v00: f32 = ml_min(v30_v00, v15_v20);
    let v35_v20: f32 = ml_max(v30_v00, v15_v20);
    let v36_v10: f32 = ml_min(v32_v10, v31_v30);
    let v37_v30: f32 = ml_max(v32_v10, v31_v30);
    let v38_v00: f32 = ml_min(v34_v00, v36_v10);
    let v39_v10: f32 = ml_max(v34_v00, v36_v10);
    let v40_v20: f32 = ml_min(v35_v20, v33_v40);
    let v41_v40: f32 = ml_max(v35_v20, v33_v40);
    let v42_v10: f32 = ml_min(v39_v10, v40_v20);
    let v43_v20: f32 = ml_max(v39_v10, v40_v20);
    let v44_v30: f32 = ml_min(v37_v30, v41_v40);
    let v45_v40: f32 = ml_max(v37_v30, v41_v40);
    let v46_v20: f32 = ml_min(v43_v20, v44_v30);
    let v47_v30: f32 = ml_max(v43_v20, v44_v30);
    let v48_v01: f32 = ml_min(v6_v01, v21_v31);
    let v49_v31: f32 = ml_max(v6_v01, v21_v31);
    let v50_v11: f32 = ml_min(v11_v11, v26_v41);
    let v51_v41: f32 = ml_max(v11_v11, v26_v41);
    let v52_v01: f32 = ml_min(v48_v01, v16_v21);
    let v53_v21: f32 = ml_max(v48_v01, v16_v21);
    let v54_v11: f32 = ml_min(v50_v11, v49_v31);
    let v55_v31: f32 = ml_max(v50_v11, v49_v31);
    let v56_v01: f32 = ml_min(v52_v01, v54_v11);
    let v57_v11: f32 = ml_max(v52_v01, v54_v11);
    let v58_v21: f32 = ml_min(v53_v21, v51_v41);
    let v59_v41: f32 = ml_max(v53_v21, v51_v41);
    let v60_v11: f32 = ml_min(v57_v11, v58_v21);
    let v61_v21: f32 = ml_max(v57_v11, v58_v21);
    let v62_v31: f32 = ml_min(v55_v31, v59_v41);
    let v63_v41: f32 = ml_max(v55_v31, v59_v41);
    let v64_v21: f32 = ml_min(v61_v21, v62_v31);
    let v65_v31: f32 = ml_max(v61_v21, v62_v31);
    let v66_v02: f32 = ml_min(v7_v02, v22_v32);
    let v67_v32: f32 = ml_max(v7_v02, v22_v32);
    let v68_v12: f32 = ml_min(v12_v12, v27_v42);
    let v69_v42: f32 = ml_max(v12_v12, v27_v42);
    let v70_v02: f32 = ml_min(v66_v02, v17_v22);
    let v71_v22: f32 = ml_max(v66_v02, v17_v22);
    let v72_v12: f32 = ml_min(v68_v12, v67_v32);
    let v73_v32: f32 = ml_max(v68_v12, v67_v32);
    let v74_v02: f32 = ml_min(v70_v02, v72_v12);
    let v75_v12: f32 = ml_max(v70_v02, v72_v12);
    let v76_v22: f32 = ml_min(v71_v22, v69_v42);
    let v77_v42: f32 = ml_max(v71_v22, v69_v42);
    let v78_v12: f32 = ml_min(v75_v12, v76_v22);
    let v79_v22: f32 = ml_max(v75_v12, v76_v22);
    let v80_v32: f32 = ml_min(v73_v32, v77_v42);
    let v81_v42: f32 = ml_max(v73_v32, v77_v42);
    let v82_v22: f32 = ml_min(v79_v22, v80_v32);
    let v83_v32: f32 = ml_max(v79_v22, v80_v32);
    let v84_v03: f32 = ml_min(v8_v03, v23_v33);
    let v85_v33: f32 = ml_max(v8_v03, v23_v33);
    let v86_v13: f32 = ml_min(v13_v13, v28_v43);
    let v87_v43: f32 = ml_max(v13_v13, v28_v43);
    let v88_v03: f32 = ml_min(v84_v03, v18_v23);
    let v89_v23: f32 = ml_max(v84_v03, v18_v23);
    let v90_v13: f32 = ml_min(v86_v13, v85_v33);
    let v91_v33: f32 = ml_max(v86_v13, v85_v33);
    let v92_v03: f32 = ml_min(v88_v03, v90_v13);
    let v93_v13: f32 = ml_max(v88_v03, v90_v13);
    let v94_v23: f32 = ml_min(v89_v23, v87_v43);
    let v95_v43: f32 = ml_max(v89_v23, v87_v43);
    let v96_v13: f32 = ml_min(v93_v13, v94_v23);
    let v97_v23: f32 = ml_max(v93_v13, v94_v23);
    let v98_v33: f32 = ml_min(v91_v33, v95_v43);
    let v99_v43: f32 = ml_max(v91_v33, v95_v43);
    let v100_v23: f32 = ml_min(v97_v23, v98_v33);
    let v101_v33: f32 = ml_max(v97_v23, v98_v33);
    let v102_v04: f32 = ml_min(v9_v04, v24_v34);
    let v103_v34: f32 = ml_max(v9_v04, v24_v34);
    let v104_v14: f32 = ml_min(v14_v14, v29_v44);
    let v105_v44: f32 = ml_max(v14_v14, v29_v44);
    let v106_v04: f32 = ml_min(v102_v04, v19_v24);
    let v107_v24: f32 = ml_max(v102_v04, v19_v24);
    let v108_v14: f32 = ml_min(v104_v14, v103_v34);
    let v109_v34: f32 = ml_max(v104_v14, v103_v34);
    let v110_v04: f32 = ml_min(v106_v04, v108_v14);
    let v111_v14: f32 = ml_max(v106_v04, v108_v14);
    let v112_v24: f32 = ml_min(v107_v24, v105_v44);
    let v113_v44: f32 = ml_max(v107_v24, v105_v44);
    let v114_v14: f32 = ml_min(v111_v14, v112_v24);
    let v115_v24: f32 = ml_max(v111_v14, v112_v24);
    let v116_v34: f32 = ml_min(v109_v34, v113_v44);
    let v117_v44: f32 = ml_max(v109_v34, v113_v44);
    let v118_v24: f32 = ml_min(v115_v24, v116_v34);
    let v119_v34: f32 = ml_max(v115_v24, v116_v34);
    let v120_v00: f32 = ml_min(v38_v00, v92_v03);
    let v121_v03: f32 = ml_max(v38_v00, v92_v03);
    let v122_v01: f32 = ml_min(v56_v01, v110_v04);
    let v123_v04: f32 = ml_max(v56_v01, v110_v04);
    let v124_v00: f32 = ml_min(v120_v00, v74_v02);
    let v125_v02: f32 = ml_max(v120_v00, v74_v02);
    let v126_v01: f32 = ml_min(v122_v01, v121_v03);
    let v127_v03: f32 = ml_max(v122_v01, v121_v03);
    let v128_v00: f32 = ml_min(v124_v00, v126_v01);
    let v129_v01: f32 = ml_max(v124_v00, v126_v01);
    let v130_v02: f32 = ml_min(v125_v02, v123_v04);
    let v131_v04: f32 = ml_max(v125_v02, v123_v04);
    let v132_v01: f32 = ml_min(v129_v01, v130_v02);
    let v133_v02: f32 = ml_max(v129_v01, v130_v02);
    let v134_v03: f32 = ml_min(v127_v03, v131_v04);
    let v135_v04: f32 = ml_max(v127_v03, v131_v04);
    let v136_v02: f32 = ml_min(v133_v02, v134_v03);
    let v137_v03: f32 = ml_max(v133_v02, v134_v03);
    let v138_v10: f32 = ml_min(v42_v10, v96_v13);
    let v139_v13: f32 = ml_max(v42_v10, v96_v13);
    let v140_v11: f32 = ml_min(v60_v11, v114_v14);
    let v141_v14: f32 = ml_max(v60_v11, v114_v14);
    let v142_v10: f32 = ml_min(v138_v10, v78_v12);
    let v143_v12: f32 = ml_max(v138_v10, v78_v12);
    let v144_v11: f32 = ml_min(v140_v11, v139_v13);
    let v145_v13: f32 = ml_max(v140_v11, v139_v13);
    let v146_v10: f32 = ml_min(v142_v10, v144_v11);
    let v147_v11: f32 = ml_max(v142_v10, v144_v11);
    let v148_v12: f32 = ml_min(v143_v12, v141_v14);
    let v149_v14: f32 = ml_max(v143_v12, v141_v14);
    let v150_v11: f32 = ml_min(v147_v11, v148_v12);
    let v151_v12: f32 = ml_max(v147_v11, v148_v12);
    let v152_v13: f32 = ml_min(v145_v13, v149_v14);
    let v153_v14: f32 = ml_max(v145_v13, v149_v14);
    let v154_v12: f32 = ml_min(v151_v12, v152_v13);
    let v155_v13: f32 = ml_max(v151_v12, v152_v13);
    let v156_v20: f32 = ml_min(v46_v20, v100_v23);
    let v157_v23: f32 = ml_max(v46_v20, v100_v23);
    let v158_v21: f32 = ml_min(v64_v21, v118_v24);
    let v159_v24: f32 = ml_max(v64_v21, v118_v24);
    let v160_v20: f32 = ml_min(v156_v20, v82_v22);
    let v161_v22: f32 = ml_max(v156_v20, v82_v22);
    let v162_v21: f32 = ml_min(v158_v21, v157_v23);
    let v163_v23: f32 = ml_max(v158_v21, v157_v23);
    let v164_v20: f32 = ml_min(v160_v20, v162_v21);
    let v165_v21: f32 = ml_max(v160_v20, v162_v21);
    let v166_v22: f32 = ml_min(v161_v22, v159_v24);
    let v167_v24: f32 = ml_max(v161_v22, v159_v24);
    let v168_v21: f32 = ml_min(v165_v21, v166_v22);
    let v169_v22: f32 = ml_max(v165_v21, v166_v22);
    let v170_v23: f32 = ml_min(v163_v23, v167_v24);
    let v171_v24: f32 = ml_max(v163_v23, v167_v24);
    let v172_v22: f32 = ml_min(v169_v22, v170_v23);
    let v173_v23: f32 = ml_max(v169_v22, v170_v23);
    let v174_v30: f32 = ml_min(v47_v30, v101_v33);
    let v175_v33: f32 = ml_max(v47_v30, v101_v33);
    let v176_v31: f32 = ml_min(v65_v31, v119_v34);
    let v177_v34: f32 = ml_max(v65_v31, v119_v34);
    let v178_v30: f32 = ml_min(v174_v30, v83_v32);
    let v179_v32: f32 = ml_max(v174_v30, v83_v32);
    let v180_v31: f32 = ml_min(v176_v31, v175_v33);
    let v181_v33: f32 = ml_max(v176_v31, v175_v33);
    let v182_v30: f32 = ml_min(v178_v30, v180_v31);
    let v183_v31: f32 = ml_max(v178_v30, v180_v31);
    let v184_v32: f32 = ml_min(v179_v32, v177_v34);
    let v185_v34: f32 = ml_max(v179_v32, v177_v34);
    let v186_v31: f32 = ml_min(v183_v31, v184_v32);
    let v187_v32: f32 = ml_max(v183_v31, v184_v32);
    let v188_v33: f32 = ml_min(v181_v33, v185_v34);
    let v189_v34: f32 = ml_max(v181_v33, v185_v34);
    let v190_v32: f32 = ml_min(v187_v32, v188_v33);
    let v191_v33: f32 = ml_max(v187_v32, v188_v33);
    let v192_v40: f32 = ml_min(v45_v40, v99_v43);
    let v193_v43: f32 = ml_max(v45_v40, v99_v43);
    let v194_v41: f32 = ml_min(v63_v41, v117_v44);
    let v195_v44: f32 = ml_max(v63_v41, v117_v44);
    let v196_v40: f32 = ml_min(v192_v40, v81_v42);
    let v197_v42: f32 = ml_max(v192_v40, v81_v42);
    let v198_v41: f32 = ml_min(v194_v41, v193_v43);
    let v199_v43: f32 = ml_max(v194_v41, v193_v43);
    let v200_v40: f32 = ml_min(v196_v40, v198_v41);
    let v201_v41: f32 = ml_max(v196_v40, v198_v41);
    let v202_v42: f32 = ml_min(v197_v42, v195_v44);
    let v203_v44: f32 = ml_max(v197_v42, v195_v44);
    let v204_v41: f32 = ml_min(v201_v41, v202_v42);
    let v205_v42: f32 = ml_max(v201_v41, v202_v42);
    let v206_v43: f32 = ml_min(v199_v43, v203_v44);
    let v207_v44: f32 = ml_max(v199_v43, v203_v44);
    let v208_v42: f32 = ml_min(v205_v42, v206_v43);
    let v209_v43: f32 = ml_max(v205_v42, v206_v43);
    let v210_small: f32 = ml_max(ml_max(v137_v03, v154_v12), ml_max(v168_v21, v182_v30));
    let v211_large: f32 = ml_min(ml_min(v153_v14, v173_v23), ml_min(v190_v32, v204_v41));
    let v212_low: f32 = ml_max(ml_min(v135_v04, v155_v13), ml_min(v172_v22, v186_v31));
    let v213_high: f32 = ml_min(ml_max(v135_v04, v155_v13), ml_max(v172_v22, v186_v31));
    let v214_middle: f32 = ml_max(ml_min(v212_low, v213_high), ml_min(ml_max(v212_low, v213_high), v200_v40));
    return ml_max(ml_min(v210_small, v214_middle), ml_min(ml_max(v210_small, v214_middle), v211_large));
}

fn ml_value(i: u32) -> f32 {
    let p = ml_params.slots[0].y + i;
    ml_place = p;
    return k_median_5x5_f32_3b2f7b20(vec2<u32>(p % ml_params.slots[0].z, p / ml_params.slots[0].z), bitcast<i32>(ml_params.slots[3].x));
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let first = ((group.y * groups.x + group.x) * 256u + lane) * 1u;
    if (first >= ml_params.slots[0].x) { return; }
    let v0 = ml_value(first);
    ml_r0[first + 0u] = v0;
}
