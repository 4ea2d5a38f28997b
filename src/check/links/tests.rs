//! Documents held against history.

use std::sync::LazyLock;

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
    Said {
        commit,
        tags: tag::read(message).tags,
        reverts: Vec::new(),
        new: false,
        formers: Vec::new(),
    }
}

fn facts(linked: &[Said]) -> LinkFacts<'_> {
    static NONE: LazyLock<HashSet<(Oid, Oid)>> = LazyLock::new(HashSet::new);
    static NO_COMMITS: LazyLock<HashSet<Oid>> = LazyLock::new(HashSet::new);
    static NO_TITLES: LazyLock<HashMap<usize, String>> = LazyLock::new(HashMap::new);
    LinkFacts {
        linked,
        entries: &[],
        contained: &NONE,
        hollow: &NO_COMMITS,
        former_titles: &NO_TITLES,
        shallow: false,
        tick: Tick::Default,
    }
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
    // Nobody names tasks: one word on it, not one for each box.
    assert_eq!(found(TEXT, &facts(&[])), [("phantom", Some(5))]);
    let document = Document::read("prd/tasks/07_x.md", TEXT.into(), &FEATURE_FILE);
    for linked in [&[][..], &[said(1, 15, "one [PRD-07]")]] {
        let note = &links(&document, &facts(linked))[0];
        assert_eq!(note.severity, Severity::Note, "a link to the whole names no task");
        assert!(note.message.starts_with("3 tasks are ticked without"), "{note:?}");
    }
}

#[test]
fn a_link_that_was_taken_back_speaks_for_nothing() {
    let one = said(1, 14, "one [PRD-07 Tasks 1.1-1.3]");
    let reverted = Reverted { oid: one.commit.oid, commit: None, tags: one.tags.clone() };
    let back = Said { reverts: vec![reverted], ..said(2, 15, "Revert") };
    let linked = [one, back, said(3, 15, "more [PRD-07 Task 1.2 wip]")];
    let found = found(TEXT, &facts(&linked));
    let counted: Vec<_> = found.iter().filter(|(code, _)| *code != "missing-entry").collect();
    assert_eq!(counted, [&("reverted", Some(5)), &("reverted", Some(8))], "{found:?}");
}

#[test]
fn a_reverted_task_that_was_finished_again_stands() {
    let one = said(1, 13, "one [PRD-07 Tasks 1.1, 1.2.1, 1.3]");
    let reverted = Reverted { oid: one.commit.oid, commit: None, tags: one.tags.clone() };
    let back = Said { reverts: vec![reverted], ..said(2, 14, "Revert") };
    let again = said(3, 15, "again [PRD-07 Tasks 1.1, 1.2.1, 1.3]");
    let found = found(TEXT, &facts(&[one, back, again]));
    assert!(found.iter().all(|(code, _)| *code == "missing-entry"), "{found:?}");
}

#[test]
fn a_task_whose_commits_change_documents_alone_is_hollow() {
    let done = said(1, 14, "one [PRD-07 Tasks 1.1, 1.2.1]");
    let begun = said(1, 14, "one [PRD-07 Tasks 1.1, 1.2.1] [PRD-07 Task 1.3 wip]");
    let last = said(2, 15, "two [PRD-07 Task 1.3]");
    let commits = HashSet::from([oid(2)]);
    let found = |linked: &[Said]| {
        let found = found(TEXT, &LinkFacts { hollow: &commits, ..facts(linked) });
        found.into_iter().filter(|(code, _)| *code == "hollow").collect::<Vec<_>>()
    };
    assert_eq!(found(&[done, last.clone()]), [("hollow", Some(8))]);
    assert_eq!(found(&[begun, last]), [], "one of its commits is work");
}

#[test]
fn a_task_that_was_another_one_when_it_was_finished_is_suspect() {
    let linked = [said(1, 15, "one [PRD-07 Tasks 1.1, 1.2.1, 1.3]")];
    for (former, is_suspect) in
        [("Store token", false), ("**Store**  `token`.", false), ("Store the session", true)]
    {
        let titles = HashMap::from([(3, former.to_owned())]);
        let found = found(TEXT, &LinkFacts { former_titles: &titles, ..facts(&linked) });
        let expected = if is_suspect { vec![("suspect", Some(8))] } else { Vec::new() };
        assert_eq!(found, expected, "{former}");
    }
}

#[test]
fn a_task_that_a_commit_finished_and_whose_box_is_open_is_forgotten() {
    let text = TEXT.replace("[x] Task 1.3", "[ ] Task 1.3");
    let all = "one [PRD-07 Tasks 1.1-1.3] [PRD-07 Task 1.2.1]";
    let mut linked = vec![said(1, 14, all)];
    assert_eq!(found(&text, &facts(&linked)), [("forgotten", Some(6)), ("forgotten", Some(8))]);
    assert_eq!(found(&text, &LinkFacts { tick: Tick::Never, ..facts(&linked) }), []);
    linked.push(said(2, 15, "two [PRD-07 Tasks 1.2, 1.3 reopen]"));
    let follows = HashSet::from([(oid(1), oid(2))]);
    let facts = LinkFacts { contained: &follows, ..facts(&linked) };
    assert_eq!(found(&text, &facts), [("missing-entry", None)]);
}

#[test]
fn a_forgotten_task_was_finished_by_a_commit_that_still_counts() {
    let text = TEXT.replace("[x] Task 1.3", "[ ] Task 1.3");
    let one = said(1, 13, "one [PRD-07 Tasks 1.1, 1.2.1, 1.3]");
    let two = said(2, 14, "two [PRD-07 Task 1.3]");
    let reverted = Reverted { oid: two.commit.oid, commit: None, tags: two.tags.clone() };
    let back = Said { reverts: vec![reverted], ..said(3, 15, "Revert") };
    let document = Document::read("prd/tasks/07_x.md", text.into(), &FEATURE_FILE);
    let problems = links(&document, &facts(&[one, two, back]));
    let forgotten = problems.iter().find(|problem| problem.code == "forgotten");
    assert_eq!(forgotten.and_then(|problem| problem.oid), Some(oid(1)), "{problems:?}");
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

#[test]
fn opposite_links_of_two_branches_are_disputed_until_one_follows_both() {
    let text = TEXT.replace("[x] Task 1.3", "[ ] Task 1.3");
    let all = |word: &str| format!("all [PRD-07 Tasks 1.1, 1.2.1{word}]");
    let pair = |one: &str, other: &str| {
        let tagged = |word: &str| format!("{} [PRD-07 Task 1.3{word}]", all(""));
        [said(1, 14, &tagged(one)), said(2, 15, &tagged(other))]
    };
    let disputes = |linked: &[Said], contained: &[(u8, u8)]| {
        let contained = contained.iter().map(|&(one, other)| (oid(one), oid(other))).collect();
        let found = found(&text, &LinkFacts { contained: &contained, ..facts(linked) });
        found.into_iter().filter(|(code, _)| *code == "disputed").collect::<Vec<_>>()
    };
    let at = [("disputed", Some(8))];
    for (older, newer, expected) in [
        ("", " reopen", &at[..]),
        (" reopen", "", &at),
        (" done", " wip", &at),
        // Begun here and finished there is no dispute.
        (" wip", "", &[]),
        ("", " done", &[]),
    ] {
        let linked = pair(older, newer);
        assert_eq!(disputes(&linked, &[]), expected, "{older} {newer}");
        assert_eq!(disputes(&linked, &[(1, 2)]), [], "{older} {newer}");
    }
    let [one, other] = pair("", " reopen");
    let settled = [one, other, said(3, 16, "merged [PRD-07 Task 1.3]")];
    assert_eq!(disputes(&settled, &[(1, 3), (2, 3)]), []);
    assert_eq!(disputes(&settled, &[(1, 2), (1, 3)]), at, "one branch went on without the other");
    let pairs = rivals(
        &Document::read("prd/tasks/07_x.md", text.as_str().into(), &FEATURE_FILE),
        &settled,
        Tick::Default,
    );
    assert_eq!(pairs, [(oid(1), oid(2)), (oid(1), oid(3)), (oid(2), oid(3))]);
}
