//! The `manylane` command.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    manylane_cli::main()
}
