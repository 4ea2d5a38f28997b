//! What stands between brackets or parentheses, or after a trailer's key.

use super::super::native::id_token;
use super::ids::{Ids, List, Shape, after_word, is_foreign, task_word};
use super::{Hint, Says, Source};
use crate::task::{FeatureId, MAX_ID_LEN};

/// The tasks of a group, and what it says besides.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Group<'a> {
    pub(super) feature: Option<&'a str>,
    pub(super) list: List<'a>,
    pub(super) says: Says,
}

impl Group<'_> {
    pub(super) fn hint(&self) -> Option<Hint> {
        self.feature.map(|word| Hint::new(word, Source::Tag))
    }
}

/// Reads a group; `None` unless all of it is one. A plain number needs the
/// word `Task`, unless that goes without saying (`is_task`).
pub(super) fn parse<'a>(content: &'a str, is_task: bool, ids: Ids<'_>) -> Option<Group<'a>> {
    let content = content.trim();
    let least = |shape| if is_task { Shape::Number } else { shape };
    let (feature, list) = match tasks(content, least(Shape::Code), ids) {
        Some(list) => (None, list),
        None => {
            let (feature, rest) = feature(content, ids)?;
            (Some(feature), tasks(rest, least(Shape::Letter), ids)?)
        }
    };
    let says = last_words(list.rest, ids)?;
    Some(Group { feature, list, says })
}

/// Reads a list; after the word `Task` it may hold anything.
fn tasks<'a>(text: &'a str, least: Shape, ids: Ids<'_>) -> Option<List<'a>> {
    match task_word(text) {
        Some(text) => ids.list(text),
        None => ids.list(text).filter(|list| list.shape >= least),
    }
}

/// Reads a feature and the joint behind it: `PRD-07 `, `004-events/`,
/// `Spec 088 `. A slug without a digit needs `/` or the word `Task` behind it.
pub(super) fn feature<'a>(text: &'a str, ids: Ids<'_>) -> Option<(&'a str, &'a str)> {
    let spec = after_word(text, &["spec", "feature"]).filter(|rest| starts_with_number(rest));
    let text = spec.unwrap_or(text);
    let number = after_word(text, &["prd"]).filter(|rest| starts_with_number(rest)).unwrap_or(text);
    let len = text.len() - number.len() + id_len(number);
    let (name, rest) = text.split_at(len);
    let inner = rest.trim_start_matches([' ', '/', ':']);
    let is_apart = inner.len() < rest.len();
    let is_told = name.contains('-') && (rest.starts_with('/') || task_word(inner).is_some());
    let is_name = len <= MAX_ID_LEN
        && (is_told || name.contains(|c: char| c.is_ascii_digit()))
        && FeatureId::parse(name).is_some()
        && !is_code(name, ids);
    (is_apart && is_name).then_some((name, inner))
}

fn starts_with_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

fn id_len(text: &str) -> usize {
    text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .unwrap_or(text.len())
}

/// Whether a word is an id of something else than a feature: `T013`, `FR-001`.
fn is_code(name: &str, ids: Ids<'_>) -> bool {
    let is_prd = name.get(..3).is_some_and(|head| head.eq_ignore_ascii_case("prd"));
    let is_list = ids.list(name).is_some_and(|list| list.shape > Shape::Number);
    is_list || is_foreign(name) && !is_prd
}

/// Reads what follows the ids: nothing, a word about the state, or other
/// references.
fn last_words(rest: &str, ids: Ids<'_>) -> Option<Says> {
    let rest = rest.trim();
    let is_reference = |word: &str| {
        let (token, _) = id_token(word);
        word.starts_with('#') || is_foreign(token) || ids.shape(word) == Some(Shape::Code)
    };
    let mut words = rest.split([' ', ',']).filter(|word| !word.is_empty());
    let is_nothing = rest.is_empty() || rest.starts_with(',') && words.all(is_reference);
    let part = rest.trim_start_matches(['-', '–', '—', ',', ' ']);
    let is_part = after_word(part, &["part"]).is_some_and(starts_with_number);
    match state(part) {
        None if is_nothing => Some(Says::Nothing),
        None => is_part.then_some(Says::Wip),
        says => says,
    }
}

/// What a word says about the state of the tasks before it.
pub(super) fn state(word: &str) -> Option<Says> {
    const WIP: &[&str] = &[
        "draft",
        "in progress",
        "in-progress",
        "part",
        "partial",
        "partially",
        "prep",
        "started",
        "wip",
    ];
    const COMPLETE: &[&str] = &["complete", "completed", "done", "final", "finished"];
    let is = |words: &[&str]| words.iter().any(|one| one.eq_ignore_ascii_case(word));
    if is(WIP) { Some(Says::Wip) } else { is(COMPLETE).then_some(Says::Complete) }
}
