//! What both sides put at the end of a section.

use super::*;

fn log(sessions: &[&str]) -> String {
    format!("# X (PRD 07)\n\n## Session Log\n\n{}\n\n## Notes\n", sessions.join("\n\n"))
}

fn session(number: usize, day: usize) -> String {
    format!("**Session {number} (2026-01-{day:02} 10:00 - 11:00):**\n- Next: {day}")
}

#[test]
fn sessions_of_both_sides_stand_by_their_time_and_are_numbered_anew() {
    let [one, two, late, later] = [session(1, 1), session(2, 3), session(2, 4), session(3, 5)];
    let merge = |base: &[&str], ours: &[&str], theirs: &[&str]| {
        either_way("prd/tasks/07_x.md", &log(base), &log(ours), &log(theirs))
    };
    let expected = log(&[&one, &two, &session(3, 4), &session(4, 5)]);
    assert_eq!(merge(&[&one], &[&one, &two], &[&one, &late, &later]), Some(expected));
    // One that both sides have stands once.
    let expected = log(&[&one, &two, &later]);
    assert_eq!(merge(&[&one], &[&one, &two], &[&one, &two, &later]), Some(expected));
    // An example has no number to go on from, and one without a time goes last.
    let example = "**Session 9 (YYYY-MM-DD HH:MM - HH:MM):**\n- Next: [Next]";
    let timeless = "**Session 1:**\n- Next: x";
    let expected = log(&[example, &one, "**Session 2:**\n- Next: x"]);
    assert_eq!(merge(&[example], &[example, timeless], &[example, &one]), Some(expected));
    // The first of a log are merged too.
    assert_eq!(merge(&[], &[&one], &[&session(1, 3)]), Some(log(&[&one, &two])));
}

const BOOK: &str = "# Session Recovery: X\n\n**Last Updated**: 2026-01-01 10:00\n\n\
    ### Completed\n- [x] a\n\n### In Progress\n- [ ] **Current focus**: b\n- **Last action**: c\n\n\
    ## Files Modified So Far\n\n- `a.rs` - a\n\n## Next Steps\n\n1. **Immediate**: b\n\
    2. **After that**: d\n";

const PLACE: &str = "specs/active/x/recovery.md";

#[test]
fn lists_of_a_recovery_file_keep_what_both_sides_added_the_newer_last() {
    let ours = with(
        BOOK,
        &[
            ("01-01 10:00", "01-02 10:00"),
            ("- [x] a\n", "- [x] a\n- [x] b\n- [x] both\n"),
            ("- `a.rs` - a\n", "- `a.rs` - a\n- `b.rs` - ours\n- `c.rs` - c\n"),
        ],
    );
    let theirs = with(
        BOOK,
        &[
            ("01-01 10:00", "01-03 10:00"),
            ("- [x] a\n", "- [x] a\n- [x] both\n- [x] d\n"),
            ("- `a.rs` - a\n", "- `a.rs` - a\n- `d.rs` - d\n- `b.rs` - theirs\n"),
        ],
    );
    let expected = with(
        BOOK,
        &[
            ("01-01 10:00", "01-03 10:00"),
            ("- [x] a\n", "- [x] a\n- [x] b\n- [x] both\n- [x] d\n"),
            ("- `a.rs` - a\n", "- `a.rs` - a\n- `b.rs` - theirs\n- `c.rs` - c\n- `d.rs` - d\n"),
        ],
    );
    assert_eq!(either_way(PLACE, BOOK, &ours, &theirs), Some(expected));
    // Anywhere else such lists are git's.
    assert_eq!(either_way("specs/active/x/tasks.md", BOOK, &ours, &theirs), None);
}

#[test]
fn values_of_a_recovery_file_are_those_of_the_side_that_changed_them_or_is_newer() {
    let side = |time: &str, values: [&str; 4]| {
        let [focus, action, immediate, after] = values;
        with(
            BOOK,
            &[
                ("01-01 10:00", time),
                ("focus**: b", &format!("focus**: {focus}")),
                ("action**: c", &format!("action**: {action}")),
                ("Immediate**: b", &format!("Immediate**: {immediate}")),
                ("that**: d", &format!("that**: {after}")),
            ],
        )
    };
    for (ours, theirs, expected) in [
        (["x", "c", "b", "d"], ["b", "y", "b", "z"], ["x", "y", "b", "z"]),
        (["x", "c", "p", "d"], ["y", "w", "q", "d"], ["y", "w", "q", "d"]),
        // What is taken a second time gives way to what stands beside it.
        (["b", "c", "d", "e"], ["b", "c", "b", "d"], ["b", "c", "d", "e"]),
        (["b", "c", "d", "d"], ["b", "c", "b", "e"], ["b", "c", "d", "e"]),
        (["b", "c", "None", "d"], ["b", "c", "b", "None"], ["b", "c", "None", "None"]),
        (["None", "None", "b", "d"], ["x", "y", "b", "d"], ["x", "y", "b", "d"]),
    ] {
        let [older, newer] = [side("01-02 10:00", ours), side("01-03 10:00", theirs)];
        let found = either_way(PLACE, BOOK, &older, &newer);
        assert_eq!(found, Some(side("01-03 10:00", expected)), "{ours:?} {theirs:?}");
    }
    // Of the same minute neither is newer.
    let [one, other] = ["x", "y"].map(|focus| side("01-02 10:00", [focus, "c", "b", "d"]));
    assert_eq!(either_way(PLACE, BOOK, &one, &other), None);
}
