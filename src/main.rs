//! The subcommand `git spec-log`.

use std::process::ExitCode;

fn main() -> ExitCode {
    spec_log::cli::main()
}
