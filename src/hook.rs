//! What each git hook does, and the guard that keeps a commit safe from it.
//!
//! git runs these programs in the top of the work tree, with stdin from
//! `/dev/null`. Only commit-msg may refuse, and only for a fault in the
//! message: whatever breaks in here, the commit goes through.

mod after;
mod before;
mod commit_msg;
mod prepare_commit_msg;
mod settings;

pub(crate) use after::environment;

use std::env;
use std::ffi::OsString;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use crate::report::{Exit, Settings, Ui};

/// What a hook thinks of the operation that git is about to finish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Let it pass.
    Pass,
    /// The message has a fault that was told; refuse it.
    Refuse,
}

/// The work of one hook: what git gave it as arguments, and where to talk.
#[derive(Clone, Copy, Debug)]
pub enum Work {
    /// Judges, and may refuse.
    Judge(fn(&[OsString], &mut Ui) -> Verdict),
    /// Comes after the fact; nothing it does can stop anything.
    Follow(fn(&[OsString], &mut Ui)),
}

/// A git hook that spec-log serves.
#[derive(Clone, Copy, Debug)]
pub struct Hook {
    /// git's name for it; ours is `spec-log-<name>`.
    pub name: &'static str,
    /// What is done.
    pub work: Work,
    /// Whether git writes a list to its stdin, which every other program in
    /// the same hook must see too.
    pub reads_stdin: bool,
    /// Whether its exit status reaches the user: commit-msg's stops the commit,
    /// post-checkout's becomes that of `git switch`.
    pub status_matters: bool,
}

impl Hook {
    /// The name of our program for it.
    pub fn program(&self) -> String {
        format!("spec-log-{}", self.name)
    }
}

/// commit-msg: checks the tags of the message.
pub const COMMIT_MSG: Work = Work::Judge(commit_msg::commit_msg);
/// post-commit: records the commits up to HEAD.
pub const POST_COMMIT: Work = Work::Follow(after::post_commit);
/// post-checkout: withdraws and brings back records that follow a commit.
pub const POST_CHECKOUT: Work = Work::Follow(after::post_checkout);
/// post-merge: notes what others did.
pub const POST_MERGE: Work = Work::Follow(after::post_merge);
/// post-applypatch: records what `git am` made.
pub const POST_APPLYPATCH: Work = Work::Follow(after::post_applypatch);
/// post-rewrite: entries follow commits that were replaced.
pub const POST_REWRITE: Work = Work::Follow(after::post_rewrite);
/// pre-commit: records what earlier commits say in the one being made.
pub const PRE_COMMIT: Work = Work::Judge(before::pre_commit);

/// prepare-commit-msg: puts the active task's tag into messages without one.
pub const PREPARE_COMMIT_MSG: Work = Work::Follow(prepare_commit_msg::prepare_commit_msg);

/// Every hook that `init` installs: for one more a row here, a file in `hooks/`
/// and a `[[bin]]`.
pub const HOOKS: &[Hook] = &[
    Hook { name: "commit-msg", work: COMMIT_MSG, reads_stdin: false, status_matters: true },
    Hook { name: "post-commit", work: POST_COMMIT, reads_stdin: false, status_matters: false },
    Hook { name: "post-checkout", work: POST_CHECKOUT, reads_stdin: false, status_matters: true },
    Hook { name: "post-merge", work: POST_MERGE, reads_stdin: false, status_matters: false },
    Hook {
        name: "post-applypatch",
        work: POST_APPLYPATCH,
        reads_stdin: false,
        status_matters: false,
    },
    Hook { name: "post-rewrite", work: POST_REWRITE, reads_stdin: true, status_matters: false },
    Hook { name: "pre-commit", work: PRE_COMMIT, reads_stdin: false, status_matters: true },
    Hook {
        name: "prepare-commit-msg",
        work: PREPARE_COMMIT_MSG,
        reads_stdin: false,
        status_matters: true,
    },
];

/// What a hook's program answers to `--version`. `doctor` looks for it in the
/// program's bytes, so that it need not start what a repository names.
pub const VERSION_LINE: &str = concat!("spec-log hook ", env!("CARGO_PKG_VERSION"), "\n");

/// The whole of a hook's program.
pub fn run(work: Work) -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    if arguments == ["--version"] {
        let mut ui = Ui::new(Settings::default());
        // Kept in one piece in the program, whatever the compiler would do.
        ui.raw(std::hint::black_box(VERSION_LINE).as_bytes());
        return ui.finish(Exit::Fine).into();
    }
    self::work(work, &arguments).into()
}

/// Does a hook's work behind the guard; the status is 1 for a refused message
/// and 0 for everything else, a panic included.
pub fn work(work: Work, arguments: &[OsString]) -> Exit {
    // The default hook prints, and printing to a closed stderr panics again.
    panic::set_hook(Box::new(|_| {}));
    guarded(work, arguments)
}

fn guarded(work: Work, arguments: &[OsString]) -> Exit {
    let verdict = panic::catch_unwind(AssertUnwindSafe(|| {
        let mut ui = Ui::new(Settings::default());
        let verdict = match work {
            Work::Judge(judge) => judge(arguments, &mut ui),
            Work::Follow(follow) => {
                follow(arguments, &mut ui);
                Verdict::Pass
            }
        };
        ui.finish(Exit::Fine);
        verdict
    }));
    match verdict {
        Ok(Verdict::Refuse) => Exit::Findings,
        Ok(Verdict::Pass) => Exit::Fine,
        Err(_) => {
            let mut ui = Ui::new(Settings::default());
            ui.warning("spec-log broke on this; nothing was recorded and nothing is lost");
            ui.hint("git spec-log sync records it later; git spec-log doctor says more");
            Exit::Fine
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_refused_message_stops_git_and_a_panic_never_does() {
        assert_eq!(guarded(Work::Judge(|_, _| Verdict::Refuse), &[]), Exit::Findings);
        assert_eq!(guarded(Work::Judge(|_, _| Verdict::Pass), &[]), Exit::Fine);
        assert_eq!(guarded(Work::Judge(|_, _| panic!("broken")), &[]), Exit::Fine);
        assert_eq!(guarded(Work::Follow(|_, _| panic!("broken")), &[]), Exit::Fine);
    }
}
