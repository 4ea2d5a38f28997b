//! What a commit makes of the lines at the top.

use super::*;

/// What one commit on an evening leaves of a field; with `tasks` behind it.
fn field(line: &str, tasks: &str) -> String {
    let text = format!("# X (PRD 07)\n\n{line}\n\n## Tasks\n\n{tasks}");
    let recorded = recorded(&text, &[said('a', 0, "feat: a [PRD-07 Task 1.1]")]);
    recorded.lines().nth(2).expect("the field").to_owned()
}

#[test]
fn a_stamp_takes_a_later_time_in_its_own_form() {
    for (before, after) in [
        ("", " 2026-01-15"),
        (" YYYY-MM-DD", " 2026-01-15"),
        (" YYYY-MM-DD HH:MM", " 2026-01-15 18:45"),
        (" [Date]", " 2026-01-15"),
        (" [Date/Time]", " 2026-01-15 18:45"),
        (" 2026-01-14", " 2026-01-15"),
        (" 2026-01-16", " 2026-01-16"),
        (" 2026-01-14 (Ann)", " 2026-01-15 (Ann)"),
        (" 2026-01-14 - late", " 2026-01-15 - late"),
        (" 2026-01-15 18:44", " 2026-01-15 18:45"),
        (" 2026-01-15 18:46", " 2026-01-15 18:46"),
        (" 2026-01-14T20:00", " 2026-01-15T18:45"),
        (" 2026-01-14 20:00 (Ann)", " 2026-01-15 18:45 (Ann)"),
        (" 2026-01-14 20:00:30", " 2026-01-14 20:00:30"),
        (" 2026-01-14, late", " 2026-01-14, late"),
        (" last week", " last week"),
        (" [sic", " [sic"),
    ] {
        let found = field(&format!("**Last Updated:**{before}"), "- [ ] 1.1 a\n");
        assert_eq!(found, format!("**Last Updated:**{after}"), "{before}");
    }
}

#[test]
fn a_status_follows_the_boxes_unless_it_is_a_persons() {
    let [open, done] = ["- [ ] 1.1 a\n- [ ] 1.2 b\n", "- [ ] 1.1 a\n- [x] 1.2 b\n"];
    for (before, begun, complete) in [
        ("Not Started", "In Progress", "Completed"),
        ("not started", "in progress", "completed"),
        ("NOT STARTED", "IN PROGRESS", "COMPLETED"),
        ("In Progress", "In Progress", "Completed"),
        ("Completed", "In Progress", "Completed"),
        ("[Status]", "In Progress", "Completed"),
        ("[draft]", "In Progress", "Completed"),
        ("Not Started | In Progress | Completed", "In Progress", "Completed"),
        ("not started/blocked", "In Progress", "Completed"),
        ("Blocked", "Blocked", "Blocked"),
        ("Not Started | Draft", "Not Started | Draft", "Not Started | Draft"),
    ] {
        let line = format!("**Status:** {before}");
        assert_eq!(field(&line, open), format!("**Status:** {begun}"));
        assert_eq!(field(&line, done), format!("**Status:** {complete}"));
    }
}

#[test]
fn check_lists_keep_no_feature_open_but_the_one_before_marking_it_complete() {
    let done = "- [ ] 1.1 a\n";
    let testing = "\n## Testing Status\n\n**Manual Testing:**\n- [ ] tried\n";
    let before = "\n## Next Session Priorities\n\n**Before Marking Complete:**\n- [ ] tried\n";
    let status = |tasks: &str| field("**Status:** Not Started", tasks);
    assert_eq!(status(&format!("{done}{testing}")), "**Status:** Completed");
    assert_eq!(status(&format!("{done}{before}")), "**Status:** In Progress");
    assert_eq!(status("Nothing yet.\n"), "**Status:** In Progress");
}

#[test]
fn the_start_is_the_day_of_the_oldest_link_unless_a_person_set_another() {
    let text = |start: &str| format!("# X (PRD 07)\n\n**Started:** {start}\n\n- [ ] 1.1 a\n");
    let [first, second] = [said('a', 0, "a [PRD-07 Task 1.1]"), said('b', DAY, "b [PRD-07]")];
    let start = |start: &str, history: &[Said]| {
        recorded(&text(start), history).lines().nth(2).map(str::to_owned).expect("the field")
    };
    let both = [first.clone(), second.clone()];
    for (before, after) in [
        ("YYYY-MM-DD", "2026-01-15"),
        ("[Date]", "2026-01-15"),
        ("2026-01-16", "2026-01-15"),
        ("2026-01-15", "2026-01-15"),
        ("2026-01-10", "2026-01-10"),
        ("2026-01-17", "2026-01-17"),
        ("soon", "soon"),
    ] {
        assert_eq!(start(before, &both), format!("**Started:** {after}"));
    }
    let reach = |start: &str| super::reach(&read(&text(start)), std::slice::from_ref(&second));
    for (before, expected) in [
        ("YYYY-MM-DD", Reach::Oldest),
        ("2026-01-16", Reach::Oldest),
        ("2026-01-15", Reach::Newer),
        ("soon", Reach::Newer),
    ] {
        assert_eq!(reach(before), expected, "{before}");
    }
}
