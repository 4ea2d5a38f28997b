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
    sandbox.git(&["add", "prd"]).ok();
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
    branch(&sandbox, "other", &["feat: other wip [PRD-07 Task 1.4 wip]", "feat: own [PRD-07]"]);
    sandbox.git(&["switch", "-q", "topic"]).ok();
    sandbox.git(&["rebase", "-q", "other"]).ok();
    sandbox.spec_log(&["sync", "-q"]).ok();
    let text = sandbox.read(PLACE);
    assert_eq!(listed(&text).len(), 7, "{text}");
    has(&text, &["**Overall:** 100% complete (4/4 tasks done)", "**Status:** Completed"]);
}
