//! What a reader asks: documents whole, linked commits newest first, what the
//! documents lack of them. Nothing is written.

use std::ops::ControlFlow;

use super::{Error, Place, Project};
use crate::commit::{Commit, Oid};
use crate::doc::Document;
use crate::tag;

impl Project {
    /// Reads a document of the work tree, or one outside a sparse checkout
    /// from the index; `None` where it has gone meanwhile.
    pub fn document(&self, place: &Place) -> Result<Option<Document>, Error> {
        let text = self.text(place)?;
        Ok(text.map(|text| Document::read(&place.path, text, place.dialect)))
    }

    /// Paths where documents are looked for that hold no regular file, such as
    /// symlinks.
    pub fn irregular_documents(&self) -> Result<Vec<String>, Error> {
        let mut paths = self.store().find_irregular(self.places().globs())?;
        paths.retain(|path| self.places().dialect(path).is_some());
        Ok(paths)
    }

    /// The commits of a range whose message may hold a tag, newest first.
    pub fn tagged_newest_first(
        &self,
        include: &[Oid],
        exclude: &[Oid],
    ) -> Result<Vec<Commit>, Error> {
        let mut commits = Vec::new();
        for oid in self.tagged(include, exclude)? {
            commits.extend(self.repo().commit(oid)?);
        }
        commits.sort_by_key(|commit| std::cmp::Reverse(commit.key()));
        Ok(commits)
    }

    /// For each document, how many linked commits of HEAD it does not list.
    /// History is walked once for all, and only a commit that a document seems
    /// to lack is looked at closely. A document that has no place for commits
    /// lacks none.
    pub fn unrecorded(&self, documents: &[(&Place, &Document)]) -> Result<Vec<usize>, Error> {
        let mut counts = vec![0; documents.len()];
        let Some(head) = self.repo().head()? else { return Ok(counts) };
        if documents.iter().all(|(_, document)| document.entries().is_none()) {
            return Ok(counts);
        }
        for oid in self.tagged(&[head], &[])? {
            let Some(commit) = self.repo().commit(oid)? else { continue };
            if commit.is_merge() || tag::is_autosquash(&commit.subject()) {
                continue;
            }
            let linked = self.read_links(commit)?;
            let lacking: Vec<usize> = (0..documents.len())
                .filter(|&at| {
                    let (place, document) = documents[at];
                    document.entries().is_some()
                        && linked.features().contains(&&place.feature)
                        && document.entry_of(&oid).is_none()
                })
                .collect();
            if !lacking.is_empty() && !self.is_bookkeeping(&linked.commit)? {
                lacking.into_iter().for_each(|at| counts[at] += 1);
            }
        }
        Ok(counts)
    }

    /// The files that these commits changed, sorted, task documents left out:
    /// what was worked on.
    pub fn files_of(&self, commits: &[Oid]) -> Result<Vec<String>, Error> {
        let mut files = std::collections::BTreeSet::new();
        for &oid in commits {
            self.repo().changed_paths(oid, &mut |path| {
                let path = String::from_utf8_lossy(path);
                if !self.places().is_place(&path) {
                    files.insert(path.into_owned());
                }
                ControlFlow::Continue(())
            })?;
        }
        Ok(files.into_iter().collect())
    }
}
