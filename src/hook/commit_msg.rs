//! commit-msg: refuses a fault in the message, and nothing else.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::Verdict;
use super::after::environment;
use crate::problem::{Problem, Severity};
use crate::record::{self, Draft, Making, Project};
use crate::repo::Repo;
use crate::report::{Ui, problems};
use crate::store::read_plain;
use crate::tag;

/// Judges the message in the file that git names.
pub(super) fn commit_msg(arguments: &[OsString], ui: &mut Ui) -> Verdict {
    let Some(path) = arguments.first() else { return Verdict::Pass };
    let Ok(Some(bytes)) = read_plain(Path::new(path)) else { return Verdict::Pass };
    // Nearly every message ends here: no tag in it, and none asked for.
    if !tag::may_hold_tag(&bytes) && !may_require() {
        return Verdict::Pass;
    }
    match judge(bytes) {
        Ok(problems) => tell(&problems, ui),
        Err(error) => {
            ui.warning(format!("the message was not checked: {error}"));
            error.hint().iter().for_each(|hint| ui.hint(hint));
            Verdict::Pass
        }
    }
}

fn judge(message: Vec<u8>) -> Result<Vec<Problem>, record::Error> {
    let repo = Repo::open_in_hook()?;
    let index = repo.index_of_hook();
    let author_date = std::env::var("GIT_AUTHOR_DATE").ok();
    let draft = Draft {
        message,
        // git says so where it starts no editor.
        editor: std::env::var_os("GIT_EDITOR").map(|editor| editor != ":"),
        made: Some(Making { index, author_date }),
    };
    Project::open(repo, &environment())?.judge_draft(&draft)
}

fn tell(found: &[Problem], ui: &mut Ui) -> Verdict {
    for (problem, hints) in problems::hinted_once(found) {
        match problem.severity {
            Severity::Error => ui.error(problem.message.as_str()),
            Severity::Warning => ui.warning(problem.message.as_str()),
            Severity::Note => ui.note(problem.message.as_str()),
        }
        hints.into_iter().for_each(|hint| ui.hint(hint));
    }
    if found.iter().all(|problem| problem.severity != Severity::Error) {
        return Verdict::Pass;
    }
    ui.hint("your message is kept; to mend it: git commit -eF \"$(git rev-parse --git-path COMMIT_EDITMSG)\"");
    Verdict::Refuse
}

/// Whether a message without a tag may be one too few. Asking git costs more
/// than the whole hook, so the files in which `require` can be set are
/// searched for our name, and only one that holds it is read properly.
fn may_require() -> bool {
    let set = ["SPECLOG_REQUIRE", "GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS"];
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    if set.iter().any(|name| variable(name).is_some()) {
        return true;
    }
    let home = variable("HOME").map(PathBuf::from);
    let git_dir = variable("GIT_DIR").map_or_else(|| PathBuf::from(".git"), PathBuf::from);
    let personal = variable("XDG_CONFIG_HOME").map(PathBuf::from);
    let files = [
        Some(PathBuf::from(crate::config::FILE)),
        // In a linked work tree this is a file, and the question is git's.
        Some(git_dir.join("config")),
        Some(git_dir.join("config.worktree")),
        variable("GIT_CONFIG_GLOBAL").map(PathBuf::from),
        home.as_ref().map(|home| home.join(".gitconfig")),
        personal
            .or_else(|| home.map(|home| home.join(".config")))
            .map(|dir| dir.join("git/config")),
        Some(PathBuf::from("/etc/gitconfig")),
    ];
    files.into_iter().flatten().any(|file| match read_plain(&file) {
        Ok(Some(text)) => mentions(&text, b"require") || mentions(&text, b"[include"),
        Ok(None) => false,
        Err(_) => true,
    })
}

/// Whether a text holds a word, in any case.
fn mentions(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word))
}
