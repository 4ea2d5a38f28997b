//! `git spec-log show`

use serde::Serialize;

use super::address::Shelf;
use super::log::{Wanted, with_parts};
use super::views::{self, Links};
use super::{Outcome, boxes};
use crate::commit::Oid;
use crate::doc::{Document, Lookup};
use crate::record::Place;
use crate::report::commits::CommitView;
use crate::report::features::{self, FeatureView};
use crate::report::tasks::TaskView;
use crate::report::{Exit, Failure, Ink, Line, Ui};
use crate::task::TaskId;

/// Show a task with its commits and files, or a commit with its tasks
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A feature (PRD-07, 7, a slug, a document's path) or a revision
    #[arg(value_name = "FEATURE|REV")]
    pub what: String,
    /// The id of one of the feature's tasks
    #[arg(value_name = "TASK")]
    pub task: Option<String>,
}

/// What is shown; the fields that one kind of thing lacks are left out.
#[derive(Default, Serialize)]
struct Fields {
    #[serde(skip_serializing_if = "Option::is_none")]
    feature: Option<FeatureView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    task: Option<TaskView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<CommitView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tasks: Option<Vec<TaskView>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commits: Option<Vec<CommitView>>,
    files: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    blockers: Option<Vec<String>>,
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Outcome {
    let shelf = Shelf::open(ui)?;
    let links = Links::new(&shelf);
    let fields = gather(args, &shelf, &links)?;
    links.warn(ui);
    if ui.is_json() {
        ui.json("show", &fields);
    } else {
        ui.page();
        tell(&fields, ui);
    }
    Ok(Exit::Fine)
}

/// A feature, then a task of the only feature, then a revision.
fn gather(args: &Args, shelf: &Shelf, links: &Links<'_>) -> Result<Fields, Failure> {
    let what = &args.what;
    if let Some(task) = &args.task {
        return show_task(shelf.feature(what)?, task, shelf, links);
    }
    if !shelf.named(what).is_empty() {
        return show_feature(shelf.feature(what)?, shelf, links);
    }
    if Wanted::task_alone(what, shelf, links).is_some() {
        return show_task(shelf.only()?, what, shelf, links);
    }
    match shelf.project.repo().revision(what) {
        Ok(oid) => show_commit(oid, shelf, links),
        Err(_) => {
            let mut unknown = shelf.unknown(what);
            unknown.message = format!("`{what}` is neither a feature nor a revision");
            Err(unknown)
        }
    }
}

fn show_task(
    place: &Place,
    task: &str,
    shelf: &Shelf,
    links: &Links<'_>,
) -> Result<Fields, Failure> {
    let place = shelf.having(place, task)?;
    let document = shelf.read(place)?;
    let found = boxes::task(&document, task)?;
    let wanted = Wanted {
        feature: Some(place.feature.clone()),
        tasks: with_parts(&document, found),
        ..Wanted::default()
    };
    let commits = wanted.commits(shelf, links, usize::MAX)?;
    let files = files(&commits, shelf)?;
    let parts: Vec<usize> = document.below(found).collect();
    let tasks = Some(views::tasks(place, &document, &parts)).filter(|parts| !parts.is_empty());
    let task = views::tasks(place, &document, &[found]).pop();
    Ok(Fields { task, tasks, commits: Some(commits), files, ..Fields::default() })
}

fn show_feature(place: &Place, shelf: &Shelf, links: &Links<'_>) -> Result<Fields, Failure> {
    let document = shelf.read(place)?;
    let unrecorded = shelf.project.unrecorded(&[(place, document.hashes())])?;
    let all: Vec<usize> = (0..document.tasks().len())
        .filter(|&task| document.tasks()[task].checklist.is_none())
        .collect();
    let wanted = Wanted { feature: Some(place.feature.clone()), ..Wanted::default() };
    let commits = wanted.commits(shelf, links, usize::MAX)?;
    let active = shelf.project.state().active();
    let feature = |&count: &usize| views::feature(place, &document, active.as_ref(), count);
    Ok(Fields {
        feature: unrecorded.first().map(feature),
        tasks: Some(views::tasks(place, &document, &all)),
        files: files(&commits, shelf)?,
        commits: Some(commits),
        blockers: Some(blockers(&document)),
        ..Fields::default()
    })
}

/// What holds the feature up, as its document says.
fn blockers(document: &Document) -> Vec<String> {
    let open = document.blockers().into_iter().filter(|blocker| !blocker.resolved);
    open.map(|blocker| document.slice(&blocker.text).to_owned()).collect()
}

fn show_commit(oid: Oid, shelf: &Shelf, links: &Links<'_>) -> Result<Fields, Failure> {
    let view = views::commit(oid, shelf, links)?;
    let tasks = named_tasks(&view, shelf, links);
    let files = shelf.project.files_of(&[oid])?;
    Ok(Fields { commit: Some(view), tasks: Some(tasks), files, ..Fields::default() })
}

/// The tasks that a commit names.
pub(super) fn named_tasks(commit: &CommitView, shelf: &Shelf, links: &Links<'_>) -> Vec<TaskView> {
    let mut tasks = Vec::new();
    for link in &commit.links {
        let place =
            shelf.catalog.places.iter().find(|place| Some(&place.path) == link.path.as_ref());
        let document = place.and_then(|place| Some((place, links.document(place)?)));
        let task = link.task.as_deref().and_then(TaskId::parse);
        if let (Some((place, document)), Some(task)) = (document, task) {
            tasks.extend(one(place, document, &task));
        }
    }
    tasks
}

fn one(place: &Place, document: &Document, id: &TaskId) -> Option<TaskView> {
    match document.find(id) {
        Lookup::One(task) => views::tasks(place, document, &[task]).pop(),
        Lookup::Many(_) | Lookup::None => None,
    }
}

fn files(commits: &[CommitView], shelf: &Shelf) -> Result<Vec<String>, Failure> {
    let oids: Vec<Oid> = commits.iter().filter_map(|commit| Oid::from_hex(&commit.oid)).collect();
    Ok(shelf.project.files_of(&oids)?)
}

fn tell(fields: &Fields, ui: &mut Ui) {
    tell_subject(fields, ui);
    for blocker in fields.blockers.iter().flatten() {
        ui.line(Line::new(Ink::Warn, "  blocked: ").plain(blocker));
    }
    tell_tasks(fields, ui);
    match fields.commits.as_deref() {
        Some([]) => {
            ui.line("");
            ui.line(Line::new(Ink::Faint, "  no commit links to it"));
        }
        Some(commits) => {
            ui.line("");
            commits.iter().for_each(|commit| ui.line(Line::from("  ").join(commit.line())));
        }
        None => {}
    }
    if !fields.files.is_empty() {
        ui.line("");
        fields.files.iter().for_each(|file| ui.line(format!("  {file}")));
    }
}

/// The feature, task or commit that was asked for.
fn tell_subject(fields: &Fields, ui: &mut Ui) {
    if let Some(feature) = &fields.feature {
        features::lines(std::slice::from_ref(feature)).into_iter().for_each(|line| ui.line(line));
        features::details(feature).into_iter().for_each(|line| ui.line(line));
    }
    if let Some(task) = &fields.task {
        ui.line(Line::new(Ink::Name, &task.feature).plain(" ").plain(&task.name()));
        ui.line(task.place());
    }
    if let Some(commit) = &fields.commit {
        ui.line(commit.line());
        ui.line(Line::new(Ink::Faint, &format!("  {}, {}", commit.author, commit.commit_time)));
        if commit.links.is_empty() {
            ui.line("  it links to no task");
        }
    }
}

/// The tasks of the feature, the parts of the task, or what the commit names.
fn tell_tasks(fields: &Fields, ui: &mut Ui) {
    let tasks = fields.tasks.as_deref().unwrap_or_default();
    let Some(first) = tasks.first() else { return };
    ui.line("");
    let top = if fields.task.is_some() { first.depth } else { 0 };
    for task in tasks {
        let depth = task.depth.saturating_sub(top);
        ui.line(match fields.commit {
            Some(_) => task.line_with_feature(),
            None => TaskView { depth, ..task.clone() }.line(),
        });
    }
}
