//! Hooks go in beside what is there and come out to the byte.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::sandbox::{Sandbox, programs};

const HOOKS: [&str; 5] =
    ["commit-msg", "post-commit", "post-checkout", "post-merge", "post-applypatch"];

/// Every file and link below a directory, but not what git itself writes.
fn tree(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut tree = BTreeMap::new();
    let mut waiting = vec![directory.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(directory).expect("inside").display().to_string();
            let meta = fs::symlink_metadata(&path).expect("a file");
            if meta.is_symlink() {
                let target = fs::read_link(&path).expect("a link");
                tree.insert(name, format!("-> {}", target.display()).into_bytes());
            } else if meta.is_dir() {
                waiting.push(path);
            } else {
                tree.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    tree
}

/// Puts our program somewhere else; a child does it, see `write_program`.
fn copy_program(to: &Path) {
    let from = programs().join("git-spec-log");
    let copied = Command::new("cp").args([from.as_path(), to]).status();
    assert!(copied.expect("cp starts").success());
}

/// A fake program of ours that says it ran, then ends with this status.
fn stand_in(sandbox: &Sandbox, text: &str) {
    let directory = sandbox.beside("programs");
    fs::create_dir_all(&directory).expect("a directory");
    copy_program(&directory);
    for hook in HOOKS {
        sandbox.write_program(directory.join(format!("spec-log-{hook}")), text);
    }
}

fn init_with_stand_in(sandbox: &Sandbox, arguments: &[&str]) -> crate::sandbox::Output {
    let mut command = sandbox.command(sandbox.beside("programs/git-spec-log"));
    sandbox.run(command.arg("init").args(arguments))
}

#[test]
fn where_no_hook_is_each_becomes_a_link_to_our_program_and_goes_again() {
    let sandbox = Sandbox::new();
    let before = tree(&sandbox.top().join(".git"));
    sandbox.install_hooks();
    for hook in HOOKS {
        let target = fs::read_link(sandbox.top().join(".git/hooks").join(hook)).expect("a link");
        assert_eq!(target, programs().join(format!("spec-log-{hook}")));
    }
    sandbox.commit("one").ok();
    let installed = tree(&sandbox.top().join(".git/hooks"));
    sandbox.spec_log(&["init"]).ok();
    assert_eq!(tree(&sandbox.top().join(".git/hooks")), installed, "a second init adds nothing");
    sandbox.spec_log(&["init", "--uninstall"]).ok();
    let mut after = tree(&sandbox.top().join(".git"));
    after.retain(|name, _| before.contains_key(name));
    assert_eq!(after, before);
    sandbox.spec_log(&["init", "--uninstall"]).says("nothing of spec-log").ok();
}

#[test]
fn a_dry_run_says_all_and_writes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write_program(".git/hooks/commit-msg", "#!/bin/sh\nexit 0\n");
    let before = tree(&sandbox.top().join(".git"));
    sandbox.spec_log(&["init", "--dry-run"]).says("would install").ok();
    assert_eq!(tree(&sandbox.top().join(".git")), before);
    sandbox.install_hooks();
    let before = tree(&sandbox.top().join(".git"));
    sandbox.spec_log(&["init", "--uninstall", "--dry-run"]).says("would remove").ok();
    assert_eq!(tree(&sandbox.top().join(".git")), before);
}

#[test]
fn every_shell_hook_is_joined_above_its_commands_and_given_back_to_the_byte() {
    for script in [
        "#!/bin/sh\nprintf x >> ran\nexec true \"$@\"\n",
        "#!/usr/bin/env bash\nset -euo pipefail\nprintf x >> ran\nexit 0\n",
        "#!/bin/sh -e\nprintf x >> ran",
        "#!/bin/sh\n# a note\n\nprintf x >> ran\n",
        "printf x >> ran\n",
    ] {
        let sandbox = Sandbox::new();
        stand_in(&sandbox, "#!/bin/sh\nprintf o >> ours\n");
        sandbox.write_program(".git/hooks/commit-msg", script);
        init_with_stand_in(&sandbox, &[]).ok();
        init_with_stand_in(&sandbox, &[]).ok();
        sandbox.git(&["commit", "--allow-empty", "-qm", "one"]).ok();
        assert_eq!(sandbox.read("ran"), "x", "the other hook ran: {script}");
        assert_eq!(sandbox.read("ours"), "oo", "commit-msg and post-commit: {script}");
        init_with_stand_in(&sandbox, &["--uninstall"]).ok();
        assert_eq!(sandbox.read(".git/hooks/commit-msg"), script);
        sandbox.git(&["commit", "--allow-empty", "-qm", "two"]).ok();
        assert_eq!((sandbox.read("ran"), sandbox.read("ours")), ("xx".into(), "oo".into()));
    }
}

#[test]
fn a_hook_with_crlf_keeps_it() {
    let sandbox = Sandbox::new();
    let script = "#!/bin/sh\r\n# note\r\ntrue\r\n";
    sandbox.write_program(".git/hooks/post-commit", script);
    sandbox.install_hooks();
    let joined = sandbox.read(".git/hooks/post-commit");
    assert!(joined.starts_with("#!/bin/sh\r\n# note\r\n# >>> spec-log"), "{joined}");
    assert!(joined.ends_with("\ntrue\r\n"), "{joined}");
    sandbox.spec_log(&["init", "--uninstall"]).ok();
    assert_eq!(sandbox.read(".git/hooks/post-commit"), script);
}

#[test]
fn an_older_block_is_brought_up_to_date_where_it_stands() {
    let sandbox = Sandbox::new();
    let older = "#!/bin/sh\nfirst=1\n# >>> spec-log v0\nexit 1\n# <<< spec-log <<<\ntrue\n";
    sandbox.write_program(".git/hooks/commit-msg", older);
    sandbox.spec_log(&["init"]).says("updated").ok();
    sandbox.commit("one").ok();
    sandbox.spec_log(&["init", "--uninstall"]).ok();
    assert_eq!(sandbox.read(".git/hooks/commit-msg"), "#!/bin/sh\nfirst=1\ntrue\n");
}

#[test]
fn an_older_link_of_ours_follows_the_new_program() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.top().join(".git/hooks")).expect("a directory");
    let path = sandbox.top().join(".git/hooks/commit-msg");
    symlink("/gone/bin/spec-log-commit-msg", &path).expect("a link");
    sandbox.spec_log(&["init"]).says("updated").ok();
    let target = fs::read_link(path).expect("a link");
    assert_eq!(target, programs().join("spec-log-commit-msg"));
}

#[test]
fn what_is_no_shell_script_is_left_alone_with_a_way_out() {
    for (script, reason) in [
        ("#!/usr/bin/env python3\nprint('mine')\n", "a script for `python3`"),
        ("\u{7f}ELF\0\0", "a program, not a script"),
        ("#!/bin/sh\n# >>> spec-log >>>\nhalf\n", "is damaged"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.write_program(".git/hooks/post-commit", script);
        let output = sandbox.spec_log(&["init"]).fails_with(1).says(reason).says("hint: ");
        assert!(output.stderr.contains("commit-msg       installed"), "{output:#?}");
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
        .spec_log(&["init"])
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
    sandbox.spec_log(&["init"]).fails_with(1).says("not executable").says("chmod +x");
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
        let output = sandbox.spec_log(&["init", "--mode", "file"]).fails_with(1);
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
    let output = sandbox.spec_log(&["init", "--mode", "file"]).fails_with(1);
    let pasted: Vec<_> = output.stderr.lines().filter(|line| line.contains("command -v")).collect();
    assert_eq!(pasted.len(), HOOKS.len());
    for (hook, line) in HOOKS.iter().zip(pasted) {
        let line = line.trim_start_matches("hint: ");
        sandbox.write_program(shared.join(hook), format!("#!/bin/sh -e\n{line}\n"));
    }
    sandbox.spec_log(&["init", "--mode", "file"]).says("unchanged").ok();
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
        .spec_log(&["init"])
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
        .spec_log(&["init"])
        .fails_with(1)
        .says("husky owns")
        .says("hint: add to .husky/commit-msg:");
    assert_eq!(tree(sandbox.top()), before);
    for hook in HOOKS {
        sandbox.write(format!(".husky/{hook}"), format!("spec-log-{hook} \"$@\"\n"));
    }
    sandbox.spec_log(&["init"]).says(".husky/commit-msg").ok();
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
        let output = sandbox.spec_log(&["init"]).fails_with(1).says("generates it").says(hint);
        assert!(output.stderr.contains("post-commit      installed"), "{output:#?}");
        assert_eq!(sandbox.read(".git/hooks/commit-msg"), script);
        sandbox.write(file, "# spec-log-commit-msg is called here\n");
        sandbox.spec_log(&["init"]).says(file).ok();
        sandbox.spec_log(&["init", "--uninstall"]).ok();
        assert_eq!(sandbox.read(".git/hooks/commit-msg"), script);
    }
}

#[test]
fn a_linked_work_tree_shares_the_hooks_of_the_common_directory() {
    let sandbox = Sandbox::new();
    sandbox.commit("one").ok();
    let linked = sandbox.beside("linked");
    sandbox.git(&["worktree", "add", "-q", linked.to_str().expect("UTF-8")]).ok();
    let main = sandbox.top().to_owned();
    let sandbox = sandbox.moved_to(&linked);
    stand_in(&sandbox, "#!/bin/sh\nprintf o >> ours\n");
    init_with_stand_in(&sandbox, &[]).ok();
    assert!(fs::read_link(main.join(".git/hooks/commit-msg")).is_ok());
    sandbox.git(&["commit", "--allow-empty", "-qm", "two"]).ok();
    assert_eq!(sandbox.read("ours"), "oo");
    let sandbox = sandbox.moved_to(main);
    sandbox.git(&["commit", "--allow-empty", "-qm", "three"]).ok();
    assert_eq!(sandbox.read("ours"), "oo");
}

#[test]
fn a_submodule_gets_hooks_of_its_own() {
    let sandbox = Sandbox::new();
    sandbox.commit("one").ok();
    let top = sandbox.top().to_owned();
    let outer = sandbox.beside("outer");
    fs::create_dir(&outer).expect("a directory");
    let sandbox = sandbox.moved_to(&outer);
    sandbox.git(&["init", "-q", "--template="]).ok();
    let allow = "protocol.file.allow=always";
    sandbox
        .git(&["-c", allow, "submodule", "--quiet", "add", top.to_str().expect("UTF-8"), "sub"])
        .ok();
    let sandbox = sandbox.moved_to(outer.join("sub"));
    fs::remove_dir_all(outer.join(".git/modules/sub/hooks")).ok();
    sandbox.install_hooks();
    assert!(fs::read_link(outer.join(".git/modules/sub/hooks/commit-msg")).is_ok());
    assert!(tree(&outer.join(".git/hooks")).is_empty());
    sandbox.commit("two").ok();
}

#[test]
fn a_program_that_is_missing_or_broken_never_blocks_a_commit() {
    let joined = "#!/bin/sh -e\nprintf x >> ran\n";
    for existing in [None, Some(joined)] {
        let sandbox = Sandbox::new();
        if let Some(script) = existing {
            HOOKS.map(|hook| sandbox.write_program(format!(".git/hooks/{hook}"), script));
        }
        stand_in(&sandbox, "#!/bin/sh\nexit 1\n");
        init_with_stand_in(&sandbox, &[]).ok();
        let commit = || sandbox.git(&["commit", "--allow-empty", "-qm", "one"]);
        commit().fails_with(1);
        if existing.is_some() {
            for broken in ["#!/bin/sh\nexit 101\n", "#!/nowhere\n", "#!/bin/sh\nkill -9 $$\n"] {
                stand_in(&sandbox, broken);
                commit().ok();
            }
        }
        fs::remove_dir_all(sandbox.beside("programs")).expect("gone");
        assert_eq!(commit().says("").stderr, "", "a missing program is not even mentioned");
        sandbox.git(&["switch", "-qc", "topic"]).ok();
        assert_eq!(existing.is_some(), sandbox.top().join("ran").exists());
    }
}

#[test]
fn init_beside_no_hook_programs_says_what_is_missing() {
    let sandbox = Sandbox::new();
    let alone = sandbox.beside("git-spec-log");
    copy_program(&alone);
    let output = sandbox.run(sandbox.command(&alone).arg("init")).fails_with(128);
    let _ = output.says("`spec-log-commit-msg` is not beside").says("install.sh");
}

#[test]
fn print_writes_nothing_and_shows_every_hook() {
    let sandbox = Sandbox::new();
    let before = tree(sandbox.top());
    let printed = sandbox.spec_log(&["init", "--mode", "print"]).ok();
    assert_eq!(printed.matches("# >>> spec-log").count(), HOOKS.len());
    assert_eq!(tree(sandbox.top()), before);
}

#[test]
fn json_tells_the_same() {
    let sandbox = Sandbox::new();
    sandbox.write_program(".git/hooks/commit-msg", "#!/usr/bin/python3\n");
    let output = sandbox.spec_log(&["init", "--json"]).fails_with(1);
    let value: serde_json::Value = serde_json::from_str(&output.stdout).expect("JSON");
    assert_eq!(value["schema"], "spec-log/init/1");
    assert_eq!(value["way"], "file");
    assert_eq!(value["hooks"][0]["action"], "paste");
    assert_eq!(value["hooks"][1]["action"], "install");
    assert_eq!(output.stderr, "");
}

/// Not through git, which puts its own programs in front of the stand-in.
fn directly(sandbox: &Sandbox, arguments: &[&str]) -> crate::sandbox::Output {
    sandbox.run(sandbox.command(programs().join("git-spec-log")).args(arguments))
}

/// A git that is as it was but for the version it names.
fn pretend_version(sandbox: &Sandbox, version: &str) {
    let real = fs::canonicalize(sandbox.bin().join("git")).expect("git");
    fs::remove_file(sandbox.bin().join("git")).expect("the link");
    let script = format!(
        "#!/bin/sh\n[ \"$1\" = --version ] && echo git version {version} && exit\nexec {} \"$@\"\n",
        real.display()
    );
    sandbox.write_program(sandbox.bin().join("git"), script);
}

#[test]
fn git_that_knows_hooks_in_its_configuration_gets_them_there_and_only_there() {
    let sandbox = Sandbox::new();
    sandbox.install_hooks();
    pretend_version(&sandbox, "2.54.0");
    let before = sandbox.read(".git/config");
    directly(&sandbox, &["init"]).ok();
    assert!(tree(&sandbox.top().join(".git/hooks")).is_empty(), "both would run");
    let event = sandbox.git(&["config", "hook.spec-log-post-commit.event"]).ok();
    assert_eq!(event, "post-commit\n");
    directly(&sandbox, &["init"]).says("unchanged").ok();
    directly(&sandbox, &["init", "--uninstall"]).ok();
    assert_eq!(sandbox.read(".git/config"), before);
    directly(&sandbox, &["init"]).ok();
    directly(&sandbox, &["init", "--mode", "file"]).ok();
    assert_eq!(sandbox.read(".git/config"), before);
}

#[test]
fn a_command_in_the_configuration_refuses_with_1_alone() {
    let sandbox = Sandbox::new();
    pretend_version(&sandbox, "2.55.0");
    let status = |text: &str| {
        stand_in(&sandbox, text);
        init_with_stand_in(&sandbox, &[]).ok();
        let command = sandbox.git(&["config", "hook.spec-log-commit-msg.command"]).ok();
        // As git's prepare_shell_cmd does it.
        let script = format!("{} \"$@\"", command.trim_end());
        let mut shell = sandbox.command("sh");
        sandbox.run(shell.args(["-c", &script, command.trim_end(), "MSG"]))
    };
    status("#!/bin/sh\n[ \"$1\" = MSG ] || exit 1\n").ok();
    status("#!/bin/sh\nexit 1\n").fails_with(1);
    for broken in ["#!/bin/sh\nexit 101\n", "#!/nowhere\n", "#!/bin/sh\nkill -9 $$\n"] {
        status(broken).ok();
    }
    let command = sandbox.git(&["config", "hook.spec-log-commit-msg.command"]).ok();
    fs::remove_dir_all(sandbox.beside("programs")).expect("gone");
    let script = format!("{} \"$@\"", command.trim_end());
    let output = sandbox.run(sandbox.command("sh").args(["-c", &script, "f", "MSG"]));
    assert_eq!((output.status, output.stderr.as_str()), (0, ""));
}

#[test]
fn an_older_git_is_told_that_it_has_no_such_hooks() {
    let sandbox = Sandbox::new();
    pretend_version(&sandbox, "2.53.1");
    directly(&sandbox, &["init", "--mode", "config"]).fails_with(128).says("--mode file");
}
