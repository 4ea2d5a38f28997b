//! What each mechanical part becomes. The joiner stands for git's merge where
//! nothing else differs.

mod commits;
mod growing;
mod values;

use super::*;
use crate::commit::{Commit, Oid, Person, Time};
use crate::doc::dialect::{FEATURE_FILE, RECOVERY};
use crate::tag;

const BASE: &str = "# Feature: X (PRD 07)\n\n**Status:** In Progress\n**Started:** 2026-01-05\n\
    **Agent Sessions:** 3\n**Last Updated:** 2026-01-10 10:00\n\n## Tasks\n\n### Phase 1\n\n\
    - [x] 1.1 a\n- [ ] 1.2 b\n  - [x] 1.2.1 c\n  - [ ] 1.2.2 d\n- [ ] 1.3 e\n\n## Progress\n\n\
    - Phase 1: 33% (1/3)\n\n## Git Commits\n\n- `1111111` - a [PRD-07 Task 1.1]\n\n## Notes\n";

fn merged(history: &History, ours: &str, theirs: &str) -> Merged {
    merged_from(BASE, history, ours, theirs)
}

fn merged_from(base: &str, history: &History, ours: &str, theirs: &str) -> Merged {
    let texts = Three { base, ours, theirs }.map_into(|text| text.as_bytes().to_vec());
    let sides = Sides::read("prd/tasks/07_x.md", &FEATURE_FILE, texts);
    sides.merge(history, join).unwrap_or_else(|conflict| conflict)
}

/// What a merge gives either way round, which must be the same; `None` for a
/// conflict.
#[track_caller]
fn either_way(path: &str, base: &str, ours: &str, theirs: &str) -> Option<String> {
    let dialect = if path.ends_with("/recovery.md") { &RECOVERY } else { &FEATURE_FILE };
    let merge = |ours: &str, theirs: &str| {
        let texts = Three { base, ours, theirs }.map_into(|text| text.as_bytes().to_vec());
        Sides::read(path, dialect, texts).merge(&History::new(), join).ok()
    };
    let [one, other] = [merge(ours, theirs), merge(theirs, ours)];
    assert_eq!(one, other);
    one.map(|merged| String::from_utf8(merged.text).expect("UTF-8"))
}

fn join(texts: Three<Vec<u8>>) -> Result<Joined, Merged> {
    match three::decide(&texts) {
        Some(side) => Ok(Joined { text: texts.get(side).clone(), conflicts: 0, marker: 7 }),
        None => Err(Merged { text: texts.ours, conflicts: true }),
    }
}

/// Merges both ways round, which must give the same, without a conflict.
#[track_caller]
fn both_ways(history: &History, ours: &str, theirs: &str) -> String {
    let [one, other] = [merged(history, ours, theirs), merged(history, theirs, ours)];
    assert_eq!(one, other);
    let text = String::from_utf8(one.text).expect("UTF-8");
    assert!(!one.conflicts, "{text}");
    text
}

/// A text with these parts replaced, each of which it has.
#[track_caller]
fn with(text: &str, parts: &[(&str, &str)]) -> String {
    parts.iter().fold(text.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "{old}");
        text.replace(old, new)
    })
}

const LAST: &str = "- `1111111` - a [PRD-07 Task 1.1]\n";

fn known(digit: char, seconds: i64, message: &str, contained: bool) -> (String, Known) {
    let oid = Oid::from_hex(&digit.to_string().repeat(40)).expect("forty digits");
    let time = Time { seconds, offset: 0 };
    let commit = Commit {
        oid,
        parents: Vec::new(),
        message: message.to_owned(),
        author: Person::default(),
        author_time: time,
        commit_time: time,
        depth: 0,
    };
    let tags = tag::read(message).tags;
    let said = Said { commit, tags, reverts: Vec::new(), new: false, formers: Vec::new() };
    (oid.abbrev(7), Known { said, contained })
}

#[test]
fn stamps_take_the_later_and_the_start_the_earlier() {
    let ours = with(
        BASE,
        &[("10:00", "12:00"), ("2026-01-05", "2026-01-04"), ("Sessions:** 3", "Sessions:** 5")],
    );
    let theirs = with(
        BASE,
        &[
            ("2026-01-10 10:00", "2026-01-11 09:00"),
            ("2026-01-05", "2026-01-03"),
            ("Sessions:** 3", "Sessions:** 4"),
        ],
    );
    let text = both_ways(&History::new(), &ours, &theirs);
    let expected = [
        ("2026-01-10 10:00", "2026-01-11 09:00"),
        ("2026-01-05", "2026-01-03"),
        ("Sessions:** 3", "Sessions:** 6"),
    ];
    assert_eq!(text, with(BASE, &expected));
}

#[test]
fn what_a_person_says_of_the_status_stands() {
    let ours = with(BASE, &[("In Progress", "Blocked"), ("10:00", "10:30")]);
    let theirs = with(BASE, &[("In Progress", "Completed"), ("10:00", "11:00")]);
    let text = both_ways(&History::new(), &ours, &theirs);
    assert!(text.contains("**Status:** Blocked\n"), "{text}");
}

#[test]
fn parts_that_each_side_finished_finish_the_whole() {
    let base = with(BASE, &[("[x] 1.2.1", "[ ] 1.2.1"), (LAST, "")]);
    let one = with(
        &base,
        &[
            ("[ ] 1.2.1", "[x] 1.2.1"),
            ("Commits\n\n", "Commits\n\n- `2222222` - c [PRD-07 Task 1.2.1]\n"),
        ],
    );
    let other = with(
        &base,
        &[
            ("[ ] 1.2.2", "[x] 1.2.2"),
            ("Commits\n\n", "Commits\n\n- `3333333` - d [PRD-07 Task 1.2.2]\n"),
        ],
    );
    let history = History::new();
    let merged = merged_from(&base, &history, &one, &other);
    assert_eq!(merged, merged_from(&base, &history, &other, &one));
    let text = String::from_utf8(merged.text).expect("UTF-8");
    for part in [
        "[x] 1.2 b",
        "[x] 1.2.1",
        "[x] 1.2.2",
        "66% (2/3)",
        "`2222222` - c [PRD-07 Task 1.2.1]\n- `3333333`",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn entries_stand_in_the_order_of_history_and_the_newest_link_decides() {
    let reopen = "- `aaaaaaa` - no [PRD-07 Task 1.1 reopen]\n";
    let done = "- `bbbbbbb` - yes [PRD-07 Task 1.1]\n";
    let ours = with(BASE, &[("[x] 1.1", "[ ] 1.1"), (LAST, &format!("{LAST}{reopen}"))]);
    let theirs = with(BASE, &[(LAST, &format!("{LAST}{done}"))]);
    for (first, second) in [(20, 10), (10, 20)] {
        let history = History::from([
            known('1', 1, "a [PRD-07 Task 1.1]", false),
            known('a', first, "no [PRD-07 Task 1.1 reopen]", false),
            known('b', second, "yes [PRD-07 Task 1.1]", false),
        ]);
        let text = both_ways(&history, &ours, &theirs);
        let (order, mark) =
            if first < second { ([reopen, done], "x") } else { ([done, reopen], " ") };
        assert!(text.contains(&format!("{LAST}{}{}", order[0], order[1])), "{text}");
        assert!(text.contains(&format!("[{mark}] 1.1 a")), "{text}");
    }
}

#[test]
fn an_entry_that_one_side_took_out_goes_unless_a_side_contains_its_commit() {
    let ours = with(BASE, &[(LAST, ""), ("[x] 1.1", "[ ] 1.1"), ("(1/3)", "(0/3)"), ("33%", "0%")]);
    let theirs = with(BASE, &[("10:00", "11:00")]);
    let gone = both_ways(&History::new(), &ours, &theirs);
    assert!(
        !gone.contains("1111111") && gone.contains("[ ] 1.1") && gone.contains("(0/3)"),
        "{gone}"
    );
    let history = History::from([known('1', 1, "a [PRD-07 Task 1.1]", true)]);
    let kept = both_ways(&history, &ours, &theirs);
    assert!(kept.contains(LAST) && kept.contains("[x] 1.1 a"), "{kept}");
    // Whoever wrote into it wants it.
    let written = with(&theirs, &[("- a [PRD", "- a, well [PRD")]);
    assert!(both_ways(&History::new(), &ours, &written).contains("- a, well [PRD"));
}

#[test]
fn a_side_that_lost_an_entry_has_no_say_where_another_commit_speaks() {
    let ours = with(BASE, &[(LAST, ""), ("[x] 1.1", "[ ] 1.1")]);
    let theirs = with(BASE, &[(LAST, &format!("{LAST}- `2222222` - too [PRD-07 Task 1.1]\n"))]);
    let text = both_ways(&History::new(), &ours, &theirs);
    assert!(text.contains("[x] 1.1 a") && !text.contains("1111111"), "{text}");
}

#[test]
fn unknown_marks_conflict_and_a_tick_goes_with_the_habit_of_its_side() {
    let [ours, theirs] =
        ["~", "-"].map(|mark| with(BASE, &[("[ ] 1.3", &format!("[{mark}] 1.3"))]));
    assert!(merged(&History::new(), &ours, &theirs).conflicts);
    let ticked = with(BASE, &[("[ ] 1.3 e", "[x] 1.3 e ✓"), ("10:00", "10:30")]);
    let begun = with(BASE, &[("[ ] 1.3 e", "[ ] 1.3 e (IN PROGRESS)"), ("10:00", "11:00")]);
    assert!(both_ways(&History::new(), &ticked, &begun).contains("- [x] 1.3 e ✓\n"));
}

#[test]
fn a_suffix_stands_as_the_side_wrote_it_that_changed_it() {
    let base = with(BASE, &[("[x] 1.1 a", "[x] 1.1 a ✓")]);
    let theirs = with(&base, &[("a ✓", "a✓"), ("e\n", "e!\n")]);
    let history = History::new();
    for (ours, theirs) in [(&base, &theirs), (&theirs, &base)] {
        let text = merged_from(&base, &history, ours, theirs).text;
        assert!(String::from_utf8(text).expect("UTF-8").contains("1.1 a✓\n"));
    }
    let both = with(&base, &[("a ✓", "a  ✓"), ("2026-01-10", "2026-01-11")]);
    let one = merged_from(&base, &history, &both, &theirs);
    assert_eq!(one, merged_from(&base, &history, &theirs, &both));
}

#[test]
fn what_comes_next_stands_as_the_side_wrote_it_that_changed_it() {
    let steps = "## Next Session Priorities\n\n1. 1.3: e\n\n## Notes\n";
    let base = with(BASE, &[("## Notes\n", steps), (LAST, "")]);
    let ours = with(&base, &[("1. 1.3: e", "1. 1.2: b")]);
    let theirs = with(&base, &[("Feature: X", "Feature: Y")]);
    let history = History::new();
    let one = merged_from(&base, &history, &ours, &theirs);
    assert_eq!(one, merged_from(&base, &history, &theirs, &ours));
    let text = String::from_utf8(one.text).expect("UTF-8");
    assert!(text.contains("1. 1.2: b\n"), "{text}");
}

#[test]
fn no_bytes_make_it_panic() {
    let mut state = 7_u64;
    let mut below = |bound: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % bound
    };
    let log = "## Session Log\n\n**Session 1 (2026-01-01):**\n- x\n\n**Session 2 (YYYY):**\n";
    let text = format!("{BASE}{log}\n## Completed\n- [x] a\n- `b`\n## In Progress\n- **L**: v\n");
    let pieces: Vec<&[u8]> = vec![
        b"\n",
        b"`",
        b"[x]",
        b"**",
        b":",
        b"\xff",
        b"\xe2\x9c\x93",
        b"- `1111111` ",
        b"#",
        b"|",
        b"Session 99999 ",
        b"\r\n",
        b"<<<<<<< ",
        b"%",
        b"",
    ];
    for round in 0..1500 {
        let mut side = || {
            let mut bytes = text.clone().into_bytes();
            for _ in 0..below(6) {
                let at = below(bytes.len());
                let end = (at + below(30)).min(bytes.len());
                bytes.splice(at..end, pieces[below(pieces.len())].iter().copied());
            }
            bytes
        };
        let texts = Three { base: side(), ours: side(), theirs: side() };
        let path = ["prd/tasks/07_x.md", "specs/active/x/recovery.md"][round % 2];
        let sides = Sides::read(path, &FEATURE_FILE, texts);
        let join = |texts: Three<Vec<u8>>| {
            let conflicts = usize::from(three::decide(&texts).is_none());
            Ok::<_, ()>(Joined { text: texts.ours, conflicts, marker: 7 })
        };
        assert!(sides.merge(&History::new(), join).is_ok());
    }
}
