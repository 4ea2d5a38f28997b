//! The prepare-commit-msg hook.

use std::process::ExitCode;

fn main() -> ExitCode {
    spec_log::hook::run(spec_log::hook::PREPARE_COMMIT_MSG)
}
