//! Ids and words as a person would find them, for the corrected tag in a
//! hint.

use super::native::{self, glued_word, id_token, is_foreign};
use super::{MAX_TAGS, Selector, Word};
use crate::task::{MAX_ID_LEN, TaskId};

/// Ids and a word as a person would find them in a list that is not quite
/// right.
#[derive(Default)]
pub(super) struct Loose {
    pub(super) tasks: Vec<Selector>,
    pub(super) word: Word,
    /// Nothing but ids and a known word was there.
    pub(super) is_whole: bool,
    pub(super) is_too_long: bool,
}

impl Loose {
    pub(super) fn read(text: &str) -> Self {
        let mut loose = Self::default();
        let mut rest = text;
        let mut is_after_to = false;
        while loose.tasks.len() <= MAX_TAGS {
            let (joint, next) = take(rest, |c| is_joint(c) || "+&()".contains(c));
            let (token, after) = id_token(next);
            if token.bytes().any(|b| b.is_ascii_digit()) && !is_foreign(token) {
                loose.take(is_after_to || is_dash(joint), token);
                (rest, is_after_to) = (after, false);
            } else if let Some((filler, after)) = split_filler(next)
                && !loose.tasks.is_empty()
            {
                (rest, is_after_to) = (after, filler.eq_ignore_ascii_case("to"));
            } else {
                loose.end(next);
                break;
            }
        }
        loose
    }

    fn take(&mut self, is_up_to: bool, token: &str) {
        let token = token.trim_matches('.');
        let (token, word) = glued_word(token).map_or((token, Word::None), |(id, word)| (id, word));
        self.word = if word == Word::None { self.word } else { word };
        if let Some((from, to)) = native::split_range(token) {
            self.tasks.push(native::range(from, to));
        } else if let Some(id) = TaskId::parse(token) {
            match self.tasks.last() {
                Some(Selector::One(from)) if is_up_to => {
                    let range = native::range(from.clone(), id);
                    self.tasks.pop();
                    self.tasks.push(range);
                }
                _ => self.tasks.push(Selector::One(id)),
            }
        } else if let Some((from, to)) = token.split_once("..") {
            let bare = |id| TaskId::parse(glued_word(id).map_or(id, |(id, _)| id));
            let ends = bare(from).zip(bare(to.trim_matches('.')));
            self.tasks.extend(ends.map(|(from, to)| native::range(from, to)));
        } else {
            self.is_too_long |= token.len() > MAX_ID_LEN || is_huge(token);
        }
    }

    fn end(&mut self, rest: &str) {
        let (letters, after) = take(rest, |c| c.is_ascii_alphabetic());
        let meant = meant_word(letters);
        self.word = meant.unwrap_or(self.word);
        self.is_whole =
            rest.is_empty() || Word::parse(letters).is_some() && after.trim().is_empty();
    }
}

/// Whether a joint between two ids means "up to".
fn is_dash(joint: &str) -> bool {
    matches!(joint.trim(), "-" | "–" | "—" | "‐" | "‑" | "−" | "…" | "--")
}

/// Whether a group of digits is larger than any task's number.
fn is_huge(token: &str) -> bool {
    token.split(|c: char| !c.is_ascii_digit()).any(|d| !d.is_empty() && d.parse::<u32>().is_err())
}

/// Splits off a word that may stand between two ids.
fn split_filler(text: &str) -> Option<(&str, &str)> {
    let (letters, rest) = take(text, |c| c.is_ascii_alphabetic());
    let is_filler = ["and", "task", "tasks", "to"].iter().any(|f| letters.eq_ignore_ascii_case(f));
    is_filler.then_some((letters, rest))
}

/// The word that a person meant.
fn meant_word(letters: &str) -> Option<Word> {
    let letters = letters.get(..letters.len().min(12))?.to_ascii_lowercase();
    match letters.as_str() {
        "finished" | "finish" | "finishes" | "complete" | "completed" | "completes" | "closed"
        | "close" | "closes" | "resolved" | "ready" => Some(Word::Done),
        "in" | "inprogress" | "progress" | "partial" | "partially" | "partly" | "started"
        | "ongoing" => Some(Word::Wip),
        "open" | "opened" | "reopened" | "reopens" | "undo" | "undone" | "todo" => {
            Some(Word::Reopen)
        }
        "" => None,
        _ => Word::NAMES
            .iter()
            .find(|(name, _)| letters.len() > 2 && strsim::osa_distance(&letters, name) <= 1)
            .map(|(_, word)| *word),
    }
}

/// What people put between the parts of a tag.
pub(super) fn is_joint(c: char) -> bool {
    c.is_whitespace() || "-_:,;./#|–—‐‑−".contains(c)
}

pub(super) fn take(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !belongs(c)).unwrap_or(text.len()))
}
