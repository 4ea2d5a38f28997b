//! Tasks of which two branches say opposite things.
//!
//! The newest link holds, and nobody who wrote it knew of the other one. A
//! link that comes after both, on their common history, settles it.

use super::{Problem, Severity, named, task_line};
use crate::check::links::LinkFacts;
use crate::commit::Oid;
use crate::config::Tick;
use crate::doc::Document;
use crate::plan::{self, Said};
use crate::tag::Word;

/// What a commit says of a task.
#[derive(Clone, Copy)]
struct Claim {
    oid: Oid,
    word: Word,
}

impl Claim {
    fn finishes(self) -> bool {
        matches!(self.word, Word::None | Word::Done)
    }

    /// Whether it undoes what an older one says. That a task which was begun
    /// is finished is the way of things.
    fn opposes(self, older: Self) -> bool {
        match self.finishes() {
            true => older.word == Word::Reopen,
            false => older.finishes(),
        }
    }
}

/// The pairs of commits, the older one first, of which it matters whether the
/// newer one contains the older.
pub fn rivals(document: &Document, said: &[Said], tick: Tick) -> Vec<(Oid, Oid)> {
    let mut said: Vec<&Said> = said.iter().collect();
    said.sort_by_key(|said| said.commit.key());
    let mut pairs = Vec::new();
    for claims in claims(document, &said, tick) {
        if claims.last().is_some_and(|last| claims.iter().any(|older| last.opposes(*older))) {
            for (at, older) in claims.iter().enumerate() {
                pairs.extend(claims[at + 1..].iter().map(|newer| (older.oid, newer.oid)));
            }
        }
    }
    pairs
}

/// What the commits that are not taken back say of each task, oldest first.
fn claims(document: &Document, said: &[&Said], tick: Tick) -> Vec<Vec<Claim>> {
    let cancelled = plan::cancelled(said);
    let mut claims = vec![Vec::new(); document.tasks().len()];
    for live in said.iter().filter(|said| !cancelled.contains(&said.commit.oid)) {
        for (task, word) in plan::touched(document, &live.tags, tick) {
            claims[task].push(Claim { oid: live.commit.oid, word });
        }
    }
    claims
}

/// Finds the tasks of which the newest link undoes what one says that it does
/// not contain, and that no other contains either.
pub(super) fn disputed(document: &Document, said: &[Said], facts: &LinkFacts<'_>) -> Vec<Problem> {
    let said: Vec<&Said> = said.iter().collect();
    let claims = claims(document, &said, facts.tick);
    let dispute = |(task, claims): (usize, &Vec<Claim>)| {
        let newest = *claims.last()?;
        let stands_alone = |at: usize| {
            let mut newer = claims[at + 1..].iter();
            newer.all(|newer| !facts.contained.contains(&(claims[at].oid, newer.oid)))
        };
        let opposed = |at: &usize| newest.opposes(claims[*at]) && claims[*at].oid != newest.oid;
        let rival = (0..claims.len()).rev().filter(opposed).find(|&at| stands_alone(at))?;
        Some(problem(document, task, newest, claims[rival]))
    };
    claims.iter().enumerate().filter_map(dispute).collect()
}

fn problem(document: &Document, task: usize, newest: Claim, older: Claim) -> Problem {
    let verb = |claim: Claim| match claim.word {
        Word::None | Word::Done => "finished",
        Word::Wip => "begun",
        Word::Reopen => "reopened",
    };
    let text = format!(
        "{} is {} by `{}` and {} by `{}` on two branches, expected one that follows the other",
        named(document, task),
        verb(newest),
        newest.oid.abbrev(7),
        verb(older),
        older.oid.abbrev(7),
    );
    let hint = "the newer one holds; a commit to come settles it, with the task's tag or with \
                `reopen` in it";
    let line = Some(task_line(document, task));
    let problem = Problem::new("disputed", Severity::Warning, text).hint(hint);
    Problem { oid: Some(newest.oid), ..problem.at(document.path(), line) }
}
