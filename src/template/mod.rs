//! Templates → new documents.
//!
//! A template of the repository's and one of ours are filled in by the same
//! functions: the title, the number, the slug and the dates where the template
//! asks for them, then the phases of a plan in the place of its examples. All
//! else is kept byte for byte.

pub mod built_in;
mod fill;
mod phases;
mod put;
mod slug;

use crate::commit::Time;
use crate::doc::dialect::Dialect;
use crate::doc::edit::{Habits, Wanted, set_task};
use crate::doc::{Document, State};
use crate::patch::Patch;
use crate::plan::counts;

pub use phases::{Phase, Task, phases};
pub use slug::slug;

/// What a new document is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// Its title, on one line.
    pub title: String,
    /// Its number, where it has one.
    pub number: Option<u32>,
    /// Its title as a name for files and folders.
    pub slug: String,
    /// The folder that it lies in.
    pub folder: String,
    /// The plan that its tasks are taken from.
    pub plan: Option<String>,
    /// When it is made.
    pub now: Time,
}

/// Fills a template in for a document at a path, and puts these phases in the
/// place of its own where there are any. Boxes that the template's examples
/// have ticked are opened, and its figures counted.
pub fn instantiate(
    template: Vec<u8>,
    path: &str,
    dialect: &'static Dialect,
    names: &Names,
    phases: &[Phase],
) -> Vec<u8> {
    let read = |text: Vec<u8>| Document::read(path, text, dialect);
    let filled = read(fill::fill(&read(template), names));
    let planned = match phases {
        [] => filled,
        _ => read(put::put(&filled, phases)),
    };
    settled(&planned)
}

/// Fills in a file beside a document, which has no tasks of its own.
pub fn fill_in(template: Vec<u8>, path: &str, dialect: &'static Dialect, names: &Names) -> Vec<u8> {
    fill::fill(&Document::read(path, template, dialect), names)
}

/// Opens the boxes of the template's examples, and counts.
fn settled(document: &Document) -> Vec<u8> {
    let habits = Habits::of(document);
    let mut patch = Patch::default();
    let mut wanted: Vec<Wanted> = document.tasks().iter().map(Wanted::as_is).collect();
    for (at, task) in document.tasks().iter().enumerate() {
        if is_example(document.task_title(at)) && task.state.is_done() | wanted[at].in_progress {
            wanted[at] = Wanted { state: State::Open, in_progress: false };
            set_task(document, task, wanted[at], habits, &mut patch);
        }
    }
    counts::recount(document, &wanted, &mut patch);
    patch.apply(document.bytes())
}

/// Whether a task says nothing yet: `[Task description]`, or no word at all.
fn is_example(title: &str) -> bool {
    let within = |open, close| title.starts_with(open) && title.ends_with(close);
    title.is_empty() || within('[', ']') || within('{', '}')
}
