//! A batch of `manylane image` against each of its stages alone: 200 pictures of about a megapixel, blurred, then their edges.
//!
//! Half of them are PNG and half JPEG, made of the photographs in `--photographs`, else of the one that ships. A stage alone has
//! as many threads as it has in the batch: half of the cores decode, one thread launches, and as many as there are cores
//! encode. Where cores are few the stages share them, so the batch's floor is the time of all work on all cores: it is told too.
//!
//! `cargo bench -p manylane-cli --bench batch [-- --photographs FOLDER] [-- --pictures N]`

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{available_parallelism, scope};
use std::time::Instant;

use image::imageops::{FilterType, rotate90};
use image::{DynamicImage, GrayImage, RgbImage};
use manylane::prelude::*;
use manylane_image::ops;

const ROUNDS: usize = 5;
const SIGMA: f32 = 2.0;

fn main() -> manylane::Result<()> {
    let words: Vec<String> = std::env::args().collect();
    let after = |flag: &str| words.iter().position(|word| word == flag).and_then(|at| words.get(at + 1));
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets");
    let photographs = after("--photographs").map_or(shipped, String::as_str);
    let pictures = after("--pictures").map_or(200, |n| n.parse().expect("a number of pictures"));
    let folder = std::env::temp_dir().join(format!("manylane-batch-{}", std::process::id()));
    let (from, to) = (folder.join("in"), folder.join("out"));
    fs::create_dir_all(&from).expect("a temporary folder");
    fs::create_dir_all(&to).expect("a temporary folder");
    let files = make(Path::new(photographs), &from, pictures);

    let rt = Runtime::new()?;
    let cores = available_parallelism().map_or(1, usize::from);
    let crew = [cores.div_ceil(2), 1, cores];
    let decoded: Vec<RgbImage> = files.iter().map(|file| decode(file)).collect();
    let made: Vec<GrayImage> =
        decoded.iter().map(|picture| compute(&rt, picture)).collect::<manylane::Result<_>>()?;
    let batch = || {
        let command = Command::new(env!("CARGO_BIN_EXE_manylane"))
            .arg("image")
            .args([&from, &to])
            .args(["--op", &format!("blur:{SIGMA}"), "--op", "sobel"])
            .status();
        assert!(command.expect("the binary starts").success());
    };
    // What is timed below is what the batch does.
    batch();
    for (file, made) in
        files.iter().zip(&made).filter(|(file, _)| file.extension().is_some_and(|end| end == "png"))
    {
        let written = image::open(to.join(file.file_name().expect("a name"))).expect("a result").into_luma8();
        assert!(written == *made, "{}", file.display());
    }
    let mut seconds: [Vec<f64>; 5] = Default::default();
    for _ in 0..ROUNDS {
        let mut timed = |which: usize, run: &dyn Fn()| {
            let begun = Instant::now();
            run();
            seconds[which].push(begun.elapsed().as_secs_f64());
        };
        timed(0, &|| each(crew[0], &files, |_, file| drop(decode(file))));
        timed(1, &|| decoded.iter().for_each(|picture| drop(compute(&rt, picture).expect("edges"))));
        timed(2, &|| {
            each(crew[2], &files, |at, file| encode(&made[at], &to.join(file.file_name().expect("a name"))))
        });
        timed(3, &batch);
        timed(4, &|| {
            for (at, file) in files.iter().enumerate() {
                let picture = decode(file);
                let edges = compute(&rt, &picture).expect("edges");
                assert_eq!(edges.dimensions(), made[at].dimensions());
                encode(&edges, &to.join(file.file_name().expect("a name")));
            }
        });
    }
    let median = |which: usize| {
        let mut all = seconds[which].clone();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    println!("{pictures} pictures, {cores} cores, medians of {ROUNDS} rounds, in seconds");
    for (which, what) in ["decode", "compute", "encode"].into_iter().enumerate() {
        println!("{what:8} alone, {:2} threads  {:7.3}", crew[which], median(which));
    }
    println!("one after the other        {:7.3}", median(4));
    println!("batch                      {:7.3}", median(3));
    let slowest = (0..3).map(median).fold(0.0, f64::max);
    println!("batch over the slowest stage {:.2}", median(3) / slowest);
    // Decoding one after the other keeps one core busy, computing all of them; what both take is found from the stages.
    let busy = median(0) * crew[0].min(cores) as f64
        + median(1) * cores as f64
        + median(2) * crew[2].min(cores) as f64;
    println!("batch over all work on all cores {:.2}", median(3) / (busy / cores as f64));
    fs::remove_dir_all(folder).expect("removed");
    Ok(())
}

/// Pictures of about a megapixel, each another one.
fn make(photographs: &Path, to: &Path, pictures: usize) -> Vec<PathBuf> {
    let is_picture = |path: &PathBuf| path.extension().is_some_and(|end| end == "png" || end == "jpg");
    let mut sources: Vec<PathBuf> = fs::read_dir(photographs)
        .expect("a folder of photographs")
        .map(|entry| entry.expect("an entry").path())
        .filter(is_picture)
        .collect();
    sources.sort();
    let whole: Vec<DynamicImage> =
        sources.iter().map(|path| image::open(path).expect("a photograph")).collect();
    let file = |at: usize| {
        let photograph = &whole[at % whole.len()];
        let scale =
            (1e6 / f64::from(photograph.width() * photograph.height())).sqrt() * (1.0 + at as f64 * 2e-4);
        let side = |side: u32| (f64::from(side) * scale) as u32;
        let mut picture = photograph
            .resize_exact(side(photograph.width()), side(photograph.height()), FilterType::Triangle)
            .into_rgb8();
        for _ in 0..at / whole.len() % 4 {
            picture = rotate90(&picture);
        }
        let place =
            to.join(format!("{at:04}.{}", if (at / whole.len()).is_multiple_of(2) { "png" } else { "jpg" }));
        picture.save(&place).expect("written");
        place
    };
    (0..pictures).map(file).collect()
}

fn decode(file: &Path) -> RgbImage {
    image::open(file).expect("a picture").into_rgb8()
}

fn compute(rt: &Runtime, picture: &RgbImage) -> manylane::Result<GrayImage> {
    let (width, height) = picture.dimensions();
    let pixels = rt.picture(picture.as_raw().as_chunks().0.to_vec(), (width as usize, height as usize))?;
    let soft = ops::blur_rgb(rt, &pixels, SIGMA, Target::Auto)?;
    let edges = ops::sobel_rgb(rt, &soft, Target::Auto)?.into_vec()?;
    Ok(GrayImage::from_raw(width, height, edges).expect("as many pixels"))
}

fn encode(picture: &GrayImage, to: &Path) {
    if to.extension().is_some_and(|end| end == "jpg") {
        let file = std::io::BufWriter::new(fs::File::create(to).expect("a file"));
        let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(file, 92);
        picture.write_with_encoder(encoder).expect("written");
    } else {
        picture.save(to).expect("written");
    }
}

/// Every file once, on so many threads.
fn each(threads: usize, files: &[PathBuf], run: impl Fn(usize, &Path) + Sync) {
    let next = AtomicUsize::new(0);
    scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(file) = files.get(at) else { break };
                    run(at, file);
                }
            });
        }
    });
}
