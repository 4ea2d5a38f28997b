//! What a line of figures speaks of, by its label and where it stands.

use std::collections::HashSet;

use super::Scope;
use crate::doc::outline::{Outline, called, unnumbered};

/// The labels that speak of all tasks.
const OVERALL: &[&str] = &[
    "overall",
    "total",
    "all",
    "overall progress",
    "total progress",
    "overall completion",
    "total completion",
];

/// The headings over tasks, as labels name them.
pub(super) struct Scopes<'o> {
    headings: Vec<Named<'o>>,
    /// The headings that hold some of the tasks and not all.
    parts: HashSet<usize>,
}

/// A heading as labels name it: with its number or without.
struct Named<'o> {
    heading: usize,
    name: &'o str,
    unnumbered: &'o str,
}

impl<'o> Scopes<'o> {
    pub(super) fn of(outline: &'o Outline, tasks: &[usize]) -> Self {
        let (mut headings, mut parts) = (Vec::new(), HashSet::new());
        for (at, heading) in outline.headings.iter().enumerate() {
            let before = |end: usize| tasks.partition_point(|&task| task < end);
            let held = before(heading.body.end) - before(heading.body.start);
            if held > 0 {
                let (name, unnumbered) = (heading.name.as_str(), unnumbered(&heading.name));
                headings.push(Named { heading: at, name, unnumbered });
            }
            if held > 0 && held < tasks.len() {
                parts.insert(at);
            }
        }
        Self { headings, parts }
    }

    /// What a label speaks of where it stands: *Total* in the part of a phase
    /// is the total of that phase.
    pub(super) fn at(&self, outline: &Outline, place: usize, label: &str) -> Option<Scope> {
        let name = called(label);
        if !OVERALL.contains(&name.as_str()) {
            return self.named(&name);
        }
        let part = |at: usize| match outline.headings[at].name.as_str() {
            _ if self.parts.contains(&at) => Some(Scope::Heading(at)),
            name if name.contains("progress") => None,
            name => self.named(name),
        };
        let is_part =
            |scope: &Scope| matches!(scope, Scope::Heading(at) if self.parts.contains(at));
        Some(outline.above(place).filter_map(part).find(is_part).unwrap_or(Scope::Overall))
    }

    fn named(&self, name: &str) -> Option<Scope> {
        let is_meant = |named: &&Named<'_>| {
            starts_with_words(named.name, name) || starts_with_words(named.unnumbered, name)
        };
        let mut named = self.headings.iter().filter(is_meant);
        let first = named.next()?;
        (first.name == name || named.next().is_none()).then_some(Scope::Heading(first.heading))
    }
}

/// Whether a heading is the label or goes on after it with something else
/// than the same word or number (`Phase 1: Core`, not `Phase 10`).
fn starts_with_words(heading: &str, label: &str) -> bool {
    let Some(rest) = heading.strip_prefix(label).filter(|_| !label.is_empty()) else {
        return false;
    };
    let mut next = rest.chars();
    match next.next() {
        None => true,
        Some('.') => !next.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => !c.is_alphanumeric(),
    }
}

/// Which headings stand over what once was: a log, what bears a date, and all
/// below these.
pub(super) fn histories(outline: &Outline) -> Vec<bool> {
    let mut histories: Vec<bool> = Vec::with_capacity(outline.headings.len());
    for heading in &outline.headings {
        let is_below = heading.parent.is_some_and(|parent| histories[parent]);
        histories.push(is_below || heading.level > 1 && is_history(&heading.name));
    }
    histories
}

fn is_history(name: &str) -> bool {
    const LOGS: &[&str] = &["session", "sessions", "log", "history", "journal", "changelog"];
    let is_date =
        |word: &str| word.split('-').filter(|part| part.parse::<u16>().is_ok()).count() == 3;
    let mut words = name.split(|c: char| !(c.is_alphanumeric() || c == '-'));
    words.any(|word| LOGS.contains(&word) || is_date(word))
}
