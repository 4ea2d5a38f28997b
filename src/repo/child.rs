//! Starting `git`.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::{Environment, Error, Repo};

/// What a `git` that succeeded wrote.
pub(super) struct Said(pub(super) Vec<u8>);

impl Said {
    /// As text without the final newline.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0).trim_end_matches('\n').to_owned()
    }

    /// As a path without the final newline.
    pub(super) fn path(&self) -> PathBuf {
        use std::os::unix::ffi::OsStrExt;
        let bytes = self.0.strip_suffix(b"\n").unwrap_or(&self.0);
        PathBuf::from(OsStr::from_bytes(bytes))
    }

    /// Its lines.
    pub(super) fn lines(&self) -> Vec<&[u8]> {
        let bytes = self.0.strip_suffix(b"\n").unwrap_or(&self.0);
        bytes.split(|&byte| byte == b'\n').collect()
    }
}

/// A `git` that looks for the repository itself, by the environment's rules.
#[derive(Clone, Debug)]
pub(super) struct Seeker {
    /// What is started.
    pub(super) program: PathBuf,
    /// What it hears, its current directory included.
    pub(super) environment: Environment,
}

impl Seeker {
    /// Finds `git`.
    pub(super) fn new(environment: Environment) -> Result<Self, Error> {
        let program = find_git(&environment, enclosing(&environment.cwd)).ok_or(Error::NoGit)?;
        Ok(Self { program, environment })
    }

    /// Runs it and leaves judging its status to the caller.
    pub(super) fn output(&self, args: &[&str]) -> Result<Output, Error> {
        let mut command = prepared(&self.program, &self.environment);
        let output = command.current_dir(&self.environment.cwd).args(args).stdin(Stdio::null());
        let output = output.output();
        output.map_err(|source| Error::Start { command: args.join(" "), source })
    }

    /// What it wrote; `None` where it failed.
    pub(super) fn said(&self, args: &[&str]) -> Result<Option<Said>, Error> {
        let output = self.output(args)?;
        Ok(output.status.success().then_some(Said(output.stdout)))
    }
}

/// The directory around this one that has a `.git`, which is the one whose
/// programs are not trusted.
fn enclosing(directory: &Path) -> Option<&Path> {
    directory.ancestors().find(|above| above.join(".git").exists())
}

impl Repo {
    /// Runs `git` in this repository and returns what it wrote.
    pub(super) fn git(&self, args: &[&str]) -> Result<Said, Error> {
        judge(args, self.git_output(args)?)
    }

    /// Runs `git` on an index of our own.
    pub(super) fn git_on_index(&self, index: &Path, args: &[&str]) -> Result<Said, Error> {
        let output =
            self.command()?.env("GIT_INDEX_FILE", index).args(args).stdin(Stdio::null()).output();
        judge(args, output.map_err(|source| Error::Start { command: args.join(" "), source })?)
    }

    /// Runs `git` with this on its stdin, which it reads whole before it
    /// answers.
    pub(super) fn git_fed(&self, args: &[&str], input: &[u8]) -> Result<Said, Error> {
        let start = |source| Error::Start { command: args.join(" "), source };
        let mut command = self.command()?;
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(start)?;
        let fed = child.stdin.take().map_or(Ok(()), |mut stdin| stdin.write_all(input));
        let output = child.wait_with_output().map_err(start)?;
        fed.map_err(start).and(judge(args, output))
    }

    /// Runs `git` and leaves judging its status to the caller.
    pub(super) fn git_output(&self, args: &[&str]) -> Result<Output, Error> {
        let output = self.command()?.args(args).stdin(Stdio::null()).output();
        output.map_err(|source| Error::Start { command: args.join(" "), source })
    }

    /// A `git` told where the repository is, so that no search of its own can
    /// find another one, and kept from locking, fetching and translating.
    fn command(&self) -> Result<Command, Error> {
        let mut command = prepared(self.git_program()?, &self.environment);
        command.arg("--literal-pathspecs").current_dir(self.top());
        for unset in ["GIT_INDEX_FILE", "GIT_PREFIX", "GIT_WORK_TREE", "GIT_COMMON_DIR"] {
            command.env_remove(unset);
        }
        command.env("GIT_DIR", self.git_dir());
        if let Some(work_tree) = self.work_tree() {
            command.env("GIT_WORK_TREE", work_tree);
        }
        if let Some(index) = &self.index_file {
            command.env("GIT_INDEX_FILE", index);
        }
        Ok(command)
    }

    /// The `git` that is started here, found once.
    pub fn git_program(&self) -> Result<&Path, Error> {
        if self.git.get().is_none() {
            let found = find_git(&self.environment, self.work_tree()).ok_or(Error::NoGit)?;
            let _ = self.git.set(found);
        }
        self.git.get().map(PathBuf::as_path).ok_or(Error::NoGit)
    }
}

/// A `git` that hears of the environment what was copied at the door, and is
/// kept from locking, fetching and translating.
pub(super) fn prepared(program: &Path, environment: &Environment) -> Command {
    let mut command = Command::new(program);
    // The copy, not the process's own.
    for (name, _) in std::env::vars_os() {
        if name.as_encoded_bytes().starts_with(b"GIT_") {
            command.env_remove(name);
        }
    }
    command.envs(environment.variables.iter().map(|(name, value)| (name, value)));
    command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_NO_LAZY_FETCH", "1").env("LC_ALL", "C");
    command
}

fn judge(args: &[&str], output: Output) -> Result<Said, Error> {
    match output.status.success() {
        true => Ok(Said(output.stdout)),
        false => Err(failed(args, &output)),
    }
}

/// The failure of a `git` that ended badly, in its own words.
pub(super) fn failed(args: &[&str], output: &Output) -> Error {
    let said = gist(&String::from_utf8_lossy(&output.stderr));
    Error::Child { command: args.join(" "), said }
}

/// The line that says what is wrong, among those that say what to do, with the
/// list that it begins.
pub(super) fn gist(said: &str) -> String {
    let wrong = |line: &str| {
        let words = line.strip_prefix("fatal: ").or_else(|| line.strip_prefix("error: "))?;
        Some(words.to_owned())
    };
    let mut lines = said.lines();
    let Some(first) = lines.find_map(wrong) else {
        return said.trim().lines().next().unwrap_or_default().to_owned();
    };
    let list = lines.map_while(|line| line.strip_prefix('\t'));
    list.fold(first, |gist, item| format!("{gist} {item}"))
}

/// `git` as `GIT_EXEC_PATH` (which git sets for its hooks) or `PATH` has it.
/// Relative and empty entries mean the current directory, and an entry inside
/// the work tree is the repository's to fill: neither may decide what runs.
pub(super) fn find_git(environment: &Environment, work_tree: Option<&Path>) -> Option<PathBuf> {
    let places = ["GIT_EXEC_PATH", "PATH"].into_iter().filter_map(|name| environment.get(name));
    // Compared by where they really are: `..` and symlinks lead in as well.
    let inside = |path: &Path| {
        let real = path.canonicalize();
        real.is_ok_and(|real| work_tree.is_some_and(|top| real.starts_with(top)))
    };
    places
        .flat_map(std::env::split_paths)
        .filter(|place| place.is_absolute() && !inside(place))
        .map(|place| place.join("git"))
        .find(|program| program.is_file() && is_executable(program) && !inside(program))
}

fn is_executable(program: &Path) -> bool {
    rustix::fs::access(program, rustix::fs::Access::EXEC_OK).is_ok()
}

#[cfg(test)]
mod tests {
    use super::super::testing::Sandbox;
    use super::*;

    #[test]
    fn the_repository_never_decides_which_git_runs() {
        let sandbox = Sandbox::new();
        sandbox.write("bin/git", "#!/bin/sh\n");
        sandbox.sh("chmod +x bin/git");
        let mut environment = sandbox.environment();
        let real = environment.get("PATH").unwrap().to_str().unwrap().to_owned();
        let path = format!("::bin:.:{0}:{0}/../bin:{real}", sandbox.path("bin").display());
        environment.variables.retain(|(name, _)| name == "HOME");
        environment.variables.push(("PATH".into(), path.into()));
        let found = find_git(&environment, Some(sandbox.top())).unwrap();
        assert!(found.is_absolute() && !found.starts_with(sandbox.top()));
        environment.variables.clear();
        assert_eq!(find_git(&environment, None), None);
    }

    #[test]
    fn of_many_words_the_ones_that_say_what_is_wrong_are_told() {
        let unknown = "Author identity unknown\n\n*** Tell me\n\nfatal: unable to detect it\n";
        assert_eq!(gist(unknown), "unable to detect it");
        assert_eq!(gist("error: gpg failed\nfatal: no commit\n"), "gpg failed");
        assert_eq!(gist("fatal: unknown:\n\ta\n\tb\nhint: c\n"), "unknown: a b");
        assert_eq!((gist("one\ntwo\n"), gist("")), ("one".to_owned(), String::new()));
    }

    #[test]
    fn a_failing_child_is_quoted() {
        let sandbox = Sandbox::new();
        let error = sandbox.repo().git(&["rev-parse", "--verify", "nope"]).err().unwrap();
        assert_eq!(
            error.to_string(),
            "`git rev-parse --verify nope` failed: Needed a single revision"
        );
    }
}
