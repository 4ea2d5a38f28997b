//! Entries whose commit history holds no more, and what became of it.
//!
//! Told by git (post-rewrite's map), else by evidence, in this order: the same
//! patch with the documents left out of it; the same author, author time and
//! subject; the squash commit whose body lists it. Two candidates are no
//! evidence: a wrong link is worse than a missing one.

use std::cell::RefCell;
use std::collections::HashMap;

use super::prepare::Unplaced;
use super::{Error, Linked, Place, Project};
use crate::commit::{Commit, Oid};
use crate::doc::Document;
use crate::doc::entries::Entry;
use crate::plan::Former;
use crate::tag;
use crate::task::FeatureId;

/// What is known of rewritten history, and how far to look.
#[derive(Clone, Debug, Default)]
pub struct Rewrites {
    /// Old commits and what they became.
    pub map: HashMap<Oid, Oid>,
    /// Whether to look for evidence where the map is silent.
    pub by_evidence: bool,
    /// Whether to take away what has no successor.
    pub prune: bool,
}

impl Rewrites {
    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty() && !self.by_evidence && !self.prune
    }
}

/// What a commit became in the end, by a map of commits and what they became.
pub(super) fn successor(map: &HashMap<Oid, Oid>, oid: Oid) -> Option<Oid> {
    let chain = std::iter::successors(map.get(&oid), |next| map.get(next).filter(|n| n != next));
    chain.take(map.len() + 1).last().copied().filter(|last| *last != oid)
}

/// What became of the commits that a document lists.
#[derive(Debug, Default)]
pub(super) struct Reconciled {
    /// The commits that took the place of others, and of which.
    pub(super) formers: HashMap<Oid, Vec<Former>>,
    /// Those that go without a successor.
    pub(super) dropped: Vec<Former>,
    /// Those with several candidates.
    pub(super) ambiguous: Vec<Unplaced>,
}

/// What one entry's commit became.
enum Fate {
    /// It is in history, or nothing is known against it.
    Stays,
    Became(Oid),
    Ambiguous(Vec<Oid>),
    Dropped,
}

impl Project {
    /// Finds out what became of the commits that a document lists and that are
    /// not among those of its feature that history holds.
    pub(super) fn reconcile(
        &self,
        document: &Document,
        place: &Place,
        commits: &[&Linked],
        rewrites: &Rewrites,
    ) -> Result<Reconciled, Error> {
        let mut found = Reconciled::default();
        if rewrites.is_empty() {
            return Ok(found);
        }
        let Some(entries) = document.entries() else {
            return self.reconcile_unlisted(place, commits, rewrites);
        };
        let search = Search { project: self, document, commits, patches: RefCell::default() };
        for (at, entry) in entries.list.iter().enumerate().filter(|(_, entry)| !entry.placeholder) {
            let hash = document.slice(&entry.hash);
            if commits.iter().any(|linked| linked.commit.oid.has_prefix(hash)) {
                continue;
            }
            let commit = self.repo().resolve_prefix(hash)?;
            let fate = self.fate(commit.as_ref(), rewrites, &search)?;
            let former = |project: &Self| {
                project.former(Some(at), commit.clone(), document, entry, &place.feature)
            };
            match fate {
                Fate::Stays => {}
                Fate::Became(oid) if commits.iter().any(|linked| linked.commit.oid == oid) => {
                    found.formers.entry(oid).or_default().push(former(self)?);
                }
                // Its successor says nothing of this feature any more.
                Fate::Became(_) | Fate::Dropped => found.dropped.push(former(self)?),
                Fate::Ambiguous(candidates) => {
                    let names: Vec<_> = candidates.iter().map(|oid| oid.abbrev(7)).collect();
                    let oid = commit.map_or(candidates[0], |commit| commit.oid);
                    let reason = format!("it may have become {}", names.join(" or "));
                    found.ambiguous.push(Unplaced { oid, reason });
                }
            }
        }
        Ok(found)
    }

    /// The same for a document without entries, by the map alone. It knows the
    /// commits that the last one seen contains: what a merge brought in and a
    /// rebase rewrote before any hook recorded it has not acted yet.
    fn reconcile_unlisted(
        &self,
        place: &Place,
        commits: &[&Linked],
        rewrites: &Rewrites,
    ) -> Result<Reconciled, Error> {
        let mut found = Reconciled::default();
        let seen = self.seen()?;
        for &old in rewrites.map.keys() {
            let Some(new) = self.moved_to(old, rewrites)? else { continue };
            if let Some(seen) = seen
                && !self.repo().is_ancestor(old, seen)?
            {
                continue;
            }
            let Some(commit) = self.repo().commit(old)? else { continue };
            let former = self.read_links(commit)?.former(None, &place.feature);
            if former.tags.is_empty() && former.reverts.is_empty() {
                continue;
            }
            match commits.iter().any(|linked| linked.commit.oid == new) {
                true => found.formers.entry(new).or_default().push(former),
                false => found.dropped.push(former),
            }
        }
        Ok(found)
    }

    fn fate(
        &self,
        commit: Option<&Commit>,
        rewrites: &Rewrites,
        search: &Search<'_>,
    ) -> Result<Fate, Error> {
        let Some(commit) = commit else {
            // In a shallow clone absent is not gone.
            let gone = rewrites.prune && !self.repo().is_shallow();
            return Ok(if gone { Fate::Dropped } else { Fate::Stays });
        };
        if let Some(successor) = self.moved_to(commit.oid, rewrites)? {
            return Ok(Fate::Became(successor));
        }
        let Some(head) = self.repo().head()?.filter(|_| rewrites.by_evidence || rewrites.prune)
        else {
            return Ok(Fate::Stays);
        };
        if self.repo().is_ancestor(commit.oid, head)? {
            return Ok(Fate::Stays);
        }
        let candidates = search.candidates(commit)?;
        Ok(match candidates.as_slice() {
            [one] => Fate::Became(*one),
            [] if rewrites.prune => Fate::Dropped,
            [] => Fate::Stays,
            _ => Fate::Ambiguous(candidates),
        })
    }

    /// What git told that a commit became, where HEAD holds that and no more
    /// the commit itself: both may be on branches that HEAD has left since.
    fn moved_to(&self, old: Oid, rewrites: &Rewrites) -> Result<Option<Oid>, Error> {
        let (Some(new), Some(head)) = (successor(&rewrites.map, old), self.repo().head()?) else {
            return Ok(None);
        };
        let is_moved =
            !self.repo().is_ancestor(old, head)? && self.repo().is_ancestor(new, head)?;
        Ok(is_moved.then_some(new))
    }

    fn former(
        &self,
        at: Option<usize>,
        commit: Option<Commit>,
        document: &Document,
        entry: &Entry,
        feature: &FeatureId,
    ) -> Result<Former, Error> {
        if let Some(commit) = commit {
            return Ok(self.read_links(commit)?.former(at, feature));
        }
        // All that is left of it is its line.
        let mut tags = self.located(tag::read(document.slice(&entry.span)).tags)?;
        tags.retain(|tag| tag.feature == *feature);
        Ok(Former { entry: at, commit: None, tags, reverts: Vec::new() })
    }
}

/// The search for a successor among the commits of a feature.
struct Search<'a> {
    project: &'a Project,
    document: &'a Document,
    commits: &'a [&'a Linked],
    patches: RefCell<HashMap<Oid, Option<u64>>>,
}

impl Search<'_> {
    fn candidates(&self, old: &Commit) -> Result<Vec<Oid>, Error> {
        let by_patch = self.by_patch(old)?;
        if !by_patch.is_empty() {
            return Ok(by_patch);
        }
        let named = |test: &dyn Fn(&Commit) -> bool| -> Vec<Oid> {
            self.commits
                .iter()
                .map(|linked| &linked.commit)
                .filter(|c| test(c))
                .map(|c| c.oid)
                .collect()
        };
        let subject = old.subject();
        let same = named(&|commit| commit.is_written_with(old) && commit.subject() == subject);
        if !same.is_empty() {
            return Ok(same);
        }
        Ok(named(&|commit| lists(&commit.message, old.oid, &subject)))
    }

    /// Commits that the document does not list yet and that make the same
    /// change. An empty one matches nothing.
    fn by_patch(&self, old: &Commit) -> Result<Vec<Oid>, Error> {
        let Some(patch) = self.patch(old.oid)? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for linked in self.commits {
            let oid = linked.commit.oid;
            if self.document.entry_of(&oid).is_none() && self.patch(oid)? == Some(patch) {
                found.push(oid);
            }
        }
        Ok(found)
    }

    fn patch(&self, oid: Oid) -> Result<Option<u64>, Error> {
        if let Some(known) = self.patches.borrow().get(&oid) {
            return Ok(*known);
        }
        let patch =
            self.project.repo().patch_id(oid, &|path| self.project.places().is_place(path))?;
        self.patches.borrow_mut().insert(oid, patch);
        Ok(patch)
    }
}

/// Whether a squash commit's body lists a commit: by a name of at least seven
/// digits, or by its whole subject on a line of its own.
fn lists(message: &str, oid: Oid, subject: &str) -> bool {
    let body = message.trim_start().split_once('\n').map_or("", |(_, body)| body);
    body.lines().any(|line| {
        let item = line.trim().trim_start_matches(['*', '-', '+']).trim();
        let named = item
            .split(|c: char| !c.is_ascii_hexdigit())
            .any(|word| word.len() >= 7 && oid.has_prefix(word));
        named || item == subject
    })
}
