//! What a whole message reads as.

use super::*;

/// The tags of a message in their usual form.
fn tags(message: &str) -> Vec<String> {
    let reading = read(message);
    assert_eq!(reading.misses, [], "{message}");
    reading.tags.iter().map(Tag::to_string).collect()
}

/// The near misses of a message: kind and suggestion.
fn misses(message: &str) -> Vec<(MissKind, Option<String>)> {
    let reading = read(message);
    assert_eq!(reading.tags, [], "{message}");
    reading.misses.into_iter().map(|miss| (miss.kind, miss.suggestion)).collect()
}

#[test]
fn a_tag_is_read_in_every_form_that_it_has() {
    for (message, expected) in [
        ("feat: a [PRD-07 Task 1.2]", "[PRD-07 Task 1.2]"),
        ("feat: a [PRD-7 Task 1.2]", "[PRD-07 Task 1.2]"),
        ("feat: a [prd 07 Task 1.2]", "[PRD-07 Task 1.2]"),
        ("feat: a [PRD_07 TASK 1.2]", "[PRD-07 Task 1.2]"),
        ("[PRD-07 Tasks 1.2, 1.4-1.6]", "[PRD-07 Tasks 1.2, 1.4-1.6]"),
        ("[PRD-07 Task 1.2 and 1.3]", "[PRD-07 Tasks 1.2, 1.3]"),
        ("[PRD-07 Task 1.2+1.3]", "[PRD-07 Tasks 1.2, 1.3]"),
        ("[PRD-07 Task 1.2 & 1.3]", "[PRD-07 Tasks 1.2, 1.3]"),
        ("[PRD-07 Tasks 1.1,1.2, and 1.3]", "[PRD-07 Tasks 1.1, 1.2, 1.3]"),
        ("[PRD-07 Task 1.2, Task 1.3]", "[PRD-07 Tasks 1.2, 1.3]"),
        ("[PRD-07 Tasks 1.4–1.6]", "[PRD-07 Tasks 1.4-1.6]"),
        ("[PRD-07 Tasks 1.4 - 1.6 wip]", "[PRD-07 Tasks 1.4-1.6 wip]"),
        ("[PRD-07 Task 1.2a]", "[PRD-07 Task 1.2a]"),
        ("[PRD-07 Task A1]", "[PRD-07 Task A1]"),
        ("[PRD-07 Tasks T001-T003]", "[PRD-07 Tasks T001-T003]"),
        ("[PRD-07 Task WP-01]", "[PRD-07 Task WP-01]"),
        ("[PRD-07]", "[PRD-07]"),
        ("[prd 7]", "[PRD-07]"),
        ("[PRD-07 Task 1.2 wip]", "[PRD-07 Task 1.2 wip]"),
        ("[PRD-07 Task 1.2 part]", "[PRD-07 Task 1.2 wip]"),
        ("[PRD-07 Task 1.2 Done]", "[PRD-07 Task 1.2 done]"),
        ("[PRD-07 Tasks 1.2, 1.3 reopen]", "[PRD-07 Tasks 1.2, 1.3 reopen]"),
        ("[oracle-secrets Task A1]", "[oracle-secrets Task A1]"),
        ("[Oracle-Secrets tasks a1, A2 wip]", "[oracle-secrets Tasks a1, A2 wip]"),
        ("[prd-tool Task 1]", "[prd-tool Task 1]"),
        ("[ PRD-07  Task 1.2 ]", "[PRD-07 Task 1.2]"),
        ("a\n\nbody\n\nTask: [PRD-07 Task 1.2]\n", "[PRD-07 Task 1.2]"),
        ("a [PRD-07\n  Task 1.2]", "[PRD-07 Task 1.2]"),
        ("[[PRD-07 Task 1.2]]", "[PRD-07 Task 1.2]"),
        ("a [PRD-07 Task 1.2](prd/tasks/07.md)", "[PRD-07 Task 1.2]"),
        ("squash\n\n    feat: a [PRD-07 Task 1.2]\n", "[PRD-07 Task 1.2]"),
        ("\tfeat: a [PRD-07 Task 1.2]\n", "[PRD-07 Task 1.2]"),
        ("a ` b [PRD-07 Task 1.2]", "[PRD-07 Task 1.2]"),
    ] {
        assert_eq!(tags(message), [expected], "{message}");
    }
}

#[test]
fn several_tags_all_count() {
    let message = "Squashed commit\n\n    a [PRD-07 Task 1.1]\n\n    b [PRD-08] [x Task 2]\n";
    assert_eq!(tags(message), ["[PRD-07 Task 1.1]", "[PRD-08]", "[x Task 2]"]);
    let reading = read("a [PRD-07]\n[PRD-08]\n\n[PRD-09\nTask 1]");
    assert_eq!(
        reading.tags.iter().map(|tag| tag.in_subject).collect::<Vec<_>>(),
        [true, true, false]
    );
    assert_eq!(reading.tags[2].text, "[PRD-09 Task 1]");
}

#[test]
fn what_only_looks_like_a_tag_is_prose() {
    for message in [
        "(#123) [P] [US1] [x] [ ] [~] [skip ci] [1.2.3] [text](url) [Task 1.2] [Task 1.2](x)",
        "[PRD] [PRD review] [prd-tool] [PRD-tool] [PRDs] [prd.md] [prd/tasks] [prd-n-queens]",
        "see PRD-07 Task 1.2 for details (PRD-07 Task 1.2) #PRD-07",
        "[see PRD-07 Task 1.2] [Task] [Tasks 1-3] [2 Tasks 1.2] [7 Task 1.2]",
        "[oracle-secrets] [oracle-secrets 1.2] [oracle-secrets Tsk 1.2] [a Task X.Y] [a Task]",
        "[PRD-07 review] [PRD-07 follow-up] [PRD-07 v2] [PRD-07 2024-05-01] [PRD-07 #12] [PRD-07 50%]",
        "[PRD 1.2] [PRD-7.1] [PRD-07 part 2] [PRD-07 3/5] [PRD-07 Phase 2] [PRD-07 task list]",
        "[PRD-07](prd/tasks/07.md) [PRD07 spec](a) [PRD-07a] [PRD2X] [PRD ?] [PRD-07 draft 2]",
        "use `[PRD-07 Task 1.2]` or ``[PRD07 `Task1.2]``",
        "`a\n[PRD-07 Task 1.2] b`",
        "a\n\n```\n[PRD-07 Task 1.2]\n[PRD-XX Task N.N]\n```\n",
        "a\n\n~~~\n[PRD-07 Task 1.2]\n\n[PRD-08]",
        r"\[PRD-07 Task 1.2\]",
        "[PRD-07 and [x]] [prd-07 [draft]",
        "[] [ [[ ]] ] [",
    ] {
        assert_eq!(tags(message), [""; 0], "{message}");
    }
}

#[test]
fn a_near_miss_comes_with_the_tag_to_write() {
    for (message, expected) in [
        ("[PRD07 Task1.2]", "[PRD-07 Task 1.2]"),
        ("[PRD07 Task 1.2]", "[PRD-07 Task 1.2]"),
        ("[PRD-07 Task1.2]", "[PRD-07 Task 1.2]"),
        ("[PRD-07 TaskA1]", "[PRD-07 Task A1]"),
        ("[PRD-07 Task 7wip.. ]", "[PRD-07 Task 7 wip]"),
        ("[PRD-07 Task 1wip..3]", "[PRD-07 Tasks 1-3]"),
        ("[PRD07Task1.2]", "[PRD-07 Task 1.2]"),
        ("[PRD-07 Tsk 1.2]", "[PRD-07 Task 1.2]"),
        ("[PRD-07 taks 1.2 wip]", "[PRD-07 Task 1.2 wip]"),
        ("[PRD-07 1.2]", "[PRD-07 Task 1.2]"),
        ("[PRD-07 1.2, 1.4-1.6 done]", "[PRD-07 Tasks 1.2, 1.4-1.6 done]"),
        ("[PRD-07 T001]", "[PRD-07 Task T001]"),
        ("[PRD-07: 1.2]", "[PRD-07 Task 1.2]"),
        ("[PRD-07: Task 1.2]", "[PRD-07 Task 1.2]"),
        ("[PRD-07, Task 1.2]", "[PRD-07 Task 1.2]"),
        ("[PRD-07-Task-1.2]", "[PRD-07 Task 1.2]"),
        ("[PRD-07/Task 1.2]", "[PRD-07 Task 1.2]"),
        ("[PRD-07 Task: 1.2]", "[PRD-07 Task 1.2]"),
        ("[PRD-07 Task #1.2]", "[PRD-07 Task 1.2]"),
        ("[PRD-07 Task 1.2.]", "[PRD-07 Task 1.2]"),
        ("[PRD-07 (Task 1.2)]", "[PRD-07 Task 1.2]"),
        ("[PRD–07 Task 1.2]", "[PRD-07 Task 1.2]"),
        ("[PRD #7 Task 1.2]", "[PRD-07 Task 1.2]"),
        ("a [PRD-07 Task 1.2", "[PRD-07 Task 1.2]"),
        ("a [PRD-07 Task 1.2\n\nbody [x]", "[PRD-07 Task 1.2]"),
        ("a [PRD-07 Task 1.2\nbody (x] y)", "[PRD-07 Task 1.2]"),
        ("a [PRD-07 Task 1.2) b", "[PRD-07 Task 1.2]"),
        ("a [PRD-07 Task 1.2 [x]", "[PRD-07 Task 1.2]"),
        ("a [PRD-07", "[PRD-07]"),
        ("[PRD07]", "[PRD-07]"),
        ("[PRD 07 Task]", "[PRD-07]"),
        ("[PRD-07 Task 1.2 finished]", "[PRD-07 Task 1.2 done]"),
        ("[PRD-07 Task 1.2 (wip)]", "[PRD-07 Task 1.2 wip]"),
        ("[PRD-07 Task 1.2: wip]", "[PRD-07 Task 1.2 wip]"),
        ("[PRD-07 Task 1.2wip]", "[PRD-07 Task 1.2 wip]"),
        ("[PRD-07 Task 1.2 in progress]", "[PRD-07 Task 1.2 wip]"),
        ("[PRD-07 Task 1.2 dnoe]", "[PRD-07 Task 1.2 done]"),
        ("[PRD-07 Task 1.2 add the lock]", "[PRD-07 Task 1.2]"),
        ("[PRD-07 Tasks 1.2 1.3]", "[PRD-07 Tasks 1.2, 1.3]"),
        ("[PRD-07 Tasks 1.2; 1.3]", "[PRD-07 Tasks 1.2, 1.3]"),
        ("[PRD-07 Tasks 1.2, 1.3,]", "[PRD-07 Tasks 1.2, 1.3]"),
        ("[PRD-07 Tasks 1.4..1.6]", "[PRD-07 Tasks 1.4-1.6]"),
        ("[PRD-07 Tasks 1.4—1.6]", "[PRD-07 Tasks 1.4-1.6]"),
        ("[PRD-07 Tasks 1.4 to 1.6]", "[PRD-07 Tasks 1.4-1.6]"),
        ("[PRD-07 Task 1.2, PRD-08 Task 1.1]", "[PRD-07 Task 1.2] [PRD-08 Task 1.1]"),
    ] {
        assert_eq!(
            misses(message),
            [(MissKind::Malformed, Some(expected.to_owned()))],
            "{message}"
        );
    }
    assert_eq!(misses("[PRD Task 1.2]"), [(MissKind::Malformed, None)]);
    assert_eq!(misses("[PRD-07 wip]"), [(MissKind::FeatureWord, Some("[PRD-07]".to_owned()))]);
    assert_eq!(misses("[prd 7 done]").len(), 1);
}

#[test]
fn the_templates_own_placeholders_are_faults() {
    for message in [
        "[PRD-XX Task N.N]",
        "[PRD-XX Task 1.1]",
        "[PRD-07 Task X.Y]",
        "[PRD-07 Tasks N.N, N.M]",
        "[PRD-XX]",
        "[PRD-NN Task 1.1]",
        "[prd-xx task n.n]",
        "[PRD-<NN> Task <id>]",
        "[PRD-{N} Task 1.1]",
        "[PRD-## Task 1.1]",
        "[PRD-07 Task <id>]",
        "[PRD-07 Task ?]",
        "[PRD-07 Task TBD]",
        "[PRD-XX wip]",
    ] {
        assert_eq!(misses(message), [(MissKind::Placeholder, None)], "{message}");
    }
}

#[test]
fn there_are_limits_instead_of_surprises() {
    let reading = read(&"[PRD-07 Task 1.2]\n".repeat(101));
    assert_eq!(reading.tags.len(), MAX_TAGS);
    assert_eq!(
        reading.misses.iter().map(|miss| miss.kind).collect::<Vec<_>>(),
        [MissKind::TooMany]
    );
    assert_eq!(tags(&"[PRD-07 Task 1.2]\n".repeat(100)).len(), 100);

    let list = format!("[PRD-07 Tasks {}]", ["1.2"; 101].join(", "));
    assert_eq!(misses(&list), [(MissKind::TooMany, None)]);

    let long = "1".repeat(65);
    for message in [
        format!("[PRD-07 Task {long}]"),
        format!("[PRD-{long} Task 1.2]"),
        format!("[PRD-07 Tasks 1.2, {long}]"),
        "[PRD-99999999999 Task 1.2]".to_owned(),
        "[PRD-07 Task 99999999999]".to_owned(),
    ] {
        let found = misses(&message);
        assert_eq!(found, [(MissKind::TooLong, None)], "{message}");
    }
    assert_eq!(tags(&format!("[{long}x Task 1.2]")), [""; 0]);
    let text = &read(&format!("[PRD-07 Task 1.2 {}]", "é".repeat(500))).misses[0].text;
    assert_eq!(text.chars().count(), 101);
}

#[test]
fn a_reverts_quoted_subject_belongs_to_another_commit() {
    let git = "Revert \"feat: a [PRD-07 Task 1.2]\"\n\nThis reverts commit 0123456789abcdef.\n";
    let reading = read(git);
    assert_eq!((reading.tags.len(), reading.reverts), (0, vec!["0123456789abcdef".to_owned()]));

    let forge = read("Revert \"feat: [PRD07 Task1.2] [PRD-08]\" (#45)\n\nReverts owner/name#44\n");
    assert_eq!(forge, Reading::default());

    let added = "Reapply \"a [PRD-07 Task 1.2]\" [PRD-07 Task 1.3]\n\nThis reverts commit 0123456.\n\n[PRD-08]";
    assert_eq!(tags(added), ["[PRD-07 Task 1.3]", "[PRD-08]"]);

    let reference =
        "undo\n\nThis reverts commit 0123456 (feat: a [PRD-07 Task 1.2], 2024-05-01).\n";
    let reading = read(reference);
    assert_eq!((reading.tags.len(), reading.reverts.len()), (0, 1));

    let squash = "a\n\n    Revert \"b [PRD-07 Task 1.2]\"\n\n* Reapply \"c [PRD-08]\" (#2)\n\n    d [PRD-09]\n";
    assert_eq!(tags(squash), ["[PRD-09]"]);

    assert!(read("a\n\n```\nThis reverts commit 0123456.\n```\n").reverts.is_empty());
    assert!(read("This reverts commit [x").reverts.is_empty());
}

#[test]
fn a_tag_at_the_very_start_is_told_apart() {
    for (message, expected) in [
        ("[PRD-07 Task 1.2] a", true),
        ("\n [PRD-07] a", true),
        ("a [PRD-07]", false),
        ("a\n\n[PRD-07]", false),
        ("[x] [PRD-07]", false),
    ] {
        assert_eq!(read(message).leading, expected, "{message}");
    }
}

#[test]
fn autosquash_subjects_are_known_as_git_knows_them() {
    for subject in ["fixup! a", "squash! fixup! a", "amend! a"] {
        assert!(is_autosquash(subject), "{subject}");
    }
    for subject in ["fixup a", "fix! a", "a fixup! b", "fixup!a"] {
        assert!(!is_autosquash(subject), "{subject}");
    }
}

#[test]
fn a_word_that_is_almost_one_of_ours_is_known() {
    for (words, meant) in [
        ("finished finishes complete completed closes resolved ready dnoe", "done"),
        ("in progress partial partly started ongoing wpi", "wip"),
        ("open opened reopened reopens undo undone todo repoen", "reopen"),
    ] {
        for word in words.split(' ') {
            let suggestion = Some(format!("[PRD-07 Task 1.2 {meant}]"));
            let found = misses(&format!("[PRD-07 Task 1.2 {word}]"));
            assert_eq!(found.first().map(|miss| miss.1.clone()), Some(suggestion), "{word}");
        }
    }
}

#[test]
fn a_number_that_goes_on_is_no_plans() {
    for message in ["[PRD-07done]", "[PRD 7wip]", "[PRD 1.2]", "[PRD-1.2 done]"] {
        assert_eq!((tags(message), misses(message)), (vec![], vec![]), "{message}");
    }
}

#[test]
fn nearly_every_message_is_known_at_once_to_hold_no_tag() {
    for (message, expected) in [
        ("fix: a", false),
        ("see [1] and [x](y) for the task", false),
        ("Revise a, commit b", false),
        ("a [ PRD", true),
        ("a [x Task", true),
        ("a [x] Task [", false),
        ("a [\u{a0}x]", true),
        ("This reverts commit 0123456.", true),
    ] {
        assert_eq!(may_hold_tag(message.as_bytes()), expected, "{message}");
    }
}

#[test]
fn what_is_no_tag_ends_with_its_line_and_a_tag_may_be_folded() {
    assert_eq!(tags("a [PRD-07\nTask 1.2] b"), ["[PRD-07 Task 1.2]"]);
    for message in ["a [PRD7 Task1.2\nmore] b", "a [PRD7 Task1.2\nmore", "a [PRD7 Task1.2\n\nmore]"]
    {
        let [miss] = &read(message).misses[..] else { panic!("{message}") };
        assert_eq!(&message[miss.span.clone()], "[PRD7 Task1.2", "{message}");
        assert_eq!(miss.text, "[PRD7 Task1.2");
    }
}
