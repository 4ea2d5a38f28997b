//! The numbers of a line, and whether they count tasks.

use std::ops::Range;

use super::{Figures, Scope};

/// The words that may follow a number of tasks, or a share of them.
const TASKS: &[&str] = &[
    "task",
    "tasks",
    "subtask",
    "subtasks",
    "item",
    "items",
    "done",
    "complete",
    "completed",
    "completion",
    "finished",
    "closed",
    "checked",
    "progress",
    "in",
    "overall",
];

/// What is measured beside tasks: a number behind such a word is none of ours.
const OTHER_MEASURES: &[&str] = &[
    "coverage",
    "test",
    "tests",
    "hour",
    "hours",
    "day",
    "days",
    "effort",
    "time",
    "budget",
    "cost",
    "points",
    "confidence",
    "risk",
    "weight",
    "estimate",
    "estimated",
    "phases",
    "lines",
    "files",
    "target",
];

/// The numbers of a line such as `57% complete (4/7 tasks done, 1 in progress)`;
/// `None` where one of them measures something else than tasks.
pub(super) fn numbers(text: &str, span: Range<usize>, scope: Scope) -> Option<Figures> {
    let mut figures = Figures::none(scope);
    let mut at = span.start;
    while let Some(number) = next_number(text, at..span.end) {
        at = number.end;
        let (before, after) = (&text[span.start..number.start], &text[at..span.end]);
        let rest = after.trim_start();
        if let Some(after) = rest.strip_prefix('%') {
            if figures.percent.is_none() {
                measures_tasks(before, after).then_some(())?;
                figures.percent = Some(number);
            }
        } else if let Some(total) = total(text, number.end..span.end)
            .filter(|_| figures.done.is_none() && !before.ends_with('/'))
        {
            measures_tasks(before, &text[total.end..span.end]).then_some(())?;
            at = total.end;
            figures.done = Some(number);
            figures.total = Some(total);
        } else if counts_something(before) {
            let unit = rest.get(..11).unwrap_or(rest).to_ascii_lowercase();
            if unit.starts_with("in progress") {
                figures.in_progress.get_or_insert(number);
            } else if unit.starts_with("remaining") {
                figures.remaining.get_or_insert(number);
            }
        }
    }
    (figures.percent.is_some() || figures.done.is_some()).then_some(figures)
}

/// The second number of `3/5`, `3 of 5` or `3 out of 5`, from behind the first.
fn total(text: &str, span: Range<usize>) -> Option<Range<usize>> {
    let rest = text[span.clone()].trim_start();
    let words = rest.strip_prefix("out ").unwrap_or(rest);
    let rest = rest.strip_prefix('/').or_else(|| words.strip_prefix("of "))?;
    let rest = rest.trim_start();
    let total = next_number(text, span.end - rest.len()..span.end)?;
    let is_next = total.start == span.end - rest.len();
    (is_next && !text[total.end..].starts_with('/')).then_some(total)
}

/// Whether a number between these texts counts tasks, and is no estimate and
/// no end of a range.
fn measures_tasks(before: &str, after: &str) -> bool {
    let is_bound = before.ends_with(['~', '≈', '-', '–', '→', '<', '>', '≥', '≤', '+'])
        || after.starts_with(['+', '-', '–'])
        || after.trim_start().starts_with(['→', '~']);
    let before = before.trim_end_matches(|c: char| !c.is_alphanumeric());
    let named = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let after = after.trim_start_matches([' ', '\t', '*', '_', '`']);
    let mut units = after.split(' ').map(|word| {
        let len = word.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(word.len());
        word[..len].to_ascii_lowercase()
    });
    let unit = units.find(|word| !matches!(word.as_str(), "of" | "the" | "all" | "total"));
    let unit = unit.unwrap_or_default();
    !is_bound
        && !OTHER_MEASURES.contains(&named.to_lowercase().as_str())
        && (unit.is_empty() || TASKS.contains(&unit.as_str()))
}

/// Whether a number behind this text is a count and not the name of a thing,
/// as in `Phase 3 in progress`.
fn counts_something(before: &str) -> bool {
    before.trim_end().ends_with(['(', ',', ';', '·', '|', '+']) || before.trim().is_empty()
}

pub(super) fn next_number(text: &str, span: Range<usize>) -> Option<Range<usize>> {
    let source = &text[span.clone()];
    let start = source.find(|c: char| c.is_ascii_digit())?;
    let digits = &source[start..];
    let len = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let fraction = digits[len..]
        .strip_prefix('.')
        .map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    let len = if fraction > 0 { len + 1 + fraction } else { len };
    Some(span.start + start..span.start + start + len)
}

/// Whether a column of this name (lower case) measures something else than
/// tasks.
pub(super) fn is_other_measure(name: &str) -> bool {
    name.split(' ').any(|word| OTHER_MEASURES.contains(&word))
}
