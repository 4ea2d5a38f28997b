//! Lines that state how far the work is.

mod measure;
mod scopes;

use std::ops::Range;

use super::outline::{Outline, called};
use super::task_list::line_end;
use measure::{is_other_measure, next_number, numbers};
use scopes::{Scopes, histories};

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
        heading.level > 1 && heading.name.contains("progress")
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

/// Reads the figures in a header field that states the overall progress.
pub fn in_field(text: &str, value: Range<usize>) -> Option<Figures> {
    numbers(text, value, Scope::Overall)
}

fn read_line(
    text: &str,
    outline: &Outline,
    line: Range<usize>,
    scopes: &Scopes<'_>,
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

fn table_numbers(
    text: &str,
    head: &[Range<usize>],
    cells: &[Range<usize>],
    scope: Scope,
) -> Option<Figures> {
    let mut figures = Figures::none(scope);
    for (name, cell) in head.iter().zip(cells).skip(1) {
        let name = called(&text[name.clone()]);
        if is_other_measure(&name) {
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

    #[test]
    fn a_number_is_known_by_what_stands_around_it() {
        for (line, expected) in [
            ("50% (1/2)", Some([Some("50"), Some("1"), Some("2"), None])),
            ("50.5% of tasks", Some([Some("50.5"), None, None, None])),
            ("1 out of 2 tasks", Some([None, Some("1"), Some("2"), None])),
            ("1 / 2, 1 in progress", Some([None, Some("1"), Some("2"), Some("1")])),
            ("(1 in progress) 1/2", Some([None, Some("1"), Some("2"), Some("1")])),
            ("1/2, Phase 3 in progress", Some([None, Some("1"), Some("2"), None])),
            ("1/2 done, then 3/4", Some([None, Some("1"), Some("2"), None])),
            ("1/2 of the items", Some([None, Some("1"), Some("2"), None])),
            ("50% **complete**", Some([Some("50"), None, None, None])),
            ("1/2/3", None),
            ("1 of x 2", None),
            ("1 in progress", None),
            ("≈50%", None),
            ("50%-60%", None),
            ("<50%", None),
            ("effort 50%", None),
        ] {
            let text = format!("## Phase 1\n## Progress\n- Overall: {line}\n");
            let lines = found(&text);
            let numbers = lines.first().map(|(_, numbers)| numbers.clone());
            assert_eq!(numbers, expected.map(Vec::from), "{line}");
        }
    }

    #[test]
    fn a_column_is_known_by_its_name() {
        let read = |head: &str, row: &str| {
            let text =
                format!("## Phase 1\n## Progress\n\n{head}\n{}\n{row}\n", "|--".repeat(5) + "|");
            let outline = outline(&text);
            let lines = super::read(&text, &outline, &[outline.headings[0].body.start]);
            let spans =
                lines.into_iter().next().map(|f| [f.done, f.in_progress, f.remaining, f.total]);
            spans.map(|spans| spans.map(|span| span.map(|span| text[span].to_owned())))
        };
        let numbers =
            |numbers: [&str; 4]| Some(numbers.map(|n| (!n.is_empty()).then(|| n.to_owned())));
        let row = "| Phase 1 | 1 | **2** | 3 | 6 |";
        for (head, expected) in [
            (
                "| Phase | Completed | In Progress | Remaining | Tasks |",
                numbers(["1", "2", "3", "6"]),
            ),
            ("| Phase | Done | Begun | Open | Total |", numbers(["1", "", "3", "6"])),
            ("| Phase | Done | Done | Effort | Total |", numbers(["1", "", "", "6"])),
            ("| Phase | Tests done | Days | Open | Total |", None),
        ] {
            assert_eq!(read(head, row), expected, "{head}");
        }
        let head = "| Phase | Done | Open | Total | Note |";
        assert_eq!(
            read(head, "| Phase 1 | 1 | about 2 | 3 or 4 | 5 |"),
            numbers(["1", "", "", ""])
        );
    }

    #[test]
    fn a_label_names_one_heading_over_tasks() {
        let scope = |headings: &str, label: &str| {
            let text = format!("{headings}\n## Progress\n- {label}: 1/2\n");
            found(&text).first().map(|(scope, _)| *scope)
        };
        let two = "## Phase 1: A\n## Phase 2: B";
        for (headings, label, expected) in [
            (two, "Phase 2", Some(Scope::Heading(1))),
            (two, "Phase", None),
            (two, "Phase 3", None),
            (two, "Total", Some(Scope::Overall)),
            ("## Phase 1\n## Phase 1: B", "Phase 1", Some(Scope::Heading(0))),
            ("## Phase 1: A\n## Phase 1: B", "Phase 1", None),
            ("## Phase 1.5: A", "Phase 1", None),
            ("## Phase 1. A", "Phase 1", Some(Scope::Heading(0))),
            ("## 3. Phase 1", "Phase 1", Some(Scope::Heading(0))),
            ("## Phases", "Phase", None),
        ] {
            assert_eq!(scope(headings, label), expected, "{headings} {label}");
        }
    }

    #[test]
    fn a_section_within_a_section_is_read_once() {
        let text = "## Phase 1\n## Progress\n- Overall: 1/2\n### More Progress\n- Overall: 1/2\n";
        assert_eq!(found(text).len(), 2);
    }
}
