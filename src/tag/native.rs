//! The grammar of one tag: what stands between the brackets.

use super::{Selector, Word};
use crate::task::{FeatureId, HANDLE, TaskId};

/// What a tag says, without its place in a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Body {
    pub(super) feature: FeatureId,
    pub(super) tasks: Vec<Selector>,
    pub(super) word: Word,
}

/// Reads the text between two brackets; `None` unless it is a tag to the
/// letter.
pub(super) fn parse(content: &str) -> Option<Body> {
    let (feature, rest) = feature(content.trim())?;
    if rest.is_empty() {
        let is_prd = matches!(feature, FeatureId::Prd(_));
        return is_prd.then_some(Body { feature, tasks: Vec::new(), word: Word::None });
    }
    let rest = task_word(after_space(rest)?)?;
    let (tasks, rest) = list(rest)?;
    let word = word(rest)?;
    Some(Body { feature, tasks, word })
}

/// Reads the feature at the start: `PRD-07`, `prd 07`, or a slug.
fn feature(text: &str) -> Option<(FeatureId, &str)> {
    if let Some(rest) = strip_word_start(text, "prd") {
        let number = match rest.strip_prefix(['-', '_']) {
            Some(number) => number,
            None => after_space(rest)?,
        };
        let len = number.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = number.split_at(len);
        let is_number = len > 0 && len <= crate::task::MAX_ID_LEN && ends_word(rest);
        if let (true, Ok(number)) = (is_number, digits.parse()) {
            return Some((FeatureId::Prd(number), rest));
        }
    }
    let len = text.find(char::is_whitespace)?;
    let (slug, rest) = text.split_at(len);
    match FeatureId::parse(slug)? {
        feature @ FeatureId::Slug(_) if !is_unfinished(slug) => Some((feature, rest)),
        // A bare number before `Task` is prose: `[2 Tasks 1.2 …]`.
        _ => None,
    }
}

/// Whether a would-be slug is a numbered plan whose number is missing, too
/// large, or still the template's.
fn is_unfinished(slug: &str) -> bool {
    strip_word_start(slug, "prd").is_some_and(|rest| {
        let number = rest.trim_start_matches(['-', '_']);
        number.bytes().all(|b| b.is_ascii_digit()) || is_placeholder_number(number)
    })
}

/// Whether a number is only held open: `XX`, `NN`, `N`.
pub(super) fn is_placeholder_number(text: &str) -> bool {
    !text.is_empty() && ['x', 'n'].iter().any(|c| text.chars().all(|d| d.eq_ignore_ascii_case(c)))
}

/// Takes `Task` or `Tasks` and the white space behind it.
fn task_word(text: &str) -> Option<&str> {
    let rest = strip_word_start(text, "task")?;
    let rest = rest.strip_prefix(['s', 'S']).unwrap_or(rest);
    after_space(rest)
}

/// Reads one or more ids and ranges, joined by `,`, `+`, `&` or `and`.
fn list(text: &str) -> Option<(Vec<Selector>, &str)> {
    let (first, mut rest) = selector(text)?;
    let mut tasks = vec![first];
    while let Some(next) = after_joint(rest) {
        let (selector, after) = selector(next)?;
        tasks.push(selector);
        rest = after;
    }
    Some((tasks, rest))
}

/// What follows a joint; `None` where no joint stands. The word `Task` may be
/// said again: `Task 1.2 and Task 1.3`.
fn after_joint(text: &str) -> Option<&str> {
    let inner = text.trim_start();
    let after_and = |text: &'_ str| strip_word_start(text, "and").map(str::len);
    let rest = match inner.strip_prefix([',', '+', '&']) {
        Some(rest) => {
            let rest = rest.trim_start();
            after_and(rest).map_or(rest, |len| rest[rest.len() - len..].trim_start())
        }
        None => {
            let len = after_and(inner)?;
            after_space(&inner[inner.len() - len..])?
        }
    };
    Some(task_word(rest).unwrap_or(rest))
}

/// Reads an id or a range of ids.
fn selector(text: &str) -> Option<(Selector, &str)> {
    let (token, rest) = id_token(text);
    if token.starts_with(HANDLE) {
        return TaskId::parse(token).map(|handle| (Selector::One(handle), rest));
    }
    if is_foreign(token) || glued_word(token).is_some() {
        return None;
    }
    if let Some((from, to)) = split_range(token) {
        return Some((range(from, to), rest));
    }
    let from = TaskId::parse(token)?;
    let Some(after_dash) = rest.trim_start().strip_prefix(['-', '–']) else {
        return Some((Selector::One(from), rest));
    };
    let (token, rest) = id_token(after_dash.trim_start());
    let to = TaskId::parse(token).filter(|_| !is_foreign(token) && glued_word(token).is_none())?;
    Some((range(from, to), rest))
}

/// A range whose ends stand in order, however they were written.
pub(super) fn range(from: TaskId, to: TaskId) -> Selector {
    if from <= to { Selector::Range(from, to) } else { Selector::Range(to, from) }
}

/// Splits off the characters that an id, a tight range or a handle is made of.
pub(super) fn id_token(text: &str) -> (&str, &str) {
    if let Some(words) = text.strip_prefix(HANDLE) {
        let len = words.find(|c: char| c != '-' && !c.is_alphanumeric()).unwrap_or(words.len());
        return text.split_at(HANDLE.len_utf8() + len);
    }
    let bytes = text.as_bytes();
    let belongs = |at: &usize| match bytes[*at] {
        b'-' => *at > 0 && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric),
        byte => byte.is_ascii_alphanumeric() || byte == b'.',
    };
    text.split_at((0..bytes.len()).take_while(belongs).count())
}

/// Whether a token is another feature's id, which is never a task.
pub(super) fn is_foreign(token: &str) -> bool {
    token.get(..3).is_some_and(|head| head.eq_ignore_ascii_case("prd"))
}

/// Splits `1.4-1.6` into its ends, and leaves `WP-01` and `US1-T3` whole.
pub(super) fn split_range(token: &str) -> Option<(TaskId, TaskId)> {
    if token.len() > 2 * crate::task::MAX_ID_LEN + 1 || token.starts_with(HANDLE) {
        return None;
    }
    token.match_indices('-').find_map(|(at, _)| {
        let (from, to) = (TaskId::parse(&token[..at])?, TaskId::parse(&token[at + 1..])?);
        are_alike(from.as_str(), to.as_str()).then_some((from, to))
    })
}

/// Whether a hyphen between two ids means a range: both plain numbers
/// (`1.4`, `2.1`), or the same number of letters in front (`T001`, `T003`).
pub(super) fn are_alike(from: &str, to: &str) -> bool {
    let letters = |id: &str| id.bytes().take_while(u8::is_ascii_alphabetic).count();
    let hyphens = |id: &str| id.matches('-').count();
    letters(from) == letters(to)
        && hyphens(from) == hyphens(to)
        && (letters(from) > 0 || hyphens(from) == 0)
}

/// Splits `1.2wip`, which is an id by its letters but surely not meant as one.
pub(super) fn glued_word(token: &str) -> Option<(&str, Word)> {
    Word::NAMES.iter().find_map(|(name, word)| {
        let head = token.get(..token.len().checked_sub(name.len())?)?;
        let is_glued = head.ends_with(|c: char| c.is_ascii_digit())
            && token[head.len()..].eq_ignore_ascii_case(name);
        is_glued.then_some((head, *word))
    })
}

/// Reads what follows the ids: nothing, or one of the words.
fn word(text: &str) -> Option<Word> {
    let text = text.trim();
    if text.is_empty() { Some(Word::None) } else { Word::parse(text) }
}

/// What follows `word` at the start of `text`, in any case.
pub(super) fn strip_word_start<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let head = text.get(..word.len())?;
    head.eq_ignore_ascii_case(word).then(|| &text[word.len()..])
}

fn after_space(text: &str) -> Option<&str> {
    let rest = text.trim_start();
    (rest.len() < text.len()).then_some(rest)
}

fn ends_word(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hyphen_makes_a_range_only_between_ids_of_one_kind() {
        for token in ["1.4-1.6", "1-3", "1.2-1.4.1", "T001-T003", "A1-B2", "WP-01-WP-03"] {
            assert!(split_range(token).is_some(), "{token}");
        }
        // As long as two ids may be, and no longer.
        let [longest, longer] = [62, 64].map(|len| format!("{}1", "1.".repeat(len / 2)));
        assert!(split_range(&format!("{longest}1-{longest}2")).is_some());
        assert!(split_range(&format!("{longest}-{longer}")).is_none());
        for token in ["WP-01", "US1-T3", "T1-3", "2024-05-01", "1", "1.4-"] {
            assert!(split_range(token).is_none(), "{token}");
        }
    }

    #[test]
    fn ends_of_a_range_are_put_in_order() {
        assert_eq!(parse("PRD-1 Tasks 1.10-1.9"), parse("PRD-1 Tasks 1.9 - 1.10"));
    }
}
