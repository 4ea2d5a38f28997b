//! `record = "next"` and `park`: a work tree that is clean when it has to be.

use crate::sandbox::Sandbox;

const PLACE: &str = "prd/tasks/07_login.md";

const PLAN: &str = "# Feature: Login (PRD 07)\n\n## Tasks\n\n- [ ] Task 1.1: Store\n- [ ] Task 1.2: Send\n\n\
    ## Git Commits\n\n## Notes\n\nnone\n";

fn planned(record: &str) -> Sandbox {
    let sandbox = Sandbox::planned(PLACE, PLAN);
    sandbox.git(&["config", "speclog.record", record]).ok();
    sandbox
}

fn status(sandbox: &Sandbox) -> String {
    sandbox.git(&["status", "--porcelain"]).ok()
}

#[track_caller]
fn head_has(sandbox: &Sandbox, part: &str) {
    let text = sandbox.git(&["show", &format!("HEAD:{PLACE}")]).ok();
    assert!(text.contains(part), "`{part}` in\n{text}");
}

#[test]
fn the_work_tree_is_clean_after_each_commit_and_the_record_rides_in_the_next() {
    for flags in [&["-qm"][..], &["-qam"]] {
        let sandbox = planned("next");
        sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
        assert_eq!(status(&sandbox), "");
        sandbox.write("a", "more");
        if flags == ["-qm"] {
            sandbox.git(&["add", "a"]).ok();
        }
        sandbox.git(&[&["commit"], flags, &["feat: send [PRD-07 Task 1.2]"]].concat()).ok();
        assert_eq!(status(&sandbox), "");
        head_has(&sandbox, "[x] Task 1.1");
        head_has(&sandbox, "[ ] Task 1.2");
        sandbox.git(&["commit", "-q", "--allow-empty", "-m", "chore: nothing"]).ok();
        head_has(&sandbox, "[x] Task 1.2");
        assert_eq!(status(&sandbox), "");
    }
}

#[test]
fn a_partial_commit_is_left_alone() {
    let sandbox = planned("next");
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    sandbox.write("a", "b");
    sandbox.git(&["commit", "-qm", "feat: more", "--", "a"]).ok();
    assert_eq!(sandbox.git(&["show", "--name-only", "--format="]).ok(), "a\n");
    assert_eq!(status(&sandbox), "");
    sandbox.git(&["commit", "-q", "--allow-empty", "-m", "chore: nothing"]).ok();
    head_has(&sandbox, "[x] Task 1.1");
}

#[test]
fn a_persons_unstaged_words_stay_out_of_the_commit() {
    let sandbox = planned("next");
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    sandbox.write(PLACE, sandbox.read(PLACE).replace("none", "unfinished"));
    sandbox.git(&["commit", "-q", "--allow-empty", "-m", "chore: nothing"]).ok();
    head_has(&sandbox, "[x] Task 1.1");
    head_has(&sandbox, "none");
    assert!(
        sandbox.read(PLACE).contains("unfinished") && sandbox.read(PLACE).contains("[x] Task 1.1")
    );
}

#[test]
fn an_amended_commit_is_listed_under_its_last_name() {
    let sandbox = planned("next");
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    sandbox.git(&["commit", "-q", "--amend", "-m", "feat: send [PRD-07 Task 1.2]"]).ok();
    sandbox.git(&["commit", "-q", "--allow-empty", "-m", "chore: nothing"]).ok();
    assert_eq!(status(&sandbox), "");
    head_has(&sandbox, "[x] Task 1.2");
    head_has(&sandbox, "[ ] Task 1.1");
    let text = sandbox.git(&["show", &format!("HEAD:{PLACE}")]).ok();
    assert_eq!(text.lines().filter(|line| line.starts_with("- `")).count(), 1, "{text}");
}

#[test]
fn park_makes_way_for_a_pull_and_sync_brings_the_records_back() {
    for record in ["worktree", "stage"] {
        let sandbox = planned(record);
        let upstream = sandbox.beside("upstream.git");
        let upstream = upstream.to_str().expect("UTF-8");
        sandbox.git(&["clone", "-q", "--bare", ".", upstream]).ok();
        sandbox.git(&["remote", "add", "origin", upstream]).ok();
        sandbox.git(&["fetch", "-q", "origin"]).ok();
        sandbox.git(&["branch", "-q", "-u", "origin/main"]).ok();
        sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
        let recorded = sandbox.read(PLACE);
        sandbox.git(&["pull", "-q", "--rebase"]).fails_with(128);
        sandbox.spec_log(&["park"]).says("took uncommitted records").ok();
        assert_eq!(status(&sandbox), "", "{record}");
        sandbox.git(&["pull", "-q", "--rebase"]).ok();
        sandbox.spec_log(&["sync"]).ok();
        assert_eq!(sandbox.read(PLACE), recorded);
        sandbox.spec_log(&["park", "-q"]).ok();
        sandbox.spec_log(&["park"]).says("nothing to park").ok();
    }
}

#[test]
fn a_stamp_that_moved_alone_makes_way_and_comes_back() {
    let list = "specs/active/vault/tasks.md";
    let sandbox = planned("worktree");
    sandbox.write(list, "# Tasks: Vault\n\n**Last Updated**: 2020-01-01\n\n- [ ] A1: Dig\n");
    sandbox.commit("docs: list").ok();
    sandbox.git(&["config", "core.hooksPath", "/dev/null"]).ok();
    sandbox.write(list, sandbox.read(list).replace("[ ]", "[x]"));
    sandbox.write("a", "a");
    sandbox.commit("feat: a [vault Task A1]").ok();
    sandbox.spec_log(&["sync", "-q"]).ok();
    let synced = sandbox.read(list);
    assert!(synced.contains("2026"), "{synced}");
    sandbox.spec_log(&["park", "-q"]).ok();
    assert_eq!(status(&sandbox), "");
    sandbox.spec_log(&["sync", "-q"]).ok();
    assert_eq!(sandbox.read(list), synced);
    sandbox.write(list, synced + "\nA word.\n");
    sandbox.spec_log(&["park", "-q"]).ok();
    assert!(sandbox.read(list).ends_with("2020-01-01\n\n- [x] A1: Dig\n\nA word.\n"));
}

#[test]
fn parking_keeps_a_persons_own_words() {
    let sandbox = planned("worktree");
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    sandbox.write(PLACE, sandbox.read(PLACE).replace("none", "my words"));
    sandbox.spec_log(&["park"]).ok();
    assert_eq!(sandbox.read(PLACE), PLAN.replace("none", "my words"));
}

#[test]
fn a_soft_reset_takes_the_record_out_of_the_commit_that_follows() {
    let sandbox = planned("stage");
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    sandbox.git(&["reset", "-q", "--soft", "HEAD~1"]).ok();
    sandbox.git(&["commit", "-qm", "feat: store, untagged"]).ok();
    head_has(&sandbox, "[ ] Task 1.1");
    assert_eq!(status(&sandbox), "");
}

/// Nothing, or nothing but its length, as a power cut leaves a file.
#[test]
fn records_leave_with_their_commit_though_the_list_of_them_is_torn() {
    let tasks = "specs/active/vault/tasks.md";
    for torn in ["", "\0\0\0\0", "0123"] {
        let sandbox = planned("worktree");
        sandbox.write(tasks, "# Tasks\n\n- [ ] **A1**: Store\n- [ ] **A2**: Send\n");
        sandbox.commit("docs: workspace").ok();
        sandbox.work("a", "feat: store [PRD-07 Task 1.1] [vault Task A1]");
        assert_eq!(status(&sandbox), format!(" M {PLACE}\n M {tasks}\n"));
        sandbox.write(".git/spec-log/pending", torn);
        sandbox.git(&["switch", "-qc", "other", "HEAD^"]).ok();
        assert_eq!(status(&sandbox), "", "{torn:?}");
        sandbox.git(&["switch", "-q", "main"]).ok();
        sandbox.spec_log(&["sync", "-q"]).ok();
        assert_eq!(status(&sandbox), format!(" M {PLACE}\n M {tasks}\n"));
    }
}

#[test]
fn what_is_torn_of_all_that_is_remembered_changes_no_document() {
    let remembered = ["last-seen", "pending", "rewritten", "owed", "overruled", "ledger", "draft"];
    let documents = |torn: Option<&[u8]>| {
        let sandbox = planned("worktree");
        sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
        for name in remembered.iter().filter(|_| torn.is_some()) {
            sandbox.write(format!(".git/spec-log/{name}"), torn.unwrap_or_default());
        }
        sandbox.work("b", "feat: send [PRD-07 Task 1.2]");
        let by_hook = sandbox.read(PLACE);
        sandbox.spec_log(&["sync", "-q"]).ok();
        assert_eq!(sandbox.read(PLACE), by_hook);
        sandbox.git(&["stash", "-q"]).ok();
        sandbox.spec_log(&["sync", "-q"]).ok();
        assert_eq!(sandbox.read(PLACE), by_hook);
        by_hook
    };
    let whole = documents(None);
    assert!(whole.contains("[x] Task 1.1") && whole.contains("[x] Task 1.2"));
    for torn in [&b""[..], b"\0\0\0\0\0\0\0\0", b"\xff\xfe", b"spec-log ledger2", b"0123456\n"] {
        assert_eq!(documents(Some(torn)), whole, "{torn:?}");
    }
}
