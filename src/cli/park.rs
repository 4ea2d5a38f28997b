//! `git spec-log park`

use super::Outcome;
use crate::record::Parked;
use crate::report::{Exit, Ui};

/// Take uncommitted records out of the way of a switch or a pull --rebase
///
/// Only what spec-log itself wrote goes; git spec-log sync brings it back.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(ui: &mut Ui) -> Outcome {
    let project = super::project::open(ui)?;
    let parked = project.park()?;
    match ui.is_json() {
        true => ui.json("park", &parked),
        false => tell(&parked, ui),
    }
    Ok(if parked.entangled.is_empty() { Exit::Fine } else { Exit::Findings })
}

fn tell(parked: &Parked, ui: &mut Ui) {
    for path in &parked.parked {
        ui.note(format!("took uncommitted records out of {path}"));
    }
    for path in &parked.entangled {
        ui.warning(format!("`{path}` is left as it is: records and edits stand on the same lines"));
        ui.hint(&format!("git diff -- {path}"));
    }
    match (parked.parked.is_empty(), parked.entangled.is_empty()) {
        (true, true) => ui.note("nothing to park: every record is in a commit"),
        (false, _) => ui.hint("git spec-log sync brings them back"),
        _ => {}
    }
}
