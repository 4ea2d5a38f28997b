//! What stands behind a tick: `reverted`, `hollow`, `suspect`, and how many
//! problems of one kind are told.

use super::{PLACE, found, planned, work};
use crate::sandbox::Sandbox;

fn codes(sandbox: &Sandbox) -> Vec<String> {
    found(sandbox, &[]).0
}

fn named<'a>(problems: &'a [String], code: &str) -> Vec<&'a str> {
    let own = problems.iter().filter(|line| line.split(' ').next() == Some(code));
    own.map(String::as_str).collect()
}

#[test]
fn a_task_ticked_again_by_hand_after_its_commit_was_reverted_is_reverted() {
    let sandbox = planned();
    let first = work(&sandbox, "feat: store [PRD-07 Task 1.1]");
    sandbox.git(&["revert", "--no-edit", "HEAD"]).ok();
    sandbox.spec_log(&["sync"]).ok();
    assert_eq!(named(&codes(&sandbox), "reverted"), [""; 0], "the box is open");
    sandbox.write(PLACE, sandbox.read(PLACE).replace("- [ ] Task 1.1", "- [x] Task 1.1"));
    let problems = codes(&sandbox);
    assert_eq!(named(&problems, "reverted"), [format!("reverted {PLACE}:7 {first}")]);
    assert_eq!(named(&problems, "phantom"), [""; 0], "said once: {problems:?}");
    let text = sandbox.spec_log(&["check"]).ok();
    let untick = format!("git spec-log untick --file {PLACE} :7");
    assert!(text.contains(&untick) && text.contains("`[PRD-07 Task 1.1]`"), "{text}");
    work(&sandbox, "feat: store once more [PRD-07 Task 1.1]");
    assert_eq!(named(&codes(&sandbox), "reverted"), [""; 0]);
    sandbox.write(PLACE, sandbox.read(PLACE).replace("- [x] Task 1.1", "- [ ] Task 1.1"));
    assert_eq!(named(&codes(&sandbox), "reverted"), [""; 0]);
}

#[test]
fn a_task_whose_commits_write_about_it_alone_is_hollow() {
    let sandbox = planned();
    sandbox.write("notes/design.MD", "how");
    sandbox.commit("docs: store [PRD-07 Task 1.1]").ok();
    work(&sandbox, "feat: send [PRD-07 Task 1.2]");
    sandbox.spec_log(&["sync"]).ok();
    let hollow = sandbox.git(&["rev-parse", "--short=7", "HEAD~1"]).ok();
    let problems = codes(&sandbox);
    assert_eq!(named(&problems, "hollow"), [format!("hollow {PLACE}:7 {}", hollow.trim())]);
    assert_eq!(found(&sandbox, &["--strict"]).1, 0, "a note: {problems:?}");
    work(&sandbox, "feat: store [PRD-07 Task 1.1]");
    sandbox.spec_log(&["sync"]).ok();
    assert_eq!(named(&codes(&sandbox), "hollow"), [""; 0]);

    // What lies in the folder that tracks a feature is no work on it either.
    let sandbox = Sandbox::new();
    sandbox.write("openspec/changes/add-x/tasks.md", "- [ ] 1.1 B\n- [ ] 1.2 C\n");
    sandbox.commit("docs: plan").ok();
    sandbox.write("openspec/changes/add-x/model.json", "{}");
    sandbox.commit("feat: b [add-x Task 1.1]").ok();
    sandbox.spec_log(&["sync"]).ok();
    assert_eq!(named(&codes(&sandbox), "hollow").len(), 1);
}

#[test]
fn a_task_that_was_put_in_the_place_of_a_finished_one_is_suspect() {
    let sandbox = planned();
    let first = work(&sandbox, "feat: store [PRD-07 Task 1.1]");
    sandbox.spec_log(&["sync"]).ok();
    let reword = |from: &str, to: &str| sandbox.write(PLACE, sandbox.read(PLACE).replace(from, to));
    reword("Task 1.1: Store", "Task 1.1:  **Store**");
    assert_eq!(named(&codes(&sandbox), "suspect"), [""; 0], "the same words");
    reword("Task 1.1:  **Store**", "Task 1.1: Encrypt the store");
    assert_eq!(named(&codes(&sandbox), "suspect"), [format!("suspect {PLACE}:7 {first}")]);
    sandbox.spec_log(&["check"]).ok();
    let text = sandbox.spec_log(&["check", "--strict"]).fails_with(1).stdout;
    assert!(text.contains("(Encrypt the store) is ticked and was `Store` when"), "{text}");
    // As the hint says: a commit on the task as it reads today.
    sandbox.commit("docs: reword").ok();
    work(&sandbox, "feat: encrypt [PRD-07 Task 1.1]");
    sandbox.spec_log(&["sync"]).ok();
    assert_eq!(named(&codes(&sandbox), "suspect"), [""; 0]);
}

#[test]
fn ticks_from_before_the_first_tag_are_one_note_and_make_no_fault() {
    let sandbox = Sandbox::new();
    for feature in ["001-a", "002-b", "003-c", "004-d", "005-e"] {
        let tasks = "# Tasks\n\n- [x] T001 A\n- [x] T002 B\n- [x] T003 C\n- [x] T004 D\n";
        sandbox.write(format!("specs/{feature}/tasks.md"), tasks);
    }
    sandbox.commit("docs: plans").ok();
    let (problems, status) = found(&sandbox, &["--strict"]);
    assert_eq!((problems.len(), status), (5, 0), "{problems:?}");
    let told = sandbox.spec_log(&["check"]).says("5 notes").says("git spec-log check -v").ok();
    assert_eq!(told.lines().filter(|line| line.contains(": note: ")).count(), 1, "{told}");
    assert!(told.contains("4 tasks are ticked") && told.contains("and 4 more phantom"), "{told}");
    let each = sandbox.spec_log(&["check", "-v"]).ok();
    assert_eq!(each.lines().filter(|line| line.contains(": note: ")).count(), 5, "{each}");
}

#[test]
fn of_many_faults_of_one_kind_in_one_document_the_first_is_told() {
    let sandbox = planned();
    let boxes: String = (1..=6).map(|n| format!("- [ ] 3.{n} A\n- [ ] 3.{n} B\n")).collect();
    sandbox.write(PLACE, sandbox.read(PLACE) + "\n## More\n\n" + &boxes);
    let told = sandbox.spec_log(&["check"]).fails_with(1).says("6 errors").stdout;
    assert!(told.contains("and 5 more duplicate-task in this document"), "{told}");
    assert_eq!(told.matches("error: ").count(), 1, "{told}");
    assert_eq!(found(&sandbox, &[]).0.len(), 6, "scripts get all of them");
}

#[test]
fn the_definition_of_done_of_a_backlog_file_counts_for_itself() {
    let sandbox = Sandbox::new();
    let text = "---\nid: task-1\ntitle: Say it\n---\n\n## Acceptance Criteria\n\n- [ ] #1 It says\n\n\
                ## Definition of Done\n\n- [ ] #1 Tests pass\n";
    sandbox.write("backlog/tasks/task-1 - Say-it.md", text);
    sandbox.commit("docs: plan").ok();
    assert_eq!(found(&sandbox, &[]), (Vec::new(), 0));
    let status = sandbox.spec_log(&["status", "--json"]).ok();
    assert!(status.replace(' ', "").contains("\"total\":1"), "{status}");
}
