//! The picture as titled parts, for whichever text it becomes.

use super::budget::noun;
use super::{RecoverView, StaleView, StepView, TouchView};
use crate::report::Ink;

/// How many files of a commit are named.
const FILES: usize = 6;

/// A part of the picture.
pub(super) struct Part {
    /// What it is called.
    pub(super) title: &'static str,
    /// What it holds.
    pub(super) items: Vec<Item>,
}

/// One thing of a part.
pub(super) struct Item {
    /// What it says.
    pub(super) text: String,
    /// Where that is, or what belongs to it.
    pub(super) aside: String,
    /// What it means.
    pub(super) ink: Ink,
    /// Whether it is to be typed.
    pub(super) is_command: bool,
}

impl Item {
    fn new(text: impl Into<String>, aside: impl Into<String>) -> Self {
        Self { text: text.into(), aside: aside.into(), ink: Ink::Plain, is_command: false }
    }

    fn command(text: &str) -> Self {
        Self { is_command: true, ..Self::new(text, "") }
    }

    fn inked(self, ink: Ink) -> Self {
        Self { ink, ..self }
    }
}

/// The parts that hold anything, the most important first.
pub(super) fn parts(view: &RecoverView) -> Vec<Part> {
    let text = |text: &Option<String>| text.iter().map(|text| Item::new(text, "")).collect();
    let mut parts = vec![
        Part { title: "What", items: text(&view.what) },
        Part { title: "Why", items: text(&view.why) },
        Part { title: "Next", items: next(view) },
        Part { title: "Stale", items: view.stale.iter().flat_map(stale).collect() },
        Part { title: "Uncommitted", items: uncommitted(view) },
        Part { title: "To resume", items: view.resume.iter().map(|c| Item::command(c)).collect() },
        Part {
            title: "Blocked",
            items: view.blockers.iter().map(|text| Item::new(text, "").inked(Ink::Warn)).collect(),
        },
        Part { title: "Then", items: then(view) },
        Part {
            title: "Decided",
            items: view.decisions.iter().map(|text| Item::new(text, "")).collect(),
        },
        Part { title: "Last commits", items: view.commits.iter().map(touch).collect() },
        Part { title: "Phases", items: phases(view) },
        Part { title: "Other features", items: others(view) },
        Part { title: "Left out", items: left_out(view) },
    ];
    parts.retain(|part| !part.items.is_empty());
    parts
}

fn step(step: &StepView) -> Item {
    Item::new(step.task.name(), format!("{}:{}", step.path, step.task.line))
}

fn next(view: &RecoverView) -> Vec<Item> {
    let Some(next) = &view.next_task else {
        let said = if view.total == 0 { "the document has no task" } else { "nothing is open" };
        return vec![Item::new(said, "")];
    };
    let active =
        view.active_task.iter().map(|id| Item::new(format!("{id} is the active task"), ""));
    let tag = view.tag.iter().map(|tag| Item::new(format!("its commit says {tag}"), ""));
    std::iter::once(step(next).inked(Ink::Good)).chain(active).chain(tag).collect()
}

fn then(view: &RecoverView) -> Vec<Item> {
    view.open_tasks.iter().skip(1).map(step).collect()
}

fn stale(stale: &StaleView) -> Vec<Item> {
    let place = match stale.line {
        Some(line) => format!("{}:{line}", stale.path),
        None => stale.path.clone(),
    };
    let hints = stale.hint.iter().flat_map(|hint| hint.lines());
    let hints = hints.map(|hint| Item::new(format!("→ {hint}"), "").inked(Ink::Hint));
    std::iter::once(Item::new(&stale.message, place).inked(Ink::Warn)).chain(hints).collect()
}

fn uncommitted(view: &RecoverView) -> Vec<Item> {
    view.uncommitted.iter().map(|one| Item::new(&one.path, one.state)).collect()
}

fn touch(touch: &TouchView) -> Item {
    let mut files: Vec<&str> = touch.files.iter().take(FILES).map(String::as_str).collect();
    let rest = format!("and {} more", touch.files.len().saturating_sub(FILES));
    if touch.files.len() > FILES {
        files.push(&rest);
    }
    Item::new(touch.commit.words(), files.join(", "))
}

fn phases(view: &RecoverView) -> Vec<Item> {
    let phases = view.phases.iter();
    phases.map(|phase| Item::new(&phase.title, format!("{}/{}", phase.done, phase.total))).collect()
}

fn others(view: &RecoverView) -> Vec<Item> {
    let why = match view.chosen {
        "newest_commit" => format!("{} has the newest linked commit", view.feature),
        _ => String::new(),
    };
    let named = || Item::new(view.others.join(", "), why);
    (!view.others.is_empty()).then(named).into_iter().collect()
}

fn left_out(view: &RecoverView) -> Vec<Item> {
    // The files are named with their commits.
    let lists = view.left_out.iter().filter(|(list, _)| **list != "files");
    let counts: Vec<String> =
        lists.map(|(list, count)| format!("{count} of the {}", noun(list))).collect();
    (!counts.is_empty()).then(|| Item::new(counts.join(", "), "")).into_iter().collect()
}
