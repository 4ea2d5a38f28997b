//! The merge driver under real git: whatever operation merges, both sides'
//! work is in the document, and nothing is dropped in silence.

mod agents;
mod broken;
mod forge;
mod people;

use spec_log::doc::dialect::BUILT_IN;
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
    let places = BUILT_IN.iter().flat_map(|kind| kind.places.iter().map(|place| (*place, *kind)));
    sandbox.write(".gitattributes", attributes(places).join("\n") + "\n");
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

#[test]
fn two_reverts_that_leave_nothing_leave_what_sync_makes_of_them() {
    let sandbox = planned();
    work(&sandbox, STORE);
    work(&sandbox, "feat: again [PRD-07 Task 1.1]");
    keep(&sandbox);
    for (name, back) in [("one", "main~1"), ("two", "main~2")] {
        sandbox.git(&["switch", "-qc", name, "main"]).ok();
        sandbox.git(&["revert", "--no-edit", back]).ok();
        keep(&sandbox);
        has(&sandbox.read(PLACE), &["- [x] Task 1.1"]);
    }
    sandbox.git(&["merge", "-q", "--no-edit", "one"]).ok();
    let merged = sandbox.read(PLACE);
    has(&merged, &["- [ ] Task 1.1", "**Overall:** 0% complete (0/4 tasks done)"]);
    sandbox.spec_log(&["sync", "-q"]).ok();
    assert_eq!(sandbox.read(PLACE), merged);
}

#[test]
fn a_task_whose_entry_one_side_took_out_is_what_the_merged_list_says() {
    let sandbox = planned();
    work(&sandbox, STORE);
    branch(&sandbox, "one", &[]);
    sandbox.git(&["switch", "-q", "main"]).ok();
    work(&sandbox, REDEEM);
    sandbox.git(&["revert", "--no-edit", "HEAD~1"]).ok();
    // The commit and its revert go, but the next record still lists that one.
    let editor = "sequence.editor=sed -i 1s/pick/drop/";
    sandbox
        .git(&["-c", editor, "rebase", "-q", "-i", "--empty=drop", "--autostash", "HEAD~3"])
        .ok();
    keep(&sandbox);
    has(&sandbox.git(&["show", &format!("HEAD:{PLACE}")]).ok(), &["Revert"]);
    sandbox.git(&["rebase", "-q", "--autostash", "--onto", "one", "HEAD~2"]).ok();
    sandbox.spec_log(&["sync", "-q"]).ok();
    let text = sandbox.read(PLACE);
    has(&text, &["- [x] Task 1.1", "- [x] Task 1.3", "(2/4 tasks done)"]);
    assert_eq!(listed(&text), [STORE, REDEEM]);
}

#[test]
fn a_commit_reworded_in_a_rebase_sets_no_box_before_it_is_recorded() {
    let sandbox = planned();
    branch(&sandbox, "one", &[REDEEM]);
    branch(&sandbox, "two", &[STORE]);
    let mut command = sandbox.command("git");
    command.args(["rebase", "-q", "-i", "one"]);
    command.env("GIT_SEQUENCE_EDITOR", "sed -i 1s/pick/reword/");
    sandbox.run(command.env("GIT_EDITOR", "sed -i 's/Task 1.1/Task 1.3/'")).ok();
    has(
        &sandbox.git(&["show", &format!("HEAD:{PLACE}")]).ok(),
        &["- [x] Task 1.1", "- [x] Task 1.3"],
    );
    has(&sandbox.read(PLACE), &["- [ ] Task 1.1", "- [x] Task 1.3"]);
}
