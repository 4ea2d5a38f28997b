//! What people keep beside the tasks: blockers and next priorities.
//!
//! Located and never written here: these are prose, and only what they name (a
//! task, a number, a time) can be understood.

use std::ops::Range;

use super::Document;
use super::id::leading_id;
use super::task_list::line_end;
use crate::task::TaskId;

/// Something that holds work up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocker {
    /// Its text on its first line.
    pub text: Range<usize>,
    /// The task it names.
    pub task: Option<TaskId>,
    /// Whether it stands among the resolved ones.
    pub resolved: bool,
}

/// What is to be done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priority {
    /// Its text on its first line.
    pub text: Range<usize>,
    /// The task it names.
    pub task: Option<TaskId>,
}

const BLOCKERS: &[&str] = &["blockers", "blocked", "current blockers", "known blockers"];
const PRIORITIES: &[&str] =
    &["next session priorities", "next priorities", "next steps", "priorities"];

impl Document {
    /// The blockers, in the order of the text, the template's own left out.
    pub fn blockers(&self) -> Vec<Blocker> {
        let is_ticked = |text: &str| text.starts_with("[x]") || text.starts_with("[X]");
        let is_under_resolved =
            |at| self.label_above(at).is_some_and(|label| label.contains("resolved"));
        let items = self.top_items(BLOCKERS).map(|item| (item.clone(), self.without_box(item)));
        let real = items.filter(|(_, text)| !is_placeholder(self.slice(text)));
        let blocker = |(item, text): (Range<usize>, Range<usize>)| Blocker {
            task: named_task(self.slice(&text)),
            resolved: is_ticked(self.slice(&item))
                || is_under_resolved(item.start)
                || self.says_resolved(item.start),
            text,
        };
        real.map(blocker).collect()
    }

    /// What is to be done next, in order; check lists are left out.
    pub fn priorities(&self) -> Vec<Priority> {
        let items = self.top_items(PRIORITIES).filter(|text| !has_box(self.slice(text)));
        items.map(|text| Priority { task: named_task(self.slice(&text)), text }).collect()
    }

    /// The bodies of the sections that carry one of these names.
    fn sections<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = Range<usize>> + 'a {
        self.headings()
            .iter()
            .filter(move |heading| heading.is_called(names))
            .map(|heading| heading.body.clone())
    }

    /// The text of the list items of such sections that are in no other item.
    fn top_items<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = Range<usize>> + 'a {
        self.sections(names).flat_map(|body| {
            let items = self
                .outline()
                .items
                .iter()
                .filter(move |item| item.parent.is_none() && body.contains(&item.span.start));
            items.map(|item| self.item_text(item.span.start))
        })
    }

    /// An item's text on its first line, bullet or number left out.
    pub(super) fn item_text(&self, start: usize) -> Range<usize> {
        let line = start..line_end(self.text(), start);
        let source = self.slice(&line).trim_end();
        let text = source.trim_start_matches(|c: char| c.is_ascii_digit());
        let text = text.trim_start_matches(['-', '*', '+', '.', ')']).trim_start();
        start + source.len() - text.len()..start + source.len()
    }

    /// Whether the list item that holds a place says `Status: Resolved`.
    fn says_resolved(&self, at: usize) -> bool {
        let item = self.outline().items.iter().find(|item| item.span.contains(&at));
        let mut lines = item.map_or("", |item| self.slice(&item.span)).lines();
        lines.any(|line| {
            let line = line.to_lowercase();
            line.split_once("status:").is_some_and(|(_, value)| {
                value.trim_start_matches(['*', ' ']).starts_with("resolved")
            })
        })
    }

    /// The paragraph above a place, in lower case: what a list is called.
    fn label_above(&self, at: usize) -> Option<String> {
        let paragraphs = &self.outline().paragraphs;
        let above = paragraphs.partition_point(|paragraph| paragraph.end <= at);
        paragraphs[..above].last().map(|label| self.slice(label).to_lowercase())
    }
}

/// The task that a text says is blocked, as in `blocks Task 1.2`, else the
/// first that it names.
fn named_task(text: &str) -> Option<TaskId> {
    let lower = text.to_ascii_lowercase();
    let blocked = ["blocks task ", "blocking task "];
    let after = blocked.iter().find_map(|words| lower.find(words)).unwrap_or(0);
    let named = lower.match_indices("task ").filter(|(at, _)| *at >= after);
    named.filter_map(|(at, _)| leading_id(&text[at..], &[])).map(|(id, _)| id).next()
}

/// Whether a list item's text begins with a box, of whatever mark.
pub(super) fn has_box(text: &str) -> bool {
    text.strip_prefix('[').is_some_and(|mark| mark.chars().nth(1) == Some(']'))
}

/// `[Blocker description]` and the like, and the few words that say there is
/// none.
fn is_placeholder(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_none = words.next().is_some_and(|word| word.eq_ignore_ascii_case("none"));
    text.starts_with(['[', '{']) || (is_none && words.count() <= 3)
}

#[cfg(test)]
mod tests {
    use super::super::dialect::FEATURE_FILE;
    use super::*;

    #[test]
    fn a_blocker_with_a_box_is_one_until_it_is_ticked() {
        let text = "# F\n\n### Blocked\n- [ ] [Blocked item] - **Blocker**: [What]\n- [ ] No host\n- [x] Quota\n- None identified\n";
        let document = Document::read("prd/tasks/07_x.md", text.into(), &FEATURE_FILE);
        let found = document.blockers().into_iter();
        let found: Vec<_> =
            found.map(|b| (document.slice(&b.text).to_owned(), b.resolved)).collect();
        assert_eq!(found, [("No host".to_owned(), false), ("Quota".to_owned(), true)]);
    }

    const TEXT: &str = "# F (PRD 07)\n\n## Blockers\n\n**Current Blockers:**\n1. No mail host - Blocking Task 1.2\n   \
        - **Severity:** Minor\n2. [Blocker description]\n3. Slow\n   - **Status:** Resolved\n\n**Resolved Blockers:**\n- Quota - Resolved\n\n\
        ## Next Session Priorities\n\n1. Finish Task 1.2a first\n2. Tell people\n\n**Before Marking Complete:**\n\
        - [ ] All tests pass\n\n## Session Log\n\n**Session 1 (2026-01-09 10:00 - 11:30):**\n- Completed: x\n\n\
        ### Session 12\n";

    #[test]
    fn blockers_name_their_task_and_whether_they_are_resolved() {
        let document = Document::read("prd/tasks/07_x.md", TEXT.into(), &FEATURE_FILE);
        let found: Vec<_> = document
            .blockers()
            .into_iter()
            .map(|b| {
                (document.slice(&b.text).to_owned(), b.task.map(|t| t.to_string()), b.resolved)
            })
            .collect();
        assert_eq!(
            found,
            [
                ("No mail host - Blocking Task 1.2".to_owned(), Some("1.2".to_owned()), false),
                ("Slow".to_owned(), None, true),
                ("Quota - Resolved".to_owned(), None, true),
            ]
        );
    }

    #[test]
    fn priorities_and_sessions_are_found_and_check_lists_are_not() {
        let document = Document::read("prd/tasks/07_x.md", TEXT.into(), &FEATURE_FILE);
        let tasks: Vec<_> = document
            .priorities()
            .into_iter()
            .map(|p| p.task.map(|task| task.to_string()))
            .collect();
        assert_eq!(tasks, [Some("1.2a".to_owned()), None]);
        let log = document.session_log().expect("a log");
        let numbers = log.sessions.iter().map(|session| document.slice(&session.number));
        assert_eq!(numbers.collect::<Vec<_>>(), ["1", "12"]);
    }

    #[test]
    fn a_text_names_the_task_that_it_says_is_blocked_else_the_first() {
        for (text, expected) in [
            ("Task 1.1 waits for Task 1.2", Some("1.1")),
            ("Task 1.1 blocks Task 1.2", Some("1.2")),
            ("No host, blocking task 1.3 and Task 1.4", Some("1.3")),
            ("Tasks are many, Task 2.1 is one", Some("2.1")),
            ("A task of its own", None),
        ] {
            assert_eq!(named_task(text).map(|id| id.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_says_that_there_is_none_is_no_blocker() {
        for (item, expected) in [
            ("None", false),
            ("None at this time", false),
            ("(none)", false),
            ("{Blocker}", false),
            ("None of the hosts answer now", true),
            ("Nonetheless", true),
            ("a [link]", true),
        ] {
            let text = format!("# F\n\n## Blockers\n\n- {item}\n");
            let document = Document::read("07_x.md", text.into(), &FEATURE_FILE);
            assert_eq!(!document.blockers().is_empty(), expected, "{item}");
        }
    }

    #[test]
    fn a_box_is_any_one_mark_in_brackets() {
        for (text, expected) in
            [("[ ] a", true), ("[é] a", true), ("[]", false), ("[ab]", false), ("a [ ]", false)]
        {
            assert_eq!(has_box(text), expected, "{text}");
        }
    }
}
