//! `git spec-log tick` and `untick`

use std::path::PathBuf;

/// Set boxes; nothing else in the file changes
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    pub boxes: Boxes,
}

/// Clear boxes; nothing else in the file changes
#[derive(Debug, clap::Args)]
pub(super) struct UntickArgs {
    #[command(flatten)]
    pub boxes: Boxes,
}

/// Which boxes are meant.
#[derive(Debug, clap::Args)]
pub(super) struct Boxes {
    /// The document; needed only where there are several
    #[arg(long, value_name = "PATH")]
    pub file: Option<PathBuf>,
    /// A task's id, :LINE, or "the text of the item"
    #[arg(value_name = "ADDRESS", required = true)]
    pub addresses: Vec<String>,
}
