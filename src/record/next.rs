//! `record = "next"`: records ride in the commit after their own, so that the
//! work tree is clean after each.

use std::collections::HashMap;

use super::catch_up::since;
use super::{Caught, Error, Followed, Project};
use crate::commit::Oid;
use crate::config::RecordMode;

impl Project {
    /// Puts what is not recorded yet into the commit that is being made: into
    /// the index that git makes it from, and into the work tree.
    ///
    /// Called in pre-commit, where HEAD is still the commit before. The commit
    /// itself comes with the next one, since it has no name yet.
    pub fn fill_commit(&self) -> Result<Caught, Error> {
        let mut caught = Caught::default();
        if self.config().record != RecordMode::Next {
            return Ok(caught);
        }
        let _lock = self.lock()?;
        let Some(head) = self.repo().head()? else { return Ok(caught) };
        let seen = self.seen()?;
        let rewritten = self.state().rewritten()?;
        let owed = self.state().owed()?;
        if seen == Some(head) && rewritten.is_empty() && owed.is_empty() {
            return Ok(caught);
        }
        let is_ahead = seen.is_none_or(|seen| self.repo().is_ancestor(seen, head).unwrap_or(true));
        let linked = self.linked_since(head, seen, &rewritten, &owed)?;
        let scope = since(rewritten, is_ahead && owed.is_empty());
        caught.outcome = self.record(&linked, &scope)?;
        if caught.outcome.is_to_be_tried_again() || !caught.outcome.unstaged.is_empty() {
            return Ok(caught);
        }
        self.settle(&owed, head)?;
        Ok(caught)
    }

    /// Takes out the records of commits that HEAD lost without a hook's
    /// notice, as `git reset --soft` does.
    pub fn leave(&self, seen: Oid, head: Oid) -> Result<Followed, Error> {
        let _lock = self.lock()?;
        // What git told of is followed by post-commit: `commit -a` has staged
        // the records of a rebase by now, and they must not leave the file.
        let is_told = !self.state().rewritten()?.is_empty();
        if is_told || self.repo().is_ancestor(seen, head)? || self.holds_heirs(seen, head)? {
            return Ok(Followed::default());
        }
        self.follow_head(Some(seen), &HashMap::new())
    }

    /// Whether HEAD holds what a commit with a pending record became: a rebase
    /// of which no hook told.
    fn holds_heirs(&self, seen: Oid, head: Oid) -> Result<bool, Error> {
        let mut lost = Vec::new();
        for pending in self.state().pending()? {
            lost.extend(self.repo().commit(pending.oid)?);
        }
        for oid in self.tagged(&[head], &[seen])? {
            let heir = self.repo().commit(oid)?;
            if heir.is_some_and(|heir| lost.iter().any(|old| old.is_written_with(&heir))) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
