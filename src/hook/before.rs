//! pre-commit: what goes into the commit that is being made.

use std::ffi::OsString;

use super::after::project;
use super::{Verdict, settings};
use crate::record::{self, Caught};
use crate::repo::{Moment, Repo};
use crate::report::{Ui, recorded};
use crate::store::State;

/// pre-commit: with `record = "next"` puts what is not recorded yet into the
/// commit, and in every mode takes out what belongs to commits that HEAD lost.
/// Never stops a commit.
pub(super) fn pre_commit(_arguments: &[OsString], ui: &mut Ui) -> Verdict {
    match prepare() {
        Ok(caught) => recorded::tell(&caught, ui),
        Err(error) => {
            ui.warning(format!("nothing was recorded: {error}"));
            error.hint().iter().for_each(|hint| ui.hint(hint));
        }
    }
    Verdict::Pass
}

fn prepare() -> Result<Caught, record::Error> {
    // Nothing waits in the work tree, and nothing can ask for more.
    if State::new(&settings::git_dir()).is_settled() && !settings::may_hold("next") {
        return Ok(Caught::default());
    }
    let repo = Repo::open_in_hook()?;
    let index = repo.index_of_hook();
    // git makes a partial commit from an index of its own, and what is added
    // to that stays behind as its reversal in the real one.
    let is_partial = index
        .as_ref()
        .and_then(|index| index.file_name())
        .is_some_and(|name| name.to_string_lossy().starts_with("next-index"));
    let state = State::new(repo.git_dir());
    let (seen, head) = (state.last_seen()?, repo.head()?);
    let is_settled = seen == head && state.rewritten()?.is_empty();
    if is_partial || is_settled || repo.is_busy(Moment::Other) {
        return Ok(Caught::default());
    }
    let repo = match &index {
        Some(index) => repo.with_index(index),
        None => repo,
    };
    let project = project(repo)?;
    let followed = match (seen, head) {
        (Some(seen), Some(head)) if state.has_pending()? => project.leave(seen, head)?,
        _ => Default::default(),
    };
    let caught = project.fill_commit()?;
    Ok(Caught { followed, ..caught })
}
