//! One entry as it is written.

use super::{Three, three};
use crate::doc::Document;
use crate::doc::entries::Entry;

/// The bytes of an entry without its last line ending.
pub(super) fn content<'d>(document: &'d Document, entry: &Entry) -> &'d [u8] {
    let bytes = &document.bytes()[entry.span.clone()];
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

/// A line of an entry, and the same without its hash.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'d> {
    whole: &'d [u8],
    before: &'d [u8],
    after: &'d [u8],
}

impl<'d> Line<'d> {
    pub(super) fn of(document: &'d Document, entry: &Entry) -> Self {
        let whole = content(document, entry);
        let hash = entry.hash.start - entry.span.start..entry.hash.end - entry.span.start;
        Self { whole, before: &whole[..hash.start], after: &whole[hash.end.min(whole.len())..] }
    }
}

/// The entry as whoever changed it wrote it; where both only lengthened the
/// hash, the longer one.
pub(super) fn merged_line(lines: &Three<Option<Line<'_>>>) -> Option<Vec<u8>> {
    let (Some(ours), Some(theirs)) = (lines.ours, lines.theirs) else {
        return lines.ours.or(lines.theirs).or(lines.base).map(|line| line.whole.to_vec());
    };
    if let Some(side) = three::decide(lines) {
        return lines.get(side).map(|line| line.whole.to_vec());
    }
    let alike = (ours.before, ours.after) == (theirs.before, theirs.after);
    let longer = if ours.whole.len() >= theirs.whole.len() { ours } else { theirs };
    alike.then(|| longer.whole.to_vec())
}
