//! `git spec-log status`

use serde::Serialize;

use super::address::{HOW_TO_BEGIN, Shelf};
use super::{Outcome, views};
use crate::doc::Document;
use crate::doc::dialect::is_put_away;
use crate::record::Place;
use crate::report::features::{self, FeatureView};
use crate::report::{Exit, Failure, Line, Ui};

/// How many complete features are shown to people who do not ask for all.
const FEW: usize = 10;

/// Show a line per feature: bar, done/total, percent, state, stamp, next task
///
/// Complete features come last, and are left out where they are many. So are
/// those that were archived, and documents without a task or a status.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Args {
    /// Show every feature; --json always does
    #[arg(short, long)]
    pub all: bool,
    /// PRD-07, 7, a slug or a document's path; all features where none is named
    #[arg(value_name = "FEATURE")]
    pub features: Vec<String>,
}

#[derive(Serialize)]
struct Fields {
    features: Vec<FeatureView>,
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Outcome {
    let shelf = Shelf::open(ui)?;
    let places = chosen(args, &shelf, ui)?;
    let features = gather(&shelf, &places, ui)?;
    if ui.is_json() {
        ui.json("status", &Fields { features });
        return Ok(Exit::Fine);
    }
    if features.is_empty() {
        ui.note("no feature is tracked here yet");
        ui.hint(HOW_TO_BEGIN);
        return Ok(Exit::Fine);
    }
    let (shown, left_out) = match args.all || !args.features.is_empty() {
        true => (features, LeftOut::default()),
        false => worth_a_line(features),
    };
    show(&shown, !args.features.is_empty(), ui);
    left_out.tell(ui);
    tell_active(&shown, ui);
    tell_unrecorded(&shown, ui);
    Ok(Exit::Fine)
}

fn show(features: &[FeatureView], in_detail: bool, ui: &mut Ui) {
    ui.page();
    for (at, line) in features::lines(features).into_iter().enumerate() {
        ui.line(line);
        if in_detail {
            features::details(&features[at]).into_iter().for_each(|line| ui.line(line));
        }
    }
}

/// Whether all its tasks are done; where it has none its status tells.
fn is_complete(feature: &FeatureView) -> bool {
    let says_so = |status: &String| {
        ["done", "complete", "completed"].contains(&status.to_lowercase().as_str())
    };
    match feature.total {
        0 => feature.status.as_ref().is_some_and(says_so),
        total => feature.done == total,
    }
}

/// How many features are not shown, and why.
#[derive(Default)]
struct LeftOut {
    complete: usize,
    archived: usize,
    without_tasks: usize,
}

impl LeftOut {
    fn tell(&self, ui: &mut Ui) {
        let counts = [
            (self.complete, "complete"),
            (self.archived, "archived"),
            (self.without_tasks, "without tasks"),
        ];
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let counts: Vec<String> = counts.map(|(count, why)| format!("{count} {why}")).collect();
        if !counts.is_empty() {
            ui.note(format!("not shown: {} (status --all)", counts.join(", ")));
        }
    }
}

/// What is worked on, then what is complete, as long as that is little; the
/// rest is counted. A feature of which something is still to be recorded, or
/// whose task is active, is worked on.
fn worth_a_line(features: Vec<FeatureView>) -> (Vec<FeatureView>, LeftOut) {
    let mut left_out = LeftOut::default();
    let (mut shown, mut complete) = (Vec::new(), Vec::new());
    for feature in features {
        let is_busy = feature.unrecorded > 0 || feature.active_task.is_some();
        if is_busy {
            shown.push(feature);
        } else if is_put_away(&feature.path) {
            left_out.archived += 1;
        } else if feature.total == 0 && feature.status.is_none() {
            left_out.without_tasks += 1;
        } else if is_complete(&feature) {
            complete.push(feature);
        } else {
            shown.push(feature);
        }
    }
    if complete.len() > FEW {
        left_out.complete = complete.len();
    } else {
        shown.extend(complete);
    }
    (shown, left_out)
}

/// The documents that are named, or all.
fn chosen<'s>(args: &Args, shelf: &'s Shelf, ui: &mut Ui) -> Result<Vec<&'s Place>, Failure> {
    if args.features.is_empty() {
        for path in shelf.project.irregular_documents()? {
            ui.warning(format!("`{path}` is left out: it is not a regular file"));
        }
        return Ok(shelf.places());
    }
    let mut places: Vec<&Place> = Vec::new();
    for name in &args.features {
        let named = shelf.named(name);
        if named.is_empty() {
            return Err(shelf.unknown(name));
        }
        for place in named {
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }
    Ok(places)
}

/// Reads the documents; one that cannot be read is warned about and left out.
fn gather(shelf: &Shelf, places: &[&Place], ui: &mut Ui) -> Result<Vec<FeatureView>, Failure> {
    let active = shelf.project.state().active();
    let view = |place: &Place, document: Document| {
        (views::feature(place, &document, active.as_ref(), 0), document.hashes())
    };
    let (mut features, mut listed) = (Vec::new(), Vec::new());
    for (place, read) in shelf.project.read_each(places, view) {
        match read {
            Ok((feature, hashes)) => {
                features.push(feature);
                listed.push((place, hashes));
            }
            Err(error) => ui.warning(error.to_string()),
        }
    }
    let unrecorded = shelf.project.unrecorded(&listed)?;
    for (feature, unrecorded) in features.iter_mut().zip(unrecorded) {
        feature.unrecorded = unrecorded;
    }
    Ok(features)
}

fn tell_active(features: &[FeatureView], ui: &mut Ui) {
    for feature in features {
        if let Some(task) = &feature.active_task {
            ui.note(format!("{} {task} is active", feature.id));
        }
    }
}

fn tell_unrecorded(features: &[FeatureView], ui: &mut Ui) {
    let lacking: Vec<String> = features
        .iter()
        .filter(|feature| feature.unrecorded > 0)
        .map(|feature| format!("{} of {}", feature.unrecorded, feature.id))
        .collect();
    if !lacking.is_empty() {
        ui.note(Line::from(format!("linked commits not recorded yet: {}", lacking.join(", "))));
        ui.hint("git spec-log sync");
    }
}
