//! Tasks that a message names without our tag, in a form that the dialect of
//! their document reads.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::rc::Rc;

use super::folders::Folders;
use super::{Catalog, Error, Place, Project};
use crate::commit::Oid;
use crate::doc::{Document, Lookup};
use crate::tag::wild::{self, Context, Evidence, Form, Forms, Grammar, Mention, Resolution, Says};
use crate::tag::{self, Selector, Tag, Word};
use crate::task::{FeatureId, TaskId};

/// A mention, and whose tasks it means.
#[derive(Clone, Debug)]
pub struct Meant {
    /// What stands in the message.
    pub mention: Mention,
    /// Whose tasks they are.
    pub resolution: Resolution,
    /// Whether the commit touches one document and no other.
    pub touches_one: bool,
}

impl Meant {
    /// The tag that says the same, and on what evidence; `None` where the
    /// mention makes no link.
    pub fn tag(&self) -> Option<(Tag, Evidence)> {
        let Resolution::Feature(feature, evidence) = &self.resolution else { return None };
        let word = match self.mention.says {
            Says::Books => return None,
            Says::Wip => Word::Wip,
            Says::Nothing | Says::Complete => Word::None,
        };
        let mut tag = Tag {
            span: self.mention.span.clone(),
            in_subject: false,
            feature: feature.clone(),
            tasks: self.mention.tasks.clone(),
            word,
            text: String::new(),
        };
        tag.text = tag.to_string();
        Some((tag, *evidence))
    }
}

/// What is sought in the messages of history.
#[derive(Debug)]
pub struct Sought {
    forms: Forms,
    prefixes: Vec<String>,
}

impl Sought {
    /// Whether a stored message may link to anything here; `false` is certain.
    pub fn may_link(&self, message: &[u8]) -> bool {
        self.may_link_in(message, self.forms)
    }

    /// The same of other forms than those that documents here read.
    pub(super) fn may_link_in(&self, message: &[u8], forms: Forms) -> bool {
        tag::may_hold_tag(message)
            || (!forms.is_empty()
                && wild::may_hold_mention(message)
                && !self.read(&String::from_utf8_lossy(message), forms).is_empty())
    }

    /// All that this depends on, as text.
    pub(super) fn description(&self) -> String {
        format!("{:?} {:?}", self.forms, self.prefixes)
    }

    fn read(&self, message: &str, forms: Forms) -> Vec<Mention> {
        let prefixes: Vec<&str> = self.prefixes.iter().map(String::as_str).collect();
        wild::read(message, Grammar { forms, prefixes: &prefixes })
    }
}

/// The documents that mentions are looked up in, read as they are asked for.
pub(super) struct Lookups {
    catalog: Rc<Catalog>,
    folders: Folders,
    by_path: HashMap<Vec<u8>, FeatureId>,
    features: Vec<FeatureId>,
    by_form: HashMap<Form, Vec<FeatureId>>,
    documents: RefCell<HashMap<FeatureId, Vec<Document>>>,
}

impl Lookups {
    fn of(catalog: Rc<Catalog>) -> Self {
        let places = &catalog.places;
        let features = |reads: &dyn Fn(&Place) -> bool| {
            let reading = places.iter().filter(|place| reads(place));
            let mut features: Vec<FeatureId> = reading.map(|place| place.feature.clone()).collect();
            features.sort();
            features.dedup();
            features
        };
        let by_form = |form| (form, features(&|place: &Place| place.dialect.forms.contains(form)));
        let by_path = |place: &Place| (place.path.clone().into_bytes(), place.feature.clone());
        Self {
            folders: Folders::of(places.iter().map(|place| place.path.as_str())),
            by_path: places.iter().map(by_path).collect(),
            features: features(&|_| true),
            by_form: Form::ALL.into_iter().map(by_form).collect(),
            documents: RefCell::default(),
            catalog,
        }
    }

    /// Whether a folder may hold documents.
    pub(super) fn may_hold(&self, folder: &[u8]) -> bool {
        self.folders.contain(folder)
    }

    /// The features whose documents read a form.
    fn features(&self, form: Option<Form>) -> &[FeatureId] {
        form.map_or(&self.features, |form| self.by_form.get(&form).unwrap_or(&self.features))
    }
}

impl Project {
    /// What messages are searched for: our own tag, and what the dialects read
    /// that have a document here. No document is opened.
    pub fn sought(&self) -> Result<&Sought, Error> {
        if let Some(sought) = self.sought.get() {
            return Ok(sought);
        }
        let paths = self.possible_documents()?;
        let dialects = paths.iter().filter_map(|path| self.places().dialect(path));
        let (mut forms, mut prefixes) = (Forms::NONE, Vec::new());
        for dialect in dialects {
            forms = forms.union(dialect.forms);
            prefixes.extend(dialect.prefixes.iter().map(|word| word.to_uppercase()));
        }
        prefixes.sort();
        prefixes.dedup();
        Ok(self.sought.get_or_init(|| Sought { forms, prefixes }))
    }

    /// The tags that the mentions of a message amount to.
    pub(super) fn mentioned(&self, message: &str, commit: Option<Oid>) -> Result<Vec<Tag>, Error> {
        let meant = self.mentions_that_count(message, commit)?;
        Ok(meant.iter().filter_map(Meant::tag).map(|(tag, _)| tag).collect())
    }

    /// The mentions of a message in the forms that documents here read.
    pub(super) fn mentions_that_count(
        &self,
        message: &str,
        commit: Option<Oid>,
    ) -> Result<Vec<Meant>, Error> {
        self.mentions(message, commit, self.sought()?.forms, true)
    }

    /// The mentions of a message and whose they are. With `strict` only the
    /// documents count whose dialect reads the form.
    pub fn mentions(
        &self,
        message: &str,
        commit: Option<Oid>,
        forms: Forms,
        strict: bool,
    ) -> Result<Vec<Meant>, Error> {
        if forms.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.sought()?.read(message, forms);
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let lookups = self.lookups()?;
        let mut touched = None;
        let mut meant = Vec::new();
        for mention in found {
            if touched.is_none() {
                touched = Some(self.touched(commit, lookups)?);
            }
            let touched = touched.as_deref().unwrap_or_default();
            let features = lookups.features(strict.then_some(mention.form));
            let context = Context {
                features,
                touched,
                // Neither is told by history, and `sync` must say what a hook says.
                on_branch: &[],
                active: None,
                holds: &|feature, task| self.holds(lookups, feature, task),
            };
            let mention = self.with_feature(mention, features)?;
            let mut resolution = wild::resolve(&mention, &context);
            if let Resolution::Feature(feature, Evidence::Unique) = &resolution
                && !self.may_have_known(commit, &lookups.catalog.of(feature))?
            {
                resolution = Resolution::Unknown;
            }
            meant.push(Meant { mention, resolution, touches_one: touched.len() == 1 });
        }
        Ok(meant)
    }

    /// A task's id that is a feature's name names the feature: `BACK-12`; but
    /// `Task 1.2` is a task, whatever is called `1.2-release`.
    fn with_feature(&self, mention: Mention, features: &[FeatureId]) -> Result<Mention, Error> {
        let [Selector::One(id)] = mention.tasks.as_slice() else { return Ok(mention) };
        let is_free =
            mention.feature.is_none() && id.as_str().starts_with(|c: char| c.is_ascii_alphabetic());
        let Some(name) = FeatureId::parse(id.as_str()).filter(|_| is_free) else {
            return Ok(mention);
        };
        let meant = self.names()?.meant(&name).filter(|meant| features.contains(meant));
        Ok(match meant {
            Some(feature) => Mention {
                feature: Some(wild::Hint { word: feature.to_string(), source: wild::Source::Tag }),
                tasks: Vec::new(),
                ..mention
            },
            None => mention,
        })
    }

    /// The features whose documents a commit changes.
    fn touched(&self, commit: Option<Oid>, lookups: &Lookups) -> Result<Vec<FeatureId>, Error> {
        let mut features = Vec::new();
        let Some(commit) = commit else { return Ok(features) };
        let enter = |folder: &[u8]| lookups.folders.contain(folder);
        self.repo().changed_paths_in(commit, &enter, &mut |path| {
            features.extend(lookups.by_path.get(path).cloned());
            ControlFlow::Continue(())
        })?;
        features.sort();
        features.dedup();
        Ok(features)
    }

    /// Whether any of these documents was there when a commit was made. One
    /// that HEAD does not have either is not told by history.
    fn may_have_known(&self, commit: Option<Oid>, places: &[&Place]) -> Result<bool, Error> {
        let (Some(commit), Some(head)) = (commit, self.repo().head()?) else { return Ok(true) };
        for place in places {
            if self.repo().has_path(commit, &place.path)?
                || !self.repo().has_path(head, &place.path)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a feature's document has what a selector names.
    fn holds(&self, lookups: &Lookups, feature: &FeatureId, task: &Selector) -> bool {
        let has = |document: &Document, id: &TaskId| document.find(id) != Lookup::None;
        let holds = |document: &Document| match task {
            Selector::One(id) => has(document, id),
            Selector::Range(first, last) => has(document, first) && has(document, last),
        };
        if let Some(documents) = lookups.documents.borrow().get(feature) {
            return documents.iter().any(holds);
        }
        // What cannot be read holds nothing.
        let read = |place: &&Place| self.document(place).ok().flatten();
        let documents: Vec<Document> =
            lookups.catalog.of(feature).iter().filter_map(read).collect();
        let is_held = documents.iter().any(holds);
        lookups.documents.borrow_mut().insert(feature.clone(), documents);
        is_held
    }

    pub(super) fn lookups(&self) -> Result<&Lookups, Error> {
        if let Some(lookups) = self.lookups.get() {
            return Ok(lookups);
        }
        let lookups = Lookups::of(self.known_catalog()?);
        Ok(self.lookups.get_or_init(|| lookups))
    }
}
