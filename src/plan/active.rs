//! The task that a person says they work on, shown in its document.

use super::states::leaf;
use super::targets::{Ask, targets};
use super::telling::{Telling, newest};
use super::{Known, Said};
use crate::config::Tick;
use crate::doc::edit::{Habits, Wanted, set_task};
use crate::doc::{Document, State};
use crate::patch::Patch;

/// Shows a task as worked on, as a tag with `wip` does. One that is done, or
/// whose mark has an unknown meaning, stays as it is.
pub fn begin(document: &Document, task: usize) -> Patch {
    let now = Wanted::as_is(&document.tasks()[task]);
    set(document, task, if now.state == State::Open { leaf(Ask::Begin) } else { now })
}

/// Shows a task as worked on no more, unless the newest of its links says that
/// it is.
pub fn cease(document: &Document, task: usize, history: &[Said], tick: Tick) -> Patch {
    let now = Wanted::as_is(&document.tasks()[task]);
    let in_progress = now.in_progress && is_begun_by_link(document, task, history, tick);
    set(document, task, Wanted { in_progress, ..now })
}

/// Shows a task as done: its own line alone, as a box that is set by hand.
pub fn finish(document: &Document, task: usize) -> Patch {
    set(document, task, leaf(Ask::Tick))
}

fn is_begun_by_link(document: &Document, task: usize, history: &[Said], tick: Tick) -> bool {
    let mut history: Vec<&Said> = history.iter().collect();
    history.sort_by_key(|said| said.commit.key());
    let tellings = Telling::now(Known { history: &history, dropped: &[] });
    let read = |tags: &[_]| targets(document, tags, tick, |_| {});
    match newest(&tellings, document.tasks().len(), read)[task] {
        Some((_, Ask::Begin)) => tick != Tick::Never,
        // Ticked by a tag, and kept open by what is open below it.
        Some((_, Ask::Tick | Ask::TickAll)) => {
            tick != Tick::Never
                && document.below(task).any(|part| !document.tasks()[part].state.is_done())
        }
        Some((_, Ask::Reopen)) | None => false,
    }
}

fn set(document: &Document, task: usize, wanted: Wanted) -> Patch {
    let mut patch = Patch::default();
    set_task(document, &document.tasks()[task], wanted, Habits::of(document), &mut patch);
    patch
}
