//! `git spec-log sync`

use serde::Serialize;

use super::Outcome;
use super::diff;
use crate::commit::Oid;
use crate::plan::Note;
use crate::record::{Caught, Change, Outcome as Recorded, Prepared, Project, Unplaced};
use crate::report::{Exit, Failure, Ui, recorded};

/// Record whatever history holds and the documents lack
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Commits to record, such as main..HEAD; all of HEAD where none are named
    #[arg(value_name = "RANGE")]
    pub range: Option<String>,
    /// Say what would change and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Show the change as a diff
    #[arg(long)]
    pub diff: bool,
    /// Remove entries of commits that HEAD no longer holds and that became none
    /// of those it does
    #[arg(long, conflicts_with = "range")]
    pub prune: bool,
    /// Commit the changed documents, and nothing else
    #[arg(long, conflicts_with = "dry_run")]
    pub commit: bool,
}

#[derive(Serialize)]
pub(super) struct Report {
    documents: Vec<Document>,
    unplaced: Vec<Reason>,
    ambiguous: Vec<Reason>,
}

#[derive(Serialize)]
struct Document {
    path: String,
    feature: String,
    ticked: Vec<String>,
    reopened: Vec<String>,
    entries_added: Vec<String>,
    entries_moved: Vec<Moved>,
    entries_pruned: Vec<String>,
}

#[derive(Serialize)]
struct Moved {
    from: String,
    to: String,
}

fn moved((from, to): &(String, Oid)) -> Moved {
    Moved { from: from.clone(), to: to.to_string() }
}

#[derive(Serialize)]
struct Reason {
    oid: String,
    reason: String,
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Outcome {
    let project = super::project::open(ui)?;
    let only = args.range.as_deref().map(|range| commits_in(&project, range)).transpose()?;
    let mut caught = match args.dry_run {
        true => rehearse(&project, only.as_deref(), args.prune)?,
        false => project.sync(only.as_deref(), args.prune)?,
    };
    insist_on_writing(&mut caught, ui)?;
    leave_unsaid(&mut caught);
    if args.diff && !ui.is_json() {
        ui.page();
        show_diff(&caught.outcome.prepared, ui);
    }
    match ui.is_json() {
        true => ui.json("sync", &report(&caught.outcome.prepared)),
        false => tell(&caught, args.dry_run, ui),
    }
    if args.commit {
        commit(&project, only.as_deref(), ui)?;
    }
    Ok(Exit::Fine)
}

/// Fails where a document could not be written; what was written is told.
pub(super) fn insist_on_writing(caught: &mut Caught, ui: &mut Ui) -> Result<(), Failure> {
    let Some((_, error)) = caught.outcome.unwritten.pop() else { return Ok(()) };
    if !ui.is_json() {
        recorded::tell(caught, ui);
    }
    Err(crate::record::Error::from(error).into())
}

/// Leaves unsaid which tasks stay open where nothing changes: that was said when
/// their commits were made.
pub(super) fn leave_unsaid(caught: &mut Caught) {
    let changes = caught.outcome.prepared.changes.iter_mut();
    for change in changes.filter(|change| !change.is_any()) {
        change.plan.notes.retain(|note| !matches!(note, Note::OpenSubtasks { .. }));
    }
}

fn commits_in(project: &Project, range: &str) -> Result<Vec<Oid>, Failure> {
    let (include, exclude) = project.repo().range(range).map_err(crate::record::Error::from)?;
    Ok(project.tagged(&include, &exclude)?)
}

/// What would be written.
fn rehearse(project: &Project, only: Option<&[Oid]>, prune: bool) -> Result<Caught, Failure> {
    let mut prepared = project.rehearse(only, prune)?;
    let unwritten = std::mem::take(&mut prepared.unread);
    let outcome = Recorded { prepared, unwritten, ..Recorded::default() };
    Ok(Caught { outcome, ..Caught::default() })
}

fn commit(project: &Project, only: Option<&[Oid]>, ui: &mut Ui) -> Result<(), Failure> {
    let linked = project.linked_of_head(only)?;
    match project.commit_books(&linked)? {
        Some(books) => {
            ui.note(format!("committed {} as {}", books.paths.join(", "), books.oid.abbrev(7)))
        }
        None => ui.note("nothing to commit: HEAD's documents hold every record"),
    }
    Ok(())
}

fn tell(caught: &Caught, rehearsed: bool, ui: &mut Ui) {
    recorded::tell(caught, ui);
    let changes = &caught.outcome.prepared.changes;
    if !changes.iter().any(Change::is_any) {
        if is_whole(&caught.outcome) {
            ui.note("nothing to record: the documents hold every linked commit");
        }
        return;
    }
    for change in changes.iter().filter(|change| recorded::summary(&change.plan).is_empty()) {
        let place = &change.place;
        let done = if place.view_of.is_some() { "brought up to date" } else { "counted again" };
        if change.is_any() {
            ui.note(format!("{}: {done} ({})", place.feature, place.path));
        }
    }
    if rehearsed {
        ui.note("(a rehearsal: nothing was written)");
    }
}

/// Whether every link found its place.
fn is_whole(outcome: &Recorded) -> bool {
    let Prepared { unplaced, ambiguous, .. } = &outcome.prepared;
    unplaced.is_empty() && ambiguous.is_empty()
}

/// Shows every change as a diff.
pub(super) fn show_diff(prepared: &Prepared, ui: &mut Ui) {
    for change in &prepared.changes {
        if let Some((before, after)) = &change.work_tree {
            diff::show(&change.place.path, before, after, ui);
        }
    }
}

/// The changes for `--json`.
pub(super) fn report(prepared: &Prepared) -> Report {
    let changed = prepared.changes.iter().filter(|change| change.is_any());
    let documents = changed.map(|change| Document {
        path: change.place.path.clone(),
        feature: change.place.feature.to_string(),
        ticked: change.plan.ticked.clone(),
        reopened: change.plan.reopened.clone(),
        entries_added: change.plan.entries_added.iter().map(Oid::to_string).collect(),
        entries_moved: change.plan.entries_moved.iter().map(moved).collect(),
        entries_pruned: change.plan.entries_pruned.clone(),
    });
    let reason = |unplaced: &Unplaced| Reason {
        oid: unplaced.oid.to_string(),
        reason: unplaced.reason.clone(),
    };
    Report {
        documents: documents.collect(),
        unplaced: prepared.unplaced.iter().map(reason).collect(),
        ambiguous: prepared.ambiguous.iter().map(reason).collect(),
    }
}
