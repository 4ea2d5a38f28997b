//! A text with conflict markers, read as ours.

use std::ops::Range;

use crate::patch::Patch;

/// The text as it would be if every conflict were settled for ours, and where
/// each piece of it stands in the text with markers.
pub(super) struct View {
    /// The bytes without markers and theirs.
    pub(super) text: Vec<u8>,
    /// Where a piece begins in the view, where in the original, its length.
    pieces: Vec<(usize, usize, usize)>,
    /// How many conflicts were found.
    pub(super) conflicts: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Agreed,
    Ours,
    Hidden,
}

impl View {
    /// Reads a text whose markers have this many characters.
    pub(super) fn of(marked: &[u8], marker: usize) -> Self {
        let mut view = Self { text: Vec::new(), pieces: Vec::new(), conflicts: 0 };
        let (mut part, mut start) = (Part::Agreed, 0);
        for line in marked.split_inclusive(|&byte| byte == b'\n') {
            let next = match (part, is_marker(line, marker)) {
                (Part::Agreed, Some(b'<')) => Some(Part::Ours),
                (Part::Ours, Some(b'|' | b'=')) => Some(Part::Hidden),
                (Part::Hidden, Some(b'>')) => {
                    view.conflicts += 1;
                    Some(Part::Agreed)
                }
                _ => None,
            };
            if next.is_none() && part != Part::Hidden {
                view.take(start, line);
            }
            part = next.unwrap_or(part);
            start += line.len();
        }
        view
    }

    fn take(&mut self, start: usize, line: &[u8]) {
        match self.pieces.last_mut() {
            Some((_, from, len)) if *from + *len == start => *len += line.len(),
            _ => self.pieces.push((self.text.len(), start, line.len())),
        }
        self.text.extend_from_slice(line);
    }

    /// The edits of the view as edits of the text with markers; one that
    /// reaches over a marker is left out.
    pub(super) fn in_original(&self, patch: &Patch) -> Patch {
        let mut mapped = Patch::default();
        for edit in patch.edits() {
            if let Some(span) = self.span(&edit.delete) {
                mapped.replace(span, edit.insert.clone());
            }
        }
        mapped
    }

    fn span(&self, span: &Range<usize>) -> Option<Range<usize>> {
        let next = self.pieces.partition_point(|(start, _, _)| *start <= span.start);
        let (start, original, len) = *self.pieces.get(next.checked_sub(1)?)?;
        let shift = |at: usize| original + at - start;
        (span.end <= start + len).then(|| shift(span.start)..shift(span.end))
    }
}

/// The character of which a line is a marker.
fn is_marker(line: &[u8], len: usize) -> Option<u8> {
    let first = *line.first().filter(|byte| b"<|=>".contains(byte))?;
    let count = line.iter().take_while(|&&byte| byte == first).count();
    let rest = &line[count..];
    let ends = rest.is_empty() || rest[0] == b'\n' || rest.starts_with(b"\r\n");
    (count == len && (ends || (first != b'=' && rest[0] == b' '))).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_view_holds_ours_and_edits_find_their_way_back() {
        let marked = b"a\n<<<<<<< ours\nb 1\n||||||| base\nx\n=======\nc\n>>>>>>> theirs\nd 2\n";
        let view = View::of(marked, 7);
        assert_eq!(view.text, b"a\nb 1\nd 2\n");
        assert_eq!(view.conflicts, 1);
        let mut patch = Patch::default();
        patch.replace(4..5, "9");
        patch.replace(8..9, "8");
        let mapped = view.in_original(&patch).apply(marked);
        let expected = String::from_utf8_lossy(marked).replace("b 1", "b 9").replace("d 2", "d 8");
        assert_eq!(String::from_utf8_lossy(&mapped), expected);
    }

    #[test]
    fn a_heading_of_equals_signs_is_no_conflict() {
        let view = View::of(b"Title\n=======\n\n<<<<<<<< x\ntext\n", 7);
        assert_eq!((view.conflicts, view.pieces.len()), (0, 1));
    }
}
