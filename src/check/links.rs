//! What history says of a document that the document does not, and the other
//! way round.

use std::collections::HashSet;

use super::{MAX_QUOTE, select, shorten};
use crate::commit::Oid;
use crate::config::Tick;
use crate::doc::Document;
use crate::plan::{self, Plan, Said, Settings};
use crate::problem::{Problem, Severity};
use crate::task::FeatureId;

/// The names of the field that holds the newest link's time.
const LAST_UPDATED: [&str; 3] = ["last updated", "updated", "last update"];

/// What became of the commit that an entry names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryFact {
    /// The entry's place in [`Entries::list`](crate::doc::entries::Entries::list).
    pub index: usize,
    /// The commit, if the repository has one of that name.
    pub commit: Option<Oid>,
    /// Whether HEAD contains it.
    pub reachable: bool,
}

/// What history says of one document's feature.
#[derive(Clone, Copy, Debug)]
pub struct LinkFacts<'a> {
    /// All commits with a tag of the feature, or that revert one, that HEAD
    /// contains, in any order; whether they are `new` is not looked at.
    pub linked: &'a [Said],
    /// What became of the commits that the document lists.
    pub entries: &'a [EntryFact],
    /// Whether history is cut off, so that what is not found may yet exist.
    pub shallow: bool,
    /// What a bare tag does.
    pub tick: Tick,
}

/// Finds where a document and history contradict each other, in the order of
/// the lines: `phantom`, `forgotten`, `dangling-hash`, `missing-entry`,
/// `stale-stamp`.
pub fn links(document: &Document, facts: &LinkFacts<'_>) -> Vec<Problem> {
    let mut said: Vec<Said> =
        facts.linked.iter().map(|said| Said { new: true, ..said.clone() }).collect();
    said.sort_by_key(|said| said.commit.key());
    // What a record of all of history would do is what the document lacks.
    let settings = Settings { tick: facts.tick, abbrev: 7, recount: false };
    let afresh = plan::plan(document, &said, settings);
    let mut problems = phantoms(document, &said, facts.shallow);
    problems.extend(forgotten(document, &said, &afresh));
    problems.extend(dangling(document, facts));
    problems.extend(missing(document, &said));
    problems.extend(stale_stamp(document, &said, &afresh));
    problems.sort_by_key(|problem| problem.line);
    problems
}

/// The tasks that links name which no later commit takes back.
fn linked_tasks(document: &Document, said: &[Said]) -> HashSet<usize> {
    let history: Vec<&Said> = said.iter().collect();
    let cancelled = plan::cancelled(&history);
    let live = said.iter().filter(|said| !cancelled.contains(&said.commit.oid));
    let selectors = live.flat_map(|said| &said.tags).flat_map(|tag| &tag.tasks);
    selectors.flat_map(|selector| select::tasks(document, selector)).collect()
}

/// Ticked tasks with an id that no commit links. A link on a part of a task or
/// on the whole that it is part of speaks for it.
fn phantoms(document: &Document, said: &[Said], shallow: bool) -> Vec<Problem> {
    if shallow {
        return Vec::new();
    }
    let linked = linked_tasks(document, said);
    let is_phantom = |task: &usize| {
        let item = &document.tasks()[*task];
        item.state.is_done()
            && item.mark.is_some()
            && item.id.is_some()
            && item.checklist.is_none()
            && !linked.contains(task)
            && !document
                .ancestors(*task)
                .chain(document.below(*task))
                .any(|at| linked.contains(&at))
    };
    let found: Vec<usize> = (0..document.tasks().len()).filter(is_phantom).collect();
    if said.is_empty() && found.len() > 1 {
        return vec![unlinked(document, &found)];
    }
    found.into_iter().map(|task| phantom(document, task)).collect()
}

/// One problem for a document that was kept before commits had tags.
fn unlinked(document: &Document, tasks: &[usize]) -> Problem {
    let said = format!("`{}` tasks are ticked and no commit links any, expected tags", tasks.len());
    let hint = format!("run `git spec-log backfill {}`", feature(document));
    Problem::new("phantom", Severity::Warning, said)
        .hint(hint)
        .at(document.path(), Some(task_line(document, tasks[0])))
}

fn phantom(document: &Document, task: usize) -> Problem {
    let said = format!("{} is ticked, expected a commit that links it", named(document, task));
    let hint = format!(
        "run `git spec-log backfill {}` if a commit did it, else `git spec-log untick --file {} :{line}`",
        feature(document),
        quoted(document.path()),
        line = task_line(document, task),
    );
    Problem::new("phantom", Severity::Warning, said)
        .hint(hint)
        .at(document.path(), Some(task_line(document, task)))
}

/// Tasks that a commit finished and whose box is open.
fn forgotten(document: &Document, said: &[Said], afresh: &Plan) -> Vec<Problem> {
    let linked = linked_tasks(document, said);
    let ticks = |task: &usize| {
        let item = &document.tasks()[*task];
        let is_ticked = item.id.as_ref().is_some_and(|id| afresh.ticked.contains(&id.to_string()));
        is_ticked && item.mark.is_some() && linked.contains(task)
    };
    let found = (0..document.tasks().len()).filter(ticks);
    found.map(|task| forgotten_task(document, task, said)).collect()
}

fn forgotten_task(document: &Document, task: usize, said: &[Said]) -> Problem {
    let newest = said.iter().rev().find(|said| {
        let mut selectors = said.tags.iter().flat_map(|tag| &tag.tasks);
        selectors.any(|selector| select::tasks(document, selector).contains(&task))
    });
    let line = task_line(document, task);
    let by = newest.map_or(String::new(), |said| format!(" by `{}`", said.commit.oid.abbrev(7)));
    let is_listed = newest.is_some_and(|said| document.entry_of(&said.commit.oid).is_some());
    let hint = if is_listed {
        // It acted once, and someone opened the box since.
        let file = quoted(document.path());
        format!("run `git spec-log tick --file {file} :{line}`, or say `reopen` in a commit")
    } else {
        "run `git spec-log sync`".to_owned()
    };
    let text =
        format!("{} is open, expected it ticked: it was finished{by}", named(document, task));
    let mut problem = Problem::new("forgotten", Severity::Warning, text)
        .hint(hint)
        .at(document.path(), Some(line));
    problem.oid = newest.map(|said| said.commit.oid);
    problem
}

/// Entries whose commit is gone, or is not part of HEAD's history.
fn dangling(document: &Document, facts: &LinkFacts<'_>) -> Vec<Problem> {
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
fn missing(document: &Document, said: &[Said]) -> Vec<Problem> {
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
fn stale_stamp(document: &Document, said: &[Said], afresh: &Plan) -> Option<Problem> {
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

fn task_line(document: &Document, task: usize) -> usize {
    document.line(document.tasks()[task].text.start)
}

fn named(document: &Document, task: usize) -> String {
    let id = document.tasks()[task].id.as_ref().map(ToString::to_string).unwrap_or_default();
    let title = shorten(document.task_title(task), MAX_QUOTE);
    if title.is_empty() { format!("`{id}`") } else { format!("`{id}` ({title})") }
}

/// The feature as a command line takes it.
fn feature(document: &Document) -> String {
    document.feature().as_ref().map_or_else(|| quoted(document.path()), FeatureId::to_string)
}

/// A path as a shell takes it.
fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-');
    if path.chars().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commit::{Commit, Person, Time};
    use crate::doc::dialect::FEATURE_FILE;
    use crate::plan::Reverted;
    use crate::tag;

    const TEXT: &str = "\
# Feature: Login (PRD 07)

**Last Updated:** 2026-01-15

- [x] Task 1.1: Create schema
- [ ] Task 1.2: Add form
  - [x] Subtask 1.2.1
- [x] Task 1.3: Store token

## Git Commits

- `0101010` - one [PRD-07 Task 1.1]
";

    fn oid(byte: u8) -> Oid {
        Oid::from_bytes(&[byte; 20]).expect("20 bytes")
    }

    /// A commit of the given day of January 2026.
    fn said(byte: u8, day: i64, message: &str) -> Said {
        let time = Time { seconds: 1_767_225_600 + (day - 1) * 86_400, offset: 0 };
        let commit = Commit {
            oid: oid(byte),
            parents: Vec::new(),
            message: message.to_owned(),
            author: Person::default(),
            author_time: time,
            commit_time: time,
            depth: 0,
        };
        Said { commit, tags: tag::read(message).tags, reverts: Vec::new(), new: false }
    }

    fn facts(linked: &[Said]) -> LinkFacts<'_> {
        LinkFacts { linked, entries: &[], shallow: false, tick: Tick::Default }
    }

    fn found(text: &str, facts: &LinkFacts<'_>) -> Vec<(&'static str, Option<usize>)> {
        let document = Document::read("prd/tasks/07_x.md", text.into(), &FEATURE_FILE);
        links(&document, facts).iter().map(|p| (p.code, p.line)).collect()
    }

    #[test]
    fn a_document_that_tells_what_history_does_has_no_problem() {
        let linked = [said(1, 15, "one [PRD-07 Tasks 1.1, 1.2.1, 1.3]")];
        assert_eq!(found(TEXT, &facts(&linked)), []);
    }

    #[test]
    fn a_ticked_task_that_no_commit_links_is_a_phantom() {
        let linked = [said(1, 15, "one [PRD-07 Task 1.1] [PRD-07 Task 1.2 wip]")];
        assert_eq!(found(TEXT, &facts(&linked)), [("phantom", Some(8))]);
        assert_eq!(found(TEXT, &LinkFacts { shallow: true, ..facts(&linked) }), []);
        // Nobody tagged anything: one word on it, not one for each box.
        assert_eq!(found(TEXT, &facts(&[])), [("phantom", Some(5))]);
    }

    #[test]
    fn a_link_that_was_taken_back_speaks_for_nothing() {
        let one = said(1, 14, "one [PRD-07 Tasks 1.1-1.3]");
        let reverted = Reverted { oid: one.commit.oid, tags: one.tags.clone() };
        let back = Said { reverts: vec![reverted], ..said(2, 15, "Revert") };
        let linked = [one, back];
        let codes: Vec<_> = found(TEXT, &facts(&linked)).into_iter().collect();
        let phantoms = codes.iter().filter(|(code, _)| *code == "phantom").count();
        assert_eq!(phantoms, 3, "{codes:?}");
        assert!(codes.iter().all(|(code, _)| *code != "forgotten"));
    }

    #[test]
    fn a_task_that_a_commit_finished_and_whose_box_is_open_is_forgotten() {
        let text = TEXT.replace("[x] Task 1.3", "[ ] Task 1.3");
        let all = "one [PRD-07 Tasks 1.1-1.3] [PRD-07 Task 1.2.1]";
        let mut linked = vec![said(1, 14, all)];
        assert_eq!(found(&text, &facts(&linked)), [("forgotten", Some(6)), ("forgotten", Some(8))]);
        assert_eq!(found(&text, &LinkFacts { tick: Tick::Never, ..facts(&linked) }), []);
        linked.push(said(1, 15, "two [PRD-07 Tasks 1.2, 1.3 reopen]"));
        linked[1].commit.oid = oid(2);
        assert_eq!(found(&text, &facts(&linked)), [("missing-entry", None)]);
    }

    #[test]
    fn an_entry_whose_commit_is_not_in_head_dangles() {
        let linked = [said(1, 15, "one [PRD-07 Tasks 1.1, 1.2.1, 1.3]")];
        for (commit, reachable, shallow, expected) in [
            (Some(oid(1)), true, false, None),
            (Some(oid(1)), false, false, Some(Severity::Warning)),
            (None, false, false, Some(Severity::Warning)),
            (None, false, true, Some(Severity::Note)),
        ] {
            let entries = [
                EntryFact { index: 0, commit, reachable },
                EntryFact { index: 7, commit: None, reachable: false },
            ];
            let facts = LinkFacts { entries: &entries, shallow, ..facts(&linked) };
            let document = Document::read("prd/tasks/07_x.md", TEXT.into(), &FEATURE_FILE);
            let problems = links(&document, &facts);
            let found = problems.iter().find(|p| p.code == "dangling-hash");
            assert_eq!(found.map(|p| p.severity), expected, "{commit:?} {reachable} {shallow}");
        }
    }

    #[test]
    fn a_stamp_that_is_older_than_the_newest_link_is_stale() {
        for (value, day, expected) in [
            ("2026-01-15", 15, None),
            ("2026-01-15", 14, None),
            ("2026-01-15", 16, Some("write `2026-01-16`")),
            ("YYYY-MM-DD HH:MM", 16, Some("write `2026-01-16 00:00`")),
            ("last week", 16, None),
        ] {
            let linked = [said(1, day, "one [PRD-07 Tasks 1.1, 1.2.1, 1.3]")];
            let text = TEXT.replace("2026-01-15", value);
            let document = Document::read("prd/tasks/07_x.md", text.into(), &FEATURE_FILE);
            let problems = links(&document, &facts(&linked));
            let hints: Vec<_> = problems.iter().map(|p| p.hint.as_deref()).collect();
            assert_eq!(hints, expected.map(Some).into_iter().collect::<Vec<_>>(), "{value} {day}");
        }
    }
}
