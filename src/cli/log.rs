//! `git spec-log log`

/// List linked commits, newest first, with their tasks
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A feature, a task of it and a revision range, each optional, in this order
    #[arg(value_name = "FEATURE [TASK]] [RANGE", num_args = 0..=3)]
    pub what: Vec<String>,
    /// Show at most N commits
    #[arg(short = 'n', long = "max-count", value_name = "N")]
    pub count: Option<usize>,
    /// End each commit with NUL instead of a new line
    #[arg(short = 'z')]
    pub nul: bool,
}
