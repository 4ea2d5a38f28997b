//! `git spec-log backfill`

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::Outcome;
use super::address::Shelf;
use super::sync;
use super::views::{self, Links};
use crate::doc::Document;
use crate::record::{Caught, Change, Outcome as Recorded, Past, Place, Traced};
use crate::report::commits::LinkView;
use crate::report::past::{CommitView, FeatureView, LeftOutView, PastView, ReasonView};
use crate::report::{Exit, Failure, Progress, Ui, recorded};

/// How long history may be read before a word is said about it.
const PATIENCE: Duration = Duration::from_secs(1);

/// Link the history from before the tool
///
/// Reads all of HEAD's history in every form that is known, whatever forms the
/// documents here read, and shows per feature which commits would be linked,
/// which tasks ticked, and on what evidence; --write does it. A link is certain
/// where the message has our own tag (tag), and high where it names the feature
/// (named, scope), where the commit touches that feature's document and no other
/// (document), where it takes back a linked commit (revert), or where the form is
/// one that the documents here read. A match that nothing speaks for but its
/// being the only one (unique) is low and left out, as is all that is ambiguous
/// or keeps books only.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The feature; every one of them where none is named
    #[arg(value_name = "FEATURE")]
    pub feature: Option<String>,
    /// Write it into the documents
    #[arg(long)]
    pub write: bool,
    /// Take in what nothing but a unique match speaks for
    #[arg(long)]
    pub uncertain: bool,
    /// Show the change as a diff
    #[arg(long)]
    pub diff: bool,
}

#[derive(Serialize)]
struct Report {
    features: Vec<FeatureView>,
    left_out: Vec<LeftOutView>,
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Outcome {
    let shelf = Shelf::open(ui)?;
    let place = args.feature.as_deref().map(|name| shelf.feature(name)).transpose()?;
    let mut past = read(&shelf, place, args.uncertain, ui)?;
    // What is shown is what was there before.
    let features = features(&shelf, &past, place, ui)?;
    let mut caught = match args.write {
        true => shelf.project.record_past(&past)?,
        false => {
            let prepared = shelf.project.rehearse_past(&past)?;
            Caught { outcome: Recorded { prepared, ..Recorded::default() }, ..Caught::default() }
        }
    };
    sync::insist_on_writing(&mut caught, ui)?;
    sync::leave_unsaid(&mut caught);
    past.leave_out(&caught.outcome.prepared);
    let changes = &caught.outcome.prepared.changes;
    let features = features.into_iter().map(|feature| with_change(feature, changes)).collect();
    let left_out = past.left_out.iter().map(|one| LeftOutView {
        oid: one.oid.to_string(),
        reason: one.reason.to_string(),
        hash: one.oid.abbrev(shelf.project.config().abbrev),
        subject: one.summary.clone(),
    });
    let report = Report { features, left_out: left_out.collect() };
    if ui.is_json() {
        ui.json("backfill", &report);
        return Ok(Exit::Fine);
    }
    ui.page();
    let Report { features, left_out } = report;
    PastView { features, left_out, reasons: reasons(&past) }.show(ui);
    if args.diff {
        sync::show_diff(&caught.outcome.prepared, ui);
    }
    tell(&caught, args.write, ui);
    Ok(Exit::Fine)
}

/// Reads history; on a terminal it is said how far, where that takes long.
fn read(shelf: &Shelf, place: Option<&Place>, uncertain: bool, ui: &Ui) -> Result<Past, Failure> {
    let (begun, mut said, mut line) = (Instant::now(), Duration::ZERO, ui.progress());
    let mut progress = |done: usize, all: usize| {
        let passed = begun.elapsed();
        let is_due = passed > PATIENCE && passed - said > PATIENCE / 4;
        if let Some(line) = line.as_mut().filter(|_| is_due) {
            said = passed;
            line.show_part(done as u64, all as u64);
        }
    };
    let feature = place.map(|place| &place.feature);
    let past = shelf.project.past(feature, uncertain, &mut progress);
    line.iter_mut().for_each(Progress::clear);
    Ok(past?)
}

/// The commits of each feature, by feature.
fn features(
    shelf: &Shelf,
    past: &Past,
    only: Option<&Place>,
    ui: &mut Ui,
) -> Result<Vec<FeatureView>, Failure> {
    let links = Links::new(shelf);
    let mut features: BTreeMap<&str, FeatureView> = BTreeMap::new();
    for traced in &past.commits {
        for feature in traced.linked.features() {
            let places = shelf.catalog.of(feature);
            let [place] = places.as_slice() else { continue };
            if only.is_some_and(|only| only.feature != *feature) {
                continue;
            }
            let commit = commit(shelf, &links, traced, place);
            let document = links.document(place);
            let view = features.entry(&place.path).or_insert_with(|| FeatureView {
                feature: feature.to_string(),
                path: place.path.clone(),
                commits: Vec::new(),
                ticked: Vec::new(),
                done: document.map_or((0, 0), done),
                would_be_done: None,
            });
            view.commits.push(commit);
        }
    }
    links.warn(ui);
    let mut features: Vec<FeatureView> = features.into_values().collect();
    features.sort_by(|a, b| (&a.feature, &a.path).cmp(&(&b.feature, &b.path)));
    Ok(features)
}

fn commit(shelf: &Shelf, links: &Links<'_>, traced: &Traced, place: &Place) -> CommitView {
    let commit = &traced.linked.commit;
    let (basis, confidence) = traced.basis(&place.feature);
    let own = |link: &LinkView| link.feature == place.feature.to_string();
    CommitView {
        oid: commit.oid.to_string(),
        summary: commit.subject(),
        links: links.links(&traced.linked).into_iter().filter(own).collect(),
        evidence: basis.name(),
        confidence: confidence.name(),
        hash: commit.oid.abbrev(shelf.project.config().abbrev),
        date: commit.commit_time.date(),
    }
}

/// How many of a document's tasks are done, and how many there are.
fn done(document: &Document) -> (usize, usize) {
    let count = views::count(document);
    (count.done, count.total)
}

fn with_change(mut feature: FeatureView, changes: &[Change]) -> FeatureView {
    if let Some(change) = changes.iter().find(|change| change.place.path == feature.path) {
        feature.ticked.clone_from(&change.plan.ticked);
        let text = change.work_tree.as_ref().map(|(_, after)| after);
        let text = text.or(change.index.as_ref().map(|(_, after)| after));
        let document =
            text.map(|text| Document::read(&feature.path, text.clone(), change.place.dialect));
        feature.would_be_done = document.as_ref().map(done);
    }
    feature
}

fn reasons(past: &Past) -> Vec<ReasonView> {
    let view = |(count, one): (usize, &crate::record::LeftOut)| ReasonView {
        count,
        kind: one.reason.kind(),
        subject: one.summary.clone(),
    };
    past.reasons().into_iter().map(view).collect()
}

fn tell(caught: &Caught, written: bool, ui: &mut Ui) {
    let changes = &caught.outcome.prepared.changes;
    match (changes.iter().any(Change::is_any), written) {
        (false, _) => ui.note("nothing to record: the documents hold every one of these links"),
        (true, true) => recorded::tell(caught, ui),
        (true, false) => {
            ui.note("(a rehearsal: nothing was written)");
            ui.hint("git spec-log backfill --write does it, and --diff shows the change");
        }
    }
}
