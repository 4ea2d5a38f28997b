//! Documents that point at each other: a feature file at its workspace, a
//! workspace at its plan's number. A tag of one of them that names only tasks
//! of the other is a tag of the other.
//!
//! Nothing is read for it but what a tag names: the header that may point, and
//! both documents where it does.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::places::HEADER;
use super::{Catalog, Error, Place, Project};
use crate::check;
use crate::doc::dialect::{Naming, path_feature};
use crate::doc::{self, Document, Lookup};
use crate::plan::between;
use crate::tag::{Selector, Tag};
use crate::task::FeatureId;

/// The pairs that are known, by the feature of the first; `None` for a document
/// that points at no other.
pub(super) type Pairs = RefCell<HashMap<FeatureId, Option<Rc<Pair>>>>;

/// A document and the one that it points at.
#[derive(Debug)]
pub(super) struct Pair {
    own: Document,
    other: Document,
    feature: FeatureId,
}

impl Pair {
    /// Whether a tag of the first names tasks of the second alone.
    fn is_of_other(&self, tag: &Tag) -> bool {
        let has = |document: &Document, selector: &Selector| match selector {
            Selector::One(id) => document.find(id) != Lookup::None,
            Selector::Range(first, last) => !between(document, first, last).is_empty(),
        };
        let is_other = |selector| !has(&self.own, selector) && has(&self.other, selector);
        !tag.tasks.is_empty() && tag.tasks.iter().all(is_other)
    }
}

/// The feature of the workspace at a path: by its folder's name, so that it is
/// found in the archive too.
pub(super) fn workspace_feature(path: &str) -> Option<FeatureId> {
    let folder = path.trim_end_matches("/tasks.md").trim_end_matches('/');
    path_feature(&format!("{folder}/tasks.md"))
}

impl Project {
    /// Tags with the feature whose document has their tasks.
    pub fn located(&self, mut tags: Vec<Tag>) -> Result<Vec<Tag>, Error> {
        for tag in tags.iter_mut().filter(|tag| !tag.tasks.is_empty()) {
            if let Some(pair) = self.pair(&tag.feature)?.filter(|pair| pair.is_of_other(tag)) {
                tag.feature = pair.feature.clone();
            }
        }
        Ok(tags)
    }

    /// The features whose tags may mean this one: itself, and those whose
    /// documents point at it.
    pub(super) fn names_of(&self, feature: &FeatureId) -> Result<Vec<FeatureId>, Error> {
        // Any commit may link to a workspace (`may_link_to`): nobody need be asked.
        if matches!(feature, FeatureId::Slug(_)) {
            return Ok(vec![feature.clone()]);
        }
        let catalog = self.known_catalog()?;
        let pointing = catalog.places.iter().filter(|place| {
            place.feature != *feature && self.pointer(place).as_ref() == Some(feature)
        });
        Ok(pointing.map(|place| &place.feature).chain([feature]).cloned().collect())
    }

    /// The document that one points at, if it is the only one of its feature.
    pub fn pointed<'c>(&self, place: &Place, catalog: &'c Catalog) -> Option<&'c Place> {
        let feature = self.pointer(place)?;
        match catalog.of(&feature).as_slice() {
            [other] if feature != place.feature => Some(*other),
            _ => None,
        }
    }

    /// The feature that a document's header points at.
    fn pointer(&self, place: &Place) -> Option<FeatureId> {
        match place.dialect.naming {
            Naming::Numbered => self.workspace_of(place),
            Naming::Path => self.plan_of(place),
        }
    }

    fn workspace_of(&self, place: &Place) -> Option<FeatureId> {
        let header = self.header(&place.path, place)?;
        let pointers = check::pointers(&header);
        let (_, path, _) = pointers.iter().find(|(name, ..)| *name == "workspace")?;
        workspace_feature(path)
    }

    fn plan_of(&self, place: &Place) -> Option<FeatureId> {
        let folder = place.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let beside = place.dialect.companions.iter().map(|file| format!("{folder}/{file}"));
        std::iter::once(place.path.clone()).chain(beside).find_map(|path| {
            let header = self.header(&path, place)?;
            let pointers = check::pointers(&header);
            let path = pointers.iter().find(|(name, ..)| *name == "prd").map(|(_, path, _)| path);
            let by_path = path.and_then(|path| self.feature_at(path));
            by_path.or_else(|| header.plan())
        })
    }

    /// The header of a file; one that cannot be read points nowhere.
    fn header(&self, path: &str, place: &Place) -> Option<Document> {
        let header = self.store().read_prefix(path, HEADER).ok()??;
        Some(Document::read(path, doc::header_of(&header).to_vec(), place.dialect))
    }

    fn pair(&self, feature: &FeatureId) -> Result<Option<Rc<Pair>>, Error> {
        if let Some(known) = self.pairs().borrow().get(feature) {
            return Ok(known.clone());
        }
        let found = self.find_pair(feature)?.map(Rc::new);
        self.pairs().borrow_mut().insert(feature.clone(), found.clone());
        Ok(found)
    }

    fn find_pair(&self, feature: &FeatureId) -> Result<Option<Pair>, Error> {
        let named = self.catalog_of(&[feature])?;
        let [place] = named.of(feature)[..] else { return Ok(None) };
        let Some(pointer) = self.pointer(place) else { return Ok(None) };
        let pointed = self.catalog_of(&[&pointer])?;
        let Some(other) = self.pointed(place, &pointed) else { return Ok(None) };
        let feature = other.feature.clone();
        let read = |place| self.document(place).ok().flatten();
        let documents = read(place).zip(read(other));
        Ok(documents.map(|(own, other)| Pair { own, other, feature }))
    }
}
