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

/// A repository in which task 1.3 is active and its mark committed, with two
/// commits that nobody has tagged on top.
fn two_untagged() -> Sandbox {
    let sandbox = started();
    sandbox.git(&["commit", "-qam", "docs: begin"]).ok();
    for (file, subject) in [("one", "feat: one"), ("two", "feat: two")] {
        stage(&sandbox, file, subject);
        sandbox.git(&["-c", "core.hooksPath=/dev/null", "commit", "-qm", subject]).ok();
    }
    sandbox
}

#[test]
fn what_a_rebase_words_anew_gets_none() {
    for (todo, editor, wanted) in [
        ("s/^pick/reword/", "1s/$/ anew/", &["feat: two anew", "feat: one anew"][..]),
        ("2s/^pick/squash/", "1s/^/both: /", &["both: # This is a combination", "docs: begin"]),
        ("2s/^pick/fixup/", "", &["feat: one", "docs: begin"]),
    ] {
        let sandbox = two_untagged();
        let mut command = sandbox.command("git");
        command.env("GIT_SEQUENCE_EDITOR", format!("sed -i '{todo}'"));
        command.env("GIT_EDITOR", format!("sed -i '{editor}'"));
        sandbox.run(command.args(["rebase", "-qi", "HEAD~2"])).ok();
        let log = sandbox.git(&["log", "-2", "--format=%B%x00"]).ok();
        assert!(!log.contains("wip]"), "{todo}: {log}");
        for (message, wanted) in log.split('\0').zip(wanted) {
            assert!(message.trim_start().starts_with(wanted), "{todo}: {message}");
        }
        stage(&sandbox, "code", "x");
        sandbox.git(&["commit", "-qm", "feat: after"]).ok();
        assert_eq!(subject(&sandbox), format!("feat: after {TAG}"), "{todo}");
    }
}

#[test]
fn a_pick_or_a_revert_that_stopped_gets_none_however_it_goes_on() {
    for (operation, onto) in [("cherry-pick", "HEAD~2"), ("revert", "HEAD")] {
        for go_on in [&[operation, "--continue"][..], &["commit", "-q"], &["commit", "-qm", "own"]]
        {
            let sandbox = two_untagged();
            stage(&sandbox, "one", "changed");
            sandbox.git(&["-c", "core.hooksPath=/dev/null", "commit", "-qm", "feat: three"]).ok();
            if operation == "revert" {
                // Reverting the older one conflicts with the newer one.
                sandbox.git(&["revert", "--no-edit", "HEAD~2"]).fails_with(1);
            } else {
                sandbox.git(&["switch", "-qc", "side", onto]).ok();
                stage(&sandbox, "one", "otherwise");
                let aside = ["-c", "core.hooksPath=/dev/null", "commit", "-qm", "feat: aside"];
                sandbox.git(&aside).ok();
                sandbox.git(&["cherry-pick", "main"]).fails_with(1);
            }
            stage(&sandbox, "one", "settled");
            sandbox.git(go_on).ok();
            assert!(!message(&sandbox).contains("wip]"), "{operation} {go_on:?}");
            stage(&sandbox, "code", "x");
            sandbox.git(&["commit", "-qm", "feat: after"]).ok();
            assert_eq!(subject(&sandbox), format!("feat: after {TAG}"), "{operation} {go_on:?}");
        }
    }
}

#[test]
fn below_the_scissors_nothing_is_looked_at_and_nothing_is_put() {
    let sandbox = started();
    sandbox.git(&["config", "commit.cleanup", "scissors"]).ok();
    stage(&sandbox, "code", "[PRD-07 Task 1.1] in the difference\n");
    edit(&sandbox, "", &["commit", "-qv"]).fails_with(1).says("empty commit message");
    edit(&sandbox, "1s/^/feat: typed/", &["commit", "-qv"]).ok();
    assert_eq!(message(&sandbox), format!("feat: typed {TAG}"));
    stage(&sandbox, "code", "again");
    sandbox.git(&["commit", "-qm", "feat: said\n\n# kept"]).ok();
    assert_eq!(message(&sandbox), format!("feat: said {TAG}\n\n# kept"));
}

#[test]
fn where_records_are_staged_a_task_begins_and_ends_in_the_work_tree_alone() {
    let sandbox = started();
    sandbox.git(&["config", "speclog.record", "stage"]).ok();
    sandbox.git(&["diff", "--cached", "--quiet"]).ok();
    stage(&sandbox, "code", "x");
    sandbox.git(&["commit", "-qm", "feat: send"]).ok();
    // The link's record is staged, and says that the task is in progress.
    let staged = sandbox.git(&["show", &format!(":{PATH}")]).ok();
    assert!(staged.contains("Send the mail (IN PROGRESS)") && staged.contains("feat: send"));
    sandbox.spec_log(&["stop", "--done"]).ok();
    assert!(sandbox.read(PATH).contains("- [x] Task 1.3: Send the mail ✓"));
    assert_eq!(sandbox.git(&["show", &format!(":{PATH}")]).ok(), staged);
    sandbox.git(&["commit", "-qam", "docs: done"]).ok();
    sandbox.spec_log(&["sync"]).says("nothing to record").ok();
    assert!(sandbox.read(PATH).contains("- [x] Task 1.3: Send the mail ✓"));
}

#[test]
fn doctor_names_the_active_task_or_says_that_it_is_not_here() {
    let active = |sandbox: &Sandbox| {
        let output = sandbox.spec_log(&["doctor", "--json"]);
        let value: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
        let findings = value["findings"].as_array().unwrap().clone();
        findings.into_iter().find(|finding| finding["code"] == "active-task")
    };
    let sandbox = one_feature();
    sandbox.install_hooks();
    assert_eq!(active(&sandbox), None);
    sandbox.spec_log(&["start", "7", "1.3"]).ok();
    let found = active(&sandbox).unwrap();
    assert_eq!(
        (&found["severity"], &found["message"]),
        (&"ok".into(), &format!("PRD-07 1.3 is active: messages without a tag get {TAG}").into(),)
    );
    sandbox.git(&["rm", "-rqf", "prd"]).ok();
    let found = active(&sandbox).unwrap();
    assert_eq!(
        (&found["severity"], &found["hint"]),
        (&"warning".into(), &"git spec-log stop".into())
    );
}
