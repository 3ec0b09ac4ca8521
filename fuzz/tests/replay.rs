//! The kernels that once were wrong, and a small fixed batch of random ones, through everything.
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use manylane_compiler::measure;
use manylane_fuzz::compare;
use manylane_fuzz::compile;
use manylane_fuzz::cpu::{Job, Workshop};
use manylane_fuzz::device::Device;
use manylane_fuzz::inputs::Inputs;
use manylane_fuzz::program::Function;
use manylane_fuzz::random::Random;
use manylane_fuzz::session::{self, Counts};

/// Never changed: what it draws is known to compile and to come back from the drivers in use.
const SEED: u64 = 7_000;

fn workshop() -> Workshop {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
    Workshop::new(&folder, &Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap()
}

fn found() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("found")
}

/// Whether shaders can run; without an adapter that must not go unseen where one is required.
fn device() -> Option<Device> {
    match Device::open() {
        Ok(device) => Some(device),
        Err(error) if std::env::var("MANYLANE_REQUIRE_GPU").is_ok_and(|value| value == "1") => {
            panic!("{error}")
        }
        Err(error) => {
            eprintln!("ignored: no adapter ({error})");
            None
        }
    }
}

/// The kept kernels: names, texts, signatures, and whether shaders can hold them.
fn kept() -> Vec<(String, String, Function, bool)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("kept");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let compiled = compile::all(&text).unwrap_or_else(|why| panic!("{name} is refused: {why}"));
            let main = compile::main_of(&compiled).unwrap();
            let fits = !compiled.iter().any(|one| measure::wide(&one.kernel));
            (name, text, main, fits)
        })
        .collect()
}

#[test]
fn what_once_was_wrong_is_right() {
    let device = device();
    let mut all = Vec::new();
    for (name, text, main, fits) in kept() {
        let mut random = Random::new(SEED);
        let mut launches = Vec::new();
        for n in [1, 7, 33, 100] {
            let inputs = Inputs::random(&main.params, &mut random, n);
            let expected = compare::expected(&text, &main, &inputs).unwrap().unwrap();
            if let Some(device) = device.as_ref().filter(|_| fits) {
                let same = compare::wgsl(device, &main, &inputs, &expected);
                assert!(same.is_ok(), "{name} of {n}: {same:?}");
            }
            launches.push((inputs, expected));
        }
        all.push((name, text, main, launches));
    }
    let jobs: Vec<Job<'_>> = all
        .iter()
        .map(|(_, text, main, launches)| Job {
            text,
            main,
            launches: launches.iter().map(|(inputs, expected)| (inputs, expected)).collect(),
        })
        .collect();
    for ((name, ..), difference) in all.iter().zip(workshop().run(&jobs).unwrap()) {
        assert!(difference.is_none(), "{name}: {difference:?}");
    }
}

#[test]
fn random_kernels_on_the_cpu() {
    let mut counts = Counts::default();
    session::cpu_batch(&workshop(), SEED, 24, &found(), 0, &mut counts).unwrap();
    assert_eq!((counts.cpu, counts.differences), (24, 0), "see {}", found().display());
}

#[test]
fn random_kernels_in_wgsl() {
    if device().is_none() {
        return;
    }
    let mut counts = Counts::default();
    let until = Instant::now() + Duration::from_secs(120);
    let program = Path::new(env!("CARGO_BIN_EXE_manylane-fuzz"));
    session::shaders(program, SEED, 200, until, &found(), &mut counts).unwrap();
    assert!(counts.wgsl >= 180, "{counts:?}");
    assert_eq!(counts.differences, 0, "see {}", found().display());
}
