//! `git spec-log recover`

mod picture;

use serde_json::json;

use super::address::{HOW_TO_BEGIN, Shelf};
use super::log::Wanted;
use super::views::Links;
use super::{Outcome, project};
use crate::record::Place;
use crate::report::recover::{self, RecoverView, TooSmall};
use crate::report::{Exit, Failure, Ui};

/// How many of the newest linked commits are looked at for a feature that has
/// a document.
const NEWEST: usize = 50;

/// Show all that a reader who lost the context needs to go on
///
/// From git and the documents: what is built and why, how far it is, the next
/// task and its place, what holds it up, what was decided, the last commits and
/// their files, what is not committed, and commands to go on with. What the
/// documents lack of history is counted in, and said.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// PRD-07, 7, a slug or a document's path; where none is given that of the
    /// active task, of the branch's name, the only one, or the one with the
    /// newest linked commit
    #[arg(value_name = "FEATURE")]
    pub feature: Option<String>,
    /// Print markdown, for an agent
    #[arg(long)]
    pub markdown: bool,
    /// Print the JSON that agents' tools take from a hook at the start of a
    /// session; nothing to tell is {}
    #[arg(long, conflicts_with = "markdown")]
    pub hook_json: bool,
    /// Print at most N tokens of about four bytes, what matters most first
    #[arg(long, value_name = "N")]
    pub budget: Option<usize>,
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Outcome {
    if ui.is_json() && (args.markdown || args.hook_json) {
        return Err(Failure::usage("--json cannot be used with another form"));
    }
    match find(args, ui)? {
        Some(view) => tell(args, view, ui)?,
        None if args.hook_json => ui.raw(b"{}\n"),
        None => {}
    }
    Ok(Exit::Fine)
}

/// The picture; `None` where there is nothing to tell and nobody asked by name.
fn find(args: &Args, ui: &mut Ui) -> Result<Option<RecoverView>, Failure> {
    let may_be_silent = (ui.is_quiet() || args.hook_json) && args.feature.is_none();
    let shelf = match project::open(ui) {
        Ok(project) => Shelf::of(project, ui)?,
        Err(failure) if may_be_silent && is_outside(&failure) => return Ok(None),
        Err(failure) => return Err(failure),
    };
    shelf.project.keep_history()?;
    let links = Links::new(&shelf);
    match choose(args, &shelf, &links) {
        Ok((place, chosen)) => {
            let place = shelf.with_tasks(place, ui)?;
            let picture = picture::picture(place, chosen, &shelf, &links, ui);
            links.warn(ui);
            picture.map(Some)
        }
        Err(_) if may_be_silent => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn is_outside(failure: &Failure) -> bool {
    matches!(failure.code, "not-a-repository" | "bare-repository")
}

/// The document that is meant, and how that is known.
fn choose<'s>(
    args: &Args,
    shelf: &'s Shelf,
    links: &Links<'_>,
) -> Result<(&'s Place, &'static str), Failure> {
    if let Some(name) = &args.feature {
        return shelf.feature(name).map(|place| (place, "named"));
    }
    let unclear = match (shelf.only(), shelf.meant().is_empty()) {
        (Ok(place), false) => return Ok((place, "meant")),
        (Ok(place), true) => return Ok((place, "only")),
        (Err(failure), false) => return Err(failure),
        (Err(failure), true) => failure,
    };
    if shelf.places().is_empty() {
        return Err(unclear.hint(HOW_TO_BEGIN));
    }
    let newest = Wanted::default().commits(shelf, links, NEWEST)?;
    let paths =
        newest.iter().flat_map(|commit| &commit.links).filter_map(|link| link.path.as_ref());
    let place = paths
        .into_iter()
        .find_map(|path| shelf.places().into_iter().find(|place| place.path == *path));
    place.map(|place| (place, "newest_commit")).ok_or(unclear)
}

fn tell(args: &Args, view: RecoverView, ui: &mut Ui) -> Result<(), Failure> {
    let is_text = !ui.is_json() && !args.markdown && !args.hook_json;
    if is_text && args.budget.is_none() {
        ui.page();
        recover::lines(&view.brief()).into_iter().for_each(|line| ui.line(line));
        return Ok(());
    }
    let render = |view: &RecoverView| match () {
        () if args.hook_json => hook_json(&recover::markdown(view)),
        () if args.markdown => recover::markdown(view),
        () if is_text => recover::plain_text(view),
        () => view.json(),
    };
    let text = match args.budget {
        Some(tokens) => view.within(tokens, render).map_err(|small| too_small(tokens, small))?,
        None if args.markdown || args.hook_json => render(&view.brief()),
        None => render(&view),
    };
    ui.raw(text.as_bytes());
    Ok(())
}

/// What agents' tools add to the context when a session starts.
fn hook_json(markdown: &str) -> String {
    let output = json!({"hookEventName": "SessionStart", "additionalContext": markdown});
    json!({"hookSpecificOutput": output}).to_string() + "\n"
}

fn too_small(tokens: usize, TooSmall(enough): TooSmall) -> Failure {
    Failure::usage(format!("the next task does not fit into {tokens} tokens"))
        .hint(format!("git spec-log recover --budget {enough}"))
}
