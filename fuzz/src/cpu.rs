//! Kernels as a user has them: batches in a crate of their own, compiled by cargo, run on every level and on threads.
//!
//! Beside each kernel stands its text once more without the attribute: what rustc itself makes of it, at the places where
//! the oracle says that Rust means the same.

use std::fmt::Write;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use manylane_compiler::ir::ParamKind;
use manylane_compiler::types::Type;

use crate::compare::{Difference, Expected, all_same, show};
use crate::inputs::{Inputs, given, of_word, word};
use crate::interpret::Value;
use crate::program::{Function, type_text, with_attribute};

/// One kernel of a batch: its launches, each with what the oracle says.
pub struct Job<'j> {
    pub text: &'j str,
    pub main: &'j Function,
    pub launches: Vec<(&'j Inputs, &'j Expected)>,
}

/// Where batches are compiled.
pub struct Workshop {
    folder: PathBuf,
    library: PathBuf,
    /// Locked while it lives: test runners give each test a process, and all of them work here.
    _alone: File,
}

/// What became of one program: the names of its setups, and the kernel and setup in which it ended early.
struct Executed {
    setups: Vec<String>,
    ended: Option<usize>,
    run: String,
}

/// Programs that a batch is divided into: rustc works on one with one core.
const PROGRAMS: usize = 2;
/// Seconds that one kernel may take.
const PATIENCE: u64 = 8;

impl Workshop {
    /// In `folder`, for the library at `library`; waits while another has that folder.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn new(folder: &Path, library: &Path) -> std::io::Result<Workshop> {
        std::fs::create_dir_all(folder.join("src/bin"))?;
        let (folder, library) = (folder.canonicalize()?, library.canonicalize()?);
        let alone = File::create(folder.join("lock"))?;
        alone.lock()?;
        std::fs::write(
            folder.join("Cargo.toml"),
            format!(
                "[package]\nname = \"batch\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
                 manylane = {{ path = {:?}, default-features = false }}\nrayon = \"1.12\"\n\n\
                 [profile.dev]\nopt-level = 1\ndebug = false\nincremental = false\noverflow-checks = false\n\
                 debug-assertions = false\n[profile.dev.package.\"*\"]\nopt-level = 2\n",
                library
            ),
        )?;
        std::fs::copy(library.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        std::fs::write(folder.join("src/harness.rs"), include_str!("harness.rs"))?;
        Ok(Workshop { folder, library, _alone: alone })
    }

    /// Runs the batch; for each kernel the first difference.
    ///
    /// # Errors
    /// Where the batch does not compile: what rustc says.
    pub fn run(&self, jobs: &[Job<'_>]) -> Result<Vec<Option<Difference>>, String> {
        let mut found: Vec<Option<Difference>> = jobs.iter().map(|_| None).collect();
        for (number, job) in jobs.iter().enumerate() {
            let bytes: Vec<u8> = arguments(job).iter().flat_map(|word| word.to_le_bytes()).collect();
            std::fs::write(self.folder.join(format!("{number}.in")), bytes)
                .map_err(|error| error.to_string())?;
            // What an earlier batch left there.
            let _ = std::fs::remove_file(self.folder.join(format!("{number}.out")));
        }
        let shares = loop {
            let good: Vec<usize> = (0..jobs.len()).filter(|number| found[*number].is_none()).collect();
            let shares: Vec<Vec<usize>> = (0..PROGRAMS)
                .map(|share| good.iter().copied().skip(share).step_by(PROGRAMS).collect())
                .collect();
            let told = match self.build(jobs, &shares) {
                // A crash of rustc's backend says nothing of us; without the kernel that it dies of, the rest can be run.
                Err(text) if text.contains("LLVM ERROR") => {
                    let [first, rest @ ..] = jobs else { return Ok(Vec::new()) };
                    if rest.is_empty() {
                        eprintln!("rustc itself dies of this kernel, which is left out:\n{}", first.text);
                        return Ok(vec![None]);
                    }
                    let (low, high) = jobs.split_at(jobs.len() / 2);
                    let mut found = self.run(low)?;
                    found.extend(self.run(high)?);
                    return Ok(found);
                }
                told => told?,
            };
            match told {
                told if told.is_empty() => break shares,
                // The compiler took these kernels, and rustc does not take what came out.
                told => {
                    for (number, text) in told {
                        let (run, expected) = ("expansion".into(), "what rustc takes".into());
                        found[number] = Some(Difference { run, place: 0, expected, found: text });
                    }
                }
            }
        };
        for (share, numbers) in shares.iter().enumerate().filter(|(_, numbers)| !numbers.is_empty()) {
            let Executed { setups, ended, run } = self.execute(share, numbers);
            for number in numbers {
                let bytes = std::fs::read(self.folder.join(format!("{number}.out"))).ok();
                found[*number] = match bytes {
                    Some(bytes) => {
                        let words: Vec<u64> = bytes
                            .chunks_exact(8)
                            .filter_map(|word| Some(u64::from_le_bytes(word.try_into().ok()?)))
                            .collect();
                        compare(&jobs[*number], &setups, &words)
                    }
                    None if ended == Some(*number) => Some(Difference {
                        run: run.clone(),
                        place: 0,
                        expected: "an end".into(),
                        found: "the program died, or did not end in time".into(),
                    }),
                    // Behind one that ended the program.
                    None => None,
                };
            }
        }
        Ok(found)
    }

    /// Compiles the programs; which kernels rustc refuses, with its words.
    fn build(&self, jobs: &[Job<'_>], shares: &[Vec<usize>]) -> Result<Vec<(usize, String)>, String> {
        let mut first_lines = Vec::new();
        for (share, numbers) in shares.iter().enumerate() {
            let (text, lines) = source(jobs, numbers);
            std::fs::write(self.folder.join(format!("src/bin/share{share}.rs")), text)
                .map_err(|error| error.to_string())?;
            first_lines.push(lines);
        }
        let built = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()))
            .args(["build", "--quiet", "--offline", "--keep-going", "--bins"])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .stdin(Stdio::null())
            .output()
            .map_err(|error| error.to_string())?;
        if built.status.success() {
            return Ok(Vec::new());
        }
        let told = String::from_utf8_lossy(&built.stderr).into_owned();
        let mut refused: Vec<(usize, String)> = Vec::new();
        for block in told.split("\n\n") {
            let Some((_, rest)) = block.split_once("--> src/bin/share") else { continue };
            let mut parts = rest.split([':', '.', '\n']);
            let share = parts.next().and_then(|share| share.parse::<usize>().ok());
            let line = parts.nth(1).and_then(|line| line.parse::<usize>().ok());
            if let (Some(share), Some(line), true) = (share, line, block.contains("error"))
                && let Some((_, number)) = first_lines
                    .get(share)
                    .and_then(|lines| lines.iter().rev().find(|(first, _)| *first <= line))
                && refused.iter().all(|(known, _)| known != number)
            {
                refused.push((*number, block.to_owned()));
            }
        }
        if refused.is_empty() { Err(told) } else { Ok(refused) }
    }

    fn execute(&self, share: usize, numbers: &[usize]) -> Executed {
        let (mut setups, mut ended, mut run) = (Vec::new(), numbers.first().copied(), "cpu".to_owned());
        let program = self.folder.join(format!("target/debug/share{share}"));
        let child =
            Command::new(program).arg(&self.folder).stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let Ok(mut child) = child else { return Executed { setups, ended, run } };
        let Some(out) = child.stdout.take() else { return Executed { setups, ended, run } };
        let (sender, lines) = std::sync::mpsc::channel();
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                // Nobody listens once the time is up.
                let _ = sender.send(line);
            }
        });
        while let Ok(line) = lines.recv_timeout(Duration::from_secs(PATIENCE)) {
            match line.split_once(' ') {
                Some(("setups", names)) => setups = names.split(' ').map(str::to_owned).collect(),
                Some(("kernel", number)) => ended = number.parse().ok(),
                Some(("run", name)) => run = name.to_owned(),
                _ => {}
            }
        }
        // It has ended, or it hangs.
        let start = Instant::now();
        let mut status = child.try_wait().ok().flatten();
        while status.is_none() && start.elapsed() < Duration::from_secs(1) {
            std::thread::sleep(Duration::from_millis(10));
            status = child.try_wait().ok().flatten();
        }
        if status.is_none() {
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = reader.join();
        if status.is_some_and(|status| status.success()) {
            ended = None;
        }
        Executed { setups, ended, run }
    }

    /// The library that is tested.
    pub fn library(&self) -> &Path {
        &self.library
    }
}

/// The words of all launches of a kernel.
fn arguments(job: &Job<'_>) -> Vec<u64> {
    let mut words = Vec::new();
    for (inputs, expected) in &job.launches {
        let mut own = Vec::new();
        for (param, values) in job.main.params.iter().zip(&inputs.values) {
            if matches!(param.kind, ParamKind::Index | ParamKind::Cell) {
                continue;
            }
            own.push((values.len() / param.ty.scalars().len()) as u64);
            own.extend(values.iter().map(|value| word(*value)));
        }
        let plain = expected.outcomes.iter().all(|outcome| outcome.values.is_ok()) && has_plain(job.main);
        words.extend([inputs.width as u64, inputs.height as u64, plain.into(), own.len() as u64]);
        words.extend(own);
    }
    words
}

/// Whether the text is a function of plain Rust: pictures are not.
fn has_plain(main: &Function) -> bool {
    main.params.iter().all(|param| !matches!(param.kind, ParamKind::Picture | ParamKind::Cell))
}

/// One program of a batch, and the line at which each kernel begins.
fn source(jobs: &[Job<'_>], numbers: &[usize]) -> (String, Vec<(usize, usize)>) {
    let mut text = String::from(
        "#![allow(warnings, arithmetic_overflow, unconditional_panic, overflowing_literals)]\n\
         #[path = \"../harness.rs\"]\nmod harness;\n",
    );
    let mut lines = Vec::new();
    for number in numbers {
        let job = &jobs[*number];
        lines.push((text.lines().count() + 1, *number));
        let _ = writeln!(text, "mod k{number} {{\nuse super::harness::*;\nuse manylane::prelude::*;");
        text.push_str(&with_attribute(job.text, "#[kernel(strict)]\n"));
        if has_plain(job.main) {
            let plain =
                with_attribute(job.text, "pub ").replace("#[uniform] ", "").replace(": Index", ": u32");
            let _ = writeln!(text, "mod plain {{\nuse manylane::prelude::IntExt;\n{plain}}}");
        }
        text.push_str(&run_function(job.main, has_plain(job.main)));
        text.push_str("}\n");
    }
    text.push_str("fn main() {\n    harness::main_of(&[\n");
    for number in numbers {
        let _ = writeln!(text, "        ({number}, k{number}::run),");
    }
    text.push_str("    ]);\n}\n");
    (text, lines)
}

/// The function that launches a kernel.
fn run_function(main: &Function, plain: bool) -> String {
    let mut text = String::from(
        "pub fn run(setup: Option<&Setup>, from: &mut &[u64], width: usize, height: usize) -> manylane::Result<Vec<Vec<Vec<u64>>>> {\n",
    );
    let grid = main.params.iter().any(|param| param.kind == ParamKind::Cell);
    let (mut passed, mut plainly) = (Vec::new(), Vec::new());
    for param in &main.params {
        let (name, ty) = (&param.name, type_text(&param.ty));
        match param.kind {
            ParamKind::Index => plainly.push("place as u32".to_owned()),
            ParamKind::Cell => {}
            ParamKind::Uniform | ParamKind::Table => {
                let _ = writeln!(text, "    let {name} = many::<{ty}>(from)[0];");
                passed.push(name.clone());
                plainly.push(name.clone());
            }
            ParamKind::Slice => {
                let _ = writeln!(text, "    let {name} = many::<{ty}>(from);");
                passed.push(format!("&{name}[..]"));
                plainly.push(format!("&{name}"));
            }
            ParamKind::InPlace => {
                let _ = writeln!(text, "    let mut {name} = many::<{ty}>(from);");
                passed.push(if grid { format!("&mut {name}_grid") } else { format!("&mut {name}") });
                plainly.push(format!("&mut {name}[place]"));
            }
            _ => {
                let _ = writeln!(text, "    let {name} = many::<{ty}>(from);");
                passed.push(if grid { format!("&{name}_grid") } else { format!("&{name}") });
                plainly.push(format!("{name}[place]"));
            }
        }
    }
    let in_place: Vec<&String> = main
        .params
        .iter()
        .filter(|param| param.kind == ParamKind::InPlace)
        .map(|param| &param.name)
        .collect();
    let elements = main.result.elements();
    text.push_str("    let mut columns = Vec::new();\n    let Some(setup) = setup else {\n");
    if plain {
        let _ = writeln!(
            text,
            "        let all: Vec<_> = (0..width * height).map(|place| plain::{}({})).collect();",
            main.name,
            plainly.join(", ")
        );
        for (at, part) in elements.iter().enumerate() {
            let field = if let Type::Tuple(_) = main.result { format!(".{at}") } else { String::new() };
            let _ = writeln!(
                text,
                "        columns.push(column::<{}>(&all.iter().copied().map(|one| one{field}).collect::<Vec<_>>()));",
                type_text(part)
            );
        }
        for name in &in_place {
            let _ = writeln!(text, "        columns.push(column(&{name}));");
        }
    }
    text.push_str("        return Ok(columns);\n    };\n");
    if grid {
        for param in &main.params {
            if matches!(param.kind, ParamKind::Element | ParamKind::InPlace | ParamKind::Picture) {
                let _ = writeln!(
                    text,
                    "    let mut {0}_grid = setup.rt.picture({0}, (width, height))?;",
                    param.name
                );
            }
        }
    }
    let comma = if passed.len() == 1 { "," } else { "" };
    let _ = writeln!(
        text,
        "    let out = setup.rt.map::<{}>(({}{comma})).on(setup.target).run()?;",
        main.name,
        passed.join(", ")
    );
    for at in 0..elements.len() {
        let field = if let Type::Tuple(_) = main.result { format!(".{at}") } else { String::new() };
        let _ = writeln!(text, "    columns.push(column(&out{field}.read()?));");
    }
    for name in &in_place {
        let _ = if grid {
            writeln!(text, "    columns.push(column(&{name}_grid.read()?));")
        } else {
            writeln!(text, "    columns.push(column(&{name}));")
        };
    }
    text.push_str("    Ok(columns)\n}\n");
    text
}

fn compare(job: &Job<'_>, setups: &[String], words: &[u64]) -> Option<Difference> {
    let main = job.main;
    let scalars = given(&main.result, &main.params);
    let mut words = words.iter().copied();
    for (inputs, expected) in &job.launches {
        let plain = expected.outcomes.iter().all(|outcome| outcome.values.is_ok()) && has_plain(job.main);
        let faulted = expected.outcomes.iter().position(|outcome| outcome.values.is_err());
        let names = setups.iter().map(String::as_str).chain(plain.then_some("rustc"));
        for name in names {
            let differs = |place: usize, expected: String, found: String| {
                Some(Difference { run: name.to_owned(), place, expected, found })
            };
            let status = words.next().unwrap_or(9);
            match (status, faulted) {
                (0, None) => {}
                (0, Some(place)) => return differs(place, "an index out of range".into(), "results".into()),
                (1, told) => {
                    let place = words.next().unwrap_or(0) as usize;
                    if told != Some(place) {
                        let expected =
                            told.map_or("no index out of range".into(), |at| format!("a fault at {at}"));
                        return differs(told.unwrap_or(place), expected, format!("a fault at {place}"));
                    }
                    continue;
                }
                // Rust panics where we do not; all its places are left out then.
                (3, _) if name == "rustc" => continue,
                (status, _) => {
                    return differs(0, "results".into(), format!("an error or a panic ({status})"));
                }
            }
            for place in 0..inputs.places() {
                let found: Vec<Value> =
                    scalars.iter().map(|ty| of_word(words.next().unwrap_or(0), *ty)).collect();
                let outcome = &expected.outcomes[place];
                let left_open = outcome.marks.nan_bits || name == "rustc" && outcome.marks.unlike_rust;
                if let (Ok(values), false) = (&outcome.values, left_open)
                    && !all_same(values, &found)
                {
                    return differs(place, show(values), show(&found));
                }
            }
        }
    }
    None
}
