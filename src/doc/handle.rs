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

#[cfg(test)]
mod tests {
    use super::super::Lookup;
    use super::super::dialect::FEATURE_FILE;
    use super::*;

    fn read(tasks: &[&str]) -> Document {
        let lines = tasks.iter().map(|task| format!("- [ ] {task}\n"));
        let text = format!("# X (PRD 07)\n\n{}", lines.collect::<String>());
        Document::read("prd/tasks/07_x.md", text.into(), &FEATURE_FILE)
    }

    #[test]
    fn the_words_of_a_title_are_those_that_are_read() {
        for (title, expected) in [
            ("Store the `token` -- twice!", "store-the-token-twice"),
            ("[Read](https://x.invalid/a) it", "read-it"),
            ("a [b](c) d](e", "a-b-d"),
            ("Don't ask Ann’s", "dont-ask-anns"),
            ("Été 漢字", "été-漢字"),
            ("Keep <!-- not this -->", "keep"),
            (" - ", ""),
        ] {
            assert_eq!(words(title), expected, "{title}");
        }
    }

    #[test]
    fn a_handle_has_five_words_or_as_many_as_tell_a_task_from_the_others() {
        let tasks =
            ["one two three four five six", "a b c d e f", "a b c d e g", "short", "same", "same"];
        let document = read(&tasks);
        let handles: Vec<Option<String>> = (0..tasks.len())
            .map(|task| document.address(task).and_then(|id| id.words().map(str::to_owned)))
            .collect();
        let expected = [
            Some("one-two-three-four-five"),
            Some("a-b-c-d-e-f"),
            Some("a-b-c-d-e-g"),
            Some("short"),
            None,
            None,
        ];
        assert_eq!(handles, expected.map(|words| words.map(str::to_owned)));
    }

    #[test]
    fn a_tag_names_a_task_by_enough_words_and_a_person_by_fewer() {
        let document = read(&["one two three four five six", "one two", "one twofold", "x"]);
        let handles = Handles::read(&document);
        for (words, by_tag, by_person) in [
            ("one-two-three-four-five", &[0][..], &[0][..]),
            ("ONE-two-three-four-five-six", &[0], &[0]),
            ("one-two-three-four", &[], &[0]),
            ("one-two", &[1], &[1]),
            ("one", &[], &[1, 0, 2]),
            ("one-two-three-four-fi", &[], &[]),
            ("", &[], &[]),
        ] {
            assert_eq!(handles.find(words), by_tag, "{words}");
            assert_eq!(handles.find_begun(words), by_person, "{words}");
        }
        assert_eq!(document.find_named("One, two!"), Lookup::One(1));
        assert_eq!(document.find_named("x"), Lookup::One(3));
        assert_eq!(document.find_named("7"), Lookup::None);
    }
}
