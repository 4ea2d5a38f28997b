//! What `init` asks git, and the settings it makes; to be replaced by `repo`.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::disk;
use crate::report::Failure;

/// The repository as far as hooks are concerned. Paths are absolute.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// git's version, the first two numbers.
    pub version: (u32, u32),
    /// The work tree; none in a bare repository.
    pub top: Option<PathBuf>,
    /// The directory that all linked work trees share.
    pub common: PathBuf,
    /// Where git looks for hook files.
    pub hooks: PathBuf,
    /// `core.hooksPath` and the scope that sets it.
    pub hooks_path: Option<(String, String)>,
    /// Whether git tracks a file in the hooks directory.
    pub tracks_hooks: bool,
    /// This repository's own `hook.spec-log-*` settings.
    pub settings: Vec<(String, String)>,
    /// Whether `rebase.autoStash` is on.
    pub auto_stash: bool,
}

impl Site {
    /// Asks git about the repository around the current directory.
    pub(super) fn ask() -> Result<Self, Failure> {
        let version = ask(["--version"])?.unwrap_or_default();
        let common = path(["rev-parse", "--git-common-dir"])?.ok_or_else(no_repository)?;
        let hooks = path(["rev-parse", "--git-path", "hooks"])?.ok_or_else(no_repository)?;
        let hooks_path = ask(["config", "--show-scope", "--get", "core.hooksPath"])?;
        let auto_stash = ask(["config", "--type=bool", "--get", "rebase.autoStash"])?;
        let tracked = ask([OsStr::new("ls-files"), OsStr::new("--"), hooks.as_os_str()])?;
        Ok(Self {
            version: parse_version(&version.to_string_lossy()),
            top: path(["rev-parse", "--show-toplevel"])?,
            common,
            hooks,
            hooks_path: hooks_path.and_then(|line| {
                let line = line.to_string_lossy().into_owned();
                line.split_once('\t').map(|(scope, value)| (scope.to_owned(), value.to_owned()))
            }),
            tracks_hooks: tracked.is_some_and(|list| !list.is_empty()),
            settings: settings()?,
            auto_stash: auto_stash.is_some_and(|value| value == "true"),
        })
    }

    /// Whether git knows hooks that are set in its configuration (git 2.54).
    pub(super) fn has_config_hooks(&self) -> bool {
        self.version >= (2, 54)
    }
}

/// One value of git's configuration, wherever it is set.
pub(super) fn setting(name: &str) -> Option<String> {
    ask(["config", "--get", name]).ok().flatten().map(|value| value.to_string_lossy().into_owned())
}

/// Sets a value in the repository's own configuration.
pub(super) fn set(name: &str, value: &str) -> Result<(), Failure> {
    change(["config", "--local", "--replace-all", name, value])
}

/// Takes a section out of the repository's own configuration.
pub(super) fn remove_section(name: &str) -> Result<(), Failure> {
    change(["config", "--local", "--remove-section", name])
}

fn settings() -> Result<Vec<(String, String)>, Failure> {
    let list = ask(["config", "--local", "-z", "--get-regexp", r"^hook\.spec-log-"])?;
    let list = list.unwrap_or_default().to_string_lossy().into_owned();
    let pair = |record: &str| {
        record.split_once('\n').map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    Ok(list.split('\0').filter_map(pair).collect())
}

fn no_repository() -> Failure {
    Failure::new("no-repository", "not a git repository (or any of the parent directories)")
        .hint("git init makes one")
}

fn parse_version(text: &str) -> (u32, u32) {
    let numbers = text.trim_start_matches("git version ").split('.');
    let mut numbers = numbers.map(|part| part.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

fn path<const N: usize>(arguments: [&str; N]) -> Result<Option<PathBuf>, Failure> {
    let Some(answer) = ask(arguments)? else { return Ok(None) };
    let here = std::env::current_dir().map_err(|error| Failure::from_error("directory", &error))?;
    Ok(Some(disk::resolved(&here.join(Path::new(&answer)))))
}

/// git's answer without its last new line; `None` where git says no.
fn ask<S: AsRef<OsStr>>(
    arguments: impl IntoIterator<Item = S>,
) -> Result<Option<OsString>, Failure> {
    let output = git(arguments).stderr(Stdio::null()).output().map_err(no_git)?;
    let mut answer = output.stdout;
    if answer.last() == Some(&b'\n') {
        answer.pop();
    }
    Ok(output.status.success().then(|| OsString::from_vec(answer)))
}

fn change<const N: usize>(arguments: [&str; N]) -> Result<(), Failure> {
    let output = git(arguments).output().map_err(no_git)?;
    if output.status.success() {
        return Ok(());
    }
    let reason = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(Failure::new("git", format!("`git {}` failed: {reason}", arguments.join(" "))))
}

fn no_git(error: std::io::Error) -> Failure {
    Failure::new("git", format!("cannot run `git`: {error}")).hint("is git in PATH?")
}

fn git<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new("git");
    command.args(arguments).env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").stdin(Stdio::null());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_whoever_built_git() {
        assert_eq!(parse_version("git version 2.54.0"), (2, 54));
        assert_eq!(parse_version("git version 2.39.5 (Apple Git-154)"), (2, 39));
        assert_eq!(parse_version("git version 2.55.0.windows.1"), (2, 55));
        assert_eq!(parse_version("git version 3.0-rc1"), (3, 0));
        assert_eq!(parse_version(""), (0, 0));
    }
}
