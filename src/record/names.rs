//! Which feature a name in a message means.

use std::collections::{HashMap, HashSet};

use super::{Catalog, Error, Place, Project};
use crate::commit::Commit;
use crate::doc::dialect;
use crate::tag::{self, Reading};
use crate::task::FeatureId;

/// The names that the documents of a work tree go by.
#[derive(Debug, Default)]
pub(super) struct Names {
    features: HashSet<FeatureId>,
    /// What else they are called; `None` where that means several.
    aliases: HashMap<String, Option<FeatureId>>,
}

impl Names {
    pub(super) fn of(catalog: &Catalog) -> Self {
        let mut names = Self::default();
        for place in &catalog.places {
            names.features.insert(place.feature.clone());
            for alias in dialect::aliases(&place.feature, place.dialect) {
                let feature = Some(place.feature.clone());
                let known = names.aliases.entry(alias).or_insert_with(|| feature.clone());
                *known = known.take().filter(|known| Some(known) == feature.as_ref());
            }
        }
        names
    }

    /// The feature that a name means: one called so, else the only one that is
    /// also called so.
    pub(super) fn meant(&self, name: &FeatureId) -> Option<&FeatureId> {
        let also = || match name {
            FeatureId::Slug(slug) => self.aliases.get(slug)?.as_ref(),
            FeatureId::Prd(_) => None,
        };
        self.features.get(name).or_else(also)
    }
}

impl Catalog {
    /// The documents that a name fits: those of the feature that is called so,
    /// else of those that are also called so.
    pub fn called(&self, name: &str) -> Vec<&Place> {
        let slug = FeatureId::Slug(name.to_lowercase());
        let ids = FeatureId::parse(name).into_iter().chain([slug]);
        let found = ids.map(|id| self.tracking(&id)).find(|found| !found.is_empty());
        found.unwrap_or_else(|| {
            let name = name.to_lowercase();
            let is_meant =
                |place: &&Place| dialect::aliases(&place.feature, place.dialect).contains(&name);
            let mut features: Vec<&FeatureId> =
                self.places.iter().filter(is_meant).map(|place| &place.feature).collect();
            features.dedup();
            features.into_iter().flat_map(|feature| self.tracking(feature)).collect()
        })
    }
}

impl Project {
    /// Reads what a commit's message says: its tags, and what it mentions in
    /// the forms that documents here read.
    pub(super) fn read_commit(&self, commit: &Commit) -> Result<Reading, Error> {
        let mut reading = self.read_message(&commit.message)?;
        if reading.tags.is_empty() && reading.misses.is_empty() {
            reading.tags = self.mentioned(&commit.message, Some(commit.oid))?;
        }
        Ok(reading)
    }

    /// Reads what a message says, each feature by the name that its document
    /// has today, and that of the document which has its tasks.
    pub fn read_message(&self, message: &str) -> Result<Reading, Error> {
        let mut reading = tag::read(message);
        for tag in &mut reading.tags {
            // A numbered plan has no other name.
            if matches!(tag.feature, FeatureId::Slug(_))
                && self.catalog_of(&[&tag.feature])?.of(&tag.feature).is_empty()
                && let Some(meant) = self.names()?.meant(&tag.feature)
            {
                tag.feature = meant.clone();
            }
        }
        reading.tags = self.located(reading.tags)?;
        Ok(reading)
    }
}
