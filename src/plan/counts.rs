//! Figures, counted from the boxes.

use std::ops::Range;

use crate::doc::Document;
use crate::doc::edit::Wanted;
use crate::doc::progress::{Figures, Scope};
use crate::patch::Patch;

/// How many tasks there are, and how far they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Tasks that are done.
    pub done: usize,
    /// Tasks that are begun and not done.
    pub in_progress: usize,
    /// All tasks.
    pub total: usize,
}

impl Count {
    /// Whole per cent done, rounded down; 0 of nothing.
    pub fn percent(self) -> usize {
        (100 * self.done).checked_div(self.total).unwrap_or(0)
    }
}

/// Counts the tasks that are part of no other, under one heading or in all.
pub fn count(document: &Document, heading: Option<usize>, wanted: &[Wanted]) -> Count {
    document.top_level(heading).fold(Count::default(), |count, task| Count {
        done: count.done + usize::from(wanted[task].state.is_done()),
        in_progress: count.in_progress
            + usize::from(wanted[task].in_progress && !wanted[task].state.is_done()),
        total: count.total + 1,
    })
}

/// Brings every line of figures in line with the boxes.
pub(crate) fn recount(document: &Document, wanted: &[Wanted], patch: &mut Patch) {
    for figures in document.figures() {
        let heading = match figures.scope {
            Scope::Overall => None,
            Scope::Heading(heading) => Some(heading),
        };
        let count = count(document, heading, wanted);
        if count.total > 0 {
            restate(document, figures, count, patch);
        }
    }
}

fn restate(document: &Document, figures: &Figures, count: Count, patch: &mut Patch) {
    let numbers = [
        (&figures.percent, count.percent()),
        (&figures.done, count.done),
        (&figures.total, count.total),
        (&figures.in_progress, count.in_progress),
        (&figures.remaining, count.total - count.done),
    ];
    for (span, number) in numbers {
        if let Some(span) = span.as_ref().filter(|span| !says(document, span, number)) {
            patch.replace(span.clone(), number.to_string());
        }
    }
}

/// Whether a number is stated already, in whatever way it is written.
fn says(document: &Document, span: &Range<usize>, number: usize) -> bool {
    document.slice(span).parse() == Ok(number as f64)
}
