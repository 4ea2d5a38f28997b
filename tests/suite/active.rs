//! `git spec-log start` and `stop`, and the tag that messages get meanwhile.

use crate::reading::{LOGIN, json, one_feature, three_features};
use crate::sandbox::{Output, Sandbox};

const PATH: &str = "prd/tasks/07_login.md";
const TAG: &str = "[PRD-07 Task 1.3 wip]";

/// A repository with hooks, in which task 1.3 is active.
fn started() -> Sandbox {
    let sandbox = one_feature();
    sandbox.install_hooks();
    sandbox.spec_log(&["start", "7", "1.3"]).ok();
    sandbox
}

fn stage(sandbox: &Sandbox, file: &str, text: &str) {
    sandbox.write(file, text);
    sandbox.git(&["add", file]).ok();
}

/// Commits staged work; the editor is a script for `sed`.
fn edit(sandbox: &Sandbox, script: &str, arguments: &[&str]) -> Output {
    let editor = format!("sed -i '{script}'");
    let mut command = sandbox.command("git");
    sandbox.run(command.env("GIT_EDITOR", editor).args(arguments))
}

fn message(sandbox: &Sandbox) -> String {
    sandbox.git(&["log", "-1", "--format=%B"]).ok().trim_end().to_owned()
}

fn subject(sandbox: &Sandbox) -> String {
    message(sandbox).lines().next().unwrap_or_default().to_owned()
}

#[test]
fn a_started_task_shows_in_its_document_and_a_stopped_one_no_more() {
    let sandbox = one_feature();
    let value = json(&sandbox, &["start", "PRD-07", "1.3"]);
    assert_eq!((&value["task"]["id"], &value["tag"]), (&"1.3".into(), &TAG.into()));
    let begun = LOGIN.replace("Send the mail", "Send the mail (IN PROGRESS)");
    assert_eq!(sandbox.read(PATH), begun);
    assert_eq!(json(&sandbox, &["status"])["features"][0]["active_task"], "1.3");
    sandbox.spec_log(&["stop"]).says("1.3 is active no more").ok();
    assert_eq!(sandbox.read(PATH), LOGIN);
    assert!(json(&sandbox, &["status"])["features"][0]["active_task"].is_null());
    sandbox.spec_log(&["stop"]).says("no task is active").ok();
    sandbox.spec_log(&["stop", "--done"]).fails_with(2).says("no task is active");
}

#[test]
fn a_message_without_a_tag_gets_one_at_the_end_of_its_subject() {
    let sandbox = started();
    for (text, wanted) in [
        ("feat: a", format!("feat: a {TAG}")),
        ("feat: b\n\nbody", format!("feat: b {TAG}\n\nbody")),
        ("feat: c\n  folded\n\nbody", format!("feat: c\n  folded {TAG}\n\nbody")),
        ("feat: d [PRD-07 Task 1.1]", "feat: d [PRD-07 Task 1.1]".to_owned()),
        ("fixup! feat: a", "fixup! feat: a".to_owned()),
        ("Revert \"feat: a\"", "Revert \"feat: a\"".to_owned()),
    ] {
        stage(&sandbox, "code", text);
        sandbox.git(&["commit", "-qm", text]).ok();
        assert_eq!(message(&sandbox), wanted);
    }
    stage(&sandbox, "code", "amended");
    sandbox.git(&["commit", "-q", "--amend", "--no-edit"]).ok();
    sandbox.git(&["commit", "-q", "--allow-empty", "-C", "HEAD~1"]).ok();
    assert_eq!(message(&sandbox), "fixup! feat: a");
}

#[test]
fn what_the_editor_makes_of_an_empty_message_gets_it_and_an_empty_one_gives_up() {
    let sandbox = started();
    for (number, arguments) in
        [&["commit", "-q"][..], &["commit", "-qv"], &["commit", "-qs"]].iter().enumerate()
    {
        stage(&sandbox, "code", &number.to_string());
        edit(&sandbox, "", arguments).fails_with(1).says("empty commit message");
        edit(&sandbox, "1s/^/typed/", arguments).ok();
        assert_eq!(subject(&sandbox), format!("typed {TAG}"), "{arguments:?}");
    }
    sandbox.git(&["config", "core.commentChar", ";"]).ok();
    stage(&sandbox, "code", "comment");
    edit(&sandbox, "1s/^/#12 typed/", &["commit", "-q"]).ok();
    assert_eq!(subject(&sandbox), format!("#12 typed {TAG}"));
}

#[test]
fn an_untouched_template_still_gives_up() {
    let sandbox = started();
    std::fs::write(sandbox.beside("template"), "feat: \n\nWhy:\n").unwrap();
    stage(&sandbox, "code", "x");
    let arguments = ["commit", "-q", "-t", "../template"];
    edit(&sandbox, "", &arguments).fails_with(1).says("did not edit the message");
    edit(&sandbox, "1s/$/thing/", &arguments).ok();
    assert_eq!(subject(&sandbox), format!("feat: thing {TAG}"));
}

#[test]
fn merges_squashes_picks_and_reverts_get_none() {
    let sandbox = started();
    sandbox.git(&["commit", "-qam", "docs: begin"]).ok();
    sandbox.git(&["switch", "-qc", "side"]).ok();
    stage(&sandbox, "side", "x");
    sandbox.git(&["-c", "core.hooksPath=/dev/null", "commit", "-qm", "aside"]).ok();
    sandbox.git(&["switch", "-q", "main"]).ok();
    let steps: [&[&[&str]]; 5] = [
        &[&["cherry-pick", "side"]],
        &[&["merge", "-q", "--no-ff", "-m", "merge it", "side"]],
        &[&["merge", "-q", "--no-ff", "--no-commit", "side"], &["commit", "-qm", "own words"]],
        &[&["merge", "-q", "--squash", "side"], &["commit", "-qm", "own words"]],
        &[&["revert", "--no-edit", "HEAD"]],
    ];
    for step in steps {
        step.iter().for_each(|arguments| drop(sandbox.git(arguments).ok()));
        assert!(!message(&sandbox).contains("wip]"), "{step:?}: {}", message(&sandbox));
        sandbox.git(&["reset", "-q", "--hard", "HEAD~1"]).ok();
    }
}

#[test]
fn a_commit_that_finishes_the_task_ends_it() {
    let sandbox = started();
    stage(&sandbox, "code", "x");
    let done = "feat: send [PRD-07 Task 1.3]";
    sandbox.git(&["commit", "-qm", done]).says("active no more").ok();
    stage(&sandbox, "code", "y");
    sandbox.git(&["commit", "-qm", "feat: more"]).ok();
    assert_eq!(message(&sandbox), "feat: more");
}

#[test]
fn a_stopped_task_keeps_the_mark_that_a_link_gave_and_done_ticks_it_for_good() {
    for mode in ["worktree", "next", "off"] {
        let sandbox = started();
        sandbox.git(&["config", "speclog.record", mode]).ok();
        stage(&sandbox, "code", "x");
        sandbox.git(&["commit", "-qm", "feat: send"]).ok();
        sandbox.spec_log(&["stop"]).ok();
        assert!(sandbox.read(PATH).contains("Send the mail (IN PROGRESS)"), "{mode}");
        sandbox.spec_log(&["start", "1.3"]).ok();
        sandbox.spec_log(&["stop", "--done"]).ok();
        sandbox.spec_log(&["sync"]).ok();
        assert!(sandbox.read(PATH).contains("- [x] Task 1.3: Send the mail ✓"), "{mode}");
    }
}

#[test]
fn a_branch_or_a_single_fit_may_stand_for_the_words_and_nothing_is_guessed() {
    let sandbox = three_features();
    sandbox.spec_log(&["start"]).fails_with(2).says("which task is not clear");
    sandbox.spec_log(&["start", "A2"]).says("vault A2").ok();
    sandbox.spec_log(&["stop"]).ok();
    sandbox.git(&["switch", "-qc", "feature/prd-07-1.3-mail"]).ok();
    sandbox.spec_log(&["start"]).says("PRD-07 1.3").ok();
    sandbox.spec_log(&["start", "7", "1.1"]).says("PRD-07 1.3 is active no more").ok();
    sandbox.spec_log(&["start", "7", "1.2"]).fails_with(2).says("is done already");
    sandbox.spec_log(&["start", "7", "9.9"]).fails_with(2).says("has no task `9.9`");
}

#[test]
fn another_work_tree_or_a_branch_without_the_document_knows_nothing_of_it() {
    let sandbox = started();
    sandbox.git(&["worktree", "add", "-q", "-b", "other", "../linked"]).ok();
    sandbox.git(&["stash", "-q"]).ok();
    sandbox.git(&["rm", "-rq", "prd"]).ok();
    sandbox.git(&["commit", "-qm", "docs: away"]).ok();
    stage(&sandbox, "code", "x");
    sandbox.git(&["commit", "-qm", "feat: here"]).ok();
    assert_eq!(message(&sandbox), "feat: here");
    let linked = sandbox.beside("linked");
    let sandbox = sandbox.moved_to(linked);
    stage(&sandbox, "code", "y");
    sandbox.git(&["commit", "-qm", "feat: there"]).ok();
    assert_eq!(message(&sandbox), "feat: there");
}
