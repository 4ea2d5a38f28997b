//! `git spec-log stop`

use serde::Serialize;

use super::Outcome;
use super::address::Shelf;
use crate::doc::{Document, Lookup};
use crate::record::Place;
use crate::report::{Exit, Failure, Ui};
use crate::store::Active;

/// End with the active task; messages get its tag no more
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Tick it
    #[arg(long)]
    pub done: bool,
}

#[derive(Serialize)]
struct Fields {
    stopped: Option<Stopped>,
}

/// A task that was active.
#[derive(Debug, Serialize)]
pub(super) struct Stopped {
    feature: String,
    task: String,
    /// Its document; none where it is not in this work tree.
    path: Option<String>,
    /// Whether it was ticked.
    done: bool,
    /// Whether the document was changed.
    changed: bool,
    /// The open parts of a task that was ticked.
    #[serde(skip)]
    open: Vec<String>,
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Outcome {
    let shelf = Shelf::open(ui)?;
    let stopped = match shelf.project.state().active() {
        Some(active) => Some(stop(&shelf, &active, args.done)?),
        None if args.done => {
            return Err(Failure::usage("no task is active here")
                .hint("git spec-log tick TASK ticks one that is not"));
        }
        None => None,
    };
    match &stopped {
        Some(stopped) => stopped.tell(ui),
        None => ui.note("no task is active here"),
    }
    if ui.is_json() {
        ui.json("stop", &Fields { stopped });
    }
    Ok(Exit::Fine)
}

/// Forgets the active task and brings its document in line, where it is here.
pub(super) fn stop(shelf: &Shelf, active: &Active, done: bool) -> Result<Stopped, Failure> {
    let found = find(shelf, active)?;
    if done && found.is_none() {
        let task = format!("{} {} is in no document here", active.feature, active.task);
        return Err(Failure::usage(task).hint("git spec-log stop forgets it"));
    }
    if let Some((place, document)) = found.as_ref().filter(|_| done)
        && let Lookup::One(task) = document.find(&active.task)
        && document.tasks()[task].mark.is_none()
    {
        let heading = format!("`{}` is a heading in {} and has no box", active.task, place.path);
        return Err(Failure::usage(heading).hint("tick what is below it, then git spec-log stop"));
    }
    let changed = match &found {
        Some((place, _)) if done => shelf.project.show_finished(place, &active.task)?,
        Some((place, _)) => shelf.project.show_ceased(place, &active.task)?,
        None => false,
    };
    shelf.project.state().set_active(None)?;
    let open = found.as_ref().map_or_else(Vec::new, |(_, document)| open_parts(document, active));
    Ok(Stopped {
        feature: active.feature.to_string(),
        task: active.task.to_string(),
        path: found.map(|(place, _)| place.path.clone()),
        done,
        changed,
        open,
    })
}

/// The one document here that has the task.
fn find<'s>(shelf: &'s Shelf, active: &Active) -> Result<Option<(&'s Place, Document)>, Failure> {
    let [place] = shelf.catalog.of(&active.feature)[..] else { return Ok(None) };
    let document = shelf.project.document(place)?;
    let has_it = |document: &Document| matches!(document.find(&active.task), Lookup::One(_));
    Ok(document.filter(has_it).map(|document| (place, document)))
}

fn open_parts(document: &Document, active: &Active) -> Vec<String> {
    let Lookup::One(task) = document.find(&active.task) else { return Vec::new() };
    let open = document.children(task).filter(|&part| !document.tasks()[part].state.is_done());
    open.map(|part| document.task_title(part).to_owned()).collect()
}

impl Stopped {
    /// Says what became of the task.
    pub(super) fn tell(&self, ui: &mut Ui) {
        let end = if self.done { "is done" } else { "is active no more" };
        let place = self.path.as_ref().map(|path| format!(" ({path})"));
        ui.note(format!("{} {} {end}{}", self.feature, self.task, place.unwrap_or_default()));
        if self.done && !self.open.is_empty() {
            ui.warning(format!("open below {}: {}", self.task, self.open.join(", ")));
        }
    }
}
