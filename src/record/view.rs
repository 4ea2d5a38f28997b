//! A file that shows what another one says: the same commits, planned on the
//! document first.

use std::collections::HashSet;
use std::ops::ControlFlow;

use super::prepare::{Planned, Scope, Version};
use super::{Error, Linked, Place, Project};
use crate::commit::Oid;
use crate::doc::Document;
use crate::plan::recovery::{self, Paths, Source};
use crate::plan::{self, Plan, Said};
use crate::repo::IndexEntry;

impl Project {
    /// Plans on one text of a view, by the same version of its document.
    pub(super) fn plan_view(
        &self,
        place: &Place,
        source: &Place,
        version: Version,
        text: &[u8],
        commits: &[&Linked],
        scope: &Scope,
    ) -> Result<Planned, Error> {
        let mut planned = Planned { plan: Plan::default(), ambiguous: Vec::new() };
        let Some(tasks) = self.text_of(&source.path, version)? else { return Ok(planned) };
        let document = Document::read(&source.path, tasks, source.dialect);
        let told = self.told(&document, source, commits, scope)?;
        let settings = self.settings(scope);
        let patch = plan::plan(&document, &told.history, &told.dropped, settings).patch;
        let tasks = Document::read(&source.path, patch.apply(document.bytes()), source.dialect);
        let history = self.since_it_is_there(place, commits, told.history)?;
        let dropped = &told.dropped;
        let paths = match dropped.is_empty() && plan::acting(&history).is_empty() {
            true => Paths::new(),
            false => self.paths_of(&history)?,
        };
        let source = Source { tasks: &tasks, history: &history, dropped, paths: &paths };
        let document = Document::read(&place.path, text.to_vec(), place.dialect);
        planned.plan.patch = recovery::recovery(&document, source, settings);
        planned.plan.recorded = plan::acting(&history);
        Ok(planned)
    }

    /// Shows in the views of a document, as it is now, that a person has set
    /// the boxes of these tasks.
    pub fn show_by_hand(
        &self,
        place: &Place,
        tasks: &Document,
        set: &[usize],
    ) -> Result<(), Error> {
        let catalog = self.catalog_of(&[&place.feature])?;
        let mut views = catalog.views_of(place).peekable();
        if views.peek().is_none() {
            return Ok(());
        }
        let (history, paths) = (self.said_of(place)?, Paths::new());
        let source = Source { tasks, history: &history, dropped: &[], paths: &paths };
        let tick = self.config().tick;
        views.try_for_each(|view| {
            self.edit_by_hand(view, |document| recovery::by_hand(document, source, set, tick))?;
            Ok(())
        })
    }

    /// Keeps the commits from the one on that brought the view, and marks those
    /// handed over as new: it lists none, so what it shows of them is worked
    /// out again.
    fn since_it_is_there(
        &self,
        place: &Place,
        commits: &[&Linked],
        history: Vec<Said>,
    ) -> Result<Vec<Said>, Error> {
        let is_tracked = match self.repo().head()? {
            Some(head) => self.repo().has_path(head, &place.path)?,
            None => false,
        };
        let handed_over: HashSet<Oid> = commits.iter().map(|linked| linked.commit.oid).collect();
        let mut kept = Vec::with_capacity(history.len());
        for said in history {
            let oid = said.commit.oid;
            if !is_tracked || self.repo().has_path(oid, &place.path)? {
                kept.push(Said { new: handed_over.contains(&oid), ..said });
            }
        }
        Ok(kept)
    }

    /// What the commits changed besides task documents.
    fn paths_of(&self, history: &[Said]) -> Result<Paths, Error> {
        let mut paths = Paths::new();
        for said in history {
            let mut own = Vec::new();
            self.repo().changed_paths(said.commit.oid, &mut |path| {
                let path = std::str::from_utf8(path).ok().filter(|path| can_be_named(path));
                own.extend(path.filter(|path| !self.places().is_place(path)).map(str::to_owned));
                ControlFlow::Continue(())
            })?;
            own.sort();
            paths.insert(said.commit.oid, own);
        }
        Ok(paths)
    }

    fn text_of(&self, path: &str, version: Version) -> Result<Option<Vec<u8>>, Error> {
        match version {
            Version::WorkTree => Ok(self.store().read(path)?),
            Version::At(commit) => Ok(self.repo().blob_at(commit, path)?),
            Version::Index => match self.repo().index_entry(path)? {
                IndexEntry::Tracked { oid, .. } | IndexEntry::SkipWorktree { oid, .. } => {
                    Ok(Some(self.repo().blob(oid)?))
                }
                _ => Ok(None),
            },
        }
    }
}

/// Whether a path can stand in backticks on one line.
fn can_be_named(path: &str) -> bool {
    !path.contains(|c: char| c == '`' || c.is_control())
}
