//! Our results held against those of NumPy, SciPy, OpenCV and Pillow: `cargo xtask peers --check`.

use anyhow::{Result, bail};

use super::setup;
use crate::Usage;
use crate::run::run;

/// What asks for it.
pub const FLAG: &str = "--check";
/// What `check.py` takes beside it, each with a value.
const OPTIONS: [&str; 4] = ["--targets", "--only", "--seed", "--photographs"];

/// Sets up what is missing, and runs `check.py`, which prints the table.
///
/// # Errors
/// Where a comparison failed, which was printed.
pub fn run_all(args: &[String]) -> Result<()> {
    let options = options(args)?;
    let programs = setup::ensure_check()?;
    let mut python = programs.python("check.py");
    python.arg(&programs.answers).args(options);
    // Mesa's device-selection layer looks for a display otherwise and complains on stderr.
    run(python.env("NODEVICE_SELECT", "1"))
}

/// What goes on to `check.py`.
fn options(args: &[String]) -> Result<Vec<&str>> {
    let rest: Vec<&str> = args.iter().map(String::as_str).filter(|arg| *arg != FLAG).collect();
    for pair in rest.chunks(2) {
        match pair {
            [option, ..] if !OPTIONS.contains(option) => {
                bail!(Usage(format!("`peers {FLAG}` does not take `{option}`")))
            }
            [option] => bail!(Usage(format!("`{option}` needs a value"))),
            _ => {}
        }
    }
    Ok(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(args: &[&str]) -> Result<Vec<String>> {
        let args: Vec<String> = args.iter().map(|&arg| arg.to_owned()).collect();
        Ok(options(&args)?.into_iter().map(str::to_owned).collect())
    }

    #[test]
    fn the_flag_may_stand_anywhere() {
        let expected = ["--only", "matmul", "--targets", "gpu"];
        assert_eq!(parsed(&["--check", "--only", "matmul", "--targets", "gpu"]).unwrap(), expected);
        assert_eq!(parsed(&["--only", "matmul", "--check", "--targets", "gpu"]).unwrap(), expected);
    }

    #[test]
    fn what_a_measurement_takes_a_check_does_not() {
        assert!(parsed(&["--check", "--rounds", "9"]).unwrap_err().is::<Usage>());
        assert!(parsed(&["--check", "--only"]).unwrap_err().is::<Usage>());
    }
}
