//! The documents, each for itself and held against history.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use super::history::{History, Scope, with_prefix};
use super::shelf::Shelf;
use crate::check::{self, EntryFact, LinkFacts};
use crate::commit::Oid;
use crate::doc::dialect::is_named_by_folder;
use crate::doc::{Document, Lookup};
use crate::plan::Said;
use crate::problem::{Problem, Severity};
use crate::record::pointers::workspace_feature;
use crate::record::{Error, Linked, Project};
use crate::store;
use crate::task::FeatureId;

impl Project {
    pub(super) fn audit_documents(
        &self,
        shelf: &Shelf,
        history: &History,
        scope: Option<&Scope>,
    ) -> Result<Vec<Problem>, Error> {
        let is_asked = |path: &str| Scope::asks(scope, path);
        let mut problems = unreadable(shelf);
        problems.retain(|problem| problem.path.as_deref().is_none_or(is_asked));
        let features = shelf.here.by_feature();
        let asked = features.filter(|(_, own)| own.iter().any(|one| is_asked(one.path())));
        problems.extend(asked.filter_map(|(feature, own)| ambiguous(feature, own)));
        problems.extend(shelf.problems.iter().cloned());
        let all = shelf.here.documents.iter().chain(&shelf.shadowed);
        for document in all.filter(|document| is_asked(document.path())) {
            problems.extend(self.gone_key_files(document)?);
            problems.extend(self.missing_pointers(document)?);
        }
        let concerns = |problem: &Problem| {
            let is_of_range = |oid| scope.is_some_and(|scope: &Scope| scope.commits.contains(&oid));
            problem.path.as_deref().is_none_or(is_asked) || problem.oid.is_some_and(is_of_range)
        };
        problems.extend(self.audit_links(shelf, history)?.into_iter().filter(concerns));
        Ok(problems)
    }

    /// Holds every document that alone tracks its feature against history.
    fn audit_links(&self, shelf: &Shelf, history: &History) -> Result<Vec<Problem>, Error> {
        let mut linked: HashMap<FeatureId, Vec<Linked>> = HashMap::new();
        for &oid in &history.tagged {
            let Some(link) = self.link(oid)? else { continue };
            for feature in link.features() {
                linked.entry(feature.clone()).or_default().push(link.clone());
            }
        }
        let mut problems = Vec::new();
        for (feature, documents) in shelf.here.by_feature() {
            let [document] = documents else { continue };
            let links = linked.get(feature).map_or(&[][..], Vec::as_slice);
            let said: Vec<Said> = links.iter().map(|link| link.said(feature, true)).collect();
            let entries = self.entry_facts(document, &said, history)?;
            let hollow = self.hollow(document, links)?;
            let former_titles = self.former_titles(document, &said)?;
            let contained = self.contained(check::rivals(document, &said, self.config().tick))?;
            let facts = LinkFacts {
                linked: &said,
                entries: &entries,
                contained: &contained,
                hollow: &hollow,
                former_titles: &former_titles,
                shallow: self.repo().is_shallow(),
                tick: self.config().tick,
            };
            problems.extend(check::links(document, &facts));
        }
        Ok(problems)
    }

    /// The pairs of which the second commit contains the first.
    fn contained(&self, pairs: Vec<(Oid, Oid)>) -> Result<HashSet<(Oid, Oid)>, Error> {
        let mut contained = HashSet::new();
        for (older, newer) in pairs {
            if self.repo().is_ancestor(older, newer)? {
                contained.insert((older, newer));
            }
        }
        Ok(contained)
    }

    /// The commits that change nothing but markdown and files of the
    /// document's own folder.
    fn hollow(&self, document: &Document, links: &[Linked]) -> Result<HashSet<Oid>, Error> {
        let folder = document.path().rsplit_once('/').map(|(folder, _)| format!("{folder}/"));
        let own = folder.filter(|_| is_named_by_folder(document.path()));
        let is_document = |path: &[u8]| {
            path.to_ascii_lowercase().ends_with(b".md")
                || own.as_ref().is_some_and(|own| path.starts_with(own.as_bytes()))
        };
        let mut hollow = HashSet::new();
        for oid in links.iter().filter(|link| !link.tags.is_empty()).map(|link| link.commit.oid) {
            let mut works = false;
            self.repo().changed_paths(oid, &mut |path| {
                works = !is_document(path);
                if works { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })?;
            hollow.extend((!works).then_some(oid));
        }
        Ok(hollow)
    }

    /// What the ticked tasks were called in the document of the commit that
    /// finished them. Each version is read once; one that is not in this clone
    /// tells nothing.
    fn former_titles(
        &self,
        document: &Document,
        said: &[Said],
    ) -> Result<HashMap<usize, String>, Error> {
        let mut tasks_of: HashMap<Oid, Vec<usize>> = HashMap::new();
        for closing in check::closings(document, said, self.config().tick) {
            if let Some(blob) = self.repo().blob_name_at(closing.commit, document.path())? {
                tasks_of.entry(blob).or_default().push(closing.task);
            }
        }
        let mut titles = HashMap::new();
        for (blob, tasks) in tasks_of {
            let Ok(text) = self.repo().blob(blob) else { continue };
            let version = Document::read(document.path(), text, document.dialect());
            for task in tasks {
                let id = document.tasks()[task].id.as_ref();
                if let Some(Lookup::One(then)) = id.map(|id| version.find(id)) {
                    titles.insert(task, version.task_title(then).to_owned());
                }
            }
        }
        Ok(titles)
    }

    /// What became of the commits that a document lists. A short name means
    /// one of the feature's own commits, else one of HEAD's, else any.
    fn entry_facts(
        &self,
        document: &Document,
        said: &[Said],
        history: &History,
    ) -> Result<Vec<EntryFact>, Error> {
        let mut own: Vec<Oid> = said.iter().map(|said| said.commit.oid).collect();
        own.sort_unstable();
        let entries = document.entries().map_or(&[][..], |entries| &entries.list);
        let mut facts = Vec::new();
        for (index, entry) in entries.iter().enumerate().filter(|(_, entry)| !entry.placeholder) {
            let hash = document.slice(&entry.hash);
            let found = match with_prefix(&own, hash) {
                Some(own) => Some(own),
                None => self.in_history(history, hash)?,
            };
            let commit = match found {
                Some(_) => found,
                None => self.repo().resolve_prefix(hash)?.map(|commit| commit.oid),
            };
            facts.push(EntryFact { index, commit, reachable: found.is_some() });
        }
        Ok(facts)
    }

    /// The key files that are gone.
    fn gone_key_files(&self, document: &Document) -> Result<Vec<Problem>, Error> {
        let mut gone = Vec::new();
        for (path, line) in check::key_files(document) {
            if self.is_gone(document, &path)? {
                gone.push(check::gone_key_file(document, &path, line));
            }
        }
        Ok(gone)
    }

    /// The plan and the workspace that a document points at in vain.
    fn missing_pointers(&self, document: &Document) -> Result<Vec<Problem>, Error> {
        let mut missing = Vec::new();
        for (name, path, line) in check::pointers(document) {
            let is_moved = name == "workspace" && self.workspace_at(&path)?;
            if !is_moved && self.is_gone(document, &path)? {
                missing.push(check::missing_pointer(document, name, &path, line));
            }
        }
        Ok(missing)
    }

    /// Whether the workspace of a path is there, if only where it was put away
    /// since.
    fn workspace_at(&self, path: &str) -> Result<bool, Error> {
        let feature = workspace_feature(path);
        let known = self.known_catalog()?;
        Ok(feature.is_some_and(|feature| !known.of(&feature).is_empty()))
    }

    /// Whether neither the work tree nor HEAD has a path. It is named from the
    /// top, or from the document's own folder; ignored files are made and not
    /// kept.
    fn is_gone(&self, document: &Document, path: &str) -> Result<bool, Error> {
        let head = self.repo().head()?;
        let folder = document.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        let named = path.trim_end_matches('/');
        for place in [named.to_owned(), format!("{folder}/{named}")] {
            let is_in_head = head.map_or(Ok(false), |head| self.repo().has_path(head, &place));
            if self.store().exists(&place) || is_in_head? {
                return Ok(false);
            }
        }
        Ok(!self.repo().is_ignored(named)?)
    }
}

/// Several documents of one feature: links to it find no place.
fn ambiguous(feature: &FeatureId, documents: &[Document]) -> Option<Problem> {
    let [_, .., last] = documents else { return None };
    let paths: Vec<String> = documents.iter().map(|d| format!("`{}`", d.path())).collect();
    let said = format!("`{feature}` is tracked by {}, expected one document", paths.join(" and "));
    let hint = check::another_name(last.path());
    let problem = Problem::new("ambiguous-feature", Severity::Error, said);
    Some(problem.hint(hint).at(last.path(), None))
}

/// What may be a document and cannot be read.
fn unreadable(shelf: &Shelf) -> Vec<Problem> {
    let refused = shelf.refused.iter().map(|(path, error)| {
        let problem = Problem::new("unreadable-document", Severity::Error, error.to_string());
        let problem = problem.at(path, None);
        error.hint().map_or(problem.clone(), |hint| problem.hint(hint))
    });
    let odd = shelf.odd.iter().map(|(path, names_feature)| {
        let said = store::Error::NotRegular { path: path.clone() }.to_string();
        let severity = if *names_feature { Severity::Warning } else { Severity::Note };
        Problem::new("unreadable-document", severity, said)
            .hint("put the document itself there, or give what is there another name")
            .at(path, None)
    });
    refused.chain(odd).collect()
}
