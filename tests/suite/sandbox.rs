//! A throwaway repository that sees nothing of the machine it is on: its own
//! home, no system or global configuration but its own, a clock that we hold.

use std::cell::Cell;
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where the programs under test are.
pub(crate) fn programs() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_git-spec-log")).parent().expect("a directory of programs")
}

/// How a program ended. Its status must be looked at.
#[must_use]
#[derive(Debug)]
pub(crate) struct Output {
    /// The exit status; -1 for a signal.
    pub(crate) status: i32,
    /// What it wrote.
    pub(crate) stdout: String,
    /// What it said.
    pub(crate) stderr: String,
}

impl Output {
    /// Insists on success and answers stdout.
    #[track_caller]
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.status, 0, "{self:#?}");
        self.stdout
    }

    /// Insists on this exit status.
    #[track_caller]
    pub(crate) fn fails_with(self, status: i32) -> Told {
        assert_eq!(self.status, status, "{self:#?}");
        Told { stdout: self.stdout, stderr: self.stderr }
    }

    /// Insists that these words were said on stderr.
    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Self {
        assert!(self.stderr.contains(words), "`{words}` in {self:#?}");
        self
    }
}

/// The words of a program whose status was looked at.
#[derive(Debug)]
pub(crate) struct Told {
    /// What it wrote.
    pub(crate) stdout: String,
    /// What it said.
    pub(crate) stderr: String,
}

impl Told {
    /// Insists that these words were said on stderr.
    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Self {
        assert!(self.stderr.contains(words), "`{words}` in {self:#?}");
        self
    }
}

/// A repository in a directory of its own, gone when dropped.
pub(crate) struct Sandbox {
    root: tempfile::TempDir,
    /// The repository that methods work in.
    directory: PathBuf,
    seconds: Cell<i64>,
}

impl Sandbox {
    /// An empty repository on branch `main`, without hooks.
    pub(crate) fn new() -> Self {
        Self::made(&[]).expect("a repository")
    }

    /// The same with more arguments for `git init`; `None` where this git does
    /// not know them.
    pub(crate) fn made(arguments: &[&str]) -> Option<Self> {
        let root = tempfile::Builder::new().prefix("spec log's ").tempdir().expect("a directory");
        let directory = root.path().join("work");
        for name in ["home", "bin", "work"] {
            fs::create_dir(root.path().join(name)).expect("a directory");
        }
        link_system_programs(&root.path().join("bin"));
        let sandbox = Self { root, directory, seconds: Cell::new(1_767_225_600) };
        let config = "[user]\n\tname = A Person\n\temail = person@example.com\n\
                      [init]\n\tdefaultBranch = main\n[advice]\n\tdetachedHead = false\n";
        fs::write(sandbox.home().join(".gitconfig"), config).expect("a file");
        let made = sandbox.git(&[&["init", "-q", "--template="], arguments].concat());
        if made.status == 129 && made.stderr.contains("unknown option") {
            eprintln!("skipped: this git does not know {arguments:?}");
            return None;
        }
        made.ok();
        Some(sandbox)
    }

    /// A repository with this document committed and the hooks in.
    #[track_caller]
    pub(crate) fn planned(place: &str, document: &str) -> Self {
        Self::new().with_plan(place, document)
    }

    /// The same of a repository that is there.
    #[track_caller]
    pub(crate) fn with_plan(self, place: &str, document: &str) -> Self {
        self.write(place, document);
        self.commit("docs: plan").ok();
        self.install_hooks();
        self
    }

    /// Commits a file of its own, and nothing else.
    #[track_caller]
    pub(crate) fn work(&self, file: &str, message: &str) {
        self.write(file, message);
        self.git(&["add", file]).ok();
        self.git(&["commit", "-qm", message]).ok();
    }

    /// Its home directory, with the global configuration in `.gitconfig`.
    pub(crate) fn home(&self) -> PathBuf {
        self.root.path().join("home")
    }

    /// The top of its work tree.
    pub(crate) fn top(&self) -> &Path {
        &self.directory
    }

    /// A path beside the repository.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// A directory in front of PATH, for programs that stand for others.
    pub(crate) fn bin(&self) -> PathBuf {
        self.beside("bin")
    }

    /// The same sandbox, seen from another directory.
    pub(crate) fn moved_to(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = directory.into();
        self
    }

    /// Runs git.
    pub(crate) fn git(&self, arguments: &[&str]) -> Output {
        self.run(self.command("git").args(arguments))
    }

    /// Runs `git spec-log`.
    pub(crate) fn spec_log(&self, arguments: &[&str]) -> Output {
        self.run(self.command("git").arg("spec-log").args(arguments))
    }

    /// A program, seeing only this sandbox.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        let path = std::env::join_paths([self.bin().as_path(), programs()]).expect("a PATH");
        command
            .current_dir(&self.directory)
            .env_clear()
            .env("HOME", self.home())
            .env("PATH", path)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", self.home().join(".gitconfig"))
            .env("GIT_AUTHOR_DATE", self.date())
            .env("GIT_COMMITTER_DATE", self.date())
            .env("GIT_EDITOR", "true")
            .env("LC_ALL", "C")
            .env("TZ", "UTC")
            .stdin(Stdio::null());
        if let Some(format) = std::env::var_os("SPEC_LOG_REF_FORMAT") {
            command.env("GIT_DEFAULT_REF_FORMAT", format);
        }
        command
    }

    /// Runs a command made by [`Sandbox::command`]; the clock goes on a minute.
    pub(crate) fn run(&self, command: &mut Command) -> Output {
        let output = command.output().expect("the program starts");
        self.seconds.set(self.seconds.get() + 60);
        Output {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    fn date(&self) -> String {
        format!("@{} +0200", self.seconds.get())
    }

    /// Writes a file, with the directories it needs.
    pub(crate) fn write(&self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        let path = self.directory.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
    }

    /// Writes a program. A process of its own holds the file open, because a
    /// thread that starts another test's program would keep it busy.
    pub(crate) fn write_program(&self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        let path = self.directory.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        let script = "rm -f \"$0\" && cat > \"$0\" && chmod 755 \"$0\"";
        let mut child = Command::new("sh")
            .args([OsStr::new("-c"), OsStr::new(script), path.as_os_str()])
            .stdin(Stdio::piped())
            .spawn()
            .expect("sh starts");
        child.stdin.take().expect("a pipe").write_all(text.as_ref()).expect("a reader");
        assert!(child.wait().expect("sh ends").success());
    }

    /// Reads a file.
    #[track_caller]
    pub(crate) fn read(&self, path: impl AsRef<Path>) -> String {
        String::from_utf8(fs::read(self.directory.join(path)).expect("a file")).expect("UTF-8")
    }

    /// Commits everything, hooks and all.
    pub(crate) fn commit(&self, message: &str) -> Output {
        self.git(&["add", "-A"]).ok();
        self.git(&["commit", "--allow-empty", "-qm", message])
    }

    /// Puts the hooks in as a user does: into files, which `core.hooksPath`
    /// silences, also where git knows hooks in its configuration.
    #[track_caller]
    pub(crate) fn install_hooks(&self) {
        self.spec_log(&["init", "-q", "--mode", "file"]).ok();
    }
}

/// The few programs of the system that git and shell hooks need, so that
/// nothing else of the machine's PATH is seen. `SPEC_LOG_GIT` may name another
/// git than the first on it.
fn link_system_programs(bin: &Path) {
    let path = std::env::var_os("PATH").expect("a PATH");
    if let Some(git) = std::env::var_os("SPEC_LOG_GIT") {
        symlink(git, bin.join("git")).expect("a link");
    }
    for program in ["git", "sh", "bash", "cat", "env", "python3", "sed", "true", "basename"] {
        let mut found = std::env::split_paths(&path).map(|directory| directory.join(program));
        let found = found.find(|path| path.is_file());
        if let Some(found) = found.filter(|_| !bin.join(program).exists()) {
            symlink(found, bin.join(program)).expect("a link");
        }
    }
}
