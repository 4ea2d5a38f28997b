//! A repository made for show, cut off from the machine's own configuration,
//! names and clock, so that the same commits have the same names everywhere.

use std::cell::Cell;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::{Environment, Error, child};

/// The author's and committer's time of the first commit.
const FIRST: i64 = 1_768_204_800;

/// How long each commit takes, in seconds.
const STEP: i64 = 25 * 60;

/// A throwaway repository.
pub struct Throwaway {
    program: PathBuf,
    environment: Environment,
    seconds: Cell<i64>,
}

/// How a `git` ended.
pub struct Spoken {
    /// Whether it succeeded.
    pub is_fine: bool,
    /// What it wrote.
    pub stdout: String,
    /// What it and its hooks said.
    pub stderr: String,
}

impl Throwaway {
    /// Makes a repository in an empty directory; `programs` go before PATH.
    pub fn init(top: &Path, programs: &Path) -> Result<Self, Error> {
        let process = Environment::of_process();
        let program = child::find_git(&process, Some(top)).ok_or(Error::NoGit)?;
        let environment = hermetic(top, programs, &process);
        let throwaway = Self { program, environment, seconds: Cell::new(FIRST) };
        let args = ["init", "-q", "--template=", "--object-format=sha1"];
        let output = throwaway.start(&args)?;
        match output.status.success() {
            // By hand: `init -b` came with git 2.28 only.
            true => throwaway.run(&["symbolic-ref", "HEAD", "refs/heads/main"])?,
            false => return Err(child::failed(&args, &output)),
        };
        Ok(throwaway)
    }

    /// What programs that work here must be told.
    pub fn environment(&self) -> Environment {
        self.environment.clone()
    }

    /// Runs git; a `commit` moves the clock on.
    pub fn run(&self, args: &[&str]) -> Result<Spoken, Error> {
        if args.first() == Some(&"commit") {
            self.seconds.set(self.seconds.get() + STEP);
        }
        let output = self.start(args)?;
        Ok(Spoken {
            is_fine: output.status.success(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    fn start(&self, args: &[&str]) -> Result<std::process::Output, Error> {
        let date = format!("@{} +0100", self.seconds.get());
        let mut command = child::prepared(&self.program, &self.environment);
        command.current_dir(&self.environment.cwd).args(args).stdin(Stdio::null());
        command.env("GIT_AUTHOR_DATE", &date).env("GIT_COMMITTER_DATE", &date);
        let output = command.output();
        output.map_err(|source| Error::Start { command: args.join(" "), source })
    }
}

fn hermetic(top: &Path, programs: &Path, process: &Environment) -> Environment {
    let path = process.get("PATH").unwrap_or_default();
    let path = std::env::split_paths(path);
    let path = std::env::join_paths(std::iter::once(programs.to_owned()).chain(path));
    let none = top.join(".git/no-home").into_os_string();
    let text = OsString::from;
    let mut variables = vec![
        (text("PATH"), path.unwrap_or_default()),
        (text("HOME"), none.clone()),
        (text("XDG_CONFIG_HOME"), none),
        (text("GIT_CONFIG_NOSYSTEM"), text("1")),
        (text("GIT_CONFIG_GLOBAL"), text("/dev/null")),
        (text("GIT_AUTHOR_NAME"), text("A Person")),
        (text("GIT_AUTHOR_EMAIL"), text("person@example.com")),
        (text("GIT_COMMITTER_NAME"), text("A Person")),
        (text("GIT_COMMITTER_EMAIL"), text("person@example.com")),
    ];
    let ours = ["RECORD", "TICK", "REQUIRE"].map(|key| OsString::from(format!("SPECLOG_{key}")));
    variables.extend(ours.map(|name| (name, OsString::new())));
    let exec_path = process.get("GIT_EXEC_PATH");
    variables.extend(exec_path.map(|path| (text("GIT_EXEC_PATH"), path.to_owned())));
    Environment { cwd: top.to_owned(), variables }
}
