//! Throwaway repositories made by the real `git`, cut off from the machine's
//! own configuration, names and clock.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Environment, Error, Repo};
use crate::commit::Oid;

/// A repository `repo/` and a directory `outside/` beside it.
pub(crate) struct Sandbox {
    top: PathBuf,
    outside: PathBuf,
    _dir: tempfile::TempDir,
}

impl Sandbox {
    /// An empty repository on `main`.
    pub(crate) fn new() -> Self {
        Self::init(&[])
    }

    /// The same with more arguments for `git init`.
    pub(crate) fn init(args: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let sandbox = Self { top: root.join("repo"), outside: root.join("outside"), _dir: dir };
        std::fs::create_dir(&sandbox.top).unwrap();
        std::fs::create_dir(&sandbox.outside).unwrap();
        sandbox.git(&[&["init", "-q", "-b", "main"], args].concat());
        sandbox
    }

    pub(crate) fn top(&self) -> &Path {
        &self.top
    }

    pub(crate) fn outside(&self) -> &Path {
        &self.outside
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.top.join(below)
    }

    pub(crate) fn environment(&self) -> Environment {
        let format = std::env::var_os("SPEC_LOG_REF_FORMAT").unwrap_or_default();
        let variables = [
            ("GIT_DEFAULT_REF_FORMAT", format),
            ("PATH", std::env::var_os("PATH").unwrap_or_default()),
            ("HOME", self.outside.clone().into_os_string()),
            ("GIT_CONFIG_NOSYSTEM", OsString::from("1")),
            ("GIT_CONFIG_GLOBAL", OsString::from("/dev/null")),
            ("GIT_CEILING_DIRECTORIES", self.outside.clone().into_os_string()),
            ("GIT_AUTHOR_NAME", OsString::from("A U Thor")),
            ("GIT_AUTHOR_EMAIL", OsString::from("author@example.com")),
            ("GIT_COMMITTER_NAME", OsString::from("C O Mitter")),
            ("GIT_COMMITTER_EMAIL", OsString::from("committer@example.com")),
            ("GIT_AUTHOR_DATE", OsString::from("1700000000 +0200")),
            ("GIT_COMMITTER_DATE", OsString::from("1700000000 +0200")),
            ("LC_ALL", OsString::from("C")),
            ("TZ", OsString::from("UTC")),
        ];
        let set = variables.into_iter().filter(|(_, value)| !value.is_empty());
        let variables = set.map(|(name, value)| (name.into(), value)).collect();
        Environment { cwd: self.top.clone(), variables }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let environment = self.environment();
        command.env_clear().envs(environment.variables).current_dir(&self.top);
        command
    }

    /// Runs `git`, which must succeed, and returns what it wrote.
    pub(crate) fn git(&self, args: &[&str]) -> String {
        finish(self.command("git").args(args))
    }

    /// Runs a shell script, which may fail, and returns what it wrote.
    pub(crate) fn sh(&self, script: &str) -> String {
        let output = self.command("sh").args(["-c", script]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Commits one file and returns the commit's name.
    pub(crate) fn commit(&self, path: &str, text: &str, message: &str) -> Oid {
        self.commit_at(path, text, message, 1_700_000_000)
    }

    /// The same at a committer time.
    pub(crate) fn commit_at(&self, path: &str, text: &str, message: &str, seconds: i64) -> Oid {
        self.write(path, text);
        self.git(&["add", path]);
        let mut command = self.command("git");
        command.env("GIT_COMMITTER_DATE", format!("@{seconds} +0200"));
        finish(command.args(["commit", "-q", "--allow-empty", "-m", message]));
        self.oid("HEAD")
    }

    pub(crate) fn oid(&self, spec: &str) -> Oid {
        Oid::from_hex(self.git(&["rev-parse", spec]).trim()).unwrap()
    }

    /// The repository as a hook at the top opens it.
    pub(crate) fn repo(&self) -> Repo {
        self.hook_in(&self.top)
    }

    /// The same repository as it is read where libgit2 cannot.
    pub(crate) fn repo_by_git(&self) -> Repo {
        Repo::open_by_git(&self.top, self.environment(), Error::Bare).unwrap()
    }

    pub(crate) fn hook_in(&self, cwd: &Path) -> Repo {
        let environment = Environment { cwd: cwd.to_path_buf(), ..self.environment() };
        Repo::open_in_hook_of(environment).unwrap()
    }
}

fn finish(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}
