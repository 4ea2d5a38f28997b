//! `git spec-log demo`

use std::path::PathBuf;

use super::Outcome;
use crate::report::Ui;

/// See it work: a throwaway repository, real commits through the real hooks
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Where to make it; a temporary directory where none is named
    #[arg(value_name = "DIR")]
    pub directory: Option<PathBuf>,
}

pub(super) fn run(_args: &Args, _ui: &mut Ui) -> Outcome {
    super::not_in_this_build("demo")
}
