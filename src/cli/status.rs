//! `git spec-log status`

use serde::Serialize;

use super::address::{HOW_TO_BEGIN, Shelf};
use super::{Outcome, views};
use crate::doc::Document;
use crate::record::Place;
use crate::report::features::{self, FeatureView};
use crate::report::{Exit, Failure, Line, Ui};

/// Show a line per feature: bar, done/total, percent, state, stamp, next task
#[derive(Debug, Default, clap::Args)]
pub(super) struct Args {
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
    ui.page();
    for (at, line) in features::lines(&features).into_iter().enumerate() {
        ui.line(line);
        if !args.features.is_empty() {
            features::details(&features[at]).into_iter().for_each(|line| ui.line(line));
        }
    }
    tell_active(&features, ui);
    tell_unrecorded(&features, ui);
    Ok(Exit::Fine)
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
    let mut read: Vec<(&Place, Document)> = Vec::new();
    for (place, document) in shelf.project.documents(places) {
        match document {
            Ok(document) => read.push((place, document)),
            Err(error) => ui.warning(error.to_string()),
        }
    }
    let pairs: Vec<(&Place, &Document)> =
        read.iter().map(|(place, document)| (*place, document)).collect();
    let unrecorded = shelf.project.unrecorded(&pairs)?;
    let active = shelf.project.state().active();
    let view = |((place, document), unrecorded): ((&Place, &Document), usize)| {
        views::feature(place, document, active.as_ref(), unrecorded)
    };
    Ok(pairs.into_iter().zip(unrecorded).map(view).collect())
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
