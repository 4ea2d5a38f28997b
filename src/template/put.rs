//! Phases put into a document in the place of its own.

use std::ops::Range;

use super::phases::{Phase, number_of, starts_with_word};
use crate::doc::Document;
use crate::doc::progress::Scope;
use crate::patch::Patch;

/// A document with these phases in the place of its own, and their figures in
/// the place of its phases' figures.
pub(super) fn put(document: &Document, phases: &[Phase]) -> Vec<u8> {
    let mut patch = Patch::default();
    let (place, level, before) = place(document);
    let ending = document.line_ending(place.start);
    let text: Vec<String> = phases.iter().map(|phase| section(phase, level)).collect();
    let text = before.to_owned() + &text.join("\n\n");
    patch.replace(place, text.replace('\n', ending));
    if let Some(lines) = figures(document) {
        let ending = document.line_ending(lines.start);
        let text: Vec<String> = phases.iter().map(figure).collect();
        patch.replace(lines, text.join(ending));
    }
    patch.apply(document.bytes())
}

/// Where phases go, the level of their headings, and what comes before them:
/// from the first heading called a phase to the last one's last task, else in
/// the place of the tasks under the first heading that has any.
fn place(document: &Document) -> (Range<usize>, usize, &'static str) {
    let over_tasks = document.phases();
    let headings = || over_tasks.iter().map(|&at| &document.headings()[at]);
    let mut phases = headings().filter(|heading| starts_with_word(&heading.text, "phase"));
    if let Some(first) = phases.next() {
        let last = phases.next_back().unwrap_or(first);
        let end = tasks(document, &last.body).map_or(last.span.end, |tasks| tasks.end);
        return (first.span.start..end, usize::from(first.level), "");
    }
    let body = headings().next().map_or(0..document.text().len(), |heading| heading.body.clone());
    let level = headings().next().map_or(2, |heading| usize::from(heading.level) + 1);
    match tasks(document, &body) {
        Some(tasks) => (tasks, level, ""),
        None => {
            let end = document.text().trim_end().len();
            (end..end, 3, "\n\n## Tasks\n\n")
        }
    }
}

/// The lines of the tasks in a section, from the first to the last.
fn tasks(document: &Document, body: &Range<usize>) -> Option<Range<usize>> {
    let is_here = |text: &Range<usize>| body.contains(&text.start);
    let tasks = document.tasks().iter().filter(|task| task.checklist.is_none());
    let mut texts = tasks.map(|task| &task.text).filter(|text| is_here(text));
    let first = texts.next()?;
    let last = texts.next_back().unwrap_or(first).end;
    Some(line_start(document, first.start)..last + continued_len(document, last))
}

/// How much of the last item follows its first line.
fn continued_len(document: &Document, end: usize) -> usize {
    let items = document.outline().items.iter();
    let around = items.filter(|item| item.span.contains(&end.saturating_sub(1)));
    let last = around.map(|item| item.span.start..item.span.end).next();
    last.map_or(0, |span| (span.start + document.slice(&span).trim_end().len()).max(end) - end)
}

fn line_start(document: &Document, at: usize) -> usize {
    document.text()[..at].rfind('\n').map_or(0, |end| end + 1)
}

pub(super) fn section(phase: &Phase, level: usize) -> String {
    let lines = phase.tasks.iter().map(|task| {
        let indent = "  ".repeat(task.depth);
        let mark = if task.is_done { 'x' } else { ' ' };
        let word = if task.depth == 0 { "Task" } else { "Subtask" };
        let Some(id) = &task.id else { return format!("{indent}- [{mark}] {}", task.text) };
        let line = format!("{indent}- [{mark}] {word} {id}: {}", task.text);
        line.trim_end_matches([':', ' ']).to_owned()
    });
    let lines: Vec<String> = lines.collect();
    format!("{} {}\n\n{}", "#".repeat(level.min(6)), phase.title, lines.join("\n"))
}

/// The lines of a list that hold the phases' figures.
fn figures(document: &Document) -> Option<Range<usize>> {
    let of_phase = |scope: Scope| matches!(scope, Scope::Heading(_));
    let figures = document.figures().iter().filter(|figures| of_phase(figures.scope));
    let at: Vec<usize> = figures
        .filter_map(|figures| figures.percent.as_ref().or(figures.done.as_ref()))
        .map(|span| line_start(document, span.start))
        .filter(|&start| document.text()[start..].starts_with("- **"))
        .collect();
    let last = *at.last()?;
    let end = document.text()[last..].find('\n').map_or(document.text().len(), |len| last + len);
    let end = end - usize::from(document.text()[..end].ends_with('\r'));
    Some(*at.first()?..end)
}

/// The line of a phase, to be counted.
fn figure(phase: &Phase) -> String {
    let label = match number_of(&phase.title) {
        Some(number) => format!("Phase {number}"),
        None => phase.title.clone(),
    };
    format!("- **{label}:** 0% complete (0/0 tasks done)")
}

#[cfg(test)]
mod tests {
    use super::super::phases;
    use super::*;
    use crate::doc::dialect::FEATURE_FILE;

    fn document(text: &str) -> Document {
        Document::read("prd/07_x.md", text.into(), &FEATURE_FILE)
    }

    #[test]
    fn phases_take_the_place_of_a_documents_own() {
        let plan = phases(&document("## Phase 1: P\n- [ ] a\n## Phase 2: Q\n- [ ] b\n"));
        for (before, after) in [
            (
                "# X\r\n\r\n## Tasks\r\n\r\n### Phase 1: [N]\r\n\r\n- [ ] 1.1 [T]\r\n  - why\r\n\r\n---\r\n\r\n\
                 ## Progress\r\n\r\n- **Phase 1:** 9% (1/2)\r\n- **Overall:** 1%\r\n",
                "# X\r\n\r\n## Tasks\r\n\r\n### Phase 1: P\r\n\r\n- [ ] Task 1.1: a\r\n\r\n### Phase 2: Q\r\n\r\n\
                 - [ ] Task 2.1: b\r\n\r\n---\r\n\r\n## Progress\r\n\r\n- **Phase 1:** 0% complete (0/0 tasks done)\r\n\
                 - **Phase 2:** 0% complete (0/0 tasks done)\r\n- **Overall:** 1%\r\n",
            ),
            (
                "# X\n\n## Tasks\n\n- [ ] [T]\n\n## Notes\n",
                "# X\n\n## Tasks\n\n### Phase 1: P\n\n- [ ] Task 1.1: a\n\n### Phase 2: Q\n\n- [ ] Task 2.1: b\n\n## Notes\n",
            ),
            (
                "# X\n\n## Work\n\n- [ ] [T]\n- [ ] [U]\n\n## Notes\n\n- [ ] Of ours\n",
                "# X\n\n## Work\n\n### Phase 1: P\n\n- [ ] Task 1.1: a\n\n### Phase 2: Q\n\n- [ ] Task 2.1: b\n\n## Notes\n\n- [ ] Of ours\n",
            ),
            (
                "# X\n",
                "# X\n\n## Tasks\n\n### Phase 1: P\n\n- [ ] Task 1.1: a\n\n### Phase 2: Q\n\n- [ ] Task 2.1: b\n",
            ),
        ] {
            assert_eq!(String::from_utf8(put(&document(before), &plan)).expect("UTF-8"), after);
        }
    }
}
