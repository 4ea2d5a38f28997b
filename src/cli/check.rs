//! `git spec-log check`

use std::path::PathBuf;

use clap::ValueEnum;

/// Find faults in messages, documents and links
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Commits to judge, such as main..HEAD; all of HEAD where none are named
    #[arg(value_name = "RANGE")]
    pub range: Option<String>,
    /// Judge this commit message only; - reads it from stdin
    #[arg(long, value_name = "FILE", conflicts_with = "range")]
    pub message: Option<PathBuf>,
    /// How to print what is found
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Let warnings count as errors
    #[arg(long)]
    pub strict: bool,
}

/// A form for the list of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// The same as --json.
    Json,
    /// Annotations for a GitHub workflow.
    Github,
    /// SARIF 2.1.0 for code scanning.
    Sarif,
}
