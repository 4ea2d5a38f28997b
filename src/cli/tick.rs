//! `git spec-log tick` and `untick`

use std::path::PathBuf;

use serde::Serialize;

use super::address::{self, HOW_TO_BEGIN, Shelf};
use super::boxes::{Address, NEAREST_ARE, candidates};
use super::{Outcome, views};
use crate::doc::dialect::FEATURE_FILE;
use crate::doc::edit::{Habits, Wanted, set_task};
use crate::doc::{Document, State};
use crate::patch::Patch;
use crate::record::Place;
use crate::report::{Exit, Failure, Ui, tasks};
use crate::store;

/// Set boxes; nothing else in the file changes
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    pub boxes: Boxes,
}

/// Clear boxes; nothing else in the file changes
#[derive(Debug, clap::Args)]
pub(super) struct UntickArgs {
    #[command(flatten)]
    pub boxes: Boxes,
}

/// Which boxes are meant.
#[derive(Debug, clap::Args)]
pub(super) struct Boxes {
    /// The document; needed only where there are several
    #[arg(long, value_name = "PATH")]
    pub file: Option<PathBuf>,
    /// A task's id, :LINE, or "the text of the item"
    #[arg(value_name = "ADDRESS", required = true)]
    pub addresses: Vec<String>,
}

#[derive(Serialize)]
struct Fields {
    documents: Vec<DocumentView>,
    boxes: Vec<BoxView>,
}

#[derive(Serialize)]
struct DocumentView {
    path: String,
    feature: Option<String>,
    ticked: Vec<String>,
    reopened: Vec<String>,
}

/// A box that was named.
#[derive(Serialize)]
struct BoxView {
    path: String,
    line: usize,
    id: Option<String>,
    text: String,
    state: &'static str,
    /// Whether it was in another state before.
    changed: bool,
}

impl BoxView {
    fn name(&self) -> &str {
        tasks::short(self.id.as_deref(), &self.text)
    }
}

pub(super) fn run(boxes: &Boxes, state: State, ui: &mut Ui) -> Outcome {
    let shelf = Shelf::open(ui)?;
    let lock = shelf.project.lock()?;
    let documents = documents(boxes, &shelf, ui)?;
    let mut wanted: Vec<Vec<usize>> = vec![Vec::new(); documents.len()];
    for text in &boxes.addresses {
        let (at, task) = resolve(text, &documents, &shelf)?;
        if !wanted[at].contains(&task) {
            wanted[at].push(task);
        }
    }
    let mut fields = Fields { documents: Vec::new(), boxes: Vec::new() };
    let mut done = Vec::new();
    let place = |document: &Document| {
        shelf.catalog.places.iter().find(|place| place.path == document.path())
    };
    for (document, tasks) in documents.iter().zip(wanted).filter(|(_, tasks)| !tasks.is_empty()) {
        let after = set(document, &tasks, state, &shelf)?;
        report(document, &tasks, state, &mut fields, ui);
        if let Some(place) = place(document) {
            let after = Document::read(&place.path, after, place.dialect);
            shelf.project.overrule(place, &after, &tasks)?;
            done.push((place, after, tasks));
        }
    }
    // Each view is written under the lock again.
    drop(lock);
    for (place, after, tasks) in done {
        shelf.project.show_by_hand(place, &after, &tasks)?;
    }
    if ui.is_json() {
        ui.json(if state.is_done() { "tick" } else { "untick" }, &fields);
    }
    Ok(Exit::Fine)
}

/// The file that is named, or every document that can be read.
fn documents(boxes: &Boxes, shelf: &Shelf, ui: &mut Ui) -> Result<Vec<Document>, Failure> {
    if let Some(file) = &boxes.file {
        let path = shelf.inside(file)?;
        let dialect = shelf.project.places().dialect(&path).unwrap_or(&FEATURE_FILE);
        let missing = || Failure::usage(format!("cannot read `{path}`: there is no such file"));
        let text = shelf.project.store().read(&path)?.ok_or_else(missing)?;
        return Ok(vec![Document::read(&path, text, dialect)]);
    }
    let mut documents = Vec::new();
    for place in shelf.places() {
        match read(place, shelf) {
            Ok(document) => documents.extend(document),
            Err(error) => ui.warning(error.to_string()),
        }
    }
    match documents.is_empty() {
        true => Err(Failure::usage("there is no task document here").hint(HOW_TO_BEGIN)),
        false => Ok(documents),
    }
}

/// What is not in the work tree cannot be ticked there.
fn read(place: &Place, shelf: &Shelf) -> Result<Option<Document>, store::Error> {
    let text = shelf.project.store().read(&place.path)?;
    Ok(text.map(|text| Document::read(&place.path, text, place.dialect)))
}

/// The one box that an address fits, in one of the documents. Where it fits
/// several, a document of the active task's or the branch's feature goes before
/// the others.
fn resolve(text: &str, documents: &[Document], shelf: &Shelf) -> Result<(usize, usize), Failure> {
    let address = Address::read(text);
    let own = own(documents, shelf);
    let is_line = matches!(address, Address::Line(_));
    if is_line && own.is_none() {
        return Err(Failure::usage(format!("`{text}` may be a line of several documents"))
            .hint(format!("name one with --file:\n{}", address::list(&shelf.places()))));
    }
    let fits_in =
        |at: usize| Some((at, address.fits(&documents[at]))).filter(|(_, f)| !f.is_empty());
    let mut fits: Vec<(usize, Vec<usize>)> = match own.filter(|_| is_line) {
        Some(at) => fits_in(at).into_iter().collect(),
        None => (0..documents.len()).filter_map(fits_in).collect(),
    };
    if fits.iter().any(|(at, _)| Some(*at) == own) {
        fits.retain(|(at, _)| Some(*at) == own);
    }
    match fits.as_slice() {
        [(at, tasks)] if tasks.len() == 1 => with_box(*at, tasks[0], &documents[*at]),
        [] => Err(nothing_fits(text, &address, documents)),
        several => {
            let found: Vec<_> =
                several.iter().map(|(at, tasks)| (&documents[*at], tasks.clone())).collect();
            let label = match found.len() {
                1 => "name one by its line; it fits:",
                _ => "name the file with --file; it fits:",
            };
            let found = candidates(label, &found);
            Err(Failure::usage(format!("`{text}` fits more than one box")).hint(found))
        }
    }
}

/// The document that is meant without further words: the only one, or that of
/// the active task's or the branch's feature.
fn own(documents: &[Document], shelf: &Shelf) -> Option<usize> {
    if documents.len() == 1 {
        return Some(0);
    }
    match shelf.meant().as_slice() {
        [place] => documents.iter().position(|document| document.path() == place.path),
        _ => None,
    }
}

fn nothing_fits(text: &str, address: &Address, documents: &[Document]) -> Failure {
    let mut near: Vec<(usize, &Document, usize)> = documents
        .iter()
        .flat_map(|document| {
            let near = address.nearest(document);
            near.into_iter().map(move |(distance, task)| (distance, document, task))
        })
        .collect();
    near.sort_by_key(|(distance, ..)| *distance);
    let near: Vec<_> =
        near.into_iter().take(3).map(|(_, document, task)| (document, vec![task])).collect();
    let place = match documents {
        [document] => format!("`{}` has", document.path()),
        _ => "the documents have".to_owned(),
    };
    Failure::usage(format!("{place} no box `{text}`")).hint(candidates(NEAREST_ARE, &near))
}

/// A heading may be a task and has no box; its parts have.
fn with_box(at: usize, task: usize, document: &Document) -> Result<(usize, usize), Failure> {
    if document.tasks()[task].mark.is_some() {
        return Ok((at, task));
    }
    let heading = document.slice(&document.tasks()[task].text);
    let parts = document.children(task).collect();
    Err(Failure::usage(format!("`{heading}` is a heading and has no box of its own"))
        .hint(candidates("its boxes are:", &[(document, parts)])))
}

/// Sets boxes, and answers the document's text with them.
fn set(
    document: &Document,
    tasks: &[usize],
    state: State,
    shelf: &Shelf,
) -> Result<Vec<u8>, Failure> {
    let habits = Habits::of(document);
    let mut patch = Patch::default();
    for &task in tasks {
        let task = &document.tasks()[task];
        // What is done is in progress no more.
        let in_progress = task.begun && !state.is_done();
        set_task(document, task, Wanted { state, in_progress }, habits, &mut patch);
    }
    let after = patch.apply(document.bytes());
    let written = shelf.project.store().replace(document.path(), Some(document.bytes()), &after);
    written.map_err(|error| match error {
        store::Error::ChangedMeanwhile { .. } => {
            Failure::from_error("document", &error).hint("run it again: nothing was set")
        }
        error => error.into(),
    })?;
    Ok(after)
}

fn report(document: &Document, tasks: &[usize], state: State, fields: &mut Fields, ui: &mut Ui) {
    let lines = document.lines();
    let boxes: Vec<BoxView> = tasks
        .iter()
        .map(|&task| BoxView {
            path: document.path().to_owned(),
            line: lines.of_task(document, task),
            id: views::id(document, task),
            text: document.task_title(task).to_owned(),
            state: if state.is_done() { "done" } else { "open" },
            changed: document.tasks()[task].state != state,
        })
        .collect();
    for one in &boxes {
        let how = if one.changed { "is" } else { "was already" };
        ui.note(format!("{} {how} {} ({}:{})", one.name(), one.state, one.path, one.line));
    }
    let changed: Vec<String> =
        boxes.iter().filter(|one| one.changed).map(|one| one.name().to_owned()).collect();
    let (ticked, reopened) =
        if state.is_done() { (changed, Vec::new()) } else { (Vec::new(), changed) };
    let feature = document.feature().map(|feature| feature.to_string());
    let path = document.path().to_owned();
    fields.documents.push(DocumentView { path, feature, ticked, reopened });
    fields.boxes.extend(boxes);
}
