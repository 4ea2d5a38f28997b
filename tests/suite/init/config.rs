//! Hooks in the configuration, which git 2.54 brought.

use std::fs;

use super::{init_with_stand_in, stand_in, tree};
use crate::sandbox::{Sandbox, programs};

/// Not through git, which puts its own programs in front of the stand-in.
pub(crate) fn directly(sandbox: &Sandbox, arguments: &[&str]) -> crate::sandbox::Output {
    sandbox.run(sandbox.command(programs().join("git-spec-log")).args(arguments))
}

/// A git that is as it was but for the version it names.
pub(crate) fn pretend_version(sandbox: &Sandbox, version: &str) {
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
    let without_us = sandbox.read(".git/config");
    sandbox.install_hooks();
    pretend_version(&sandbox, "2.54.0");
    let before = sandbox.read(".git/config");
    directly(&sandbox, &["init"]).ok();
    assert!(tree(&sandbox.top().join(".git/hooks")).is_empty(), "both would run");
    let event = sandbox.git(&["config", "hook.spec-log-post-commit.event"]).ok();
    assert_eq!(event, "post-commit\n");
    directly(&sandbox, &["init"]).says("unchanged").ok();
    directly(&sandbox, &["init", "--uninstall"]).ok();
    assert_eq!(sandbox.read(".git/config"), without_us);
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
