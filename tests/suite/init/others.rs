//! Hooks that others own are joined or left to a person, never lost.

use std::fs;
use std::os::unix::fs::symlink;

use super::{FILES, HOOKS, tree};
use crate::sandbox::Sandbox;

#[test]
fn what_is_no_shell_script_is_left_alone_with_a_way_out() {
    for (script, reason) in [
        ("#!/usr/bin/env python3\nprint('mine')\n", "a script for `python3`"),
        ("\u{7f}ELF\0\0", "a program, not a script"),
        ("#!/bin/sh\n# >>> spec-log >>>\nhalf\n", "is damaged"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.write_program(".git/hooks/post-commit", script);
        let output = sandbox.spec_log(&FILES).fails_with(1).says(reason).says("hint: ");
        assert!(output.stderr.contains("commit-msg         installed"), "{output:#?}");
        assert_eq!(sandbox.read(".git/hooks/post-commit"), script);
    }
}

#[test]
fn a_link_to_someone_elses_script_is_not_written_through() {
    let sandbox = Sandbox::new();
    sandbox.write_program("scripts/commit-msg", "#!/bin/sh\ntrue\n");
    fs::create_dir(sandbox.top().join(".git/hooks")).expect("a directory");
    let path = sandbox.top().join(".git/hooks/commit-msg");
    symlink("../../scripts/commit-msg", &path).expect("a link");
    sandbox
        .spec_log(&FILES)
        .fails_with(1)
        .says("it is a link to `../../scripts/commit-msg`")
        .says("spec-log-commit-msg");
    assert_eq!(sandbox.read("scripts/commit-msg"), "#!/bin/sh\ntrue\n");
    sandbox.spec_log(&["init", "--uninstall"]).ok();
    assert!(fs::read_link(path).is_ok());
}

#[test]
fn a_hook_that_git_ignores_is_not_woken_up() {
    let sandbox = Sandbox::new();
    sandbox.write(".git/hooks/commit-msg", "#!/bin/sh\nexit 1\n");
    sandbox.spec_log(&FILES).fails_with(1).says("not executable").says("chmod +x");
    assert_eq!(sandbox.read(".git/hooks/commit-msg"), "#!/bin/sh\nexit 1\n");
}

#[test]
fn a_hooks_directory_outside_the_repository_is_never_written() {
    let sandbox = Sandbox::new();
    let shared = sandbox.home().join("hooks");
    fs::create_dir(&shared).expect("a directory");
    for scope in ["--global", "--local"] {
        let value = shared.to_str().expect("UTF-8");
        sandbox.git(&["config", scope, "core.hooksPath", value]).ok();
        let output = sandbox.spec_log(&FILES).fails_with(1);
        let output = output.says("outside this repository").says("command -v spec-log-commit-msg");
        assert!(output.stderr.contains(&scope[2..]), "{output:#?}");
        assert!(tree(&shared).is_empty());
        sandbox.spec_log(&["init", "--uninstall"]).ok();
        sandbox.git(&["config", scope, "--unset", "core.hooksPath"]).ok();
    }
}

#[test]
fn what_was_pasted_by_hand_is_seen_works_and_blocks_nobody_without_us() {
    let sandbox = Sandbox::new();
    let shared = sandbox.home().join("hooks");
    sandbox.git(&["config", "--global", "core.hooksPath", shared.to_str().expect("UTF-8")]).ok();
    let output = sandbox.spec_log(&FILES).fails_with(1);
    let pasted: Vec<_> = output.stderr.lines().filter(|line| line.contains("command -v")).collect();
    assert_eq!(pasted.len(), HOOKS.len());
    for (hook, line) in HOOKS.iter().zip(pasted) {
        let line = line.trim_start_matches("hint: ");
        sandbox.write_program(shared.join(hook), format!("#!/bin/sh -e\n{line}\n"));
    }
    sandbox.spec_log(&FILES).says("unchanged").ok();
    sandbox.commit("one").ok();
    let mut without_us = sandbox.command("git");
    without_us.args(["commit", "--allow-empty", "-qm", "two"]).env("PATH", sandbox.bin());
    sandbox.run(&mut without_us).ok();
    sandbox.write_program(sandbox.bin().join("spec-log-commit-msg"), "#!/bin/sh\nexit 1\n");
    sandbox.commit("three").fails_with(1);
}

#[test]
fn a_hooks_directory_of_this_repository_alone_is_used() {
    let sandbox = Sandbox::new();
    sandbox.git(&["config", "core.hooksPath", ".my hooks"]).ok();
    sandbox.write_program(".my hooks/commit-msg", "#!/bin/sh\ntrue\n");
    sandbox.install_hooks();
    assert!(sandbox.read(".my hooks/commit-msg").contains("spec-log"));
    assert!(!sandbox.top().join(".git/hooks").exists());
    sandbox.spec_log(&["init", "--uninstall"]).ok();
    assert_eq!(sandbox.read(".my hooks/commit-msg"), "#!/bin/sh\ntrue\n");
    assert_eq!(tree(&sandbox.top().join(".my hooks")).len(), 1);
}

#[test]
fn a_tracked_hooks_directory_is_everyones_and_gets_a_line_to_paste() {
    let sandbox = Sandbox::new();
    sandbox.write_program(".githooks/commit-msg", "#!/bin/sh\ntrue\n");
    sandbox.commit("hooks").ok();
    sandbox.git(&["config", "core.hooksPath", ".githooks"]).ok();
    sandbox
        .spec_log(&FILES)
        .fails_with(1)
        .says("tracked")
        .says("! command -v spec-log-post-commit");
    assert_eq!(sandbox.git(&["status", "--porcelain"]).ok(), "");
}

#[test]
fn husky_keeps_its_hooks_and_gets_lines_for_its_own_files() {
    let sandbox = Sandbox::new();
    sandbox.write_program(".husky/_/commit-msg", "#!/usr/bin/env sh\n. \"$(dirname \"$0\")/h\"\n");
    sandbox.git(&["config", "core.hooksPath", ".husky/_"]).ok();
    let before = tree(sandbox.top());
    sandbox
        .spec_log(&FILES)
        .fails_with(1)
        .says("husky owns")
        .says("hint: add to .husky/commit-msg:");
    // The merge driver is git's to run, and no hook manager's.
    sandbox.git(&["config", "--remove-section", "merge.spec-log"]).ok();
    assert_eq!(tree(sandbox.top()), before);
    for hook in HOOKS {
        sandbox.write(format!(".husky/{hook}"), format!("spec-log-{hook} \"$@\"\n"));
    }
    sandbox.spec_log(&FILES).says(".husky/commit-msg").ok();
}

#[test]
fn lefthook_and_pre_commit_keep_the_hooks_they_generate() {
    let lefthook = "#!/bin/sh\ncall_lefthook() { lefthook \"$@\"; }\ncall_lefthook run\n";
    let pre_commit = "#!/usr/bin/env bash\n# File generated by pre-commit: https://pre-commit.com\n\
                      exec true\n";
    for (script, file, hint) in [
        (
            lefthook,
            "lefthook.yml",
            "run: \"! command -v spec-log-commit-msg >/dev/null || spec-log-commit-msg {0}\"",
        ),
        (pre_commit, ".pre-commit-config.yaml", "- id: spec-log-commit-msg"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.write_program(".git/hooks/commit-msg", script);
        let output = sandbox.spec_log(&FILES).fails_with(1).says("generates it").says(hint);
        assert!(output.stderr.contains("post-commit        installed"), "{output:#?}");
        assert_eq!(sandbox.read(".git/hooks/commit-msg"), script);
        sandbox.write(file, "# spec-log-commit-msg is called here\n");
        sandbox.spec_log(&FILES).says(file).ok();
        sandbox.spec_log(&["init", "--uninstall"]).ok();
        assert_eq!(sandbox.read(".git/hooks/commit-msg"), script);
    }
}
