//! `git spec-log show`

/// Show a task with its commits and files, or a commit with its tasks
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A feature (PRD-07, 7, a slug, a document's path) or a revision
    #[arg(value_name = "FEATURE|REV")]
    pub what: String,
    /// The id of one of the feature's tasks
    #[arg(value_name = "TASK")]
    pub task: Option<String>,
}
