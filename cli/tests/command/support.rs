//! Runs the binary.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// How a run of the command ended.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// What was said on standard error, without the warning that times are noisy: whether they are is the machine's affair.
    pub fn said(&self) -> String {
        let is_noise =
            |line: &&str| line.starts_with("manylane: the times of ") && line.contains(" are noisy");
        self.err.lines().filter(|line| !is_noise(line)).collect()
    }
}

/// The command, ready for arguments.
pub fn manylane() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_manylane"));
    // Mesa's device-select layer speaks on standard error without a session.
    command.env("NODEVICE_SELECT", "1").env_remove("RUST_BACKTRACE");
    // Not the caches of whoever runs the tests.
    command.env("XDG_CACHE_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/cache"));
    command
}

/// The command on a machine without any Vulkan driver.
pub fn manylane_without_gpu() -> Command {
    let mut command = manylane();
    command.env("VK_DRIVER_FILES", "/nonexistent").env("VK_ICD_FILENAMES", "/nonexistent");
    command
}

pub fn ran(command: &mut Command) -> Ran {
    let Output { status, stdout, stderr } = command.output().expect("the binary starts");
    Ran {
        code: status.code().unwrap_or(-1),
        out: String::from_utf8(stdout).expect("text"),
        err: String::from_utf8(stderr).expect("text"),
    }
}

/// Runs the command with these arguments.
pub fn run<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Ran {
    ran(manylane().args(args))
}

/// As [`run`], of a run that must end well.
pub fn well<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> String {
    let ran = run(args);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.out
}

/// Checks that a run failed with one line that holds `parts`, and that it wrote nothing to standard output.
pub fn fails(ran: &Ran, code: i32, parts: &[&str]) {
    assert_eq!(ran.code, code, "{ran:?}");
    assert_eq!(ran.err.lines().count(), 1, "{ran:?}");
    assert!(ran.err.starts_with("manylane: "), "{ran:?}");
    assert_eq!(ran.out, "", "{ran:?}");
    for part in parts {
        assert!(ran.err.contains(part), "`{part}` is not said: {ran:?}");
    }
}

/// A folder of a test's own, empty, removed when it is dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(test: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("manylane-{test}-{}", std::process::id()));
        let _absent = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a temporary folder");
        Folder(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The names of what lies in it.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(&self.0)
            .expect("the folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _left = fs::remove_dir_all(&self.0);
    }
}

/// The photograph that ships with the project.
pub fn coffee() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/coffee.png")
}

/// Whether `gpu:0` can be used; says so where it cannot, and fails where `MANYLANE_REQUIRE_GPU=1` asks for one.
pub fn has_gpu(test: &str) -> bool {
    let why = match manylane::device::gpu::open(0) {
        Ok(_) => return true,
        Err(error) => error.to_string(),
    };
    let required = std::env::var("MANYLANE_REQUIRE_GPU").is_ok_and(|value| !value.is_empty() && value != "0");
    assert!(!required, "{test} needs a GPU (MANYLANE_REQUIRE_GPU is set): {why}");
    eprintln!("SKIPPED {test}: {why}");
    false
}
