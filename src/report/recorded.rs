//! What was recorded, in one or two lines.

use super::Ui;
use crate::commit::Oid;
use crate::plan::{Note, Plan};
use crate::record::{Caught, Change, Followed, Outcome};

/// The most tasks that are named of those that changed.
const MAX_NAMED: usize = 12;

/// The most open parts of a task that are named.
const MAX_OPEN: usize = 5;

/// Says what a hook or `sync` did, and what it could not do. What was taken out
/// to be written again, as its commits were rewritten, is nothing to tell.
pub fn tell(caught: &Caught, ui: &mut Ui) {
    let is_written = |(path, _): &(String, usize)| {
        caught.outcome.prepared.changes.iter().any(|change| change.place.path == *path)
    };
    let mut followed = caught.followed.clone();
    followed.withdrawn.retain(|one| !is_written(one));
    tell_followed(&followed, ui);
    tell_outcome(&caught.outcome, &caught.restated, ui);
    if caught.bookkeeping.is_some() {
        ui.note("this commit changes nothing but task documents: it keeps books, and no link");
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

fn tell_outcome(outcome: &Outcome, restated: &[Oid], ui: &mut Ui) {
    let is_new = |change: &&Change| {
        let recorded = &change.plan.recorded;
        recorded.is_empty() || recorded.iter().any(|oid| !restated.contains(oid))
    };
    for change in outcome.prepared.changes.iter().filter(is_new) {
        let said = summary(&change.plan);
        if !said.is_empty() {
            ui.note(format!("{}: {said} ({})", change.place.feature, change.place.path));
        }
        change.plan.notes.iter().for_each(|note| tell_note(note, ui));
    }
    for (_, error) in &outcome.unwritten {
        ui.warning(format!("nothing was recorded there: {error}"));
        ui.hint(error.hint().unwrap_or("git spec-log sync records it later"));
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
    if !plan.ticked.is_empty() {
        said.push(format!("{} done", some_of(&plan.ticked, MAX_NAMED)));
    }
    if !plan.begun.is_empty() {
        said.push(format!("{} in progress", some_of(&plan.begun, MAX_NAMED)));
    }
    if !plan.reopened.is_empty() {
        said.push(format!("{} open again", some_of(&plan.reopened, MAX_NAMED)));
    }
    let moved = plan.entries_moved.len();
    if moved > 0 {
        said.push(format!(
            "{moved} {} rewritten commits",
            if moved == 1 { "entry follows" } else { "entries follow" }
        ));
    }
    if !plan.entries_pruned.is_empty() {
        said.push(format!("{} taken out", some_of(&plan.entries_pruned, MAX_NAMED)));
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
            ui.note(format!("{task} stays open: {} to do", some_of(open, MAX_OPEN)));
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

/// The first of these names, and how many more there are.
fn some_of(names: &[String], max: usize) -> String {
    let mut said: Vec<String> = names.iter().take(max).map(|name| shorten(name)).collect();
    let left_out = names.len() - said.len();
    if left_out > 0 {
        said.push(format!("{left_out} more"));
    }
    said.join(", ")
}

/// A task's text where it has no id, cut to a phrase.
fn shorten(name: &str) -> String {
    if name.chars().count() <= 40 {
        return name.to_owned();
    }
    name.chars().take(39).collect::<String>() + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hook_says_it_in_a_line_however_many_tasks_there_are() {
        let names = |count: usize| (1..=count).map(|n| format!("1.{n}")).collect::<Vec<_>>();
        let plan = Plan { ticked: names(100_000), begun: names(2), ..Plan::default() };
        let said = summary(&plan);
        assert!(said.ends_with("1.12, 99988 more done, 1.1, 1.2 in progress"), "{said}");
        assert!(said.len() < 120, "{said}");
    }
}
