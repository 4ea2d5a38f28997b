//! The lists of a recovery file: what both sides did is kept from both, and
//! of what stands in one place only, the newer.

use std::collections::HashMap;
use std::ops::Range;

use super::additions::{self, Block, Section, all, both_added};
use super::{Side, Three, fields, three};
use crate::doc::Document;
use crate::doc::recovery::is_placeholder;
use crate::doc::sessions::content_end;
use crate::patch::Patch;
use crate::plan::header::LAST_UPDATED;

/// Lists that grow.
const GROWING: [&str; 2] = ["completed", "files modified so far"];

/// Lists of which each line has a label, and the newest value.
const LABELLED: [&str; 2] = ["in progress", "next steps"];

/// Makes every version of a recovery file hold the same lists.
pub(super) fn write(documents: &Three<Document>, patches: &mut Three<Patch>) {
    let file = documents.ours.path().rsplit('/').next().unwrap_or_default();
    if !file.eq_ignore_ascii_case("recovery.md") {
        return;
    }
    let newer = newer(documents);
    for name in GROWING {
        if let Some(sections) = all(documents.map(|document| items(document, name))) {
            grow(documents, &sections, newer, patches);
        }
    }
    for name in LABELLED {
        let mut chosen = chosen(documents, name, newer);
        keep_apart(&mut chosen);
        chosen.iter().for_each(|one| one.put(documents, patches));
    }
}

/// What stands behind a label that both sides have.
struct Chosen<'a> {
    spans: Three<Option<Range<usize>>>,
    values: Three<Option<&'a [u8]>>,
    /// The value that is taken.
    value: &'a [u8],
}

impl Chosen<'_> {
    fn put(&self, documents: &Three<Document>, patches: &mut Three<Patch>) {
        let places = documents.each().into_iter().zip(self.spans.each()).zip(patches.each_mut());
        for ((document, span), patch) in places {
            if let Some(span) = span
                && document.bytes()[span.clone()] != *self.value
            {
                patch.replace(span.clone(), self.value);
            }
        }
    }
}

/// The values behind the labels of a section, in our order: that of the side
/// that changed it, or of the newer one.
fn chosen<'a>(documents: &'a Three<Document>, name: &str, newer: Option<Side>) -> Vec<Chosen<'a>> {
    fn text<'a>(document: &'a Document, span: &Option<Range<usize>>) -> Option<&'a [u8]> {
        Some(&document.bytes()[span.clone()?])
    }
    let labels = documents.map(|document| labels(document, name));
    let mut chosen = Vec::new();
    for label in labels.ours.keys() {
        let spans = labels.map(|labels| labels.get(label).cloned());
        let values = Three {
            base: text(&documents.base, &spans.base),
            ours: text(&documents.ours, &spans.ours),
            theirs: text(&documents.theirs, &spans.theirs),
        };
        let Some(side) = three::decide(&values).or(newer) else { continue };
        if let (Some(_), Some(value)) = (values.theirs, *values.get(side)) {
            chosen.push(Chosen { spans, values, value });
        }
    }
    chosen.sort_by_key(|one| one.spans.ours.as_ref().map(|span| span.start));
    chosen
}

/// What each side has once stands once: a value that is taken a second time,
/// from the other side, gives way to what stands there beside it.
fn keep_apart(chosen: &mut [Chosen<'_>]) {
    for at in 1..chosen.len() {
        let (before, own) = (&chosen[..at], &chosen[at]);
        let stands = |value: &[u8]| before.iter().any(|one| one.value == value);
        let mut others = [own.values.ours, own.values.theirs, own.values.base].into_iter();
        if stands(own.value) && !waits(own.value) {
            let other = others.find_map(|value| value.filter(|value| !stands(value)));
            chosen[at].value = other.unwrap_or(own.value);
        }
    }
}

fn waits(value: &[u8]) -> bool {
    std::str::from_utf8(value).is_ok_and(is_placeholder)
}

/// The side that was updated later.
fn newer(documents: &Three<Document>) -> Option<Side> {
    let stamp = |document: &Document| document.value(LAST_UPDATED).and_then(fields::time);
    match (stamp(&documents.ours)?, stamp(&documents.theirs)?) {
        (ours, theirs) if ours > theirs => Some(Side::Ours),
        (ours, theirs) if ours < theirs => Some(Side::Theirs),
        _ => None,
    }
}

/// Appends what both sides added, the older side's first; an item that both
/// name stands once, as the newer side has it.
fn grow(
    documents: &Three<Document>,
    sections: &Three<Section>,
    newer: Option<Side>,
    patches: &mut Three<Patch>,
) {
    let Some(first_new) = both_added(sections) else { return };
    let mut parts: Vec<(&[u8], Vec<u8>)> = Vec::new();
    let older = newer.map_or(Side::Ours, Side::other);
    for side in [older, older.other()] {
        for block in &sections.get(side).blocks[*first_new.get(side)..] {
            let text = documents.get(side).bytes()[block.span.clone()].to_vec();
            match parts.iter_mut().find(|(name, _)| *name == block.name) {
                Some((_, known)) => *known = text,
                None => parts.push((&block.name, text)),
            }
        }
    }
    if newer.is_none() {
        parts.sort_by(|one, other| one.1.cmp(&other.1));
    }
    let parts: Vec<Vec<u8>> = parts.into_iter().map(|(_, text)| text).collect();
    let places = sections.zip(&first_new, |section, first| (section, *first));
    for ((document, (section, first)), patch) in
        documents.each().into_iter().zip(places.each()).zip(patches.each_mut())
    {
        additions::write(document, section, *first, &parts, 1, patch);
    }
}

/// The top-level items of a list section. A file is known by its path, all
/// else by its whole text.
fn items(document: &Document, name: &str) -> Option<Section> {
    let heading = document.section(&[name])?;
    let end = content_end(document.text(), heading.body.clone());
    let own = document
        .outline()
        .items
        .iter()
        .filter(|item| item.parent.is_none() && heading.body.contains(&item.span.start));
    let block = |span: &Range<usize>| {
        let text = document.slice(span).trim_end();
        let span = span.start..span.start + text.len();
        let path = text.split('`').nth(1).filter(|_| name != GROWING[0]);
        let name = path.map_or(&document.bytes()[span.clone()], str::as_bytes).to_vec();
        Block { span, name }
    };
    let blocks: Vec<Block> = own.map(|item| block(&item.span)).collect();
    Some(Section { blocks, end })
}

/// The values behind `**Label**:` in a section's items, by label; one that
/// stands twice left out.
fn labels(document: &Document, name: &str) -> HashMap<String, Range<usize>> {
    let mut labels = HashMap::new();
    let Some(heading) = document.section(&[name]) else { return labels };
    let text = document.text();
    let items = document.outline().items.iter();
    for item in items.filter(|item| heading.body.contains(&item.span.start)) {
        let line = text[item.span.clone()].lines().next().unwrap_or_default().trim_end();
        let Some((label, _)) = line.split_once("**:").or_else(|| line.split_once(":**")) else {
            continue;
        };
        let span = item.span.start + label.len() + 3..item.span.start + line.len();
        let Some((_, label)) = label.split_once("**") else { continue };
        let name = label.to_owned();
        // A second one takes the first away, so that neither is touched.
        if labels.insert(name.clone(), span).is_some() {
            labels.remove(&name);
        }
    }
    labels
}
