//! What both sides put at the end of a section: kept from both.

use std::ops::Range;

use super::Three;
use crate::doc::Document;
use crate::patch::Patch;

/// A part of a section that stands for itself: a session, a list item.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// Its bytes, blank lines at the end left out.
    pub(super) span: Range<usize>,
    /// What it is known by where both sides have it.
    pub(super) name: Vec<u8>,
}

/// A section in one document.
#[derive(Clone, Debug)]
pub(super) struct Section {
    /// Its parts in order.
    pub(super) blocks: Vec<Block>,
    /// Where its content ends.
    pub(super) end: usize,
}

impl Section {
    /// The first of the parts that the base lacks, if they all stand at the
    /// end and there are any.
    pub(super) fn first_new(&self, base: &Self) -> Option<usize> {
        let is_new = |block: &Block| base.blocks.iter().all(|known| known.name != block.name);
        let first = self.blocks.iter().position(is_new)?;
        self.blocks[first..].iter().all(is_new).then_some(first)
    }
}

/// Writes these parts in place of those that a document has beyond the base's,
/// with `gap` line endings between them.
pub(super) fn write(
    document: &Document,
    section: &Section,
    first_new: usize,
    parts: &[Vec<u8>],
    gap: usize,
    patch: &mut Patch,
) {
    let gap = document.line_ending(section.end).repeat(gap).into_bytes();
    let own = &section.blocks[first_new..];
    let kept_end = section.blocks[..first_new].last().map(|block| block.span.end);
    let (span, led) = match (kept_end, own.first(), own.last()) {
        (Some(end), _, last) => (end..last.map_or(end, |last| last.span.end), true),
        (None, Some(first), Some(last)) => (first.span.start..last.span.end, false),
        _ => (section.end..section.end, true),
    };
    let mut text = if led { gap.clone() } else { Vec::new() };
    text.extend(parts.join(gap.as_slice()));
    if document.bytes()[span.clone()] != text {
        patch.replace(span, text);
    }
}

/// Where the parts begin that each document has beyond the base's; `None`
/// unless both sides have some.
pub(super) fn both_added(sections: &Three<Section>) -> Option<Three<usize>> {
    Some(Three {
        base: sections.base.blocks.len(),
        ours: sections.ours.first_new(&sections.base)?,
        theirs: sections.theirs.first_new(&sections.base)?,
    })
}

/// All three, if every document has it.
pub(super) fn all<T>(found: Three<Option<T>>) -> Option<Three<T>> {
    Some(Three { base: found.base?, ours: found.ours?, theirs: found.theirs? })
}
