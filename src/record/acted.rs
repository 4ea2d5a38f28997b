//! Which links have acted on a document that lists no commits.
//!
//! There a link has acted if any version of the document since its commit, in
//! HEAD's history or the index, shows its tasks in the state that it asks for:
//! what a person changed after that stays. No version tells anything of a link
//! that follows one which stands in the work tree alone.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use super::{Error, Linked, Place, Project};
use crate::commit::Oid;
use crate::doc::Document;
use crate::plan::{self, Said};
use crate::repo::IndexEntry;

impl Project {
    /// The commits among these whose links have acted.
    pub(super) fn acted(
        &self,
        document: &Document,
        place: &Place,
        commits: &[&Linked],
    ) -> Result<Vec<Oid>, Error> {
        let Some(head) = self.repo().head()? else { return Ok(Vec::new()) };
        let pending = self.pending_in(place, head)?;
        let is_other = |linked: &&Linked| commits.iter().all(|c| c.commit.oid != linked.commit.oid);
        let commits: Vec<&Linked> =
            commits.iter().copied().chain(pending.iter().filter(is_other)).collect();
        let mut said: Vec<Said> = commits.iter().map(|c| c.said(&place.feature, false)).collect();
        said.sort_by_key(|said| said.commit.key());
        let said: Vec<&Said> = said.iter().collect();
        let shown = |version: Option<Document>| -> HashSet<Oid> {
            let shown = |version| plan::shown(&version, &said, self.config().tick);
            version.map_or_else(HashSet::new, shown)
        };
        let staged = shown(self.staged(place)?);
        let mut versions: HashMap<Oid, HashSet<Oid>> = HashMap::new();
        let mut acted = Vec::new();
        for own in commits.iter().map(|linked| linked.commit.oid) {
            if staged.contains(&own) {
                acted.push(own);
                continue;
            }
            let mut since = vec![own];
            self.repo().walk(&[head], &[own], &mut |visited| {
                since.push(visited.oid);
                ControlFlow::Continue(())
            })?;
            for oid in since {
                let version = match versions.entry(oid) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => new.insert(shown(self.version(place, oid)?)),
                };
                if version.contains(&own) {
                    acted.push(own);
                    break;
                }
            }
        }
        let is_waiting = |said: &&&Said| {
            let oid = said.commit.oid;
            !acted.contains(&oid) && pending.iter().any(|linked| linked.commit.oid == oid)
        };
        let waiting: Vec<&Said> = said.iter().filter(is_waiting).copied().collect();
        let follows_one = |said: &Said| {
            let is_older = |other: &&&Said| other.commit.key() < said.commit.key();
            let tasks = self.tasks_of(document, said);
            let mut older = waiting.iter().filter(is_older);
            older.any(|other| !self.tasks_of(document, other).is_disjoint(&tasks))
        };
        let early = said.iter().filter(|said| !waiting.is_empty() && follows_one(said));
        let early: HashSet<Oid> = early.map(|said| said.commit.oid).collect();
        acted.retain(|oid| !early.contains(oid));
        Ok(acted)
    }

    /// The commits of HEAD whose records are in the work tree, or were.
    fn pending_in(&self, place: &Place, head: Oid) -> Result<Vec<Linked>, Error> {
        let mut found = Vec::new();
        for pending in self.state().pending().iter().filter(|one| one.path == place.path) {
            if self.repo().is_ancestor(pending.oid, head)? {
                found.push(pending.oid);
            }
        }
        self.link_all(found)
    }

    /// The tasks of which a commit says something, or takes something back.
    fn tasks_of(&self, document: &Document, said: &Said) -> HashSet<usize> {
        let taken_back = said.reverts.iter().map(|reverted| &reverted.tags);
        let tags = taken_back.chain([&said.tags]);
        let touched = tags.flat_map(|tags| plan::touched(document, tags, self.config().tick));
        touched.map(|(task, _)| task).collect()
    }

    fn staged(&self, place: &Place) -> Result<Option<Document>, Error> {
        let (IndexEntry::Tracked { oid, .. } | IndexEntry::SkipWorktree { oid, .. }) =
            self.repo().index_entry(&place.path)?
        else {
            return Ok(None);
        };
        Ok(Some(Document::read(&place.path, self.repo().blob(oid)?, place.dialect)))
    }

    fn version(&self, place: &Place, oid: Oid) -> Result<Option<Document>, Error> {
        let text = self.repo().blob_at(oid, &place.path)?;
        Ok(text.map(|text| Document::read(&place.path, text, place.dialect)))
    }
}
