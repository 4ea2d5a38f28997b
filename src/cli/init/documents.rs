//! Which documents the hooks will find.

use serde::Serialize;

use super::super::doctor::documents::lines;
use crate::config;
use crate::record::{self, Nested, Pattern, Project};
use crate::report::{Ink, Line, Ui};

/// How many documents are named one by one.
const NAMED: usize = 5;

/// The documents of the work tree, or why they cannot be looked up.
pub(super) struct Documents {
    found: Result<Vec<Document>, record::Error>,
    places: Vec<Pattern>,
    nested: Vec<Nested>,
}

/// A document as `--json` shows it.
#[derive(Serialize)]
pub(super) struct Document {
    path: String,
    feature: String,
}

/// Looks the documents up. A fault in the configuration is told and keeps no
/// hook from being put in.
pub(super) fn find(project: Result<Project, record::Error>) -> Documents {
    let places = project.as_ref().map_or_else(|_| Vec::new(), |p| p.places().patterns().to_vec());
    let document =
        |place: record::Place| Document { path: place.path, feature: place.feature.to_string() };
    // What cannot be looked through suggests nothing.
    let nested = project.as_ref().map(|p| p.nested().unwrap_or_default()).unwrap_or_default();
    let found = project.and_then(|project| project.catalog());
    let found = found.map(|catalog| catalog.places.into_iter().map(document).collect());
    Documents { found, places, nested }
}

impl Documents {
    /// For scripts.
    pub(super) fn list(&self) -> &[Document] {
        self.found.as_deref().unwrap_or_default()
    }

    /// The places where some of them lie.
    pub(super) fn places(&self) -> impl Iterator<Item = &Pattern> {
        let holds_one = |place: &&Pattern| self.list().iter().any(|one| place.matches(&one.path));
        self.places.iter().filter(holds_one)
    }

    /// For people.
    pub(super) fn tell(&self, ui: &mut Ui) {
        match &self.found {
            Err(error) => {
                ui.warning(format!("cannot look for documents: {error}"));
                error.hint().iter().for_each(|hint| ui.hint(hint));
            }
            Ok(found) if found.is_empty() => self.tell_none(ui),
            Ok(found) => tell_found(found, ui),
        }
        if !self.nested.is_empty() {
            ui.note("documents of projects inside this one are not looked for");
            ui.hint(&format!(
                "to track them put into `{}`:\n{}",
                config::FILE,
                lines(&self.nested)
            ));
        }
    }

    fn tell_none(&self, ui: &mut Ui) {
        ui.note("no document is here yet; they are looked for in");
        self.places.iter().for_each(|place| ui.note(format!("  {}", place.text)));
        ui.hint("to begin: git spec-log new \"Password reset\"");
        ui.hint("or write `prd/tasks/01_name.md` yourself; two lines will do:");
        ui.hint("  # Feature: Name (PRD 01)");
        ui.hint("  - [ ] Task 1.1: The first thing to do");
        ui.hint("then end a commit's subject in [PRD-01 Task 1.1]");
    }
}

fn tell_found(found: &[Document], ui: &mut Ui) {
    let mut features: Vec<&str> = found.iter().map(|document| document.feature.as_str()).collect();
    features.sort_unstable();
    features.dedup();
    let counted = |count: usize, noun: &str| match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    };
    let documents = counted(found.len(), "document");
    ui.note(format!("found {documents} of {}", counted(features.len(), "feature")));
    for document in found.iter().take(NAMED) {
        let name = format!("{:<16} ", document.feature);
        ui.note(Line::new(Ink::Name, &name).plain(&document.path));
    }
    if found.len() > NAMED {
        ui.note(format!("and {} more", found.len() - NAMED));
    }
}
