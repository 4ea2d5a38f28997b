//! The end of a stretch of work.

use super::session::{Checkpoint, NO_LOG, Prose, Stretch, checkpoint};
use super::*;

const TASKS: &str = "# X (PRD 07)\n\n**Agent Sessions:** 1\n\n## Tasks\n\n### Phase 1: A\n\n\
    - [x] Task 1.1: a\n- [x] Task 1.2: b\n- [ ] Task 1.3: c\n";

/// A document with this session log.
fn with_log(log: &str) -> String {
    let gap = if log.is_empty() { "" } else { "\n" };
    format!("{TASKS}\n## Session Log\n\n{log}{gap}## Notes\n")
}

const FIRST: &str = "**Session 1 (2026-01-15 17:00 - 18:00):**\n- Completed: Task 1.1: a\n\
    - Issues encountered: None\n- Decisions made: None\n- Next: Task 1.2: b\n";

/// Two commits: one of the first session, one an hour later.
fn history() -> [Said; 2] {
    let said = |digit, later, message| Said { new: false, ..said(digit, later, message) };
    [said('a', -45 * 60, "a [PRD-07 Task 1.1]"), said('b', 15 * 60, "b [PRD-07 Task 1.2]")]
}

fn ended(text: &str, history: &[Said], prose: &Prose) -> (String, Checkpoint) {
    let document = read(text);
    let stretch = Stretch::of(&document, history);
    let found = checkpoint(&document, None, &stretch, prose, Tick::Default);
    let after = String::from_utf8(found.patch.apply(text.as_bytes())).expect("UTF-8");
    (after, found)
}

fn issues(text: &str) -> Prose {
    Prose { issues: Some(text.to_owned()), ..Prose::default() }
}

#[test]
fn a_session_is_written_behind_the_last_one_in_its_form() {
    let entry = "**Session 2 (2026-01-15 19:00 - 19:00):**\n- Completed: Task 1.2: b\n\
        - Issues encountered: None\n- Decisions made: None\n- Next: Task 1.3: c\n";
    let (text, found) = ended(&with_log(FIRST), &history(), &Prose::default());
    let expected = with_log(&format!("{FIRST}\n{entry}")).replace("Sessions:** 1", "Sessions:** 2");
    assert_eq!(text, expected);
    let sitting = found.session.expect("a session");
    assert_eq!((sitting.number, sitting.completed.len()), (2, 1));
    let [phase] = &found.phases[..] else { panic!("{:?}", found.phases) };
    assert_eq!((phase.before.done, phase.after.done, phase.after.total), (1, 2, 3));
    // Told again, nothing is left to tell.
    let (again, found) = ended(&text, &history(), &Prose::default());
    assert_eq!((again, found.left_out), (text, None));
}

#[test]
fn the_first_line_is_worded_as_that_of_the_session_before() {
    for (before, after) in [
        ("**Session 1 (2026-01-15 17:00 - 18:00):**", "**Session 2 (2026-01-15 19:00 - 19:00):**"),
        ("### Session 1: 2026-01-15 18:00", "### Session 2: 2026-01-15 19:00 - 19:00"),
        ("### Session 1 (2026-01-14)", "### Session 2 (2026-01-15 18:00 - 19:00)"),
        ("### Session 1: Begin, 2026-01-15 18:00", "### Session 2 (2026-01-15 19:00 - 19:00)"),
        ("**Session 1: Begin 2026-01-15 18:00**", "**Session 2 (2026-01-15 19:00 - 19:00):**"),
        ("**Session 1 (2026-01-14 23:00 - 00:30):**", "**Session 2 (2026-01-15 18:00 - 19:00):**"),
        (
            "**Session 1 (2026-01-14 23:00 - 2026-01-15 18:00):**",
            "**Session 2 (2026-01-15 19:00 - 19:00):**",
        ),
    ] {
        let (text, _) =
            ended(&with_log(&format!("{before}\n- Next: x\n")), &history(), &Prose::default());
        assert!(text.lines().any(|line| line == after), "{before}\n{text}");
    }
}

#[test]
fn a_log_without_sessions_takes_the_first_in_place_of_what_waits_for_one() {
    let entry = "**Session 1 (2026-01-15 18:00 - 19:00):**\n\
        - Completed: Task 1.1: a; Task 1.2: b\n- Issues encountered: None\n\
        - Decisions made: None\n- Next: Task 1.3: c\n";
    for log in [
        "",
        "[Sessions go here]\n",
        "None yet\n",
        "**Session 1 (YYYY-MM-DD HH:MM - HH:MM):**\n- Completed: [Tasks]\n- Issues encountered: [Issues]\n- Decisions made: [Decisions]\n- Next: [Next]\n",
    ] {
        let (text, found) = ended(&with_log(log), &history(), &Prose::default());
        assert_eq!(found.left_out, None, "{log}");
        assert!(text.contains(&format!("## Session Log\n\n{entry}\n## Notes\n")), "{log}\n{text}");
    }
    let (text, found) = ended(&with_log("We met on Monday.\n"), &history(), &Prose::default());
    assert_eq!(text, with_log("We met on Monday.\n"));
    assert!(found.left_out.is_some());
}

#[test]
fn a_log_that_counts_down_takes_the_new_session_first() {
    let two = "### Session 2 (2026-01-15 18:00)\n- Next: x\n";
    let one = "### Session 1 (2026-01-14 18:00)\n- Next: x\n";
    let (text, _) = ended(&with_log(&format!("{two}\n{one}")), &history(), &Prose::default());
    let three =
        "### Session 3 (2026-01-15 19:00 - 19:00)\n- Completed: Task 1.2: b\n- Next: Task 1.3: c\n";
    assert!(text.contains(&format!("## Session Log\n\n{three}\n{two}\n{one}")), "{text}");
}

#[test]
fn what_is_said_later_goes_into_the_last_session_where_that_says_nothing() {
    let first = [history()[0].clone()];
    let text = with_log(FIRST);
    let (after, found) = ended(&text, &first, &issues(" two\nlines\u{7} "));
    assert_eq!(after, text.replace("encountered: None", "encountered: two lines"));
    assert_eq!((found.session, found.left_out), (None, None));
    let (same, found) = ended(&after, &first, &issues("two lines"));
    assert_eq!((same, found.left_out), (after.clone(), None));
    let (same, found) = ended(&after, &first, &issues("three"));
    assert_eq!(same, after);
    assert!(found.left_out.is_some());
    let next = |next: &str| Prose { next: Some(next.to_owned()), ..Prose::default() };
    // A next step that we wrote gives way, a person's stays.
    let ours = text.replace("Next: Task 1.2: b", "Next: Task 1.3: c");
    let (after, _) = ended(&ours, &first, &next("Ask Ann"));
    assert_eq!(after, ours.replace("Next: Task 1.3: c", "Next: Ask Ann"));
    let theirs = text.replace("Next: Task 1.2: b", "Next: rest");
    let (same, found) = ended(&theirs, &first, &next("Ask Ann"));
    assert_eq!(same, theirs);
    assert!(found.left_out.is_some());
}

#[test]
fn where_there_is_no_place_it_is_said() {
    let (text, found) = ended(TASKS, &history(), &Prose::default());
    assert_eq!((text.as_str(), found.left_out), (TASKS, Some(NO_LOG)));
    let (_, found) = ended(TASKS, &[], &issues("x"));
    assert_eq!(found.left_out, Some(NO_LOG));
    let (_, found) = ended(TASKS, &[], &Prose::default());
    assert_eq!(found.left_out, None);
    let (text, found) = ended(&with_log(FIRST), &[], &issues("x"));
    assert_eq!(text, with_log(FIRST));
    assert!(found.left_out.is_some_and(|why| why.contains("no new commit")));
    let (_, found) = ended(&with_log(FIRST), &[], &Prose::default());
    assert_eq!(found.left_out, None);
}

#[test]
fn what_a_person_ticked_since_is_finished_too_and_once() {
    let before = read(&with_log(FIRST).replace("[x] Task 1.2", "[ ] Task 1.2"));
    let first = [history()[0].clone()];
    let by_hand = |text: &str| {
        let document = read(text);
        let stretch = Stretch::of(&document, &first);
        let found =
            checkpoint(&document, Some(&before), &stretch, &Prose::default(), Tick::Default);
        let after = String::from_utf8(found.patch.apply(text.as_bytes())).expect("UTF-8");
        (after, found.by_hand)
    };
    let text = with_log(FIRST);
    let named = text.replace("Completed: Task 1.1: a", "Completed: Task 1.1: a; Task 1.2: b");
    assert_eq!(by_hand(&text), (named.clone(), vec![1]));
    assert_eq!(by_hand(&named), (named, vec![]));
    // What a person wrote there is not added to.
    let prose = text.replace("Completed: Task 1.1: a", "Completed: a lot");
    assert_eq!(by_hand(&prose), (prose.clone(), vec![1]));
}

#[test]
fn the_edges_of_a_stretch_are_its_first_commit_and_the_one_before() {
    let document = read(&with_log(FIRST));
    let history = history();
    let oid = |said: &Said| said.commit.oid;
    let edges = |history: &[Said]| {
        let (before, first) = Stretch::of(&document, history).edges();
        (before.map(|commit| commit.oid), first.map(|commit| commit.oid))
    };
    assert_eq!(edges(&history), (Some(oid(&history[0])), Some(oid(&history[1]))));
    assert_eq!(edges(&history[..1]), (Some(oid(&history[0])), None));
    assert_eq!(edges(&history[1..]), (None, Some(oid(&history[1]))));
}

#[test]
fn the_number_of_sessions_goes_up_in_whatever_form_it_has() {
    for (before, after) in [
        (" 1", " 2"),
        (" 9 (so far)", " 10 (so far)"),
        ("", " 2"),
        (" [N]", " 2"),
        (" 999999", " 1000000"),
        (" 1000000", " 1000000"),
        (" many", " many"),
    ] {
        let text = with_log(FIRST).replace("Sessions:** 1", &format!("Sessions:**{before}"));
        let (text, _) = ended(&text, &history(), &Prose::default());
        assert!(text.contains(&format!("Sessions:**{after}\n")), "{before}\n{text}");
    }
}
