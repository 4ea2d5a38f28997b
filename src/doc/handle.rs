//! Short names for tasks, made of the words that they begin with.

use super::Document;
use crate::task::{HANDLE, TaskId};

/// How many words a handle has at least, where the task has as many. A task
/// that is added later, or whose words are changed, is unlikely to begin with
/// the same ones; so what a commit names today it names tomorrow, or nothing.
const WORDS: usize = 5;

/// The words of all tasks, for looking one up by those that it begins with.
#[derive(Clone, Debug)]
pub(super) struct Handles {
    /// The words of a task, joined by hyphens, and the task.
    ///
    /// Invariant: sorted.
    named: Vec<(String, usize)>,
}

impl Handles {
    pub(super) fn read(document: &Document) -> Self {
        let tasks =
            (0..document.tasks().len()).filter(|&task| document.tasks()[task].checklist.is_none());
        let mut named: Vec<(String, usize)> = tasks
            .map(|task| (words(document.task_title(task)), task))
            .filter(|(words, _)| !words.is_empty())
            .collect();
        named.sort_unstable();
        Self { named }
    }

    /// The tasks that a handle names: those of exactly these words, else those
    /// that begin with them, if they are enough.
    pub(super) fn find(&self, words: &str) -> Vec<usize> {
        self.begun(words, words.split('-').count() >= WORDS)
    }

    /// The tasks that begin with these words, however few; where some have no
    /// others, those.
    pub(super) fn find_begun(&self, words: &str) -> Vec<usize> {
        self.begun(words, !words.is_empty())
    }

    fn begun(&self, words: &str, may_go_on: bool) -> Vec<usize> {
        let words = words.to_lowercase();
        let from = self.named.partition_point(|(own, _)| *own < words);
        let alike = self.named[from..].iter().take_while(|(own, _)| own.starts_with(&words));
        let (whole, longer): (Vec<_>, Vec<_>) = alike.partition(|(own, _)| *own == words);
        let goes_on = |(own, _): &&(String, usize)| own[words.len()..].starts_with('-');
        match whole.is_empty() && may_go_on {
            true => longer.into_iter().filter(goes_on).map(|(_, task)| *task).collect(),
            false => whole.into_iter().map(|(_, task)| *task).collect(),
        }
    }

    /// The handle of a task: the words that it begins with, as many as it takes
    /// to tell it from the others. `None` where no number of them does.
    pub(super) fn of(&self, task: usize, title: &str) -> Option<TaskId> {
        let words = words(title);
        let ends = words.match_indices('-').map(|(at, _)| at).chain([words.len()]);
        let ends: Vec<usize> = ends.collect();
        let mut enough = ends.iter().skip(WORDS.min(ends.len()) - 1);
        let end = *enough.find(|&&end| self.find(&words[..end]) == [task])?;
        TaskId::parse(&format!("{HANDLE}{}", &words[..end]))
    }
}

/// The words of a task's text in lower case, joined by hyphens; where a link
/// leads, and comments, left out.
pub(super) fn words(title: &str) -> String {
    let title = super::task_list::before_comment(title);
    let mut words = String::new();
    let mut is_between = false;
    for (at, part) in title.split("](").enumerate() {
        let part = if at == 0 { part } else { part.split_once(')').map_or("", |(_, rest)| rest) };
        for c in part.chars().filter(|c| !matches!(c, '\'' | '’')) {
            if c.is_alphanumeric() {
                let gap = is_between && !words.is_empty();
                words.extend(gap.then_some('-'));
                words.extend(c.to_lowercase().filter(|c| c.is_alphanumeric()));
            }
            is_between = !c.is_alphanumeric();
        }
        is_between = true;
    }
    words
}
