//! What stands behind a tick: commits that were taken back, that hold no work,
//! or that finished something else.

use std::collections::HashMap;

use super::{LinkFacts, Problem, Severity, feature, named, quoted, task_line};
use crate::check::{MAX_QUOTE, shorten};
use crate::commit::Oid;
use crate::config::Tick;
use crate::doc::Document;
use crate::plan::{self, Said};
use crate::tag::Word;

/// A ticked task and the newest commit that finished it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closing {
    /// The task.
    pub task: usize,
    /// The commit.
    pub commit: Oid,
}

/// What commits say of each task, oldest first.
struct Claims {
    /// Those that count.
    live: HashMap<usize, Vec<Claim>>,
    /// Those that were taken back.
    taken_back: HashMap<usize, Vec<Claim>>,
}

#[derive(Clone, Copy)]
struct Claim {
    commit: Oid,
    /// Whether it says that the task is done.
    finishes: bool,
}

impl Claims {
    fn of(document: &Document, said: &[Said], tick: Tick) -> Self {
        let mut said: Vec<&Said> = said.iter().collect();
        said.sort_by_key(|said| said.commit.key());
        let cancelled = plan::cancelled(&said);
        let mut claims = Self { live: HashMap::new(), taken_back: HashMap::new() };
        for one in said {
            let commit = one.commit.oid;
            let side = match cancelled.contains(&commit) {
                true => &mut claims.taken_back,
                false => &mut claims.live,
            };
            for (task, word) in plan::touched(document, &one.tags, tick) {
                let finishes = matches!(word, Word::None | Word::Done);
                side.entry(task).or_default().push(Claim { commit, finishes });
            }
        }
        claims
    }

    /// The newest commit among these that finished a task.
    fn finisher(side: &HashMap<usize, Vec<Claim>>, task: usize) -> Option<Oid> {
        let newest = side.get(&task)?.iter().rev().find(|claim| claim.finishes)?;
        Some(newest.commit)
    }
}

/// The ticked tasks that commits finished, each with the newest of these.
pub fn closings(document: &Document, said: &[Said], tick: Tick) -> Vec<Closing> {
    let claims = Claims::of(document, said, tick);
    let closing = |task| Some(Closing { task, commit: Claims::finisher(&claims.live, task)? });
    ticked(document).filter_map(closing).collect()
}

fn ticked(document: &Document) -> impl Iterator<Item = usize> + '_ {
    let tasks = document.tasks().iter().enumerate();
    let ticked = tasks.filter(|(_, task)| {
        task.state.is_done() && task.mark.is_some() && task.checklist.is_none()
    });
    ticked.map(|(at, _)| at)
}

/// Ticked tasks that no commit finishes any more, since what did was reverted.
pub(super) fn reverted(document: &Document, said: &[Said], tick: Tick) -> Vec<Problem> {
    let claims = Claims::of(document, said, tick);
    let reverted = |task: usize| {
        let by = Claims::finisher(&claims.taken_back, task)?;
        if Claims::finisher(&claims.live, task).is_some() {
            return None;
        }
        let text = format!(
            "{} is ticked and `{}`, which finished it, was reverted, expected it open",
            named(document, task),
            by.abbrev(7)
        );
        Some(doubt(document, task, by, "reverted", text))
    };
    ticked(document).filter_map(reverted).collect()
}

/// Ticked tasks all of whose commits change documents alone.
pub(super) fn hollow(document: &Document, said: &[Said], facts: &LinkFacts<'_>) -> Vec<Problem> {
    let claims = Claims::of(document, said, facts.tick);
    let hollow = |task: usize| {
        let own = claims.live.get(&task)?;
        let by = own.last()?.commit;
        if !own.iter().all(|claim| facts.hollow.contains(&claim.commit)) {
            return None;
        }
        let text = format!(
            "{} is ticked and its commits change documents alone, expected one that does more",
            named(document, task)
        );
        let problem = doubt(document, task, by, "hollow", text);
        let hint = problem.hint.unwrap_or_default();
        let hint = format!("all is well if the task is to write them; {hint}");
        Some(Problem { severity: Severity::Note, hint: Some(hint), ..problem })
    };
    ticked(document).filter_map(hollow).collect()
}

/// Ticked tasks that were called something else when they were finished.
pub(super) fn suspect(document: &Document, said: &[Said], facts: &LinkFacts<'_>) -> Vec<Problem> {
    let suspect = |closing: Closing| {
        let former = facts.former_titles.get(&closing.task)?;
        if same_words(former, document.task_title(closing.task)) {
            return None;
        }
        let text = format!(
            "{} is ticked and was `{}` when `{}` finished it, expected the same task",
            named(document, closing.task),
            shorten(former, MAX_QUOTE),
            closing.commit.abbrev(7),
        );
        Some(doubt(document, closing.task, closing.commit, "suspect", text))
    };
    closings(document, said, facts.tick).into_iter().filter_map(suspect).collect()
}

/// Whether two titles differ in white space, markup and closing marks alone.
fn same_words(one: &str, other: &str) -> bool {
    let bare = |title: &str| {
        let plain: String = title.chars().filter(|c| !"*_`~".contains(*c)).collect();
        let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
        words.trim_end_matches(['.', ':', ';', ',', ' ', '\u{2713}', '\u{2705}']).to_lowercase()
    };
    bare(one) == bare(other)
}

/// A tick that does not hold, and what mends it.
fn doubt(
    document: &Document,
    task: usize,
    commit: Oid,
    code: &'static str,
    text: String,
) -> Problem {
    let line = task_line(document, task);
    let id = document.tasks()[task].id.as_ref().map(ToString::to_string).unwrap_or_default();
    let hint = format!(
        "if it is not done: `git spec-log untick --file {} :{line}`; if it is, end the next \
         commit of work on it with `[{} Task {id}]`",
        quoted(document.path()),
        feature(document),
    );
    let problem = Problem::new(code, Severity::Warning, text).hint(hint);
    Problem { oid: Some(commit), ..problem.at(document.path(), Some(line)) }
}
