//! Lists of commits and the boxes that follow from them.

use super::*;

/// A list of entries, each a hash and a message.
fn list(entries: &[(&str, &str)]) -> String {
    let line = |(hash, message): &(&str, &str)| format!("- `{hash}` - {message}\n");
    entries.iter().map(line).collect()
}

fn with_list(entries: &[(&str, &str)]) -> String {
    with(BASE, &[(LAST, &list(entries))])
}

const FIRST: (&str, &str) = ("1111111", "a [PRD-07 Task 1.1]");

#[test]
fn a_commit_is_one_however_many_digits_name_it() {
    let short = ("aaaaaaa", "x [PRD-07]");
    let long = ("aaaaaaaaa", "x [PRD-07]");
    let (ours, theirs) = (with_list(&[FIRST, short]), with_list(&[FIRST, long]));
    assert_eq!(both_ways(&History::new(), &ours, &theirs), with_list(&[FIRST, long]));
    let known = Known { ..known('a', 1, "x [PRD-07]", false).1 };
    let history = [7, 9].map(|digits| ("a".repeat(digits), known.clone())).into_iter().collect();
    assert_eq!(both_ways(&history, &ours, &theirs), with_list(&[FIRST, long]));
    // One whose text both sides changed is for people.
    let other = with_list(&[FIRST, ("aaaaaaa", "y [PRD-07]")]);
    assert!(merged(&History::new(), &ours, &other).conflicts);
}

#[test]
fn an_entry_that_stands_twice_stays_twice() {
    let twice = with_list(&[FIRST, FIRST, ("2222222", "x [PRD-07]")]);
    let theirs = with_list(&[FIRST, ("3333333", "x [PRD-07]")]);
    let expected = [FIRST, FIRST, ("2222222", "x [PRD-07]"), ("3333333", "x [PRD-07]")];
    assert_eq!(both_ways(&History::new(), &twice, &theirs), with_list(&expected));
}

#[test]
fn each_side_keeps_its_order_and_history_decides_between_them() {
    let said = |digit: char, seconds| known(digit, seconds, "x [PRD-07]", false);
    let history =
        History::from([said('1', 1), said('2', 20), said('3', 30), said('4', 40), said('5', 50)]);
    let entry = |digit| -> (&str, &str) {
        let hash = match digit {
            2 => "2222222",
            3 => "3333333",
            4 => "4444444",
            _ => "5555555",
        };
        (hash, "x [PRD-07]")
    };
    for (ours, theirs, expected) in [
        (&[2, 4][..], &[3, 5][..], &[2, 3, 4, 5][..]),
        (&[4, 2], &[3], &[3, 4, 2]),
        (&[2, 3, 4], &[3, 5], &[2, 3, 4, 5]),
        (&[5, 3], &[3, 4], &[5, 3, 4]),
    ] {
        let text = |digits: &[i32]| {
            let entries: Vec<_> =
                [FIRST].into_iter().chain(digits.iter().map(|&d| entry(d))).collect();
            with_list(&entries)
        };
        assert_eq!(both_ways(&history, &text(ours), &text(theirs)), text(expected));
    }
}

#[test]
fn lists_of_different_forms_are_left_to_git() {
    let table = "| Hash | Message |\n|---|---|\n| `1111111` | a [PRD-07 Task 1.1] |\n";
    let ours = with(BASE, &[(LAST, table)]);
    let theirs = with_list(&[FIRST, ("2222222", "x [PRD-07]")]);
    assert!(merged(&History::new(), &ours, &theirs).conflicts);
    let renamed = with(BASE, &[("## Git Commits", "## Links")]);
    assert!(merged(&History::new(), &renamed, &theirs).conflicts);
    // A section that the base lacks is merged.
    let base = with(
        BASE,
        &[
            ("## Git Commits\n\n", ""),
            (LAST, ""),
            ("[x] 1.1", "[ ] 1.1"),
            ("33% (1/3)", "0% (0/3)"),
        ],
    );
    let [ours, theirs] = [[FIRST], [("2222222", "x [PRD-07 Task 1.3]")]].map(|entries| {
        with(&base, &[("## Notes", &format!("## Git Commits\n\n{}\n## Notes", list(&entries)))])
    });
    let merged = merged_from(&base, &History::new(), &ours, &theirs);
    let text = String::from_utf8(merged.text).expect("UTF-8");
    assert!(text.contains(&list(&[FIRST, ("2222222", "x [PRD-07 Task 1.3]")])), "{text}");
}

#[test]
fn where_the_team_lets_no_tag_set_a_box_the_boxes_are_peoples() {
    let [done, open] = ["x [PRD-07 Task 1.3]", "y [PRD-07 Task 1.3 reopen]"];
    let ours = with(&with_list(&[FIRST, ("2222222", done)]), &[("[ ] 1.3", "[x] 1.3")]);
    let theirs = with_list(&[FIRST, ("3333333", open)]);
    let history = History::from([known('2', 20, done, false), known('3', 30, open, false)]);
    for (tick, expected) in [(Tick::Default, "[ ] 1.3 e"), (Tick::Never, "[x] 1.3 e")] {
        let texts = Three { base: BASE, ours: &ours, theirs: &theirs };
        let texts = texts.map_into(|text| text.as_bytes().to_vec());
        let sides = Sides::read("prd/tasks/07_x.md", &FEATURE_FILE, texts).with_tick(tick);
        let merged = sides.merge(&history, join).unwrap_or_else(|conflict| conflict);
        assert!(String::from_utf8_lossy(&merged.text).contains(expected), "{tick:?}");
    }
}

#[test]
fn history_is_asked_for_every_entry_and_for_those_that_went() {
    let two = ("2222222", "x [PRD-07]");
    let three = ("3333333", "x [PRD-07]");
    let texts = Three {
        base: with_list(&[FIRST, two, ("abc1234", "feat: example")]),
        ours: with_list(&[FIRST, three]),
        theirs: with_list(&[two, three]),
    };
    let sides = Sides::read("x.md", &FEATURE_FILE, texts.map_into(String::into_bytes));
    assert_eq!(sides.hashes(), ["1111111", "2222222", "3333333"]);
    assert_eq!(sides.missing_hashes(), ["1111111", "2222222"]);
}

#[test]
fn what_one_side_takes_back_falls_back_on_what_the_other_did() {
    let again = ("aaaaaaa", "again [PRD-07 Task 1.1]");
    let revert = ("bbbbbbb", "Revert \"a\"");
    let open = [("[x] 1.1", "[ ] 1.1"), ("33% (1/3)", "0% (0/3)")];
    let ours = with(&with_list(&[FIRST, revert]), &open);
    let theirs = with_list(&[FIRST, again]);
    let first = known('1', 1, FIRST.1, false);
    let tags = first.1.said.tags.clone();
    let oid = first.1.said.commit.oid;
    let mut taken_back = known('b', 20, revert.1, false);
    taken_back.1.said.reverts.push(crate::plan::Reverted { oid, commit: None, tags });
    for (seconds, order) in [(10, [again, revert]), (30, [revert, again])] {
        let history = [first.clone(), taken_back.clone(), known('a', seconds, again.1, false)];
        let text = both_ways(&History::from(history), &ours, &theirs);
        assert!(text.contains("[x] 1.1 a") && text.contains("33% (1/3)"), "{text}");
        assert!(text.contains(&list(&order)), "{text}");
    }
    // With nothing to fall back on the task is open.
    let history = History::from([first, taken_back]);
    let theirs = with(BASE, &[("10:00", "11:00")]);
    assert!(both_ways(&history, &ours, &theirs).contains("[ ] 1.1 a"));
}

#[test]
fn a_task_with_parts_follows_the_commits_of_both_sides() {
    let ours = with(
        &with_list(&[FIRST, ("2222222", "x [PRD-07 Task 1.2.2]")]),
        &[("[ ] 1.2 b", "[x] 1.2 b"), ("[ ] 1.2.2", "[x] 1.2.2"), ("33% (1/3)", "66% (2/3)")],
    );
    for (word, seconds, line) in [
        ("wip", 10, "- [x] 1.2 b\n"),
        ("wip", 30, "- [ ] 1.2 b (IN PROGRESS)\n"),
        ("reopen", 10, "- [x] 1.2 b\n"),
        ("reopen", 30, "- [ ] 1.2 b\n"),
        ("done", 30, "- [x] 1.2 b\n"),
    ] {
        let message = format!("y [PRD-07 Task 1.2 {word}]");
        let box_of = |word: &str| match word {
            "wip" => "- [ ] 1.2 b (IN PROGRESS)\n",
            "done" => "- [x] 1.2 b\n",
            _ => "- [ ] 1.2 b\n",
        };
        let mut theirs =
            with(&with_list(&[FIRST, ("3333333", &message)]), &[("- [ ] 1.2 b\n", box_of(word))]);
        if word == "done" {
            theirs = with(&theirs, &[("[ ] 1.2.2", "[x] 1.2.2"), ("33% (1/3)", "66% (2/3)")]);
        }
        let history = History::from([
            known('1', 1, FIRST.1, false),
            known('2', 20, "x [PRD-07 Task 1.2.2]", false),
            known('3', seconds, &message, false),
        ]);
        let merged = merged(&history, &ours, &theirs);
        assert_eq!(merged, super::merged(&history, &theirs, &ours), "{message} {seconds}");
        let text = String::from_utf8(merged.text).expect("UTF-8");
        assert!(text.contains(line) && text.contains("[x] 1.2.2"), "{message} {seconds}\n{text}");
    }
}

#[test]
fn of_two_boxes_that_differ_from_the_base_the_one_that_changed_more_stands() {
    for (base, ours, theirs, expected) in [
        ("[ ] 1.3 e", "[ ] 1.3 e (IN PROGRESS)", "[x] 1.3 e", "[x] 1.3 e"),
        ("[x] 1.3 e", "[X] 1.3 e", "[ ] 1.3 e", "[ ] 1.3 e"),
        ("[x] 1.3 e", "[x] 1.3 e ✓", "[ ] 1.3 e (IN PROGRESS)", "[ ] 1.3 e (IN PROGRESS)"),
        ("[ ] 1.3 e ✓", "[ ] 1.3 e", "[ ] 1.3 e (IN PROGRESS)", "[ ] 1.3 e (IN PROGRESS)"),
        ("[ ] 1.3 e", "[x] 1.3 e", "[X] 1.3 e", "[x] 1.3 e"),
        ("[ ] 1.3 e", "[x] 1.3 e", "[x] 1.3 e ✓", "[x] 1.3 e ✓"),
    ] {
        let text = |line: &str, time: &str| with(BASE, &[("[ ] 1.3 e", line), ("10:00", time)]);
        let [base, ours, theirs] =
            [text(base, "10:00"), text(ours, "11:00"), text(theirs, "12:00")];
        let merged = either_way("prd/tasks/07_x.md", &base, &ours, &theirs).expect("no conflict");
        assert!(merged.contains(&format!("- {expected}\n")), "{expected}\n{merged}");
    }
    let text = |mark: char| with(BASE, &[("[ ] 1.3 e", &format!("[{mark}] 1.3 e"))]);
    let [base, ours, theirs] = ['~', 'x', ' '].map(text);
    assert_eq!(either_way("prd/tasks/07_x.md", &base, &ours, &theirs), None);
}

#[test]
fn of_several_tags_of_one_commit_the_strongest_speaks() {
    let message = "y [PRD-07 Task 1.2] [PRD-07 Task 1.2 wip]";
    let ours = with(
        &with_list(&[FIRST, ("2222222", "x [PRD-07 Task 1.2.2]")]),
        &[("[ ] 1.2 b", "[x] 1.2 b"), ("[ ] 1.2.2", "[x] 1.2.2"), ("33% (1/3)", "66% (2/3)")],
    );
    let begun = [("[ ] 1.2 b", "[ ] 1.2 b (IN PROGRESS)")];
    let theirs = with(&with_list(&[FIRST, ("3333333", message)]), &begun);
    let history = History::from([
        known('2', 20, "x [PRD-07 Task 1.2.2]", false),
        known('3', 30, message, false),
    ]);
    assert!(both_ways(&history, &ours, &theirs).contains("- [x] 1.2 b\n"));
}

#[test]
fn a_section_that_one_side_took_out_is_not_a_list_without_commits() {
    let theirs = with_list(&[FIRST, ("2222222", "x [PRD-07]")]);
    let without = with(BASE, &[("## Git Commits\n\n", ""), (LAST, "")]);
    for (ours, theirs) in [(&without, &theirs), (&theirs, &without)] {
        assert!(merged(&History::new(), ours, theirs).conflicts);
    }
}
