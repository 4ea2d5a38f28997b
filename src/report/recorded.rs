//! What was recorded, in one or two lines.

use super::Ui;
use crate::plan::{Note, Plan};
use crate::record::{Caught, Followed, Outcome};

/// Says what a hook or `sync` did, and what it could not do.
pub fn tell(caught: &Caught, ui: &mut Ui) {
    tell_followed(&caught.followed, ui);
    tell_outcome(&caught.outcome, ui);
    if caught.bookkeeping.is_some() {
        ui.note("this commit changes task documents alone: it keeps books and makes no link");
    }
}

/// Says what left or came back because HEAD moved.
pub fn tell_followed(followed: &Followed, ui: &mut Ui) {
    let records =
        |count: usize| if count == 1 { "1 record".to_owned() } else { format!("{count} records") };
    for (path, count) in &followed.withdrawn {
        ui.note(format!("took {} out of {path}: the commit is not in HEAD", records(*count)));
    }
    for (path, count) in &followed.restored {
        ui.note(format!("brought {} back to {path}", records(*count)));
    }
    for path in &followed.entangled {
        ui.warning(format!(
            "`{path}` holds records of commits that are not in HEAD, entangled with edits"
        ));
        ui.hint(&format!("git diff -- {path}"));
    }
}

fn tell_outcome(outcome: &Outcome, ui: &mut Ui) {
    for change in &outcome.prepared.changes {
        let said = summary(&change.plan);
        if !said.is_empty() {
            ui.note(format!("{}: {said} ({})", change.place.feature, change.place.path));
        }
        change.plan.notes.iter().for_each(|note| tell_note(note, ui));
    }
    for (path, why) in &outcome.unstaged {
        ui.warning(format!("`{path}` was updated in the work tree and not staged: {why}"));
        ui.hint(&format!("git add -p -- {path}"));
    }
    for unplaced in &outcome.prepared.ambiguous {
        ui.warning(format!("{} is ambiguous: {}", unplaced.oid.abbrev(7), unplaced.reason));
    }
    for unplaced in &outcome.prepared.unplaced {
        ui.warning(format!("{} is recorded nowhere: {}", unplaced.oid.abbrev(7), unplaced.reason));
    }
}

/// `1.2 done, 1.4 reopened, 3 commits`
pub fn summary(plan: &Plan) -> String {
    let mut said = Vec::new();
    let list =
        |names: &[String]| names.iter().map(|name| shorten(name)).collect::<Vec<_>>().join(", ");
    if !plan.ticked.is_empty() {
        said.push(format!("{} done", list(&plan.ticked)));
    }
    if !plan.begun.is_empty() {
        said.push(format!("{} in progress", list(&plan.begun)));
    }
    if !plan.reopened.is_empty() {
        said.push(format!("{} open again", list(&plan.reopened)));
    }
    let moved = plan.entries_moved.len();
    if moved > 0 {
        said.push(format!(
            "{moved} {} rewritten commits",
            if moved == 1 { "entry follows" } else { "entries follow" }
        ));
    }
    if !plan.entries_pruned.is_empty() {
        said.push(format!("{} taken out", plan.entries_pruned.join(", ")));
    }
    match plan.entries_added.len() {
        0 => {}
        1 => said.push("1 commit listed".to_owned()),
        count => said.push(format!("{count} commits listed")),
    }
    said.join(", ")
}

fn tell_note(note: &Note, ui: &mut Ui) {
    match note {
        Note::OpenSubtasks { task, open } => {
            let open: Vec<_> = open.iter().take(5).map(|name| shorten(name)).collect();
            ui.note(format!("{task} stays open: {} to do", open.join(", ")));
            ui.hint("add `done` to the tag to close it with all its subtasks");
        }
        Note::UnknownTask { oid, task } => {
            ui.warning(format!(
                "{} names task {task}, which the document does not have",
                oid.abbrev(7)
            ));
        }
        Note::DuplicateTask { oid, task, lines } => {
            let lines: Vec<_> = lines.iter().map(ToString::to_string).collect();
            let oid = oid.abbrev(7);
            ui.warning(format!(
                "{oid} names task {task}, which stands on lines {}",
                lines.join(" and ")
            ));
            ui.hint("give each task an id of its own, then run git spec-log sync");
        }
    }
}

/// A task's text where it has no id, cut to a phrase.
fn shorten(name: &str) -> String {
    if name.chars().count() <= 40 {
        return name.to_owned();
    }
    name.chars().take(39).collect::<String>() + "…"
}
