//! Numbers that are counted again: written alike, so that they never conflict.

use std::collections::HashMap;
use std::ops::Range;

use super::{Side, Three, three};
use crate::doc::Document;
use crate::doc::progress::{Figures, Scope};
use crate::patch::Patch;

/// One number: what it counts, which time it is stated, which of the figures.
type Key = (String, usize, usize);

/// Gives each number the same value in all documents.
pub(super) fn write(documents: &Three<Document>, patches: &mut Three<Patch>) {
    let numbers = documents.map(numbers);
    for (key, ours) in &numbers.ours {
        let Some(theirs) = numbers.theirs.get(key) else { continue };
        let spans = Three { base: numbers.base.get(key), ours: Some(ours), theirs: Some(theirs) };
        let values = documents.zip(&spans, |document, span| span.map(|span| document.slice(span)));
        let larger = |values: &Three<Option<&str>>| {
            let number = |value: Option<&str>| value.and_then(|value| value.parse::<f64>().ok());
            if number(values.ours) >= number(values.theirs) { Side::Ours } else { Side::Theirs }
        };
        let side = three::decide(&values).unwrap_or_else(|| larger(&values));
        let Some(value) = *values.get(side) else { continue };
        let places = spans.each().into_iter().zip(values.each());
        for ((span, own), patch) in places.zip(patches.each_mut()) {
            if let Some(span) = span.filter(|_| *own != Some(value)) {
                patch.replace(span.clone(), value);
            }
        }
    }
}

fn numbers(document: &Document) -> HashMap<Key, Range<usize>> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut numbers = HashMap::new();
    for figures in document.figures() {
        let scope = match figures.scope {
            Scope::Overall => String::new(),
            Scope::Heading(at) => format!("# {}", document.headings()[at].text),
        };
        let time = seen.entry(scope.clone()).or_default();
        *time += 1;
        for (at, span) in spans(figures).into_iter().enumerate() {
            numbers.extend(span.clone().map(|span| ((scope.clone(), *time, at), span)));
        }
    }
    numbers
}

fn spans(figures: &Figures) -> [&Option<Range<usize>>; 5] {
    [&figures.percent, &figures.done, &figures.total, &figures.in_progress, &figures.remaining]
}
