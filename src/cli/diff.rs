//! A change of a document as a unified diff.

use similar::{ChangeTag, TextDiff};

use crate::report::{Ink, Line, Ui};

/// Lines of context around a change.
const CONTEXT: usize = 2;

/// Writes the change between two texts, with the headers that git writes.
pub(super) fn show(path: &str, before: &[u8], after: &[u8], ui: &mut Ui) {
    let (before, after) = (String::from_utf8_lossy(before), String::from_utf8_lossy(after));
    let diff = TextDiff::from_lines(before.as_ref(), after.as_ref());
    ui.line(Line::new(Ink::Name, &format!("--- a/{path}")));
    ui.line(Line::new(Ink::Name, &format!("+++ b/{path}")));
    for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
        ui.line(Line::new(Ink::Hash, hunk.header().to_string().trim_end()));
        for change in hunk.iter_changes() {
            let (ink, sign) = match change.tag() {
                ChangeTag::Equal => (Ink::Plain, ' '),
                ChangeTag::Insert => (Ink::Good, '+'),
                ChangeTag::Delete => (Ink::Bad, '-'),
            };
            ui.line(Line::new(
                ink,
                &format!("{sign}{}", change.value().trim_end_matches(['\r', '\n'])),
            ));
        }
    }
}
