//! Documents and commits → what is shown of them.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use super::address::Shelf;
use crate::commit::{Commit, Oid};
use crate::doc::edit::Wanted;
use crate::doc::{Document, Lookup, State};
use crate::plan::counts::{self, Count};
use crate::plan::effect::{self, Effect};
use crate::record::{self, Linked, Place};
use crate::report::commits::{Brief, CommitView, LinkView};
use crate::report::features::{FeatureView, PhaseView};
use crate::report::tasks::{NextView, TaskView};
use crate::report::{Failure, Ui};
use crate::store::Active;
use crate::task::FeatureId;

/// How far a feature is.
pub(super) fn feature(
    place: &Place,
    document: &Document,
    active: Option<&Active>,
    unrecorded: usize,
) -> FeatureView {
    let as_is: Vec<Wanted> = document.tasks().iter().map(Wanted::as_is).collect();
    let whole = count(document);
    let phase = |heading: usize| {
        let count = counts::count(document, Some(heading), &as_is);
        let title = document.headings()[heading].text.clone();
        PhaseView { title, done: count.done, total: count.total, percent: count.percent() }
    };
    let value =
        |names: &[&str]| document.value(names).filter(|value| !value.is_empty()).map(str::to_owned);
    FeatureView {
        id: place.feature.to_string(),
        title: document.title(),
        path: place.path.clone(),
        dialect: place.dialect.name,
        status: value(&["status"]),
        done: whole.done,
        total: whole.total,
        percent: whole.percent(),
        last_updated: value(&["last updated", "updated", "last update"]),
        active_task: active_task(place, document, active),
        next_task: document.open_tasks().first().map(|&task| next(document, task)),
        phases: document.phases().into_iter().map(phase).collect(),
        unrecorded,
    }
}

/// What is counted of a document's tasks.
pub(super) fn count(document: &Document) -> Count {
    let as_is: Vec<Wanted> = document.tasks().iter().map(Wanted::as_is).collect();
    counts::count(document, None, &as_is)
}

/// The active task as the document writes it, if it is one of its open ones.
fn active_task(place: &Place, document: &Document, active: Option<&Active>) -> Option<String> {
    let active = active.filter(|active| active.feature == place.feature)?;
    match document.find(&active.task) {
        Lookup::One(task) if !document.tasks()[task].state.is_done() => id(document, task),
        _ => None,
    }
}

/// The open tasks of a document, the next one first.
pub(super) fn open(document: &Document) -> Vec<NextView> {
    document.open_tasks().into_iter().map(|task| next(document, task)).collect()
}

/// One task to do.
pub(super) fn next(document: &Document, task: usize) -> NextView {
    let text = document.task_title(task);
    let mut above = document.ancestors(task).map(|above| document.task_title(above));
    let whole = text.is_empty().then(|| above.find(|title| !title.is_empty())).flatten();
    NextView {
        id: id(document, task),
        text: text.to_owned(),
        line: document.lines().of_task(document, task),
        part_of: whole.map(str::to_owned),
    }
}

/// Tasks of a document.
pub(super) fn tasks(place: &Place, document: &Document, which: &[usize]) -> Vec<TaskView> {
    let lines = document.lines();
    let view = |&task: &usize| TaskView {
        feature: place.feature.to_string(),
        id: id(document, task),
        text: document.task_title(task).to_owned(),
        state: state(document, task),
        path: place.path.clone(),
        line: lines.of_task(document, task),
        parent: document.ancestors(task).find_map(|above| id(document, above)),
        subtasks: document.children(task).filter_map(|part| id(document, part)).collect(),
        depth: document.tasks()[task].depth,
    };
    which.iter().map(view).collect()
}

/// A task's id or handle as text.
pub(super) fn id(document: &Document, task: usize) -> Option<String> {
    document.address(task).map(|id| id.to_string())
}

fn state(document: &Document, task: usize) -> &'static str {
    let task = &document.tasks()[task];
    match task.state {
        State::Done => "done",
        _ if task.begun => "in_progress",
        State::Open => "open",
        State::Other(_) => "other",
    }
}

/// A commit of HEAD's repository with its links, whether or not it makes any.
pub(super) fn commit(oid: Oid, shelf: &Shelf, links: &Links<'_>) -> Result<CommitView, Failure> {
    let unreadable = || Failure::new("repository", format!("cannot read commit {oid}"));
    links.any_commit(&shelf.project.repo().commit(oid)?.ok_or_else(unreadable)?)
}

/// What commits are judged by: the documents that they link to, each read when
/// it is first asked for.
pub(super) struct Links<'s> {
    shelf: &'s Shelf,
    documents: HashMap<&'s str, OnceCell<Option<Document>>>,
    unreadable: RefCell<Vec<record::Error>>,
}

impl<'s> Links<'s> {
    pub(super) fn new(shelf: &'s Shelf) -> Self {
        let paths = shelf.catalog.places.iter().map(|place| place.path.as_str());
        let documents = paths.map(|path| (path, OnceCell::new())).collect();
        Self { shelf, documents, unreadable: RefCell::default() }
    }

    /// A document; `None` where it cannot be read. Then its feature's ranges
    /// are shown by their ends.
    pub(super) fn document(&self, place: &Place) -> Option<&Document> {
        let read = || {
            let read = self.shelf.project.document(place);
            read.unwrap_or_else(|error| {
                self.unreadable.borrow_mut().push(error);
                None
            })
        };
        self.documents.get(place.path.as_str())?.get_or_init(read).as_ref()
    }

    /// Warns about the documents that could not be read.
    pub(super) fn warn(self, ui: &mut Ui) {
        self.unreadable.into_inner().iter().for_each(|error| ui.warning(error.to_string()));
    }

    /// A commit with its links; `None` if it makes none. A tag with a slug
    /// that no document has is prose.
    pub(super) fn commit(&self, commit: Commit) -> Result<Option<CommitView>, Failure> {
        let linked = self.shelf.project.link_commit(commit)?;
        let view = linked.map(|linked| {
            let links = self.links(&linked);
            self.view(&linked.commit, Some(&linked), links)
        });
        Ok(view.filter(|view| !view.links.is_empty()))
    }

    /// A commit, whether or not it makes links.
    pub(super) fn any_commit(&self, commit: &Commit) -> Result<CommitView, Failure> {
        let linked = self.commit(commit.clone())?;
        Ok(linked.unwrap_or_else(|| self.view(commit, None, Vec::new())))
    }

    /// What a commit says of the tasks of documents here.
    pub(super) fn links(&self, linked: &Linked) -> Vec<LinkView> {
        let tick = self.shelf.project.config().tick;
        let mut links = Vec::new();
        for feature in linked.features() {
            let places = self.shelf.catalog.of(feature);
            let place = match places.as_slice() {
                [] if matches!(feature, FeatureId::Slug(_)) => continue,
                [place] => Some(place),
                _ => None,
            };
            let said = linked.said(feature, false);
            let document = place.and_then(|place| self.document(place));
            for link in effect::links(&said.tags, &said.reverts, document, tick) {
                links.push(LinkView {
                    feature: feature.to_string(),
                    task: link.task.map(|task| task.to_string()),
                    effect: Effect::name(link.effect),
                    path: place.map(|place| place.path.clone()),
                });
            }
        }
        links
    }

    fn view(&self, commit: &Commit, linked: Option<&Linked>, links: Vec<LinkView>) -> CommitView {
        let subject = commit.subject();
        let is_shown = |feature: &FeatureId| {
            let feature = feature.to_string();
            links.iter().any(|link| link.feature == feature)
        };
        let tags = linked.map_or(&[][..], |linked| &linked.tags);
        let bare = tags.iter().filter(|tag| tag.in_subject && is_shown(&tag.feature));
        let bare = bare.fold(subject.clone(), |text, tag| text.replacen(&tag.text, "", 1));
        let bare = bare.split_whitespace().collect::<Vec<_>>().join(" ");
        let bare = if bare.is_empty() { subject.clone() } else { bare };
        let hash = commit.oid.abbrev(self.shelf.project.config().abbrev);
        CommitView {
            oid: commit.oid.to_string(),
            summary: subject,
            author_time: commit.author_time.rfc3339(),
            commit_time: commit.commit_time.rfc3339(),
            author: format!("{} <{}>", commit.author.name, commit.author.email),
            links,
            brief: Brief { hash, date: commit.commit_time.date(), subject: bare },
        }
    }
}
