//! Long output is paged as git pages it (`git help var`, GIT_PAGER).

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::process::{Child, ChildStdin, Command, Stdio};

/// A running pager that reads what is written.
pub(super) struct Pager {
    child: Child,
    stdin: Option<ChildStdin>,
}

impl Pager {
    /// Starts the user's pager; `None` where there is none, or it is `cat`.
    pub(super) fn start(core_pager: Option<&str>) -> Option<Self> {
        let variable = |name| env::var(name).ok();
        let command = variable("GIT_PAGER")
            .or_else(|| core_pager.map(str::to_owned))
            .or_else(|| variable("PAGER"))
            .unwrap_or_else(|| "less".to_owned());
        if command.trim().is_empty() || command == "cat" {
            return None;
        }
        let mut pager = words_or_shell(&command);
        pager.env("PATH", absolute(&env::var_os("PATH").unwrap_or_default()));
        for (name, value) in [("LESS", "FRX"), ("LV", "-c")] {
            if env::var_os(name).is_none() {
                pager.env(name, value);
            }
        }
        let mut child = pager.stdin(Stdio::piped()).spawn().ok()?;
        let stdin = child.stdin.take();
        Some(Self { child, stdin })
    }

    /// Lets the user read to the end.
    pub(super) fn finish(mut self) {
        drop(self.stdin.take());
        // How the pager ended changes nothing about what was asked.
        let _ = self.child.wait();
    }
}

impl Write for Pager {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stdin.as_mut().map_or(Ok(bytes.len()), |stdin| stdin.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stdin.as_mut().map_or(Ok(()), ChildStdin::flush)
    }
}

/// The entries of PATH that do not depend on the current directory, which may
/// be a stranger's.
fn absolute(path: &OsStr) -> OsString {
    let entries = env::split_paths(path).filter(|entry| entry.is_absolute());
    env::join_paths(entries).unwrap_or_default()
}

/// One word is started directly, so that a missing pager is noticed; anything
/// else is the shell's, as in git's `prepare_shell_cmd`.
fn words_or_shell(command: &str) -> Command {
    if !command.contains(|c: char| "|&;<>()$`\\\"' \t\n*?[#~=%".contains(c)) {
        return Command::new(command);
    }
    let mut shell = Command::new("sh");
    shell.args(["-c", command]);
    shell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_current_directory_is_no_place_for_a_pager() {
        assert_eq!(absolute(OsStr::new(":.:bin:/usr/bin:../x:/bin:")), "/usr/bin:/bin");
        assert_eq!(absolute(OsStr::new("")), "");
    }
}
