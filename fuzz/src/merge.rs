//! The laws of a merge.

use std::collections::BTreeSet;

use git2::{MergeFileInput, MergeFileOptions, merge_file};
use spec_log::doc::Document;
use spec_log::doc::dialect::Dialect;
use spec_log::merge::{History, Joined, Known, Merged, Sides, Three};
use spec_log::plan::Said;

use super::choices::Choices;
use super::edit::same;
use super::history::{PATH, Recorded, dialect, history, read};

/// What stands between the texts of an input.
pub const SEPARATOR: &[u8] = b"\n=====8<=====\n";

/// Merges three texts: those that the input holds, with commits that were
/// recorded on either side.
pub fn run(input: &[u8]) {
    let (mut choices, text) = Choices::split(input);
    // git takes it for binary, and nothing is merged.
    if text.contains(&0) {
        return;
    }
    let dialect = dialect(&mut choices);
    let [base, ours, theirs] = texts(text);
    let said = history(&read(base, dialect), &mut choices);
    let sides = [ours, theirs].map(|side| {
        let part: Vec<usize> = (0..said.len()).filter(|_| choices.below(2) == 0).collect();
        let mut recorded = Recorded::new(side);
        recorded.record(dialect, &said, &part);
        recorded.text
    });
    let known = known(&said);
    let [ours, theirs] = sides.each_ref().map(Vec::as_slice);

    let merged = merge(dialect, &known, [base, ours, theirs]);
    let turned = merge(dialect, &known, [base, theirs, ours]);
    assert_eq!(merged.conflicts, turned.conflicts, "a conflict from one side only");
    if !merged.conflicts {
        same(&merged.text, &turned.text, "merged from one side, from the other");
    }
    no_entry_is_lost(dialect, [base, ours, theirs], &merged.text);
    let nothing_new = merge(dialect, &known, [base, ours, base]);
    same(&nothing_new.text, ours, "merged with what did nothing");
}

/// Base, ours and theirs; a side that the input lacks is the base.
fn texts(text: &[u8]) -> [&[u8]; 3] {
    let (base, rest) = cut(text).unwrap_or((text, text));
    let (ours, theirs) = cut(rest).unwrap_or((rest, base));
    [base, ours, theirs]
}

/// What stands before the first separator, and behind it.
pub fn cut(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = text.windows(SEPARATOR.len()).position(|part| part == SEPARATOR)?;
    Some((&text[..at], &text[at + SEPARATOR.len()..]))
}

/// What history knows, by every way in which a hash may be written.
fn known(said: &[Said]) -> History {
    let by_hash = |said: &Said| {
        let full = said.commit.oid.to_string();
        let known = Known { said: Said { new: false, ..said.clone() }, contained: false };
        (7..=full.len()).map(|len| (full[..len].to_owned(), known.clone())).collect::<Vec<_>>()
    };
    said.iter().flat_map(by_hash).collect()
}

fn merge(dialect: &'static Dialect, history: &History, texts: [&[u8]; 3]) -> Merged {
    let [base, ours, theirs] = texts.map(<[u8]>::to_vec);
    let sides = Sides::read(PATH, dialect, Three { base, ours, theirs });
    sides.merge(history, join).expect("libgit2 merges texts")
}

/// libgit2's three-way merge, which takes no process.
fn join(texts: Three<Vec<u8>>) -> Result<Joined, git2::Error> {
    // libgit2 is not ready before anything else of it was used.
    let _ready = git2::Buf::new();
    let [base, ours, theirs] = texts.each().map(|text| {
        let mut input = MergeFileInput::new();
        input.content(text);
        input
    });
    let mut options = MergeFileOptions::new();
    options.ancestor_label("base").our_label("ours").their_label("theirs");
    let joined = merge_file(&base, &ours, &theirs, Some(&mut options))?;
    let conflicts = usize::from(!joined.is_automergeable());
    Ok(Joined { text: joined.content().to_vec(), conflicts, marker: 7 })
}

/// A commit that one side lists anew is listed in the end, or stands between
/// the markers of a conflict.
fn no_entry_is_lost(dialect: &'static Dialect, [base, ours, theirs]: [&[u8]; 3], merged: &[u8]) {
    let base = hashes(&read(base, dialect));
    let merged = String::from_utf8_lossy(merged);
    for side in [ours, theirs] {
        for hash in hashes(&read(side, dialect)).difference(&base) {
            assert!(merged.contains(hash.as_str()), "lost {hash}");
        }
    }
}

fn hashes(document: &Document) -> BTreeSet<String> {
    let entries = document.entries().map_or(&[][..], |entries| &entries.list);
    let real = entries.iter().filter(|entry| !entry.placeholder);
    real.map(|entry| document.slice(&entry.hash).to_owned()).collect()
}
