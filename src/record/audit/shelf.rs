//! Every document, read once.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use super::history::Scope;
use crate::check;
use crate::doc::{self, Document};
use crate::problem::Problem;
use crate::record::{Catalog, Error, Place, Project};
use crate::store;
use crate::task::FeatureId;

/// Documents by the feature that they track.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// The documents, those of one feature side by side.
    pub(super) documents: Vec<Document>,
    spans: BTreeMap<FeatureId, Range<usize>>,
}

impl Row {
    fn new(mut found: Vec<(FeatureId, Document)>) -> Self {
        found.sort_by(|(a, first), (b, second)| (a, first.path()).cmp(&(b, second.path())));
        let mut row = Self::default();
        for (feature, document) in found {
            let at = row.documents.len();
            row.spans.entry(feature).or_insert(at..at).end = at + 1;
            row.documents.push(document);
        }
        row
    }

    /// The documents of one feature.
    pub(super) fn of(&self, feature: &FeatureId) -> &[Document] {
        self.spans.get(feature).map_or(&[], |span| &self.documents[span.clone()])
    }

    /// The features with their documents.
    pub(super) fn by_feature(&self) -> impl Iterator<Item = (&FeatureId, &[Document])> {
        self.spans.iter().map(|(feature, span)| (feature, &self.documents[span.clone()]))
    }
}

/// What there is.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    /// The work tree's documents.
    pub(super) here: Row,
    /// Archived documents of features that are worked on again.
    pub(super) shadowed: Vec<Document>,
    /// HEAD's documents, where they differ from the work tree's.
    pub(super) older: Row,
    /// What is wrong inside those that are asked about.
    pub(super) problems: Vec<Problem>,
    /// Documents that cannot be read, and why.
    pub(super) refused: Vec<(String, store::Error)>,
    /// What has a document's name and is no file, and whether its path alone
    /// names a feature.
    pub(super) odd: Vec<(String, bool)>,
}

impl Project {
    pub(super) fn shelf(&self, scope: Option<&Scope>) -> Result<Shelf, Error> {
        let Catalog { places, refused, views } = self.catalog()?;
        let catalog = Catalog { places, views, refused: Vec::new() };
        let mut shelf = Shelf { refused, ..Shelf::default() };
        let current: HashSet<&str> =
            catalog.current().into_iter().map(|place| place.path.as_str()).collect();
        let mut here = Vec::new();
        let places: Vec<&Place> = catalog.places.iter().collect();
        let judged = |place: &Place, document: Document| {
            let is_asked = Scope::asks(scope, &place.path);
            let problems = is_asked.then(|| check::document(&document));
            (document, problems.unwrap_or_default())
        };
        for (place, judged) in self.read_each(&places, judged) {
            let (document, problems) = match judged {
                Ok(judged) => judged,
                Err(Error::Store(error)) => {
                    shelf.refused.push((place.path.clone(), error));
                    continue;
                }
                Err(error) => return Err(error),
            };
            shelf.problems.extend(problems);
            match current.contains(place.path.as_str()) {
                true => here.push((place.feature.clone(), document)),
                false => shelf.shadowed.push(document),
            }
        }
        shelf.here = Row::new(here);
        shelf.older = self.older_row(&shelf.here)?;
        for path in self.store().find_irregular(self.places().globs())? {
            let Some(dialect) = self.places().dialect(&path) else { continue };
            let names_feature = doc::identity(&path, b"", dialect).is_some();
            shelf.odd.push((path, names_feature));
        }
        Ok(shelf)
    }

    /// HEAD's documents that the work tree does not have as they are.
    fn older_row(&self, here: &Row) -> Result<Row, Error> {
        let Some(head) = self.repo().head()? else { return Ok(Row::default()) };
        let known: HashMap<&str, &Document> =
            here.documents.iter().map(|document| (document.path(), document)).collect();
        let mut older = Vec::new();
        for (path, blob) in self.documents_at(head)? {
            let Some(dialect) = self.places().dialect(&path) else { continue };
            let text = self.repo().blob(blob)?;
            if known.get(path.as_str()).is_some_and(|known| known.bytes() == text) {
                continue;
            }
            let document = Document::read(&path, text, dialect);
            let Some(feature) = document.feature() else { continue };
            older.push((feature, document));
        }
        Ok(Row::new(older))
    }
}
