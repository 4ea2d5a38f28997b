//! Lines that state how far the work is.

use std::ops::Range;

use super::outline::{Heading, Outline};
use super::task_list::line_end;

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
/// A line counts if its label is *Overall* or *Total*, or names a heading
/// that `has_tasks`; what else stands there is prose.
pub fn read(text: &str, outline: &Outline, has_tasks: impl Fn(usize) -> bool) -> Vec<Figures> {
    let is_progress = |h: &&Heading| h.level > 1 && h.text.to_lowercase().contains("progress");
    let sections: Vec<&Heading> = outline.headings.iter().filter(is_progress).collect();
    let mut lines = Vec::new();
    if sections.is_empty() {
        return lines;
    }
    let scopes = Scopes::of(outline, has_tasks);
    let mut read_to = 0;
    for heading in sections {
        let mut start = heading.body.start.max(read_to);
        while start < heading.body.end {
            let end = line_end(text, start);
            lines.extend(read_line(text, outline, start..end, &scopes));
            start = end + 1;
        }
        read_to = read_to.max(heading.body.end);
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
    scopes: &Scopes,
) -> Option<Figures> {
    if outline.is_opaque(line.start) {
        return None;
    }
    if let Some(row) = outline.row_on(&line) {
        let scope = scopes.find(&text[row.cells.first()?.clone()])?;
        let head = outline.rows.partition_point(|other| other.table < row.table);
        let head = outline.rows.get(head).filter(|head| head.head)?;
        return table_numbers(text, &head.cells, &row.cells, scope);
    }
    let source = &text[line.clone()];
    let bare = source.trim_start_matches([' ', '\t', '>', '-', '*', '+', '_']);
    let (label, rest) = bare.split_once(':')?;
    let scope = scopes.find(label)?;
    numbers(text, line.end - rest.len()..line.end, scope)
}

/// The headings over tasks, as labels name them.
struct Scopes {
    headings: Vec<(usize, String)>,
}

impl Scopes {
    fn of(outline: &Outline, has_tasks: impl Fn(usize) -> bool) -> Self {
        let over_tasks = (0..outline.headings.len()).filter(|&at| has_tasks(at));
        Self { headings: over_tasks.map(|at| (at, plain(&outline.headings[at].text))).collect() }
    }

    fn find(&self, label: &str) -> Option<Scope> {
        let label = plain(label);
        if matches!(
            label.as_str(),
            "overall" | "total" | "overall progress" | "total progress" | "all"
        ) {
            return Some(Scope::Overall);
        }
        let mut named =
            self.headings.iter().filter(|(_, heading)| starts_with_words(heading, &label));
        let (first, heading) = named.next()?;
        (*heading == label || named.next().is_none()).then_some(Scope::Heading(*first))
    }
}

fn plain(label: &str) -> String {
    label.replace(['*', '_', '`', ':'], "").trim().to_lowercase()
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

/// The numbers of a line such as `57% complete (4/7 tasks done, 1 in progress)`.
fn numbers(text: &str, span: Range<usize>, scope: Scope) -> Option<Figures> {
    let mut figures = Figures::none(scope);
    let mut at = span.start;
    while let Some(number) = next_number(text, at..span.end) {
        at = number.end;
        let rest = text[number.end..span.end].trim_start();
        if rest.starts_with('%') {
            figures.percent.get_or_insert(number);
        } else if rest.starts_with('/')
            && figures.done.is_none()
            && !text[..number.start].ends_with('/')
        {
            let slash = span.end - rest.len() + 1;
            let total = next_number(text, slash..span.end)
                .filter(|total| text[slash..total.start].trim().is_empty());
            let whole = total.as_ref().is_some_and(|total| !text[total.end..].starts_with('/'));
            if let (Some(total), true) = (total, whole) {
                at = total.end;
                figures.done = Some(number);
                figures.total = Some(total);
            }
        } else if counts_something(&text[span.start..number.start]) {
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
        let name = plain(&text[name.clone()]);
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
        let lines = read(text, &outline, |at| outline.headings[at].text.starts_with("Phase"));
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
    fn dates_and_prose_are_no_figures() {
        assert_eq!(
            found("## Phase 1\n## Progress\n- Phase 1: since 2026/01/15\n- Phase 1 is fine\n"),
            []
        );
    }
}
