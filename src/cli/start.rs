//! `git spec-log start`

use serde::Serialize;

use super::address::{Shelf, tasks_of_branch};
use super::{Outcome, boxes, stop, views};
use crate::doc::{Document, Lookup};
use crate::record::Place;
use crate::report::tasks::NextView;
use crate::report::{Exit, Failure, Ui};
use crate::store::Active;
use crate::task::TaskId;

/// Begin with a task: its document shows it, and new messages get its tag
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// PRD-07, 7, a slug or a document's path; may be left out where it is clear
    #[arg(value_name = "FEATURE")]
    pub feature: Option<String>,
    /// The id of one of its tasks, or the words that it begins with; may be left out where the branch's name has
    /// it, or one alone is open
    #[arg(value_name = "TASK")]
    pub task: Option<String>,
}

#[derive(Serialize)]
struct Fields {
    feature: String,
    task: NextView,
    path: String,
    /// What is put into messages.
    tag: String,
    /// Whether the document was changed.
    changed: bool,
    /// The task that was active before.
    stopped: Option<stop::Stopped>,
}

/// A task of a document.
struct Found<'s> {
    place: &'s Place,
    document: Document,
    task: usize,
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Outcome {
    let shelf = Shelf::open(ui)?;
    let found = match (&args.feature, &args.task) {
        (Some(feature), Some(task)) => named(&shelf, shelf.feature(feature)?, task)?,
        (Some(word), None) => by_one_word(&shelf, word)?,
        (None, _) => by_branch(&shelf, &candidates(&shelf, shelf.of_branch()))?,
    };
    let (active, tag) = startable(&found)?;
    let state = shelf.project.state();
    let before = state.active().filter(|before| *before != active);
    let stopped = before.map(|before| stop::stop(&shelf, &before, false)).transpose()?;
    let changed = shelf.project.show_begun(found.place, &active.task)?;
    state.set_active(Some(&active))?;
    let fields = Fields {
        feature: active.feature.to_string(),
        task: views::next(&found.document, found.task),
        path: found.place.path.clone(),
        tag,
        changed,
        stopped,
    };
    tell(&fields, ui);
    Ok(Exit::Fine)
}

/// Where an open task is looked for: these documents, else those that are
/// meant where none is named, else all.
fn candidates<'s>(shelf: &'s Shelf, places: Vec<&'s Place>) -> Vec<&'s Place> {
    [places, shelf.meant()].into_iter().find(|places| !places.is_empty()).unwrap_or(shelf.places())
}

fn named<'s>(shelf: &'s Shelf, place: &'s Place, task: &str) -> Result<Found<'s>, Failure> {
    let place = shelf.having(place, task)?;
    let document = shelf.read(place)?;
    let task = boxes::task(&document, task)?;
    Ok(Found { place, document, task })
}

/// One word names a feature, or a task where the feature is clear.
fn by_one_word<'s>(shelf: &'s Shelf, word: &str) -> Result<Found<'s>, Failure> {
    let is_feature = !shelf.named(word).is_empty();
    let places = candidates(shelf, Vec::new());
    let mut tasks = match TaskId::parse(word) {
        Some(id) => with_task(shelf, &places, &[id])?,
        None => Vec::new(),
    };
    match (is_feature, tasks.len()) {
        (true, 0) => by_branch(shelf, &[shelf.feature(word)?]),
        (true, _) => Err(Failure::usage(format!("`{word}` may be a feature or a task"))
            .hint("name both: git spec-log start FEATURE TASK")),
        (false, 1) => Ok(tasks.remove(0)),
        (false, 0) => match places.as_slice() {
            [place] => named(shelf, place, word),
            _ => Err(shelf.unknown(word)),
        },
        (false, _) => Err(which(&tasks)),
    }
}

/// The task that the branch's name has, or the only one that is open.
fn by_branch<'s>(shelf: &'s Shelf, places: &[&'s Place]) -> Result<Found<'s>, Failure> {
    let branch = shelf.branch().unwrap_or_default();
    let mut found = Vec::new();
    for place in places {
        found.extend(with_task(shelf, &[*place], &tasks_of_branch(&branch, &place.feature))?);
    }
    if found.is_empty() {
        for &place in places {
            let document = shelf.read(place)?;
            let open = document.open_tasks().into_iter();
            let tasks: Vec<usize> = open.filter(|&task| document.address(task).is_some()).collect();
            let found_here = |task| Found { place, document: document.clone(), task };
            found.extend(tasks.into_iter().map(found_here));
        }
    }
    match found.len() {
        1 => Ok(found.remove(0)),
        0 if places.is_empty() => shelf.only().and_then(|place| by_branch(shelf, &[place])),
        0 => Err(Failure::usage("nothing is open that a tag can name").hint("git spec-log status")),
        _ => Err(which(&found)),
    }
}

/// The tasks of these ids, each in the one place that it has.
fn with_task<'s>(
    shelf: &Shelf,
    places: &[&'s Place],
    ids: &[TaskId],
) -> Result<Vec<Found<'s>>, Failure> {
    let mut found = Vec::new();
    for &place in places.iter().filter(|_| !ids.is_empty()) {
        let document = shelf.read(place)?;
        for id in ids {
            if let Lookup::One(task) = document.find(id) {
                found.push(Found { place, document: document.clone(), task });
            }
        }
    }
    Ok(found)
}

fn which(found: &[Found<'_>]) -> Failure {
    let some = found.iter().take(8).map(|one| (&one.document, vec![one.task]));
    let hint = boxes::candidates("name one of them:", &some.collect::<Vec<_>>());
    Failure::usage("which task is not clear").hint(hint)
}

/// What can be active: an open task that a tag can name.
fn startable(found: &Found<'_>) -> Result<(Active, String), Failure> {
    let task = &found.document.tasks()[found.task];
    let feature = &found.place.feature;
    let line = found.document.line(task.text.start);
    let place = format!("{}:{line}", found.place.path);
    let address = found.document.address(found.task);
    let active = address.map(|task| Active { feature: feature.clone(), task });
    let tag = active.as_ref().and_then(Active::tag);
    let (Some(active), Some(tag)) = (active, tag) else {
        return Err(Failure::usage(format!("no tag can name the task at {place}"))
            .hint("give it an id of its own, such as 1.2, and the feature a number or a name"));
    };
    if task.state.is_done() {
        let done = format!("{feature} {} is done already ({place})", active.task);
        return Err(Failure::usage(done).hint(format!(
            "to open it again: git spec-log untick --file {} :{line}",
            found.place.path
        )));
    }
    Ok((active, tag))
}

fn tell(fields: &Fields, ui: &mut Ui) {
    if let Some(stopped) = &fields.stopped {
        stopped.tell(ui);
    }
    let (feature, task) = (&fields.feature, fields.task.name());
    ui.note(format!("{feature} {task} is active ({}:{})", fields.path, fields.task.line));
    ui.note(format!("messages without a tag get {}", fields.tag));
    if ui.is_json() {
        ui.json("start", fields);
    }
}
