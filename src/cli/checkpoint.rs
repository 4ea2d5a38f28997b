//! `git spec-log checkpoint`

use serde::Serialize;

use super::address::Shelf;
use super::{Outcome, sync};
use crate::plan::counts::Count;
use crate::plan::session::{Checkpoint, NO_LOG, Prose, Sitting, Step};
use crate::record::Place;
use crate::report::{Exit, Line, Ui, recorded};

/// End a stretch of work: record what is owed, and log the session
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// PRD-07, 7, a slug or a document's path; may be left out where it is clear
    #[arg(value_name = "FEATURE")]
    pub feature: Option<String>,
    /// What went wrong
    #[arg(long, value_name = "TEXT")]
    pub issues: Option<String>,
    /// What was decided
    #[arg(long, value_name = "TEXT")]
    pub decisions: Option<String>,
    /// Where to go on; the next open task where not given
    #[arg(long, value_name = "TEXT")]
    pub next: Option<String>,
    /// Say what would change and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Show the change as a diff
    #[arg(long)]
    pub diff: bool,
}

#[derive(Serialize)]
struct Fields {
    #[serde(flatten)]
    recorded: sync::Report,
    session: Option<Session>,
    phases: Vec<Phase>,
    left_out: Option<&'static str>,
}

#[derive(Serialize)]
struct Session {
    number: usize,
    start: String,
    end: String,
    completed: Vec<String>,
}

#[derive(Serialize)]
struct Phase {
    title: String,
    before: Figures,
    after: Figures,
}

#[derive(Serialize)]
struct Figures {
    done: usize,
    total: usize,
    percent: usize,
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Outcome {
    let shelf = Shelf::open(ui)?;
    let place = match &args.feature {
        Some(name) => shelf.feature(name)?,
        None => shelf.only()?,
    };
    let place = shelf.with_tasks(place, ui)?;
    let Args { issues, decisions, next, .. } = args;
    let prose = Prose { issues: issues.clone(), decisions: decisions.clone(), next: next.clone() };
    let (mut caught, checkpoint) = match args.dry_run {
        true => shelf.project.rehearse_checkpoint(place, &prose)?,
        false => shelf.project.checkpoint(place, &prose)?,
    };
    sync::insist_on_writing(&mut caught, ui)?;
    // What a person said must not be taken for written.
    let is_lost = checkpoint.left_out.is_some() && prose.is_any();
    let exit = if is_lost { Exit::Usage } else { Exit::Fine };
    if ui.is_json() {
        let recorded = sync::report(&caught.outcome.prepared);
        ui.json("checkpoint", &fields(recorded, &checkpoint));
        return Ok(exit);
    }
    if args.diff {
        ui.page();
        sync::show_diff(&caught.outcome.prepared, ui);
    }
    recorded::tell(&caught, ui);
    tell(&checkpoint, is_lost, place, ui);
    if args.dry_run {
        ui.note("(a rehearsal: nothing was written)");
    }
    Ok(exit)
}

fn fields(recorded: sync::Report, checkpoint: &Checkpoint) -> Fields {
    let session = checkpoint.session.clone().map(|session| {
        let Sitting { number, start, end, completed } = session;
        Session { number, start, end, completed }
    });
    let figures = |count: Count| {
        let (done, total, percent) = (count.done, count.total, count.percent());
        Figures { done, total, percent }
    };
    let phase = |step: &Step| Phase {
        title: step.title.clone(),
        before: figures(step.before),
        after: figures(step.after),
    };
    let phases = checkpoint.phases.iter().map(phase).collect();
    Fields { recorded, session, phases, left_out: checkpoint.left_out }
}

fn tell(checkpoint: &Checkpoint, is_lost: bool, place: &Place, ui: &mut Ui) {
    match &checkpoint.session {
        Some(session) => {
            let Sitting { number, start, end, .. } = session;
            ui.note(format!("session {number}: {start} - {end}"));
        }
        None if checkpoint.left_out.is_none() && checkpoint.patch.is_empty() => {
            ui.note("nothing new since the last session");
        }
        None => {}
    }
    if let Some(why) = checkpoint.left_out {
        tell_left_out(why, is_lost, place, ui);
    }
    for Step { title, before, after } in &checkpoint.phases {
        let figures =
            |count: &Count| format!("{}/{} ({}%)", count.done, count.total, count.percent());
        ui.line(Line::from(format!("{title}: {} -> {}", figures(before), figures(after))));
    }
}

/// Says why no session was written, and what to do about it.
fn tell_left_out(why: &'static str, is_lost: bool, place: &Place, ui: &mut Ui) {
    match is_lost {
        true => ui.warning(format!("what you said is not written to {}: {why}", place.path)),
        false => ui.note(format!("no session was logged: {why} ({})", place.path)),
    }
    match why {
        NO_LOG => ui.hint(&format!(
            "add a line `## Session Log` to {}, then run git spec-log checkpoint again",
            place.path
        )),
        _ if is_lost => ui.hint("put it into the document by hand"),
        _ => {}
    }
}
