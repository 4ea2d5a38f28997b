//! Which tasks a tag means, and what it asks of them.

use super::Note;
use crate::commit::Oid;
use crate::config::Tick;
use crate::doc::{Document, Lookup, TaskItem};
use crate::tag::{Selector, Tag, Word};

/// What a link asks of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// Open, and not in progress.
    Reopen,
    /// Open and in progress.
    Begin,
    /// Done, if all its parts are.
    Tick,
    /// Done with all its parts, whatever they were.
    TickAll,
}

impl Ask {
    /// Whether it asks to finish a task.
    pub(super) fn finishes(self) -> bool {
        matches!(self, Self::Tick | Self::TickAll)
    }

    /// Whether a task is in the state asked for, or has been since: what is done
    /// was begun.
    pub(super) fn is_outdone_by(self, document: &Document, task: usize) -> bool {
        let is_done = document.tasks()[task].state.is_done();
        self.is_shown_by(document, task) || self == Self::Begin && is_done
    }

    /// Whether a task is in the state asked for; one whose parts keep it open
    /// is as done as a bare tag can make it.
    pub(super) fn is_shown_by(self, document: &Document, task: usize) -> bool {
        let TaskItem { state, begun, .. } = &document.tasks()[task];
        let is_held =
            || document.children(task).any(|part| !document.tasks()[part].state.is_done());
        match self {
            Self::Reopen => !state.is_done(),
            Self::Begin => *begun,
            Self::Tick => state.is_done() || *begun && is_held(),
            Self::TickAll => state.is_done(),
        }
    }
}

/// Why a tag cannot be followed.
pub(super) enum Fault {
    Unknown(crate::task::TaskId),
    Duplicate(crate::task::TaskId, Vec<usize>),
}

impl Fault {
    pub(super) fn note(self, document: &Document, oid: Oid) -> Note {
        match self {
            Self::Unknown(task) => Note::UnknownTask { oid, task },
            Self::Duplicate(task, at) => {
                let line = |&at: &usize| document.line(document.tasks()[at].text.start);
                Note::DuplicateTask { oid, task, lines: at.iter().map(line).collect() }
            }
        }
    }
}

/// The tasks that tags touch and what they ask of each, the parts of a task
/// that is done with all its parts included.
pub(super) fn targets(
    document: &Document,
    tags: &[Tag],
    tick: Tick,
    mut fault: impl FnMut(Fault),
) -> Vec<(usize, Ask)> {
    let mut touched = Vec::new();
    for tag in tags {
        let ask = ask(tag.word, tick);
        for task in tag.tasks.iter().flat_map(|selector| select(document, selector, &mut fault)) {
            touched.push((task, ask));
            if ask == Ask::TickAll {
                touched.extend(document.below(task).map(|part| (part, ask)));
            }
        }
    }
    touched
}

/// Whether a task that tags name is part of one that is done: opening it again
/// asks what that one's own newest link said.
pub(super) fn may_open_a_done_task(document: &Document, tags: &[Tag]) -> bool {
    let is_done = |task: usize| document.tasks()[task].state.is_done();
    let mut selectors = tags.iter().flat_map(|tag| &tag.tasks);
    selectors.any(|selector| {
        let tasks = select(document, selector, &mut |_| {});
        tasks.into_iter().any(|task| document.ancestors(task).any(is_done))
    })
}

/// The tasks that a commit's tags touch and what they say of each, the parts
/// of a task that is done with all its parts included; none where commits set
/// no boxes.
pub fn touched(document: &Document, tags: &[Tag], tick: Tick) -> Vec<(usize, Word)> {
    if tick == Tick::Never {
        return Vec::new();
    }
    let word = |ask| match ask {
        Ask::Reopen => Word::Reopen,
        Ask::Begin => Word::Wip,
        Ask::Tick => Word::None,
        Ask::TickAll => Word::Done,
    };
    let found = targets(document, tags, tick, |_| {});
    found.into_iter().map(|(task, ask)| (task, word(ask))).collect()
}

fn ask(word: Word, tick: Tick) -> Ask {
    match word {
        Word::Wip => Ask::Begin,
        Word::None if tick == Tick::DoneOnly => Ask::Begin,
        Word::None => Ask::Tick,
        Word::Done => Ask::TickAll,
        Word::Reopen => Ask::Reopen,
    }
}

fn select(document: &Document, selector: &Selector, fault: &mut impl FnMut(Fault)) -> Vec<usize> {
    match selector {
        Selector::One(id) => match document.find(id) {
            Lookup::One(task) => return vec![task],
            Lookup::Many(tasks) => fault(Fault::Duplicate(id.clone(), tasks)),
            Lookup::None => fault(Fault::Unknown(id.clone())),
        },
        Selector::Range(first, last) => {
            let found = between(document, first, last);
            if found.is_empty() {
                fault(Fault::Unknown(first.clone()));
            }
            return found;
        }
    }
    Vec::new()
}

/// The document's own tasks from one id to another, both included, of the same
/// level of numbering as the ends.
pub fn between(
    document: &Document,
    first: &crate::task::TaskId,
    last: &crate::task::TaskId,
) -> Vec<usize> {
    let within = |at: &usize| {
        document.tasks()[*at].id.as_ref().is_some_and(|id| {
            first <= id
                && id <= last
                && id.level() == first.level()
                && matches!(document.find(id), Lookup::One(_))
        })
    };
    (0..document.tasks().len())
        .filter(|at| document.tasks()[*at].checklist.is_none())
        .filter(within)
        .collect()
}
