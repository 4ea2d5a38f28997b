//! What a reader asks: documents whole, linked commits newest first, what the
//! documents lack of them. Nothing is written.

use std::cmp::Reverse;
use std::ops::ControlFlow;

use super::ledger::may_link_to;
use super::{Error, Place, Project, threads};
use crate::commit::{Commit, Oid};
use crate::doc::{Document, Hashes};
use crate::store::{Candidate, Reader};
use crate::tag;
use crate::task::FeatureId;

impl Project {
    /// Reads a document of the work tree, or one outside a sparse checkout
    /// from the index; `None` where it has gone meanwhile.
    pub fn document(&self, place: &Place) -> Result<Option<Document>, Error> {
        let text = self.text(place)?;
        Ok(text.map(|text| Document::read(&place.path, text, place.dialect)))
    }

    /// What a function makes of each of many documents; those that have gone
    /// meanwhile are left out. All cores take part, where there are enough of
    /// them for that to pay, and no more of a document is kept than what was
    /// made of it.
    pub fn read_each<'p, R: Send>(
        &self,
        places: &[&'p Place],
        make: impl Fn(&'p Place, Document) -> R + Sync,
    ) -> Vec<(&'p Place, Result<R, Error>)> {
        let store = self.store();
        let read = |reader: &mut Reader<'_>, place: &'p Place| {
            let text = reader.read(&place.path).map_err(Error::from);
            let parse = |text| Document::read(&place.path, text, place.dialect);
            (place, text.map(|text| text.map(|text| make(place, parse(text)))))
        };
        let mut made = Vec::with_capacity(places.len());
        for (place, one) in threads::map_with(places.to_vec(), || store.reader(), read) {
            // What is not on disk may lie outside a sparse checkout.
            let one = match one.transpose() {
                None => self.document(place).transpose().map(|d| d.map(|d| make(place, d))),
                there => there,
            };
            made.extend(one.map(|one| (place, one)));
        }
        made
    }

    /// Paths where documents are looked for that hold no regular file, such as
    /// symlinks.
    pub fn irregular_documents(&self) -> Result<Vec<String>, Error> {
        let mut paths = self.store().find_irregular(self.places().globs())?;
        paths.retain(|path| self.places().dialect(path).is_some());
        Ok(paths)
    }

    /// Visits the commits of a range whose message may hold a tag, that of one
    /// feature where only those are asked for, newest first. No more are read
    /// than are visited, but for those of one second.
    pub fn visit_tagged<E: From<Error>>(
        &self,
        (include, exclude): (&[Oid], &[Oid]),
        feature: Option<&FeatureId>,
        visit: &mut dyn FnMut(Commit) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let names = feature.map_or(Ok(Vec::new()), |feature| self.names_of(feature))?;
        let is_asked = may_link_to(&names);
        let may = |features| feature.is_none() || is_asked(features);
        let mut second: Vec<Candidate> = Vec::new();
        let mut is_enough = false;
        self.visit_candidates((include, exclude), &may, &mut |one| {
            if second.first().is_some_and(|first| first.seconds != one.seconds) {
                is_enough = self.visit_second(&std::mem::take(&mut second), visit)?.is_break();
            }
            second.push(one);
            Ok::<_, E>(if is_enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        if !is_enough {
            let _ = self.visit_second(&second, visit)?;
        }
        Ok(())
    }

    /// Visits the commits of one second.
    fn visit_second<E: From<Error>>(
        &self,
        found: &[Candidate],
        visit: &mut dyn FnMut(Commit) -> Result<ControlFlow<()>, E>,
    ) -> Result<ControlFlow<()>, E> {
        for commit in self.read_newest_first(found)? {
            if visit(commit)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn read_newest_first(&self, found: &[Candidate]) -> Result<Vec<Commit>, Error> {
        let mut commits = Vec::new();
        for candidate in found {
            commits.extend(self.repo().commit(candidate.oid)?);
        }
        commits.sort_by_key(|commit| Reverse(commit.key()));
        Ok(commits)
    }

    /// For each document, how many linked commits of HEAD it does not list.
    /// History is walked once for all, and only a commit that a document seems
    /// to lack is looked at closely. A document that has no place for commits
    /// lacks none.
    pub fn unrecorded(&self, documents: &[(&Place, Option<Hashes>)]) -> Result<Vec<usize>, Error> {
        let mut counts = vec![0; documents.len()];
        let Some(head) = self.repo().head()? else { return Ok(counts) };
        if documents.iter().all(|(_, hashes)| hashes.is_none()) {
            return Ok(counts);
        }
        let may = may_link_to(documents.iter().map(|(place, _)| &place.feature));
        let found = self.candidates(&[head], &[], &may)?;
        for oid in found.into_iter().map(|candidate| candidate.oid) {
            let Some(commit) = self.repo().commit(oid)? else { continue };
            if commit.is_merge() || tag::is_autosquash(&commit.subject()) {
                continue;
            }
            let linked = self.read_links(commit)?;
            let (named, full) = (linked.features(), oid.to_string());
            let lacks = |at: &usize| {
                let (place, hashes) = &documents[*at];
                named.contains(&&place.feature)
                    && hashes.as_ref().is_some_and(|hashes| !hashes.name(&full))
            };
            let lacking: Vec<usize> = (0..documents.len()).filter(lacks).collect();
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
