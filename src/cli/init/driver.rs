//! The merge driver: a setting of the repository, and a line for each kind of
//! document that a person adds to `.gitattributes`, since that file is shared.

use std::path::Path;

use super::documents::Documents;
use super::hook_file;
use super::plan::{Action, Change, Step};
use super::tell::Suggestion;
use crate::merge;
use crate::record::Pattern;
use crate::repo::Site;

const SECTION: &str = "merge.spec-log";

/// Sets the driver, by its command alone: git ends a merge where one has a name
/// and no command, which is what a killed `init` would leave of two settings.
pub(super) fn set(site: &Site, programs: &Path) -> Step {
    let command = merge::driver_command(&programs.join("git-spec-log").to_string_lossy());
    let action = match site.setting("merge.spec-log.driver") {
        Some(old) if old == command => Action::Keep,
        Some(_) => Action::Update,
        None => Action::Install,
    };
    let values = vec![("driver", command)];
    let change = Change::Set { section: SECTION.to_owned(), values };
    step(action, (action != Action::Keep).then_some(change))
}

/// Takes it out.
pub(super) fn unset(site: &Site) -> Step {
    match site.setting("merge.spec-log.driver") {
        Some(_) => step(Action::Remove, Some(Change::Unset { section: SECTION.to_owned() })),
        None => step(Action::Absent, None),
    }
}

fn step(action: Action, change: Option<Change>) -> Step {
    Step {
        hook: "merge-driver",
        action,
        place: SECTION.to_owned(),
        reason: None,
        hint: None,
        change,
    }
}

/// What is to be done where `.gitattributes` lacks lines for the documents
/// there are.
pub(super) fn suggestion(site: &Site, documents: &Documents) -> Option<Suggestion> {
    Some(Suggestion {
        why: &[
            "two branches that each finish a task merge without a conflict once git is",
            "told which files those are:",
        ],
        command: missing_lines(site, documents.places())?,
    })
}

/// The command that adds the lines which `.gitattributes` lacks for these
/// places.
pub(in crate::cli) fn missing_lines<'p>(
    site: &Site,
    places: impl Iterator<Item = &'p Pattern>,
) -> Option<String> {
    let attributes = site.attributes();
    let mut lines = merge::attributes(places.map(|place| (place.text.as_str(), place.dialect)));
    lines.retain(|line| !attributes.lines().any(|known| known.trim() == line));
    let quoted: Vec<String> = lines.iter().map(|line| hook_file::quote(Path::new(line))).collect();
    let command = || format!("printf '%s\\n' {} >> .gitattributes", quoted.join(" "));
    (!quoted.is_empty()).then(command)
}
