//! Where documents are: which paths may be one, and which feature each has.

use std::collections::HashSet;

use super::{Error, Project};
use crate::config::Config;
use crate::doc;
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

    /// The directories in which documents of a dialect are looked for, in the
    /// order in which they are tried.
    pub fn folders(&self, dialect: &Dialect) -> Vec<String> {
        let own = self.places.iter().filter(|place| place.dialect.name == dialect.name);
        own.map(|place| place.globs.base()).collect()
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
    /// The document that it is a view of; `None` for one that stands for
    /// itself.
    pub view_of: Option<Box<Place>>,
}

impl Place {
    fn is_archived(&self) -> bool {
        self.path.contains("/archive/")
    }

    /// Whether its path names the feature as its text does.
    fn is_called_so(&self) -> bool {
        doc::is_called_after(&self.path, &self.feature)
    }
}

/// The documents of a work tree.
#[derive(Debug, Default)]
pub struct Catalog {
    /// Those that track a feature, by path.
    pub places: Vec<Place>,
    /// The files beside them that show the same in another way.
    pub views: Vec<Place>,
    /// Those that cannot be read, and why.
    pub refused: Vec<(String, crate::store::Error)>,
}

impl Catalog {
    /// Every file that is recorded in: the documents, then their views.
    pub fn all(&self) -> impl Iterator<Item = &Place> {
        self.places.iter().chain(&self.views)
    }

    /// The files that show what a document says in another way.
    pub fn views_of<'a>(&'a self, place: &'a Place) -> impl Iterator<Item = &'a Place> {
        self.views.iter().filter(|view| view.view_of.as_deref() == Some(place))
    }

    /// The documents that say they track one feature. One that is being worked
    /// on goes before an archived one.
    pub fn tracking(&self, feature: &FeatureId) -> Vec<&Place> {
        let all = self.places.iter().filter(|place| place.feature == *feature).collect();
        preferred(all, |place| !place.is_archived())
    }

    /// Those of them in which a link finds its place: one whose path names the
    /// feature too goes before one whose text alone does.
    pub fn of(&self, feature: &FeatureId) -> Vec<&Place> {
        preferred(self.tracking(feature), |place| place.is_called_so())
    }

    /// The documents that [`tracking`](Self::tracking) answers for any feature.
    pub fn current(&self) -> Vec<&Place> {
        let active = self.places.iter().filter(|place| !place.is_archived());
        let active: HashSet<&FeatureId> = active.map(|place| &place.feature).collect();
        let is_current = |place: &&Place| !place.is_archived() || !active.contains(&place.feature);
        self.places.iter().filter(is_current).collect()
    }
}

/// Those of which something holds, if there are any, else all.
fn preferred(all: Vec<&Place>, is_better: fn(&Place) -> bool) -> Vec<&Place> {
    match all.iter().any(|place| is_better(place)) {
        true => all.into_iter().filter(|place| is_better(place)).collect(),
        false => all,
    }
}

impl Project {
    /// Looks the documents of the work tree up, reading no more of each than
    /// its header.
    pub fn catalog(&self) -> Result<Catalog, Error> {
        let paths = self.possible_documents()?;
        self.catalog_among(paths)
    }

    /// The catalog as far as [`Catalog::of`] needs it for these features.
    ///
    /// Where each has a document that is called after it and says so too, no
    /// other file is opened: none could stand before those.
    pub fn catalog_of(&self, features: &[&FeatureId]) -> Result<Catalog, Error> {
        let paths = self.possible_documents()?;
        let is_called_so =
            |path: &&String| features.iter().any(|feature| doc::is_called_after(path, feature));
        let catalog = self.catalog_among(paths.iter().filter(is_called_so).cloned().collect())?;
        let is_decided = |feature: &&FeatureId| {
            let mut active = catalog.places.iter().filter(|place| !place.is_archived());
            active.any(|place| place.feature == **feature && place.is_called_so())
        };
        match features.iter().all(is_decided) {
            true => Ok(catalog),
            false => self.catalog_among(paths),
        }
    }

    /// The paths of all files that may be documents.
    fn possible_documents(&self) -> Result<Vec<String>, Error> {
        let mut paths = self.store().find(self.places().globs())?;
        paths.extend(self.sparse_documents()?);
        Ok(paths)
    }

    fn catalog_among(&self, paths: Vec<String>) -> Result<Catalog, Error> {
        let mut catalog = Catalog::default();
        for path in paths {
            let Some(dialect) = self.places().dialect(&path) else { continue };
            match self.feature_at(&path, dialect) {
                Ok(Some(feature)) => {
                    catalog.places.push(Place { path, dialect, feature, view_of: None })
                }
                Ok(None) => {}
                Err(error) => catalog.refused.push((path, error)),
            }
        }
        catalog.views = catalog.places.iter().flat_map(|place| self.views_beside(place)).collect();
        Ok(catalog)
    }

    fn views_beside(&self, place: &Place) -> Vec<Place> {
        let folder = place.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let paths = place.dialect.views.iter().map(|file| format!("{folder}/{file}"));
        let is_there = |path: &String| matches!(self.store().read_prefix(path, 0), Ok(Some(_)));
        let view = |path| Place {
            path,
            dialect: &dialect::RECOVERY,
            feature: place.feature.clone(),
            view_of: Some(Box::new(place.clone())),
        };
        paths.filter(is_there).map(view).collect()
    }

    fn feature_at(
        &self,
        path: &str,
        dialect: &'static Dialect,
    ) -> Result<Option<FeatureId>, crate::store::Error> {
        // A folder's name is enough, but the file must be one that can be read.
        let is_folder = dialect.naming == Naming::Folder;
        let header = self.store().read_prefix(path, if is_folder { 0 } else { HEADER })?;
        if is_folder {
            return Ok(dialect::folder_feature(path));
        }
        // A file that is not on disk is one outside a sparse checkout.
        let header = header.or_else(|| self.sparse_text(path)).unwrap_or_default();
        Ok(doc::feature(path, &header, dialect))
    }
}
