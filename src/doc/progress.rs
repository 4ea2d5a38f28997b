//! Lines that state how far the work is.

use std::collections::HashSet;
use std::ops::Range;

use super::outline::{Outline, called, unnumbered};
use super::task_list::line_end;

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

/// What a line of figures speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All tasks of the document.
    Overall,
    /// The tasks under one heading.
    Heading(usize),
}

/// One line of figures; each span is a number in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// What it counts.
    pub scope: Scope,
    /// Per cent done.
    pub percent: Option<Range<usize>>,
    /// Tasks done.
    pub done: Option<Range<usize>>,
    /// All tasks.
    pub total: Option<Range<usize>>,
    /// Tasks begun and not done.
    pub in_progress: Option<Range<usize>>,
    /// Tasks not done.
    pub remaining: Option<Range<usize>>,
}

impl Figures {
    fn none(scope: Scope) -> Self {
        Self { scope, percent: None, done: None, total: None, in_progress: None, remaining: None }
    }
}

/// Reads the lines of figures in sections whose heading speaks of progress.
///
/// A line counts if its label is *Overall* or *Total*, or names a heading over
/// tasks, of which `tasks` are where; what else stands there is prose.
pub fn read(text: &str, outline: &Outline, tasks: &[usize]) -> Vec<Figures> {
    let speaks_of_progress = |at: &usize| {
        let heading = &outline.headings[*at];
        heading.level > 1 && heading.name().contains("progress")
    };
    let sections: Vec<usize> = (0..outline.headings.len()).filter(speaks_of_progress).collect();
    if sections.is_empty() {
        return Vec::new();
    }
    let (scopes, histories) = (Scopes::of(outline, tasks), histories(outline));
    let (mut lines, mut read_to) = (Vec::new(), 0);
    for section in sections.into_iter().map(|at| &outline.headings[at].body) {
        let mut start = section.start.max(read_to);
        while start < section.end {
            let end = line_end(text, start);
            if !outline.above(start).next().is_some_and(|at| histories[at]) {
                lines.extend(read_line(text, outline, start..end, &scopes));
            }
            start = end + 1;
        }
        read_to = read_to.max(section.end);
    }
    lines
}

/// Which headings stand over what once was: a log, what bears a date, and all
/// below these.
fn histories(outline: &Outline) -> Vec<bool> {
    let mut histories: Vec<bool> = Vec::with_capacity(outline.headings.len());
    for heading in &outline.headings {
        let is_below = heading.parent.is_some_and(|parent| histories[parent]);
        histories.push(is_below || heading.level > 1 && is_history(&heading.name()));
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

/// Reads the figures in a header field that states the overall progress.
pub fn in_field(text: &str, value: Range<usize>) -> Option<Figures> {
    numbers(text, value, Scope::Overall)
}

fn read_line(
    text: &str,
    outline: &Outline,
    line: Range<usize>,
    scopes: &Scopes,
) -> Option<Figures> {
    if outline.is_opaque(line.start) {
        return None;
    }
    if let Some(row) = outline.row_on(&line) {
        let scope = scopes.at(outline, line.start, &text[row.cells.first()?.clone()])?;
        let head = outline.rows.partition_point(|other| other.table < row.table);
        let head = outline.rows.get(head).filter(|head| head.head)?;
        return table_numbers(text, &head.cells, &row.cells, scope);
    }
    let bare = text[line.clone()].trim_start_matches([' ', '\t', '>', '-', '+']);
    let bold = bare.trim_start_matches(|c| c != '*' && !char::is_alphanumeric(c));
    let bold = bold.strip_prefix("**").and_then(|bold| bold.split_once("**"));
    let candidates = [bold, bare.split_once(':')];
    let (scope, rest) = candidates
        .into_iter()
        .flatten()
        .find_map(|(label, rest)| Some((scopes.at(outline, line.start, label)?, rest)))?;
    numbers(text, line.end - rest.len()..line.end, scope)
}

/// The headings over tasks, as labels name them.
struct Scopes {
    headings: Vec<(usize, String)>,
    /// The headings that hold some of the tasks and not all.
    parts: HashSet<usize>,
}

impl Scopes {
    fn of(outline: &Outline, tasks: &[usize]) -> Self {
        let (mut headings, mut parts) = (Vec::new(), HashSet::new());
        for (at, heading) in outline.headings.iter().enumerate() {
            let before = |end: usize| tasks.partition_point(|&task| task < end);
            let held = before(heading.body.end) - before(heading.body.start);
            if held > 0 {
                headings.push((at, heading.name()));
            }
            if held > 0 && held < tasks.len() {
                parts.insert(at);
            }
        }
        Self { headings, parts }
    }

    /// What a label speaks of where it stands: *Total* in the part of a phase
    /// is the total of that phase.
    fn at(&self, outline: &Outline, place: usize, label: &str) -> Option<Scope> {
        let name = called(label);
        if !OVERALL.contains(&name.as_str()) {
            return self.named(&name);
        }
        let part = |at: usize| match outline.headings[at].name() {
            _ if self.parts.contains(&at) => Some(Scope::Heading(at)),
            name if name.contains("progress") => None,
            name => self.named(&name),
        };
        let is_part =
            |scope: &Scope| matches!(scope, Scope::Heading(at) if self.parts.contains(at));
        Some(outline.above(place).filter_map(part).find(is_part).unwrap_or(Scope::Overall))
    }

    fn named(&self, name: &str) -> Option<Scope> {
        let is_meant = |heading: &str| {
            starts_with_words(heading, name) || starts_with_words(unnumbered(heading), name)
        };
        let mut named = self.headings.iter().filter(|(_, heading)| is_meant(heading));
        let (first, heading) = named.next()?;
        (*heading == name || named.next().is_none()).then_some(Scope::Heading(*first))
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

/// The numbers of a line such as `57% complete (4/7 tasks done, 1 in progress)`;
/// `None` where one of them measures something else than tasks.
fn numbers(text: &str, span: Range<usize>, scope: Scope) -> Option<Figures> {
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

fn next_number(text: &str, span: Range<usize>) -> Option<Range<usize>> {
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

fn table_numbers(
    text: &str,
    head: &[Range<usize>],
    cells: &[Range<usize>],
    scope: Scope,
) -> Option<Figures> {
    let mut figures = Figures::none(scope);
    for (name, cell) in head.iter().zip(cells).skip(1) {
        let name = called(&text[name.clone()]);
        if name.split(' ').any(|word| OTHER_MEASURES.contains(&word)) {
            continue;
        }
        if let Some(found) = numbers(text, cell.clone(), scope) {
            figures.percent = figures.percent.or(found.percent);
            figures.done = figures.done.or(found.done);
            figures.total = figures.total.or(found.total);
            continue;
        }
        let Some(number) =
            next_number(text, cell.clone()).filter(|number| number == &bare(text, cell))
        else {
            continue;
        };
        let column = match name.as_str() {
            name if name.contains("done") || name.contains("complete") => &mut figures.done,
            name if name.contains("progress") => &mut figures.in_progress,
            name if name.contains("remaining") || name.contains("open") => &mut figures.remaining,
            name if name.contains("total") || name.contains("tasks") => &mut figures.total,
            _ => continue,
        };
        column.get_or_insert(number);
    }
    (figures.percent.is_some() || figures.done.is_some()).then_some(figures)
}

/// A cell without bold type around its text.
fn bare(text: &str, cell: &Range<usize>) -> Range<usize> {
    let source = &text[cell.clone()];
    let start = source.len() - source.trim_start_matches('*').len();
    let end = source.trim_end_matches('*').len();
    cell.start + start.min(end)..cell.start + end
}

#[cfg(test)]
mod tests {
    use super::super::outline::outline;
    use super::*;

    fn found(text: &str) -> Vec<(Scope, Vec<Option<&str>>)> {
        let outline = outline(text);
        let phases = outline
            .headings
            .iter()
            .filter(|heading| heading.level == 2 && heading.text.contains("Phase"));
        let tasks: Vec<usize> = phases.map(|heading| heading.body.start).collect();
        let lines = read(text, &outline, &tasks);
        lines
            .into_iter()
            .map(|f| {
                let spans = [f.percent, f.done, f.total, f.in_progress];
                (f.scope, spans.map(|span| span.map(|span| &text[span])).to_vec())
            })
            .collect()
    }

    #[test]
    fn a_list_of_figures_is_read() {
        let text = "## Phase 1: A\n## Phase 10: B\n## Progress Summary\n\
            - **Phase 1:** 57% complete (4/7 tasks done, 1 in progress)\n\
            - **Overall:** 25% complete (4 / 16 tasks done)\n- **Phase 2:** 0% (0/4)\n- Note: 3/4\n";
        assert_eq!(
            found(text),
            [
                (Scope::Heading(0), vec![Some("57"), Some("4"), Some("7"), Some("1")]),
                (Scope::Overall, vec![Some("25"), Some("4"), Some("16"), None]),
            ]
        );
    }

    #[test]
    fn a_table_of_figures_is_read_by_its_columns() {
        let text = "## Phase 1: A\n## Progress\n\n| Phase | Done | Total | Share |\n|---|---|---|---|\n\
            | Phase 1 | 3 | 5 | 60% |\n| **Total** | **3** | 5 | 60.0% |\n";
        assert_eq!(
            found(text),
            [
                (Scope::Heading(0), vec![Some("60"), Some("3"), Some("5"), None]),
                (Scope::Overall, vec![Some("60.0"), Some("3"), Some("5"), None]),
            ]
        );
    }

    #[test]
    fn a_label_is_known_however_it_is_dressed() {
        for (heading, label) in [
            ("## 🚀 Phase 1: A", "- ✅ **Phase 1:**"),
            ("## 2. Phase 1 — A", "* __Phase 1__:"),
            ("## Phase 1: A ✅", "> - **Phase 1: A** –"),
            ("## **Phase 1**", "Phase 1:"),
        ] {
            let text = format!("{heading}\n\n## 📊 Progress\n\n{label} 1 of 2 tasks (50%)\n");
            let expected = vec![Some("50"), Some("1"), Some("2"), None];
            assert_eq!(found(&text), [(Scope::Heading(0), expected)], "{text}");
        }
    }

    #[test]
    fn a_total_in_the_part_of_a_phase_is_that_phases() {
        let text = "## Phase 1: A\n### Progress\n- Total: 1/2\n## Phase 2\n\n## Progress\n- Total: 1/4\n\
            ### Phase 2\n- Total: 0/2\n";
        let scopes: Vec<Scope> = found(text).into_iter().map(|(scope, _)| scope).collect();
        assert_eq!(scopes, [Scope::Heading(0), Scope::Overall, Scope::Heading(2)]);
    }

    #[test]
    fn what_measures_something_else_is_a_persons() {
        for line in [
            "we are at 20% of the budget (1/5 of the money)",
            "1/5 hours",
            "50% slower",
            "2/6 phases complete (33%)",
            "90% (9 out of 10 questions complete)",
            "~92% (Phases 1-4 complete)",
            "0-33% done",
            "20% → 40%",
            "95%+",
            "2/26h",
            "coverage 80%",
            "Tests: 15/15 (100%)",
        ] {
            let text = format!("## Phase 1\n## Progress\n- Overall: {line}\n");
            assert_eq!(found(&text), [], "{line}");
        }
        let table = "## Phase 1\n## Progress\n\n| Phase | Coverage | Weight |\n|--|--|--|\n| Phase 1 | 85% | 3/5 |\n";
        assert_eq!(found(table), []);
    }

    #[test]
    fn what_was_once_so_is_history() {
        for heading in [
            "## Session Log\n### Progress",
            "## Progress Log",
            "## Progress 2026-01-15",
            "## Progress\n### Session 1",
        ] {
            let text = format!("## Phase 1\n{heading}\n- Overall: 20% (1/5)\n");
            assert_eq!(found(&text), [], "{heading}");
        }
    }

    #[test]
    fn dates_and_prose_are_no_figures() {
        assert_eq!(
            found("## Phase 1\n## Progress\n- Phase 1: since 2026/01/15\n- Phase 1 is fine\n"),
            []
        );
    }
}
