//! Commits that are taken back, rewritten or gone, and what a document shows.

use super::*;
use crate::doc::dialect::BUILT_IN;

const PLAN: &str =
    "# X (PRD 07)\n\n- [ ] 1.1 a\n  - [ ] 1.1.1 b\n- [ ] 1.2 c\n\n## Git Commits\n\n";

/// A commit that takes others back.
fn revert(digit: char, later: i64, taken: &[&Said]) -> Said {
    let message = format!("Revert \"{}\"", taken[0].commit.message);
    let reverted = |said: &&Said| Reverted {
        oid: said.commit.oid,
        commit: Some(said.commit.clone()),
        tags: said.tags.clone(),
    };
    let reverts = taken.iter().map(reverted).collect();
    Said { tags: Vec::new(), reverts, ..said(digit, later, &message) }
}

fn box_of(text: &str, id: &str) -> char {
    let line = text.lines().find(|line| line.contains(&format!("] {id} "))).expect("the task");
    line.trim_start().chars().nth(3).expect("a box")
}

#[test]
fn a_revert_falls_back_on_what_was_said_before() {
    let first = said('a', 0, "a [PRD-07 Task 1.2]");
    let second = said('b', 60, "b [PRD-07 Task 1.2]");
    let opened = said('b', 60, "b [PRD-07 Task 1.2 reopen]");
    for (history, expected) in [
        (vec![first.clone(), revert('c', 90, &[&first])], ' '),
        (vec![first.clone(), second.clone(), revert('c', 90, &[&second])], 'x'),
        (vec![first.clone(), second.clone(), revert('c', 90, &[&first, &second])], ' '),
        (vec![first.clone(), opened.clone(), revert('c', 90, &[&opened])], 'x'),
    ] {
        let at_once = recorded(PLAN, &history);
        assert_eq!(box_of(&at_once, "1.2"), expected);
        let mut known: Vec<Said> = Vec::new();
        let one_by_one = history.iter().fold(PLAN.to_owned(), |text, next| {
            known.push(next.clone());
            let text = recorded(&text, &known);
            known.iter_mut().for_each(|said| said.new = false);
            text
        });
        assert_eq!(one_by_one, at_once);
    }
}

#[test]
fn the_revert_of_a_revert_says_again_what_was_said() {
    let first = said('a', 0, "a [PRD-07 Task 1.2]");
    let taken = revert('b', 60, &[&first]);
    let mut again = revert('c', 90, &[&taken]);
    again.reverts[0].tags = first.tags.clone();
    let history = [first, taken, again];
    assert_eq!(box_of(&recorded(PLAN, &history), "1.2"), 'x');
    let cancelled = cancelled(&history.iter().collect::<Vec<_>>());
    assert_eq!(cancelled, [history[1].commit.oid].into());
}

#[test]
fn a_revert_means_the_commit_that_took_the_place_of_the_one_it_names() {
    let author = |mut said: Said, name: &str, seconds: i64| {
        said.commit.author.name = name.to_owned();
        said.commit.author_time.seconds = seconds;
        said
    };
    let old = author(said('0', 0, "a [PRD-07 Task 1.2]"), "Ann", 1);
    let mut taken = revert('f', 90, &[&old]);
    taken.reverts[0].commit = Some(old.commit.clone());
    let of = |candidates: &[Said]| {
        let history: Vec<&Said> = candidates.iter().chain([&taken]).collect();
        let mut found: Vec<String> = cancelled(&history).iter().map(|oid| oid.abbrev(1)).collect();
        found.sort();
        found.concat()
    };
    let same = |digit, later| author(said(digit, later, "a [PRD-07 Task 1.2]"), "Ann", 1);
    let reworded = |digit, later| author(said(digit, later, "b [PRD-07 Task 1.2]"), "Ann", 1);
    assert_eq!(of(&[same('a', 10)]), "a");
    assert_eq!(of(&[same('a', 10), same('b', 20)]), "b");
    assert_eq!(of(&[reworded('a', 10)]), "a");
    assert_eq!(of(&[reworded('a', 10), reworded('b', 20)]), "");
    assert_eq!(of(&[same('a', 10), reworded('b', 20)]), "a");
    assert_eq!(of(&[author(same('a', 10), "Bob", 1), author(same('b', 20), "Ann", 2)]), "");
    // What came after the revert is not what it meant.
    let later: Vec<Said> = vec![same('a', 99)];
    let history: Vec<&Said> = [&taken].into_iter().chain(&later).collect();
    assert!(cancelled(&history).is_empty());
}

fn former(said: &Said, entry: usize) -> Former {
    let (commit, tags) = (Some(said.commit.clone()), said.tags.clone());
    Former { entry: Some(entry), commit, tags, reverts: Vec::new() }
}

#[test]
fn an_entry_follows_its_commit_and_its_links_do_not_act_again() {
    let old = said('a', 0, "a [PRD-07 Task 1.2]");
    let text = recorded(PLAN, std::slice::from_ref(&old));
    // A person opened the box since.
    let opened = text.replace("[x] 1.2", "[ ] 1.2");
    let moved = Said { formers: vec![former(&old, 0)], ..said('b', 5, "a [PRD-07 Task 1.2]") };
    let plan = plan(&read(&opened), &[moved], &[], SETTINGS);
    let after = String::from_utf8(plan.patch.apply(opened.as_bytes())).expect("UTF-8");
    assert_eq!(after, opened.replace("aaaaaaa", "bbbbbbb"));
    assert_eq!(plan.entries_moved.len(), 1);
    assert_eq!(plan.entries_moved[0].0, "aaaaaaa");
    assert!(plan.entries_added.is_empty() && plan.entries_pruned.is_empty());
    // What it says anew acts.
    let more = said('b', 5, "a [PRD-07 Task 1.2, 1.1.1]");
    let moved = Said { formers: vec![former(&old, 0)], ..more };
    let after = recorded(&opened, &[moved]);
    assert_eq!(["1.1.1", "1.1", "1.2"].map(|id| box_of(&after, id)), ['x', 'x', ' ']);
}

#[test]
fn what_a_commit_said_that_is_gone_goes_with_its_entry() {
    let [kept, gone] =
        [said('a', 0, "a [PRD-07 Task 1.1.1]"), said('b', 60, "b [PRD-07 Task 1.2]")];
    let text = recorded(PLAN, &[kept.clone(), gone.clone()]);
    let known = [Said { new: false, ..kept }];
    let plan = plan(&read(&text), &known, &[former(&gone, 1)], SETTINGS);
    let after = String::from_utf8(plan.patch.apply(text.as_bytes())).expect("UTF-8");
    assert_eq!(["1.1.1", "1.2"].map(|id| box_of(&after, id)), ['x', ' ']);
    assert!(after.contains("aaaaaaa") && !after.contains("bbbbbbb"), "{after}");
    assert_eq!(plan.entries_pruned, ["bbbbbbb"]);
    assert_eq!(plan.reopened, ["1.2"]);
}

#[test]
fn a_line_is_signed_by_the_commit_that_finished_it() {
    let signed = BUILT_IN.iter().find(|dialect| dialect.signed).expect("a dialect that signs");
    let record = |text: &str, history: &[Said]| {
        let document = Document::read("conductor/tracks/x/plan.md", text.into(), signed);
        let patch = plan(&document, history, &[], SETTINGS).patch;
        String::from_utf8(patch.apply(text.as_bytes())).expect("UTF-8")
    };
    let text = "# X\n\n- [ ] 1.1 a\n    - [ ] 1.1.1 b\n- [x] 1.2 c\n";
    let first = said('a', 0, "a [PRD-07 Task 1.1]");
    let second = said('b', 60, "b [PRD-07 Task 1.1.1]");
    let third = said('c', 90, "c [PRD-07 Task 1.1 reopen]");
    let once = record(text, std::slice::from_ref(&first));
    assert!(!once.contains("aaaaaaa"), "{once}");
    let known = |said: &Said| Said { new: false, ..said.clone() };
    let twice = record(&once, &[known(&first), second.clone()]);
    assert!(twice.contains("- [x] 1.1 a aaaaaaa\n    - [x] 1.1.1 b bbbbbbb\n"), "{twice}");
    let opened = record(&twice, &[known(&first), known(&second), third]);
    assert!(opened.contains("- [ ] 1.1 a\n    - [x] 1.1.1 b bbbbbbb\n"), "{opened}");
    let moved = Said {
        formers: vec![Former { entry: None, ..former(&second, 0) }],
        ..said('d', 60, "b [PRD-07 Task 1.1.1]")
    };
    let rewritten = record(&twice, &[known(&first), moved]);
    assert!(rewritten.contains("- [x] 1.1.1 b ddddddd\n"), "{rewritten}");
}

#[test]
fn a_document_shows_a_commit_whose_links_it_has_all() {
    let text = "# X (PRD 07)\n\n- [x] 1.1 a\n- [ ] 1.2 b\n- [ ] 1.3 c (IN PROGRESS)\n  - [ ] 1.3.1 d\n\
        - [ ] 1.4 e (IN PROGRESS)\n";
    for (tags, exactly, outdone) in [
        ("[PRD-07 Task 1.1]", true, true),
        ("[PRD-07 Task 1.1 wip]", false, true),
        ("[PRD-07 Task 1.1 reopen]", false, false),
        ("[PRD-07 Task 1.2]", false, false),
        ("[PRD-07 Task 1.2 reopen]", true, true),
        ("[PRD-07 Task 1.2 wip]", false, false),
        ("[PRD-07 Task 1.3]", true, true),
        ("[PRD-07 Task 1.3 done]", false, false),
        ("[PRD-07 Task 1.3 wip]", true, true),
        ("[PRD-07 Task 1.4]", false, false),
        ("[PRD-07 Task 1.1, 1.2]", false, false),
        ("[PRD-07 Task 1.1 wip] [PRD-07 Task 1.3 wip]", false, true),
        ("[PRD-07]", false, false),
    ] {
        let said = said('a', 0, &format!("x {tags}"));
        let shown = shown(&read(text), &[&said], Tick::Default);
        let oid = said.commit.oid;
        let found = (shown.exactly.contains(&oid), shown.outdone.contains(&oid));
        assert_eq!(found, (exactly, outdone), "{tags}");
    }
}

#[test]
fn figures_are_counted_again_where_that_is_asked() {
    let text = "# X (PRD 07)\n\n## Phase 1\n\n- [x] 1.1 a\n- [ ] 1.2 b (IN PROGRESS)\n- [ ] 1.3 c\n\n\
        ## Progress\n\n- Phase 1: 0% (0/0, 9 in progress, 9 remaining)\n- Overall: 33.0% (1/3)\n";
    let recounted = |recount| {
        let settings = Settings { recount, ..SETTINGS };
        let patch = plan(&read(text), &[], &[], settings).patch;
        String::from_utf8(patch.apply(text.as_bytes())).expect("UTF-8")
    };
    assert_eq!(recounted(false), text);
    let expected = text.replace("0% (0/0, 9 in progress, 9", "33% (1/3, 1 in progress, 2");
    assert_eq!(recounted(true), expected);
    let count = |done, total| counts::Count { done, in_progress: 0, total }.percent();
    assert_eq!([count(0, 0), count(1, 3), count(2, 3), count(3, 3)], [0, 33, 66, 100]);
}
