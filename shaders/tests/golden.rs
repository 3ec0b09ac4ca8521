//! The WGSL of every kernel, as it is held in `shaders/golden/` and validated without a GPU.
//!
//! `MANYLANE_BLESS=1` writes the files anew; the diff is to be read.
#![forbid(unsafe_code)]

#[path = "../../tests/kernels/mod.rs"]
mod kernels;

use std::collections::BTreeMap;
use std::path::PathBuf;

use manylane::kernel::{Kernel, ParamKind};
use manylane::shader_source;
use naga::valid::{Capabilities, ValidationFlags, Validator};

/// The text of a kernel's launch, by a name; over a grid where the kernel looks at one.
fn text<K: Kernel>() -> (String, String) {
    let grid = K::INFO.params.iter().any(|param| matches!(param.kind, ParamKind::Cell | ParamKind::Picture));
    (K::INFO.name.to_owned(), shader_source::<K>(grid))
}

macro_rules! texts {
    ($crate_name:literal: $($path:path),* $(,)?) => {
        vec![$({ let (name, text) = text::<$path>(); (format!(concat!($crate_name, "-{}"), name), text) }),*]
    };
}

/// Every kernel that the repository ships, and those that the tests launch.
fn all() -> BTreeMap<String, String> {
    let tests = texts!["tests":
        kernels::f_ops, kernels::f_rem, kernels::f_whole, kernels::f_even, kernels::f_signs, kernels::f_choose, kernels::f_root,
        kernels::f_from_bits, kernels::f_compare, kernels::f_relaxed, kernels::f_strict, kernels::f_uniform,
        kernels::f_transcendental, kernels::i_ops, kernels::i_divide, kernels::i_bits, kernels::i_shifts,
        kernels::i_order, kernels::i_compare, kernels::u_ops, kernels::u_divide, kernels::u_bits, kernels::halves, kernels::u_order,
        kernels::i_uniform, kernels::i_constants, kernels::cast_float, kernels::cast_signed, kernels::cast_unsigned,
        kernels::cast_byte, kernels::branch, kernels::branch_value, kernels::scopes, kernels::uniform_branch,
        kernels::guarded, kernels::nested_loops, kernels::carried, kernels::loop_in_branch, kernels::short_circuit,
        kernels::counted, kernels::counted_signed, kernels::counted_to_the_end, kernels::escape, kernels::calls,
        kernels::calls_tuple, kernels::calls_masked, kernels::mixed, kernels::places, kernels::place_and_value,
        kernels::cells, kernels::checkers, kernels::add, kernels::arrays::step, kernels::arrays::swap, kernels::arrays::bump, kernels::arrays::drain,
        kernels::arrays::invert, kernels::arrays::opaque, kernels::arrays::gray, kernels::arrays::rgb_to_bgra, kernels::arrays::one_and_two,
        kernels::arrays::premultiply, kernels::arrays::brighter, kernels::arrays::int_pixels, kernels::arrays::cross, kernels::arrays::far, kernels::arrays::window,
        kernels::arrays::shift_pixels, kernels::arrays::two_pictures,
        kernels::flow::break_counted, kernels::flow::continue_counted, kernels::flow::endless, kernels::flow::early, kernels::flow::labelled, kernels::flow::kept_by_those_that_left, kernels::flow::from_loop, kernels::flow::matched, kernels::flow::ends_everywhere, kernels::flow::uniform_inside, kernels::flow::guarded_forever, kernels::flow::varying_range, kernels::flow::bit_tricks, kernels::flow::pair,
        kernels::memory::pick, kernels::memory::pick_pixel, kernels::memory::differences, kernels::memory::sparse_row, kernels::memory::weighted, kernels::memory::median_of_five, kernels::memory::digits, kernels::memory::swap_channel, kernels::memory::lookup, kernels::memory::nowhere, kernels::memory::count, kernels::memory::collect, kernels::memory::enlist, kernels::memory::draws, kernels::memory::draws_of_kinds, kernels::memory::anywhere, kernels::memory::far_away, kernels::memory::masked, kernels::memory::framed, kernels::memory::around, kernels::memory::forever, kernels::memory::narrow, kernels::memory::f_pow,
    ];
    tests.into_iter().chain(shipped()).collect()
}

fn shipped() -> Vec<(String, String)> {
    use {
        manylane_elementwise as elementwise, manylane_image as image,
        manylane_transforms::kernels as transforms,
    };
    let mut all = texts!["elementwise":
        elementwise::black_scholes, elementwise::cnd, elementwise::larger, elementwise::smaller, elementwise::escape,
        elementwise::mandelbrot, elementwise::distance, elementwise::average, elementwise::clamp_add,
        elementwise::collatz, elementwise::divide, elementwise::rotate, elementwise::xorshift, elementwise::axpy,
        elementwise::mul, elementwise::saxpy, elementwise::ramp, elementwise::horner,
    ];
    use manylane_image::{blend, clahe, colour, fractal, geometry, integral, planes, quality, tone};
    all.extend(texts!["image":
        image::blur_columns, image::blur_rows, image::gray, image::join, image::split, image::sobel, image::sobel_f32,
        blend::mixed, blend::over_rgb, blend::over_rgba, blend::over_rgb_f32, blend::over_rgba_f32, clahe::tile_count,
        clahe::tile_mix, colour::gray_rgba, colour::gray_f32, colour::gray_rgba_f32, fractal::julia_turns, fractal::turn_colour, geometry::move_u8,
        geometry::move_rows_u8, geometry::move_f32, geometry::move_rows_f32, geometry::move_rgb,
        geometry::move_rows_rgb, geometry::move_rgba, geometry::move_rows_rgba, geometry::move_rgb_f32,
        geometry::move_rows_rgb_f32, geometry::move_rgba_f32, geometry::move_rows_rgba_f32, integral::before_u8,
        integral::before_f32, planes::split_rgba, planes::join_rgba, planes::split_f32, planes::join_f32,
        planes::split_rgba_f32, planes::join_rgba_f32, quality::square_u8, quality::apart_u8, quality::square_rgb, quality::square_rgba,
        quality::square_f32, quality::square_rgb_f32, quality::square_rgba_f32, quality::ssim_rows_u8,
        quality::ssim_rows_f32, quality::ssim_columns, tone::adjusted_f32, tone::raised_f32, tone::linear_f32,
        tone::srgb_f32, tone::srgb_u8, tone::srgb_rgb_u8, tone::srgb_rgba_u8, tone::byte_of, tone::looked_up,
        tone::looked_up_rgb, tone::looked_up_rgba, tone::linear_u8, tone::linear_u8_rgb, tone::linear_u8_rgba,
        tone::adjusted_rgb_f32, tone::adjusted_rgba_f32, tone::raised_rgb_f32, tone::raised_rgba_f32,
        tone::linear_rgb_f32, tone::linear_rgba_f32, tone::srgb_rgb_f32, tone::srgb_rgba_f32, tone::above_u8,
        tone::above_f32,
        image::bilateral::bilateral_cell, image::bilateral::bilateral_cell_f32, image::blur::blur_columns_f32,
        image::blur::blur_rows_f32, image::canny::gradient, image::canny::thinned, image::convolve::mean_columns,
        image::convolve::mean_columns_f32, image::convolve::mean_rows, image::convolve::mean_rows_f32,
        image::convolve::nearest_byte, image::convolve::sharpened, image::convolve::sharpened_f32, image::convolve::weigh,
        image::convolve::weigh_3x3, image::convolve::weigh_3x3_f32, image::convolve::weigh_f32, image::median::median_3x3,
        image::median::median_3x3_f32, image::median::median_5x5, image::median::median_5x5_f32,
        image::morphology::dilate_columns, image::morphology::dilate_columns_f32, image::morphology::dilate_rows,
        image::morphology::dilate_rows_f32, image::morphology::erode_columns, image::morphology::erode_columns_f32,
        image::morphology::erode_rows, image::morphology::erode_rows_f32, image::resize::picked, image::resize::picked_f32,
        image::halve::halved, image::halve::halved_f32, image::halve::halved_rgb, image::halve::halved_rgba,
        image::halve::mean_of_four, image::halve::four, image::halve::sixteen, image::halve::share,
        image::blur::blur_rows_3, image::blur::blur_columns_3, image::blur::blur_rows_3_f32, image::blur::blur_columns_3_f32,
        image::blur::blur_rows_6, image::blur::blur_columns_6, image::blur::blur_rows_6_f32, image::blur::blur_columns_6_f32,
        image::halve::smoothed, image::halve::smoothed_f32, image::halve::smoothed_rgb, image::halve::smoothed_rgba,
        image::convolve::weigh_5x5, image::convolve::weigh_5x5_f32, image::convolve::weigh_7x7, image::convolve::weigh_7x7_f32,
        image::resize::resize_columns, image::resize::resize_columns_f32, image::resize::resize_rows,
        image::resize::resize_rows_f32, image::warp::warp_linear, image::warp::warp_linear_f32, image::warp::warp_nearest,
        image::warp::warp_nearest_f32,
    ]);
    use manylane_matrix::{dense, heat, nbody, norms, paths, qr, rows, solvers, sparse, triangular};
    all.extend(texts!["matrix":
        dense::pair_product, dense::plus_by_column, dense::plus_by_row, dense::less_by_column, rows::exp_less, rows::times_by_row,
        rows::inverse, rows::part_of, rows::inverse_root, rows::finite_or_zero, rows::ln_plus, rows::square_off,
        rows::normalised, norms::magnitude, norms::larger_or_nan, sparse::entry_product, solvers::add_scaled,
        solvers::plus_scaled, solvers::add_over, solvers::scaled, heat::heat_cell, heat::heat_step, nbody::pull,
        nbody::moved, nbody::as_body, paths::is_nan, paths::of_block, paths::over_node, paths::from_block,
        paths::to_block, paths::over_block, triangular::less_product, qr::bordered,
    ]);
    all.extend(texts!["transforms":
        transforms::pass, transforms::chirped, transforms::filtered, transforms::unchirped, transforms::paired,
        transforms::unpaired, transforms::widened, transforms::real_part, transforms::fronts, transforms::untangled,
        transforms::tangled, transforms::mirrored, transforms::kept, transforms::kept_real,
    ]);
    all
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden")
}

#[test]
fn texts_are_valid_everywhere() {
    let mut wrong = Vec::new();
    for (name, text) in all() {
        match naga::front::wgsl::parse_str(&text) {
            Err(error) => wrong.push(format!("{name}: {}", error.emit_to_string(&text))),
            Ok(module) => {
                // No capability beyond the core of WGSL: what runs on any adapter.
                if let Err(error) =
                    Validator::new(ValidationFlags::all(), Capabilities::empty()).validate(&module)
                {
                    wrong.push(format!("{name}: {}", error.emit_to_string(&text)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} texts are not valid:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn texts_are_as_held() {
    let bless = std::env::var("MANYLANE_BLESS").is_ok_and(|value| value == "1");
    let all = all();
    if bless {
        std::fs::create_dir_all(folder()).unwrap();
        for file in std::fs::read_dir(folder()).unwrap() {
            std::fs::remove_file(file.unwrap().path()).unwrap();
        }
    }
    let mut differ = Vec::new();
    for (name, text) in &all {
        // The functions that every module begins with are held once, in `shaders/prelude/`.
        let own = own_part(text);
        let path = folder().join(format!("{name}.wgsl"));
        if bless {
            std::fs::write(&path, own).unwrap();
        } else if !std::fs::read_to_string(&path).is_ok_and(|held| held.replace("\r\n", "\n") == own) {
            differ.push(name.as_str());
        }
    }
    let held = std::fs::read_dir(folder()).map(|files| files.count()).unwrap_or(0);
    assert!(differ.is_empty(), "MANYLANE_BLESS=1 writes them anew; these differ: {}", differ.join(", "));
    assert_eq!(
        held,
        all.len(),
        "a file without a kernel stands in shaders/golden; MANYLANE_BLESS=1 removes it"
    );
}

/// Kernels of the pictures that a rule writes for several types, directions or radii, beyond each rule's first: four in
/// `blur.rs`, two each in `convolve.rs` and `median.rs`, seven in `morphology.rs`, one in `warp.rs`.
const FURTHER: usize = 16;

#[test]
fn no_shipped_kernel_is_forgotten() {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let crates = std::fs::read_dir(root.join("kernels")).unwrap();
    let written: usize = crates.map(|folder| kernels_in(&folder.unwrap().path().join("src"))).sum();
    assert_eq!(shipped().len(), written + FURTHER, "add the new kernels to `shipped` and bless");
}

#[test]
fn texts_do_not_change_from_run_to_run() {
    assert_eq!(all(), all());
}

/// Kernels in the files of a folder and of those in it.
fn kernels_in(folder: &std::path::Path) -> usize {
    let paths = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let count = |path: PathBuf| {
        if path.is_dir() {
            return kernels_in(&path);
        }
        let text = std::fs::read_to_string(path).unwrap();
        text.lines().filter(|line| line.trim_start().starts_with("#[kernel")).count()
    };
    paths.map(count).sum()
}

/// The text from the parameters on.
fn own_part(text: &str) -> &str {
    text.find("struct MlParams").map_or(text, |at| &text[at..])
}
