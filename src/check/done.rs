//! Tags that finish what is finished.

use super::message::{Fault, Knowledge};
use super::nearest::{called, open_tasks, titled};
use super::select;
use super::subject::Fix;
use crate::config::Tick;
use crate::doc::Document;
use crate::problem::{Problem, Severity};
use crate::tag::{Selector, Tag, Word};

/// The most tasks that one warning names.
const MAX_IDS: usize = 12;

/// The warning that a tag finishes what is finished.
///
/// A box that only the work tree shows as done may have been ticked by hand
/// for this very commit; it counts where the document's own list of commits
/// says so as well.
pub(super) fn already_done(
    tag: &Tag,
    document: &Document,
    before: &[&Document],
    knowledge: &Knowledge<'_>,
) -> Option<Fault> {
    if knowledge.is_past || !matches!(tag.word, Word::None | Word::Done) {
        return None;
    }
    let is_replaced = |hash: &str| knowledge.replaced.is_some_and(|oid| oid.has_prefix(hash));
    let mut recorded = None;
    let mut is_settled = |task: usize, selector: &Selector| {
        let all_done = |document: &Document, task: usize| {
            let mut below = document.below(task).map(|part| &document.tasks()[part]);
            document.tasks()[task].state.is_done()
                && (tag.word == Word::None || below.all(|part| part.state.is_done()))
        };
        let was_done = |older: &&Document| {
            let tasks = select::tasks(older, &narrowed(document, task, selector));
            !tasks.is_empty() && tasks.iter().all(|&task| all_done(older, task))
        };
        all_done(document, task)
            && (before.iter().all(was_done)
                || recorded
                    .get_or_insert_with(|| select::recorded(document, is_replaced))
                    .contains(&task))
    };
    let done: Vec<usize> = tag
        .tasks
        .iter()
        .flat_map(|selector| {
            select::tasks(document, selector).into_iter().map(move |t| (t, selector))
        })
        .filter(|(task, selector)| is_settled(*task, selector))
        .map(|(task, _)| task)
        .collect();
    let first = *done.first()?;
    Some(done_fault(tag, document, &done, first, knowledge.tick))
}

/// The one task of a selection.
fn narrowed(document: &Document, task: usize, selector: &Selector) -> Selector {
    document.address(task).map_or_else(|| selector.clone(), Selector::One)
}

fn done_fault(tag: &Tag, document: &Document, done: &[usize], first: usize, tick: Tick) -> Fault {
    let mut ids: Vec<String> =
        done.iter().take(MAX_IDS).map(|&task| called(document, task)).collect();
    if done.len() > ids.len() {
        ids.push(format!("{} more", done.len() - ids.len()));
    }
    let verb = if ids.len() == 1 { "is" } else { "are" };
    let opens = tick == Tick::DoneOnly && tag.word == Word::None;
    let so = if opens { "; this commit opens it again" } else { "" };
    let said = format!("{} {verb} done already, expected an open task{so}", super::and(&ids));
    let with = |tasks: Vec<Selector>, word| Tag { tasks, word, ..tag.clone() }.to_string();
    let again = with(tag.tasks.clone(), if opens { Word::Done } else { Word::Wip });
    let next = open_tasks(document)
        .find(|(task, _)| *task > first)
        .or_else(|| open_tasks(document).next());
    let is_single = matches!(tag.tasks.as_slice(), [Selector::One(_)]);
    let (text, more) = match next.filter(|_| is_single && !opens) {
        Some((task, id)) => (
            with(vec![Selector::One(id)], tag.word),
            format!(
                "is {}; `{again}` if there is more to do on {}",
                titled(document, task),
                ids[0]
            ),
        ),
        None if opens => (again, "keeps it done".to_owned()),
        None => (again, "if there is more to do".to_owned()),
    };
    let line = document.line(document.tasks()[first].text.start);
    let problem =
        Problem::new("already-done", Severity::Warning, said).at(document.path(), Some(line));
    Fault { problem, fix: Some(Fix { span: tag.span.clone(), text }), more: Some(more) }
}
