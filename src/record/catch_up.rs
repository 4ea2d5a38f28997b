//! What a hook does after the fact: it walks from the last commit it saw to
//! HEAD, under a lock, so that parallel committers lose nothing.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::ledger::may_link_to;
use super::pending::{Followed, with_line_endings_of};
use super::prepare::{Extent, Prepared, Scope};
use super::reconcile::successor;
use super::{Error, Linked, Outcome, Place, Project, Rewrites};
use crate::commit::Oid;
use crate::config::RecordMode;
use crate::repo::Moment;
use crate::store::{Lock, Owed, Pending};
use crate::tag;
use crate::task::FeatureId;

/// How long a hook waits for another one.
const PATIENCE: Duration = Duration::from_secs(10);

/// What catching up did.
#[derive(Debug, Default)]
pub struct Caught {
    /// What was recorded.
    pub outcome: Outcome,
    /// What left or came back because HEAD moved.
    pub followed: Followed,
    /// The commits that say what those said whose place they took: their
    /// records were taken out and written again.
    pub restated: Vec<Oid>,
    /// HEAD, where it has a tag and makes no link, since it changes task
    /// documents alone.
    pub bookkeeping: Option<Oid>,
}

impl Project {
    /// Records what has been committed since the last commit seen. `rewritten`
    /// is what git told of commits that took the place of others.
    pub fn catch_up(&self, mut rewritten: HashMap<Oid, Oid>) -> Result<Caught, Error> {
        let mut caught = Caught::default();
        let _lock = self.lock()?;
        let Some(head) = self.repo().head()? else { return Ok(caught) };
        let seen = self.seen()?;
        rewritten.extend(self.state().rewritten()?);
        rewritten.extend(self.amended(seen, head)?);
        let owed = self.state().owed()?;
        if seen == Some(head) && rewritten.is_empty() && owed.is_empty() {
            return Ok(caught);
        }
        if self.config().record == RecordMode::Next {
            // The next commit takes it along: the last one seen is the journal.
            self.state().set_rewritten(&rewritten)?;
            return Ok(caught);
        }
        if self.config().record != RecordMode::Off {
            let is_ahead =
                seen.is_none_or(|seen| self.repo().is_ancestor(seen, head).unwrap_or(true));
            if !is_ahead || !rewritten.is_empty() {
                let map = rewritten.clone();
                caught.followed = self.follow_rewritten(seen, &mut rewritten)?;
                caught.restated = self.restated(&map, &caught.followed.taken)?;
            }
            let linked = self.linked_since(head, seen, &rewritten, &owed)?;
            caught.bookkeeping = self.bookkeeping_head(head, &linked)?;
            let scope = since(rewritten.clone(), is_ahead && owed.is_empty());
            caught.outcome = self.record_pending(&linked, &scope)?;
        }
        self.close(&caught.outcome, &rewritten, &owed, head)?;
        Ok(caught)
    }

    /// Follows HEAD, and forgets what became of the commits whose records were
    /// taken out whole: those come back with the new commits.
    pub(super) fn follow_rewritten(
        &self,
        was: Option<Oid>,
        rewritten: &mut HashMap<Oid, Oid>,
    ) -> Result<Followed, Error> {
        let followed = self.follow_head(was, rewritten)?;
        rewritten.retain(|old, _| !followed.taken.contains(old));
        Ok(followed)
    }

    /// Those of the successors of these commits that say the same as they did.
    fn restated(&self, map: &HashMap<Oid, Oid>, old: &[Oid]) -> Result<Vec<Oid>, Error> {
        let said = |oid: Oid| -> Result<_, Error> {
            let linked =
                self.repo().commit(oid)?.map(|commit| self.read_links(commit)).transpose()?;
            Ok(linked.map(|linked| {
                let tags = linked.tags.into_iter().map(|tag| (tag.feature, tag.tasks, tag.word));
                let reverts = linked.reverts.into_iter().map(|reverted| reverted.oid);
                (tags.collect::<Vec<_>>(), reverts.collect::<Vec<_>>())
            }))
        };
        let mut restated = Vec::new();
        for &old in old {
            let Some(new) = successor(map, old) else { continue };
            if said(old)? == said(new)? {
                restated.push(new);
            }
        }
        Ok(restated)
    }

    /// Records commits, and remembers that their records are in no commit yet:
    /// before they are written, so that a crash leaves none that is forgotten.
    fn record_pending(&self, linked: &[Linked], scope: &Scope) -> Result<Outcome, Error> {
        let prepared = self.prepare(linked, scope)?;
        self.add_pending(&pending_of(&prepared))?;
        let outcome = self.write_all(prepared, linked, scope)?;
        // A document that somebody saved meanwhile was planned again.
        self.add_pending(&pending_of(&outcome.prepared))?;
        self.add_pending(&self.resting(&outcome)?)?;
        Ok(outcome)
    }

    /// Remembers the records of these commits that are in no commit yet, and
    /// of no other.
    pub(super) fn add_pending_of(&self, outcome: &Outcome, linked: &[Linked]) -> Result<(), Error> {
        let known: HashSet<Oid> = linked.iter().map(|linked| linked.commit.oid).collect();
        let mut pending = pending_of(&outcome.prepared);
        pending.retain(|one| known.contains(&one.oid));
        self.add_pending(&pending)
    }

    /// Settles what was recorded or, where a document could not be read or
    /// written now, leaves it to the next hook.
    fn close(
        &self,
        outcome: &Outcome,
        rewritten: &HashMap<Oid, Oid>,
        owed: &[Owed],
        head: Oid,
    ) -> Result<(), Error> {
        match outcome.is_to_be_tried_again() {
            true => Ok(self.state().set_rewritten(rewritten)?),
            false => self.settle(owed, head),
        }
    }

    /// Remembers that all that HEAD contains has been recorded.
    pub(super) fn settle(&self, owed: &[Owed], head: Oid) -> Result<(), Error> {
        let mut left = Vec::new();
        for one in owed {
            if self.repo().commit(one.tip)?.is_some() && !self.repo().is_ancestor(one.tip, head)? {
                left.push(*one);
            }
        }
        if left.len() < owed.len() {
            self.state().set_owed(&left)?;
        }
        self.state().set_rewritten(&HashMap::new())?;
        Ok(self.state().set_last_seen(head)?)
    }

    /// The amend that lies between the last commit seen and HEAD: git tells of
    /// it only after post-commit.
    fn amended(&self, seen: Option<Oid>, head: Oid) -> Result<Option<(Oid, Oid)>, Error> {
        let Some(old) = seen.filter(|seen| *seen != head) else { return Ok(None) };
        let (Some(old), Some(new)) = (self.repo().commit(old)?, self.repo().commit(head)?) else {
            return Ok(None);
        };
        let is_amend = old.parents == new.parents && old.is_written_with(&new);
        Ok(is_amend.then_some((old.oid, new.oid)))
    }

    /// The records that changed nothing in a document without entries, since
    /// what is in no commit yet says the same, be it another record or a
    /// person's mark: they go where that goes.
    fn resting(&self, outcome: &Outcome) -> Result<Vec<Pending>, Error> {
        let mut resting = Vec::new();
        if outcome.prepared.unchanged.is_empty() {
            return Ok(resting);
        }
        let pending = self.state().pending()?;
        for change in &outcome.prepared.unchanged {
            let (place, recorded) = (&change.place, &change.plan.recorded);
            let has_pending = || pending.iter().any(|one| one.path == place.path);
            if place.dialect.entries.is_none()
                && !recorded.is_empty()
                && (has_pending() || place.view_of.is_none() && self.is_edited(place)?)
            {
                resting
                    .extend(recorded.iter().map(|&oid| Pending { oid, path: place.path.clone() }));
            }
        }
        Ok(resting)
    }

    /// Whether a document differs from HEAD's.
    fn is_edited(&self, place: &Place) -> Result<bool, Error> {
        let Some(head) = self.repo().head()? else { return Ok(true) };
        let committed = self.repo().blob_at(head, &place.path)?;
        let text = self.text(place)?.unwrap_or_default();
        Ok(committed.is_none_or(|committed| with_line_endings_of(committed, &text) != text))
    }

    /// Brings the records in line with a HEAD that has moved elsewhere from
    /// `was`. They are still those of the last commit seen: what a rebase did
    /// after it may not have been caught up with.
    pub fn move_to(&self, was: Option<Oid>, head: Oid) -> Result<Followed, Error> {
        let followed = match self.config().record {
            RecordMode::Off => Followed::default(),
            _ if !self.state().has_pending()? => Followed::default(),
            _ => {
                let _lock = self.lock()?;
                let mut rewritten = self.state().rewritten()?;
                let seen = self.seen()?.or(was);
                let followed = self.follow_rewritten(seen, &mut rewritten)?;
                self.state().set_rewritten(&rewritten)?;
                followed
            }
        };
        self.state().set_last_seen(head)?;
        Ok(followed)
    }

    /// Records all that HEAD's history holds and the documents lack, or only
    /// these commits of it, and moves the entries of commits that were
    /// rewritten. `prune` takes away those that have no successor.
    pub fn sync(&self, only: Option<&[Oid]>, prune: bool) -> Result<Caught, Error> {
        let mut caught = Caught::default();
        if self.repo().is_busy(Moment::Other) {
            return Err(Error::Busy);
        }
        let _lock = self.lock()?;
        let Some(head) = self.repo().head()? else { return Ok(caught) };
        let mut rewritten = self.state().rewritten()?;
        caught.followed = self.follow_rewritten(self.seen()?, &mut rewritten)?;
        let linked = self.linked_of_head(only)?;
        let scope = sync_scope(only, prune, rewritten.clone());
        caught.outcome = self.record_pending(&linked, &scope)?;
        self.catalog()?.all().for_each(|place| self.store().sweep_beside(&place.path));
        // A range leaves open what HEAD left.
        let owed = only.map_or_else(|| self.state().owed(), |_| Ok(Vec::new()))?;
        self.close(&caught.outcome, &rewritten, &owed, head)?;
        Ok(caught)
    }

    /// Records what the documents lack of these commits of HEAD.
    pub(super) fn record_now(&self, linked: &[Linked], scope: &Scope) -> Result<(), Error> {
        let _lock = self.lock()?;
        self.record_pending(linked, scope).map(drop)
    }

    /// What `sync` would write.
    pub fn rehearse(&self, only: Option<&[Oid]>, prune: bool) -> Result<Prepared, Error> {
        let scope = sync_scope(only, prune, self.state().rewritten()?);
        self.prepare(&self.linked_of_head(only)?, &scope)
    }

    /// Every linked commit that HEAD contains, or those of a range.
    pub fn linked_of_head(&self, only: Option<&[Oid]>) -> Result<Vec<Linked>, Error> {
        match (only, self.repo().head()?) {
            (Some(oids), _) => self.link_all(oids.to_vec()),
            (None, Some(head)) => self.link_all(self.tagged(&[head], &[])?),
            (None, None) => Ok(Vec::new()),
        }
    }

    /// Every commit that HEAD contains and that links to one feature.
    pub(super) fn linked_to(&self, feature: &FeatureId) -> Result<Vec<Linked>, Error> {
        self.repo().head()?.map_or(Ok(Vec::new()), |head| self.linked_below(head, feature))
    }

    /// Every commit that a tip contains and that links to one feature.
    pub(super) fn linked_below(&self, tip: Oid, feature: &FeatureId) -> Result<Vec<Linked>, Error> {
        let names = self.names_of(feature)?;
        let may = may_link_to(&names);
        let found = self.candidates(&[tip], &[], &may)?;
        let mut linked = self.link_all(found.iter().map(|candidate| candidate.oid).collect())?;
        linked.retain(|linked| linked.features().contains(&feature));
        Ok(linked)
    }

    /// The commits of a range whose message may hold a tag.
    pub fn tagged(&self, include: &[Oid], exclude: &[Oid]) -> Result<Vec<Oid>, Error> {
        if let ([tip], []) = (include, exclude)
            && let Some(kept) = self.kept(*tip)
        {
            return Ok(kept.tagged.clone());
        }
        let found = self.candidates(include, exclude, &|_| true)?;
        Ok(found.iter().map(|candidate| candidate.oid).collect())
    }

    /// The lock that all work trees of the repository share. Under it the list
    /// of records is whole: one that a power cut tore is made anew.
    pub fn lock(&self) -> Result<Lock, Error> {
        let lock = Lock::acquire(self.repo().common_dir(), PATIENCE)?;
        if self.state().is_torn()? {
            self.state().set_pending(&self.uncommitted_records()?)?;
        }
        Ok(lock)
    }

    /// The last commit seen, if it is still there.
    pub(super) fn seen(&self) -> Result<Option<Oid>, Error> {
        let Some(seen) = self.state().last_seen()? else { return Ok(None) };
        Ok(self.repo().commit(seen)?.map(|commit| commit.oid))
    }

    /// The linked commits from the last one seen to HEAD, and those that took
    /// the place of others; HEAD's alone where none was seen.
    pub(super) fn linked_since(
        &self,
        head: Oid,
        seen: Option<Oid>,
        rewritten: &HashMap<Oid, Oid>,
        owed: &[Owed],
    ) -> Result<Vec<Linked>, Error> {
        let mut found = match seen {
            Some(seen) => self.tagged(&[head], &[seen])?,
            None => vec![head],
        };
        let mut others: Vec<Oid> = rewritten.values().copied().collect();
        for one in owed {
            others.extend(self.tagged(&[one.tip], &[one.seen])?);
        }
        for other in others {
            if !found.contains(&other) && self.repo().is_ancestor(other, head)? {
                found.push(other);
            }
        }
        self.link_all(found)
    }

    fn bookkeeping_head(&self, head: Oid, linked: &[Linked]) -> Result<Option<Oid>, Error> {
        let is_linked = linked.iter().any(|linked| linked.commit.oid == head);
        let Some(commit) = self.repo().commit(head)?.filter(|_| !is_linked) else {
            return Ok(None);
        };
        let counts = !commit.is_merge() && !tag::is_autosquash(&commit.subject());
        let names_any = counts && !self.read_message(&commit.message)?.tags.is_empty();
        Ok((names_any && self.is_bookkeeping(&commit)?).then_some(head))
    }

    pub(super) fn link_all(&self, oids: Vec<Oid>) -> Result<Vec<Linked>, Error> {
        let mut linked = Vec::new();
        for oid in oids {
            linked.extend(self.link(oid)?);
        }
        linked.sort_by_key(|linked| linked.commit.key());
        Ok(linked)
    }
}

/// What was made since the last commit seen. It `is_simple` where HEAD only
/// went on from there.
pub(super) fn since(map: HashMap<Oid, Oid>, is_simple: bool) -> Scope {
    let rewrites = Rewrites { map, by_evidence: !is_simple, prune: false };
    let extent = if is_simple { Extent::Made } else { Extent::Owed };
    Scope { extent, rewrites, tip: None }
}

fn sync_scope(only: Option<&[Oid]>, prune: bool, map: HashMap<Oid, Oid>) -> Scope {
    // A range says nothing of the commits that it leaves out.
    let all = only.is_none();
    let rewrites = Rewrites { map, by_evidence: all, prune: prune && all };
    Scope { extent: if all { Extent::All } else { Extent::Made }, rewrites, tip: None }
}

/// The records that these changes put into documents.
fn pending_of(prepared: &Prepared) -> Vec<Pending> {
    let mut pending = Vec::new();
    for change in prepared.changes.iter().filter(|change| change.is_any()) {
        let recorded = change.plan.recorded.iter();
        pending.extend(recorded.map(|&oid| Pending { oid, path: change.place.path.clone() }));
    }
    pending
}
