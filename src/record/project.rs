//! An opened work tree: its repository, its documents, what is set.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::rc::Rc;

use super::audit::history::History;
use super::mentions::{Lookups, Sought};
use super::names::Names;
use super::pointers::Pairs;
use super::{Catalog, Error, Place, Places};
use crate::commit::Oid;
use crate::config::{self, Config};
use crate::repo::{IndexEntry, Repo, Versions};
use crate::store::{State, Store};
use crate::task::FeatureId;

/// A work tree with all that recording needs.
pub struct Project {
    repo: Repo,
    store: Store,
    state: State,
    config: Config,
    places: Places,
    sparse: OnceCell<Vec<String>>,
    pub(super) paths: OnceCell<Vec<String>>,
    catalog: OnceCell<Rc<Catalog>>,
    /// The part of it that some features need, by them.
    pub(super) catalogs: RefCell<HashMap<Vec<FeatureId>, Rc<Catalog>>>,
    names: OnceCell<Names>,
    pub(super) sought: OnceCell<Sought>,
    pub(super) lookups: OnceCell<Lookups>,
    pairs: Pairs,
    history: OnceCell<(Oid, Rc<History>)>,
    /// The versions of all documents, where all of history is looked at.
    pub(super) versions: OnceCell<Versions>,
}

impl Project {
    /// Reads the configuration and joins the parts.
    ///
    /// # Errors
    /// A bare repository has no documents; a fault in the configuration is
    /// told and not guessed round.
    pub fn open(repo: Repo, environment: &[(String, String)]) -> Result<Self, Error> {
        let work_tree = repo.work_tree().ok_or(crate::repo::Error::Bare)?;
        let store = Store::new(work_tree);
        let state = State::new(repo.git_dir());
        let team = store.read(config::FILE)?;
        let team = team.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let team = team.as_deref().map(|text| (config::FILE, text));
        let config = config::load(team, &repo.speclog_config(), environment)?;
        let places = Places::of(&config)?;
        Ok(Self {
            repo,
            store,
            state,
            config,
            places,
            sparse: OnceCell::new(),
            paths: OnceCell::new(),
            catalog: OnceCell::new(),
            catalogs: RefCell::default(),
            names: OnceCell::new(),
            sought: OnceCell::new(),
            lookups: OnceCell::new(),
            pairs: Pairs::default(),
            history: OnceCell::new(),
            versions: OnceCell::new(),
        })
    }

    /// The repository.
    pub fn repo(&self) -> &Repo {
        &self.repo
    }

    /// The documents on disk.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What this work tree remembers between runs.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What is set.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Where documents may be.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The names that documents go by.
    pub(super) fn names(&self) -> Result<&Names, Error> {
        if let Some(names) = self.names.get() {
            return Ok(names);
        }
        let names = Names::of(&*self.known_catalog()?);
        Ok(self.names.get_or_init(|| names))
    }

    /// The documents, looked up once: a run changes what they say, and not
    /// which there are.
    pub fn known_catalog(&self) -> Result<Rc<Catalog>, Error> {
        if let Some(known) = self.catalog_at_hand() {
            return Ok(known);
        }
        let found = Rc::new(self.catalog()?);
        Ok(Rc::clone(self.catalog.get_or_init(|| found)))
    }

    /// The documents, where they were looked up already.
    pub(super) fn catalog_at_hand(&self) -> Option<Rc<Catalog>> {
        self.catalog.get().map(Rc::clone)
    }

    /// Which documents point at each other, as far as that was asked.
    pub(super) fn pairs(&self) -> &Pairs {
        &self.pairs
    }

    /// Keeps what the history of a commit holds.
    pub(super) fn keep(&self, tip: Oid, history: Rc<History>) {
        // What is kept already may be of another tip; then that is walked again.
        let _ = self.history.set((tip, history));
    }

    /// What the history of a commit holds, where that was kept.
    pub(super) fn kept(&self, tip: Oid) -> Option<Rc<History>> {
        self.history.get().filter(|(kept, _)| *kept == tip).map(|(_, history)| Rc::clone(history))
    }

    /// Documents that are tracked but outside the sparse checkout.
    pub(super) fn sparse_documents(&self) -> Result<Vec<String>, Error> {
        if let Some(found) = self.sparse.get() {
            return Ok(found.clone());
        }
        let is_sparse =
            self.repo.config_get("core.sparsecheckout").is_some_and(|value| value == "true");
        let head = if is_sparse { self.repo.head()? } else { None };
        let mut found = Vec::new();
        if let Some(head) = head {
            self.repo.files_at(head, &mut |_| true, &mut |path, _| {
                let path = std::str::from_utf8(path).ok();
                found.extend(
                    path.filter(|path| self.places.dialect(path).is_some()).map(str::to_owned),
                );
                ControlFlow::Continue(())
            })?;
            found.retain(|path| {
                matches!(self.repo.index_entry(path), Ok(IndexEntry::SkipWorktree { .. }))
            });
        }
        Ok(self.sparse.get_or_init(|| found).clone())
    }

    /// The text of a document: the work tree's, or the index's where it lies
    /// outside the sparse checkout.
    pub(super) fn text(&self, place: &Place) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.store.read(&place.path)?.or_else(|| self.sparse_text(&place.path)))
    }

    /// Replaces what [`text`](Self::text) answers, in the place it comes from.
    pub(super) fn replace_text(&self, place: &Place, old: &[u8], new: &[u8]) -> Result<(), Error> {
        let path = place.path.as_str();
        match self.repo.index_entry(path)? {
            IndexEntry::SkipWorktree { mode, .. } if !self.store.exists(path) => {
                Ok(self.repo.stage(path, mode, new)?)
            }
            _ => Ok(self.store.replace(path, Some(old), new)?),
        }
    }

    /// The index's text of a document outside the sparse checkout.
    pub(super) fn sparse_text(&self, path: &str) -> Option<Vec<u8>> {
        match self.repo.index_entry(path) {
            Ok(IndexEntry::SkipWorktree { oid, .. }) => self.repo.blob(oid).ok(),
            _ => None,
        }
    }
}
