//! Which links have acted on a document that lists no commits.
//!
//! There a link has acted if any version of the document since its commit, in
//! HEAD's history or the index, shows its tasks in the state that it asks for:
//! what a person changed after that stays. A task that was begun shows it too
//! once it is done, if it was open when its commit was made. Of a link whose
//! record is in no commit yet the text itself tells that too, or a person who
//! set its box since. No version tells anything of a link that follows one which
//! stands in the work tree alone.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::folders::Folders;
use super::{Error, Linked, Place, Project};
use crate::commit::Oid;
use crate::doc::{Document, dialect};
use crate::plan::{self, Said, Shown};
use crate::repo::IndexEntry;
use crate::store::Pending;
use crate::task::FeatureId;

/// What is known of links that have acted.
#[derive(Debug, Default)]
pub(super) struct Acted {
    /// Their commits.
    pub(super) list: HashSet<Oid>,
    /// Those of them of which that is not known, since a version of the
    /// document is not in this clone: what a person may have changed stays.
    pub(super) hidden: Vec<Oid>,
}

/// The versions of a document since a commit.
struct Since {
    /// The commit's own.
    own: Option<Oid>,
    /// Those that others made of it.
    later: Vec<Oid>,
}

impl Project {
    /// The commits among these whose links have acted.
    pub(super) fn acted(
        &self,
        document: &Document,
        place: &Place,
        commits: &[&Linked],
    ) -> Result<Acted, Error> {
        let Some(head) = self.repo().head()? else { return Ok(Acted::default()) };
        let pending = self.pending_in(place, head)?;
        let is_other = |linked: &&Linked| commits.iter().all(|c| c.commit.oid != linked.commit.oid);
        let commits: Vec<&Linked> =
            commits.iter().copied().chain(pending.iter().filter(is_other)).collect();
        let mut said: Vec<Said> = commits.iter().map(|c| c.said(&place.feature, false)).collect();
        said.sort_by_key(|said| said.commit.key());
        let said: Vec<&Said> = said.iter().collect();
        let read = |version: Vec<u8>| -> Shown {
            let version = Document::read(&place.path, version, place.dialect);
            plan::shown(&version, &said, self.config().tick)
        };
        let staged = self.staged(place)?.map_or_else(Shown::default, read);
        let here = plan::shown(document, &said, self.config().tick);
        let mut standing = self.overruled_in(place)?;
        let is_pending = |oid: Oid| pending.iter().any(|linked| linked.commit.oid == oid);
        let mut acted = Acted { list: staged.exactly.clone(), ..Acted::default() };
        acted.list.extend(&standing);
        let now = self.repo().blob_at(head, &place.path)?.map(read);
        acted.list.extend(now.into_iter().flat_map(|now| now.exactly));
        // Nearly all are shown by now; for the others history is looked at.
        let oids = commits.iter().map(|linked| linked.commit.oid);
        let oids: Vec<Oid> = oids.filter(|oid| !acted.list.contains(oid)).collect();
        let mut known: HashMap<Oid, Option<Shown>> = HashMap::new();
        for (oid, Since { own, later }) in self.versions_since(place, &oids, head)? {
            for blob in own.iter().chain(&later) {
                if let Entry::Vacant(new) = known.entry(*blob) {
                    let is_there = self.repo().is_there(*blob)?;
                    new.insert(is_there.then(|| self.repo().blob(*blob).map(read)).transpose()?);
                }
            }
            let of = |blob: &Oid| known.get(blob).and_then(Option::as_ref);
            let own_shown = own.as_ref().and_then(of);
            let was_done = own_shown.is_some_and(|shown| shown.outdone.contains(&oid));
            let shows = |shown: &Shown| match was_done {
                true => shown.exactly.contains(&oid),
                false => shown.outdone.contains(&oid),
            };
            let mut all = later.iter().filter_map(of).chain(own_shown);
            let has_acted = all.any(shows) || shows(&staged);
            standing.extend((is_pending(oid) && shows(&here)).then_some(oid));
            let is_hidden = own.iter().chain(&later).any(|blob| of(blob).is_none());
            acted.hidden.extend((is_hidden && !has_acted).then_some(oid));
            acted.list.extend((has_acted || is_hidden).then_some(oid));
        }
        let early = self.early(document, &said, &pending, &acted);
        acted.list.retain(|oid| !early.contains(oid));
        acted.list.extend(standing);
        Ok(acted)
    }

    /// The commits that follow one of the same tasks which has not acted in any
    /// version: its record stands in the work tree alone.
    fn early(
        &self,
        document: &Document,
        said: &[&Said],
        pending: &[Linked],
        acted: &Acted,
    ) -> HashSet<Oid> {
        let is_waiting = |said: &&&Said| {
            let oid = said.commit.oid;
            !acted.list.contains(&oid) && pending.iter().any(|linked| linked.commit.oid == oid)
        };
        let waiting: Vec<&Said> = said.iter().filter(is_waiting).copied().collect();
        let follows_one = |said: &Said| {
            let is_older = |other: &&&Said| other.commit.key() < said.commit.key();
            let tasks = self.tasks_of(document, said);
            let mut older = waiting.iter().filter(is_older);
            older.any(|other| !self.tasks_of(document, other).is_disjoint(&tasks))
        };
        let early = said.iter().filter(|said| !waiting.is_empty() && follows_one(said));
        early.map(|said| said.commit.oid).collect()
    }

    /// For each of these commits the versions of a document since.
    fn versions_since(
        &self,
        place: &Place,
        commits: &[Oid],
        head: Oid,
    ) -> Result<Vec<(Oid, Since)>, Error> {
        if commits.is_empty() {
            return Ok(Vec::new());
        }
        let mut paths = vec![place.path.clone()];
        paths.extend(self.former_paths(place, commits)?);
        let looked_up;
        let versions = match self.versions.get() {
            Some(versions) if paths.len() == 1 => versions,
            _ => {
                let folders = Folders::of(paths.iter().map(String::as_str));
                let enter = |path: &[u8]| folders.contain(path);
                looked_up = self.repo().versions_since(commits, head, &enter)?;
                &looked_up
            }
        };
        let since = |&commit: &Oid| {
            let mut own = None;
            for path in &paths {
                own = own.or(self.repo().blob_name_at(commit, path)?);
            }
            let later = paths.iter().flat_map(|path| versions.since(commit, path)).collect();
            Ok((commit, Since { own, later }))
        };
        commits.iter().map(since).collect()
    }

    /// Where a document lay at commits that have none at its path: before it
    /// was archived, say. It is known by its name.
    fn former_paths(&self, place: &Place, commits: &[Oid]) -> Result<BTreeSet<String>, Error> {
        let also = dialect::aliases(&place.feature, place.dialect);
        let is_own = |path: &str| match dialect::path_feature(path) {
            Some(FeatureId::Slug(slug)) => {
                place.feature == FeatureId::Slug(slug.clone()) || also.contains(&slug)
            }
            _ => false,
        };
        let mut paths = BTreeSet::new();
        for &commit in commits {
            if self.repo().has_path(commit, &place.path)? {
                continue;
            }
            let others = self.documents_at(commit)?.into_iter().map(|(path, _)| path);
            paths.extend(others.filter(|path| is_own(path)));
        }
        Ok(paths)
    }

    /// The commits of HEAD whose records are in the work tree, or were.
    fn pending_in(&self, place: &Place, head: Oid) -> Result<Vec<Linked>, Error> {
        let mut found = Vec::new();
        for pending in self.state().pending()?.iter().filter(|one| one.path == place.path) {
            if self.repo().is_ancestor(pending.oid, head)? {
                found.push(pending.oid);
            }
        }
        self.link_all(found)
    }

    /// The commits whose records a person overruled.
    fn overruled_in(&self, place: &Place) -> Result<Vec<Oid>, Error> {
        let overruled = self.state().overruled()?.into_iter();
        Ok(overruled.filter(|one| one.path == place.path).map(|one| one.oid).collect())
    }

    /// Remembers which records that are in no commit yet a document shows no
    /// more, now that a person has `set` the boxes of these tasks: they have
    /// acted all the same. One that lists commits tells that itself. The caller
    /// holds the lock.
    pub fn overrule(&self, place: &Place, document: &Document, set: &[usize]) -> Result<(), Error> {
        let Some(head) = self.repo().head()?.filter(|_| document.entries().is_none()) else {
            return Ok(());
        };
        let pending = self.pending_in(place, head)?;
        let said: Vec<Said> =
            pending.iter().map(|linked| linked.said(&place.feature, false)).collect();
        let said: Vec<&Said> = said.iter().collect();
        let shown = plan::shown(document, &said, self.config().tick).outdone;
        let mut overruled = self.state().overruled()?;
        for said in said {
            let one = Pending { oid: said.commit.oid, path: place.path.clone() };
            let tasks = self.tasks_of(document, said);
            if set.iter().any(|task| tasks.contains(task)) {
                overruled.retain(|other| *other != one);
                overruled.extend((!shown.contains(&one.oid)).then_some(one));
            }
        }
        Ok(self.state().set_overruled(&overruled)?)
    }

    /// The tasks of which a commit says something, or takes something back.
    pub(super) fn tasks_of(&self, document: &Document, said: &Said) -> HashSet<usize> {
        let taken_back = said.reverts.iter().map(|reverted| &reverted.tags);
        let tags = taken_back.chain([&said.tags]);
        let touched = tags.flat_map(|tags| plan::touched(document, tags, self.config().tick));
        touched.map(|(task, _)| task).collect()
    }

    fn staged(&self, place: &Place) -> Result<Option<Vec<u8>>, Error> {
        match self.repo().index_entry(&place.path)? {
            IndexEntry::Tracked { oid, .. } | IndexEntry::SkipWorktree { oid, .. } => {
                Ok(Some(self.repo().blob(oid)?))
            }
            _ => Ok(None),
        }
    }
}
