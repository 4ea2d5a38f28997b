//! Git and the documents → the picture of one feature.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use super::super::address::Shelf;
use super::super::init::hook_file::quote;
use super::super::log::Wanted;
use super::super::views::{self, Links};
use crate::commit::Oid;
use crate::doc::dialect::RECOVERY;
use crate::doc::{Document, Lookup};
use crate::plan::Plan;
use crate::problem::Severity;
use crate::record::{Change, Place};
use crate::repo::Operation;
use crate::report::problems;
use crate::report::recover::{PathView, RecoverView, StaleView, StepView, TouchView};
use crate::report::{Failure, Ui, recorded};
use crate::store::Active;

/// How many of the last linked commits are told.
const COMMITS: usize = 10;

/// What `sync` mends: said once for all while it has something to do.
const MENDED: &[&str] = &["forgotten", "missing-entry", "stale-count", "stale-stamp"];

/// Gathers it. What the document lacks of history is counted in: boxes are
/// taken as `sync` would leave them.
pub(super) fn picture(
    place: &Place,
    chosen: &'static str,
    shelf: &Shelf,
    links: &Links<'_>,
    ui: &mut Ui,
) -> Result<RecoverView, Failure> {
    let document = shelf.read(place)?;
    let owed = owed(place, shelf)?;
    let planned = planned(&document, place, &owed);
    let active = shelf.project.state().active();
    let feature = views::feature(place, &planned, active.as_ref(), 0);
    let open = open(&planned, active.as_ref().filter(|_| feature.active_task.is_some()));
    let step =
        |&task: &usize| StepView { task: views::next(&document, task), path: place.path.clone() };
    let phase = open.first().and_then(|&task| planned.phase_of(task));
    let beside = beside(place, &document, shelf, ui);
    let all: Vec<&Document> = std::iter::once(&document).chain(&beside).collect();
    let commits = commits(place, shelf, links)?;
    let files: BTreeSet<&String> = commits.iter().flat_map(|touch| &touch.files).collect();
    let files = files.into_iter().cloned().collect();
    let branch = shelf.branch();
    let uncommitted = uncommitted(shelf, ui);
    let stale = stale(place, &owed, shelf)?;
    let next_task = open.first().map(step);
    let tag = tag(place, &document, open.first());
    let mut view = RecoverView {
        feature: feature.id,
        title: feature.title,
        path: feature.path,
        chosen,
        branch,
        status: feature.status,
        what: all.iter().find_map(|document| folded(document, document.what())),
        why: all.iter().find_map(|document| folded(document, document.why())),
        phase: phase.map(|heading| planned.headings()[heading].text.clone()),
        done: feature.done,
        total: feature.total,
        percent: feature.percent,
        next_task,
        tag,
        active_task: feature.active_task,
        stale,
        uncommitted,
        resume: Vec::new(),
        blockers: gathered(&all, open_blockers),
        open_tasks: open.iter().map(step).collect(),
        decisions: gathered(&all, Document::decisions),
        commits,
        phases: feature.phases,
        files,
        others: others(place, shelf),
        left_out: BTreeMap::new(),
    };
    view.resume = resume(&view, &all, !owed.is_empty());
    Ok(view)
}

/// What `sync` would change in the feature's files.
fn owed(place: &Place, shelf: &Shelf) -> Result<Vec<Change>, Failure> {
    let mut changes = shelf.project.rehearse(None, false)?.changes;
    changes.retain(|change| change.place.feature == place.feature && change.is_any());
    changes.sort_by_key(|change| change.place.view_of.is_some());
    Ok(changes)
}

/// The document as `sync` would leave it, where it holds the same tasks.
fn planned(document: &Document, place: &Place, owed: &[Change]) -> Document {
    let change = owed.iter().find(|change| change.place.path == place.path);
    let after = change.and_then(|change| change.work_tree.as_ref());
    let planned = after.map(|(_, after)| Document::read(&place.path, after.clone(), place.dialect));
    let planned = planned.filter(|planned| planned.tasks().len() == document.tasks().len());
    planned.unwrap_or_else(|| document.clone())
}

/// The open tasks, the active one or its open parts first.
fn open(document: &Document, active: Option<&Active>) -> Vec<usize> {
    let mut open = document.open_tasks();
    if let Some(Lookup::One(active)) = active.map(|active| document.find(&active.task)) {
        let is_of_active =
            |task: usize| task == active || document.ancestors(task).any(|above| above == active);
        open.sort_by_key(|&task| !is_of_active(task));
    }
    open
}

/// What the commit that finishes a task says.
fn tag(place: &Place, document: &Document, task: Option<&usize>) -> Option<String> {
    let task = document.address(*task?)?;
    Active { feature: place.feature.clone(), task }.done_tag()
}

/// The files that tell more of the feature: those beside the document, and
/// those that it names as its plan or its workspace.
fn beside(place: &Place, document: &Document, shelf: &Shelf, ui: &mut Ui) -> Vec<Document> {
    let folder = place.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut paths: Vec<String> =
        place.dialect.companions.iter().map(|file| format!("{folder}/{file}")).collect();
    paths.extend(document.value(&["prd"]).and_then(named_path).map(str::to_owned));
    let workspace = document.value(&["workspace"]).and_then(named_path);
    let in_workspace =
        workspace.map(|folder| folder.trim_end_matches('/')).filter(|own| *own != folder);
    paths.extend(in_workspace.iter().flat_map(|folder| {
        ["prd.md", "recovery.md", "RECOVERY.md"].map(|file| format!("{folder}/{file}"))
    }));
    let mut found = Vec::new();
    for path in paths {
        match shelf.project.store().read(&path) {
            Ok(text) => found.extend(text.map(|text| Document::read(&path, text, &RECOVERY))),
            Err(error) => ui.warning(error.to_string()),
        }
    }
    found
}

/// The path in a field, as `path`, (path) or bare.
fn named_path(value: &str) -> Option<&str> {
    let quoted = value.split('`').nth(1);
    let linked = || value.split_once("](").and_then(|(_, rest)| rest.split(')').next());
    let bare = || value.split_whitespace().next();
    let path = quoted.or_else(linked).or_else(bare)?;
    let is_path = path.contains('/') && !path.contains(['[', '{', ':']) && !path.starts_with('/');
    is_path.then(|| path.trim_start_matches("./")).filter(|path| !path.contains(".."))
}

fn folded(document: &Document, span: Option<Range<usize>>) -> Option<String> {
    let words = span.map(|span| document.slice(&span).split_whitespace().collect::<Vec<_>>());
    words.map(|words| words.join(" ")).filter(|text| !text.is_empty())
}

fn open_blockers(document: &Document) -> Vec<Range<usize>> {
    let open = document.blockers().into_iter().filter(|blocker| !blocker.resolved);
    open.map(|blocker| blocker.text).collect()
}

/// What several documents say, each once.
fn gathered(documents: &[&Document], of: impl Fn(&Document) -> Vec<Range<usize>>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for document in documents {
        for text in of(document).into_iter().filter_map(|span| folded(document, Some(span))) {
            if !all.contains(&text) {
                all.push(text);
            }
        }
    }
    all
}

fn commits(place: &Place, shelf: &Shelf, links: &Links<'_>) -> Result<Vec<TouchView>, Failure> {
    let wanted = Wanted { feature: Some(place.feature.clone()), ..Wanted::default() };
    let mut touches = Vec::new();
    for commit in wanted.commits(shelf, links, COMMITS)? {
        let oid: Vec<Oid> = Oid::from_hex(&commit.oid).into_iter().collect();
        touches.push(TouchView { files: shelf.project.files_of(&oid)?, commit });
    }
    Ok(touches)
}

/// What differs from HEAD; where git cannot tell, that is said.
fn uncommitted(shelf: &Shelf, ui: &mut Ui) -> Vec<PathView> {
    let found = shelf.project.repo().uncommitted().unwrap_or_else(|error| {
        ui.warning(error.to_string());
        Vec::new()
    });
    found.into_iter().map(|one| PathView { path: one.path, state: one.state }).collect()
}

/// Where documents and history contradict each other.
fn stale(place: &Place, owed: &[Change], shelf: &Shelf) -> Result<Vec<StaleView>, Failure> {
    let mut stale: Vec<StaleView> = operation(shelf, place).into_iter().collect();
    stale.extend(owed.iter().map(|change| StaleView {
        path: change.place.path.clone(),
        line: None,
        message: format!("it is behind its commits: {}", lacking(&change.plan)),
        hint: Some("git spec-log sync".to_owned()),
    }));
    let is_owed = owed.iter().any(|change| change.place.path == place.path);
    let mut found = shelf.project.audit_document(&place.path)?;
    found.retain(|problem| {
        // What no commit speaks of contradicts none.
        let is_silence = problem.severity == Severity::Note && problem.code == "phantom";
        !(is_silence || is_owed && MENDED.contains(&problem.code))
    });
    for (problem, more) in problems::folded(&found) {
        let rest = match more {
            0 => String::new(),
            more => format!(" (and {more} more {})", problem.code),
        };
        stale.push(StaleView {
            path: place.path.clone(),
            line: problem.line,
            message: problem.message.clone() + &rest,
            hint: problem.hint.clone(),
        });
    }
    Ok(stale)
}

/// `1.2 done, 1 commit listed`, or the little that is left to say.
fn lacking(plan: &Plan) -> String {
    let said = recorded::summary(plan);
    if said.is_empty() { "lists and figures".to_owned() } else { said }
}

/// What git is in the middle of: until then nothing is recorded.
fn operation(shelf: &Shelf, place: &Place) -> Option<StaleView> {
    let name = match shelf.project.repo().operation() {
        Operation::None => return None,
        Operation::Rebase { .. } => "a rebase",
        Operation::Am => "`git am`",
        Operation::Merge => "a merge",
        Operation::CherryPick { .. } => "a cherry-pick",
        Operation::Revert { .. } => "a revert",
        Operation::Bisect => "a bisection",
    };
    Some(StaleView {
        path: place.path.clone(),
        line: None,
        message: format!("{name} is in progress: nothing is recorded until its end"),
        hint: Some("git status".to_owned()),
    })
}

fn others(place: &Place, shelf: &Shelf) -> Vec<String> {
    let mut others: Vec<String> =
        shelf.places().into_iter().map(|other| other.feature.to_string()).collect();
    others.dedup();
    others.retain(|other| *other != place.feature.to_string());
    others
}

/// Commands to go on with: those that people left, else what git knows.
fn resume(view: &RecoverView, documents: &[&Document], is_owed: bool) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    commands.extend(is_owed.then(|| "git spec-log sync".to_owned()));
    let left = documents.iter().map(|document| document.resume_commands());
    match left.into_iter().find(|left| !left.is_empty()) {
        Some(left) => commands.extend(left.into_iter().map(str::to_owned)),
        None => commands.extend(known_commands(view)),
    }
    commands
}

fn known_commands(view: &RecoverView) -> impl Iterator<Item = String> {
    let is_tracked = |one: &PathView| one.state != "untracked";
    let diff = view.uncommitted.iter().any(is_tracked).then(|| "git diff HEAD".to_owned());
    let last = view.commits.first();
    let last = last.map(|touch| format!("git show {}", touch.commit.brief.hash));
    let id = view.next_task.as_ref().and_then(|next| next.task.id.clone());
    let start = id.filter(|_| view.active_task.is_none() && view.tag.is_some());
    let start =
        start.map(|id| format!("git spec-log start {} {}", view.feature, quote(Path::new(&id))));
    [diff, last, start].into_iter().flatten()
}
