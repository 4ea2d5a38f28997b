//! What a tag's tasks are in a document.

use std::collections::HashSet;

use crate::doc::{Document, Lookup};
use crate::plan;
use crate::tag::{Selector, Tag, Word};

/// What one part of a tag selects.
pub(super) fn lookup(document: &Document, selector: &Selector) -> Lookup {
    match selector {
        Selector::One(id) => document.find(id),
        Selector::Range(first, last) => {
            let mut found = plan::between(document, first, last);
            match found.len() {
                0 => Lookup::None,
                1 => Lookup::One(found.remove(0)),
                _ => Lookup::Many(found),
            }
        }
    }
}

/// The tasks that a part of a tag means; none where an id is ambiguous.
pub(super) fn tasks(document: &Document, selector: &Selector) -> Vec<usize> {
    match (lookup(document, selector), selector) {
        (Lookup::One(task), _) => vec![task],
        (Lookup::Many(tasks), Selector::Range(..)) => tasks,
        _ => Vec::new(),
    }
}

/// All tasks that a document's own list of commits says were finished,
/// entries with a hash that `left_out` names aside.
pub(super) fn recorded(document: &Document, left_out: impl Fn(&str) -> bool) -> HashSet<usize> {
    let entries = document.entries().map_or(&[][..], |entries| &entries.list);
    let counted =
        entries.iter().filter(|entry| !entry.placeholder && !left_out(document.slice(&entry.hash)));
    let feature = document.feature();
    let finishes = |tag: &Tag| {
        Some(&tag.feature) == feature.as_ref() && matches!(tag.word, Word::None | Word::Done)
    };
    let mut recorded = HashSet::new();
    for entry in counted {
        let tags = crate::tag::read(document.slice(&entry.span)).tags;
        for tag in tags.iter().filter(|tag| finishes(tag)) {
            recorded.extend(tag.tasks.iter().flat_map(|selector| tasks(document, selector)));
        }
    }
    recorded
}
