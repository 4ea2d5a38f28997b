//! Where documents are: which paths may be one, and which feature each has.

use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;
use std::sync::OnceLock;

use super::{Error, Linked, Project, threads};
use crate::config::{Config, DialectSettings};
use crate::doc;
use crate::doc::dialect::{self, Dialect};
use crate::store::{Globs, Reader};
use crate::task::FeatureId;

/// How much of a file is read to find which feature it tracks, in bytes.
pub(super) const HEADER: usize = 4096;

/// The paths that may be documents, in the order in which they are tried.
#[derive(Debug)]
pub struct Places {
    places: Vec<Pattern>,
    all: OnceLock<Globs>,
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
    /// The places that a configuration names, those of its dialects, then the
    /// built-in ones.
    pub fn of(config: &Config) -> Result<Self, Error> {
        let dialects = Dialects::of(config)?;
        let named = config.documents.iter().map(|place| {
            let dialect = match place.dialect.as_deref() {
                None => dialects.like(&place.path),
                Some(name) => dialects.called(name)?,
            };
            Pattern::new(&place.path, dialect)
        });
        let own = dialects.all().flat_map(|dialect| {
            dialect.places.iter().map(move |place| Pattern::new(place, dialect))
        });
        let places = named.chain(own).collect::<Result<Vec<_>, Error>>()?;
        Ok(Self { places, all: OnceLock::new() })
    }

    /// Each of them.
    pub fn patterns(&self) -> &[Pattern] {
        &self.places
    }

    /// All the places as one, for looking them up on disk.
    pub fn globs(&self) -> &Globs {
        self.all.get_or_init(|| self.places.iter().map(|place| &place.globs).collect())
    }

    /// The directories in which documents of a dialect are looked for, in the
    /// order in which they are tried.
    pub fn folders(&self, dialect: &Dialect) -> Vec<String> {
        let own = self.places.iter().filter(|place| place.dialect.may_be(dialect));
        own.map(|place| place.globs.base()).collect()
    }

    /// The dialect of the document that a path may be.
    pub fn dialect(&self, path: &str) -> Option<&'static Dialect> {
        let names: Vec<&str> = path.split('/').collect();
        let place = self.places.iter().find(|place| place.globs.match_names(&names));
        place.map(|place| place.dialect).filter(|_| !dialect::is_template(path))
    }

    /// The dialect of a document, or of the document beside which a file keeps
    /// the same books.
    pub fn books_dialect(&self, path: &str) -> Option<&'static Dialect> {
        self.dialect(path).or_else(|| self.companion_dialect(path))
    }

    /// Whether a path may be a document or a file that keeps the same books.
    pub fn is_place(&self, path: &str) -> bool {
        self.dialect(path).is_some() || self.companion_dialect(path).is_some()
    }

    /// The dialect of the document beside which a file keeps the same books:
    /// one whose name is always the same.
    fn companion_dialect(&self, path: &str) -> Option<&'static Dialect> {
        let (folder, file) = path.rsplit_once('/')?;
        let mut places =
            self.places.iter().filter(|place| place.dialect.companions.contains(&file));
        let place = places.find(|place| {
            let document = place.text.rsplit('/').next().filter(|name| !name.contains('*'));
            document.is_some_and(|name| place.matches(&format!("{folder}/{name}")))
        });
        place.map(|place| place.dialect)
    }
}

/// The dialects of a project: the team's, then those built in that it does not
/// describe anew.
struct Dialects(Vec<&'static Dialect>);

impl Dialects {
    fn of(config: &Config) -> Result<Self, Error> {
        let mut dialects = Vec::new();
        for (name, settings) in &config.dialects {
            let like = match &settings.like {
                Some(like) => {
                    dialect::by_name(like).ok_or_else(|| Error::UnknownDialect(like.clone()))?
                }
                None => match dialect::by_name(name) {
                    Some(built_in) => built_in,
                    None if !has_documents(name, settings, config) => {
                        return Err(Error::UnknownDialect(name.clone()));
                    }
                    None => &dialect::PLAN,
                },
            };
            // Another one's places are that one's.
            let places: &[&str] = if like.name == name { like.places } else { &[] };
            dialects.push(dialect::configured(name, &Dialect { places, ..*like }, settings));
        }
        let built_in = dialect::BUILT_IN.iter().copied();
        dialects.extend(built_in.filter(|dialect| !config.dialects.contains_key(dialect.name)));
        Ok(Self(dialects))
    }

    fn all(&self) -> impl Iterator<Item = &'static Dialect> {
        self.0.iter().copied()
    }

    fn called(&self, name: &str) -> Result<&'static Dialect, Error> {
        let found = self.all().find(|dialect| dialect.name == name);
        found.ok_or_else(|| Error::UnknownDialect(name.to_owned()))
    }

    /// The dialect of a place that names none: the one whose own places end
    /// the same way, as in `packages/*/openspec/changes/*/tasks.md`, else any
    /// list.
    fn like(&self, path: &str) -> &'static Dialect {
        let ends = |place: &str| path == place || path.ends_with(&format!("/{place}"));
        let mut like = self.all().filter(|dialect| dialect.places.iter().any(|place| ends(place)));
        like.next().unwrap_or(&dialect::PLAN)
    }
}

/// Whether a dialect of the team's own has any document: a name that has none is
/// one misspelt.
fn has_documents(name: &str, settings: &DialectSettings, config: &Config) -> bool {
    settings.places.is_some()
        || config.documents.iter().any(|place| place.dialect.as_deref() == Some(name))
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
        dialect::is_put_away(&self.path)
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
        self.catalog_among(&self.find_documents()?)
    }

    /// The catalog as far as [`Catalog::of`] needs it for these features.
    ///
    /// Where each has a document that is called after it and says so too, no
    /// other file is opened: none could stand before those.
    pub(super) fn catalog_of(&self, features: &[&FeatureId]) -> Result<Rc<Catalog>, Error> {
        if let Some(known) = self.catalog_at_hand() {
            return Ok(known);
        }
        let named: Vec<FeatureId> = features.iter().map(|&feature| feature.clone()).collect();
        if let Some(known) = self.catalogs.borrow().get(&named) {
            return Ok(Rc::clone(known));
        }
        let found = self.find_catalog_of(features)?;
        self.catalogs.borrow_mut().insert(named, Rc::clone(&found));
        Ok(found)
    }

    fn find_catalog_of(&self, features: &[&FeatureId]) -> Result<Rc<Catalog>, Error> {
        let paths = self.possible_documents()?;
        let is_called_so =
            |path: &&String| features.iter().any(|feature| doc::is_called_after(path, feature));
        let catalog = self.catalog_among(paths.iter().filter(is_called_so))?;
        let is_decided = |feature: &&FeatureId| {
            let mut active = catalog.places.iter().filter(|place| !place.is_archived());
            active.any(|place| place.feature == **feature && place.is_called_so())
        };
        match features.iter().all(is_decided) {
            true => Ok(Rc::new(catalog)),
            false => self.known_catalog(),
        }
    }

    /// The paths of all files that may be documents.
    fn find_documents(&self) -> Result<Vec<String>, Error> {
        let mut paths = self.store().find(self.places().globs())?;
        paths.extend(self.sparse_documents()?);
        Ok(paths)
    }

    /// The same, looked up once.
    pub(super) fn possible_documents(&self) -> Result<&[String], Error> {
        if let Some(paths) = self.paths.get() {
            return Ok(paths);
        }
        let paths = self.find_documents()?;
        Ok(self.paths.get_or_init(|| paths))
    }

    fn catalog_among<'p>(
        &self,
        paths: impl IntoIterator<Item = &'p String>,
    ) -> Result<Catalog, Error> {
        let mut catalog = Catalog::default();
        let (store, places) = (self.store(), self.places());
        let look = |reader: &mut Reader<'_>, path: &'p String| {
            let dialect = places.dialect(path)?;
            Some((path, dialect, place_on_disk(reader, path, dialect)))
        };
        let found = threads::map_with(paths.into_iter().collect(), || store.reader(), look);
        for (path, dialect, place) in found.into_iter().flatten() {
            match place {
                Ok(OnDisk::Read(place)) => catalog.places.extend(place),
                // What is not on disk may lie outside a sparse checkout.
                Ok(OnDisk::Absent) => catalog.places.extend(self.sparse_place(path, dialect)),
                Err(error) => catalog.refused.push((path.clone(), error)),
            }
        }
        catalog.views = catalog.places.iter().flat_map(|place| self.views_beside(place)).collect();
        Ok(catalog)
    }

    fn views_beside(&self, place: &Place) -> Vec<Place> {
        let folder = place.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let paths = place.dialect.views.iter().map(|file| format!("{folder}/{file}"));
        // One that cannot be read just now is there.
        let is_there = |path: &String| match self.store().read_prefix(path, 0) {
            Ok(found) => found.is_some(),
            Err(error) => error.may_pass(),
        };
        let view = |path| Place {
            path,
            dialect: &dialect::RECOVERY,
            feature: place.feature.clone(),
            view_of: Some(Box::new(place.clone())),
        };
        paths.filter(is_there).map(view).collect()
    }

    /// The file at a path that is recorded in, with its text; an error where
    /// it cannot be read, or the document beside it that it is a view of.
    pub(super) fn text_at<'c>(
        &self,
        catalog: &'c Catalog,
        path: &str,
    ) -> Result<Option<(&'c Place, Vec<u8>)>, Error> {
        if let Some(place) = catalog.all().find(|place| place.path == path) {
            return Ok(self.text(place)?.map(|text| (place, text)));
        }
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let refused = catalog.refused.iter().find(|(document, _)| {
            let views = self.places().dialect(document).map_or(&[][..], |dialect| dialect.views);
            let is_beside = || document.rsplit_once('/').map_or("", |(above, _)| above) == folder;
            document == path || (views.contains(&file) && is_beside())
        });
        refused.map_or(Ok(None), |(_, error)| Err(error.clone().into()))
    }

    /// The documents that cannot be read and may be those in which the links of
    /// a feature belong: one that is called after it or, where no other tracks
    /// it, any that could.
    pub(super) fn refused<'c>(
        &self,
        catalog: &'c Catalog,
        feature: &FeatureId,
    ) -> impl Iterator<Item = &'c (String, crate::store::Error)> {
        let is_untracked = || catalog.of(feature).is_empty();
        catalog.refused.iter().filter(move |(path, _)| {
            doc::is_called_after(path, feature) || is_untracked() && self.may_track(path, feature)
        })
    }

    /// Whether a document whose text is not known may track a feature.
    fn may_track(&self, path: &str, feature: &FeatureId) -> bool {
        let Some(dialect) = self.places().dialect(path) else { return false };
        match feature {
            FeatureId::Prd(_) => !dialect.is_named_by_path(),
            FeatureId::Slug(name) => dialect::path_feature(path)
                .is_some_and(|own| dialect::aliases(&own, dialect).contains(name)),
        }
    }

    /// Fails where a document of these commits cannot be read just now.
    pub(super) fn insist_on_reading(
        &self,
        catalog: &Catalog,
        linked: &[Linked],
    ) -> Result<(), Error> {
        let features: BTreeSet<&FeatureId> = linked.iter().flat_map(Linked::features).collect();
        let mut refused = features.iter().flat_map(|feature| self.refused(catalog, feature));
        match refused.find(|(_, error)| error.may_pass()) {
            Some((_, error)) => Err(error.clone().into()),
            None => Ok(()),
        }
    }

    /// The feature of the document at a path, if one can be read there.
    pub(super) fn feature_at(&self, path: &str) -> Option<FeatureId> {
        let dialect = self.places().dialect(path)?;
        let place = match place_on_disk(&mut self.store().reader(), path, dialect).ok()? {
            OnDisk::Read(place) => place,
            OnDisk::Absent => self.sparse_place(path, dialect),
        };
        Some(place?.feature)
    }

    fn sparse_place(&self, path: &str, dialect: &'static Dialect) -> Option<Place> {
        place_of(path, &self.sparse_text(path).unwrap_or_default(), dialect)
    }
}

/// What is found at a path on disk.
enum OnDisk {
    /// A file, and the place that it is.
    Read(Option<Place>),
    /// Nothing, though it would have told which feature it tracks.
    Absent,
}

/// The place at a path, by its header where the path is not enough.
fn place_on_disk(
    reader: &mut Reader<'_>,
    path: &str,
    dialect: &'static Dialect,
) -> Result<OnDisk, crate::store::Error> {
    // Where the path says all, the file must still be one that can be read.
    let by_path = dialect.is_named_by_path();
    let header = reader.read_prefix(path, if by_path { 0 } else { HEADER })?;
    Ok(match header {
        None if !by_path => OnDisk::Absent,
        header => OnDisk::Read(place_of(path, &header.unwrap_or_default(), dialect)),
    })
}

/// The place of a document that begins so.
fn place_of(path: &str, header: &[u8], dialect: &'static Dialect) -> Option<Place> {
    let (feature, dialect) = doc::identity(path, header, dialect)?;
    Some(Place { path: path.to_owned(), dialect, feature, view_of: None })
}
