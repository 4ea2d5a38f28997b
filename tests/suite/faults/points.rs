//! Where a program can be failed: its system calls, counted by strace.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The calls that change something, each failed with all of [`ERRORS`].
const WRITING: &[&str] = &[
    "write",
    "pwrite64",
    "writev",
    "fsync",
    "fdatasync",
    "rename",
    "renameat",
    "renameat2",
    "mkdir",
    "mkdirat",
    "unlink",
    "unlinkat",
    "rmdir",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "ftruncate",
    "chmod",
    "fchmod",
    "fchmodat",
    "fchown",
    "flock",
    "openat",
];

/// The calls that only look, each failed with the last two of [`ERRORS`].
/// `close` is none: a call that is kept from running leaves a pipe open, which
/// no kernel does, and whoever reads it waits for ever.
const LOOKING: &[&str] = &[
    "read",
    "pread64",
    "statx",
    "newfstatat",
    "fstat",
    "stat",
    "lstat",
    "getdents64",
    "readlink",
    "readlinkat",
    "access",
    "faccessat",
    "faccessat2",
    "lseek",
    "getcwd",
    "pipe2",
    "clone3",
    "vfork",
    "wait4",
    "waitid",
];

const ERRORS: &[&str] = &["ENOSPC", "EACCES", "EINTR", "EIO"];

/// One fault: the nth call of that name.
pub(super) struct Point {
    call: String,
    nth: usize,
    /// What it fails with; none: the program is killed before it.
    error: Option<&'static str>,
}

impl Point {
    pub(super) fn kills(&self) -> bool {
        self.error.is_none()
    }

    pub(super) fn writes(&self) -> bool {
        WRITING.contains(&self.call.as_str())
    }

    /// Whether the program must say what it did not do. Where a write fails
    /// it may be the very words that are lost, and what it cannot read of its
    /// own memory it takes for nothing.
    pub(super) fn must_be_told(&self) -> bool {
        self.call != "write" && self.call != "openat" && self.writes()
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = self.error.unwrap_or("SIGKILL");
        write!(f, "{what} at {} {}", self.call, self.nth)
    }
}

/// A strace that works here.
pub(super) struct Tracer(OsString);

impl Tracer {
    pub(super) fn find() -> Option<Self> {
        let program = super::program("strace")?.into_os_string();
        let mut strace = Command::new(&program);
        let works =
            strace.args(["-o", "/dev/null", "-e", "inject=sync:error=EIO", "true"]).status();
        works.is_ok_and(|status| status.success()).then_some(Self(program))
    }

    /// All the points of a command, which is run once. Its children are none
    /// of ours.
    pub(super) fn points(&self, command: Command, trace: &Path) -> Vec<Point> {
        let arguments = ["-o".into(), trace.as_os_str().to_owned()];
        let _ = self.around(command, &arguments).output().expect("strace starts");
        let text = String::from_utf8_lossy(&fs::read(trace).expect("a trace")).into_owned();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut points = Vec::new();
        for line in text.lines() {
            let Some((call, _)) = line.split_once('(') else { continue };
            if !call.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                continue;
            }
            let nth = counts.entry(call).or_default();
            *nth += 1;
            let errors = match call {
                _ if WRITING.contains(&call) => ERRORS,
                _ if LOOKING.contains(&call) => &ERRORS[2..],
                _ => &[],
            };
            let errors = errors.iter().copied().map(Some);
            for error in std::iter::once(None).chain(errors) {
                points.push(Point { call: call.to_owned(), nth: *nth, error });
            }
        }
        points
    }

    /// The calls of these names that a command and its children make.
    pub(super) fn calls(&self, command: Command, trace: &Path, names: &str) -> Vec<String> {
        let filter = format!("trace={names}");
        let arguments =
            ["-f".into(), "-o".into(), trace.as_os_str().to_owned(), "-e".into(), filter.into()];
        let output = self.around(command, &arguments).output().expect("strace starts");
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8_lossy(&fs::read(trace).expect("a trace")).into_owned();
        text.lines().map(str::to_owned).collect()
    }

    /// The command with this fault in it.
    pub(super) fn inject(&self, command: Command, point: &Point) -> Command {
        let fault = match point.error {
            Some(error) => format!("error={error}"),
            None => "signal=KILL".to_owned(),
        };
        let inject = format!("inject={}:{fault}:when={}", point.call, point.nth);
        let arguments = ["-o", "/dev/null", "-e", &inject].map(OsString::from);
        self.around(command, &arguments)
    }

    /// The command where no file of this name can be opened.
    pub(super) fn hide(&self, command: Command, name: &str) -> Command {
        let arguments = ["-o", "/dev/null", "-P", name, "-e", "inject=openat:error=EIO"];
        self.around(command, &arguments.map(OsString::from))
    }

    fn around(&self, command: Command, arguments: &[OsString]) -> Command {
        let mut traced = Command::new(&self.0);
        traced.args(arguments).arg(command.get_program()).args(command.get_args());
        traced.env_clear();
        for (name, value) in command.get_envs() {
            traced.env(name, value.unwrap_or_default());
        }
        if let Some(folder) = command.get_current_dir() {
            traced.current_dir(folder);
        }
        traced
    }
}
