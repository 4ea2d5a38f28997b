//! Repositories to measure in, hermetic and gone at the end.

pub(crate) use crate::programs::program;

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A directory for repositories, and a home without settings.
pub(crate) struct Place {
    root: tempfile::TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
        fs::create_dir(root.path().join("home")).expect("a home");
        Self { root }
    }

    /// A path in here.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// A command that sees nothing of the machine's settings.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>, dir: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(dir).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.env("HOME", self.path("home")).env("GIT_CONFIG_NOSYSTEM", "1");
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("LC_ALL", "C");
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "A").env(format!("GIT_{who}_EMAIL"), "a@b.c");
        }
        command
    }

    /// Runs git, which must succeed, and answers what it printed.
    pub(crate) fn git(&self, dir: &Path, arguments: &[&str]) -> String {
        let mut command = self.command("git", dir);
        let output = command.args(arguments).stderr(Stdio::inherit()).stdout(Stdio::piped());
        let output = output.output().expect("git runs");
        assert!(output.status.success(), "git {arguments:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Whether a program is installed.
    pub(crate) fn has(&self, program: &str) -> bool {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|directory| directory.join(program).is_file())
    }

    /// The first words that a program says of its version; `None` where it is
    /// not installed.
    pub(crate) fn version(&self, program: &str) -> Option<String> {
        let mut command = self.command(program, self.root.path());
        let said = command.arg("--version").stdout(Stdio::piped()).output().ok()?;
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        Some(said.lines().next()?.trim().to_owned())
    }

    /// A repository with documents of 20 KB, committed.
    pub(crate) fn with_documents(&self, name: &str, count: usize) -> PathBuf {
        let dir = self.empty(name);
        fs::create_dir_all(dir.join("prd/tasks")).expect("a folder");
        for number in 1..=count {
            let path = dir.join(format!("prd/tasks/{number:02}_feature.md"));
            fs::write(path, document(number)).expect("a document");
        }
        fs::write(dir.join("work"), "").expect("a file");
        self.git(&dir, &["add", "."]);
        self.git(&dir, &["commit", "-qm", "docs: plans"]);
        dir
    }

    /// A repository of so many commits, every twentieth with a tag, in one
    /// pack, with one document.
    pub(crate) fn with_history(&self, name: &str, commits: usize) -> PathBuf {
        let dir = self.with_documents(name, 1);
        let mut command = self.command("git", &dir);
        command.args(["fast-import", "--quiet", "--force"]).stdin(Stdio::piped());
        let mut child = command.spawn().expect("git runs");
        let mut input = std::io::BufWriter::new(child.stdin.take().expect("a pipe"));
        writeln!(input, "feature done\nreset refs/heads/main\nfrom refs/heads/main^0\n")
            .expect("a pipe");
        for number in 0..commits {
            let tag = match number % 20 {
                0 => format!(" [PRD-01 Task {}.{}]", number / 400 % 10 + 1, number / 20 % 20 + 1),
                _ => String::new(),
            };
            let message = format!("feat: step {number}{tag}\n\nWhy it was taken.\n");
            let when = 1_600_000_000 + number * 60;
            write!(
                input,
                "commit refs/heads/main\ncommitter A <a@b.c> {when} +0000\n\
                 data {}\n{message}M 644 inline work\ndata <<E\n{number}\nE\n",
                message.len()
            )
            .expect("a pipe");
        }
        writeln!(input, "done").expect("a pipe");
        drop(input);
        assert!(child.wait().expect("git ends").success(), "fast-import");
        self.git(&dir, &["reset", "-q", "--hard"]);
        dir
    }

    fn empty(&self, name: &str) -> PathBuf {
        let dir = self.path(name);
        self.git(self.root.path(), &["init", "-q", "-b", "main", name]);
        self.git(&dir, &["config", "gc.auto", "0"]);
        self.git(&dir, &["config", "maintenance.auto", "false"]);
        dir
    }

    /// A directory of hooks, each a script.
    pub(crate) fn scripts(&self, name: &str, hooks: &[(&str, &str)]) -> PathBuf {
        let dir = self.path(name);
        fs::create_dir(&dir).expect("a directory");
        for (hook, script) in hooks {
            let path = dir.join(hook);
            fs::write(&path, script).expect("a hook");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode");
        }
        dir
    }

    /// Makes HEAD the last commit that a hook has seen.
    pub(crate) fn see_head(&self, dir: &Path) {
        let head = self.git(dir, &["rev-parse", "HEAD"]);
        let state = dir.join(".git/spec-log");
        fs::create_dir_all(&state).expect("a directory");
        fs::write(state.join("last-seen"), format!("{0} {0}\n", head.trim())).expect("a file");
    }

    /// A directory of hooks, each a link to a program.
    pub(crate) fn links(&self, name: &str, hooks: &[(&str, PathBuf)]) -> PathBuf {
        let dir = self.path(name);
        fs::create_dir(&dir).expect("a directory");
        hooks.iter().for_each(|(hook, program)| symlink(program, dir.join(hook)).expect("a link"));
        dir
    }
}

/// A feature's document with 200 open tasks, 20 KB.
fn document(number: usize) -> String {
    let mut text = format!(
        "# Feature: Feature number {number} (PRD {number:02})\n\n**Status**: Not Started\n\
         **Started**: YYYY-MM-DD\n**Last Updated**: YYYY-MM-DD\n\n## Progress Summary\n\n\
         **Overall Progress**: 0/200 tasks (0%)\n\n"
    );
    (1..=10).for_each(|phase| {
        let _ = writeln!(text, "- Phase {phase}: 0/20 (0%)");
    });
    for phase in 1..=10 {
        let _ = writeln!(text, "\n## Phase {phase}: Part {phase}\n");
        for task in 1..=20 {
            let _ = writeln!(
                text,
                "- [ ] Task {phase}.{task}: Do what step {task} of part {phase} asks for, \
                 with the care and the words that a real plan has"
            );
        }
    }
    text + "\n## Git Commits\n\n- `abc1234` - Commit message [PRD-XX Task N.N]\n\n## Notes\n\nNone\n"
}
