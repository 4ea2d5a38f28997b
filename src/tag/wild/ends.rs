//! The two ends of a description: where people put the task that it is about.

use super::super::native;
use super::group::{self, Group, state};
use super::ids::{self, Ids, List, Shape, after_word, task_word};
use super::{Form, Says};

/// The most words that a list at the end of a line is looked for in.
const MAX_TAIL: usize = 16;

/// What names tasks at the start of a description.
pub(super) struct Front<'a> {
    pub(super) form: Form,
    /// The description from its first word on.
    pub(super) from: &'a str,
    /// What follows.
    pub(super) rest: &'a str,
    pub(super) group: Group<'a>,
}

/// Reads `Task 1.2: …`, `Task Complete: Task 3 Complete: …`, `T013: …`.
pub(super) fn front<'a>(description: &'a str, has_header: bool, ids: Ids<'_>) -> Option<Front<'a>> {
    let announced = native::strip_word_start(description, "task complete: ");
    let from = announced.map_or(description, str::trim_start);
    let numbered = announced.and_then(|_| numbered(from, ids));
    let verb = after_word(from, &["complete", "completed", "completes", "finish", "finished"]);
    let text = verb.or_else(|| after_word(from, &["implement", "implemented", "implements"]));
    let text = text.unwrap_or(from);
    let (feature, text) = match group::feature(text, ids) {
        Some((feature, rest)) => (Some(feature), rest),
        None => (None, text),
    };
    let (form, list) = match (numbered, task_word(text)) {
        (Some(list), _) => {
            let group = Group { feature: None, list, says: Says::Complete };
            return Some(Front { form: Form::Title, from, rest: group.list.rest, group });
        }
        (None, Some(text)) => (Form::Title, ids.list(text)?),
        (None, None) if feature.is_some() && text.starts_with('(') => {
            return in_parentheses(from, feature, text, ids);
        }
        (None, None) => (Form::Lead, ids.list(text).filter(|list| list.shape == Shape::Code)?),
    };
    let (says, rest) = closing(list.rest);
    let is_free = form == Form::Lead && is_description(rest, has_header || feature.is_some());
    if !(ends_front(rest) || is_free) {
        return None;
    }
    let is_complete = says == Says::Complete || verb.is_some();
    let says = if is_complete { Says::Complete } else { says };
    Some(Front { form, from, rest, group: Group { feature, list, says } })
}

/// Reads `013 (T030): …`, the feature taken off.
fn in_parentheses<'a>(
    from: &'a str,
    feature: Option<&'a str>,
    text: &'a str,
    ids: Ids<'_>,
) -> Option<Front<'a>> {
    let (content, rest) = text[1..].split_once(')')?;
    let group = group::parse(content, false, ids).filter(|_| rest.starts_with(':'))?;
    Some(Front { form: Form::Lead, from, rest, group: Group { feature, ..group } })
}

/// Reads the number of `Task Complete: 7. Integrate` and `… 5.1.3 Implement`;
/// `054b …` is another feature.
fn numbered<'a>(text: &'a str, ids: Ids<'_>) -> Option<List<'a>> {
    let (token, rest) = native::id_token(text);
    let id = token.trim_end_matches('.');
    let is_item = token.len() > id.len() || id.contains('.');
    let list = ids.list(id).filter(|list| list.shape == Shape::Number)?;
    (is_item && rest.starts_with(' ')).then_some(List { rest, ..list })
}

/// Takes the word that may close the list, and a remark before it: ` Complete`,
/// ` (Lina) Complete`.
fn closing(text: &str) -> (Says, &str) {
    let inner = text.trim_start();
    let remark = inner.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    let word_at = remark.map_or(inner, |(_, rest)| rest.trim_start());
    let len = word_at.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(word_at.len());
    match state(&word_at[..len]) {
        Some(says) if ends_front(&word_at[len..]) => (says, &word_at[len..]),
        _ => (Says::Nothing, text),
    }
}

/// Whether a front may end here: before a colon, a dash that stands alone, or
/// the end, where a forge may have put its number.
fn ends_front(rest: &str) -> bool {
    let inner = rest.trim_start();
    let is_dash = inner.len() < rest.len()
        && ["- ", "– ", "— ", "-- "].iter().any(|dash| inner.starts_with(dash));
    inner.is_empty() || rest.starts_with(':') || is_dash || inner.starts_with("(#")
}

/// Whether a description follows an id without a mark between: behind a
/// header anything does, else it begins as a sentence.
fn is_description(rest: &str, has_header: bool) -> bool {
    let inner = rest.trim_start();
    inner.len() < rest.len() && (has_header || inner.starts_with(|c: char| c.is_uppercase()))
}

/// Words before an id that make it a mere reference to other work, or to work
/// that is not done.
const REFERS: &[&str] = &[
    "after", "and", "as", "at", "before", "begin", "blocks", "by", "drop", "for", "from", "in",
    "into", "lane", "of", "on", "per", "remove", "revert", "see", "since", "start", "than",
    "through", "to", "unblock", "undo", "until", "via", "with", "without",
];

/// Reads a list at the end of a text, the longest that there is; answers where
/// it begins.
pub(super) fn tail<'a>(text: &'a str, ids: Ids<'_>) -> Option<(usize, Group<'a>)> {
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ';' | '!'));
    let mut found = None;
    let mut at = text.len();
    for _ in 0..MAX_TAIL {
        let head = text[..at].trim_end();
        let Some(space) = head.rfind(char::is_whitespace) else { break };
        at = space + head[space..].chars().next().map_or(0, char::len_utf8);
        if let Some(group) = tail_group(&text[..at], &text[at..], ids) {
            found = Some((at, group));
        }
    }
    found
}

fn tail_group<'a>(before: &str, text: &'a str, ids: Ids<'_>) -> Option<Group<'a>> {
    let before = before.trim_end();
    let named = task_word(text);
    let list = ids.list(named.unwrap_or(text))?;
    let says = match list.rest.trim() {
        "" => Says::Nothing,
        rest => state(rest).filter(|_| named.is_some())?,
    };
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let is_reference = || REFERS.iter().any(|refers| refers.eq_ignore_ascii_case(word));
    let is_id = || ids.shape(word.trim_end_matches(',')).is_some() || ids::is_foreign(word);
    let is_free = match named {
        Some(_) => is_break(before),
        None => {
            let goes_on = before.ends_with(['+', '&', '/']);
            list.shape == Shape::Code && !goes_on && !is_reference() && !is_id()
        }
    };
    is_free.then_some(Group { feature: None, list, says })
}

/// Whether a text ends in a mark that sets apart what follows.
fn is_break(text: &str) -> bool {
    text.ends_with(['-', '–', '—', ',', ';', ':', '|'])
}
