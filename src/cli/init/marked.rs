//! A block of ours between two marks in a file that is someone else's.

use std::ops::Range;

/// A block begins and does not end, or stands there twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Damaged;

/// Where the block stands, its lines whole: from the one that begins with
/// `open` to the one that is `close`.
pub(super) fn find(text: &[u8], open: &str, close: &str) -> Result<Option<Range<usize>>, Damaged> {
    let mut opened = Vec::new();
    let mut closed = Vec::new();
    for (start, line) in lines(text) {
        let bare = line.trim_ascii_end();
        if bare.starts_with(open.as_bytes()) {
            opened.push(start);
        } else if bare == close.as_bytes() {
            closed.push(start + line.len());
        }
    }
    match (opened.as_slice(), closed.as_slice()) {
        ([], []) => Ok(None),
        (&[start], &[end]) if start < end => Ok(Some(start..end)),
        _ => Err(Damaged),
    }
}

/// Every line with its end, and where it starts.
pub(super) fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    text.split_inclusive(|&byte| byte == b'\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    })
}
