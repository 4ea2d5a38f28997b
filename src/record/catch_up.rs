//! What a hook does after the fact: it walks from the last commit it saw to
//! HEAD, under a lock, so that parallel committers lose nothing.

use std::ops::ControlFlow;
use std::time::Duration;

use super::links::may_link;
use super::pending::Followed;
use super::prepare::Extent;
use super::{Error, Linked, Outcome, Project};
use crate::commit::Oid;
use crate::config::RecordMode;
use crate::repo::Moment;
use crate::store::{Lock, Pending};
use crate::tag;

/// How long a hook waits for another one.
const PATIENCE: Duration = Duration::from_secs(10);

/// What catching up did.
#[derive(Clone, Debug, Default)]
pub struct Caught {
    /// What was recorded.
    pub outcome: Outcome,
    /// What left or came back because HEAD moved.
    pub followed: Followed,
    /// HEAD, where it has a tag and makes no link, since it changes task
    /// documents alone.
    pub bookkeeping: Option<Oid>,
}

impl Project {
    /// Records what has been committed since the last commit seen.
    pub fn catch_up(&self) -> Result<Caught, Error> {
        let mut caught = Caught::default();
        let _lock = self.lock()?;
        let Some(head) = self.repo().head()? else { return Ok(caught) };
        let seen = self.seen()?;
        if seen == Some(head) {
            return Ok(caught);
        }
        if self.config().record != RecordMode::Off {
            let is_ahead =
                seen.is_none_or(|seen| self.repo().is_ancestor(seen, head).unwrap_or(true));
            if !is_ahead {
                caught.followed = self.follow_head(seen)?;
            }
            let linked = self.linked_since(head, seen)?;
            caught.bookkeeping = self.bookkeeping_head(head, &linked)?;
            caught.outcome = self.record(&linked, Extent::Made)?;
            self.add_pending(&pending_of(&caught.outcome, &linked))?;
        }
        self.state().set_last_seen(head)?;
        Ok(caught)
    }

    /// Brings the records in line with a HEAD that has moved elsewhere.
    pub fn move_to(&self, was: Option<Oid>, head: Oid) -> Result<Followed, Error> {
        let followed = match self.config().record {
            RecordMode::Off => Followed::default(),
            _ if self.state().pending().is_empty() => Followed::default(),
            _ => {
                let _lock = self.lock()?;
                self.follow_head(was)?
            }
        };
        self.state().set_last_seen(head)?;
        Ok(followed)
    }

    /// Records all that HEAD's history holds and the documents lack, or only
    /// these commits of it.
    pub fn sync(&self, only: Option<&[Oid]>) -> Result<Caught, Error> {
        let mut caught = Caught::default();
        if self.repo().is_busy(Moment::Other) {
            return Err(Error::Busy);
        }
        let _lock = self.lock()?;
        let Some(head) = self.repo().head()? else { return Ok(caught) };
        caught.followed = self.follow_head(None)?;
        let linked = self.linked_of_head(only)?;
        let extent = if only.is_some() { Extent::Made } else { Extent::All };
        caught.outcome = self.record(&linked, extent)?;
        self.add_pending(&pending_of(&caught.outcome, &linked))?;
        self.state().set_last_seen(head)?;
        self.state().set_owed(false)?;
        Ok(caught)
    }

    /// Every linked commit that HEAD contains, or those of a range.
    pub fn linked_of_head(&self, only: Option<&[Oid]>) -> Result<Vec<Linked>, Error> {
        match (only, self.repo().head()?) {
            (Some(oids), _) => self.link_all(oids.to_vec()),
            (None, Some(head)) => self.link_all(self.tagged(&[head], &[])?),
            (None, None) => Ok(Vec::new()),
        }
    }

    /// The commits of a range whose message may hold a tag.
    pub fn tagged(&self, include: &[Oid], exclude: &[Oid]) -> Result<Vec<Oid>, Error> {
        let mut found = Vec::new();
        self.repo().walk(include, exclude, &mut |oid, message| {
            if may_link(message) {
                found.push(oid);
            }
            ControlFlow::Continue(())
        })?;
        Ok(found)
    }

    /// The lock that all work trees of the repository share.
    pub fn lock(&self) -> Result<Lock, Error> {
        Ok(Lock::acquire(self.repo().common_dir(), PATIENCE)?)
    }

    /// The last commit seen, if it is still there.
    fn seen(&self) -> Result<Option<Oid>, Error> {
        let Some(seen) = self.state().last_seen() else { return Ok(None) };
        Ok(self.repo().commit(seen)?.map(|commit| commit.oid))
    }

    /// The linked commits from the last one seen to HEAD; HEAD's alone where
    /// none was seen.
    fn linked_since(&self, head: Oid, seen: Option<Oid>) -> Result<Vec<Linked>, Error> {
        let found = match seen {
            Some(seen) => self.tagged(&[head], &[seen])?,
            None => vec![head],
        };
        self.link_all(found)
    }

    fn bookkeeping_head(&self, head: Oid, linked: &[Linked]) -> Result<Option<Oid>, Error> {
        let is_linked = linked.iter().any(|linked| linked.commit.oid == head);
        let Some(commit) = self.repo().commit(head)?.filter(|_| !is_linked) else {
            return Ok(None);
        };
        let counts = !commit.is_merge() && !tag::is_autosquash(&commit.subject());
        let names_any = counts && !tag::read(&commit.message).tags.is_empty();
        Ok((names_any && self.is_bookkeeping(&commit)?).then_some(head))
    }

    fn link_all(&self, oids: Vec<Oid>) -> Result<Vec<Linked>, Error> {
        let mut linked = Vec::new();
        for oid in oids {
            linked.extend(self.link(oid)?);
        }
        linked.sort_by_key(|linked| linked.commit.key());
        Ok(linked)
    }
}

/// The records that this outcome put into the work tree.
fn pending_of(outcome: &Outcome, linked: &[Linked]) -> Vec<Pending> {
    let changed = outcome.prepared.changes.iter().filter(|change| change.work_tree.is_some());
    let mut pending = Vec::new();
    for change in changed {
        let path = &change.place.path;
        let named =
            linked.iter().filter(|linked| linked.features().contains(&&change.place.feature));
        let is_ours = |oid: &Oid| {
            change.plan.entries_added.contains(oid) || change.place.dialect.entries.is_none()
        };
        let oids = named.map(|linked| linked.commit.oid).filter(is_ours);
        pending.extend(oids.map(|oid| Pending { oid, path: path.clone() }));
    }
    pending
}
