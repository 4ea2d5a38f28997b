//! What a reader asks: documents whole, linked commits newest first, what the
//! documents lack of them. Nothing is written.

use std::cmp::Reverse;
use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::thread;

use super::ledger::may_link_to;
use super::{Error, Place, Project};
use crate::commit::{Commit, Oid};
use crate::doc::Document;
use crate::store::Candidate;
use crate::tag;
use crate::task::FeatureId;

/// How many documents a further thread is started for.
const WORTH_A_THREAD: usize = 32;

/// The bytes of documents, or why they cannot be had.
type Texts<'p> = Vec<(&'p Place, Result<Vec<u8>, Error>)>;

/// Reads the texts on so many threads, in their order.
fn parsed(mut texts: Texts<'_>, threads: usize) -> Vec<(&Place, Result<Document, Error>)> {
    if threads < 2 {
        let read = |place: &Place, text| Document::read(&place.path, text, place.dialect);
        let each = texts.into_iter();
        return each.map(|(place, text)| (place, text.map(|text| read(place, text)))).collect();
    }
    let others = texts.split_off(texts.len() / threads);
    thread::scope(|scope| {
        let others = scope.spawn(move || parsed(others, threads - 1));
        let mut documents = parsed(texts, 1);
        documents.extend(others.join().unwrap_or_else(|panic| resume_unwind(panic)));
        documents
    })
}

impl Project {
    /// Reads a document of the work tree, or one outside a sparse checkout
    /// from the index; `None` where it has gone meanwhile.
    pub fn document(&self, place: &Place) -> Result<Option<Document>, Error> {
        let text = self.text(place)?;
        Ok(text.map(|text| Document::read(&place.path, text, place.dialect)))
    }

    /// Reads many documents; those that have gone meanwhile are left out. All
    /// cores take part, where there are enough of them for that to pay.
    pub fn documents<'p>(&self, places: &[&'p Place]) -> Vec<(&'p Place, Result<Document, Error>)> {
        let text = |&place: &&'p Place| Some((place, self.text(place).transpose()?));
        let texts: Vec<_> = places.iter().filter_map(text).collect();
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let threads = cores.min(texts.len() / WORTH_A_THREAD);
        parsed(texts, threads)
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
        let may = |one: &_| feature.is_none() || names.iter().any(|name| may_link_to(one, name));
        let mut found = self.candidates(include, exclude, &may)?;
        found.sort_by_key(|one| Reverse(one.seconds));
        for second in found.chunk_by(|a, b| a.seconds == b.seconds) {
            for commit in self.read_newest_first(second)? {
                if visit(commit)?.is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
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
    pub fn unrecorded(&self, documents: &[(&Place, &Document)]) -> Result<Vec<usize>, Error> {
        let mut counts = vec![0; documents.len()];
        let Some(head) = self.repo().head()? else { return Ok(counts) };
        if documents.iter().all(|(_, document)| document.entries().is_none()) {
            return Ok(counts);
        }
        let may = |one: &_| documents.iter().any(|(place, _)| may_link_to(one, &place.feature));
        let found = self.candidates(&[head], &[], &may)?;
        for oid in found.into_iter().map(|candidate| candidate.oid) {
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
