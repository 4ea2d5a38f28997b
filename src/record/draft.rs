//! The message of a commit in the making, before git has cleaned it.

use std::path::PathBuf;

use super::{Error, Project};
use crate::commit::{Commit, Oid};
use crate::problem::Problem;
use crate::repo::Operation;
use crate::tag::message::clean;

/// What is known of a commit that is being made.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The bytes of the message's file.
    pub message: Vec<u8>,
    /// Whether an editor is used, if that is known.
    pub editor: Option<bool>,
    /// What only a hook of git's knows; `None` outside one.
    pub made: Option<Making>,
}

/// What git tells its hooks of the commit that it makes.
#[derive(Clone, Debug, Default)]
pub struct Making {
    /// The index that the commit is made of, absolute.
    pub index: Option<PathBuf>,
    /// The author's time as `GIT_AUTHOR_DATE` holds it: `@1767225600 +0200`.
    pub author_date: Option<String>,
}

impl Project {
    /// Judges a message as git will store it. That of a merge is git's own.
    pub fn judge_draft(&self, draft: &Draft) -> Result<Vec<Problem>, Error> {
        if self.repo().operation() == Operation::Merge {
            return Ok(Vec::new());
        }
        let message =
            clean(&self.repo().decode(&draft.message), &self.repo().cleanup(draft.editor));
        let replaced = draft.made.as_ref().map_or(Ok(None), |made| self.replaced(made))?;
        self.judge(&message, replaced, || self.keeps_books(draft, replaced))
    }

    /// Whether the commit in the making keeps books alone.
    pub(super) fn is_bookkeeping_draft(&self, draft: &Draft) -> Result<bool, Error> {
        let replaced = draft.made.as_ref().map_or(Ok(None), |made| self.replaced(made))?;
        self.keeps_books(draft, replaced)
    }

    /// Whether the commit changes task documents alone, or nothing at all:
    /// then no tag is asked for. Where nothing is staged an amended commit
    /// stays what it is, and outside a hook nothing is known.
    fn keeps_books(&self, draft: &Draft, replaced: Option<Oid>) -> Result<bool, Error> {
        let index = draft.made.as_ref().and_then(|made| made.index.as_deref());
        let staged = self.repo().staged_paths(index)?;
        if !staged.is_empty() {
            return Ok(staged.iter().all(|path| self.places().is_place(path)));
        }
        match replaced.map_or(Ok(None), |oid| self.repo().commit(oid))? {
            Some(commit) => self.is_bookkeeping(&commit),
            None => Ok(draft.made.is_some()),
        }
    }

    /// The commit that is amended. No hook is told of it, but an amended
    /// commit keeps its author's time, to the second.
    fn replaced(&self, made: &Making) -> Result<Option<Oid>, Error> {
        let Some(date) = &made.author_date else { return Ok(None) };
        let Some(head) = self.repo().head()? else { return Ok(None) };
        let is_same = |commit: &Commit| {
            let seconds = date.trim_start_matches('@').split(' ').next();
            seconds.and_then(|seconds| seconds.parse().ok()) == Some(commit.author_time.seconds)
        };
        Ok(self.repo().commit(head)?.filter(is_same).map(|commit| commit.oid))
    }
}
