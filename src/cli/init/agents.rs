//! Our block in `AGENTS.md`, for whoever asks for it: bytes in, bytes out.
//!
//! The block goes at the end of the file and every other byte stays as it is,
//! so that taking the block out gives back the file that was there.

use std::path::Path;

use super::marked::{self, Damaged};
use super::plan::{Action, Change, Step};
use crate::store::Store;

const FILE: &str = "AGENTS.md";
const OPEN: &str = "<!-- >>> spec-log";
const CLOSE: &str = "<!-- <<< spec-log <<< -->";

/// What agents are told.
pub(super) const BLOCK: &str = concat!(
    "<!-- >>> spec-log >>> taken out by: git spec-log init --uninstall -->\n",
    "Commits keep the task documents here true, by hooks (`git spec-log`):\n",
    "- Begin with `git spec-log recover`; it says what to do next, where, and what is unfinished.\n",
    "- End the subject of a commit with its task: `[PRD-07 Task 1.2]` finishes it, `[PRD-07 Task 1.2 wip]` does not.\n",
    "- If a message is refused, commit again with the first line of the hint; tick no boxes by hand.\n",
    "<!-- <<< spec-log <<< -->\n",
);

/// Puts the block in, or in the place of the one that is there.
pub(super) fn set(top: &Path) -> Step {
    let old = match Store::new(top).read(FILE) {
        Ok(old) => old,
        Err(error) => return left(top, error.to_string(), &format!("add to it:\n{BLOCK}")),
    };
    let text = old.as_deref();
    match text.map_or(Ok(BLOCK.as_bytes().to_vec()), install) {
        Ok(new) if text == Some(&new) => step(top, Action::Keep, None),
        Ok(new) => {
            let has_block = text.is_some_and(|text| find(text).is_ok_and(|block| block.is_some()));
            let action = if has_block { Action::Update } else { Action::Install };
            step(top, action, Some(change(top, old, new)))
        }
        Err(Damaged) => damaged(top),
    }
}

/// Takes it out. A file that holds nothing else goes, unless it was there
/// before, empty.
pub(super) fn unset(top: &Path) -> Step {
    // A link or a device was never ours.
    let Ok(Some(old)) = Store::new(top).read(FILE) else { return step(top, Action::Absent, None) };
    match remove(&old) {
        Ok(None) => step(top, Action::Absent, None),
        Ok(Some(new)) if new.is_empty() && old.ends_with(b"\n") => {
            step(top, Action::Remove, Some(Change::Delete { path: top.join(FILE) }))
        }
        Ok(Some(new)) => step(top, Action::Remove, Some(change(top, Some(old), new))),
        Err(Damaged) => damaged(top),
    }
}

fn change(top: &Path, old: Option<Vec<u8>>, new: Vec<u8>) -> Change {
    Change::Page { top: top.to_owned(), name: FILE, old, new }
}

fn step(top: &Path, action: Action, change: Option<Change>) -> Step {
    let place = top.join(FILE).display().to_string();
    Step { hook: "agents", action, place, reason: None, hint: None, change }
}

fn damaged(top: &Path) -> Step {
    let reason = "a block of spec-log in it is damaged".to_owned();
    left(top, reason, &format!("remove the lines from `{OPEN}` to `{CLOSE}`, then init again"))
}

/// What is left to a person.
fn left(top: &Path, reason: String, hint: &str) -> Step {
    let hint = Some(hint.to_owned());
    Step { reason: Some(reason), hint, ..step(top, Action::Paste, None) }
}

fn install(text: &[u8]) -> Result<Vec<u8>, Damaged> {
    if let Some(span) = marked::find(text, OPEN, CLOSE)? {
        let (block, bare) = block(line_ending(&text[span.clone()]));
        let has_end = text[span.clone()].ends_with(b"\n");
        let block = if has_end { block } else { bare };
        return Ok([&text[..span.start], block.as_bytes(), &text[span.end..]].concat());
    }
    let end = line_ending(text);
    let (block, bare) = block(end);
    Ok(match text.last() {
        Some(b'\n') => [text, block.as_bytes()].concat(),
        // The last line has no end: ours lends it one and goes without its own.
        Some(_) => [text, end.as_bytes(), bare.as_bytes()].concat(),
        None => bare.into_bytes(),
    })
}

/// The block with such line endings, with its last one and without.
fn block(end: &str) -> (String, String) {
    let whole = BLOCK.replace('\n', end);
    let bare = whole.trim_end().to_owned();
    (whole, bare)
}

/// The line ending of the first line.
fn line_ending(text: &[u8]) -> &'static str {
    let first = text.split_inclusive(|&byte| byte == b'\n').next();
    if first.is_some_and(|line| line.ends_with(b"\r\n")) { "\r\n" } else { "\n" }
}

/// The text without the block; `None` where there is none.
fn remove(text: &[u8]) -> Result<Option<Vec<u8>>, Damaged> {
    Ok(find(text)?.map(|span| [&text[..span.start], &text[span.end..]].concat()))
}

/// Where the block stands, with the line ending that [`install`] lent.
fn find(text: &[u8]) -> Result<Option<std::ops::Range<usize>>, Damaged> {
    let span = marked::find(text, OPEN, CLOSE)?;
    Ok(span.map(|span| {
        let is_last = span.end == text.len() && text.last() != Some(&b'\n');
        let lent = if is_last { line_ending(&text[span.clone()]).len().min(span.start) } else { 0 };
        span.start - lent..span.end
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_goes_to_the_end_and_out_again_to_the_byte() {
        for text in [
            "# Agents\n\nBe kind.\n",
            "no end",
            "",
            "\n",
            "a\r\nb\r\n",
            "a\r\nb",
            "a\r",
            "\u{feff}x\n\n",
        ] {
            let with = install(text.as_bytes()).expect("sound");
            assert!(with.starts_with(text.as_bytes()), "{text:?}");
            assert_eq!(install(&with), Ok(with.clone()), "{text:?}");
            assert_eq!(remove(&with), Ok(Some(text.as_bytes().to_vec())), "{text:?}");
            let more = [&with, &b"\nmore\n"[..]].concat();
            let kept = remove(&more).expect("sound").expect("a block");
            assert!(kept.starts_with(text.as_bytes()) && kept.ends_with(b"more\n"), "{text:?}");
        }
        assert_eq!(remove(b"# Agents\n"), Ok(None));
        assert_eq!(install(b"<!-- >>> spec-log >>>\nx\n"), Err(Damaged));
    }

    #[test]
    fn an_older_block_is_replaced_where_it_stands() {
        let older = format!("a\n{OPEN} v0 -->\nold\n{CLOSE}\nb\n");
        assert_eq!(install(older.as_bytes()), Ok(format!("a\n{BLOCK}b\n").into_bytes()));
        assert_eq!(BLOCK.lines().count(), 6);
    }
}
