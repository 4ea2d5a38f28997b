//! What is failed: each hook and each command that writes, in a repository in
//! which it has something to write.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::snapshot::Snapshot;
use crate::sandbox::{Output, Sandbox, programs};

const PLACE: &str = "prd/tasks/07_login.md";

const PLAN: &str = "# Feature: Login (PRD 07)\n\n**Status:** Not Started\n\
    **Last Updated:** YYYY-MM-DD HH:MM\n\n## Tasks\n\n### Phase 1: Core\n\n\
    - [ ] Task 1.1: Store\n- [ ] Task 1.2: Send\n\n## Session Log\n\n\
    **Session 1 (YYYY-MM-DD HH:MM - HH:MM):**\n- Completed: [Tasks]\n- Next: [What]\n\n---\n\n\
    ## Git Commits\n\n## Notes\n";

/// What an exit status says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// A hook passes whatever breaks in it.
    Hook,
    /// A command that ends with 0 has done its work.
    Command,
    /// A merge may also have conflicts.
    Merge,
}

/// One thing that writes.
pub(super) struct Scenario {
    name: &'static str,
    prepare: fn() -> Sandbox,
    /// The program and its arguments; `$HEAD` and `$WAS` are commits.
    command: &'static [&'static str],
    /// What brings all right the next time, where the command itself does not.
    repair: Option<&'static [&'static str]>,
    pub(super) status: Status,
}

const SYNC: Option<&[&str]> = Some(&["git-spec-log", "sync", "-q"]);

const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "post-commit",
        prepare: || committed("worktree"),
        command: &["spec-log-post-commit"],
        repair: SYNC,
        status: Status::Hook,
    },
    Scenario {
        name: "post-commit, stage",
        prepare: || committed("stage"),
        command: &["spec-log-post-commit"],
        repair: SYNC,
        status: Status::Hook,
    },
    Scenario {
        name: "pre-commit, next",
        prepare: || committed("next"),
        command: &["spec-log-pre-commit"],
        repair: None,
        status: Status::Hook,
    },
    Scenario {
        name: "post-rewrite",
        prepare: rewritten,
        command: &["spec-log-post-rewrite", "rebase"],
        repair: SYNC,
        status: Status::Hook,
    },
    Scenario {
        name: "post-checkout",
        prepare: left,
        command: &["spec-log-post-checkout", "$WAS", "$HEAD", "1"],
        repair: SYNC,
        status: Status::Hook,
    },
    Scenario {
        name: "prepare-commit-msg",
        prepare: started,
        command: &["spec-log-prepare-commit-msg", ".git/COMMIT_EDITMSG", "message"],
        repair: None,
        status: Status::Hook,
    },
    Scenario {
        name: "commit-msg",
        prepare: started,
        command: &["spec-log-commit-msg", ".git/COMMIT_EDITMSG"],
        repair: None,
        status: Status::Hook,
    },
    Scenario {
        name: "sync",
        prepare: || committed("worktree"),
        command: &["git-spec-log", "sync"],
        repair: None,
        status: Status::Command,
    },
    Scenario {
        name: "sync --commit",
        prepare: || committed("worktree"),
        command: &["git-spec-log", "sync", "--commit"],
        repair: None,
        status: Status::Command,
    },
    Scenario {
        name: "park",
        prepare: recorded,
        command: &["git-spec-log", "park"],
        repair: SYNC,
        status: Status::Command,
    },
    Scenario {
        name: "init",
        prepare: || planned(false),
        command: &["git-spec-log", "init"],
        repair: None,
        status: Status::Command,
    },
    Scenario {
        name: "init --uninstall",
        prepare: recorded,
        command: &["git-spec-log", "init", "--uninstall"],
        repair: None,
        status: Status::Command,
    },
    Scenario {
        name: "checkpoint",
        prepare: recorded,
        command: &["git-spec-log", "checkpoint", "PRD-07"],
        repair: None,
        status: Status::Command,
    },
    Scenario {
        name: "new",
        prepare: || planned(true),
        command: &["git-spec-log", "new", "Password reset"],
        repair: SYNC,
        status: Status::Command,
    },
    Scenario {
        name: "tick",
        prepare: || planned(true),
        command: &["git-spec-log", "tick", "--file", PLACE, "1.1"],
        repair: None,
        status: Status::Command,
    },
    Scenario {
        name: "git commit",
        prepare: staged,
        command: &["git", "commit", "-qm", "feat: store [PRD-07 Task 1.1]"],
        repair: SYNC,
        status: Status::Command,
    },
    Scenario {
        name: "merge-driver",
        prepare: apart,
        command: &["git-spec-log", "merge-driver", "base", "ours", "theirs", PLACE],
        repair: None,
        status: Status::Merge,
    },
];

impl Scenario {
    /// What is run.
    pub(super) fn program(&self) -> &'static str {
        self.command[0]
    }

    /// Whether that is git, and ours its hooks.
    pub(super) fn is_gits(&self) -> bool {
        self.program() == "git"
    }
}

pub(super) fn named(name: &str) -> Scenario {
    let at = SCENARIOS.iter().position(|scenario| scenario.name == name).expect("a scenario");
    Scenario { ..SCENARIOS[at] }
}

fn planned(hooks: bool) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(PLACE, PLAN);
    sandbox.write("prd/tasks/08_logout.md", PLAN.replace("07", "08").replace("Login", "Logout"));
    sandbox.commit("docs: plan").ok();
    if hooks {
        sandbox.install_hooks();
    }
    sandbox
}

/// A commit that no hook has seen.
fn unseen(sandbox: &Sandbox, message: &str) {
    sandbox.write("code", message);
    sandbox.git(&["add", "code"]).ok();
    sandbox.git(&["-c", "core.hooksPath=/dev/null", "commit", "-qm", message]).ok();
}

fn committed(record: &str) -> Sandbox {
    let sandbox = planned(true);
    sandbox.git(&["config", "speclog.record", record]).ok();
    unseen(&sandbox, "feat: store [PRD-07 Task 1.1] [PRD-08 Task 1.2]");
    sandbox
}

fn recorded() -> Sandbox {
    let sandbox = planned(true);
    sandbox.work("code", "feat: store [PRD-07 Task 1.1]");
    sandbox
}

/// Work that waits to be committed.
fn staged() -> Sandbox {
    let sandbox = planned(true);
    sandbox.write("code", "x");
    sandbox.git(&["add", "code"]).ok();
    sandbox
}

/// The commit of a record was amended, and no hook saw it.
fn rewritten() -> Sandbox {
    let sandbox = recorded();
    let quiet = ["-c", "core.hooksPath=/dev/null", "commit", "-q", "--amend", "-m"];
    sandbox.git(&[&quiet[..], &["feat: store it [PRD-07 Task 1.1]"]].concat()).ok();
    sandbox
}

/// HEAD has left the commit of a record, and no hook saw it.
fn left() -> Sandbox {
    let sandbox = recorded();
    sandbox.git(&["-c", "core.hooksPath=/dev/null", "switch", "-qc", "other", "HEAD^"]).ok();
    sandbox
}

/// A task is worked on, and a message waits.
fn started() -> Sandbox {
    let sandbox = planned(true);
    sandbox.spec_log(&["start", "PRD-07", "1.1"]).ok();
    sandbox.write("code", "x");
    sandbox.git(&["add", "code"]).ok();
    sandbox.write(".git/COMMIT_EDITMSG", "feat: store [PRD-07 Task 1.2 wip]\n");
    sandbox
}

/// Three versions of a document, as git hands them to a merge driver.
fn apart() -> Sandbox {
    let sandbox = recorded();
    let ours = sandbox.read(PLACE);
    sandbox.commit("docs: books").ok();
    sandbox.git(&["checkout", "-qb", "other", "HEAD~2"]).ok();
    sandbox.work("more", "feat: send [PRD-07 Task 1.2]");
    sandbox.write("theirs", sandbox.read(PLACE));
    sandbox.write("base", PLAN);
    sandbox.write("ours", ours);
    sandbox
}

/// A scenario's repository, which can be set back.
pub(super) struct World<'a> {
    scenario: &'a Scenario,
    sandbox: Sandbox,
    rewritten: String,
}

impl<'a> World<'a> {
    pub(super) fn new(scenario: &'a Scenario) -> Self {
        let sandbox = (scenario.prepare)();
        // What git writes is as durable as what we write.
        sandbox.git(&["config", "core.fsync", "all"]).ok();
        let names = ["HEAD", "ORIG_HEAD", "@{1}"].map(|name| {
            sandbox.git(&["rev-parse", "--verify", "-q", name]).stdout.trim().to_owned()
        });
        let rewritten = format!("{} {}\n", names[2], names[0]);
        copy(&sandbox, "work", "kept");
        Self { scenario, sandbox, rewritten }
    }

    pub(super) fn beside(&self, name: &str) -> PathBuf {
        self.sandbox.beside(name)
    }

    pub(super) fn top(&self) -> &Path {
        self.sandbox.top()
    }

    pub(super) fn reset(&self) {
        fs::remove_dir_all(self.sandbox.top()).expect("a repository");
        copy(&self.sandbox, "kept", "work");
    }

    pub(super) fn rename(&self, from: &str, to: &str) {
        let top = self.sandbox.top();
        fs::rename(top.join(from), top.join(to)).expect("a file");
    }

    pub(super) fn command(&self) -> Command {
        self.start(self.scenario.command)
    }

    pub(super) fn repair(&self) -> Command {
        self.start(self.scenario.repair.unwrap_or(self.scenario.command))
    }

    pub(super) fn start(&self, words: &[&str]) -> Command {
        let folder = if words[0] == "git" { &self.sandbox.bin() } else { programs() };
        let mut command = self.sandbox.command(folder.join(words[0]));
        let (was, head) = self.rewritten.trim_end().split_once(' ').expect("two names");
        for word in &words[1..] {
            command.arg(word.replace("$HEAD", head).replace("$WAS", was));
        }
        if words[0] == "spec-log-pre-commit" || words[0] == "spec-log-commit-msg" {
            command.env("GIT_INDEX_FILE", ".git/index");
        }
        command
    }

    /// Runs a command, with the clock standing still, until all that it has
    /// started has ended too.
    pub(super) fn run(&self, mut command: Command) -> Output {
        let list = self.beside("rewritten");
        fs::write(&list, &self.rewritten).expect("a file");
        command.stdin(Stdio::from(fs::File::open(list).expect("a file")));
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let child = command.spawn().expect("the program starts");
        let group = child.id();
        let output = child.wait_with_output().expect("the program ends");
        wait_for(group);
        Output {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Runs a command in which nothing is to fail.
    pub(super) fn clean(&self, command: Command) {
        self.run(command).ok();
    }

    /// Puts HEAD's documents into the work tree.
    pub(super) fn restore_documents(&self) {
        let mut git = self.sandbox.command("git");
        let status = git.args(["checkout", "-q", "HEAD", "--", "prd"]).status();
        assert!(status.expect("git starts").success());
    }

    pub(super) fn look(&self) -> Snapshot {
        self.look_at(self.sandbox.top())
    }

    /// What lies in another copy of the repository.
    pub(super) fn look_at(&self, top: &Path) -> Snapshot {
        let mut git = self.sandbox.command("git");
        let listed = git.current_dir(top).args(["ls-files", "-s"]).output();
        let listed = String::from_utf8(listed.expect("git starts").stdout).expect("UTF-8");
        // Each entry of the index stands for itself.
        let entries = listed.lines().map(|line| {
            let (blob, path) = line.split_once('\t').expect("a path");
            (format!("index: {path}"), blob.as_bytes().to_vec())
        });
        Snapshot::of(top, entries)
    }
}

/// Waits for the end of a process group: a killed program's `git` goes on.
fn wait_for(group: u32) {
    let script = "while kill -s 0 -- \"-$0\" 2>/dev/null; do :; done";
    let ended = Command::new("sh").args(["-c", script, &group.to_string()]).status();
    assert!(ended.expect("sh starts").success());
}

fn copy(sandbox: &Sandbox, from: &str, to: &str) {
    let copied =
        Command::new("cp").arg("-a").args([sandbox.beside(from), sandbox.beside(to)]).status();
    assert!(copied.expect("cp starts").success());
}
