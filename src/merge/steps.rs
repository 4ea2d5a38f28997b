//! Lines that name what comes next: written alike, so that they never
//! conflict, and worked out again on the merged boxes.

use super::{Side, Three, three};
use crate::doc::Document;
use crate::patch::Patch;
use crate::plan::priorities;

/// Gives each of these lines the same text in all documents, where all have as
/// many of them: that of the side that changed it, or where both did, one of
/// the two, whichever side is ours.
pub(super) fn write(documents: &Three<Document>, patches: &mut Three<Patch>) {
    let lines = documents.map(priorities);
    if lines.base.len() != lines.ours.len() || lines.theirs.len() != lines.ours.len() {
        return;
    }
    for at in 0..lines.ours.len() {
        let spans = lines.map(|lines| lines[at].clone());
        let texts = documents.zip(&spans, |document, span| document.slice(span));
        let greater = if texts.ours > texts.theirs { Side::Ours } else { Side::Theirs };
        let text = *texts.get(three::decide(&texts).unwrap_or(greater));
        for ((span, own), patch) in
            spans.each().into_iter().zip(texts.each()).zip(patches.each_mut())
        {
            if *own != text {
                patch.replace(span.clone(), text);
            }
        }
    }
}
