//! Tells commits that do work from those that only keep books about it.

use super::group::state;
use super::ids::{Ids, Shape};

/// What a book-keeper does to a task, or to what is written about it.
const KEEPS: &[&str] = &[
    "acknowledge",
    "advance",
    "approve",
    "approved",
    "archive",
    "assign",
    "claim",
    "claimed",
    "defer",
    "deferred",
    "done",
    "map",
    "mark",
    "materialize",
    "move",
    "moved",
    "plan",
    "planned",
    "ready",
    "record",
    "reject",
    "rejected",
    "retire",
    "review",
    "start",
    "status",
    "sync",
    "to",
    "track",
    "unblock",
    "→",
];

/// What may be done to a task as to anything else.
const CHANGES: &[&str] =
    &["add", "close", "create", "define", "finalize", "finish", "refresh", "update"];

/// What books are kept in.
const BOOKS: &[&str] = &[
    "backlog",
    "bookkeeping",
    "checkbox",
    "checkboxes",
    "checklist",
    "dossier",
    "journal",
    "lane",
    "metadata",
    "records",
    "tasks.md",
    "task",
    "tasks",
    "subtask",
    "subtasks",
];

/// What is said in books.
const ENTRIES: &[&str] = &[
    "approval",
    "complete",
    "completed",
    "deferrals",
    "disposition",
    "done",
    "feedback",
    "findings",
    "for_review",
    "pr",
    "progress",
    "record",
    "review",
    "status",
    "summary",
];

/// Types of commits that change the product.
const WORKS: &[&str] = &["feat", "fix", "refactor", "perf", "test", "style", "build", "ci"];

/// Types that speak of the work, of what is brought together and of what is
/// taken back.
const NEVER_WORK: &[&str] =
    &["integ", "merge", "plan", "revert", "review", "status", "task", "tasks"];

/// Whether a description tells of books alone. `kind` is the type in front of
/// it, empty where there is none.
pub(super) fn are_kept(kind: &str, description: &str, ids: Ids<'_>) -> bool {
    let words: Vec<&str> = words(description).collect();
    let [first, rest @ ..] = &words[..] else { return false };
    let any_in = |list| rest.iter().any(|word| is_in(word, list));
    let (names_books, names_entry) = (any_in(BOOKS), any_in(ENTRIES));
    let (keeps, changes) = (is_in(first, KEEPS), is_in(first, CHANGES));
    match kind {
        _ if tells_of_a_plan(&words) => true,
        kind if is_in(kind, WORKS) => is_in(first, &["mark"]) && (names_books || names_entry),
        kind if is_in(kind, NEVER_WORK) => true,
        kind if is_in(kind, &["chore"]) => {
            keeps || names_books || names_entry || changes && is_of_task(rest, ids)
        }
        kind if is_in(kind, &["docs"]) => keeps || names_books && (changes || names_entry),
        // `WP02 approved`, `WP02 to for_review`.
        _ if is_in(first, &["approved", "claimed", "to", "→"]) => true,
        _ => keeps && (names_books || names_entry) || changes && is_of_task(rest, ids),
    }
}

/// `Generate work packages for …`, `Add task breakdown …`: the work is to come.
fn tells_of_a_plan(words: &[&str]) -> bool {
    const MAKES: &[&str] = &["add", "create", "define", "generate", "plan", "write"];
    const PLANS: &[[&str; 2]] = &[["task", "breakdown"], ["work", "packages"]];
    match words {
        [first, what, kind, ..] => {
            let is_plan = |plan: &[&str; 2]| is_in(what, &plan[..1]) && is_in(kind, &plan[1..]);
            is_in(first, MAKES) && PLANS.iter().any(is_plan)
        }
        _ => false,
    }
}

/// Whether what is changed is a task itself: `… stale read fix task`, `task
/// TASK-105`; but `… field to tasks` changes something else.
fn is_of_task(words: &[&str], ids: Ids<'_>) -> bool {
    const OTHERS: &[&str] = &["all", "for", "from", "in", "of", "on", "the", "to", "with"];
    let Some((last, before)) = words.split_last() else { return false };
    let is_task =
        is_in(last, &["task", "tasks", "records"]) || ids.shape(last) == Some(Shape::Code);
    is_task && !before.iter().rev().take(3).any(|word| is_in(word, OTHERS))
}

/// Whether a word is a type as commits have them.
pub(super) fn is_type(kind: &str) -> bool {
    is_in(kind, WORKS) || is_in(kind, &["chore", "docs", "revert", "wip"])
}

/// The first words of a description; what forges put at its end says nothing.
fn words(description: &str) -> impl Iterator<Item = &str> {
    let words = description.split_whitespace().filter(|word| !word.starts_with("(#"));
    words.map(bare).filter(|word| !word.is_empty()).take(MAX_WORDS)
}

/// More words than this are not read.
const MAX_WORDS: usize = 100;

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| c.is_ascii_punctuation())
}

fn is_in(word: &str, list: &[&str]) -> bool {
    list.iter().any(|entry| entry.eq_ignore_ascii_case(word))
}

/// Whether a description says that its work goes on.
pub(super) fn is_wip(kind: &str, description: &str) -> bool {
    let first = description.split_whitespace().next().unwrap_or_default();
    let is_wip = |word: &str| state(bare(word)) == Some(super::Says::Wip);
    kind.eq_ignore_ascii_case("wip")
        || bare(first).eq_ignore_ascii_case("wip")
        || description.trim_end().ends_with(')')
            && description.rsplit('(').next().is_some_and(is_wip)
}
