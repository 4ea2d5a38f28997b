//! What becomes of the boxes, and what is told of it.

use super::*;

const PLAN: &str = "# X (PRD 07)\n\n## Tasks\n\n- [ ] 1.1 a\n  - [ ] 1.1.1 b\n  - [ ] 1.1.2 c\n\
    - [x] 1.2 d\n- [ ] 2.1 e\n- [ ] 2.1 f\n\n## Testing Status\n\n**Manual Testing:**\n- [ ] 3.1 g\n";

fn planned(message: &str) -> Plan {
    plan(&read(PLAN), &[said('a', 0, message)], &[], SETTINGS)
}

#[test]
fn what_a_commit_does_to_tasks_is_told() {
    let told = |message: &str| {
        let plan = planned(message);
        [plan.ticked, plan.begun, plan.reopened].map(|tasks| tasks.join(" "))
    };
    for (message, expected) in [
        ("x [PRD-07 Task 1.1.1]", ["1.1.1", "", ""]),
        ("x [PRD-07 Tasks 1.1.1-1.1.2]", ["1.1 1.1.1 1.1.2", "", ""]),
        ("x [PRD-07 Task 1.1 done]", ["1.1 1.1.1 1.1.2", "", ""]),
        ("x [PRD-07 Task 1.1 wip]", ["", "1.1", ""]),
        ("x [PRD-07 Task 1.2 reopen]", ["", "", "1.2"]),
        ("x [PRD-07 Task 1.2 wip]", ["", "", "1.2"]),
        ("x [PRD-07 Task 1.2]", ["", "", ""]),
    ] {
        assert_eq!(told(message), expected, "{message}");
    }
}

#[test]
fn what_cannot_be_done_as_a_tag_says_is_noted() {
    let oid = said('a', 0, "").commit.oid;
    let id = |id: &str| TaskId::parse(id).expect("an id");
    let open = |task: &str, open: &[&str]| Note::OpenSubtasks {
        task: task.to_owned(),
        open: open.iter().map(|&part| part.to_owned()).collect(),
    };
    for (message, notes) in [
        ("x [PRD-07 Task 1.1]", vec![open("1.1", &["1.1.1", "1.1.2"])]),
        ("x [PRD-07 Task 1.1, 1.1.2]", vec![open("1.1", &["1.1.1"])]),
        ("x [PRD-07 Task 1.1 wip]", vec![]),
        ("x [PRD-07 Task 9.9]", vec![Note::UnknownTask { oid, task: id("9.9") }]),
        ("x [PRD-07 Tasks 8.1-8.3]", vec![Note::UnknownTask { oid, task: id("8.1") }]),
        (
            "x [PRD-07 Task 2.1]",
            vec![Note::DuplicateTask { oid, task: id("2.1"), lines: vec![9, 10] }],
        ),
    ] {
        assert_eq!(planned(message).notes, notes, "{message}");
    }
}

#[test]
fn a_range_takes_tasks_of_its_level_that_are_there_once() {
    let document = read(PLAN);
    let within = |first: &str, last: &str| {
        let [first, last] = [first, last].map(|id| TaskId::parse(id).expect("an id"));
        let tasks = between(&document, &first, &last).into_iter();
        tasks.map(|task| document.tasks()[task].id.clone().expect("an id").to_string()).collect()
    };
    let expect = |first, last, expected: &[&str]| {
        let found: Vec<String> = within(first, last);
        assert_eq!(found, expected, "{first}-{last}");
    };
    expect("1.1", "1.2", &["1.1", "1.2"]);
    expect("1.1.1", "1.1.9", &["1.1.1", "1.1.2"]);
    expect("1.2", "9.9", &["1.2"]);
    expect("1.2", "1.1", &[]);
}

#[test]
fn recording_looks_as_far_back_as_a_state_may_fall() {
    let done = PLAN.replace("- [ ] 1.1 a", "- [x] 1.1 a");
    let reach = |text: &str, said: &Said| reach(&read(text), std::slice::from_ref(said));
    let bare = said('a', 0, "x [PRD-07 Task 1.1.1]");
    assert_eq!(reach(PLAN, &bare), Reach::Newer);
    assert_eq!(reach(&done, &bare), Reach::All);
    assert_eq!(reach(&done, &said('a', 0, "x [PRD-07 Task 2.1]")), Reach::Newer);
    let reverted = Reverted { oid: bare.commit.oid, commit: None, tags: Vec::new() };
    let revert = Said { reverts: vec![reverted], ..bare.clone() };
    assert_eq!(reach(PLAN, &revert), Reach::All);
    let former = Former { entry: None, commit: None, tags: Vec::new(), reverts: Vec::new() };
    let moved = Said { formers: vec![former], ..bare };
    assert_eq!(reach(PLAN, &moved), Reach::All);
}

#[test]
fn what_the_team_decided_is_what_a_bare_tag_does() {
    for (tick, bare, done) in [
        (Tick::Default, "[x] 1.2 b", "[x] 1.2 b"),
        (Tick::DoneOnly, "[ ] 1.2 b (IN PROGRESS)", "[x] 1.2 b"),
        (Tick::Never, "[ ] 1.2 b", "[ ] 1.2 b"),
    ] {
        for (word, expected) in [("", bare), (" done", done)] {
            let text = "# X (PRD 07)\n\n- [ ] 1.2 b\n";
            let history = [said('a', 0, &format!("x [PRD-07 Task 1.2{word}]"))];
            let patch = plan(&read(text), &history, &[], Settings { tick, ..SETTINGS }).patch;
            let after = String::from_utf8(patch.apply(text.as_bytes())).expect("UTF-8");
            assert_eq!(after.lines().nth(2), Some(format!("- {expected}").as_str()), "{tick:?}");
        }
    }
}

#[test]
fn a_task_that_a_person_begins_is_worked_on_until_they_cease() {
    let set = |text: &str, patch: Patch| {
        let text = String::from_utf8(patch.apply(text.as_bytes())).expect("UTF-8");
        text.lines().nth(2).map(str::to_owned).expect("the task")
    };
    let text = |task: &str| format!("# X (PRD 07)\n\n{task}\n  - [ ] 1.1.1 b\n");
    let [open, begun] = ["- [ ] 1.1 a", "- [ ] 1.1 a (IN PROGRESS)"].map(text);
    for (before, after) in [
        ("- [ ] 1.1 a", "- [ ] 1.1 a (IN PROGRESS)"),
        ("- [x] 1.1 a", "- [x] 1.1 a"),
        ("- [~] 1.1 a", "- [~] 1.1 a"),
    ] {
        let text = text(before);
        assert_eq!(set(&text, active::begin(&read(&text), 0)), after);
    }
    let known = |message: &str| [Said { new: false, ..said('a', 0, message) }];
    for (message, tick, is_begun) in [
        ("x [PRD-07 Task 1.1 wip]", Tick::Default, true),
        ("x [PRD-07 Task 1.1 wip]", Tick::Never, false),
        ("x [PRD-07 Task 1.1]", Tick::Default, true),
        ("x [PRD-07 Task 1.1]", Tick::Never, false),
        ("x [PRD-07 Task 1.1 reopen]", Tick::Default, false),
        ("x [PRD-07 Task 1.2 wip]", Tick::Default, false),
    ] {
        let ceased = |text: &str| set(text, active::cease(&read(text), 0, &known(message), tick));
        let expected = if is_begun { "- [ ] 1.1 a (IN PROGRESS)" } else { "- [ ] 1.1 a" };
        assert_eq!(ceased(&begun), expected, "{message} {tick:?}");
        assert_eq!(ceased(&open), "- [ ] 1.1 a", "{message} {tick:?}");
    }
    // Nothing below it is open any more.
    let ticked = begun.replace("[ ] 1.1.1", "[x] 1.1.1");
    let patch = active::cease(&read(&ticked), 0, &known("x [PRD-07 Task 1.1]"), Tick::Default);
    assert_eq!(set(&ticked, patch), "- [ ] 1.1 a");
    assert_eq!(set(&begun, active::finish(&read(&begun), 0)), "- [x] 1.1 a");
}

#[test]
fn a_mark_of_unknown_meaning_gives_way_to_done_alone() {
    let text = "# X (PRD 07)\n\n- [~] 1.1 a\n  - [ ] 1.1.1 b\n- [~] 1.2 c\n";
    for (tag, expected) in [
        ("[PRD-07 Task 1.2]", ["~", " ", "~"]),
        ("[PRD-07 Task 1.2 wip]", ["~", " ", "~"]),
        ("[PRD-07 Task 1.2 reopen]", ["~", " ", "~"]),
        ("[PRD-07 Task 1.2 done]", ["~", " ", "x"]),
        ("[PRD-07 Task 1.1]", ["~", " ", "~"]),
        ("[PRD-07 Task 1.1.1]", ["~", "x", "~"]),
        ("[PRD-07 Task 1.1 done]", ["x", "x", "~"]),
    ] {
        let after = recorded(text, &[said('a', 0, &format!("x {tag}"))]);
        let document = read(&after);
        let mark = |task: usize| {
            document.slice(document.tasks()[task].mark.as_ref().expect("a mark")).to_owned()
        };
        assert_eq!([0, 1, 2].map(mark), expected, "{tag}");
    }
}

#[test]
fn a_task_whose_parts_are_set_by_hand_follows_what_was_said_of_it() {
    let text = |whole: &str, part: char| {
        format!("# X (PRD 07)\n\n- {whole}\n  - [{part}] 1.1.1 b\n  - [x] 1.1.2 c\n")
    };
    let known = Said { new: false, ..said('a', 0, "x [PRD-07 Task 1.1]") };
    let next = |message: &str| [known.clone(), said('b', 60, message)];
    for (before, message, after) in [
        (text("[ ] 1.1 a (IN PROGRESS)", ' '), "y [PRD-07 Task 1.1.1]", text("[x] 1.1 a", 'x')),
        (text("[ ] 1.1 a", ' '), "y [PRD-07 Task 1.1.1 wip]", {
            text("[ ] 1.1 a", ' ').replace("1.1.1 b", "1.1.1 b (IN PROGRESS)")
        }),
        (text("[x] 1.1 a", 'x'), "y [PRD-07 Task 1.1.1 reopen]", {
            text("[ ] 1.1 a (IN PROGRESS)", ' ')
        }),
        (text("[x] 1.1 a", 'x'), "y [PRD-07 Task 1.1 wip]", text("[ ] 1.1 a (IN PROGRESS)", 'x')),
        (text("[x] 1.1 a", ' '), "y [PRD-07 Task 1.1.2]", text("[x] 1.1 a", ' ')),
    ] {
        let list = "## Git Commits\n\n- `aaaaaaa` - x [PRD-07 Task 1.1]\n";
        let [before, after] = [before, after].map(|text| format!("{text}\n{list}"));
        let recorded = recorded(&before, &next(message));
        let entry = format!("- `bbbbbbb` - {message}\n");
        assert_eq!(recorded, format!("{after}{entry}"), "{message}");
    }
}

#[test]
fn an_older_link_of_a_part_leaves_what_a_person_made_of_the_whole() {
    let text = "# X (PRD 07)\n\n- [x] 1.1 a\n  - [ ] 1.1.1 b\n\n## Git Commits\n\n\
        - `bbbbbbb` - x [PRD-07 Task 1.1 wip]\n";
    let known = Said { new: false, ..said('b', 60, "x [PRD-07 Task 1.1 wip]") };
    let older = said('a', 0, "y [PRD-07 Task 1.1.1]");
    let after = recorded(text, &[known, older]);
    assert!(after.contains("- [x] 1.1 a\n  - [x] 1.1.1 b\n"), "{after}");
}

#[test]
fn a_mark_that_an_older_commit_overrules_takes_what_the_newest_says() {
    let text =
        "# X (PRD 07)\n\n- [~] 1.1 a\n\n## Git Commits\n\n- `bbbbbbb` - x [PRD-07 Task 1.1 wip]\n";
    let known = Said { new: false, ..said('b', 60, "x [PRD-07 Task 1.1 wip]") };
    let after = recorded(text, &[known, said('a', 0, "y [PRD-07 Task 1.1 done]")]);
    assert!(after.contains("- [ ] 1.1 a (IN PROGRESS)\n"), "{after}");
}
