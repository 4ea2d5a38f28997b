//! A recovery file as a view of tasks and commits.

use super::super::recovery::{Paths, Source, by_hand, recovery};
use super::*;
use crate::doc::dialect::{RECOVERY, WORKSPACE};

const TASKS: &str = "# Tasks: X\n\n## Phase 1: Research\n\n- [ ] A1: Read\n- [ ] **A2**: Choose\n\n\
    ## Phase 2: Build\n\n- [ ] B1: Build\n  - [ ] B1.1: Parts\n  - [ ] B1.2: Whole\n- [ ] Tell | ask\n";

const VIEW: &str = "# Session Recovery: X\n\n**Last Updated**: [Date/Time]\n\
    **Current Phase**: [Planning | Research]\n\n### Completed\n- [x] [Item]\n\n### In Progress\n\
    - [ ] **Current focus**: [Task]\n- **File being modified**: `[path]`\n- **Last action**: [Last]\n\n\
    ## Files Modified So Far\n\n- `src/[file].py` - [What]\n\n## Next Steps\n\n\
    1. **Immediate**: [Next]\n2. **After that**: [Then]\n3. Ask Ann\n";

fn tasks(text: &str) -> Document {
    Document::read("specs/active/x/tasks.md", text.into(), &WORKSPACE)
}

fn view(text: &str) -> Document {
    Document::read("specs/active/x/recovery.md", text.into(), &RECOVERY)
}

fn text(patch: &Patch, before: &str) -> String {
    String::from_utf8(patch.apply(before.as_bytes())).expect("UTF-8")
}

/// The tasks and the view once these commits are recorded. Each changed one
/// file, called by the digit of its hash.
fn shown(before: [&str; 2], history: &[Said]) -> [String; 2] {
    let paths = history.iter().map(|said| (said.commit.oid, vec![path(said)])).collect();
    shown_with(before, history, &paths)
}

fn path(said: &Said) -> String {
    format!("src/{}.rs", said.commit.oid.abbrev(1))
}

fn shown_with([list, before]: [&str; 2], history: &[Said], paths: &Paths) -> [String; 2] {
    let list = text(&plan(&tasks(list), history, &[], SETTINGS).patch, list);
    let document = tasks(&list);
    let source = Source { tasks: &document, history, dropped: &[], paths };
    let shown = text(&recovery(&view(before), source, SETTINGS), before);
    [list, shown]
}

fn known(history: &[Said]) -> Vec<Said> {
    history.iter().map(|said| Said { new: false, ..said.clone() }).collect()
}

#[test]
fn a_recovery_file_shows_what_was_done_and_what_comes_next() {
    let history = [said('a', 0, "read [x Task A1]"), said('b', 60, "begin [x Task A2 wip]")];
    let [list, shown] = shown([TASKS, VIEW], &history);
    let expected = "# Session Recovery: X\n\n**Last Updated**: 2026-01-15 18:46\n\
        **Current Phase**: Research\n\n### Completed\n- [x] A1: Read\n\n### In Progress\n\
        - [ ] **Current focus**: A2: Choose\n- **File being modified**: `src/b.rs`\n\
        - **Last action**: begin [x Task A2 wip]\n\n## Files Modified So Far\n\n\
        - `src/a.rs` - read [x Task A1]\n- `src/b.rs` - begin [x Task A2 wip]\n\n## Next Steps\n\n\
        1. **Immediate**: A2: Choose\n2. **After that**: B1.1: Parts\n3. Ask Ann\n";
    assert_eq!(shown, expected);
    let mut again = known(&history);
    assert_eq!(super::recovery::shown([&list, &shown], &again)[1], shown);
    // An older commit takes its place among the lines, and is no last action.
    again.push(said('c', 30, "parts [x Task B1.1]"));
    let [list, later] = super::recovery::shown([&list, &shown], &again);
    assert_eq!(
        later,
        expected
            .replace("A1: Read\n", "A1: Read\n- [x] B1.1: Parts\n")
            .replace("- `src/b", "- `src/c.rs` - parts [x Task B1.1]\n- `src/b")
            .replace("that**: B1.1: Parts", "that**: B1.2: Whole")
    );
    // What is opened again goes, and a list that is left empty says so.
    let history = [
        &known(&again)[..],
        &[said('d', 90, "no [x Task A1 reopen]"), said('e', 120, "no [x Task B1.1 reopen]")],
    ]
    .concat();
    let [_, opened] = super::recovery::shown([&list, &later], &history);
    for part in [
        "### Completed\n- [x] None\n\n",
        "focus**: A2: Choose\n- **File being modified**: `src/e.rs`\n- **Last action**: no [x Task B",
        "1. **Immediate**: A2: Choose\n2. **After that**: A1: Read\n",
    ] {
        assert!(opened.contains(part), "{part}\n{opened}");
    }
}

#[test]
fn what_a_person_wrote_into_a_recovery_file_stays() {
    let own = VIEW
        .replace("[Planning | Research]", "Cooking")
        .replace("[x] [Item]", "[x] A1: was easy")
        .replace("[Task]", "the oven")
        .replace("`[path]`", "src/a.rs, perhaps")
        .replace("[Last]", "lit the fire")
        .replace("`src/[file].py` - [What]", "`src/a.rs` - by hand")
        .replace("[Next]", "bread")
        .replace("[Then]", "cake");
    let [_, shown] = shown([TASKS, &own], &[said('a', 0, "read [x Task A1]")]);
    assert_eq!(shown, own.replace("[Date/Time]", "2026-01-15 18:45"));
}

#[test]
fn a_commit_of_many_files_names_three_and_a_sweep_none() {
    let commit = said('a', 0, "read [x Task A1]");
    let shown = |files: usize| {
        let paths = (0..files).map(|at| format!("f{at:02}")).collect();
        shown_with(
            [TASKS, VIEW],
            std::slice::from_ref(&commit),
            &[(commit.commit.oid, paths)].into(),
        )
    };
    for (files, expected) in [
        (1, "`f00`"),
        (3, "`f00`, `f01`, `f02`"),
        (4, "`f00`, `f01`, `f02` and 1 more"),
        (50, "`f00`, `f01`, `f02` and 47 more"),
        (51, "`[path]`"),
        (0, "`[path]`"),
    ] {
        let [list, shown] = shown(files);
        assert!(shown.contains(&format!("modified**: {expected}\n")), "{files}\n{shown}");
        let is_sweep = expected == "`[path]`";
        assert_eq!(shown.contains("- `f00` - read [x Task A1]\n"), !is_sweep, "{files}\n{shown}");
        // What we wrote gives way to what comes later.
        let history =
            [&known(std::slice::from_ref(&commit))[..], &[said('b', 60, "b [x Task A2]")]];
        let [_, later] = super::recovery::shown([&list, &shown], &history.concat());
        assert!(later.contains("modified**: `src/b.rs`\n"), "{files}\n{later}");
    }
}

#[test]
fn a_phase_is_known_by_the_words_of_its_heading() {
    for (heading, expected) in [
        ("Phase 1: Setup", "Planning"),
        ("1. Discovery", "Research"),
        ("Unit tests", "Testing"),
        ("Write the docs", "Documentation"),
        ("Review", "QA"),
        ("Contest", "Implementation"),
        ("Build", "Implementation"),
    ] {
        let list = TASKS.replace("Phase 1: Research", heading);
        let [_, shown] = shown([&list, VIEW], &[said('a', 0, "begin [x Task A1 wip]")]);
        assert!(shown.contains(&format!("**Current Phase**: {expected}\n")), "{heading}\n{shown}");
    }
    // A part without a word of its own belongs to the phase around it, and
    // where all is done the last phase is shown.
    let nested = TASKS.replace("- [ ] A1", "### Books\n\n- [ ] A1");
    let [_, shown_nested] = shown([&nested, VIEW], &[said('a', 0, "begin [x Task A1 wip]")]);
    assert!(shown_nested.contains("Phase**: Research\n"), "{shown_nested}");
    let done = TASKS.replace("[ ]", "[x]").replace("Phase 2: Build", "Phase 2: Review");
    let [_, shown_done] = shown([&done, VIEW], &[said('a', 0, "read [x Task A1]")]);
    for part in ["Phase**: QA\n", "focus**: None\n", "Immediate**: None\n"] {
        assert!(shown_done.contains(part), "{part}\n{shown_done}");
    }
}

#[test]
fn a_value_in_a_table_keeps_its_cell_whole() {
    let list = TASKS.replace("[ ] A", "[x] A").replace("[ ] *", "[x] *").replace("[ ] B", "[x] B");
    let table = "# R\n\n| What | Which |\n|---|---|\n| Current focus | [Task] |\n| Last action | [Last] |\n";
    let [_, shown] = shown([&list, table], &[said('a', 0, "a | b [x Task A1]")]);
    let rows = "| Current focus | Tell \\| ask |\n| Last action | a \\| b [x Task A1] |\n";
    assert!(shown.ends_with(rows), "{shown}");
}

#[test]
fn what_a_person_finished_is_shown_and_what_was_done_before_is_not() {
    let done = TASKS.replace("[ ] A1", "[x] A1").replace("[ ] **A2", "[x] **A2");
    let document = tasks(&done);
    let source = Source { tasks: &document, history: &[], dropped: &[], paths: &Paths::new() };
    let shown = text(&by_hand(&view(VIEW), source, &[1], Tick::Default), VIEW);
    assert!(shown.contains("### Completed\n- [x] A2: Choose\n\n"), "{shown}");
    assert!(shown.contains("Immediate**: B1.1: Parts\n"), "{shown}");
    assert!(shown.contains("[Date/Time]") && shown.contains("action**: [Last]"), "{shown}");
}

#[test]
fn what_a_commit_showed_that_links_no_more_is_shown_no_more() {
    let history = [said('a', 0, "read [x Task A1]"), said('b', 60, "choose [x Task A2]")];
    let [_, before] = shown([TASKS, VIEW], &history);
    let former = |said: &Said| Former {
        entry: None,
        commit: Some(said.commit.clone()),
        tags: said.tags.clone(),
        reverts: Vec::new(),
    };
    let dropped = [former(&history[1])];
    let list = TASKS.replace("[ ] A1", "[x] A1");
    let document = tasks(&list);
    let kept = known(&history[..1]);
    let paths = [(kept[0].commit.oid, vec!["src/a.rs".to_owned()])].into();
    let source = Source { tasks: &document, history: &kept, dropped: &dropped, paths: &paths };
    let shown = text(&recovery(&view(&before), source, SETTINGS), &before);
    assert!(!shown.contains("choose") && !shown.contains("src/b.rs"), "{shown}");
    for part in [
        "- [x] A1: Read\n\n",
        "modified**: `src/a.rs`\n- **Last action**: read [x Task A1]\n",
        "- `src/a.rs` - read [x Task A1]\n\n",
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
}

#[test]
fn a_list_of_paths_is_ours_where_it_is_written_as_we_write_it() {
    for (value, is_ours) in [
        ("`a.rs`", true),
        ("`a.rs`, `b.rs`", true),
        ("`a.rs`, `b.rs`, `c.rs` and 12 more", true),
        ("None", true),
        ("`a.rs` and `b.rs`", false),
        ("`a.rs` and many more", false),
        ("`a.rs` by hand", false),
        ("``", false),
        ("a.rs", false),
    ] {
        let before = VIEW.replace("`[path]`", value);
        let [_, shown] = shown([TASKS, &before], &[said('a', 0, "read [x Task A1]")]);
        let kept = if is_ours { "`src/a.rs`" } else { value };
        assert!(shown.contains(&format!("modified**: {kept}\n")), "{value}\n{shown}");
    }
}

#[test]
fn a_subject_is_known_again_by_its_tag_and_a_revert_by_what_it_quotes() {
    for (action, is_ours) in [
        ("read [x Task A1]", true),
        ("Revert \"read [x Task A1]\"", true),
        ("Revert \"Revert \"read [x Task A1]\"\"", true),
        ("read A1", false),
        ("say \"so\"", false),
    ] {
        let before = VIEW.replace("[Last]", action);
        let [_, shown] = shown([TASKS, &before], &[said('b', 0, "choose [x Task A2]")]);
        let kept = if is_ours { "choose [x Task A2]" } else { action };
        assert!(shown.contains(&format!("action**: {kept}\n")), "{action}\n{shown}");
    }
}
