//! What history says of a document that the document does not, and the other
//! way round.

mod disputed;
mod evidence;
mod listed;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

pub use disputed::rivals;
pub use evidence::{Closing, closings};

use super::{MAX_QUOTE, select, shorten};
use crate::commit::Oid;
use crate::config::Tick;
use crate::doc::Document;
use crate::plan::{self, Plan, Said, Settings};
use crate::problem::{Problem, Severity};
use crate::task::{FeatureId, TaskId};

/// What became of the commit that an entry names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryFact {
    /// The entry's place in [`Entries::list`](crate::doc::entries::Entries::list).
    pub index: usize,
    /// The commit, if the repository has one of that name.
    pub commit: Option<Oid>,
    /// Whether HEAD contains it.
    pub reachable: bool,
}

/// What history says of one document's feature.
#[derive(Clone, Copy, Debug)]
pub struct LinkFacts<'a> {
    /// All commits with a tag of the feature, or that revert one, that HEAD
    /// contains, in any order; whether they are `new` is not looked at.
    pub linked: &'a [Said],
    /// What became of the commits that the document lists.
    pub entries: &'a [EntryFact],
    /// Of the [`rivals`] those pairs of which the newer commit contains the
    /// older one.
    pub contained: &'a HashSet<(Oid, Oid)>,
    /// The commits among them that change documents alone.
    pub hollow: &'a HashSet<Oid>,
    /// What ticked tasks were called when a commit finished them, for those of
    /// the [`closings`] of which that is known.
    pub former_titles: &'a HashMap<usize, String>,
    /// Whether history is cut off, so that what is not found may yet exist.
    pub shallow: bool,
    /// What a bare tag does.
    pub tick: Tick,
}

/// Finds where a document and history contradict each other, in the order of
/// the lines: `phantom`, `forgotten`, `reverted`, `hollow`, `suspect`,
/// `disputed`, `dangling-hash`, `missing-entry`, `stale-stamp`.
pub fn links(document: &Document, facts: &LinkFacts<'_>) -> Vec<Problem> {
    let mut said: Vec<Said> =
        facts.linked.iter().map(|said| Said { new: true, ..said.clone() }).collect();
    said.sort_by_key(|said| said.commit.key());
    // What a record of all of history would do is what the document lacks.
    let settings = Settings { tick: facts.tick, abbrev: 7, recount: false };
    let afresh = plan::plan(document, &said, &[], settings);
    let mut problems = evidence::reverted(document, &said, facts.tick);
    let reverted: HashSet<_> = problems.iter().map(|problem| problem.line).collect();
    let mut phantoms = phantoms(document, &said, facts.shallow);
    phantoms.retain(|phantom| !reverted.contains(&phantom.line));
    problems.extend(phantoms);
    problems.extend(forgotten(document, &said, &afresh));
    problems.extend(evidence::hollow(document, &said, facts));
    problems.extend(evidence::suspect(document, &said, facts));
    problems.extend(disputed::disputed(document, &said, facts));
    problems.extend(listed::dangling(document, facts));
    problems.extend(listed::missing(document, &said));
    problems.extend(listed::stale_stamp(document, &said, &afresh));
    problems.sort_by_key(|problem| problem.line);
    problems
}

/// The tasks that links name which no later commit takes back, each with the
/// newest commit that does.
fn linked_tasks<'s>(document: &Document, said: &'s [Said]) -> HashMap<usize, &'s Said> {
    let history: Vec<&Said> = said.iter().collect();
    let cancelled = plan::cancelled(&history);
    let mut newest = HashMap::new();
    for live in said.iter().filter(|said| !cancelled.contains(&said.commit.oid)) {
        let selectors = live.tags.iter().flat_map(|tag| &tag.tasks);
        newest.extend(
            selectors
                .flat_map(|selector| select::tasks(document, selector))
                .map(|task| (task, live)),
        );
    }
    newest
}

/// Ticked tasks with an id that no commit links. A link on a part of a task or
/// on the whole that it is part of speaks for it.
fn phantoms(document: &Document, said: &[Said], shallow: bool) -> Vec<Problem> {
    if shallow {
        return Vec::new();
    }
    let linked = linked_tasks(document, said);
    let is_phantom = |task: &usize| {
        let item = &document.tasks()[*task];
        item.state.is_done()
            && item.mark.is_some()
            && item.id.is_some()
            && item.checklist.is_none()
            && !linked.contains_key(task)
            && !document
                .ancestors(*task)
                .chain(document.below(*task))
                .any(|at| linked.contains_key(&at))
    };
    let found: Vec<usize> = (0..document.tasks().len()).filter(is_phantom).collect();
    // Where most ticks stand without a commit they are no claim that there is one.
    match found.len() <= linked.len() {
        true => found.into_iter().map(|task| phantom(document, task)).collect(),
        false => unlinked(document, &found).into_iter().collect(),
    }
}

/// One problem for a document whose tasks people tick without commits.
fn unlinked(document: &Document, tasks: &[usize]) -> Option<Problem> {
    let first = *tasks.first()?;
    let what = match tasks.len() {
        1 => "1 task is".to_owned(),
        several => format!("{several} tasks are"),
    };
    let said = format!("{what} ticked without a commit, expected a link to each");
    let problem = Problem::new("phantom", Severity::Note, said)
        .hint("`git spec-log backfill` looks for the commits of such tasks");
    Some(problem.at(document.path(), Some(task_line(document, first))))
}

fn phantom(document: &Document, task: usize) -> Problem {
    let said = format!("{} is ticked, expected a commit that links it", named(document, task));
    let hint = format!(
        "if it is not done: `git spec-log untick --file {} :{line}`",
        quoted(document.path()),
        line = task_line(document, task),
    );
    Problem::new("phantom", Severity::Warning, said)
        .hint(hint)
        .at(document.path(), Some(task_line(document, task)))
}

/// Tasks that a commit finished and whose box is open.
fn forgotten(document: &Document, said: &[Said], afresh: &Plan) -> Vec<Problem> {
    let linked = linked_tasks(document, said);
    let ticked: HashSet<&str> = afresh.ticked.iter().map(String::as_str).collect();
    let ticks = |task: usize| {
        let item = &document.tasks()[task];
        let by = linked.get(&task).filter(|_| item.mark.is_some())?;
        let name = item.id.as_ref().map_or_else(|| document.task_title(task), TaskId::as_str);
        ticked.contains(name).then(|| forgotten_task(document, task, by))
    };
    (0..document.tasks().len()).filter_map(ticks).collect()
}

fn forgotten_task(document: &Document, task: usize, by: &Said) -> Problem {
    let line = task_line(document, task);
    let file = quoted(document.path());
    let tick =
        format!("run `git spec-log tick --file {file} :{line}`, or say `reopen` in a commit");
    let hint = match document.entries() {
        // It acted once, and someone opened the box since.
        Some(_) if document.entry_of(&by.commit.oid).is_some() => tick,
        Some(_) => "run `git spec-log sync`".to_owned(),
        // Nothing here tells whether it has acted.
        None => {
            format!("run `git spec-log sync`; if that leaves it open, someone opened it:\n{tick}")
        }
    };
    let by = by.commit.oid;
    let text = format!(
        "{} is open, expected it ticked: it was finished by `{}`",
        named(document, task),
        by.abbrev(7)
    );
    let mut problem = Problem::new("forgotten", Severity::Warning, text)
        .hint(hint)
        .at(document.path(), Some(line));
    problem.oid = Some(by);
    problem
}

fn task_line(document: &Document, task: usize) -> usize {
    document.line(document.tasks()[task].text.start)
}

fn named(document: &Document, task: usize) -> String {
    let title = shorten(document.task_title(task), MAX_QUOTE);
    match &document.tasks()[task].id {
        Some(id) if title.is_empty() => format!("`{id}`"),
        Some(id) => format!("`{id}` ({title})"),
        None => format!("`{title}`"),
    }
}

/// The feature as a command line takes it.
fn feature(document: &Document) -> String {
    document.feature().as_ref().map_or_else(|| quoted(document.path()), FeatureId::to_string)
}

/// A path as a shell takes it.
pub(super) fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-');
    if path.chars().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}
