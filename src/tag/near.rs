//! What was surely meant as a tag and is none.
//!
//! Refusing a commit is a harsh thing, so precision comes first: only text
//! that begins with `PRD` and a number (or the template's stand-in for one)
//! and goes on as a tag would is a near miss. All else is prose.

use super::loose::{Loose, is_joint, take};
use super::native::{self, Body, id_token, is_foreign, strip_word_start};
use super::{MAX_TAGS, MissKind, Selector, Word, write_tag};
use crate::task::{FeatureId, HANDLE, MAX_ID_LEN, TaskId};

/// How the text after an opening bracket ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// With `]`.
    Closed,
    /// With the line.
    Line,
    /// With another `[`.
    Opened,
}

/// A near miss: its kind, and the tag to write instead where that is clear.
pub(super) type Diagnosis = (MissKind, Option<String>);

/// More features than this inside one pair of brackets get no suggestion.
const MAX_PARTS: usize = 10;

/// Says what is wrong with the text after an opening bracket, one line of it,
/// which is no tag; `None` if it is prose.
pub(super) fn diagnose(content: &str, end: End) -> Option<Diagnosis> {
    let content = content.trim();
    let (number, rest) = match number(content)? {
        Number::Given(number, rest) => (number, rest),
        Number::HeldOpen(rest) => {
            return task_follows(rest).then_some((MissKind::Placeholder, None));
        }
        Number::Missing(rest) => return missing_number(rest),
        Number::TooLong => return Some((MissKind::TooLong, None)),
    };
    let feature = FeatureId::Prd(number);
    let (joint, inner) = take(rest, |c| is_joint(c) || c == '(');
    let bare = || Some((MissKind::Malformed, suggest(feature.clone(), Vec::new(), Word::None)));
    if inner.is_empty() {
        return bare().filter(|_| end != End::Opened);
    }
    if Word::parse(inner.trim_end_matches(')')).is_some() && end == End::Closed {
        return bare().map(|(_, suggestion)| (MissKind::FeatureWord, suggestion));
    }
    if let Some(ids) = after_task_word(inner) {
        return named(content, feature, ids, end);
    }
    let is_apart = joint.contains([':', ',']) || joint.contains(char::is_whitespace);
    let is_plain = is_apart && !joint.contains(['#', '(']);
    (end == End::Closed && is_plain).then(|| unnamed(feature, inner))?
}

/// The number after `PRD`, and what follows it.
enum Number<'a> {
    Given(u32, &'a str),
    /// `XX`, `<NN>`: the template's.
    HeldOpen(&'a str),
    Missing(&'a str),
    TooLong,
}

fn number(content: &str) -> Option<Number<'_>> {
    let (joint, text) = take(strip_word_start(content, "prd")?, is_joint);
    let (digits, rest) = take(text, |c| c.is_ascii_digit());
    if digits.is_empty() {
        return held_open(joint, text)
            .or_else(|| (!joint.is_empty()).then_some(Number::Missing(text)));
    }
    let goes_on =
        rest.starts_with(|c: char| c.is_alphanumeric()) && after_task_word(rest).is_none();
    // `PRD 1.2` is the second version of a document, or some such.
    let is_version =
        rest.strip_prefix('.').is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit()));
    if goes_on || is_version {
        return None;
    }
    let number = digits.parse().ok().filter(|_| digits.len() <= MAX_ID_LEN);
    Some(number.map_or(Number::TooLong, |number| Number::Given(number, rest)))
}

fn held_open<'a>(joint: &str, text: &'a str) -> Option<Number<'a>> {
    // `##` was taken for a joint, since `PRD #7` is a slip as well.
    let marks = joint.trim_end();
    if marks.ends_with("-#") || marks.ends_with("##") {
        return Some(Number::HeldOpen(text));
    }
    if let Some(rest) = after_angles(text) {
        return Some(Number::HeldOpen(rest));
    }
    let (stand_in, rest) = take(text, |c| c.is_alphanumeric() || matches!(c, '#' | '?'));
    let is_letters = native::is_placeholder_number(stand_in);
    let is_marks = !stand_in.is_empty() && stand_in.chars().all(|c| matches!(c, '#' | '?'));
    // `[PRD ?]` and `[prd-n-queens]` are prose.
    let ends = rest.is_empty() && is_letters && !joint.trim().is_empty()
        || rest.starts_with([':', ','])
        || rest.starts_with(char::is_whitespace);
    ((is_letters || is_marks) && ends && !joint.is_empty()).then_some(Number::HeldOpen(rest))
}

/// What follows `<…>` or `{…}`.
fn after_angles(text: &str) -> Option<&str> {
    let close = match text.chars().next()? {
        '<' => '>',
        '{' => '}',
        _ => return None,
    };
    text.split_once(close).filter(|(inner, _)| inner.len() <= MAX_ID_LEN).map(|(_, rest)| rest)
}

/// Whether nothing follows, or the word `Task` or one of the last words does.
fn task_follows(rest: &str) -> bool {
    let (_, inner) = take(rest, is_joint);
    inner.is_empty() || after_task_word(inner).is_some() || Word::parse(inner).is_some()
}

/// `[PRD Task 1.2]`: surely a tag, but of which feature?
fn missing_number(rest: &str) -> Option<Diagnosis> {
    let ids = strip_word_start(rest, "task")?;
    let ids = ids.strip_prefix(['s', 'S']).unwrap_or(ids);
    let (token, _) = id_token(ids.trim_start());
    TaskId::parse(token).filter(|_| ids.starts_with(char::is_whitespace))?;
    Some((MissKind::Malformed, None))
}

/// The word `Task` was there, or something close to it.
fn named(content: &str, feature: FeatureId, ids: &str, end: End) -> Option<Diagnosis> {
    let (_, ids) = take(ids, |c| is_joint(c) || c == '(');
    if ids.is_empty() {
        let suggestion = suggest(feature, Vec::new(), Word::None);
        return (end != End::Opened).then_some((MissKind::Malformed, suggestion));
    }
    if let Some(words) = ids.strip_prefix(HANDLE) {
        return spaced_handle(feature, words);
    }
    let (token, _) = id_token(ids);
    if is_placeholder_task(token, ids) {
        return Some((MissKind::Placeholder, None));
    }
    if token.len() > MAX_ID_LEN && native::split_range(token).is_none() {
        return token.bytes().any(|b| b.is_ascii_digit()).then_some((MissKind::TooLong, None));
    }
    if !token.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let loose = Loose::read(ids);
    if loose.tasks.len() > MAX_TAGS {
        return Some((MissKind::TooMany, None));
    }
    if loose.is_too_long {
        return Some((MissKind::TooLong, None));
    }
    let suggestion = several(content).or_else(|| {
        let tasks = (!loose.tasks.is_empty()).then_some(loose.tasks)?;
        suggest(feature, tasks, loose.word)
    });
    Some((MissKind::Malformed, suggestion))
}

/// A handle that is not written as one: `~Add login form wip`.
fn spaced_handle(feature: FeatureId, text: &str) -> Option<Diagnosis> {
    let mut words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let last = words.last().and_then(|word| Word::parse(word));
    words.truncate(words.len() - usize::from(last.is_some()));
    let handle = TaskId::parse(&format!("{HANDLE}{}", words.join("-")));
    let tasks = handle.map(|handle| vec![Selector::One(handle)]);
    let suggestion = tasks.and_then(|tasks| suggest(feature, tasks, last.unwrap_or_default()));
    Some((MissKind::Malformed, suggestion))
}

/// The word `Task` is missing: only what is an id, and nothing else, counts.
fn unnamed(feature: FeatureId, text: &str) -> Option<Diagnosis> {
    if let Some(words) = text.strip_prefix(HANDLE) {
        return spaced_handle(feature, words);
    }
    let (token, _) = id_token(text);
    let after_v = token.strip_prefix(['v', 'V']).unwrap_or("");
    let is_version = after_v.starts_with(|c: char| c.is_ascii_digit());
    let is_year = token.len() >= 4 && token.bytes().take(4).all(|b| b.is_ascii_digit());
    let is_id = TaskId::parse(token).is_some() || native::split_range(token).is_some();
    if is_version || is_year || !is_id || is_foreign(token) || text.contains(['/', '#']) {
        return None;
    }
    let loose = Loose::read(text);
    let is_list = loose.is_whole && !loose.tasks.is_empty() && loose.tasks.len() <= MAX_TAGS;
    is_list.then(|| (MissKind::Malformed, suggest(feature, loose.tasks, loose.word)))
}

/// Whether the first id is one that a template holds open: `N.N`, `X.Y`.
fn is_placeholder_task(token: &str, text: &str) -> bool {
    let is_letters = !token.is_empty()
        && token.bytes().any(|b| b.is_ascii_alphabetic())
        && token
            .split('.')
            .all(|group| group.len() <= 3 && group.bytes().all(|b| b"XYZNMxyznm".contains(&b)));
    let is_word = ["tbd", "todo"].iter().any(|word| token.eq_ignore_ascii_case(word));
    let is_marks = token.is_empty()
        && text.starts_with(['?', '#'])
        && text.chars().all(|c| matches!(c, '?' | '#' | '.'));
    is_letters || is_word || is_marks || after_angles(text).is_some()
}

/// Takes the word `Task`, or a slip of it; glued or not.
fn after_task_word(text: &str) -> Option<&str> {
    let (letters, rest) = take(text, |c| c.is_ascii_alphabetic());
    if let Some(glued) = strip_word_start(letters, "task") {
        // `TaskA1` is `Task A1`.
        let is_glued = (1..=2).contains(&glued.len()) && !glued.eq_ignore_ascii_case("s");
        if is_glued && rest.starts_with(|c: char| c.is_ascii_digit()) {
            return Some(&text[4..]);
        }
    }
    let word = letters.get(..letters.len().min(12))?.to_ascii_lowercase();
    let is_slip = (3..=6).contains(&word.len())
        && ["task", "tasks"].iter().any(|task| strsim::osa_distance(&word, task) <= 1);
    (is_slip || word == "subtask" || word == "subtasks").then_some(rest)
}

/// The tags to write for `[PRD-07 Task 1.2, PRD-08 Task 1.1]`.
fn several(content: &str) -> Option<String> {
    let lower = content.to_ascii_lowercase();
    let starts: Vec<_> = lower.match_indices("prd").map(|(at, _)| at).take(MAX_PARTS + 1).collect();
    if !(2..=MAX_PARTS).contains(&starts.len()) {
        return None;
    }
    let ends = starts.iter().skip(1).copied().chain([content.len()]);
    let tags: Option<Vec<_>> =
        starts.iter().zip(ends).map(|(&start, end)| part(&content[start..end])).collect();
    Some(tags?.join(" "))
}

fn part(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches([',', ';', '+', '&']).trim_end();
    let text = text.strip_suffix(" and").unwrap_or(text).trim_end_matches([',', ' ']);
    let Body { feature, tasks, word } = native::parse(text)?;
    suggest(feature, tasks, word)
}

/// The tag of these parts, where it would be read as one.
fn suggest(feature: FeatureId, tasks: Vec<Selector>, word: Word) -> Option<String> {
    let mut text = String::new();
    write_tag(&mut text, &feature, &tasks, word).ok()?;
    native::parse(text.strip_prefix('[')?.strip_suffix(']')?).is_some().then_some(text)
}
