//! What follows from the merged boxes: tasks with parts, *Status*, figures.

use std::collections::HashMap;

use super::boxes::{Key, key, keys};
use super::entries::{Listed, Listing};
use super::links::{Link, links};
use super::markers::View;
use super::{Joined, Side, Three};
use crate::doc::edit::{Habits, Wanted, set_task};
use crate::doc::{Document, State};
use crate::patch::Patch;
use crate::plan;
use crate::tag::Word;

/// Brings a joined text in line with its boxes. Where it holds conflicts the
/// boxes are read as ours has them.
pub(super) fn settle(documents: &Three<Document>, listing: &Listing, joined: Joined) -> Vec<u8> {
    let view = View::of(&joined.text, joined.marker);
    // A text that merely speaks of markers is not taken apart.
    if joined.conflicts > 0 && view.conflicts != joined.conflicts {
        return joined.text;
    }
    let text = if joined.conflicts > 0 { view.text.clone() } else { joined.text.clone() };
    let path = documents.ours.path();
    let document = Document::read(path, text, documents.ours.dialect());
    let patch = derived(&document, documents, listing);
    match joined.conflicts {
        0 => patch.apply(&joined.text),
        _ => view.in_original(&patch).apply(&joined.text),
    }
}

fn derived(document: &Document, documents: &Three<Document>, listing: &Listing) -> Patch {
    let mut patch = Patch::default();
    let known = Links::of(document, listing);
    let mut wanted: Vec<Wanted> = document.tasks().iter().map(Wanted::as_is).collect();
    let states = documents.map(states);
    for task in (0..wanted.len()).rev() {
        let concludes = |side: &Side| {
            shows(states.get(*side), document, task, &wanted)
                && known.newest_of(document, task).all(|at| listing.all[at].is_on(*side))
        };
        let concluding = Side::BOTH.into_iter().filter(|side| concludes(side));
        let stands = |side: Side| states.get(side).get(&key(document, task)) == Some(&wanted[task]);
        // No side has all that the state follows from, or the one that has
        // drew another conclusion.
        if concluding.map(stands).all(|stands| !stands) {
            known.derive(document, task, &mut wanted);
        }
    }
    let habits = Habits::of(document);
    for (task, wanted) in document.tasks().iter().zip(&wanted) {
        set_task(document, task, *wanted, habits, &mut patch);
    }
    if known.any_new() || moved(&states) || listing.kept().next().is_some() {
        plan::derive(document, wanted, known.any_new(), &mut patch);
    }
    patch
}

type States = HashMap<Key, Wanted>;

fn states(document: &Document) -> States {
    let wanted = |at: usize| Wanted::as_is(&document.tasks()[at]);
    keys(document).into_iter().map(|(key, at)| (key, wanted(at))).collect()
}

/// Whether both sides did something to the tasks.
fn moved(states: &Three<States>) -> bool {
    states.base != states.ours && states.base != states.theirs
}

/// Whether a side shows the parts of a task in just these states.
fn shows(states: &States, document: &Document, task: usize, wanted: &[Wanted]) -> bool {
    document.children(task).all(|part| {
        states.get(&key(document, part)).is_some_and(|state| state.state == wanted[part].state)
    })
}

/// What the listed commits say of each task.
struct Links {
    /// The newest link of a task.
    newest: Vec<Option<Link>>,
    /// The place of the newest commit that came after the base.
    newest_new: Vec<Option<usize>>,
}

impl Links {
    fn of(document: &Document, listing: &Listing) -> Self {
        let all = links(document, listing, Listed::is_kept);
        let new =
            |links: &Vec<Link>| links.iter().rev().find(|link| link.is_new).map(|link| link.at);
        Self {
            newest_new: all.iter().map(new).collect(),
            newest: all.iter().map(|links| links.last().copied()).collect(),
        }
    }

    /// Whether a commit that came after the base touches any task.
    fn any_new(&self) -> bool {
        self.newest_new.iter().any(Option::is_some)
    }

    /// The newest commits that came after the base and touch a task or its
    /// parts.
    fn newest_of(&self, document: &Document, task: usize) -> impl Iterator<Item = usize> {
        let below = document.below(task).filter_map(|part| self.newest_new[part]).max();
        self.newest_new[task].into_iter().chain(below)
    }

    /// Gives a task with parts the state that follows from them, by the rules
    /// by which a commit acts.
    fn derive(&self, document: &Document, task: usize, wanted: &mut [Wanted]) {
        let has_box = document.tasks()[task].mark.is_some();
        let is_unknown = matches!(wanted[task].state, State::Other(_));
        if document.children(task).next().is_none() || !has_box || is_unknown {
            return;
        }
        let below = document.below(task).filter_map(|part| self.newest_new[part]).max();
        if below.max(self.newest_new[task]).is_none() {
            return;
        }
        let own = self.newest[task];
        let own_is_new = self.newest_new[task].is_some();
        let is_newest = own.is_some_and(|link| Some(link.at) >= below);
        let opens = own.is_some_and(|link| matches!(link.word, Word::Reopen | Word::Wip));
        let begun = own.is_some_and(|link| link.word != Word::Reopen);
        if document.children(task).any(|part| !wanted[part].state.is_done()) {
            if wanted[task].state.is_done() || own_is_new {
                wanted[task] = Wanted { state: State::Open, in_progress: begun };
            }
        } else if !(opens && is_newest) {
            wanted[task] = Wanted { state: State::Done, in_progress: false };
        } else if own_is_new {
            wanted[task] = Wanted { state: State::Open, in_progress: begun };
        }
    }
}
