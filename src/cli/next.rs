//! `git spec-log next`

use serde::Serialize;

use super::address::{HOW_TO_BEGIN, Shelf};
use super::{Outcome, views};
use crate::doc::dialect::is_put_away;
use crate::record::Place;
use crate::report::tasks::NextView;
use crate::report::{Exit, Ink, Line, Ui};

/// How many tasks of a feature are shown to people who do not say.
const FEW: usize = 5;

/// Show the next open tasks
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// PRD-07, 7, a slug or a document's path; that of the active task or of the
    /// branch's name, else all, where none is given
    #[arg(value_name = "FEATURE")]
    pub feature: Option<String>,
    /// Show at most N tasks of a feature; 5 where not given, and all with --json
    #[arg(short = 'n', long = "max-count", value_name = "N")]
    pub count: Option<usize>,
}

#[derive(Serialize)]
struct Fields {
    tasks: Vec<Task>,
}

#[derive(Serialize)]
struct Task {
    feature: String,
    #[serde(flatten)]
    task: NextView,
    path: String,
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Outcome {
    let shelf = Shelf::open(ui)?;
    let mut places = match &args.feature {
        Some(name) => vec![shelf.feature(name)?],
        None => Some(shelf.meant()).filter(|own| !own.is_empty()).unwrap_or(worked_on(&shelf)),
    };
    if let [place] = places.as_mut_slice() {
        *place = shelf.with_tasks(place, ui)?;
    }
    if places.is_empty() {
        ui.note("no feature is tracked here yet");
        ui.hint(HOW_TO_BEGIN);
    }
    let mut fields = Fields { tasks: Vec::new() };
    let mut all_done = !places.is_empty();
    for (place, open) in shelf.project.read_each(&places, |_, document| views::open(&document)) {
        let open = match open {
            Ok(open) => open,
            Err(error) if args.feature.is_none() => {
                ui.warning(error.to_string());
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        all_done &= open.is_empty();
        if ui.is_json() {
            let most = args.count.unwrap_or(usize::MAX);
            fields.tasks.extend(open.into_iter().take(most).map(|task| Task::of(place, task)));
        } else if !open.is_empty() {
            tell(place, &open, args.count.unwrap_or(FEW), ui);
        }
    }
    if all_done {
        ui.note("nothing is open");
    }
    if ui.is_json() {
        ui.json("next", &fields);
    }
    Ok(Exit::Fine)
}

/// The documents of a work tree that were not archived.
fn worked_on(shelf: &Shelf) -> Vec<&Place> {
    let mut places = shelf.places();
    places.retain(|place| !is_put_away(&place.path));
    places
}

impl Task {
    fn of(place: &Place, task: NextView) -> Self {
        Self { feature: place.feature.to_string(), task, path: place.path.clone() }
    }
}

fn tell(place: &Place, open: &[NextView], most: usize, ui: &mut Ui) {
    let feature = place.feature.to_string();
    ui.line(Line::new(Ink::Name, &feature).plain("  ").add(Ink::Faint, &place.path));
    let shown = &open[..most.min(open.len())];
    let number = |task: &NextView| task.line.to_string().len();
    let columns = shown.iter().map(number).max().unwrap_or(0);
    for task in shown {
        let line = format!(":{:<columns$}", task.line);
        ui.line(Line::from("  ").add(Ink::Faint, &line).plain("  ").plain(&task.name()));
    }
    if open.len() > shown.len() {
        let rest = format!("  and {} more", open.len() - shown.len());
        ui.line(Line::new(Ink::Faint, &rest));
    }
}
