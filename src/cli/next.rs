//! `git spec-log next`

/// Show the next open tasks
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// PRD-07, 7, a slug or a document's path
    #[arg(value_name = "FEATURE")]
    pub feature: Option<String>,
}
