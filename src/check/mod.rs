//! What is wrong with a message, a document, or what history says of both.
//!
//! Messages, documents and facts of history go in, [`Problem`]s come out:
//! values, each with what was found, what was expected, and the exact line or
//! command to use next. A hint may have several lines, the first of which
//! stands alone. What is deliberately absent: git, files, the clock, printing,
//! and any change; that is [`plan`](crate::plan)'s.

mod blockers;
mod boxes;
mod done;
mod figures;
mod files;
mod links;
mod message;
mod misses;
mod nearest;
mod select;
mod subject;
mod unknown;

#[cfg(test)]
mod tests;

use crate::doc::Document;
use crate::problem::{Problem, Severity};
use crate::task::TaskId;

pub use files::{gone_key_file, key_files, missing_pointer, pointers};
pub use links::{Closing, EntryFact, LinkFacts, closings, links, rivals};
pub use message::{Knowledge, message, missing_tag};
pub use unknown::{another_name, meant_feature};

/// The longest text of a person's that a problem repeats, in characters.
const MAX_QUOTE: usize = 60;

/// Finds what is wrong inside one document, in the order of its lines: ids
/// that several tasks carry, figures that the boxes contradict, blockers of
/// tasks that are done, and lines that were meant as boxes and are none.
pub fn document(document: &Document) -> Vec<Problem> {
    let mut problems = duplicates(document);
    problems.extend(figures::stale(document));
    problems.extend(boxes::lost(document));
    problems.extend(blockers::outlived(document));
    problems.sort_by_key(|problem| problem.line);
    problems
}

/// Whether a document has an open task that a tag can name.
pub fn has_open_task(document: &Document) -> bool {
    nearest::open_tasks(document).next().is_some()
}

fn duplicates(document: &Document) -> Vec<Problem> {
    let tasks = document.tasks().iter().enumerate().filter(|(_, task)| task.checklist.is_none());
    let mut carriers: Vec<(&TaskId, usize)> =
        tasks.filter_map(|(at, task)| Some((task.id.as_ref()?, at))).collect();
    carriers.sort_unstable();
    let same = carriers.chunk_by(|(one, _), (other, _)| one == other);
    let several = same.filter(|carriers| carriers.len() > 1);
    several
        .map(|carriers| {
            let tasks: Vec<usize> = carriers.iter().map(|&(_, at)| at).collect();
            duplicate(document, carriers[0].0, &tasks)
        })
        .collect()
}

/// The fault of one id on several tasks, at the second of them.
fn duplicate(document: &Document, id: &TaskId, tasks: &[usize]) -> Problem {
    let lines: Vec<usize> =
        tasks.iter().map(|&task| document.line(document.tasks()[task].text.start)).collect();
    let named: Vec<String> = lines.iter().map(usize::to_string).collect();
    let again = lines.get(1).copied();
    if id.words().is_some() {
        return ambiguous(document, id, tasks, &and(&named)).at(document.path(), again);
    }
    let said = format!("`{id}` stands on lines {}, expected one task of that id", and(&named));
    let hint = match again {
        Some(line) => format!("give the task on line {line} of `{}` another id", document.path()),
        None => format!("give one of them another id in `{}`", document.path()),
    };
    Problem::new("duplicate-task", Severity::Error, said).hint(hint).at(document.path(), again)
}

/// The fault of a handle that several tasks begin with.
fn ambiguous(document: &Document, handle: &TaskId, tasks: &[usize], lines: &str) -> Problem {
    let said = format!("`{handle}` is how lines {lines} begin, expected words of one task");
    let longer: Vec<String> = tasks
        .iter()
        .filter_map(|&task| Some(format!("`{}`", document.address(task)?)))
        .take(nearest::MAX_NAMED)
        .collect();
    let hint = match longer.as_slice() {
        [] => format!("give one of them an id or other words in `{}`", document.path()),
        longer => format!("write {}", longer.join(" or ")),
    };
    Problem::new("ambiguous-task", Severity::Error, said).hint(hint)
}

/// `a`, `a and b`, `a, b and c`.
fn and(words: &[String]) -> String {
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, head)) => format!("{} and {last}", head.join(", ")),
    }
}

/// A person's text on one line, cut short where it is long.
fn shorten(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text,
    }
}
