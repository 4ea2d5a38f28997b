//! The messages of history, judged by the documents of today.

use std::collections::BTreeSet;

use super::history::{History, Scope};
use super::shelf::Shelf;
use crate::check::{self, Knowledge};
use crate::commit::{Commit, Oid};
use crate::config::Require;
use crate::problem::{Problem, Severity};
use crate::record::judge::{named, tags_and_suggestions};
use crate::record::{Error, Project};
use crate::tag;
use crate::task::FeatureId;

impl Project {
    pub(super) fn audit_messages(
        &self,
        shelf: &Shelf,
        history: &History,
        scope: Option<&Scope>,
    ) -> Result<Vec<Problem>, Error> {
        let mut commits = Vec::new();
        for &oid in self.asked(history, scope) {
            commits.extend(self.repo().commit(oid)?.filter(|commit| !commit.is_merge()));
        }
        let features: Vec<FeatureId> = shelf.here.by_feature().map(|(id, _)| id.clone()).collect();
        let elsewhere = self.branches_with(&unknown(&commits, shelf))?;
        // History from before a rule cannot be held to it.
        let require = if scope.is_some() { self.config().require } else { Require::Off };
        let judge = Judge { project: self, shelf, features, elsewhere, require };
        let mut problems = Vec::new();
        for commit in &commits {
            problems.extend(judge.problems(commit)?);
        }
        if scope.is_none() {
            // Nobody can mend a message that others build on.
            problems.iter_mut().for_each(|problem| {
                problem.severity = problem.severity.min(Severity::Warning);
            });
        }
        Ok(problems)
    }

    /// The commits to judge: all of a range where each must have a tag.
    fn asked<'a>(
        &self,
        history: &'a History,
        scope: Option<&'a Scope>,
    ) -> Box<dyn Iterator<Item = &'a Oid> + 'a> {
        match scope {
            None => Box::new(history.tagged.iter()),
            Some(scope) if self.config().require == Require::Off => Box::new(scope.tagged.iter()),
            Some(scope) => Box::new(scope.commits.iter()),
        }
    }
}

/// The numbered features that are named and have no document here.
fn unknown(commits: &[Commit], shelf: &Shelf) -> Vec<FeatureId> {
    let mut unknown = BTreeSet::new();
    for commit in commits {
        let tags = tag::read(&commit.message).tags.into_iter().map(|tag| tag.feature);
        unknown.extend(tags.filter(|feature| {
            matches!(feature, FeatureId::Prd(_))
                && shelf.here.of(feature).is_empty()
                && shelf.older.of(feature).is_empty()
        }));
    }
    unknown.into_iter().collect()
}

/// What all messages are judged by.
struct Judge<'a> {
    project: &'a Project,
    shelf: &'a Shelf,
    features: Vec<FeatureId>,
    elsewhere: Vec<(FeatureId, String)>,
    require: Require,
}

impl Judge<'_> {
    fn problems(&self, commit: &Commit) -> Result<Vec<Problem>, Error> {
        let reading = self.project.read_message(&commit.message)?;
        let tags = tags_and_suggestions(&reading);
        let (here, older) = (&self.shelf.here, &self.shelf.older);
        let (documents, older) = match named(&tags).as_slice() {
            // Nearly every message names one feature; no other is looked at.
            [feature] if reading.misses.is_empty() && !here.of(feature).is_empty() => {
                (here.of(feature), older.of(feature))
            }
            _ => (here.documents.as_slice(), older.documents.as_slice()),
        };
        let knowledge = Knowledge {
            documents,
            older,
            features: &self.features,
            elsewhere: &self.elsewhere,
            likely: None,
            replaced: None,
            is_past: true,
            tick: self.project.config().tick,
        };
        let mut problems = check::message(&commit.message, &reading, &knowledge);
        let is_asked = reading.reverts.is_empty() && !tag::is_autosquash(&commit.subject());
        let require = if is_asked { self.require } else { Require::Off };
        if let Some(problem) = check::missing_tag(require, &commit.message, &reading, &knowledge)
            && !self.project.is_bookkeeping(commit)?
        {
            problems.push(problem);
        }
        let of_commit =
            |problem| Problem { path: None, line: None, oid: Some(commit.oid), ..problem };
        Ok(problems.into_iter().map(of_commit).collect())
    }
}
