//! `git spec-log status`

/// Show a line per feature: bar, done/total, percent, state, stamp, next task
#[derive(Debug, Default, clap::Args)]
pub(super) struct Args {
    /// PRD-07, 7, a slug or a document's path; all features where none is named
    #[arg(value_name = "FEATURE")]
    pub features: Vec<String>,
}
