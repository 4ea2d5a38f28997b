//! `git spec-log doctor`

use super::Outcome;
use crate::report::Ui;

/// Find out whether git really reaches spec-log here
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_args: &Args, _ui: &mut Ui) -> Outcome {
    super::not_in_this_build("doctor")
}
