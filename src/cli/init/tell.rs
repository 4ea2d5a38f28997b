//! What `init` has to say.

use std::path::Path;

use serde::Serialize;

use super::documents::{Document, Documents};
use super::plan::{Action, Step, Way};
use super::{Args, Plan};
use crate::repo::Site;
use crate::report::{Ink, Line, Ui};

/// Says what was done, or would be, to each hook; then what is left to do.
pub(super) fn people(args: &Args, site: &Site, plan: &Plan, ui: &mut Ui) {
    let steps: &[Step] = &plan.steps;
    if steps.is_empty() {
        ui.note("nothing of spec-log is installed here");
    }
    for step in steps {
        let (ink, word) = match (step.action, args.dry_run) {
            (Action::Install, false) => (Ink::Good, "installed"),
            (Action::Install, true) => (Ink::Good, "would install"),
            (Action::Update, false) => (Ink::Good, "updated"),
            (Action::Update, true) => (Ink::Good, "would update"),
            (Action::Remove, false) => (Ink::Good, "removed"),
            (Action::Remove, true) => (Ink::Good, "would remove"),
            (Action::Keep | Action::Absent, _) => (Ink::Faint, "unchanged"),
            (Action::Paste, _) => (Ink::Warn, "left to you"),
        };
        let name = format!("{:<18} ", step.hook);
        ui.note(
            Line::new(Ink::Name, &name).add(ink, word).plain("  ").plain(short(&step.place, site)),
        );
    }
    for step in steps.iter().filter(|step| step.action == Action::Paste) {
        let reason = step.reason.as_deref().unwrap_or_default();
        ui.warning(format!("{} was not touched: {reason}", short(&step.place, site)));
        step.hint.iter().for_each(|hint| ui.hint(hint));
    }
    plan.documents.iter().for_each(|documents| documents.tell(ui));
    for suggestion in &plan.suggestions {
        suggestion.why.iter().for_each(|line| ui.hint(line));
        ui.hint(&format!("  {}", suggestion.command));
    }
}

/// What a person may want besides.
pub(super) struct Suggestion {
    /// What for, in lines.
    pub why: &'static [&'static str],
    /// What to run.
    pub command: String,
}

/// A place below the work tree without the way to there.
fn short<'a>(place: &'a str, site: &Site) -> &'a str {
    let top = site.top.as_deref().and_then(Path::to_str).unwrap_or_default();
    let below = place.strip_prefix(top).and_then(|below| below.strip_prefix('/'));
    below.filter(|_| !top.is_empty()).unwrap_or(place)
}

/// The same for scripts.
pub(super) fn json(args: &Args, plan: &Plan, ui: &mut Ui) {
    let hooks = plan.steps.iter().map(|step| HookAnswer {
        hook: step.hook,
        action: step.action,
        place: &step.place,
        reason: step.reason.as_deref(),
        hint: step.hint.as_deref(),
    });
    let answer = Answer {
        way: plan.way,
        dry_run: args.dry_run,
        hooks: hooks.collect(),
        suggestions: plan.suggestions.iter().map(|one| one.command.as_str()).collect(),
        documents: plan.documents.as_ref().map(Documents::list).unwrap_or_default(),
    };
    ui.json("init", &answer);
}

#[derive(Serialize)]
struct Answer<'a> {
    way: Option<Way>,
    dry_run: bool,
    hooks: Vec<HookAnswer<'a>>,
    suggestions: Vec<&'a str>,
    documents: &'a [Document],
}

#[derive(Serialize)]
struct HookAnswer<'a> {
    hook: &'a str,
    action: Action,
    place: &'a str,
    reason: Option<&'a str>,
    hint: Option<&'a str>,
}
