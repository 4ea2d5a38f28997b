//! Linked commits → what is to be written, nothing of it written yet.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::acted::Acted;
use super::{Catalog, Error, Linked, Place, Project, Rewrites};
use crate::commit::{Commit, Oid};
use crate::config::RecordMode;
use crate::doc::Document;
use crate::doc::entries::Entry;
use crate::plan::{self, Former, Key, Plan, Reach, Said, Settings};
use crate::repo::IndexEntry;
use crate::store;
use crate::task::FeatureId;

/// What is known of the commits that are handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Commits just made: whatever they say is new.
    Made,
    /// Commits some of which may have been recorded: what the documents lack
    /// of them is new.
    Owed,
    /// All linked commits of HEAD: what the documents lack of them is new, and
    /// their figures are counted again.
    All,
    /// The same with those from before the tool, where also a document that
    /// lists commits may have shown in the past what they say.
    Past,
}

impl Extent {
    /// Whether all linked commits are handed over.
    fn is_whole(self) -> bool {
        matches!(self, Self::All | Self::Past)
    }
}

/// What is handed over, and what is known of rewritten history.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Which commits are handed over.
    pub extent: Extent,
    /// What became of others.
    pub rewrites: Rewrites,
    /// The commit whose history a document knows that lists none; `None` for
    /// what HEAD and the last commit seen have in common.
    pub tip: Option<Oid>,
}

impl Scope {
    /// Commits just made, nothing rewritten.
    pub fn made() -> Self {
        Self { extent: Extent::Made, rewrites: Rewrites::default(), tip: None }
    }
}

/// What is to change in one document.
#[derive(Clone, Debug)]
pub struct Change {
    /// The document.
    pub place: Place,
    /// Its text in the work tree now and as it is to be; `None` where only the
    /// index has it.
    pub work_tree: Option<(Vec<u8>, Vec<u8>)>,
    /// The index's mode and text to be, where the index is to change.
    pub index: Option<(u32, Vec<u8>)>,
    /// What it means: for the work tree, or the index where that alone changes.
    pub plan: Plan,
}

impl Change {
    /// Whether any text is to change; the plan may hold nothing but notes.
    pub fn is_any(&self) -> bool {
        self.work_tree.is_some() || self.index.is_some()
    }
}

/// Which version of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// The one on disk.
    WorkTree,
    /// The staged one.
    Index,
    /// The one of a commit.
    At(Oid),
}

/// What commits say to a document.
pub(super) struct Told {
    /// The commits of its feature, those that it knows among them.
    pub(super) history: Vec<Said>,
    /// Those whose links are taken back.
    pub(super) dropped: Vec<Former>,
    /// Entries whose commit cannot be told for certain.
    pub(super) ambiguous: Vec<Unplaced>,
}

/// A plan, and the entries that it could not place.
pub(super) struct Planned {
    pub(super) plan: Plan,
    pub(super) ambiguous: Vec<Unplaced>,
}

/// A link that found no place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unplaced {
    /// The commit.
    pub oid: Oid,
    /// Why.
    pub reason: String,
}

/// All that is to be written.
#[derive(Debug, Default)]
pub struct Prepared {
    /// The changes, by path; documents that stay as they are left out.
    pub changes: Vec<Change>,
    /// The same for documents that stay as they are, by path.
    pub unchanged: Vec<Change>,
    /// Links to features that no document tracks, or whose document has to
    /// wait.
    pub unplaced: Vec<Unplaced>,
    /// Links to features that several documents track.
    pub ambiguous: Vec<Unplaced>,
    /// Documents that cannot be read now and perhaps can be later, and why.
    pub unread: Vec<(String, store::Error)>,
}

impl Project {
    /// Works out what these commits change.
    pub fn prepare(&self, linked: &[Linked], scope: &Scope) -> Result<Prepared, Error> {
        let mut prepared = Prepared::default();
        if linked.is_empty() && scope.rewrites.map.is_empty() {
            return Ok(prepared);
        }
        // A commit that lost its tag when it was rewritten names nothing, but
        // its document still lists what it was.
        let rewritten = self.rewritten_features(&scope.rewrites)?;
        let named: BTreeSet<&FeatureId> =
            linked.iter().flat_map(Linked::features).chain(&rewritten).collect();
        let named: Vec<&FeatureId> = named.into_iter().collect();
        let catalog = self.catalog_of(&named)?;
        let unread = self.unread(&catalog, &named);
        let is_read = |feature: &&FeatureId| !unread.contains_key(feature);
        let mut by_path: BTreeMap<&str, (&Place, Vec<&Linked>)> = BTreeMap::new();
        for commit in linked {
            for feature in commit.features().into_iter().filter(is_read) {
                match catalog.of(feature).as_slice() {
                    [place] => {
                        for place in std::iter::once(*place).chain(catalog.views_of(place)) {
                            by_path.entry(&place.path).or_insert((place, Vec::new())).1.push(commit)
                        }
                    }
                    [] => {
                        let refused = self.refused(&catalog, feature).next();
                        prepared.unplaced.extend(missing(refused, commit.commit.oid, feature))
                    }
                    several => {
                        prepared.ambiguous.push(ambiguous(commit.commit.oid, feature, several))
                    }
                }
            }
        }
        for feature in rewritten.iter().filter(is_read) {
            if let [place] = catalog.of(feature).as_slice() {
                for place in std::iter::once(*place).chain(catalog.views_of(place)) {
                    by_path.entry(&place.path).or_insert((place, Vec::new()));
                }
            }
        }
        for (place, commits) in by_path.into_values() {
            self.prepare_document(place, &commits, scope, &mut prepared)?;
        }
        let unread: BTreeMap<_, _> =
            unread.into_values().flatten().map(|one| (&one.0, one)).collect();
        prepared.unread.extend(unread.into_values().cloned());
        Ok(prepared)
    }

    /// The features whose document cannot be read just now, and what may be it:
    /// their records wait, since where they belong will be known later.
    fn unread<'c, 'f>(
        &self,
        catalog: &'c Catalog,
        features: &[&'f FeatureId],
    ) -> HashMap<&'f FeatureId, Vec<&'c (String, store::Error)>> {
        let unread = |feature| {
            self.refused(catalog, feature).filter(|(_, error)| error.may_pass()).collect::<Vec<_>>()
        };
        let unread = features.iter().map(|&feature| (feature, unread(feature)));
        unread.filter(|(_, unread)| !unread.is_empty()).collect()
    }

    fn rewritten_features(&self, rewrites: &Rewrites) -> Result<Vec<FeatureId>, Error> {
        let mut features = Vec::new();
        for &old in rewrites.map.keys() {
            if let Some(commit) = self.repo().commit(old)? {
                features.extend(self.read_links(commit)?.features().into_iter().cloned());
            }
        }
        features.sort();
        features.dedup();
        Ok(features)
    }

    /// Works out the change of one document.
    pub(super) fn prepare_document(
        &self,
        place: &Place,
        commits: &[&Linked],
        scope: &Scope,
        prepared: &mut Prepared,
    ) -> Result<(), Error> {
        let text = match self.store().read(&place.path) {
            Ok(text) => text,
            // What one document cannot have, the others get.
            Err(error) if error.may_pass() => {
                prepared.unread.push((place.path.clone(), error));
                return Ok(());
            }
            Err(error) => {
                prepared.unplaced.extend(waiting(commits, &error.to_string()));
                return Ok(());
            }
        };
        let staging = matches!(self.config().record, RecordMode::Stage | RecordMode::Next);
        let entry = match staging || text.is_none() {
            true => self.repo().index_entry(&place.path)?,
            false => IndexEntry::Absent,
        };
        let conflicted =
            entry == IndexEntry::Conflicted || text.as_deref().is_some_and(has_conflict_markers);
        if conflicted {
            let reason = format!("`{}` is in conflict", place.path);
            prepared.unplaced.extend(waiting(commits, &reason));
            return Ok(());
        }
        let mut change =
            Change { place: place.clone(), work_tree: None, index: None, plan: Plan::default() };
        let index = match entry {
            IndexEntry::Tracked { oid, mode } if staging => Some((oid, mode)),
            IndexEntry::SkipWorktree { oid, mode } if text.is_none() || staging => {
                Some((oid, mode))
            }
            _ => None,
        };
        if let Some((oid, mode)) = index {
            let before = self.repo().blob(oid)?;
            let planned = self.plan_text(place, Version::Index, &before, commits, scope)?;
            let after = planned.plan.patch.apply(&before);
            change.index = (after != before).then_some((mode, after));
            change.plan = planned.plan;
        }
        if let Some(before) = text {
            let planned = self.plan_text(place, Version::WorkTree, &before, commits, scope)?;
            let after = planned.plan.patch.apply(&before);
            change.plan = planned.plan;
            prepared.ambiguous.extend(planned.ambiguous);
            change.work_tree = (after != before).then_some((before, after));
        }
        if change.is_any() || !change.plan.notes.is_empty() {
            prepared.changes.push(change);
        } else {
            prepared.unchanged.push(change);
        }
        Ok(())
    }

    /// Plans on one text of a document: the one of a version.
    pub(super) fn plan_text(
        &self,
        place: &Place,
        version: Version,
        text: &[u8],
        commits: &[&Linked],
        scope: &Scope,
    ) -> Result<Planned, Error> {
        if let Some(source) = &place.view_of {
            return self.plan_view(place, source, version, text, commits, scope);
        }
        let document = Document::read(&place.path, text.to_vec(), place.dialect);
        let told = self.told(&document, place, commits, scope)?;
        let plan = plan::plan(&document, &told.history, &told.dropped, self.settings(scope));
        Ok(Planned { plan, ambiguous: told.ambiguous })
    }

    pub(super) fn settings(&self, scope: &Scope) -> Settings {
        let config = self.config();
        let recount = scope.extent.is_whole();
        Settings { tick: config.tick, abbrev: config.abbrev, recount }
    }

    /// What the commits handed over say to a document, and what became of
    /// those that it knows.
    pub(super) fn told(
        &self,
        document: &Document,
        place: &Place,
        commits: &[&Linked],
        scope: &Scope,
    ) -> Result<Told, Error> {
        let acted = match scope.extent {
            Extent::Past => self.acted(document, place, commits)?,
            Extent::All | Extent::Owed if document.entries().is_none() => {
                self.acted(document, place, commits)?
            }
            _ => Acted::default(),
        };
        let is_listed = |commit: &Linked| document.entry_of(&commit.commit.oid).is_some();
        let has_acted = |commit: &Linked| acted.list.contains(&commit.commit.oid);
        let mut reconciled = self.reconcile(document, place, commits, &scope.rewrites)?;
        let mut history: Vec<Said> = Vec::with_capacity(commits.len());
        for commit in commits {
            let mut formers = reconciled.formers.remove(&commit.commit.oid).unwrap_or_default();
            let lacks_entry = document.entries().is_some() && !is_listed(commit);
            if lacks_entry && has_acted(commit) {
                // It gets its entry, and what it says has acted already.
                formers.push((*commit).clone().former(None, &place.feature));
            }
            let is_known = !lacks_entry && (is_listed(commit) || has_acted(commit));
            history.push(Said { formers, ..commit.said(&place.feature, !is_known) });
        }
        self.add_known(document, place, &mut history, &reconciled.dropped, scope)?;
        let (dropped, mut ambiguous) = (reconciled.dropped, reconciled.ambiguous);
        ambiguous.extend(acted.hidden.iter().map(|&oid| hidden(oid, place)));
        Ok(Told { history, dropped, ambiguous })
    }

    /// Adds the commits that the document lists already: those newer than the
    /// oldest new one, or all where the plan looks further back.
    fn add_known(
        &self,
        document: &Document,
        place: &Place,
        history: &mut Vec<Said>,
        dropped: &[Former],
        scope: &Scope,
    ) -> Result<(), Error> {
        let news = history.iter().filter(|said| said.new || !said.formers.is_empty());
        let news: Vec<Said> = news.cloned().collect();
        let oldest = news.iter().map(|said| said.commit.key()).min();
        if oldest.is_none() && dropped.is_empty() {
            return Ok(());
        }
        let reach = match dropped.is_empty() {
            true => plan::reach(document, &news),
            false => Reach::All,
        };
        let Some(entries) = document.entries() else {
            return match scope.extent {
                // All of them are here.
                Extent::All | Extent::Past => Ok(()),
                Extent::Made if reach != Reach::All && self.is_newest(oldest)? => Ok(()),
                Extent::Made | Extent::Owed => self.add_unlisted(place, history, scope.tip),
            };
        };
        let formers = news.iter().flat_map(|said| &said.formers).chain(dropped);
        let gone: Vec<usize> = formers.filter_map(|former| former.entry).collect();
        let list = || {
            entries.list.iter().enumerate().filter(|(at, e)| !e.placeholder && !gone.contains(at))
        };
        for (_, entry) in list().rev() {
            if self.add_entry(document, entry, place, history)?
                && reach != Reach::All
                && history.last().map(|said| said.commit.key()) < oldest
            {
                break;
            }
        }
        if reach == Reach::Oldest {
            for (_, entry) in list() {
                let is_listed = history
                    .iter()
                    .any(|said| said.commit.oid.has_prefix(document.slice(&entry.hash)));
                if is_listed || self.add_entry(document, entry, place, history)? {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Whether nothing that was seen before is newer than a commit.
    fn is_newest(&self, oldest: Option<Key>) -> Result<bool, Error> {
        let Some(seen) = self.seen()? else { return Ok(false) };
        let seen = self.repo().commit(seen)?.map(|seen| seen.commit_time.seconds);
        Ok(oldest.map(|(seconds, ..)| seconds) >= seen)
    }

    /// Adds the commits that a document which lists none knows: those of a
    /// tip, or those of HEAD that the last commit seen contains too.
    fn add_unlisted(
        &self,
        place: &Place,
        history: &mut Vec<Said>,
        tip: Option<Oid>,
    ) -> Result<(), Error> {
        let mut there: HashSet<Oid> = history.iter().map(|said| said.commit.oid).collect();
        let known = match tip {
            Some(tip) => self.linked_below(tip, &place.feature)?,
            None => self.linked_to(&place.feature)?,
        };
        if let (None, Some(head), Some(seen)) = (tip, self.repo().head()?, self.seen()?) {
            there.extend(self.tagged(&[head], &[seen])?);
        }
        for linked in known {
            if !there.contains(&linked.commit.oid) {
                history.push(linked.said(&place.feature, false));
            }
        }
        Ok(())
    }

    /// Adds the commit of an entry, unless it is there already or not at hand;
    /// answers whether it was added.
    fn add_entry(
        &self,
        document: &Document,
        entry: &Entry,
        place: &Place,
        history: &mut Vec<Said>,
    ) -> Result<bool, Error> {
        let hash = document.slice(&entry.hash);
        if history.iter().any(|said| said.commit.oid.has_prefix(hash)) {
            return Ok(false);
        }
        let Some(commit) = self.repo().resolve_prefix(hash)? else { return Ok(false) };
        history.push(self.known(commit, place)?);
        Ok(true)
    }

    fn known(&self, commit: Commit, place: &Place) -> Result<Said, Error> {
        Ok(self.read_links(commit)?.said(&place.feature, false))
    }
}

/// Whether a text holds an unresolved conflict.
pub(super) fn has_conflict_markers(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    let has_line = |start: &str| text.split('\n').any(|line| line.starts_with(start));
    has_line("<<<<<<< ") && has_line(">>>>>>> ")
}

/// All of a document's commits, which it cannot take for this reason.
fn waiting(commits: &[&Linked], reason: &str) -> impl Iterator<Item = Unplaced> {
    commits.iter().map(move |one| Unplaced { oid: one.commit.oid, reason: reason.to_owned() })
}

/// A slug that no folder has is prose; a numbered plan without a document is
/// worth a word.
fn missing(
    refused: Option<&(String, store::Error)>,
    oid: Oid,
    feature: &FeatureId,
) -> Option<Unplaced> {
    if matches!(feature, FeatureId::Slug(_)) && refused.is_none() {
        return None;
    }
    let refused = refused.map(|(_, error)| format!(" ({error})"));
    let reason = format!("no document tracks {feature}{}", refused.unwrap_or_default());
    Some(Unplaced { oid, reason })
}

fn hidden(oid: Oid, place: &Place) -> Unplaced {
    let reason = format!(
        "versions of `{}` are not in this clone, and it may have been undone in one",
        place.path
    );
    Unplaced { oid, reason }
}

fn ambiguous(oid: Oid, feature: &FeatureId, places: &[&Place]) -> Unplaced {
    let paths: Vec<_> = places.iter().map(|place| format!("`{}`", place.path)).collect();
    Unplaced { oid, reason: format!("{feature} is tracked by {}", paths.join(" and ")) }
}
