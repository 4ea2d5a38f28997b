//! `git spec-log check`

mod github;
mod sarif;
mod text;

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::Serialize;

use super::Outcome;
use crate::problem::{Problem, Severity};
use crate::record::Draft;
use crate::report::{Exit, Failure, Ui};
use crate::store::read_plain;

/// Find faults in messages, documents and links
///
/// Without a RANGE a fault in a message of history is a warning: nobody can
/// mend it any more.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Commits to judge, such as main..HEAD; all of HEAD where none are named
    #[arg(value_name = "RANGE")]
    pub range: Option<String>,
    /// Judge this commit message only; - reads it from stdin
    #[arg(long, value_name = "FILE", conflicts_with = "range")]
    pub message: Option<PathBuf>,
    /// How to print what is found; text where nothing is said
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub format: Option<Format>,
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

#[derive(Serialize)]
struct Report<'a> {
    problems: &'a [Problem],
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Outcome {
    let format = format(args, ui)?;
    let project = super::project::open(ui)?;
    let problems = match &args.message {
        Some(file) => {
            let message = read(file)?;
            project.judge_draft(&Draft { message, ..Draft::default() })?
        }
        None => project.audit(args.range.as_deref())?,
    };
    match format {
        Format::Text => text::show(&problems, ui),
        Format::Json => ui.json("check", &Report { problems: &problems }),
        Format::Github => github::show(&problems, ui),
        Format::Sarif => ui.foreign_json(&sarif::log(&problems)),
    }
    let worst = problems.iter().map(|problem| problem.severity).max();
    let refused = if args.strict { Severity::Warning } else { Severity::Error };
    Ok(if worst >= Some(refused) { Exit::Findings } else { Exit::Fine })
}

/// The form that is asked for: `--json` is one way to say `--format json`.
fn format(args: &Args, ui: &mut Ui) -> Result<Format, Failure> {
    match args.format {
        None if ui.is_json() => Ok(Format::Json),
        None => Ok(Format::Text),
        Some(Format::Json) => {
            ui.turn_to_json();
            Ok(Format::Json)
        }
        Some(_) if ui.is_json() => {
            Err(Failure::usage("--json cannot be used with another --format"))
        }
        Some(format) => Ok(format),
    }
}

/// Reads a message from a file, or from stdin where that is `-`.
fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let failed =
        |why: String| Failure::new("message", format!("cannot read `{}`: {why}", file.display()));
    if file == Path::new("-") {
        let mut message = Vec::new();
        let read = std::io::stdin().lock().read_to_end(&mut message);
        return read.map(|_| message).map_err(|error| failed(error.to_string()));
    }
    let message = read_plain(file).map_err(|error| failed(error.to_string()))?;
    message.ok_or_else(|| failed("there is no such file".to_owned()))
}
