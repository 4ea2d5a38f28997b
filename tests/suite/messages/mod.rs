//! The commit-msg hook through real `git commit`: what is refused, what
//! passes, and that whoever writes what the hint says is not refused again.

mod odd;
mod require;

use std::fs::File;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::sandbox::{Output, Sandbox};

const PLACE: &str = "prd/tasks/07_login.md";

const PLAN: &str = "# Feature: Login (PRD 07)\n\n## Tasks\n\n### Phase 1: Core\n\n\
    - [ ] Task 1.1: Store\n- [ ] Task 1.2: Send\n- [x] Task 1.3: Redeem\n\
    - [ ] Task 2.1: Twice\n- [ ] Task 2.1: Twice again\n\n## Git Commits\n\n## Notes\n";

/// A repository with a plan, hooks, and some work staged. Records are off, so
/// that every message meets the same document.
fn planned() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(PLACE, PLAN);
    sandbox.write("specs/active/oracle-secrets/tasks.md", "# Tasks\n\n- [ ] **A1** Read\n");
    sandbox.commit("docs: plan").ok();
    sandbox.git(&["config", "speclog.record", "off"]).ok();
    sandbox.install_hooks();
    stage(&sandbox, "begin");
    sandbox
}

fn stage(sandbox: &Sandbox, text: &str) {
    sandbox.write("code.rs", text);
    sandbox.git(&["add", "code.rs"]).ok();
}

/// A text that no other call answers.
fn next() -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    COUNT.fetch_add(1, Ordering::Relaxed).to_string()
}

/// Commits staged work with a message; `git commit -F` reads it as it is.
fn commit(sandbox: &Sandbox, message: impl AsRef<[u8]>) -> Output {
    stage(sandbox, &next());
    std::fs::write(sandbox.beside("message"), message).unwrap();
    sandbox.git(&["commit", "-qF", "../message"])
}

/// The hints of a refused message.
fn hints(stderr: &str) -> Vec<&str> {
    stderr.lines().filter_map(|line| line.strip_prefix("hint: ")).collect()
}

fn head(sandbox: &Sandbox) -> String {
    sandbox.git(&["log", "-1", "--format=%B"]).ok().trim_end().to_owned()
}

#[test]
fn messages_without_a_fault_pass_in_silence() {
    let sandbox = planned();
    for message in [
        "fix: a thing",
        "feat: store [PRD-07 Task 1.1]",
        "feat: store [prd 7 Tasks 1.1, 1.2 wip]",
        "feat: all [PRD-07 Tasks 1.1-1.2]",
        "feat: plan [PRD-07]",
        "feat: read [oracle-secrets Task A1]",
        "feat: in the body\n\nit works now\n\n[PRD-07 Task 1.1]",
        "feat: a trailer\n\nTask: [PRD-07 Task 1.1]\nSigned-off-by: A <a@example.com>",
        "fix: close (#123) [P] [US1] [x] [WIP]",
        "fix: [no-such-slug Task 1.1] is prose",
        "docs: write `[PRD-XX Task N.N]` like that",
        "docs: an example\n\n```\n[PRD-99 Task 9.9]\n```",
        "fixup! feat: store [PRD-99 Tsk 1]",
        "squash! feat: [PRD-XX Task N.N]",
        "naïve 日本 🎉 [PRD-07 Task 1.1]",
    ] {
        let output = commit(&sandbox, message);
        assert_eq!(output.stderr, "", "{message}");
        output.ok();
    }
}

#[test]
fn what_deserves_a_word_passes_with_one() {
    let sandbox = planned();
    for (message, word) in [
        ("fix: again [PRD-07 Task 1.3]", "warning: `1.3` is done already"),
        ("[PRD-07 Task 1.1] feat: store", "`[PRD-07 Task 1.1]` leads the subject"),
    ] {
        commit(&sandbox, message).says(word).ok();
    }
}

#[test]
fn a_task_that_the_amended_commit_or_a_person_has_just_ticked_is_no_news() {
    for record in ["worktree", "stage", "next"] {
        let sandbox = planned();
        sandbox.git(&["config", "speclog.record", record]).ok();
        commit(&sandbox, "feat: store [PRD-07 Task 1.1]").ok();
        for message in ["feat: store it [PRD-07 Task 1.1]", "feat: keep it [PRD-07 Task 1.1]"] {
            let amended = sandbox.git(&["commit", "-q", "--amend", "-m", message]);
            assert!(!amended.stderr.contains("done already"), "{record}: {amended:?}");
            amended.ok();
        }
    }
    let sandbox = planned();
    sandbox.spec_log(&["tick", "1.1"]).ok();
    assert_eq!(commit(&sandbox, "feat: store [PRD-07 Task 1.1]").stderr, "");
}

#[test]
fn a_document_that_is_deleted_and_still_in_the_index_is_known_right_after_its_commit() {
    let sandbox = Sandbox::new();
    sandbox.write(PLACE, PLAN);
    sandbox.git(&["add", "-A"]).ok();
    // A commit of the same second as HEAD looks like an amend of it.
    let commit = |message: &str| {
        let mut command = sandbox.command("git");
        command.env("GIT_AUTHOR_DATE", "@1767225600 +0000");
        sandbox.run(command.args(["commit", "--allow-empty", "-qm", message]))
    };
    commit("docs: plan").ok();
    sandbox.install_hooks();
    std::fs::remove_file(sandbox.top().join(PLACE)).expect("a file");
    let committed = commit("feat: store [PRD-07 Task 1.1]");
    assert!(!committed.stderr.contains("has no document here"), "{committed:?}");
    committed.ok();
    commit("feat: x [PRD-07 Task 9.9]").fails_with(1).says("is no task of `PRD-07`");
}

#[test]
fn whoever_writes_what_the_hint_says_is_not_refused_again() {
    let sandbox = planned();
    for (message, accepted) in [
        ("feat: x [PRD07 Task1.2]", "feat: x [PRD-07 Task 1.2]"),
        ("feat: x [PRD-07 Tsk 1.2]", "feat: x [PRD-07 Task 1.2]"),
        ("feat: x [PRD-07 1.2]", "feat: x [PRD-07 Task 1.2]"),
        ("feat: x [PRD-7 Task 1.9]", "feat: x [PRD-07 Task 1.1]"),
        ("feat: x [PRD07 Task 1.9]", "feat: x [PRD-07 Task 1.1]"),
        ("feat: x [PRD-70 Task 1.2]", "feat: x [PRD-07 Task 1.2]"),
        ("feat: x [PRD-70 Task 9.2]", "feat: x [PRD-07 Task 1.2]"),
        ("feat: x [PRD-XX Task N.N]", "feat: x [PRD-07 Task 1.1]"),
        ("feat: x [PRD-07 wip]", "feat: x [PRD-07]"),
        ("[PRD-07 Tsk 1.2] feat: x", "feat: x [PRD-07 Task 1.2]"),
        ("[PRD07 Task1.2]: x and [PRD-07 Tsk 1.1]", ""),
        ("feat: x [PRD-07 Task 1.9] [PRD-07 Task 1.8]", ""),
        ("feat: x [PRD-07 Tasks 1.2, 1.9]", "feat: x [PRD-07 Tasks 1.2, 1.1]"),
        ("feat: x [oracle-secrets Task A9]", "feat: x [oracle-secrets Task A1]"),
        ("feat: x [PRD-07 Task 1.2", "feat: x [PRD-07 Task 1.2]"),
        ("feat: x [PRD-07 Task 2.1]", "feat: x [PRD-07]"),
        ("feat: x [PRD-07 Tasks 1.2, 2.1]", "feat: x [PRD-07 Task 1.2]"),
        ("feat: x [PRD-123456789012345678901 Task 1]", "feat: x [PRD-07 Task 1.1]"),
        ("feat: x\nfolded [PRD-07 Tsk 1.2]\n\nbody", "feat: x folded [PRD-07 Task 1.2]"),
    ] {
        let refused = commit(&sandbox, message).fails_with(1).says("error: ");
        let first = hints(&refused.stderr)[0];
        let again = commit(&sandbox, first);
        assert_eq!(again.status, 0, "`{message}` then `{first}`: {again:#?}");
        assert_eq!(head(&sandbox), first);
        if !accepted.is_empty() {
            assert_eq!(first, accepted, "{message}");
        }
    }
}

#[test]
fn faults_that_have_no_one_remedy_say_what_to_do() {
    let sandbox = planned();
    for (message, error, hint) in [
        ("x [PRD-07 Task 2.1]", "`2.1` stands on lines 10 and 11", "x [PRD-07]"),
        ("x\n\nbody [PRD-07 Tsk 1.2]", "`[PRD-07 Tsk 1.2]` is not written", "[PRD-07 Task 1.2]"),
        ("x [PRD-123456789012345678901 Task 1]", "too long", "x [PRD-07 Task 1.1]"),
    ] {
        let refused = commit(&sandbox, message).fails_with(1).says(error);
        assert!(hints(&refused.stderr)[0].contains(hint), "{refused:#?}");
        assert!(hints(&refused.stderr).last().unwrap().contains("git commit -eF"));
    }
    assert_eq!(head(&sandbox), "docs: plan");
}

#[test]
fn a_fault_that_only_its_author_can_mend_has_a_message_that_passes() {
    let sandbox = planned();
    sandbox.write("prd/tasks/07_again.md", "# Feature: Again (PRD 07)\n\n- [ ] Task 1.1: X\n");
    sandbox.write("prd/tasks/30_far.md", "# Feature: Far (PRD 30)\n\n- [ ] Task 1.1: X\n");
    let refused = commit(&sandbox, "feat: x [PRD-07 Task 1.1] y").fails_with(1);
    assert_eq!(hints(&refused.stderr)[0], "feat: x y");
    commit(&sandbox, "feat: x y").ok();
    let refused = commit(&sandbox, "feat: x [PRD-55 Task 1.1]").fails_with(1);
    let choice = hints(&refused.stderr).into_iter().find(|hint| hint.contains("[PRD-30"));
    assert_eq!(choice.map(str::trim), Some("[PRD-30 Task 1.1]"), "{refused:#?}");
    let refused = commit(&sandbox, "feat: y [PRD-XX Task N.N]").fails_with(1);
    commit(&sandbox, hints(&refused.stderr)[0]).ok();
}

#[test]
fn several_faults_of_one_subject_say_the_corrected_one_once() {
    let sandbox = planned();
    let told = commit(&sandbox, "x [PRD07 Task 1.1] [PRD-07 Tsk 1.2]").fails_with(1);
    assert_eq!(told.stderr.matches("error: ").count(), 2, "{told:#?}");
    assert_eq!(told.stderr.matches("hint: x [PRD-07 Task 1.1] [PRD-07 Task 1.2]").count(), 1);
}

#[test]
fn an_unknown_feature_is_refused_only_where_documents_exist_and_no_branch_has_it() {
    let sandbox = Sandbox::new();
    sandbox.install_hooks();
    commit(&sandbox, "x [PRD-09 Task 1.1]").says("warning: `PRD-09` has no document").ok();
    sandbox.write(PLACE, PLAN);
    sandbox.commit("docs: plan").ok();
    commit(&sandbox, "x [PRD-09 Task 1.1]").fails_with(1).says("`PRD-09` has no document");
    sandbox.git(&["switch", "-qc", "side"]).ok();
    sandbox.write("prd/tasks/09_other.md", "# Feature: Other (PRD 09)\n\n- [ ] Task 1.1: X\n");
    sandbox.commit("docs: plan another").ok();
    sandbox.git(&["switch", "-q", "main"]).ok();
    commit(&sandbox, "x [PRD-09 Task 1.1]").says("warning: `PRD-09` has no document here").ok();
    sandbox.git(&["update-ref", "refs/remotes/origin/side", "side"]).ok();
    sandbox.git(&["branch", "-qD", "side"]).ok();
    commit(&sandbox, "y [PRD-09 Task 1.1]").says("branch `origin/side`").ok();
    sandbox.git(&["update-ref", "-d", "refs/remotes/origin/side"]).ok();
    commit(&sandbox, "z [PRD-09 Task 1.1]").fails_with(1).says("error: ");
}

#[test]
fn a_task_that_the_index_or_head_knows_is_known() {
    let sandbox = planned();
    sandbox.write(PLACE, PLAN.replace("- [ ] Task 1.2: Send\n", ""));
    commit(&sandbox, "x [PRD-07 Task 1.2]").ok();
    std::fs::remove_file(sandbox.top().join(PLACE)).unwrap();
    commit(&sandbox, "y [PRD-07 Task 1.2]").ok();
    sandbox.git(&["rm", "-q", "--cached", PLACE]).ok();
    commit(&sandbox, "z [PRD-07 Task 1.2]").ok();
}

#[test]
fn a_broken_configuration_never_blocks() {
    let sandbox = planned();
    sandbox.write(".spec-log.toml", "require = \"errr\"\n[[[");
    commit(&sandbox, "x [PRD-07 Tsk 1.2]").says("warning: the message was not checked: ").ok();
    commit(&sandbox, "no tag").ok();
}

#[test]
fn a_full_and_a_closed_stderr_never_block() {
    let sandbox = planned();
    let full = File::options().write(true).open("/dev/full").unwrap();
    stage(&sandbox, "more");
    let mut command = sandbox.command("git");
    command.args(["commit", "-qm", "[PRD-07 Task 1.1] x"]).stderr(Stdio::from(full));
    assert!(command.status().unwrap().success());
    stage(&sandbox, "and more");
    let mut command = sandbox.command("sh");
    command.args(["-c", "exec git commit -qm '[PRD-07 Task 1.1] y' 2>&-"]);
    sandbox.run(&mut command).ok();
    assert_eq!(head(&sandbox), "[PRD-07 Task 1.1] y");
}
