//! Blockers of tasks that are done.

use super::{MAX_QUOTE, shorten};
use crate::doc::notes::Blocker;
use crate::doc::{Document, Lookup};
use crate::problem::{Problem, Severity};

/// The blockers that are said to hold up a task which is done.
pub(super) fn outlived(document: &Document) -> Vec<Problem> {
    let open = document.blockers().into_iter().filter(|blocker| !blocker.resolved);
    open.filter_map(|blocker| problem(document, &blocker)).collect()
}

fn problem(document: &Document, blocker: &Blocker) -> Option<Problem> {
    let id = blocker.task.as_ref()?;
    let Lookup::One(task) = document.find(id) else { return None };
    if !document.tasks()[task].state.is_done() {
        return None;
    }
    let line = document.line(blocker.text.start);
    let text = shorten(document.slice(&blocker.text), MAX_QUOTE);
    let said = format!("`{text}` is a blocker of task {id}, which is done");
    let hint = format!("move line {line} of `{}` to the resolved blockers", document.path());
    let problem = Problem::new("outlived-blocker", Severity::Warning, said);
    Some(problem.hint(hint).at(document.path(), Some(line)))
}
