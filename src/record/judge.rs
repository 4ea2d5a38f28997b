//! What the repository knows that a message can be judged by.

use std::ops::ControlFlow;

use super::{Catalog, Error, Place, Project};
use crate::check::{self, Knowledge};
use crate::commit::Oid;
use crate::config::Require;
use crate::doc::{Document, Lookup};
use crate::problem::Problem;
use crate::repo::IndexEntry;
use crate::tag::{self, Reading, Selector, Tag};
use crate::task::FeatureId;

/// How many branches are looked through for a feature that is not here.
const MAX_BRANCHES: usize = 200;

/// The documents that a message is judged by, owned.
#[derive(Debug, Default)]
struct Known {
    documents: Vec<Document>,
    older: Vec<Document>,
    features: Vec<FeatureId>,
    elsewhere: Vec<(FeatureId, String)>,
}

impl Project {
    /// Judges a message that is about to become a commit, cleaned.
    ///
    /// `asks_for_tag` says whether the commit is one that the team's `require`
    /// is about: merges and reverts are not.
    pub fn judge(&self, message: &str, asks_for_tag: bool) -> Result<Vec<Problem>, Error> {
        let reading = tag::read(message);
        let require = if asks_for_tag && reading.reverts.is_empty() {
            self.config().require
        } else {
            Require::Off
        };
        if reading == Reading::default() && require == Require::Off {
            return Ok(Vec::new());
        }
        let known = self.known_to(&reading)?;
        let knowledge = Knowledge {
            documents: &known.documents,
            older: &known.older,
            features: &known.features,
            elsewhere: &known.elsewhere,
            likely: None,
            replaced: None,
            tick: self.config().tick,
        };
        let mut problems = check::message(message, &reading, &knowledge);
        if !tag::is_autosquash(&crate::commit::subject(message)) {
            problems.extend(check::missing_tag(require, message, &reading, &knowledge));
        }
        Ok(problems)
    }

    /// Reads the documents of the features that a message names, and looks
    /// further only for what is not in them.
    fn known_to(&self, reading: &Reading) -> Result<Known, Error> {
        let catalog = self.catalog()?;
        let mut known = Known::default();
        known.features.extend(catalog.places.iter().map(|place| place.feature.clone()));
        for feature in named(&reading.tags) {
            let places = catalog.of(feature);
            for place in &places {
                let Some(text) = self.store().read(&place.path)? else { continue };
                known.documents.push(Document::read(&place.path, text, place.dialect));
            }
            let mut own = reading.tags.iter().filter(|tag| tag.feature == *feature);
            if !own.all(|tag| is_known(tag, &known.documents)) {
                self.add_older(feature, &catalog, &mut known)?;
            }
            let is_numbered = matches!(feature, FeatureId::Prd(_));
            if places.is_empty() && is_numbered && known.older.is_empty() {
                known
                    .elsewhere
                    .extend(self.branch_with(feature)?.map(|branch| (feature.clone(), branch)));
            }
        }
        Ok(known)
    }

    /// Adds a feature's documents as the index and HEAD hold them.
    fn add_older(
        &self,
        feature: &FeatureId,
        catalog: &Catalog,
        known: &mut Known,
    ) -> Result<(), Error> {
        let Some(head) = self.repo().head()? else { return Ok(()) };
        let mut places: Vec<Place> = catalog.of(feature).into_iter().cloned().collect();
        if places.is_empty() {
            places = self.places_at(head, feature)?;
        }
        for place in places {
            let staged = match self.repo().index_entry(&place.path)? {
                IndexEntry::Tracked { oid, .. } | IndexEntry::SkipWorktree { oid, .. } => {
                    Some(self.repo().blob(oid)?)
                }
                _ => None,
            };
            for text in staged.into_iter().chain(self.repo().blob_at(head, &place.path)?) {
                known.older.push(Document::read(&place.path, text, place.dialect));
            }
        }
        Ok(())
    }

    /// The documents of a feature in a commit's tree.
    fn places_at(&self, commit: Oid, feature: &FeatureId) -> Result<Vec<Place>, Error> {
        let mut paths = Vec::new();
        let mut enter = |dir: &[u8]| {
            std::str::from_utf8(dir).is_ok_and(|dir| self.places().globs().may_lead_to(dir))
        };
        self.repo().files_at(commit, &mut enter, &mut |path, oid| {
            let path = std::str::from_utf8(path).ok();
            paths.extend(
                path.and_then(|path| Some((path.to_owned(), oid, self.places().dialect(path)?))),
            );
            ControlFlow::Continue(())
        })?;
        let mut places = Vec::new();
        for (path, oid, dialect) in paths {
            let document = Document::read(&path, self.repo().blob(oid)?, dialect);
            if document.feature().as_ref() == Some(feature) {
                places.push(Place { path, dialect, feature: feature.clone() });
            }
        }
        Ok(places)
    }

    /// A local or remote-tracking branch that has a document of a feature.
    fn branch_with(&self, feature: &FeatureId) -> Result<Option<String>, Error> {
        for (name, tip) in self.repo().branches()?.into_iter().take(MAX_BRANCHES) {
            if !self.places_at(tip, feature)?.is_empty() {
                return Ok(Some(name));
            }
        }
        Ok(None)
    }
}

/// The features of these tags, each once.
fn named(tags: &[Tag]) -> Vec<&FeatureId> {
    let mut features: Vec<&FeatureId> = Vec::new();
    for tag in tags {
        if !features.contains(&&tag.feature) {
            features.push(&tag.feature);
        }
    }
    features
}

/// Whether every task of a tag stands in one of these documents.
fn is_known(tag: &Tag, documents: &[Document]) -> bool {
    let mut ids = tag.tasks.iter().flat_map(|selector| match selector {
        Selector::One(id) => vec![id],
        Selector::Range(first, last) => vec![first, last],
    });
    let mut own = documents
        .iter()
        .filter(|document| document.feature().as_ref() == Some(&tag.feature))
        .peekable();
    own.peek().is_some() && {
        let own: Vec<&Document> = own.collect();
        ids.all(|id| own.iter().any(|document| document.find(id) != Lookup::None))
    }
}
