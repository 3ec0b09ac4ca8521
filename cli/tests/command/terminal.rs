//! What a person sees: live rows and colours on a terminal, none in a pipe; Ctrl-C; a command line of one's own.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::support::{Folder, Ran, manylane_without_gpu, ran};

#[path = "../../examples/own_kernels.rs"]
#[expect(dead_code, reason = "its `main` is for those who run it")]
mod own_kernels;

const SHORT: [&str; 7] = ["bench", "--quick", "--kernels", "saxpy,sum", "--sizes", "4k", "--no-models"];

/// Runs a short bench on a terminal, by util-linux's `script`; `None`, said so, where there is none.
fn on_terminal(test: &str, environment: &[(&str, &str)]) -> Option<Ran> {
    if cfg!(not(target_os = "linux")) || Command::new("script").arg("--version").output().is_err() {
        eprintln!("SKIPPED {test}: util-linux's `script` is not here");
        return None;
    }
    let command = manylane_without_gpu();
    let line = [command.get_program().to_string_lossy().into_owned()].into_iter();
    let line = line.chain(SHORT.map(str::to_owned)).collect::<Vec<_>>().join(" ");
    let mut script = Command::new("script");
    script.args(["--quiet", "--return", "--command", &line, "/dev/null"]).stdin(Stdio::null());
    script.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    script.env("TERM", "xterm").env_remove("NO_COLOR").env_remove("CLICOLOR").env_remove("CLICOLOR_FORCE");
    script.envs(environment.iter().copied());
    Some(ran(&mut script))
}

const BOLD: &str = "\u{1b}[1m";
const GREEN: &str = "\u{1b}[32m";

#[test]
fn colours_and_live_rows_on_a_terminal() {
    let Some(ran) = on_terminal("colours_and_live_rows_on_a_terminal", &[]) else { return };
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.contains(BOLD) && ran.out.contains(GREEN) && ran.out.contains('─'), "{}", ran.out);
    let at = |part: &str| ran.out.find(part).unwrap_or_else(|| panic!("`{part}` is not shown: {}", ran.out));
    assert!(at("speedup") < at("saxpy 4Ki: makes the data"), "the heads come first: {}", ran.out);
    let last = ran.out.rfind("sum 4Ki: ").expect("the bar's text");
    assert!(at("scalar") < last, "rows are there before all is done: {}", ran.out);
    assert_eq!(ran.out.matches("GFLOP/s").count(), 1, "one table: {}", ran.out);
}

#[test]
fn no_colour_where_none_is_wanted() {
    let Some(ran) = on_terminal("no_colour_where_none_is_wanted", &[("NO_COLOR", "1")]) else { return };
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!ran.out.contains(BOLD) && !ran.out.contains(GREEN) && ran.out.contains('─'), "{}", ran.out);
}

#[test]
fn a_terminal_that_can_nothing() {
    let Some(ran) = on_terminal("a_terminal_that_can_nothing", &[("TERM", "dumb")]) else { return };
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!ran.out.contains('\u{1b}') && ran.out.contains("Who wins"), "{}", ran.out);
}

#[test]
fn a_pipe_is_plain() {
    let ran = ran(manylane_without_gpu().args(SHORT).env("TERM", "xterm").env("CLICOLOR_FORCE", "1"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!ran.out.contains('\u{1b}') && !ran.out.contains(['─', '█']), "{}", ran.out);
    assert!(!ran.err.contains('\u{1b}'), "{}", ran.err);
}

/// A bench of many rows, each of half a second at least, that hears Ctrl-C after some time.
fn interrupted(after: Duration, json: &Path) -> Ran {
    let mut command = manylane_without_gpu();
    command.args(["bench", "--sizes", "20000", "--targets", "scalar,simd", "--json"]).arg(json);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    std::thread::sleep(after);
    let sent = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status();
    assert!(sent.expect("a shell").success());
    let output = child.wait_with_output().expect("it ends");
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

#[test]
fn ctrl_c_keeps_what_was_measured() {
    let folder = Folder::new("interrupted");
    let json = folder.at("bench.json");
    // A busy machine may have measured nothing yet the first time.
    let waits = [4, 10, 20].map(Duration::from_secs);
    let ran = waits.into_iter().map(|wait| interrupted(wait, &json)).find(|ran| !ran.out.is_empty());
    let ran = ran.expect("something is measured in 20 seconds");
    assert_eq!(ran.code, 130, "{ran:?}");
    assert!(ran.err.contains("manylane: interrupted: after ") && ran.err.contains(" of 18 rows"), "{ran:?}");
    assert!(ran.out.contains("saxpy") && !ran.out.contains("sobel"), "{ran:?}");
    let record: Value = serde_json::from_slice(&fs::read(&json).expect("the record")).expect("JSON");
    let rows = record["rows"].as_array().expect("rows");
    assert!((2..18).contains(&rows.len()) && rows.len().is_multiple_of(2), "{} rows", rows.len());
    for row in rows {
        assert_eq!(row["verified"], true, "{row}");
        assert!(row["rounds"].as_array().is_some_and(|rounds| !rounds.is_empty()), "{row}");
    }
    let note = record["notes"].as_array().and_then(|notes| notes.last()?.as_str());
    assert!(note.is_some_and(|note| note.starts_with("interrupted after")), "{note:?}");
}

#[test]
fn kernels_of_ones_own_have_the_same_command_line() {
    let folder = Folder::new("own");
    let json = folder.at("own.json");
    let run = |args: &[&str]| {
        let words = ["own"].iter().chain(args).map(Into::into);
        let words = words.chain(["--no-models".into(), "--json".into(), json.clone().into_os_string()]);
        manylane_cli::bench::main_with_args(own_kernels::suite(), words)
    };
    assert_eq!(run(&["--quick", "--sizes", "5000", "--targets", "scalar,simd,threads"]), ExitCode::SUCCESS);
    let record: Value = serde_json::from_slice(&fs::read(&json).expect("the record")).expect("JSON");
    let rows = record["rows"].as_array().expect("rows");
    let names: Vec<_> = rows.iter().filter_map(|row| row["kernel"].as_str()).collect();
    assert_eq!(names, ["logistic", "logistic", "logistic", "brighter", "brighter", "brighter"]);
    for row in rows {
        assert_eq!(row["verified"], true, "{row}");
        assert!(row["seconds_min"].as_f64() > Some(0.0) && row["gb_s"].as_f64() > Some(0.0), "{row}");
    }
    assert!(record["seed"].is_null(), "nothing was drawn");
    assert_eq!(run(&["--kernels", "saxpy"]), ExitCode::from(2), "it has its own kernels only");
}
