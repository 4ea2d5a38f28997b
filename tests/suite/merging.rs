//! The merge driver under real git: whatever operation merges, both sides'
//! work is in the document, and nothing is dropped in silence.

use spec_log::merge::{attributes, driver_command};

use crate::sandbox::{Sandbox, programs};

const PLACE: &str = "prd/tasks/07_login.md";

const PLAN: &str = "# Feature: Login (PRD 07)\n\n**Status:** Not Started\n\n**Started:** YYYY-MM-DD\n\n\
    **Agent Sessions:** 2\n\n**Last Updated:** YYYY-MM-DD HH:MM\n\n## Tasks\n\n### Phase 1: Core\n\n\
    - [ ] Task 1.1: Store\n- [ ] Task 1.2: Send\n  - [ ] Subtask 1.2.1\n  - [ ] Subtask 1.2.2\n\
    - [ ] Task 1.3: Redeem\n- [ ] Task 1.4: Forget\n\n## Progress Summary\n\n\
    - **Phase 1:** 0% complete (0/4 tasks done)\n- **Overall:** 0% complete (0/4 tasks done)\n\n---\n\n\
    ## Session Log\n\n**Session 1 (2026-01-01 08:00 - 09:00):**\n- Completed: the plan\n\n---\n\n\
    ## Git Commits\n\n- `abc1234` - feat: add it [PRD-XX Task 1.1]\n\n---\n\n## Notes\n\nnone\n";

/// A repository with a plan, hooks and the driver.
fn planned() -> Sandbox {
    let sandbox = without_driver();
    let program = programs().join("git-spec-log");
    set_driver(&sandbox, program.to_str().unwrap());
    sandbox
}

fn without_driver() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(PLACE, PLAN);
    sandbox.write(".gitattributes", attributes([]).join("\n") + "\n");
    sandbox.commit("docs: plan").ok();
    sandbox.install_hooks();
    sandbox
}

fn set_driver(sandbox: &Sandbox, program: &str) {
    sandbox.git(&["config", "merge.spec-log.name", "spec-log"]).ok();
    sandbox.git(&["config", "merge.spec-log.driver", &driver_command(program)]).ok();
}

/// Commits a file of its own, and the document's record with it.
fn work(sandbox: &Sandbox, message: &str) {
    let file: String = message.chars().filter(char::is_ascii_alphanumeric).collect();
    sandbox.write(&file, message);
    sandbox.git(&["add", &file]).ok();
    sandbox.git(&["commit", "-qm", message]).ok();
}

/// Commits what the hooks wrote into the document.
fn keep(sandbox: &Sandbox) {
    sandbox.git(&["add", "-u"]).ok();
    sandbox.git(&["commit", "-q", "--allow-empty", "-m", "docs: record"]).ok();
}

/// Does this work on a branch of its own, from where main is.
fn branch(sandbox: &Sandbox, name: &str, messages: &[&str]) {
    sandbox.git(&["switch", "-qc", name, "main"]).ok();
    messages.iter().for_each(|message| work(sandbox, message));
    keep(sandbox);
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` in\n{text}");
    }
}

#[track_caller]
fn lacks(text: &str, part: &str) {
    assert!(!text.contains(part), "no `{part}` in\n{text}");
}

/// The subjects that the document lists, in order.
fn listed(text: &str) -> Vec<&str> {
    let entries = text.lines().filter(|line| line.starts_with("- `"));
    entries.filter_map(|line| line.split("` - ").nth(1)).collect()
}

const STORE: &str = "feat: store [PRD-07 Task 1.1]";
const REDEEM: &str = "feat: redeem [PRD-07 Task 1.3]";
const FORGET: &str = "feat: forget [PRD-07 Task 1.4]";

#[test]
fn two_branches_that_each_finish_a_task_merge_without_a_conflict() {
    let sandbox = planned();
    branch(&sandbox, "one", &[STORE]);
    branch(&sandbox, "two", &[REDEEM]);
    sandbox.git(&["merge", "-q", "--no-edit", "one"]).ok();
    let text = sandbox.read(PLACE);
    has(&text, &["- [x] Task 1.1", "- [x] Task 1.3", "**Overall:** 50% complete (2/4 tasks done)"]);
    has(&text, &["**Status:** In Progress", "**Started:** 2026-01-01\n"]);
    assert_eq!(listed(&text), [STORE, REDEEM]);
    sandbox.spec_log(&["sync", "-q"]).ok();
    assert_eq!(sandbox.read(PLACE), text, "sync finds nothing to do");
}

#[test]
fn three_branches_merge_in_any_order_to_the_same_text() {
    let mut texts = Vec::new();
    for order in [["one", "two", "three"], ["three", "one", "two"], ["two", "three", "one"]] {
        let sandbox = planned();
        branch(&sandbox, "one", &[STORE]);
        branch(&sandbox, "two", &["feat: 1.2.1 [PRD-07 Task 1.2.1]", REDEEM]);
        branch(&sandbox, "three", &["feat: 1.2.2 [PRD-07 Task 1.2.2]", FORGET]);
        sandbox.git(&["switch", "-q", "main"]).ok();
        for name in order {
            sandbox.git(&["merge", "-q", "--no-edit", "--no-ff", name]).ok();
        }
        texts.push(sandbox.read(PLACE));
    }
    has(
        &texts[0],
        &["- [x] Task 1.2: Send", "100% complete (4/4 tasks done)", "**Status:** Completed"],
    );
    assert_eq!(listed(&texts[0]).len(), 5);
    assert!(texts.iter().all(|text| *text == texts[0]), "{texts:#?}");
}

#[test]
fn a_rebase_of_five_tagged_commits_over_an_appended_document_never_stops() {
    let sandbox = planned();
    branch(&sandbox, "topic", &[]);
    for task in ["1.1", "1.2.1", "1.2.2", "1.3", "1.4"] {
        work(&sandbox, &format!("feat: {task} [PRD-07 Task {task}]"));
        keep(&sandbox);
    }
    branch(&sandbox, "other", &["feat: begin [PRD-07 Task 1.4 wip]", "feat: own [PRD-07]"]);
    sandbox.git(&["switch", "-q", "topic"]).ok();
    sandbox.git(&["rebase", "-q", "other"]).ok();
    sandbox.spec_log(&["sync", "-q"]).ok();
    let text = sandbox.read(PLACE);
    assert_eq!(listed(&text).len(), 7, "{text}");
    // What was replayed is newer than what it was replayed on.
    has(
        &text,
        &["- [x] Task 1.4: Forget\n", "100% complete (4/4 tasks done)", "**Status:** Completed"],
    );
}

#[test]
fn a_cherry_pick_of_a_record_takes_what_it_added_and_nothing_else() {
    let sandbox = planned();
    branch(&sandbox, "one", &[STORE]);
    work(&sandbox, REDEEM);
    keep(&sandbox);
    branch(&sandbox, "two", &[FORGET]);
    sandbox.git(&["cherry-pick", "one"]).ok();
    let text = sandbox.read(PLACE);
    has(&text, &["- [ ] Task 1.1", "- [x] Task 1.3", "- [x] Task 1.4", "(2/4 tasks done)"]);
    assert_eq!(listed(&text), [REDEEM, FORGET]);
}

#[test]
fn a_record_that_was_stashed_comes_back_beside_anothers() {
    let sandbox = planned();
    branch(&sandbox, "two", &[REDEEM]);
    branch(&sandbox, "one", &[]);
    work(&sandbox, STORE);
    sandbox.write(PLACE, sandbox.read(PLACE).replace("none", "my own words"));
    sandbox.git(&["stash", "-q"]).ok();
    sandbox.git(&["merge", "-q", "--no-edit", "two"]).ok();
    sandbox.git(&["stash", "pop"]).ok();
    let text = sandbox.read(PLACE);
    has(&text, &["- [x] Task 1.1", "- [x] Task 1.3", "(2/4 tasks done)", "my own words"]);
    assert_eq!(listed(&text), [REDEEM, STORE]);
}

#[test]
fn a_counter_that_both_sides_raise_is_right_after_the_merge() {
    let sandbox = planned();
    branch(&sandbox, "one", &[STORE]);
    branch(&sandbox, "two", &[REDEEM]);
    // Both say 25% (1/4): git alone would merge that without a word.
    has(&sandbox.read(PLACE), &["**Overall:** 25% complete (1/4 tasks done)"]);
    sandbox.git(&["merge", "-q", "--no-edit", "one"]).ok();
    has(&sandbox.read(PLACE), &["**Phase 1:** 50% complete (2/4 tasks done)"]);
}

#[test]
fn sessions_of_both_sides_are_kept_by_their_time_and_numbered_anew() {
    let sandbox = planned();
    let session = |name: &str, time: &str| {
        sandbox.git(&["switch", "-qc", name, "main"]).ok();
        let text = sandbox.read(PLACE).replace("**Agent Sessions:** 2", "**Agent Sessions:** 3");
        let log = "- Completed: the plan\n";
        let entry = format!("{log}\n**Session 2 (2026-01-02 {time}):**\n- Completed: {name}\n");
        sandbox.write(PLACE, text.replace(log, &entry));
        keep(&sandbox);
    };
    session("late", "14:00 - 15:00");
    session("early", "09:00 - 10:00");
    sandbox.git(&["merge", "-q", "--no-edit", "late"]).ok();
    has(
        &sandbox.read(PLACE),
        &[
            "**Agent Sessions:** 4\n",
            "- Completed: the plan\n\n**Session 2 (2026-01-02 09:00 - 10:00):**\n- Completed: early\n\n\
             **Session 3 (2026-01-02 14:00 - 15:00):**\n- Completed: late\n\n---\n",
        ],
    );
}

#[test]
fn recovery_files_keep_what_both_sides_did() {
    let sandbox = planned();
    let place = "specs/active/login/recovery.md";
    let text = "# Session Recovery: Login\n\n**Last Updated**: 2026-01-01 08:00\n\n## Current State\n\n\
        ### Completed\n- [x] A1: plan\n\n### In Progress\n- **Last action**: planned\n\n\
        ## Files Modified So Far\n\n- `a.rs` - plan\n\n## Next Steps\n\n1. **Immediate**: A2\n";
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.write(place, text);
    sandbox.commit("docs: recovery").ok();
    let session = |name: &str, hour: &str| {
        sandbox.git(&["switch", "-qc", name, "main"]).ok();
        let text = text
            .replace("08:00", hour)
            .replace("A1: plan\n", &format!("A1: plan\n- [x] {name}\n"))
            .replace("planned", &format!("did {name}"))
            .replace("- plan\n", &format!("- plan\n- `{name}.rs` - new\n- `b.rs` - {name}\n"))
            .replace("**Immediate**: A2", &format!("**Immediate**: after {name}"));
        sandbox.write(place, text);
        keep(&sandbox);
    };
    session("late", "14:00");
    session("early", "09:00");
    sandbox.git(&["merge", "-q", "--no-edit", "late"]).ok();
    has(
        &sandbox.read(place),
        &[
            "**Last Updated**: 2026-01-01 14:00\n",
            "- [x] A1: plan\n- [x] early\n- [x] late\n\n",
            "- **Last action**: did late\n",
            "- `a.rs` - plan\n- `early.rs` - new\n- `b.rs` - late\n- `late.rs` - new\n\n",
            "1. **Immediate**: after late\n",
        ],
    );
}

#[test]
fn people_who_disagree_get_ordinary_markers_and_right_figures() {
    let sandbox = planned();
    for (name, message) in [("one", STORE), ("two", REDEEM)] {
        branch(&sandbox, name, &[message]);
        sandbox.write(PLACE, sandbox.read(PLACE).replace("none", &format!("words of {name}")));
        keep(&sandbox);
    }
    sandbox.git(&["merge", "--no-edit", "one"]).fails_with(1);
    let text = sandbox.read(PLACE);
    let conflict = "<<<<<<< ours\nwords of two\n=======\nwords of one\n>>>>>>> theirs\n";
    has(&text, &[conflict, "(2/4 tasks done)", "- [x] Task 1.1", "- [x] Task 1.3"]);
    assert_eq!(listed(&text), [STORE, REDEEM]);
    assert_eq!(
        sandbox.git(&["status", "--porcelain"]).ok().lines().last().unwrap(),
        format!("UU {PLACE}")
    );
}

#[test]
fn two_texts_or_two_unknown_marks_for_one_task_are_a_conflict() {
    let sandbox = planned();
    for (name, mark, title) in [("one", "~", "Begin"), ("two", "-", "Finish")] {
        sandbox.git(&["switch", "-qc", name, "main"]).ok();
        let text = PLAN.replace("[ ] Task 1.1", &format!("[{mark}] Task 1.1"));
        sandbox.write(PLACE, text.replace("Task 1.3: Redeem", &format!("Task 1.3: {title}")));
        keep(&sandbox);
    }
    sandbox.git(&["merge", "--no-edit", "one"]).fails_with(1);
    let text = sandbox.read(PLACE);
    has(&text, &["<<<<<<< ours\n- [-] Task 1.1: Store\n", "=======\n- [~] Task 1.1: Store\n"]);
    has(&text, &["Task 1.3: Finish\n=======\n", "Task 1.3: Begin\n>>>>>>> theirs\n"]);
}

#[test]
fn opposite_links_follow_the_newest_from_either_side() {
    for (into, from) in [("one", "two"), ("two", "one")] {
        let sandbox = planned();
        work(&sandbox, STORE);
        keep(&sandbox);
        branch(&sandbox, "one", &["fix: wrong [PRD-07 Task 1.1 reopen]", REDEEM]);
        branch(&sandbox, "two", &["fix: right [PRD-07 Task 1.1]", "x: no [PRD-07 Task 1.3 wip]"]);
        sandbox.git(&["switch", "-q", into]).ok();
        sandbox.git(&["merge", "-q", "--no-edit", from]).ok();
        let text = sandbox.read(PLACE);
        has(&text, &["- [x] Task 1.1", "- [ ] Task 1.3: Redeem (IN PROGRESS)", "(1/4 tasks done)"]);
    }
}

#[test]
fn what_taking_one_side_dropped_comes_back_with_the_next_merge() {
    let sandbox = planned();
    branch(&sandbox, "one", &[STORE]);
    branch(&sandbox, "two", &[REDEEM]);
    sandbox.git(&["merge", "-q", "--no-commit", "one"]).ok();
    sandbox.git(&["checkout", "-q", "HEAD", "--", PLACE]).ok();
    sandbox.git(&["commit", "-qm", "Merge, ours"]).ok();
    lacks(&sandbox.git(&["show", &format!("HEAD:{PLACE}")]).ok(), "[x] Task 1.1");
    sandbox.git(&["reset", "-q", "--hard"]).ok();
    sandbox.git(&["switch", "-q", "one"]).ok();
    work(&sandbox, FORGET);
    keep(&sandbox);
    sandbox.git(&["switch", "-q", "two"]).ok();
    sandbox.git(&["merge", "-q", "--no-edit", "one"]).ok();
    let text = sandbox.read(PLACE);
    has(&text, &["- [x] Task 1.1", "- [x] Task 1.3", "- [x] Task 1.4", "(3/4 tasks done)"]);
    assert_eq!(listed(&text), [STORE, REDEEM, FORGET]);
}

/// A program that stands for ours and ends in this way.
fn broken(sandbox: &Sandbox, script: &str) -> String {
    let program = sandbox.beside("it's a \"driver\" 100%/git spec-log");
    sandbox.write_program(&program, format!("#!/bin/sh\n{script}\n"));
    program.to_str().unwrap().to_owned()
}

#[test]
fn a_driver_that_is_missing_or_dies_drops_neither_side() {
    for script in [None, Some("exit 101"), Some("exit 1"), Some("exit 128"), Some("kill -9 $$")] {
        let sandbox = without_driver();
        let program = match script {
            Some(script) => broken(&sandbox, script),
            None => sandbox.beside("no/such 'program'").to_str().unwrap().to_owned(),
        };
        set_driver(&sandbox, &program);
        branch(&sandbox, "one", &[STORE]);
        branch(&sandbox, "two", &[REDEEM]);
        sandbox.write(PLACE, sandbox.read(PLACE).replace("Task 1.4: Forget", "Task 1.4: Hide"));
        keep(&sandbox);
        sandbox.git(&["merge", "--no-edit", "one"]).fails_with(1);
        let text = sandbox.read(PLACE);
        has(&text, &[STORE, REDEEM, "<<<<<<< ours\n", ">>>>>>> theirs\n", "Task 1.4: Hide"]);
        assert_eq!(text.matches("<<<<<<<").count(), text.matches(">>>>>>>").count(), "{script:?}");
        let unmerged = sandbox.git(&["ls-files", "-u", "--", PLACE]).ok();
        assert_eq!(unmerged.lines().count(), 3, "{script:?}: {unmerged}");
        lacks(&text, "<<<<<<< ours\n<<<<<<<");
    }
}

#[test]
fn a_driver_that_dies_leaves_a_clean_merge_clean() {
    let sandbox = without_driver();
    let program = broken(&sandbox, "kill -11 $$");
    set_driver(&sandbox, &program);
    for (name, old, new) in [("one", "none", "some"), ("two", "Task 1.1: Store", "Task 1.1: Keep")]
    {
        sandbox.git(&["switch", "-qc", name, "main"]).ok();
        sandbox.write(PLACE, PLAN.replace(old, new));
        keep(&sandbox);
    }
    sandbox.git(&["merge", "-q", "--no-edit", "one"]).ok();
    assert_eq!(
        sandbox.read(PLACE),
        PLAN.replace("none", "some").replace("Task 1.1: Store", "Task 1.1: Keep")
    );
}

#[test]
fn a_real_conflict_is_not_merged_a_second_time() {
    let sandbox = without_driver();
    // A name that a shell would take apart, and a wrapper that counts.
    let ours = programs().join("git-spec-log");
    let log = sandbox.beside("runs");
    let script = format!("echo run >> {:?}\nexec {:?} \"$@\"", log.display(), ours.display());
    let program = broken(&sandbox, &script);
    set_driver(&sandbox, &program);
    for (name, words) in [("one", "mine"), ("two", "yours")] {
        branch(&sandbox, name, &[]);
        sandbox.write(PLACE, PLAN.replace("none", words));
        keep(&sandbox);
    }
    sandbox.git(&["merge", "--no-edit", "one"]).fails_with(1);
    assert_eq!(sandbox.read("../runs"), "run\n");
    has(&sandbox.read(PLACE), &["<<<<<<< ours\nyours\n=======\nmine\n>>>>>>> theirs\n"]);
}

#[test]
fn the_driver_run_by_hand_falls_back_by_itself() {
    let sandbox = planned();
    for (name, text) in
        [("base", "a\n\0b\nc\n"), ("ours", "x\n\0b\nc\n"), ("theirs", "a\n\0b\ny\n")]
    {
        sandbox.write(name, text);
    }
    // git takes these for binary; ours stays as it is.
    let binary = sandbox.spec_log(&["merge-driver", "base", "ours", "theirs", PLACE]);
    assert_eq!(
        (binary.status, sandbox.read("ours")),
        (128, "x\n\0b\nc\n".to_owned()),
        "{binary:?}"
    );
    for (name, text) in [("base", "a\nb\n"), ("ours", "x\nb\n"), ("theirs", "y\nb\n")] {
        sandbox.write(name, text);
    }
    sandbox.git(&["config", "speclog.nonsense", "1"]).ok();
    let told = sandbox.spec_log(&["merge-driver", "base", "ours", "theirs", PLACE, "9"]);
    told.fails_with(1).says("line by line");
    assert_eq!(sandbox.read("ours"), "<<<<<<<<< ours\nx\n=========\ny\n>>>>>>>>> theirs\nb\n");
    sandbox.spec_log(&["merge-driver", "none", "ours", "theirs"]).fails_with(128);
}

#[test]
fn odd_paths_and_line_endings_are_merged_alike() {
    let sandbox = planned();
    let place = "prd/tasks/08_it's \"odd\" $HOME.md";
    let crlf = PLAN.replace("PRD 07", "PRD 08").replace('\n', "\r\n");
    let text = [b"\xef\xbb\xbf", crlf.as_bytes(), b"caf\xe9\r\n"].concat();
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.write(place, &text);
    sandbox.commit("docs: odd").ok();
    branch(&sandbox, "one", &["feat: a [PRD-08 Task 1.1]"]);
    branch(&sandbox, "two", &["feat: b [PRD-08 Task 1.3]"]);
    sandbox.git(&["merge", "-q", "--no-edit", "one"]).ok();
    let merged = std::fs::read(sandbox.top().join(place)).unwrap();
    assert!(merged.starts_with(b"\xef\xbb\xbf# Feature") && merged.ends_with(b"caf\xe9\r\n"));
    let lone =
        merged.iter().zip(merged.iter().skip(1)).filter(|(a, b)| **b == b'\n' && **a != b'\r');
    assert_eq!(lone.count(), 0);
    let shown = String::from_utf8_lossy(&merged);
    has(&shown, &["- [x] Task 1.1", "- [x] Task 1.3", "(2/4 tasks done)"]);
}

#[test]
fn a_plain_merge_settled_for_one_side_is_what_the_driver_makes_once_synced() {
    let branches = [
        ("one", &[STORE, "fix: again [PRD-07 Task 1.3 reopen]", "x [PRD-07 Task 1.2.1]"]),
        ("two", &[REDEEM, "feat: 1.2.2 [PRD-07 Task 1.2.2]", "y [PRD-07 Task 1.4 wip]"]),
    ];
    let merged = |side: Option<&str>| {
        let sandbox = if side.is_none() { planned() } else { without_driver() };
        if side.is_some() {
            // As many programs are run as in the other case, so that the
            // clock and with it the hashes are the same.
            sandbox.git(&["config", "merge.spec-log.name", "a"]).ok();
            sandbox.git(&["config", "--unset", "merge.spec-log.name"]).ok();
        }
        for (name, messages) in branches {
            branch(&sandbox, name, messages);
        }
        let option = format!("-X{}", side.unwrap_or("no-renames"));
        sandbox.git(&["merge", "-q", "--no-edit", &option, "one"]).ok();
        let before = sandbox.read(PLACE);
        sandbox.spec_log(&["sync", "-q"]).ok();
        (before, sandbox.read(PLACE))
    };
    let (driver, synced) = merged(None);
    assert_eq!(driver, synced, "sync leaves the driver's text alone");
    for side in ["ours", "theirs"] {
        let (_, synced) = merged(Some(side));
        assert_eq!(synced, driver, "settled for {side}");
    }
}
