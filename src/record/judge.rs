//! What the repository knows that a message can be judged by.

use super::{Catalog, Error, Place, Project};
use crate::check::{self, Knowledge};
use crate::commit::{self, Oid};
use crate::config::Require;
use crate::doc::{Document, Lookup};
use crate::problem::Problem;
use crate::repo::IndexEntry;
use crate::tag::{self, Reading, Selector, Tag};
use crate::task::FeatureId;

/// How many documents are looked through for an open task.
const MAX_EXAMPLES: usize = 20;

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
    /// `replaced` is the commit that it amends, where that is known. `exempt`
    /// is asked only where a missing tag would be a problem: whether the commit
    /// is one that the team's `require` is not about.
    pub fn judge(
        &self,
        message: &str,
        replaced: Option<Oid>,
        exempt: impl FnOnce() -> Result<bool, Error>,
    ) -> Result<Vec<Problem>, Error> {
        let reading = self.read_message(message)?;
        let asks = reading.reverts.is_empty() && !tag::is_autosquash(&commit::subject(message));
        let require = if asks { self.config().require } else { Require::Off };
        if reading == Reading::default() && require == Require::Off {
            return Ok(Vec::new());
        }
        let known = self.known_to(&reading, replaced)?;
        let knowledge = Knowledge {
            documents: &known.documents,
            older: &known.older,
            features: &known.features,
            elsewhere: &known.elsewhere,
            likely: None,
            replaced,
            is_past: false,
            tick: self.config().tick,
        };
        let mut problems = check::message(message, &reading, &knowledge);
        if require != Require::Off && !self.mentioned(message, None)?.is_empty() {
            return Ok(problems);
        }
        if let Some(problem) = check::missing_tag(require, message, &reading, &knowledge)
            && !exempt()?
        {
            problems.push(problem);
        }
        // The fault is in the message, whichever document shows it.
        let in_message = |problem| Problem { path: None, line: None, ..problem };
        Ok(problems.into_iter().map(in_message).collect())
    }

    /// Reads the documents of the features that a message names, and looks
    /// further only for what is not in them.
    fn known_to(&self, reading: &Reading, replaced: Option<Oid>) -> Result<Known, Error> {
        let tags = tags_and_suggestions(reading);
        let named = named(&tags);
        // Without a tag, an example is looked for in all of them.
        let catalog = match reading.tags.is_empty() {
            true => self.known_catalog()?,
            false => self.catalog_of(&named)?,
        };
        let mut known = Known::default();
        known.features.extend(catalog.places.iter().map(|place| place.feature.clone()));
        for feature in named {
            let places = catalog.of(feature);
            self.read_places(&places, &mut known)?;
            let mut own = tags.iter().filter(|tag| tag.feature == *feature);
            if !own.all(|tag| is_open(tag, &known.documents)) {
                self.add_older(feature, replaced, &catalog, &mut known)?;
            }
            let is_numbered = matches!(feature, FeatureId::Prd(_));
            if places.is_empty() && is_numbered && known.older.is_empty() {
                known.elsewhere.extend(self.branches_with(std::slice::from_ref(feature))?);
                let meant = check::meant_feature(feature, &known.features).cloned();
                let meant = meant.map_or_else(Vec::new, |meant| catalog.of(&meant));
                self.read_places(&meant, &mut known)?;
            }
        }
        if reading.tags.is_empty() {
            self.add_example(&catalog, &mut known)?;
        }
        Ok(known)
    }

    fn read_places(&self, places: &[&Place], known: &mut Known) -> Result<(), Error> {
        for place in places {
            if known.documents.iter().any(|document| document.path() == place.path) {
                continue;
            }
            if let Some(text) = self.text(place)? {
                known.documents.push(Document::read(&place.path, text, place.dialect));
            }
        }
        Ok(())
    }

    /// Adds the first document that has an open task, for a hint to name.
    fn add_example(&self, catalog: &Catalog, known: &mut Known) -> Result<(), Error> {
        for place in catalog.places.iter().take(MAX_EXAMPLES) {
            if known.documents.iter().any(check::has_open_task) {
                break;
            }
            if catalog.of(&place.feature) == [place] {
                self.read_places(&[place], known)?;
            }
        }
        Ok(())
    }

    /// The commit that a new one is made on: HEAD, or the parent of the one
    /// that is amended, whose own tree may hold its record.
    fn base(&self, replaced: Option<Oid>) -> Result<Option<Oid>, Error> {
        let Some(amended) = replaced else { return Ok(self.repo().head()?) };
        let commit = self.repo().commit(amended)?;
        Ok(commit.and_then(|commit| commit.parents.first().copied()))
    }

    /// Adds a feature's documents as the index and HEAD hold them, or in its
    /// place the parent of the commit that is `replaced`.
    fn add_older(
        &self,
        feature: &FeatureId,
        replaced: Option<Oid>,
        catalog: &Catalog,
        known: &mut Known,
    ) -> Result<(), Error> {
        let Some(head) = self.repo().head()? else { return Ok(()) };
        let base = self.base(replaced)?;
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
            let committed = base.map_or(Ok(None), |base| self.repo().blob_at(base, &place.path))?;
            for text in staged.into_iter().chain(committed) {
                known.older.push(Document::read(&place.path, text, place.dialect));
            }
        }
        Ok(())
    }
}

/// The tags of a message, and those that its near misses should have been.
pub(super) fn tags_and_suggestions(reading: &Reading) -> Vec<Tag> {
    let suggested = reading.misses.iter().filter_map(|miss| miss.suggestion.as_deref());
    let suggested = suggested.flat_map(|text| tag::read(text).tags);
    reading.tags.iter().cloned().chain(suggested).collect()
}

/// The features of these tags, each once.
pub(super) fn named(tags: &[Tag]) -> Vec<&FeatureId> {
    let mut features: Vec<&FeatureId> = Vec::new();
    for tag in tags {
        if !features.contains(&&tag.feature) {
            features.push(&tag.feature);
        }
    }
    features
}

/// Whether a tag names single tasks that stand open in these documents: then
/// no older version has more to say of it.
fn is_open(tag: &Tag, documents: &[Document]) -> bool {
    let own = |document: &&Document| document.feature().as_ref() == Some(&tag.feature);
    let own: Vec<&Document> = documents.iter().filter(own).collect();
    let has_open = |document: &Document, id| match document.find(id) {
        Lookup::One(task) => !document.tasks()[task].state.is_done(),
        Lookup::Many(_) => true,
        Lookup::None => false,
    };
    !own.is_empty()
        && tag.tasks.iter().all(|selector| match selector {
            Selector::One(id) => own.iter().any(|document| has_open(document, id)),
            Selector::Range(..) => false,
        })
}
