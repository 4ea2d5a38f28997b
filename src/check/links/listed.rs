//! The list of commits and the stamp, held against history.

use super::{EntryFact, LinkFacts};
use crate::check::{MAX_QUOTE, shorten};
use crate::doc::Document;
use crate::plan::{Plan, Said};
use crate::problem::{Problem, Severity};

/// The names of the field that holds the newest link's time.
const LAST_UPDATED: [&str; 3] = ["last updated", "updated", "last update"];

/// Entries whose commit is gone, or is not part of HEAD's history.
pub(super) fn dangling(document: &Document, facts: &LinkFacts<'_>) -> Vec<Problem> {
    let Some(entries) = document.entries() else { return Vec::new() };
    let severity = if facts.shallow { Severity::Note } else { Severity::Warning };
    let problem = |fact: &EntryFact| {
        let entry = entries.list.get(fact.index).filter(|entry| !entry.placeholder)?;
        let hash = document.slice(&entry.hash);
        let (said, hint) = match (fact.commit, fact.reachable, facts.shallow) {
            (Some(_), true, _) => return None,
            (_, _, true) => (
                format!("`{hash}` is not in this shallow clone, expected a commit of HEAD"),
                "run `git fetch --unshallow` to see further back",
            ),
            (Some(_), false, _) => (
                format!("`{hash}` is not part of HEAD, expected a commit that is"),
                "run `git spec-log sync` to find what it became, `sync --prune` to drop it",
            ),
            (None, ..) => (
                format!("`{hash}` names no commit, expected one of HEAD"),
                "run `git spec-log sync` to find what it became, `sync --prune` to drop it",
            ),
        };
        let line = Some(document.line(entry.hash.start));
        let problem = Problem::new("dangling-hash", severity, said).hint(hint);
        Some(Problem { oid: fact.commit, ..problem.at(document.path(), line) })
    };
    facts.entries.iter().filter_map(problem).collect()
}

/// Linked commits that the document could list and does not.
pub(super) fn missing(document: &Document, said: &[Said]) -> Vec<Problem> {
    if document.entries().is_none() {
        return Vec::new();
    }
    let unlisted = said.iter().filter(|said| document.entry_of(&said.commit.oid).is_none());
    unlisted
        .map(|said| {
            let subject = shorten(&said.commit.subject(), MAX_QUOTE);
            let hash = said.commit.oid.abbrev(7);
            let text = format!("`{hash}` ({subject}) has no entry, expected one");
            let problem = Problem::new("missing-entry", Severity::Note, text)
                .hint("run `git spec-log sync`")
                .at(document.path(), None);
            Problem { oid: Some(said.commit.oid), ..problem }
        })
        .collect()
}

/// A *Last Updated* that is older than the newest link.
pub(super) fn stale_stamp(document: &Document, said: &[Said], afresh: &Plan) -> Option<Problem> {
    let field = document.field(&LAST_UPDATED)?;
    let within = |at: usize| (field.value.start..=field.value.end).contains(&at);
    let edit = afresh.patch.edits().iter().find(|edit| within(edit.delete.start))?;
    let stamp = String::from_utf8_lossy(&edit.insert).trim().to_owned();
    let value = document.slice(&field.value);
    let is_date = value.starts_with(|c: char| c.is_ascii_digit());
    let why = if is_date { "is older than the newest link" } else { "is no date yet" };
    let text = format!("`{value}` {why}, expected `{stamp}`");
    let is_behind = said.iter().any(|said| document.entry_of(&said.commit.oid).is_none());
    let hint = if is_behind && document.entries().is_some() {
        "run `git spec-log sync`".to_owned()
    } else {
        format!("write `{stamp}`")
    };
    let line = document.line(field.value.start);
    let problem = Problem::new("stale-stamp", Severity::Warning, text).hint(hint);
    Some(problem.at(document.path(), Some(line)))
}
