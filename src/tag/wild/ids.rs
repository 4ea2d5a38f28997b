//! Task ids as repositories write them, and lists of them.

use super::super::native::{id_token, range, strip_word_start};
use super::super::{MAX_TAGS, Selector};
use crate::task::TaskId;

/// How much an id says by its looks alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    /// `3`, `1.2`, `1.2a`: as well a version, a size or a count.
    Number,
    /// `A1`, `UT2`, `US-2`: as well a sheet of paper or a priority.
    Letter,
    /// `T013`, `WP04`, `TASK-12`, or one of the repository's own prefixes and
    /// a number: nothing else looks like it.
    Code,
}

/// What stands before a number and never names a task: requirements,
/// decisions, standards, forges' numbers, and our own numbered plans.
const FOREIGN: &[&str] = &[
    "ac", "adr", "aes", "cve", "cwe", "es", "fr", "gh", "ghsa", "iso", "md", "nfr", "pep", "pr",
    "prd", "req", "rfc", "sc", "sha", "utf", "v",
];

/// Reads ids, knowing the prefixes that tasks have in this repository.
#[derive(Clone, Copy)]
pub(super) struct Ids<'p> {
    /// `BACK`, `PROJ`: what may stand before a hyphen and a number.
    pub(super) prefixes: &'p [&'p str],
}

impl Ids<'_> {
    /// The shape of an id; `None` for what is none.
    pub(super) fn shape(self, token: &str) -> Option<Shape> {
        let letters = token.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (prefix, rest) = token.split_at(letters);
        let number = rest.strip_prefix('-').filter(|_| letters > 0);
        let digits = first_group(number.unwrap_or(rest))?;
        let is = |known: &str| known.eq_ignore_ascii_case(prefix);
        match (letters, number) {
            (0, _) => (digits <= 3).then_some(Shape::Number),
            (_, Some(_)) if is("task") || self.prefixes.iter().any(|known| is(known)) => {
                Some(Shape::Code)
            }
            (_, Some(_)) => is("us").then_some(Shape::Letter),
            _ if is_foreign_prefix(prefix) => None,
            (1, None) if prefix == "T" && (2..=4).contains(&digits) => Some(Shape::Code),
            (2, None) if prefix == "WP" && digits <= 3 => Some(Shape::Code),
            (1..=3, None) => (digits <= 3).then_some(Shape::Letter),
            _ => None,
        }
    }

    /// Reads a list at the start of a text: `T031-T034a`, `3+4.1`, `1.1–1.4`,
    /// `T036/T035`, `TASK-41 to 51`.
    pub(super) fn list(self, text: &str) -> Option<List<'_>> {
        let (first, shape, rest) = self.selector(text)?;
        let mut list = List { tasks: vec![first], shape, rest };
        while let Some((next, shape, rest)) = self.joined(list.rest, list.shape) {
            if list.tasks.len() == MAX_TAGS {
                return None;
            }
            list.tasks.push(next);
            list.shape = list.shape.min(shape);
            list.rest = rest;
        }
        Some(list)
    }

    /// The next id and the joint before it. A number never goes on a list of
    /// others: `WP03, 2 files`.
    fn joined(self, text: &str, shape: Shape) -> Option<(Selector, Shape, &str)> {
        let inner = text.trim_start();
        let (rest, only_code) = match inner.strip_prefix([',', '+', '&']) {
            Some(rest) => (after_word(rest.trim_start(), &["and"]).unwrap_or(rest), false),
            None => match after_word(inner, &["and"]) {
                Some(rest) => (rest, false),
                // `1/3` is the first of three.
                None => (inner.strip_prefix('/').unwrap_or(inner), true),
            },
        };
        let rest = rest.trim_start();
        let (next, next_shape, after) = self.selector(task_word(rest).unwrap_or(rest))?;
        let is_alike = match only_code {
            true => shape == Shape::Code && next_shape == Shape::Code,
            false => (shape == Shape::Number) == (next_shape == Shape::Number),
        };
        (is_alike && rest.len() < text.len()).then_some((next, next_shape, after))
    }

    /// Reads an id, or a range in any of its spellings.
    fn selector(self, text: &str) -> Option<(Selector, Shape, &str)> {
        let token = id_token(text).0.trim_end_matches('.');
        let rest = &text[token.len()..];
        let (first, last) = self.ends(token);
        let shape = self.shape(first)?;
        let (last, rest) = match last {
            Some(last) => (last, rest),
            None => match after_range_mark(rest).map(|after| (id_token(after).0, after)) {
                Some((last, after)) if self.shape(last.trim_end_matches('.')).is_some() => {
                    let last = last.trim_end_matches('.');
                    (last, &after[last.len()..])
                }
                _ => return Some((Selector::One(TaskId::parse(first)?), shape, ends_word(rest)?)),
            },
        };
        let selector = range(TaskId::parse(first)?, range_end(first, last)?);
        Some((selector, shape, ends_word(rest)?))
    }

    /// Splits `T031-T034a`, `BACK-613..616` and `20-21`, and leaves `BACK-12`
    /// whole.
    fn ends(self, token: &str) -> (&str, Option<&str>) {
        if self.shape(token).is_some() {
            return (token, None);
        }
        if let Some((from, to)) = token.split_once("..") {
            return (from, Some(to.trim_matches('.')));
        }
        let splits = token.match_indices('-').map(|(at, _)| (&token[..at], &token[at + 1..]));
        let mut whole = splits
            .take(MAX_HYPHENS)
            .filter(|(from, to)| self.shape(from).is_some() && self.shape(to).is_some());
        whole.next().map_or((token, None), |(from, to)| (from, Some(to)))
    }
}

/// More hyphens than this stand in no range.
const MAX_HYPHENS: usize = 3;

/// The digits in the first of the groups that dots join; at most one small
/// letter may follow the last.
fn first_group(number: &str) -> Option<usize> {
    let digits = number.strip_suffix(|c: char| c.is_ascii_lowercase()).unwrap_or(number);
    let is_group =
        |group: &str| (1..=5).contains(&group.len()) && group.bytes().all(|b| b.is_ascii_digit());
    let mut groups = digits.split('.');
    let first = groups.next().filter(|group| is_group(group))?;
    let is_whole = groups.clone().all(is_group) && groups.count() <= 3;
    is_whole.then_some(first.len())
}

/// Ids and ranges that joints hold together.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct List<'a> {
    pub(super) tasks: Vec<Selector>,
    /// What the least telling of them looks like.
    pub(super) shape: Shape,
    /// What follows the list.
    pub(super) rest: &'a str,
}

/// An id ends where its word does.
fn ends_word(rest: &str) -> Option<&str> {
    let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '_' | '@' | '%');
    (!rest.starts_with(goes_on)).then_some(rest)
}

/// What follows the mark between the ends of a range, where it is not the
/// hyphen. A dash with spaces around it begins a remark: `Task 1 – 3 fixes`.
fn after_range_mark(text: &str) -> Option<&str> {
    text.strip_prefix('–').or_else(|| {
        let inner = text.trim_start();
        after_word(inner, &["to", "through"]).filter(|_| inner.len() < text.len())
    })
}

/// The end of a range: of one kind with its start, whose prefix it may leave
/// out (`T031-034`), and at the same depth.
fn range_end(from: &str, to: &str) -> Option<TaskId> {
    let number = |id: &str| id.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let (prefix, from_number) = from.split_at(number(from));
    let (to_prefix, to_number) = to.split_at(number(to));
    let end = match to_prefix.is_empty() && !prefix.is_empty() {
        // `T054b-4` is a part of it, and `R1-001` an id of its own.
        true => TaskId::parse(&format!("{prefix}{to}")).filter(|_| {
            let (from, to) = (digits(from_number), digits(to_number));
            to == from || to > from && !to_number.starts_with('0')
        })?,
        false => TaskId::parse(to).filter(|_| to_prefix.eq_ignore_ascii_case(prefix))?,
    };
    (end.level() == TaskId::parse(from)?.level()).then_some(end)
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// What follows `Task`, `Tasks`, `Subtask` or `Subtasks` and white space.
pub(super) fn task_word(text: &str) -> Option<&str> {
    after_word(text, &["task", "tasks", "subtask", "subtasks"])
}

/// What follows one of some words and white space.
pub(super) fn after_word<'a>(text: &'a str, words: &[&str]) -> Option<&'a str> {
    words.iter().find_map(|word| {
        let rest = strip_word_start(text, word)?;
        rest.starts_with(char::is_whitespace).then(|| rest.trim_start())
    })
}

/// Whether a word begins as the id of what is no task: `FR-001`, `ADR-12`.
pub(super) fn is_foreign(word: &str) -> bool {
    let letters = word.bytes().take_while(u8::is_ascii_alphabetic).count();
    let rest = word[letters..].strip_prefix('-').unwrap_or(&word[letters..]);
    rest.starts_with(|c: char| c.is_ascii_digit()) && is_foreign_prefix(&word[..letters])
}

fn is_foreign_prefix(prefix: &str) -> bool {
    FOREIGN.iter().any(|foreign| foreign.eq_ignore_ascii_case(prefix))
}
