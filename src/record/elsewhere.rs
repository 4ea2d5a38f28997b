//! Documents that are not in this work tree: those of a commit's tree, and of
//! the branches.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::{Error, Place, Project};
use crate::commit::Oid;
use crate::doc;
use crate::doc::dialect;
use crate::task::FeatureId;

/// How many branches are looked through for features that are not here.
const MAX_BRANCHES: usize = 200;

impl Project {
    /// The paths and blobs that may be documents in a commit's tree.
    pub(super) fn documents_at(&self, commit: Oid) -> Result<Vec<(String, Oid)>, Error> {
        let mut found = Vec::new();
        let mut enter = |dir: &[u8]| {
            std::str::from_utf8(dir).is_ok_and(|dir| self.places().globs().may_lead_to(dir))
        };
        self.repo().files_at(commit, &mut enter, &mut |path, oid| {
            let path = std::str::from_utf8(path).ok();
            let path = path.filter(|path| self.places().dialect(path).is_some());
            found.extend(path.map(|path| (path.to_owned(), oid)));
            ControlFlow::Continue(())
        })?;
        Ok(found)
    }

    /// The documents of a feature in a commit's tree.
    pub(super) fn places_at(&self, commit: Oid, feature: &FeatureId) -> Result<Vec<Place>, Error> {
        let mut places = Vec::new();
        for (path, blob) in self.documents_at(commit)? {
            let Some(dialect) = self.places().dialect(&path) else { continue };
            if self.feature_of(&path, blob)?.as_ref() == Some(feature) {
                places.push(Place { path, dialect, feature: feature.clone(), view_of: None });
            }
        }
        Ok(places)
    }

    /// These features with a local or remote-tracking branch that has a
    /// document of each; those that no branch has are left out.
    pub(super) fn branches_with(
        &self,
        features: &[FeatureId],
    ) -> Result<Vec<(FeatureId, String)>, Error> {
        let mut found: Vec<(FeatureId, String)> = Vec::new();
        if features.is_empty() {
            return Ok(found);
        }
        self.each_on_branches(&mut |feature, branch| {
            if features.contains(feature) && found.iter().all(|(id, _)| id != feature) {
                found.push((feature.clone(), branch.to_owned()));
            }
            match found.len() == features.len() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        })?;
        Ok(found)
    }

    /// Every feature that a local or remote-tracking branch has a document of,
    /// each with one such branch.
    pub fn features_on_branches(&self) -> Result<Vec<(FeatureId, String)>, Error> {
        let mut found: Vec<(FeatureId, String)> = Vec::new();
        self.each_on_branches(&mut |feature, branch| {
            if found.iter().all(|(id, _)| id != feature) {
                found.push((feature.clone(), branch.to_owned()));
            }
            ControlFlow::Continue(())
        })?;
        Ok(found)
    }

    /// Visits the features of the branches' documents, branch by branch.
    fn each_on_branches(
        &self,
        visit: &mut dyn FnMut(&FeatureId, &str) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        // Branches share most of their documents.
        let mut known: HashMap<(String, Oid), Option<FeatureId>> = HashMap::new();
        for (name, tip) in self.repo().branches()?.into_iter().take(MAX_BRANCHES) {
            for (path, blob) in self.documents_at(tip)? {
                let key = (path, blob);
                if !known.contains_key(&key) {
                    let feature = self.feature_of(&key.0, blob)?;
                    known.insert(key.clone(), feature);
                }
                let Some(Some(feature)) = known.get(&key) else { continue };
                if visit(feature, &name).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn feature_of(&self, path: &str, blob: Oid) -> Result<Option<FeatureId>, Error> {
        match self.places().dialect(path) {
            None => Ok(None),
            Some(dialect) if dialect.is_named_by_path() => Ok(dialect::path_feature(path)),
            Some(dialect) => {
                let identity = doc::identity(path, &self.repo().blob(blob)?, dialect);
                Ok(identity.map(|(feature, _)| feature))
            }
        }
    }
}
