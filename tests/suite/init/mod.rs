//! Hooks go in beside what is there and come out to the byte.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::sandbox::{Sandbox, programs};

pub(crate) const HOOKS: [&str; 8] = [
    "commit-msg",
    "post-commit",
    "post-checkout",
    "post-merge",
    "post-applypatch",
    "post-rewrite",
    "pre-commit",
    "prepare-commit-msg",
];

mod agents;
pub(crate) mod config;
mod others;

/// Every file and link below a directory, but not what git itself writes.
fn tree(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut tree = BTreeMap::new();
    let mut waiting = vec![directory.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(directory).expect("inside").display().to_string();
            let meta = fs::symlink_metadata(&path).expect("a file");
            // Every commit makes these anew.
            if name == "reftable" {
                continue;
            }
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

/// Hooks in files, also where git knows others.
const FILES: [&str; 3] = ["init", "--mode", "file"];

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
    sandbox.spec_log(&FILES).ok();
    assert_eq!(tree(&sandbox.top().join(".git/hooks")), installed, "a second init adds nothing");
    sandbox.spec_log(&["init", "--uninstall"]).ok();
    let mut after = tree(&sandbox.top().join(".git"));
    let foreign = after.keys().find(|name| name.contains("spec-log"));
    assert_eq!(foreign, None);
    after.retain(|name, _| before.contains_key(name));
    assert_eq!(after, before);
    sandbox.spec_log(&["init", "--uninstall"]).says("nothing of spec-log").ok();
}

#[test]
fn a_dry_run_says_all_and_writes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write_program(".git/hooks/commit-msg", "#!/bin/sh\nexit 0\n");
    let before = tree(&sandbox.top().join(".git"));
    sandbox.spec_log(&["init", "--mode", "file", "--dry-run"]).says("would install").ok();
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
        init_with_stand_in(&sandbox, &FILES[1..]).ok();
        init_with_stand_in(&sandbox, &FILES[1..]).ok();
        sandbox.git(&["commit", "--allow-empty", "-qm", "one"]).ok();
        assert_eq!(sandbox.read("ran"), "x", "the other hook ran: {script}");
        assert_eq!(sandbox.read("ours"), "oooo", "before, prepared, message, after: {script}");
        init_with_stand_in(&sandbox, &["--uninstall"]).ok();
        assert_eq!(sandbox.read(".git/hooks/commit-msg"), script);
        sandbox.git(&["commit", "--allow-empty", "-qm", "two"]).ok();
        assert_eq!((sandbox.read("ran"), sandbox.read("ours")), ("xx".into(), "oooo".into()));
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
    sandbox.spec_log(&FILES).says("updated").ok();
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
    sandbox.spec_log(&FILES).says("updated").ok();
    let target = fs::read_link(path).expect("a link");
    assert_eq!(target, programs().join("spec-log-commit-msg"));
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
    init_with_stand_in(&sandbox, &FILES[1..]).ok();
    assert!(fs::read_link(main.join(".git/hooks/commit-msg")).is_ok());
    sandbox.git(&["commit", "--allow-empty", "-qm", "two"]).ok();
    assert_eq!(sandbox.read("ours"), "oooo");
    let sandbox = sandbox.moved_to(main);
    sandbox.git(&["commit", "--allow-empty", "-qm", "three"]).ok();
    assert_eq!(sandbox.read("ours"), "oooo");
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
            for hook in HOOKS {
                sandbox.write_program(format!(".git/hooks/{hook}"), script);
            }
        }
        stand_in(&sandbox, "#!/bin/sh\nexit 1\n");
        init_with_stand_in(&sandbox, &FILES[1..]).ok();
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
    output.says("`spec-log-commit-msg` is not beside").says("install.sh");
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
    let output = sandbox.spec_log(&["init", "--mode", "file", "--json"]).fails_with(1);
    let value: serde_json::Value = serde_json::from_str(&output.stdout).expect("JSON");
    assert_eq!(value["schema"], "spec-log/init/1");
    assert_eq!(value["way"], "file");
    assert_eq!(value["hooks"][0]["action"], "paste");
    assert_eq!(value["hooks"][1]["action"], "install");
    assert_eq!(output.stderr, "");
}

#[test]
fn init_says_which_documents_it_found_or_how_to_begin() {
    let sandbox = Sandbox::new();
    sandbox.spec_log(&FILES).says("  prd/tasks/*.md\n").says("git spec-log new ").ok();
    // What the hint says, word for word.
    let document = "# Feature: Name (PRD 01)\n- [ ] Task 1.1: The first thing to do\n";
    sandbox.write("prd/tasks/01_name.md", document);
    sandbox.write("code", "x");
    sandbox.spec_log(&FILES).says("found 1 document of 1 feature\nPRD-01 ").ok();
    sandbox.commit("feat: begin [PRD-01 Task 1.1]").ok();
    assert!(sandbox.read("prd/tasks/01_name.md").contains("- [x] Task 1.1"));
    sandbox.write(".spec-log.toml", "recrd = 1\n");
    sandbox.spec_log(&FILES).says("cannot look for documents").says("did you mean").ok();
}

#[test]
fn history_from_before_init_is_not_the_first_hooks() {
    let sandbox = Sandbox::new();
    sandbox.write("prd/tasks/01_a.md", "# A (PRD 01)\n- [ ] Task 1.1: x\n- [ ] Task 1.2: y\n");
    sandbox.commit("old [PRD-01 Task 1.1]").ok();
    sandbox.spec_log(&["init", "--mode", "file", "--dry-run"]).ok();
    assert!(!sandbox.top().join(".git/spec-log").exists());
    sandbox.install_hooks();
    let head = sandbox.git(&["rev-parse", "HEAD"]).ok();
    let seen = format!("{0} {0}\n", head.trim());
    assert_eq!(sandbox.read(".git/spec-log/last-seen"), seen);
    sandbox.write("code", "x");
    sandbox.commit("new [PRD-01 Task 1.2]").ok();
    let text = sandbox.read("prd/tasks/01_a.md");
    assert!(text.contains("- [ ] Task 1.1") && text.contains("- [x] Task 1.2"), "{text}");
    sandbox.install_hooks();
    assert_ne!(sandbox.read(".git/spec-log/last-seen"), seen, "what is remembered stays");
}

#[test]
fn a_bare_repository_has_nothing_to_put_hooks_in_for() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q", "--bare", "bare.git"]).ok();
    for command in ["init", "doctor"] {
        let output = sandbox.spec_log(&["-C", "bare.git", command]).fails_with(128);
        output.says("fatal: the repository has no work tree").says("hint: run it in a work tree");
    }
}

#[test]
fn the_merge_driver_is_set_and_the_lines_that_use_it_are_suggested() {
    let sandbox = Sandbox::new();
    let before = sandbox.read(".git/config");
    sandbox.write("prd/tasks/07_login.md", "# Feature: Login (PRD 07)\n- [ ] Task 1.1: Store\n");
    let output = sandbox.spec_log(&FILES).says("'prd/tasks/*.md merge=spec-log' >> .gitattributes");
    output.ok();
    let driver = sandbox.git(&["config", "merge.spec-log.driver"]).ok();
    assert!(
        driver.contains("merge-driver %O %A %B %P") && driver.contains("git merge-file"),
        "{driver}"
    );
    sandbox.write(".gitattributes", "prd/tasks/*.md merge=spec-log\n");
    let output = sandbox.spec_log(&FILES);
    assert!(!output.stderr.contains(".gitattributes"), "{output:#?}");
    output.ok();
    sandbox.spec_log(&["init", "--uninstall"]).ok();
    assert_eq!(sandbox.read(".git/config"), before);
}

#[test]
fn a_teams_own_places_get_lines_for_the_merge_driver_too() {
    let sandbox = Sandbox::new();
    let own = "[[documents]]\npath = \"it's ours/*.md\"\n\n\
               [[documents]]\npath = \"work/*/tasks.md\"\ndialect = \"workspace\"\n";
    sandbox.write(".spec-log.toml", own);
    sandbox.spec_log(&FILES).says("  it's ours/*.md\n").ok();
    sandbox.write("it's ours/login.md", "# Feature: Login (PRD 07)\n- [ ] Task 1.1: Store\n");
    sandbox.write("work/vault/tasks.md", "- [ ] A1: Store\n");
    let told = sandbox.spec_log(&FILES);
    let command = told.stderr.lines().find(|line| line.contains(">> .gitattributes"));
    let command = command.unwrap_or_else(|| panic!("{told:#?}")).replace("hint:", "");
    sandbox.run(sandbox.command("sh").args(["-c", &command])).ok();
    for path in ["it's ours/login.md", "work/vault/tasks.md", "work/vault/recovery.md"] {
        let told = sandbox.git(&["check-attr", "merge", "--", path]).ok();
        assert!(told.trim_end().ends_with("merge: spec-log"), "{told}{command}");
    }
    let again = sandbox.spec_log(&FILES);
    assert!(!again.stderr.contains(".gitattributes"), "{again:#?}");
    again.ok();
}
