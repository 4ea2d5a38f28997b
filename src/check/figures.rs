//! Lines of figures that the boxes contradict.

use std::ops::Range;

use super::{MAX_QUOTE, shorten};
use crate::doc::Document;
use crate::doc::edit::Wanted;
use crate::doc::progress::{Figures, Scope};
use crate::patch::Patch;
use crate::plan::counts::{self, Count};
use crate::problem::{Problem, Severity};

/// Finds them, in the order of the text.
pub(super) fn stale(document: &Document) -> Vec<Problem> {
    let wanted: Vec<Wanted> = document.tasks().iter().map(Wanted::as_is).collect();
    let problem = |figures: &Figures| {
        let heading = match figures.scope {
            Scope::Overall => None,
            Scope::Heading(heading) => Some(heading),
        };
        let count = counts::count(document, heading, &wanted);
        (count.total > 0).then(|| contradiction(document, figures, count)).flatten()
    };
    document.figures().iter().filter_map(problem).collect()
}

fn contradiction(document: &Document, figures: &Figures, count: Count) -> Option<Problem> {
    let numbers = [
        (&figures.percent, count.percent(), "%"),
        (&figures.done, count.done, " done"),
        (&figures.total, count.total, " in all"),
        (&figures.in_progress, count.in_progress, " in progress"),
        (&figures.remaining, count.total - count.done, " remaining"),
    ];
    let mut wrong = Patch::default();
    let (mut said, mut counted) = (Vec::new(), Vec::new());
    let stated =
        numbers.into_iter().filter_map(|(span, count, unit)| Some((span.as_ref()?, count, unit)));
    for (span, count, unit) in stated.clone() {
        if document.slice(span).parse() != Ok(count as f64) {
            said.push(format!("{}{unit}", document.slice(span)));
            counted.push(format!("{count}{unit}"));
            wrong.replace(span.clone(), count.to_string());
        }
    }
    let first = wrong.edits().first()?.delete.start;
    let message =
        format!("`{}`, expected {}: so say the boxes", said.join(", "), counted.join(", "));
    let hint = if has_links(document) {
        "run `git spec-log sync`".to_owned()
    } else {
        // Without a link `sync` never touches a document.
        format!("write `{}`", shorten(&corrected_line(document, first, &wrong), 2 * MAX_QUOTE))
    };
    let problem = Problem::new("stale-count", Severity::Warning, message).hint(hint);
    Some(problem.at(document.path(), Some(document.line(first))))
}

/// Whether a document lists a commit, or has no place where it could.
fn has_links(document: &Document) -> bool {
    document.entries().is_none_or(|entries| entries.list.iter().any(|entry| !entry.placeholder))
}

/// The line that holds a place, with the right numbers in it.
fn corrected_line(document: &Document, at: usize, patch: &Patch) -> String {
    let text = document.text();
    let line: Range<usize> = text[..at].rfind('\n').map_or(0, |end| end + 1)
        ..text[at..].find('\n').map_or(text.len(), |len| at + len);
    let mut corrected = String::new();
    let mut copied = line.start;
    for edit in patch.edits().iter().filter(|edit| edit.delete.end <= line.end) {
        corrected.push_str(&text[copied..edit.delete.start]);
        corrected.push_str(&String::from_utf8_lossy(&edit.insert));
        copied = edit.delete.end;
    }
    corrected.push_str(&text[copied..line.end]);
    corrected.trim().to_owned()
}
