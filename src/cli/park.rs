//! `git spec-log park`

use super::Outcome;
use crate::report::{Exit, Ui};

/// Take uncommitted records out of the way of a switch or a pull --rebase
///
/// Only what spec-log itself wrote goes; git spec-log sync brings it back.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(ui: &mut Ui) -> Outcome {
    let project = super::project::open(ui)?;
    let parked = project.park()?;
    for path in &parked.paths {
        ui.note(format!("took uncommitted records out of {path}"));
    }
    for path in &parked.entangled {
        ui.warning(format!("`{path}` is left as it is: records and edits stand on the same lines"));
        ui.hint(&format!("git diff -- {path}"));
    }
    match (parked.paths.is_empty(), parked.entangled.is_empty()) {
        (true, true) => ui.note("nothing to park: every record is in a commit"),
        (false, _) => ui.hint("git spec-log sync brings them back"),
        _ => {}
    }
    Ok(if parked.entangled.is_empty() { Exit::Fine } else { Exit::Findings })
}
