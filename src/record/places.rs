//! Where documents are: which paths may be one, and which feature each has.

use super::{Error, Project};
use crate::config::Config;
use crate::doc::Document;
use crate::doc::dialect::{self, Dialect, Naming};
use crate::store::Globs;
use crate::task::FeatureId;

/// How much of a file is read to find which feature it tracks, in bytes.
const HEADER: usize = 4096;

/// The paths that may be documents, in the order in which they are tried.
#[derive(Debug)]
pub struct Places {
    places: Vec<Pattern>,
    all: Globs,
}

/// Where one kind of document lies.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The glob as it is written.
    pub text: String,
    /// How such documents say things.
    pub dialect: &'static Dialect,
    globs: Globs,
}

impl Pattern {
    fn new(text: &str, dialect: &'static Dialect) -> Result<Self, Error> {
        Ok(Self { text: text.to_owned(), dialect, globs: Globs::new(&[text])? })
    }

    /// Whether a path is one of them.
    pub fn matches(&self, path: &str) -> bool {
        self.globs.matches(path)
    }
}

impl Places {
    /// The places that a configuration names, then the built-in ones.
    pub fn of(config: &Config) -> Result<Self, Error> {
        let named = config.documents.iter().map(|place| {
            let name = place.dialect.as_deref().unwrap_or(dialect::FEATURE_FILE.name);
            let dialect =
                dialect::by_name(name).ok_or_else(|| Error::UnknownDialect(name.to_owned()))?;
            Pattern::new(&place.path, dialect)
        });
        let built_in = dialect::BUILT_IN
            .iter()
            .flat_map(|dialect| dialect.places.iter().map(|place| Pattern::new(place, dialect)));
        let places = named.chain(built_in).collect::<Result<Vec<_>, Error>>()?;
        let globs: Vec<&str> = places.iter().map(|place| place.text.as_str()).collect();
        let all = Globs::new(&globs)?;
        Ok(Self { places, all })
    }

    /// Each of them.
    pub fn patterns(&self) -> &[Pattern] {
        &self.places
    }

    /// All the places as one, for looking them up on disk.
    pub fn globs(&self) -> &Globs {
        &self.all
    }

    /// The dialect of the document that a path may be.
    pub fn dialect(&self, path: &str) -> Option<&'static Dialect> {
        let place = self.places.iter().find(|place| place.matches(path));
        place.map(|place| place.dialect).filter(|_| !dialect::is_template(path))
    }

    /// The dialect of a document, or of the document beside which a file keeps
    /// the same books.
    pub fn books_dialect(&self, path: &str) -> Option<&'static Dialect> {
        let beside = || {
            let (folder, file) = path.rsplit_once('/')?;
            let dialect = self.dialect(&format!("{folder}/tasks.md"))?;
            dialect.companions.contains(&file).then_some(dialect)
        };
        self.dialect(path).or_else(beside)
    }

    /// Whether a path may be a document or a file that keeps the same books.
    pub fn is_place(&self, path: &str) -> bool {
        self.dialect(path).is_some() || self.is_companion(path)
    }

    fn is_companion(&self, path: &str) -> bool {
        let Some((folder, file)) = path.rsplit_once('/') else { return false };
        let document = format!("{folder}/tasks.md");
        self.places
            .iter()
            .any(|place| place.dialect.companions.contains(&file) && place.matches(&document))
    }
}

/// A file that tracks a feature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where it is, relative to the work tree.
    pub path: String,
    /// How it says things.
    pub dialect: &'static Dialect,
    /// What it tracks.
    pub feature: FeatureId,
}

/// The documents of a work tree.
#[derive(Debug, Default)]
pub struct Catalog {
    /// Those that track a feature, by path.
    pub places: Vec<Place>,
    /// Those that cannot be read, and why.
    pub refused: Vec<(String, crate::store::Error)>,
}

impl Catalog {
    /// The documents of one feature. One that is being worked on goes before
    /// an archived one of the same name.
    pub fn of(&self, feature: &FeatureId) -> Vec<&Place> {
        let all = || self.places.iter().filter(|place| place.feature == *feature);
        let active: Vec<&Place> = all().filter(|place| !place.path.contains("/archive/")).collect();
        if active.is_empty() { all().collect() } else { active }
    }
}

impl Project {
    /// Looks the documents of the work tree up, reading no more of each than
    /// its header.
    pub fn catalog(&self) -> Result<Catalog, Error> {
        let mut catalog = Catalog::default();
        let mut paths = self.store().find(self.places().globs())?;
        paths.extend(self.sparse_documents()?);
        for path in paths {
            let Some(dialect) = self.places().dialect(&path) else { continue };
            match self.feature_at(&path, dialect) {
                Ok(Some(feature)) => catalog.places.push(Place { path, dialect, feature }),
                Ok(None) => {}
                Err(error) => catalog.refused.push((path, error)),
            }
        }
        Ok(catalog)
    }

    fn feature_at(
        &self,
        path: &str,
        dialect: &'static Dialect,
    ) -> Result<Option<FeatureId>, crate::store::Error> {
        if dialect.naming == Naming::Folder {
            return Ok(dialect::folder_feature(path));
        }
        let header = self.store().read_prefix(path, HEADER)?;
        // A file that is not on disk is one outside a sparse checkout.
        let header = header.or_else(|| self.sparse_text(path)).unwrap_or_default();
        Ok(Document::read(path, header, dialect).feature())
    }
}
