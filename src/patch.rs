//! A change to a text as data.

use std::ops::Range;

/// Replaces one span of the original text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go, in offsets of the original.
    pub delete: Range<usize>,
    /// What comes in their place.
    pub insert: Vec<u8>,
}

/// A set of edits to one text.
///
/// Invariant: sorted by place and disjoint; several insertions at one place
/// keep the order in which they were added. What is deliberately absent: any
/// knowledge of what the text means, and any way to read the edited text
/// before the patch is applied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patch {
    edits: Vec<Edit>,
}

impl Patch {
    /// Adds an edit; answers whether it was taken.
    ///
    /// An edit that overlaps one already there is refused, and one that would
    /// change nothing is dropped (and counts as taken).
    pub fn replace(&mut self, delete: Range<usize>, insert: impl Into<Vec<u8>>) -> bool {
        let insert = insert.into();
        if delete.is_empty() && insert.is_empty() {
            return true;
        }
        let at = self.edits.partition_point(|edit| {
            (edit.delete.start, edit.delete.end) <= (delete.start, delete.end)
        });
        let clear_before = at == 0 || self.edits[at - 1].delete.end <= delete.start;
        let clear_after = self.edits.get(at).is_none_or(|next| delete.end <= next.delete.start);
        if clear_before && clear_after {
            self.edits.insert(at, Edit { delete, insert });
        }
        clear_before && clear_after
    }

    /// Adds an insertion.
    pub fn insert(&mut self, at: usize, text: impl Into<Vec<u8>>) -> bool {
        self.replace(at..at, text)
    }

    /// The edits, sorted and disjoint.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// Whether nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The text with every edit made.
    ///
    /// # Panics
    /// Never for the text that the edits were made for; a shorter one is
    /// answered unchanged from the first edit that does not fit.
    pub fn apply(&self, original: &[u8]) -> Vec<u8> {
        let mut text = Vec::with_capacity(original.len() + 256);
        let mut copied = 0;
        for edit in &self.edits {
            let Some(kept) = original.get(copied..edit.delete.start) else { break };
            text.extend_from_slice(kept);
            text.extend_from_slice(&edit.insert);
            copied = edit.delete.end.min(original.len());
        }
        text.extend_from_slice(&original[copied..]);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_applied_in_place_whatever_order_they_came_in() {
        let mut patch = Patch::default();
        assert!(patch.replace(6..11, "there"));
        assert!(patch.replace(0..5, "Hi"));
        assert!(patch.insert(11, "!"));
        assert_eq!(patch.apply(b"hello world"), b"Hi there!");
    }

    #[test]
    fn an_overlapping_edit_is_refused() {
        let mut patch = Patch::default();
        assert!(patch.replace(2..6, "x"));
        assert!(!patch.replace(5..7, "y"));
        assert!(!patch.replace(3..3, "y"));
        assert_eq!(patch.edits().len(), 1);
    }

    #[test]
    fn insertions_at_one_place_keep_their_order() {
        let mut patch = Patch::default();
        assert!(patch.insert(1, "b") && patch.insert(1, "c") && patch.replace(1..2, "D"));
        assert_eq!(patch.apply(b"axe"), b"abcDe");
    }

    #[test]
    fn a_patch_without_edits_changes_nothing() {
        let mut patch = Patch::default();
        assert!(patch.replace(1..1, "") && patch.is_empty());
        assert_eq!(patch.apply(b"ab"), b"ab");
        assert!(patch.replace(1..2, "") && !patch.is_empty());
        assert_eq!(patch.apply(b"ab"), b"a");
        // A text that it was not made for is kept from where it does not fit.
        assert!(patch.insert(9, "c"));
        assert_eq!(patch.apply(b"ab"), b"a");
        assert_eq!(patch.apply(b""), b"");
    }

    #[test]
    fn edits_that_touch_are_taken_and_those_that_overlap_are_not() {
        let mut patch = Patch::default();
        assert!(patch.replace(2..4, "x"));
        for (span, taken) in
            [(0..2, true), (4..5, true), (0..1, false), (1..3, false), (3..6, false)]
        {
            assert_eq!(patch.replace(span.clone(), "y"), taken, "{span:?}");
        }
        assert_eq!(patch.apply(b"abcdef"), b"yxyf");
    }
}
