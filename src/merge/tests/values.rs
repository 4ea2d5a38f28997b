//! Header fields and figures.

use super::super::three::decide;
use super::*;

const TEXT: &str = "# X (PRD 07)\n\n**Last Updated:** 2026-01-10\n\n- [ ] 1.1 a\n";

/// What a field becomes from either side; `None` for a conflict.
fn field(name: &str, [base, ours, theirs]: [&str; 3]) -> Option<String> {
    let text = |value: &str, words: &str| {
        // Another line differs on both sides, so that neither is the base.
        format!(
            "# X (PRD 07)\n\n**{name}:** {value}\n**Last Updated:** 2026-01-{words}\n\n- [ ] 1.1 a\n"
        )
    };
    let [base, ours, theirs] = [text(base, "01"), text(ours, "02"), text(theirs, "03")];
    let text = either_way("prd/tasks/07_x.md", &base, &ours, &theirs)?;
    let line = text.lines().nth(2).expect("the field").to_owned();
    Some(line.split_once(":**").expect("a field").1.trim().to_owned())
}

#[test]
fn a_field_takes_what_its_rule_says_of_both_sides() {
    for (name, values, expected) in [
        ("Status", ["In Progress", "In Progress", "Blocked"], Some("Blocked")),
        ("Status", ["Not Started", "In Progress", "Completed"], Some("Completed")),
        ("Status", ["Not Started", "completed", "Blocked"], Some("Blocked")),
        ("Status", ["Not Started", "Waiting", "Blocked"], None),
        ("Started", ["YYYY-MM-DD", "2026-01-05", "2026-01-04"], Some("2026-01-04")),
        ("Started", ["YYYY-MM-DD", "2026-01-05", "YYYY-MM-DD"], Some("2026-01-05")),
        ("Started", ["YYYY-MM-DD", "in May", "2026-01-05"], None),
        ("Agent Sessions", ["3", "5", "4"], Some("6")),
        ("Agent Sessions", ["3", "3", "4"], Some("4")),
        ("Agent Sessions", ["3 (so far)", "4 (so far)", "4 (so far)"], Some("5 (so far)")),
        ("Agent Sessions", ["[N]", "2", "3"], Some("5")),
        ("Agent Sessions", ["3", "4 (so far)", "5"], None),
        ("Agent Sessions", ["3", "2", "5"], None),
        ("Agent Sessions", ["3", "4", "many"], None),
        ("Agent Sessions", ["3", "4", "1234567"], None),
        ("Agent Sessions", ["3", "4", "123456"], Some("123457")),
    ] {
        assert_eq!(field(name, values).as_deref(), expected, "{name} {values:?}");
    }
}

#[test]
fn a_stamp_takes_the_later_time_in_its_own_form() {
    let stamp = |value: &str| TEXT.replace("2026-01-10", value);
    for (ours, theirs, expected) in [
        ("2026-01-11", "2026-01-12", "2026-01-12"),
        ("2026-01-11T10:00", "2026-01-11 09:00", "2026-01-11T10:00"),
        ("2026-01-11 10:00 (Ann)", "2026-01-11 09:00", "2026-01-11 10:00 (Ann)"),
        ("2026-01-12", "2026-01-11 09:00", "2026-01-12"),
    ] {
        let merged = either_way("prd/tasks/07_x.md", TEXT, &stamp(ours), &stamp(theirs));
        assert_eq!(merged, Some(stamp(expected)));
    }
    assert_eq!(either_way("prd/tasks/07_x.md", TEXT, &stamp("soon"), &stamp("later")), None);
}

#[test]
fn figures_are_counted_again_and_do_not_conflict() {
    let text = |boxes: [char; 2], figures: &str| {
        let [one, other] = boxes;
        format!(
            "# X (PRD 07)\n\n### Phase 1\n\n- [{one}] 1.1 a\n\n### Phase 2\n\n- [{other}] 2.1 b\n\n\
             ## Progress\n\n{figures}"
        )
    };
    let figures = |one: &str, other: &str, all: &str| {
        format!("- Phase 1: {one}\n- Phase 2: {other}\n- Overall: {all}\n")
    };
    let base = text([' ', ' '], &figures("0% (0/1)", "0% (0/1)", "0% (0/2)"));
    let ours = text(['x', ' '], &figures("100% (1/1)", "0% (0/1)", "50% (1/2)"));
    let theirs = text([' ', 'x'], &figures("0% (0/1)", "100% (1/1)", "50.0% (1/2)"));
    let expected = text(['x', 'x'], &figures("100% (1/1)", "100% (1/1)", "100% (2/2)"));
    assert_eq!(either_way("prd/tasks/07_x.md", &base, &ours, &theirs), Some(expected));
}

#[test]
fn whoever_changed_a_value_decides_it() {
    let decide = |[base, ours, theirs]: [u8; 3]| decide(&Three { base, ours, theirs });
    for (values, expected) in [
        ([1, 1, 1], Some(Side::Ours)),
        ([1, 2, 2], Some(Side::Ours)),
        ([1, 2, 1], Some(Side::Ours)),
        ([1, 1, 2], Some(Side::Theirs)),
        ([1, 2, 3], None),
    ] {
        assert_eq!(decide(values), expected, "{values:?}");
    }
    assert_eq!(Side::BOTH.map(Side::other), [Side::Theirs, Side::Ours]);
}

#[test]
fn what_follows_from_the_boxes_is_counted_beside_a_conflict() {
    let ours = with(BASE, &[("[ ] 1.3", "[x] 1.3"), ("## Notes\n", "## Notes\n\nours\n")]);
    let theirs = with(BASE, &[("[ ] 1.2.2", "[x] 1.2.2"), ("## Notes\n", "## Notes\n\ntheirs\n")]);
    let conflict = "<<<<<<< ours\nours\n=======\ntheirs\n>>>>>>> theirs\n";
    let merged = |conflicts: usize, marker: usize| {
        let texts = Three { base: BASE, ours: &ours, theirs: &theirs };
        let texts = texts.map_into(|text| text.as_bytes().to_vec());
        let sides = Sides::read("prd/tasks/07_x.md", &FEATURE_FILE, texts);
        let join = |texts: Three<Vec<u8>>| {
            let text = String::from_utf8(texts.ours).expect("UTF-8").replace("ours\n", conflict);
            Ok::<_, ()>(Joined { text: text.into_bytes(), conflicts, marker })
        };
        let merged = sides.merge(&History::new(), join).expect("no fault");
        assert_eq!(merged.conflicts, conflicts > 0);
        String::from_utf8(merged.text).expect("UTF-8")
    };
    let counted = "Phase 1: 66% (2/3)";
    let text = merged(1, 7);
    assert!(text.contains(counted) && text.contains(conflict), "{text}");
    // Where the markers are not those that git wrote nothing is touched.
    for (conflicts, marker) in [(2, 7), (1, 9)] {
        let text = merged(conflicts, marker);
        assert!(!text.contains(counted) && text.contains(conflict), "{text}");
    }
    // A text that only speaks of them holds none.
    assert!(merged(0, 7).contains(counted));
}

#[test]
fn a_status_follows_the_merged_boxes_where_commits_set_them() {
    let base = with(BASE, &[("- [ ] 1.2 b\n  - [x] 1.2.1 c\n  - [ ] 1.2.2 d\n", "- [ ] 1.2 b\n")]);
    let base = with(&base, &[("33% (1/3)", "50% (1/2)"), ("- [ ] 1.3 e\n", "")]);
    let done = with(&base, &[("[ ] 1.2 b", "[x] 1.2 b"), ("50% (1/2)", "100% (2/2)")]);
    let entry = format!("{LAST}- `2222222` - b [PRD-07 Task 1.2]\n");
    let notes = with(&base, &[("## Notes\n", "## Notes\n\nmore\n")]);
    let history = History::new();
    for (ours, status) in [(with(&done, &[(LAST, &entry)]), "Completed"), (done, "In Progress")] {
        for (ours, theirs) in [(&ours, &notes), (&notes, &ours)] {
            let texts = Three { base: &base, ours, theirs };
            let texts = texts.map_into(|text| text.as_bytes().to_vec());
            let sides = Sides::read("prd/tasks/07_x.md", &FEATURE_FILE, texts);
            // The notes are all that differs.
            let join = |texts: Three<Vec<u8>>| {
                let text = [&texts.ours, &texts.theirs].into_iter().max_by_key(|text| text.len());
                let text = text.expect("two").clone();
                Ok::<_, ()>(Joined { text, conflicts: 0, marker: 7 })
            };
            let merged = sides.merge(&history, join).expect("no fault");
            let text = String::from_utf8(merged.text).expect("UTF-8");
            assert!(text.contains(&format!("**Status:** {status}\n")), "{text}");
        }
    }
}
