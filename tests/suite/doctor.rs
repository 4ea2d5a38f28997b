//! Whether git really reaches us, and what doctor says when it does not.

use std::fs;
use std::os::unix::fs::symlink;

use crate::init::HOOKS;
use crate::init::config::{directly, pretend_version};
use crate::sandbox::Sandbox;

/// What doctor finds: `code severity`, without what is as it should be.
fn faults(sandbox: &Sandbox) -> Vec<String> {
    let output = sandbox.spec_log(&["doctor", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&output.stdout).expect("JSON");
    assert_eq!(value["schema"], "spec-log/doctor/1");
    let findings = value["findings"].as_array().expect("a list").clone();
    let has_error = findings.iter().any(|finding| finding["severity"] == "error");
    assert_eq!(output.status, i32::from(has_error), "{output:#?}");
    let is_fault = |finding: &&serde_json::Value| finding["severity"] != "ok";
    let words = |finding: &serde_json::Value| {
        format!("{} {}", finding["code"], finding["severity"]).replace('"', "")
    };
    findings.iter().filter(is_fault).map(words).collect()
}

fn healthy() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("prd/tasks/07_login.md", "# Feature: Login (PRD 07)\n- [ ] Task 1.1: Begin\n");
    sandbox.write(".gitattributes", "prd/tasks/*.md merge=spec-log\n");
    sandbox.commit("plan").ok();
    sandbox.install_hooks();
    assert_eq!(faults(&sandbox), [""; 0]);
    sandbox
}

#[test]
fn documents_that_git_merges_line_by_line_are_named_with_what_to_do() {
    let sandbox = healthy();
    sandbox.write("specs/active/login/tasks.md", "- [ ] A1: Begin\n");
    sandbox.write("specs/active/login/recovery.md", "# Session Recovery: Login\n");
    assert_eq!(faults(&sandbox), ["merge-attributes warning"]);
    let said = sandbox.spec_log(&["doctor"]).ok();
    assert!(
        said.contains("git merges specs/active/login/tasks.md and 1 more line by line"),
        "{said}"
    );
    let hint = said.lines().find_map(|line| line.strip_prefix("   hint: printf ")).expect("a hint");
    sandbox.run(sandbox.command("sh").args(["-c", &format!("printf {hint}")])).ok();
    assert_eq!(faults(&sandbox), [""; 0]);
    sandbox.write(".gitattributes", "");
    sandbox.write(".git/info/attributes", "*.md merge=spec-log\n");
    assert_eq!(faults(&sandbox), [""; 0]);
    sandbox.git(&["config", "--remove-section", "merge.spec-log"]).ok();
    assert_eq!(faults(&sandbox), ["merge-driver warning"]);
}

#[test]
fn all_is_well_after_init_and_every_hook_is_named() {
    let said = healthy().spec_log(&["doctor"]).ok();
    assert_eq!(said.matches(" runs ").count(), HOOKS.len(), "{said}");
    for words in
        ["ok       git 2.", "PRD-07: prd/tasks/07_login.md", "record = worktree (built in)"]
    {
        assert!(said.contains(words), "`{words}` in {said}");
    }
}

#[test]
fn a_repository_without_hooks_or_documents_says_how_to_begin() {
    let sandbox = Sandbox::new();
    let mut wanted = vec!["hook-missing error"; HOOKS.len()];
    wanted.push("no-document warning");
    assert_eq!(faults(&sandbox), wanted);
    let told = sandbox.spec_log(&["doctor"]).fails_with(1);
    assert!(told.stdout.contains("   hint: git spec-log init\n"), "{told:#?}");
}

#[test]
fn a_program_that_is_gone_or_of_another_version_is_seen_and_not_started() {
    let sandbox = healthy();
    let hook = sandbox.top().join(".git/hooks/post-commit");
    fs::remove_file(&hook).expect("the link");
    symlink("/gone/spec-log-post-commit", &hook).expect("a link");
    assert_eq!(faults(&sandbox), ["program-missing error"]);
    let other = sandbox.beside("old/spec-log-post-commit");
    sandbox.write_program(&other, "#!/bin/sh\ntouch started\n");
    fs::remove_file(&hook).expect("the link");
    symlink(&other, &hook).expect("a link");
    assert_eq!(faults(&sandbox), ["program-stale warning"]);
    assert!(!sandbox.top().join("started").exists());
    fs::remove_file(&hook).expect("the link");
    fs::create_dir_all(sandbox.beside("plain")).expect("a directory");
    fs::write(sandbox.beside("plain/spec-log-post-commit"), "x").expect("a file");
    symlink(sandbox.beside("plain/spec-log-post-commit"), &hook).expect("a link");
    assert_eq!(faults(&sandbox), ["program-not-executable error"]);
    sandbox.spec_log(&["init", "-q", "--mode", "file"]).ok();
    assert_eq!(faults(&sandbox), [""; 0]);
}

#[test]
fn a_block_in_someone_elses_hook_reaches_us_too() {
    let sandbox = healthy();
    fs::remove_file(sandbox.top().join(".git/hooks/post-commit")).expect("the link");
    sandbox.write_program(".git/hooks/post-commit", "#!/bin/sh\ntrue\n");
    assert_eq!(faults(&sandbox), ["hook-missing error"]);
    sandbox.install_hooks();
    assert_eq!(faults(&sandbox), [""; 0]);
}

#[test]
fn hooks_in_both_places_run_twice_and_an_older_git_ignores_settings() {
    let sandbox = healthy();
    let program = crate::sandbox::programs().join("spec-log-post-commit");
    let program = format!("'{}'", program.display().to_string().replace('\'', "'\\''"));
    sandbox.git(&["config", "hook.spec-log-post-commit.command", &program]).ok();
    sandbox.git(&["config", "hook.spec-log-post-commit.event", "post-commit"]).ok();
    pretend_version(&sandbox, "2.53.0");
    let output = directly(&sandbox, &["doctor"]).ok();
    assert!(output.contains("git 2.53 ignores the hooks"), "{output}");
    pretend_version_again(&sandbox, "2.54.0");
    assert!(directly(&sandbox, &["doctor"]).ok().contains("post-commit runs twice"));
    directly(&sandbox, &["init"]).ok();
    assert!(!directly(&sandbox, &["doctor"]).ok().contains("warning"));
    sandbox.git(&["config", "hook.spec-log-commit-msg.command", "/gone/spec-log-commit-msg"]).ok();
    let told = directly(&sandbox, &["doctor"]).fails_with(1);
    assert!(told.stdout.contains("`/gone/spec-log-commit-msg`, which is not there"), "{told:#?}");
}

fn pretend_version_again(sandbox: &Sandbox, version: &str) {
    let script = sandbox.read(sandbox.bin().join("git")).replace("2.53.0", version);
    sandbox.write_program(sandbox.bin().join("git"), script);
}

#[test]
fn a_hooks_path_set_elsewhere_is_told() {
    let sandbox = healthy();
    let shared = sandbox.home().join("hooks");
    sandbox.git(&["config", "--global", "core.hooksPath", shared.to_str().expect("UTF-8")]).ok();
    let found = faults(&sandbox);
    assert_eq!(found[0], "hooks-path warning");
    assert_eq!(found.len(), 1 + HOOKS.len(), "{found:?}");
}

#[test]
fn documents_that_are_of_no_use_are_named_with_the_reason() {
    let sandbox = healthy();
    sandbox.write("prd/tasks/7_again.md", "# Feature: Again (PRD 07)\n");
    sandbox.write("prd/tasks/notes.md", "# Notes\n");
    let large = fs::File::create(sandbox.top().join("prd/tasks/09_large.md")).expect("a file");
    large.set_len((8 << 20) + 1).expect("a length");
    symlink("07_login.md", sandbox.top().join("prd/tasks/08_link.md")).expect("a link");
    let wanted = [
        "duplicate-feature error",
        "unreadable-document error",
        "nameless-document warning",
        "irregular-document warning",
    ];
    assert_eq!(faults(&sandbox), wanted);
}

#[test]
fn settings_and_leftovers_are_told_with_their_origin() {
    let sandbox = healthy();
    sandbox.write(".spec-log.toml", "record = \"stage\"\n");
    assert!(sandbox.spec_log(&["doctor"]).ok().contains("record = stage (.spec-log.toml)"));
    sandbox.git(&["config", "speclog.record", "off"]).ok();
    sandbox.write(".git/index.lock", "");
    assert_eq!(faults(&sandbox), ["index-lock warning", "record warning"]);
    assert!(sandbox.spec_log(&["doctor"]).ok().contains("(git config speclog.record, local)"));
    sandbox.write(".spec-log.toml", "recrd = \"stage\"\n");
    let told = sandbox.spec_log(&["doctor"]).fails_with(1);
    assert!(told.stdout.contains("did you mean `record`?"), "{told:#?}");
}

#[test]
fn what_libgit2_cannot_read_is_said_plainly() {
    let sandbox = healthy();
    sandbox.git(&["update-index", "--split-index"]).ok();
    assert!(sandbox.spec_log(&["doctor"]).ok().contains("git itself is asked"));
}

#[test]
fn a_hook_program_tells_its_version() {
    let sandbox = Sandbox::new();
    let said = sandbox.run(sandbox.command("spec-log-post-commit").arg("--version")).ok();
    assert_eq!(said, format!("spec-log hook {}\n", env!("CARGO_PKG_VERSION")));
}
