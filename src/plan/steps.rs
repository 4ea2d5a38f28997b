//! What is to be done next, in words by which it is known again.
//!
//! A line is ours if it says exactly what we would write; so a line that a
//! person words otherwise stays theirs.

use std::ops::Range;

use crate::doc::edit::Wanted;
use crate::doc::id::leading_id;
use crate::doc::recovery::{NONE, is_placeholder};
use crate::doc::{Document, Lookup};
use crate::patch::Patch;

/// The tasks of a document, as lines elsewhere name them.
#[derive(Clone, Copy)]
pub(super) struct Steps<'a>(pub(super) &'a Document);

impl Steps<'_> {
    /// A task as a line names it: `A1: Title`.
    pub(super) fn label(self, task: usize) -> String {
        let title = self.0.task_title(task);
        match &self.0.tasks()[task].id {
            Some(id) if title.is_empty() => id.to_string(),
            Some(id) => format!("{id}: {title}"),
            None => title.to_owned(),
        }
    }

    /// The task that a value names in exactly our words. A title that waits to
    /// be filled in names none.
    pub(super) fn called(self, value: &str) -> Option<usize> {
        let tasks = self.0.tasks();
        let by_id = leading_id(value, self.0.dialect().id_words).map(|(id, _)| self.0.find(&id));
        let task = match by_id {
            Some(Lookup::One(task)) => Some(task),
            _ => (0..tasks.len())
                .find(|&task| tasks[task].id.is_none() && self.0.task_title(task) == value),
        };
        task.filter(|&task| self.label(task) == value && !is_placeholder(value))
    }

    /// Whether the line that names a task names this one and no other.
    pub(super) fn is_known_again(self, task: usize) -> bool {
        self.called(&self.label(task)) == Some(task)
    }

    /// Whether a line may speak of a task: of one with an id, or that is part
    /// of no other. Where parts have ids they speak for the whole.
    pub(super) fn may_name(self, task: usize) -> bool {
        let item = &self.0.tasks()[task];
        let parts_speak = self.0.below(task).any(|part| self.0.tasks()[part].id.is_some());
        item.checklist.is_none() && (item.id.is_some() || item.parent.is_none()) && !parts_speak
    }

    /// The tasks to do next where tasks are in these states, each as the
    /// nearest one that a line may speak of.
    pub(super) fn next(self, wanted: &[Wanted]) -> Vec<usize> {
        let mut steps: Vec<usize> = Vec::new();
        for task in self.0.open_among(wanted) {
            let mut upward = std::iter::once(task).chain(self.0.ancestors(task));
            let step = upward.find(|&at| self.may_name(at)).unwrap_or(task);
            if !steps.contains(&step) {
                steps.push(step);
            }
        }
        steps
    }
}

/// The lines of *Next Session Priorities* that are ours: they name a task by
/// its id, or say that there is none.
pub(crate) fn priorities(document: &Document) -> Vec<Range<usize>> {
    let is_ours = |text: &str| text == NONE || named(document, text).is_some();
    let lines = document.priorities().into_iter().map(|priority| priority.text);
    lines.filter(|text| is_ours(document.slice(text))).collect()
}

/// Brings these lines in line with the boxes: the first names the task that
/// comes first, and so on.
pub(super) fn follow(document: &Document, wanted: &[Wanted], patch: &mut Patch) {
    write(document, priorities(document), wanted, patch);
}

/// The same, and fills numbered lines that wait for a task.
pub(super) fn fill(document: &Document, wanted: &[Wanted], patch: &mut Patch) {
    let is_numbered = |line: &Range<usize>| {
        let before = document.text()[..line.start].rsplit('\n').next().unwrap_or_default();
        before.trim_start().starts_with(|c: char| c.is_ascii_digit())
    };
    let ours = priorities(document);
    let mut lines: Vec<Range<usize>> =
        document.priorities().into_iter().map(|priority| priority.text).collect();
    lines.retain(|line| {
        ours.contains(line) || (is_numbered(line) && is_placeholder(document.slice(line)))
    });
    write(document, lines, wanted, patch);
}

fn write(document: &Document, lines: Vec<Range<usize>>, wanted: &[Wanted], patch: &mut Patch) {
    if lines.is_empty() {
        return;
    }
    let next = names(document, wanted);
    for (at, line) in lines.into_iter().enumerate() {
        let name = next.get(at).map_or(NONE, String::as_str);
        if document.slice(&line) != name {
            patch.replace(line, name);
        }
    }
}

/// The tasks to do next, as *Next Session Priorities* names them.
pub(super) fn names(document: &Document, wanted: &[Wanted]) -> Vec<String> {
    let next = Steps(document).next(wanted).into_iter();
    let with_id = next.filter(|&task| document.tasks()[task].id.is_some());
    // What could not be known again is not written.
    let is_known = |name: &String| named(document, name).is_some();
    with_id.map(|task| name(document, task)).filter(is_known).collect()
}

/// A task's name as its own line begins: `Task 1.2: Title` or `1.2: Title`.
pub(super) fn name(document: &Document, task: usize) -> String {
    let own = document.slice(&document.tasks()[task].text);
    let word = ["Task ", "Subtask "].iter().any(|word| own.starts_with(word));
    let word = if word && document.tasks()[task].id.is_some() { "Task " } else { "" };
    format!("{word}{}", Steps(document).label(task))
}

/// The task with an id that a text names in exactly these words.
fn named(document: &Document, text: &str) -> Option<usize> {
    let task = Steps(document).called(text.strip_prefix("Task ").unwrap_or(text))?;
    let is_exact = document.tasks()[task].id.is_some() && name(document, task) == text;
    is_exact.then_some(task)
}
