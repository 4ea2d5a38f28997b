//! Tasks to name in a hint.

use super::shorten;
use crate::doc::{Document, Lookup};
use crate::tag::Selector;
use crate::task::TaskId;

/// How many tasks or features of a kind a hint names.
pub(super) const MAX_NAMED: usize = 3;

/// The longest title that a hint repeats, in characters.
const MAX_TITLE: usize = 40;

/// The tasks whose ids are most like one, those that a tag names already left
/// out: the one whose text begins with it, then by the letters that differ, of
/// its own phase, and open ones.
pub(super) fn nearest(
    document: &Document,
    wanted: &TaskId,
    named: &[Selector],
) -> Vec<(usize, TaskId)> {
    let text = wanted.as_str().to_ascii_lowercase();
    let phase = |id: &str| id.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let begun = document.find_named(wanted.as_str());
    let mut found: Vec<_> = identified(document)
        .filter(|(_, id)| !named.contains(&Selector::One(id.clone())))
        .map(|(task, id)| {
            let is_other_kind = id.words().is_some() != wanted.words().is_some();
            let distance = if is_other_kind { 0 } else { distance(&text, &id) };
            let is_other = phase(id.as_str()) != phase(&text);
            let is_done = document.tasks()[task].state.is_done();
            let is_unlike = begun != Lookup::One(task);
            ((is_unlike, is_other_kind, distance, is_other, is_done, task), id)
        })
        .collect();
    found.sort_unstable_by_key(|(near, _)| *near);
    found.into_iter().map(|((.., task), id)| (task, id)).take(MAX_NAMED).collect()
}

/// Whether a task is like enough to what a tag says to be offered in its place,
/// since whoever reads the hint may use it as it stands: one letter apart, of the
/// same phase, or the one whose text begins with it.
pub(super) fn is_near(document: &Document, wanted: &TaskId, task: usize, id: &TaskId) -> bool {
    let phase = |id: &str| id.split_once('.').map(|(phase, _)| phase.to_ascii_lowercase());
    let text = wanted.as_str().to_ascii_lowercase();
    let is_same_phase = phase(&text).is_some() && phase(&text) == phase(id.as_str());
    let is_same_kind = id.words().is_some() == wanted.words().is_some();
    let begins = document.find_named(wanted.as_str()) == Lookup::One(task);
    begins || (is_same_kind && (is_same_phase || id.words().is_some() || distance(&text, id) <= 1))
}

/// How many letters differ; of a handle those count that were written.
fn distance(wanted: &str, id: &TaskId) -> usize {
    let own = id.as_str().to_lowercase();
    let len = if id.words().is_some() { wanted.chars().count() } else { usize::MAX };
    strsim::osa_distance(wanted, &own.chars().take(len).collect::<String>())
}

/// The tasks that a tag can name, with what it calls them: those with an id
/// that no other task carries, and those with a handle.
fn identified(document: &Document) -> impl Iterator<Item = (usize, TaskId)> {
    let named = |task: usize| Some((task, document.address(task)?));
    let is_one = |(task, id): &(usize, TaskId)| document.find(id) == Lookup::One(*task);
    (0..document.tasks().len()).filter_map(named).filter(is_one)
}

/// The open tasks that a tag can name, in the order of the text.
pub(super) fn open_tasks(document: &Document) -> impl Iterator<Item = (usize, TaskId)> {
    identified(document).filter(|(at, _)| !document.tasks()[*at].state.is_done())
}

/// What a tag calls a task, in backticks; its text where none can name it.
pub(super) fn called(document: &Document, task: usize) -> String {
    match document.address(task) {
        Some(id) => format!("`{id}`"),
        None => format!("`{}`", shorten(document.task_title(task), MAX_TITLE)),
    }
}

/// `1.2` Add login
pub(super) fn titled(document: &Document, task: usize) -> String {
    let title = shorten(document.task_title(task), MAX_TITLE);
    format!("{} {title}", called(document, task)).trim_end().to_owned()
}
