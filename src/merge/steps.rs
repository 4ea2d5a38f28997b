//! Lines that name what comes next: written alike, so that they never
//! conflict, and worked out again on the merged boxes.

use super::Three;
use crate::doc::Document;
use crate::patch::Patch;
use crate::plan::priorities;

/// Gives each of these lines our side's text in all documents, where all have
/// as many of them.
pub(super) fn write(documents: &Three<Document>, patches: &mut Three<Patch>) {
    let lines = documents.map(priorities);
    if lines.base.len() != lines.ours.len() || lines.theirs.len() != lines.ours.len() {
        return;
    }
    let texts = |line| documents.ours.slice(line);
    let ours: Vec<&str> = lines.ours.iter().map(texts).collect();
    let sides = documents.each().into_iter().zip(lines.each());
    for ((document, own), patch) in sides.zip(patches.each_mut()) {
        for (line, text) in own.iter().zip(&ours) {
            if document.slice(line) != *text {
                patch.replace(line.clone(), *text);
            }
        }
    }
}
