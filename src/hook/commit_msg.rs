//! commit-msg: refuses a fault in the message, and nothing else.

use std::ffi::OsString;
use std::path::Path;

use super::after::project;
use super::{Verdict, prepare_commit_msg, settings};
use crate::problem::{Problem, Severity};
use crate::record::{self, Draft, Making};
use crate::repo::Repo;
use crate::report::{Ui, problems};
use crate::store::read_plain;
use crate::tag;

/// Judges the message in the file that git names.
pub(super) fn commit_msg(arguments: &[OsString], ui: &mut Ui) -> Verdict {
    let Some(path) = arguments.first() else { return Verdict::Pass };
    let Ok(Some(bytes)) = read_plain(Path::new(path)) else { return Verdict::Pass };
    let bytes = prepare_commit_msg::finish(Path::new(path), bytes, ui);
    // Nearly every message ends here: no tag in it, and none asked for.
    if !tag::may_hold_tag(&bytes) && !settings::may_hold("require") {
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
    let draft = draft(message, &repo);
    project(repo)?.judge_draft(&draft)
}

/// What a hook of git's knows of the commit that is being made.
pub(super) fn draft(message: Vec<u8>, repo: &Repo) -> Draft {
    let author_date = std::env::var("GIT_AUTHOR_DATE").ok();
    Draft {
        message,
        // git says so where it starts no editor.
        editor: std::env::var_os("GIT_EDITOR").map(|editor| editor != ":"),
        made: Some(Making { index: repo.index_of_hook(), author_date }),
    }
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
    ui.hint("your message is kept; to mend it:");
    ui.hint("  git commit -eF \"$(git rev-parse --git-path COMMIT_EDITMSG)\"");
    Verdict::Refuse
}
