//! What was nearly a tag.

use std::ops::Range;

use super::message::{Fault, Knowledge};
use super::subject::Fix;
use super::unknown;
use crate::problem::{Problem, Severity};
use crate::tag::{self, MAX_TAGS, Miss, MissKind};
use crate::task::MAX_ID_LEN;

/// How many words of an unclosed bracket are looked at for the end of the tag.
const MAX_WORDS: usize = 40;

/// What to do where nothing tells which tag is meant.
const LEFT_OUT: &str = "leaves it out; a tag looks like `{example}`";

/// One fault for each near miss.
pub(super) fn faults<'a>(
    message: &'a str,
    misses: &'a [Miss],
    knowledge: &'a Knowledge<'a>,
) -> impl Iterator<Item = Fault> + 'a {
    misses.iter().map(move |miss| fault(message, miss, knowledge))
}

fn fault(message: &str, miss: &Miss, knowledge: &Knowledge<'_>) -> Fault {
    let suggestion = miss.suggestion.as_ref().map(|tag| known(tag, knowledge));
    let (example, is_real) = knowledge.example();
    let (text, more) = match miss.kind {
        MissKind::Malformed if suggestion.is_some() => (suggestion, None),
        MissKind::FeatureWord => (suggestion, Some("or name the task as well".to_owned())),
        MissKind::TooMany => (None, Some("write ids in a row as a range, `1.2-1.9`".to_owned())),
        MissKind::Malformed | MissKind::Placeholder | MissKind::TooLong => {
            let surely = knowledge.likely.is_some();
            let more = if is_real { "with the task that this commit works on" } else { LEFT_OUT };
            // An example that names no real task would be refused in its turn.
            let text = if is_real { example.clone() } else { String::new() };
            let more = more.replace("{example}", &example);
            (Some(text), Some(more).filter(|_| !surely))
        }
    };
    let (code, said) = verdict(miss);
    let fix = text.map(|text| Fix { span: written(message, miss), text });
    let problem = Problem::new(code, Severity::Error, format!("`{}` {said}", miss.text));
    Fault { problem, fix, more }
}

/// The code of a miss, and what is wrong with it.
fn verdict(miss: &Miss) -> (&'static str, String) {
    match (miss.kind, &miss.suggestion) {
        (MissKind::Malformed, Some(tag)) => {
            ("malformed-tag", format!("is not written as a tag is, expected `{tag}`"))
        }
        (MissKind::Malformed, None) => (
            "malformed-tag",
            "is not written as a tag is, expected a feature and a task".to_owned(),
        ),
        (MissKind::Placeholder, _) => {
            ("placeholder-tag", "is the template's, expected a feature and its task".to_owned())
        }
        (MissKind::FeatureWord, _) => (
            "feature-word",
            "says how far a task is and names none, expected one before the word".to_owned(),
        ),
        (MissKind::TooMany, _) => (
            "too-many-tags",
            format!("is one too many, expected at most {MAX_TAGS} tags, and tasks in one tag"),
        ),
        (MissKind::TooLong, _) => (
            "too-long-tag",
            format!("holds an id that is too long, expected {MAX_ID_LEN} characters at most"),
        ),
    }
}

/// A suggested tag with its tasks looked up too, so that whoever follows it
/// is not refused once more.
fn known(suggestion: &str, knowledge: &Knowledge<'_>) -> String {
    let tags = tag::read(suggestion).tags;
    let mut faults = tags.iter().flat_map(|tag| unknown::faults(tag, knowledge));
    let wrong = faults.find(|fault| fault.problem.severity == Severity::Error);
    match wrong.and_then(|fault| fault.fix).filter(|_| tags.len() == 1) {
        Some(fix) => fix.text,
        None => suggestion.to_owned(),
    }
}

/// The span that a suggestion replaces. A bracket that is never closed reaches
/// to the end of its line, and what follows the tag in it is not to be lost.
fn written(message: &str, miss: &Miss) -> Range<usize> {
    let text = &message[miss.span.clone()];
    if text.ends_with(']') {
        return miss.span.clone();
    }
    let ends = text.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at);
    let mut ends = ends.take(MAX_WORDS);
    let is_whole = |end: &usize| {
        let reading = tag::read(&format!("{}]", text[..*end].trim_end()));
        let tag = reading.tags.first().map(ToString::to_string);
        let nearly = || reading.misses.first().and_then(|miss| miss.suggestion.clone());
        let found = tag.or_else(nearly);
        found.is_some() && found == miss.suggestion
    };
    let len = ends.find(is_whole).unwrap_or(text.trim_end().len());
    miss.span.start..miss.span.start + len
}
