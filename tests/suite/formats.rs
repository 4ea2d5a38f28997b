//! Repositories that libgit2 refuses to open, or reads wrongly: the same
//! things come out of them, or it is said plainly what does not.

use std::fs;
use std::process::Command;

use crate::sandbox::Sandbox;

const PLACE: &str = "prd/tasks/07_login.md";

const PLAN: &str = "# Feature: Login (PRD 07)\n\n## Tasks\n\n- [ ] Task 1.1: Store\n\
    - [ ] Task 1.2: Send\n- [ ] Task 1.3: Redeem\n\n## Git Commits\n\n## Notes\n";

/// What libgit2 says of a reftable.
const BY_GIT: &str = "git itself is asked what libgit2 cannot read";

/// A repository with its refs in a reftable, the plan committed and the hooks
/// in; `None` where this git does not know such a thing.
fn reftable(more: &[&str]) -> Option<Sandbox> {
    let sandbox = Sandbox::made(&[&["--ref-format=reftable"], more].concat())?;
    assert!(sandbox.top().join(".git/reftable").is_dir());
    Some(sandbox.with_plan(PLACE, PLAN))
}

/// A commit that no hook sees.
fn unseen(sandbox: &Sandbox, message: &str) {
    sandbox.write("unseen", message);
    sandbox.git(&["add", "unseen"]).ok();
    sandbox.git(&["-c", "core.hooksPath=/dev/null", "commit", "-qm", message]).ok();
}

fn is_ticked(sandbox: &Sandbox, task: &str) -> bool {
    sandbox.read(PLACE).contains(&format!("- [x] Task {task}:"))
}

/// The document lists the commits of this history, in order, and no others.
#[track_caller]
fn lists_history(sandbox: &Sandbox) {
    let wanted = ["log", "--reverse", "--abbrev=7", "--format=- `%h` - %s", "--grep=PRD-07"];
    let wanted = sandbox.git(&wanted).ok();
    let text = sandbox.read(PLACE);
    let found = text.lines().filter(|line| line.starts_with("- `"));
    let found: String = found.map(|line| format!("{line}\n")).collect();
    assert_eq!(found, wanted, "{text}");
}

#[test]
fn in_a_reftable_a_commit_is_recorded_and_an_amend_followed() {
    for format in ["sha1", "sha256"] {
        let Some(sandbox) = reftable(&[&format!("--object-format={format}")]) else { return };
        sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
        assert!(is_ticked(&sandbox, "1.1"), "{format}");
        lists_history(&sandbox);
        sandbox.git(&["commit", "-q", "--amend", "-m", "feat: send [PRD-07 Task 1.2]"]).ok();
        assert!(is_ticked(&sandbox, "1.2") && !is_ticked(&sandbox, "1.1"), "{format}");
        lists_history(&sandbox);
        unseen(&sandbox, "feat: redeem [PRD-07 Task 1.3]");
        sandbox.spec_log(&["sync"]).ok();
        assert!(is_ticked(&sandbox, "1.3"), "{format}");
        lists_history(&sandbox);
        sandbox.spec_log(&["sync"]).says("nothing to record").ok();
    }
}

#[test]
fn in_a_reftable_a_rebase_a_pick_and_a_merge_are_followed() {
    let Some(sandbox) = reftable(&[]) else { return };
    sandbox.git(&["switch", "-qc", "topic"]).ok();
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    sandbox.work("b", "feat: send [PRD-07 Task 1.2]");
    sandbox.git(&["commit", "-qam", "docs: keep books"]).ok();
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.work("other", "feat: other");
    sandbox.git(&["switch", "-q", "topic"]).ok();
    sandbox.git(&["rebase", "-q", "main"]).ok();
    lists_history(&sandbox);
    sandbox.git(&["commit", "-qam", "docs: keep books"]).ok();
    sandbox.git(&["switch", "-qc", "picked", "main"]).ok();
    sandbox.git(&["cherry-pick", "topic~3"]).ok();
    assert!(is_ticked(&sandbox, "1.1") && !is_ticked(&sandbox, "1.2"));
    lists_history(&sandbox);
    sandbox.git(&["checkout", "-q", "--", "."]).ok();
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.git(&["merge", "-q", "--no-ff", "--no-edit", "topic"]).ok();
    assert!(is_ticked(&sandbox, "1.1") && is_ticked(&sandbox, "1.2"));
    lists_history(&sandbox);
}

#[test]
fn in_a_reftable_a_pick_that_stops_keeps_everything_still() {
    let Some(sandbox) = reftable(&[]) else { return };
    sandbox.git(&["switch", "-qc", "topic"]).ok();
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    sandbox.git(&["stash", "-q"]).ok();
    sandbox.git(&["switch", "-q", "main"]).ok();
    sandbox.work("a", "feat: something else");
    sandbox.work("a", "feat: something else again");
    for (stop, commit) in [("cherry-pick", "topic"), ("revert", "main~1"), ("merge", "topic")] {
        let stopped = sandbox.git(&[stop, commit]).fails_with(1);
        assert!(stopped.stdout.contains("CONFLICT"), "{stopped:?}");
        let _ = sandbox.spec_log(&["sync"]).fails_with(128).says("an operation is in progress");
        sandbox.git(&[stop, "--abort"]).ok();
        sandbox.spec_log(&["sync"]).ok();
    }
}

#[test]
fn in_a_reftable_records_are_staged_carried_by_the_next_commit_and_committed_alone() {
    let Some(sandbox) = reftable(&[]) else { return };
    let set = |mode| sandbox.git(&["config", "speclog.record", mode]).ok();
    set("stage");
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    assert!(sandbox.git(&["show", &format!(":{PLACE}")]).ok().contains("[x] Task 1.1"));
    set("next");
    sandbox.work("b", "feat: send [PRD-07 Task 1.2]");
    sandbox.work("c", "chore: nothing");
    assert!(sandbox.git(&["show", &format!("HEAD:{PLACE}")]).ok().contains("[x] Task 1.2"));
    set("off");
    sandbox.work("d", "feat: redeem [PRD-07 Task 1.3]");
    sandbox.spec_log(&["sync", "--commit"]).ok();
    assert!(sandbox.git(&["show", &format!("HEAD:{PLACE}")]).ok().contains("[x] Task 1.3"));
    assert_eq!(sandbox.git(&["status", "--porcelain"]).ok(), "");
    sandbox.git(&["fsck", "--no-dangling"]).ok();
}

#[test]
fn in_a_reftable_every_work_tree_has_its_own_records() {
    let Some(sandbox) = reftable(&[]) else { return };
    sandbox.git(&["worktree", "add", "-q", "-b", "PRD-07-login", "../linked"]).ok();
    let main = sandbox.top().to_owned();
    let sandbox = sandbox.moved_to(main.with_file_name("linked"));
    sandbox.spec_log(&["start", "PRD-07", "1.2"]).ok();
    sandbox.work("a", "feat: send");
    assert!(sandbox.read(PLACE).contains("feat: send [PRD-07 Task 1.2 wip]"));
    lists_history(&sandbox);
    assert!(sandbox.spec_log(&["doctor"]).ok().contains(BY_GIT));
    let sandbox = sandbox.moved_to(main);
    assert_eq!(sandbox.read(PLACE), PLAN);
}

#[test]
fn in_a_reftable_every_command_answers() {
    let Some(sandbox) = reftable(&[]) else { return };
    sandbox.write(".gitignore", "*.log\n");
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    sandbox.work("b", "feat: send [PRD-07 Task 1.2]");
    sandbox.git(&["branch", "origin/side"]).ok();
    assert!(sandbox.spec_log(&["log"]).ok().contains("feat: send"));
    assert!(sandbox.spec_log(&["recover"]).ok().contains("main"));
    for command in ["status", "next", "show 7", "check HEAD~1..HEAD", "why b", "backfill"] {
        let arguments: Vec<&str> = command.split(' ').collect();
        sandbox.spec_log(&arguments).ok();
    }
    sandbox.spec_log(&["park"]).ok();
    assert_eq!(sandbox.read(PLACE), PLAN);
    sandbox.spec_log(&["sync"]).ok();
    lists_history(&sandbox);
    let told = sandbox.spec_log(&["doctor"]).ok();
    assert!(told.contains(BY_GIT) && told.contains("`refstorage`"), "{told}");
    sandbox.spec_log(&["checkpoint", "7"]).ok();
    sandbox.spec_log(&["init", "--uninstall"]).ok();
    sandbox.work("c", "feat: redeem [PRD-07 Task 1.3]");
    assert!(!is_ticked(&sandbox, "1.3"));
}

#[test]
fn in_a_reftable_objects_come_from_another_repository_too() {
    let Some(sandbox) = reftable(&[]) else { return };
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    sandbox.git(&["commit", "-qam", "docs: keep books"]).ok();
    let shared = ["clone", "-q", "--shared", "--ref-format=reftable", ".", "../borrower"];
    sandbox.git(&shared).ok();
    let at = sandbox.beside("borrower");
    let sandbox = sandbox.moved_to(at);
    sandbox.install_hooks();
    sandbox.work("b", "feat: send [PRD-07 Task 1.2]");
    assert!(is_ticked(&sandbox, "1.2"));
    lists_history(&sandbox);
}

#[test]
fn in_a_reftable_the_work_tree_may_be_elsewhere() {
    let Some(sandbox) = reftable(&[]) else { return };
    let git_dir = sandbox.beside("elsewhere.git");
    fs::rename(sandbox.top().join(".git"), &git_dir).expect("a move");
    let at = [
        format!("--git-dir={}", git_dir.display()),
        format!("--work-tree={}", sandbox.top().display()),
    ];
    let git =
        |arguments: &[&str]| sandbox.git(&[&[at[0].as_str(), at[1].as_str()], arguments].concat());
    sandbox.write("code", "x");
    git(&["add", "code"]).ok();
    git(&["commit", "-qm", "feat: store [PRD-07 Task 1.1]"]).ok();
    assert!(is_ticked(&sandbox, "1.1"));
    assert!(git(&["spec-log", "log"]).ok().contains("feat: store"));
}

#[test]
fn in_a_sha256_repository_everything_is_as_in_any_other() {
    let Some(sandbox) = Sandbox::made(&["--object-format=sha256"]) else { return };
    let sandbox = sandbox.with_plan(PLACE, PLAN);
    sandbox.git(&["config", "speclog.record", "stage"]).ok();
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    assert!(is_ticked(&sandbox, "1.1"));
    assert_eq!(sandbox.git(&["show", &format!(":{PLACE}")]).ok(), sandbox.read(PLACE));
    unseen(&sandbox, "feat: send [PRD-07 Task 1.2]");
    sandbox.spec_log(&["sync", "--commit"]).ok();
    assert!(is_ticked(&sandbox, "1.2"));
    lists_history(&sandbox);
    let hash = sandbox.git(&["rev-parse", "HEAD~1"]).ok();
    assert_eq!(hash.trim().len(), 64);
    assert!(sandbox.spec_log(&["log", "--json"]).ok().contains(hash.trim()));
}

#[test]
fn a_split_index_is_read_and_staged_through_git() {
    let sandbox = Sandbox::planned(PLACE, PLAN);
    sandbox.git(&["config", "core.splitIndex", "true"]).ok();
    sandbox.git(&["update-index", "--split-index"]).ok();
    sandbox.git(&["config", "speclog.record", "stage"]).ok();
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    assert_eq!(sandbox.git(&["show", &format!(":{PLACE}")]).ok(), sandbox.read(PLACE));
    sandbox.git(&["config", "speclog.record", "next"]).ok();
    sandbox.work("b", "feat: send [PRD-07 Task 1.2]");
    sandbox.work("c", "chore: nothing");
    assert!(sandbox.git(&["show", &format!("HEAD:{PLACE}")]).ok().contains("[x] Task 1.2"));
    sandbox.git(&["fsck", "--no-dangling"]).ok();
}

#[test]
fn a_setting_on_gits_command_line_is_heard_by_the_hooks() {
    let sandbox = Sandbox::planned(PLACE, PLAN);
    sandbox.write("a", "1");
    sandbox.git(&["add", "a"]).ok();
    let off = ["-c", "speclog.record=off", "commit", "-qm", "feat: store [PRD-07 Task 1.1]"];
    sandbox.git(&off).ok();
    assert_eq!(sandbox.read(PLACE), PLAN);
    sandbox.git(&["-c", "speclog.record=stage", "spec-log", "sync"]).ok();
    assert_eq!(sandbox.git(&["show", &format!(":{PLACE}")]).ok(), sandbox.read(PLACE));
    assert!(is_ticked(&sandbox, "1.1"));
}

#[test]
fn settings_in_the_environment_are_heard_by_the_hooks() {
    let sandbox = Sandbox::planned(PLACE, PLAN);
    sandbox.write("a", "1");
    sandbox.git(&["add", "a"]).ok();
    let mut command = sandbox.command("git");
    command.args(["commit", "-qm", "feat: store [PRD-07 Task 1.1]"]);
    command.env("GIT_CONFIG_COUNT", "1").env("GIT_CONFIG_KEY_0", "specLog.record");
    sandbox.run(command.env("GIT_CONFIG_VALUE_0", "off")).ok();
    assert_eq!(sandbox.read(PLACE), PLAN);
    let global = sandbox.beside("global");
    fs::write(&global, "[user]\n\tname = A\n\temail = a@b\n[speclog]\n\trecord = off\n")
        .expect("a file");
    let mut command = sandbox.command("git");
    sandbox.write("b", "1");
    sandbox.git(&["add", "b"]).ok();
    command.args(["commit", "-qm", "feat: send [PRD-07 Task 1.2]"]);
    sandbox.run(command.env("GIT_CONFIG_GLOBAL", &global)).ok();
    assert_eq!(sandbox.read(PLACE), PLAN);
    sandbox.spec_log(&["sync"]).ok();
    assert!(is_ticked(&sandbox, "1.1") && is_ticked(&sandbox, "1.2"));
}

#[test]
fn a_setting_that_is_included_by_a_remotes_address_is_heard() {
    let sandbox = Sandbox::planned(PLACE, PLAN);
    let included = sandbox.beside("team");
    fs::write(&included, "[speclog]\n\trecord = off\n").expect("a file");
    let key = "includeIf.hasconfig:remote.*.url:https://example.com/**.path";
    sandbox.git(&["config", key, included.to_str().expect("UTF-8")]).ok();
    sandbox.git(&["config", "remote.origin.url", "https://example.org/team/x"]).ok();
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    assert!(is_ticked(&sandbox, "1.1"));
    sandbox.git(&["config", "remote.origin.url", "https://example.com/team/x"]).ok();
    assert_eq!(sandbox.git(&["config", "speclog.record"]).ok(), "off\n");
    sandbox.work("b", "feat: send [PRD-07 Task 1.2]");
    assert!(!is_ticked(&sandbox, "1.2"));
}

#[test]
fn a_repository_that_git_trusts_by_a_pattern_is_read_and_written() {
    let sandbox = Sandbox::planned(PLACE, PLAN);
    let given = Command::new("chown").args(["-R", "12345"]).arg(sandbox.top()).output();
    if !given.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: only root can give a repository away");
        return;
    }
    let above = sandbox.top().parent().expect("a parent").canonicalize().expect("a path");
    let pattern = format!("{}/*", above.display());
    sandbox.git(&["config", "--global", "safe.directory", &pattern]).ok();
    if sandbox.git(&["status"]).status != 0 {
        sandbox.spec_log(&["status"]).fails_with(128).says("belongs to another user");
        return;
    }
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    assert!(is_ticked(&sandbox, "1.1"));
    lists_history(&sandbox);
    let told = sandbox.spec_log(&["doctor"]).ok();
    assert!(told.contains(BY_GIT), "{told}");
}

#[test]
fn a_malformed_author_in_history_hides_nothing_behind_it() {
    let sandbox = Sandbox::planned(PLACE, PLAN);
    unseen(&sandbox, "feat: store [PRD-07 Task 1.1]");
    let commit = "echo x >bad; git add bad; { echo tree $(git write-tree); echo parent $(git rev-parse HEAD); \
                  echo author nobody; echo committer C '<c>' 1700000000 +0000; echo; \
                  echo 'feat: send [PRD-07 Task 1.2]'; } | \
                  git hash-object -t commit -w --literally --stdin";
    let bad = sandbox.run(sandbox.command("sh").args(["-c", commit])).ok();
    sandbox.git(&["update-ref", "HEAD", bad.trim()]).ok();
    sandbox.work("c", "feat: redeem [PRD-07 Task 1.3]");
    let text = sandbox.read(PLACE);
    assert!(["1.1", "1.2", "1.3"].iter().all(|task| is_ticked(&sandbox, task)), "{text}");
    let log = sandbox.spec_log(&["log"]).ok();
    assert!(["store", "send", "redeem"].iter().all(|word| log.contains(word)), "{log}");
    sandbox.spec_log(&["check", "HEAD~3..HEAD"]).ok();
    sandbox.spec_log(&["sync"]).says("nothing to record").ok();
}

/// A clone without blobs, cut off from where they are.
fn without_blobs(more: &str) -> Sandbox {
    let sandbox = Sandbox::planned(PLACE, PLAN);
    sandbox.work("a", "feat: store [PRD-07 Task 1.1]");
    sandbox.git(&["commit", "-qam", "docs: keep books"]).ok();
    sandbox.git(&["config", "uploadpack.allowFilter", "true"]).ok();
    let url = format!("file://{}", sandbox.top().display());
    sandbox.git(&["clone", "-q", "--filter=blob:none", more, &url, "../partial"]).ok();
    let at = sandbox.beside("partial");
    let sandbox = sandbox.moved_to(at);
    sandbox.git(&["config", "remote.origin.url", "file:///nowhere"]).ok();
    sandbox
}

#[test]
fn in_a_clone_without_old_blobs_nothing_is_fetched_and_everything_works() {
    let sandbox = without_blobs("--no-tags");
    sandbox.install_hooks();
    sandbox.work("b", "feat: send [PRD-07 Task 1.2]");
    assert!(is_ticked(&sandbox, "1.2"));
    lists_history(&sandbox);
    sandbox.git(&["commit", "-q", "--amend", "-m", "feat: redeem [PRD-07 Task 1.3]"]).ok();
    assert!(is_ticked(&sandbox, "1.3"));
    for command in ["sync", "status", "log", "recover", "check", "park"] {
        sandbox.spec_log(&[command]).ok();
    }
}

#[test]
fn a_document_whose_blob_is_not_in_the_clone_is_named_and_blocks_nothing() {
    let sandbox = without_blobs("--sparse");
    assert!(!sandbox.top().join(PLACE).exists());
    sandbox.install_hooks();
    sandbox.write("code", "x");
    sandbox.git(&["add", "code"]).ok();
    sandbox.git(&["commit", "-qm", "feat: send [PRD-07 Task 1.2]"]).says("not in this clone").ok();
}

#[test]
fn an_extension_that_nobody_knows_is_named_and_no_hook_stands_in_the_way() {
    let sandbox = Sandbox::planned(PLACE, PLAN);
    sandbox.git(&["config", "core.repositoryFormatVersion", "1"]).ok();
    sandbox.git(&["config", "extensions.unheardOf", "true"]).ok();
    for command in ["status", "sync", "log"] {
        let told = sandbox.run(sandbox.command("git-spec-log").arg(command)).fails_with(128);
        let _ = told.says("unknown repository extension found: unheardof");
    }
    sandbox.write(".git/COMMIT_EDITMSG", "feat: store [PRD-07 Task 1.1]\n");
    for program in ["spec-log-commit-msg .git/COMMIT_EDITMSG", "spec-log-post-commit"] {
        let mut words = program.split(' ');
        let mut command = sandbox.command(words.next().expect("a program"));
        sandbox.run(command.args(words)).ok();
    }
    assert_eq!(sandbox.read(PLACE), PLAN);
}
