//! Tasks to name in a hint.

use std::collections::HashMap;

use super::shorten;
use crate::doc::Document;
use crate::tag::Selector;
use crate::task::TaskId;

/// How many tasks or features of a kind a hint names.
pub(super) const MAX_NAMED: usize = 3;

/// The longest title that a hint repeats, in characters.
const MAX_TITLE: usize = 40;

/// The tasks whose ids are most like one, those that a tag names already left
/// out: by the letters that differ, then of its own phase, then open ones.
pub(super) fn nearest(document: &Document, wanted: &TaskId, named: &[Selector]) -> Vec<usize> {
    let text = wanted.as_str().to_ascii_lowercase();
    let phase = |id: &str| id.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let mut found: Vec<_> = identified(document)
        .filter(|(_, id)| !named.contains(&Selector::One((*id).clone())))
        .map(|(task, id)| {
            let distance = strsim::osa_distance(&text, &id.as_str().to_ascii_lowercase());
            let is_other = phase(id.as_str()) != phase(&text);
            (distance, is_other, document.tasks()[task].state.is_done(), task)
        })
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(.., task)| task).take(MAX_NAMED).collect()
}

/// The tasks with an id that no other task carries.
fn identified(document: &Document) -> impl Iterator<Item = (usize, &TaskId)> {
    let tasks = document.tasks().iter().enumerate().filter(|(_, task)| task.checklist.is_none());
    let named: Vec<(usize, &TaskId)> =
        tasks.filter_map(|(at, task)| Some((at, task.id.as_ref()?))).collect();
    let mut carriers: HashMap<&TaskId, usize> = HashMap::new();
    named.iter().for_each(|(_, id)| *carriers.entry(id).or_default() += 1);
    named.into_iter().filter(move |(_, id)| carriers.get(id) == Some(&1))
}

/// The open tasks that have an id, in the order of the text.
pub(super) fn open_tasks(document: &Document) -> impl Iterator<Item = (usize, &TaskId)> {
    identified(document).filter(|(at, _)| !document.tasks()[*at].state.is_done())
}

/// The id of a task that has one; all that are named here do.
pub(super) fn id_of(document: &Document, task: usize) -> TaskId {
    document.tasks()[task].id.clone().expect("only tasks with an id are looked at")
}

/// `1.2` Add login
pub(super) fn titled(document: &Document, task: usize) -> String {
    let title = shorten(document.task_title(task), MAX_TITLE);
    format!("`{}` {title}", id_of(document, task)).trim_end().to_owned()
}
