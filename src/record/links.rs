//! A commit → what it says of features.

use std::ops::ControlFlow;

use super::{Error, Project};
use crate::commit::{Commit, Oid};
use crate::doc;
use crate::plan::{Former, Reverted, Said};
use crate::tag::{self, Reading, Tag};
use crate::task::FeatureId;

/// How many reverts of reverts are followed.
const MAX_REVERTS: usize = 32;

/// A commit that links to features.
#[derive(Clone, Debug)]
pub struct Linked {
    /// The commit.
    pub commit: Commit,
    /// Its own tags.
    pub tags: Vec<Tag>,
    /// The commits it takes back and what those say.
    pub reverts: Vec<Reverted>,
}

impl Linked {
    /// The features it names, each once, in the order of the message.
    pub fn features(&self) -> Vec<&FeatureId> {
        let mut features: Vec<&FeatureId> = Vec::new();
        let taken_back = self.reverts.iter().flat_map(|reverted| &reverted.tags);
        for tag in self.tags.iter().chain(taken_back) {
            if !features.contains(&&tag.feature) {
                features.push(&tag.feature);
            }
        }
        features
    }

    /// What it says of one feature.
    pub fn said(&self, feature: &FeatureId, new: bool) -> Said {
        let of_feature = |tags: &[Tag]| -> Vec<Tag> {
            tags.iter().filter(|tag| tag.feature == *feature).cloned().collect()
        };
        let reverts = self
            .reverts
            .iter()
            .map(|reverted| Reverted { tags: of_feature(&reverted.tags), ..reverted.clone() });
        Said {
            commit: self.commit.clone(),
            tags: of_feature(&self.tags),
            reverts: reverts.filter(|reverted| !reverted.tags.is_empty()).collect(),
            new,
            formers: Vec::new(),
        }
    }

    /// What it said of one feature, now that history holds it no more.
    pub fn former(self, entry: Option<usize>, feature: &FeatureId) -> Former {
        let Said { commit, tags, reverts, .. } = self.said(feature, false);
        Former { entry, commit: Some(commit), tags, reverts }
    }
}

/// A way to read the message of a commit.
pub(super) type Reader<'a> = &'a dyn Fn(&Commit) -> Result<Reading, Error>;

/// Whether a stored message may link to anything; `false` is certain.
pub fn may_link(message: &[u8]) -> bool {
    tag::may_hold_tag(message) || tag::wild::may_mention(message)
}

impl Project {
    /// Reads a commit's links. `None` where it makes none: no tag, a merge, a
    /// commit that asks to be folded into another, or bookkeeping.
    pub fn link(&self, oid: Oid) -> Result<Option<Linked>, Error> {
        self.repo().commit(oid)?.map_or(Ok(None), |commit| self.link_commit(commit))
    }

    /// The same of a commit that was read already.
    pub fn link_commit(&self, commit: Commit) -> Result<Option<Linked>, Error> {
        if commit.is_merge() || tag::is_autosquash(&commit.subject()) {
            return Ok(None);
        }
        let linked = self.read_links(commit)?;
        if linked.features().is_empty() || self.is_bookkeeping(&linked.commit)? {
            return Ok(None);
        }
        Ok(Some(linked))
    }

    /// Reads what a commit's message says, whatever kind of commit it is.
    pub fn read_links(&self, commit: Commit) -> Result<Linked, Error> {
        self.links_by(commit, &|commit| self.read_commit(commit))
    }

    /// The same by another way to read the message of a commit and of those
    /// that it takes back.
    pub(super) fn links_by(&self, commit: Commit, read: Reader<'_>) -> Result<Linked, Error> {
        let reading = read(&commit)?;
        let mut reverts = Vec::new();
        for name in &reading.reverts {
            let named = self.repo().resolve_prefix(name)?;
            let oid = named.as_ref().map(|commit| commit.oid).or_else(|| Oid::from_hex(name));
            let tags = match named.clone() {
                Some(taken_back) => self.tags_of(taken_back, read, MAX_REVERTS)?,
                None => self.quoted_tags(&commit.subject())?,
            };
            reverts.extend(oid.map(|oid| Reverted { oid, commit: named, tags }));
        }
        Ok(Linked { commit, tags: reading.tags, reverts })
    }

    /// All that a commit says: its own tags, and for a revert those of the
    /// commit that it takes back.
    fn tags_of(&self, commit: Commit, read: Reader<'_>, depth: usize) -> Result<Vec<Tag>, Error> {
        let reading = read(&commit)?;
        let mut tags = reading.tags;
        for name in reading.reverts.iter().take(depth) {
            match self.repo().resolve_prefix(name)? {
                Some(taken_back) => tags.extend(self.tags_of(taken_back, read, depth / 2)?),
                None => tags.extend(self.quoted_tags(&commit.subject())?),
            }
        }
        Ok(tags)
    }

    /// Whether a commit changes nothing but task documents, as an empty one
    /// does too: it keeps books and is no work.
    pub fn is_bookkeeping(&self, commit: &Commit) -> Result<bool, Error> {
        let mut documents = Vec::new();
        let mut works = false;
        self.repo().changed_paths(commit.oid, &mut |path| {
            match std::str::from_utf8(path).ok().filter(|path| self.places().is_place(path)) {
                Some(path) => documents.push(path.to_owned()),
                None => works = true,
            }
            if works { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        if works {
            return Ok(false);
        }
        for path in documents {
            if !self.was_document(commit, &path)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a path is a task document in a commit, or was one before it.
    fn was_document(&self, commit: &Commit, path: &str) -> Result<bool, Error> {
        let Some(dialect) = self.places().dialect(path) else {
            return Ok(self.places().is_place(path));
        };
        let versions = std::iter::once(commit.oid).chain(commit.parents.first().copied());
        for version in versions {
            if let Some(bytes) = self.repo().blob_at(version, path)? {
                return Ok(doc::identity(path, &bytes, dialect).is_some());
            }
        }
        Ok(false)
    }

    /// The tags in the subject that a revert quotes: all there is to go by
    /// where the commit it names is not at hand.
    fn quoted_tags(&self, subject: &str) -> Result<Vec<Tag>, Error> {
        let quoted = subject.split_once('"').and_then(|(_, rest)| rest.rsplit_once('"'));
        quoted.map_or(Ok(Vec::new()), |(quoted, _)| Ok(self.read_message(quoted)?.tags))
    }
}
