//! `git spec-log check`, and its four forms of output.

mod evidence;
mod formats;

use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use crate::sandbox::{Output, Sandbox};

const PLACE: &str = "prd/tasks/07_login.md";

const PLAN: &str = "# Feature: Login (PRD 07)\n\n## Tasks\n\n### Phase 1: Core\n\n\
    - [ ] Task 1.1: Store\n- [ ] Task 1.2: Send\n- [ ] Task 1.3: Redeem\n\n## Progress Summary\n\n\
    - **Phase 1:** 0% complete (0/3 tasks done)\n\n## Key Files\n\n- `a.rs` - code\n\n## Git Commits\n\n## Notes\n";

/// A repository with one plan and the file that it names, without hooks.
fn planned() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(PLACE, PLAN);
    sandbox.write("a.rs", "");
    sandbox.commit("docs: plan").ok();
    sandbox
}

/// Commits a file of its own; answers the commit's short name.
fn work(sandbox: &Sandbox, message: &str) -> String {
    let count = sandbox.git(&["rev-list", "--count", "HEAD"]).ok();
    sandbox.write(format!("work-{}", count.trim()), message);
    sandbox.commit(message).ok();
    sandbox.git(&["rev-parse", "--short=7", "HEAD"]).ok().trim().to_owned()
}

/// What `check` finds, as `code path:line oid`, and its status.
fn found(sandbox: &Sandbox, arguments: &[&str]) -> (Vec<String>, i32) {
    let output = sandbox.spec_log(&[&["check", "--json"], arguments].concat());
    let json: Value = serde_json::from_str(&output.stdout).expect("JSON");
    assert_eq!(json["schema"], "spec-log/check/1", "{output:?}");
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let line = |problem: &Value| {
        let oid = text(&problem["oid"]);
        let line = problem["line"].as_u64().map_or(String::new(), |line| format!(":{line}"));
        let place = text(&problem["path"]) + &line;
        format!("{} {place} {}", text(&problem["code"]), oid.get(..7).unwrap_or("-"))
    };
    (json["problems"].as_array().expect("a list").iter().map(line).collect(), output.status)
}

/// Judges a message that comes in on stdin.
fn judge(sandbox: &Sandbox, arguments: &[&str], message: &[u8]) -> Output {
    let mut command = sandbox.command("git");
    command.args(["spec-log", "check", "--message", "-"]).args(arguments);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("git starts");
    child.stdin.take().expect("a pipe").write_all(message).expect("a reader");
    let output = child.wait_with_output().expect("git ends");
    Output {
        status: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

#[test]
fn a_sound_repository_and_one_without_commits_have_no_problems() {
    let sandbox = Sandbox::new();
    sandbox.spec_log(&["check"]).says("no problems found").ok();
    let sandbox = planned();
    work(&sandbox, "feat: store [PRD-07 Task 1.1]");
    sandbox.spec_log(&["sync"]).ok();
    let output = sandbox.spec_log(&["check", "--strict"]).says("no problems found");
    assert_eq!(output.ok(), "");
    assert_eq!(sandbox.spec_log(&["check", "-q"]).stderr, "");
}

#[test]
fn messages_of_history_are_judged_by_the_documents_of_today() {
    let sandbox = planned();
    let near = work(&sandbox, "feat: x [PRD07 Task1.2]");
    let unknown = work(&sandbox, "feat: x [PRD-07 Task 9.9]");
    let nowhere = work(&sandbox, "feat: x [PRD-12 Task 1.1]");
    // Noise: it was open then, and nobody can move a tag any more.
    work(&sandbox, "[PRD-07 Task 1.1] feat: store");
    work(&sandbox, "feat: store on [PRD-07 Task 1.1]");
    work(&sandbox, "fixup! feat: x [PRD-12 Tsk 1]");
    work(&sandbox, "fix: [slug Task 1] in prose, `[PRD-XX Task N.N]`");
    sandbox.spec_log(&["sync"]).ok();
    let mut wanted = [
        format!("malformed-tag - {near}"),
        format!("unknown-task - {unknown}"),
        format!("unknown-feature - {nowhere}"),
    ];
    wanted.sort_by_key(|line| line.rsplit(' ').next().map(str::to_owned));
    // Nobody can mend them any more: a fault only where a range asks for it.
    assert_eq!(found(&sandbox, &[]), (wanted.to_vec(), 0));
    let text = sandbox.spec_log(&["check", "--strict"]).fails_with(1).says("3 warnings\n").stdout;
    assert!(text.contains(&format!("{near}: warning: `[PRD07 Task1.2]` is not written")), "{text}");
    assert!(text.contains("\nhint: feat: x [PRD-07 Task 1.2]\n"), "{text}");
    assert_eq!(found(&sandbox, &["HEAD~3..HEAD"]), (Vec::new(), 0));
    assert_eq!(
        found(&sandbox, &[&format!("{unknown}^!")]),
        (vec![format!("unknown-task - {unknown}")], 1)
    );
}

#[test]
fn a_feature_that_a_branch_has_is_a_warning() {
    let sandbox = planned();
    sandbox.git(&["switch", "-qc", "side"]).ok();
    sandbox.write("prd/tasks/12_other.md", "# Other (PRD 12)\n\n- [ ] Task 1.1: X\n");
    sandbox.commit("docs: plan").ok();
    sandbox.git(&["switch", "-q", "main"]).ok();
    let early = work(&sandbox, "feat: x [PRD-12 Task 1.1]");
    assert_eq!(found(&sandbox, &[]), (vec![format!("unknown-feature - {early}")], 0));
    assert_eq!(found(&sandbox, &["--strict"]).1, 1);
}

#[test]
fn documents_are_held_against_history() {
    let sandbox = planned();
    let first = work(&sandbox, "feat: store [PRD-07 Task 1.1]");
    let lost = work(&sandbox, "feat: send [PRD-07 Task 1.2]");
    sandbox.spec_log(&["sync"]).ok();
    sandbox.git(&["stash", "-q"]).ok();
    sandbox.git(&["reset", "-q", "--hard", "HEAD~1"]).ok();
    sandbox.git(&["stash", "pop", "-q"]).ok();
    let text = sandbox.read(PLACE).replace("[x] Task 1.1", "[ ] Task 1.1");
    let text = text.replace("[ ] Task 1.3", "[x] Task 1.3").replace("`a.rs`", "`b.rs`");
    sandbox.write(PLACE, text.replace("- [x] Task 1.2: Send\n", "- [x]Task 1.2: Send\n"));
    let (problems, status) = found(&sandbox, &[]);
    assert_eq!(status, 0, "{problems:?}");
    for wanted in [
        format!("forgotten {PLACE}:7 {first}"),
        format!("lost-box {PLACE}:8 -"),
        format!("phantom {PLACE}:9 -"),
        format!("stale-count {PLACE}:13 -"),
        format!("gone-key-file {PLACE}:17 -"),
        format!("dangling-hash {PLACE}:22 {lost}"),
    ] {
        assert!(problems.contains(&wanted), "{wanted} in {problems:#?}");
    }
    let again = work(&sandbox, "feat: redeem [PRD-07 Task 1.3]");
    assert!(found(&sandbox, &[]).0.contains(&format!("missing-entry {PLACE} {again}")));
    let lines: Vec<_> = found(&sandbox, &[]).0;
    assert_eq!(lines, found(&sandbox, &[]).0);
}

#[test]
fn a_range_leaves_out_what_it_does_not_concern() {
    let sandbox = planned();
    sandbox.write("prd/tasks/08_other.md", PLAN.replace("07", "08").replace("0%", "9%"));
    sandbox.commit("docs: plan another").ok();
    let plain = work(&sandbox, "fix: nothing of it");
    let linked = work(&sandbox, "feat: store [PRD-07 Task 1.1]");
    let other = "prd/tasks/08_other.md";
    assert_eq!(found(&sandbox, &[&format!("{plain}^!")]).0, [""; 0]);
    let of_link =
        [format!("missing-entry {PLACE} {linked}"), format!("forgotten {PLACE}:7 {linked}")];
    assert_eq!(found(&sandbox, &["HEAD^!"]).0, of_link);
    assert_eq!(found(&sandbox, &["HEAD~3..HEAD~2"]).0, [format!("stale-count {other}:13 -")]);
    sandbox.spec_log(&["check", "nowhere..HEAD"]).fails_with(128).says("unknown revision");
}

#[test]
fn a_required_tag_is_asked_of_a_range_and_not_of_all_history() {
    let sandbox = planned();
    sandbox.git(&["config", "speclog.require", "error"]).ok();
    let plain = work(&sandbox, "fix: nothing of it");
    sandbox.git(&["revert", "--no-edit", "HEAD"]).ok();
    assert_eq!(found(&sandbox, &[]), (Vec::new(), 0));
    assert_eq!(found(&sandbox, &["HEAD~2..HEAD"]), (vec![format!("missing-tag - {plain}")], 1));
}

#[test]
fn documents_that_cannot_be_read_or_told_apart_are_named() {
    let sandbox = planned();
    let symlink = |target: &str, name: &str| {
        std::os::unix::fs::symlink(target, sandbox.top().join("prd/tasks").join(name)).unwrap();
    };
    symlink("../../../secret.md", "09_secret.md");
    symlink("../../README.md", "README.md");
    sandbox.write("prd/tasks/10_big.md", vec![b'x'; (8 << 20) + 1]);
    sandbox.write("features/07_again.md", "# Login again (PRD 07)\n");
    sandbox.write("specs/active/x/tasks.md", "# Tasks\n\n- [ ] **A1** X\n- [ ] **A1** Y\n");
    sandbox.write("specs/archive/x/tasks.md", "# Tasks\n\n- [ ] **A1** X\n");
    let mut wanted = vec![
        format!("ambiguous-feature {PLACE} -"),
        "duplicate-task specs/active/x/tasks.md:4 -".to_owned(),
        "unreadable-document prd/tasks/09_secret.md -".to_owned(),
        "unreadable-document prd/tasks/10_big.md -".to_owned(),
        "unreadable-document prd/tasks/README.md -".to_owned(),
    ];
    wanted.sort_by_key(|line| line.split(' ').nth(1).map(str::to_owned));
    assert_eq!(found(&sandbox, &[]), (wanted, 1));
    let text =
        sandbox.spec_log(&["check"]).fails_with(1).says("3 errors, 1 warning, 1 note").stdout;
    assert!(text.contains("10_big.md: error: cannot read `prd/tasks/10_big.md`: it is larger"));
}

#[test]
fn a_key_file_counts_as_there_in_the_work_tree_in_head_and_where_it_is_ignored() {
    let sandbox = planned();
    let files = "- `a.rs` - code\n- `src/` - all\n- `.env` - made\n- `tests/t.rs:3` - t\n- `notes.md`\n- `gone.rs`";
    sandbox.write(PLACE, PLAN.replace("- `a.rs` - code", files));
    sandbox.write(".gitignore", ".env\n");
    sandbox.write("src/x.rs", "");
    sandbox.write("prd/tasks/notes.md", "");
    sandbox.write("tests/t.rs", "");
    sandbox.commit("docs: name files").ok();
    std::fs::remove_dir_all(sandbox.top().join("tests")).unwrap();
    assert_eq!(found(&sandbox, &[]).0, [format!("gone-key-file {PLACE}:22 -")]);
}

#[test]
fn a_blocker_of_a_done_task_and_a_missing_plan_or_workspace_are_found() {
    let sandbox = planned();
    let text = PLAN.replacen(
        "\n\n",
        "\n\n**PRD:** `prd/07_login.md`\n**Workspace**: specs/active/login/\n\n",
        1,
    );
    let blockers = "\n## Blockers\n\n1. No host - Blocking Task 1.1\n2. Slow\n";
    sandbox.write(PLACE, text + blockers);
    sandbox.commit("docs: point").ok();
    work(&sandbox, "feat: store [PRD-07 Task 1.1]");
    sandbox.spec_log(&["sync", "-q"]).ok();
    sandbox.commit("docs: keep books").ok();
    let line = sandbox.read(PLACE).lines().position(|line| line.starts_with("1. No host"));
    let line = line.expect("the blocker") + 1;
    let (problems, _) = found(&sandbox, &[]);
    for wanted in [
        format!("missing-prd {PLACE}:3 -"),
        format!("missing-workspace {PLACE}:4 -"),
        format!("outlived-blocker {PLACE}:{line} -"),
    ] {
        assert!(problems.contains(&wanted), "{wanted} in {problems:#?}");
    }
    sandbox.write("prd/07_login.md", "# Login\n");
    sandbox.write("specs/active/login/tasks.md", "# Tasks: Login\n");
    let (problems, _) = found(&sandbox, &[]);
    assert!(!problems.iter().any(|problem| problem.starts_with("missing-")), "{problems:#?}");
}

#[test]
fn a_message_is_judged_as_by_the_hook_without_one() {
    let sandbox = planned();
    judge(&sandbox, &[], b"feat: x [PRD-07 Task 1.1]\n\n# a comment [PRD-07 Tsk 1]\n").ok();
    let refused = judge(&sandbox, &[], b"feat: x [PRD-07 Tsk 1.1]\n").fails_with(1).says("1 error");
    assert_eq!(
        refused.stdout,
        "error: `[PRD-07 Tsk 1.1]` is not written as a tag is, expected `[PRD-07 Task 1.1]`\n\
         hint: feat: x [PRD-07 Task 1.1]\n"
    );
    let several = judge(&sandbox, &[], b"x [PRD07 Task 1.1] [PRD-07 Task 9.9]\n").fails_with(1);
    let lines: Vec<&str> = several.stdout.lines().collect();
    assert!(lines[0].starts_with("error: `[PRD07 Task 1.1]`"), "{lines:#?}");
    // Nothing is like 9.9: a hint that names a task may be used as it stands.
    assert_eq!(several.stdout.matches("hint: x [PRD-07 Task 1.1] [PRD-07]\n").count(), 1);
    let leading = b"[PRD-07 Task 1.1] feat: x\n";
    let note = judge(&sandbox, &["--strict"], leading).ok();
    assert!(note.starts_with("note: `[PRD-07 Task 1.1]` leads the subject"), "{note}");
    sandbox.write("message", "x [PRD-12]\n");
    let json = sandbox.spec_log(&["check", "--message", "message", "--format", "json"]);
    let json: Value = serde_json::from_str(&json.fails_with(1).stdout).expect("JSON");
    assert_eq!(json["problems"][0]["code"], "unknown-feature");
    assert_eq!(json["problems"][0]["path"], Value::Null);
    sandbox.git(&["config", "speclog.require", "warn"]).ok();
    judge(&sandbox, &[], b"fix: no tag\n").ok();
    judge(&sandbox, &["--strict"], b"fix: no tag\n").fails_with(1).says("1 warning");
}

#[test]
fn what_cannot_be_judged_is_fatal_and_no_finding() {
    let sandbox = planned();
    sandbox.spec_log(&["check", "--message", "nowhere"]).fails_with(128).says("no such file");
    let usage = sandbox.spec_log(&["check", "--message", "x", "HEAD"]).fails_with(2);
    assert_eq!(usage.stdout, "");
    sandbox.spec_log(&["check", "--json", "--format", "sarif"]).fails_with(2).says("--format");
    sandbox.write(".spec-log.toml", "reqire = \"error\"\n");
    let broken = sandbox.spec_log(&["check", "--format=json"]).fails_with(128);
    let json: Value = serde_json::from_str(&broken.stdout).expect("JSON");
    assert_eq!(json["error"]["code"], "configuration");
}

#[test]
fn a_shallow_clone_is_not_blamed_for_what_it_cannot_see() {
    let sandbox = planned();
    work(&sandbox, "feat: store [PRD-07 Task 1.1]");
    sandbox.spec_log(&["sync", "--commit"]).ok();
    let from = format!("file://{}", sandbox.top().display());
    sandbox.git(&["clone", "-q", "--depth=1", &from, "../clone"]).ok();
    let directory = sandbox.beside("clone");
    let clone = sandbox.moved_to(directory);
    assert_eq!(found(&clone, &["--strict"]), (vec![format!("dangling-hash {PLACE}:21 -")], 0));
}

#[test]
fn opposite_links_of_two_branches_are_disputed_until_a_commit_settles_it() {
    let sandbox = planned();
    work(&sandbox, "feat: send [PRD-07 Task 1.2]");
    sandbox.git(&["switch", "-qc", "side"]).ok();
    sandbox.write("side", "");
    sandbox.commit("feat: store [PRD-07 Task 1.1]").ok();
    sandbox.git(&["switch", "-q", "main"]).ok();
    let reopened = work(&sandbox, "fix: not yet [PRD-07 Task 1.1 reopen]");
    sandbox.git(&["merge", "-q", "--no-edit", "side"]).ok();
    let disputes = || {
        let all = found(&sandbox, &[]).0;
        all.into_iter().filter(|problem| problem.starts_with("disputed")).collect::<Vec<_>>()
    };
    assert_eq!(disputes(), [format!("disputed {PLACE}:7 {reopened}")]);
    work(&sandbox, "feat: now [PRD-07 Task 1.1]");
    assert_eq!(disputes(), [""; 0]);
}
