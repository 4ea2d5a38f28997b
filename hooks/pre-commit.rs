//! The pre-commit hook.

use std::process::ExitCode;

fn main() -> ExitCode {
    spec_log::hook::run(spec_log::hook::PRE_COMMIT)
}
