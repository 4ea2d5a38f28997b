//! Ticks: by who changed them since the base, and where commits of both sides
//! touch one task, by the newest.

use std::collections::{HashMap, HashSet};

use super::entries::{Listed, Listing};
use super::links::links;
use super::{Side, Three, three};
use crate::doc::edit::{Wanted, copy_state};
use crate::doc::{Document, State};
use crate::patch::Patch;
use crate::task::TaskId;

/// What a task is called in every version of a document.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// Its id, which is unique within the document.
    Id(TaskId),
    /// Where it has none, or is a line of a check list: its heading, the task
    /// that it is part of, its text.
    Text(Option<String>, Option<String>, String),
}

/// The tasks of a document by name; those that share one left out.
pub(super) fn keys(document: &Document) -> HashMap<Key, usize> {
    let mut keys: HashMap<Key, usize> = HashMap::new();
    let mut shared: HashSet<Key> = HashSet::new();
    for at in 0..document.tasks().len() {
        let key = key(document, at);
        if keys.insert(key.clone(), at).is_some() {
            shared.insert(key);
        }
    }
    keys.retain(|key, _| !shared.contains(key));
    keys
}

pub(super) fn key(document: &Document, at: usize) -> Key {
    let task = &document.tasks()[at];
    match &task.id {
        Some(id) if task.checklist.is_none() => Key::Id(id.clone()),
        _ => Key::Text(
            task.heading.map(|heading| document.headings()[heading].text.clone()),
            task.parent.map(|parent| document.task_title(parent).to_owned()),
            document.task_title(at).to_owned(),
        ),
    }
}

/// Gives each task the same state in all documents, unless people disagree.
pub(super) fn write(documents: &Three<Document>, listing: &Listing, patches: &mut Three<Patch>) {
    let keys = documents.map(keys);
    let claims = Claims::of(documents, listing, &keys);
    for (key, &ours) in &keys.ours {
        let Some(&theirs) = keys.theirs.get(key) else { continue };
        let at =
            Three { base: keys.base.get(key).copied(), ours: Some(ours), theirs: Some(theirs) };
        let Some(winner) = claims.winner(documents, key, &at) else { continue };
        let model = documents.get(winner);
        let Some(source) = at.get(winner).map(|at| &model.tasks()[at]) else { continue };
        let places = at.each().into_iter().zip(documents.each());
        for ((at, document), patch) in places.zip(patches.each_mut()) {
            if let Some(at) = at {
                copy_state(document, &document.tasks()[*at], (model, source), patch);
            }
        }
    }
}

/// What the commits of each side have to say of each task.
struct Claims {
    /// For each task that a side's new commits touch: the commit that is heard
    /// in the end, by its place in history; `None` where all are taken back.
    heard: [HashMap<Key, Option<usize>>; 2],
    /// The same with the commits of all sides.
    in_the_end: HashMap<Key, Option<usize>>,
    /// Tasks of which a side lost a commit that it had, though others touch
    /// them: it has no say on their boxes.
    lost: [HashSet<Key>; 2],
}

impl Claims {
    fn of(
        documents: &Three<Document>,
        listing: &Listing,
        keys: &Three<HashMap<Key, usize>>,
    ) -> Self {
        let base = &documents.base;
        let heard = Side::BOTH
            .map(|side| heard_by(documents.get(side), listing, |listed| listed.is_on(side)));
        let in_the_end = heard_by(&documents.ours, listing, |_| true);
        let touched = |listed: &Listed| {
            let linked = listed.linked(base).into_iter().map(|(task, _)| task);
            let tasks = linked.chain(listed.taken_back(base)).map(|task| key(base, task));
            tasks.filter(|key| keys.base.contains_key(key)).collect::<Vec<_>>()
        };
        let claimed: HashSet<Key> = listing.kept.iter().flat_map(touched).collect();
        let lost = Side::BOTH.map(|side| {
            let known = listing.kept.iter().chain(&listing.gone);
            let lost = known.filter(|listed| !listed.is_new() && !listed.is_on(side));
            let own = &heard[usize::from(side == Side::Theirs)];
            let keys = lost.flat_map(touched);
            keys.filter(|key| claimed.contains(key) && !own.contains_key(key)).collect()
        });
        Self { heard, in_the_end, lost }
    }

    /// The side whose state a task takes; `None` where people disagree.
    fn winner(
        &self,
        documents: &Three<Document>,
        key: &Key,
        at: &Three<Option<usize>>,
    ) -> Option<Side> {
        let states = documents.zip(at, |document, at| at.map(|at| Face::of(document, at)));
        if states.ours == states.theirs {
            return Some(Side::Ours);
        }
        if let [Some(ours), Some(theirs)] = self.heard.each_ref().map(|heard| heard.get(key)) {
            let in_the_end = self.in_the_end.get(key);
            match (in_the_end == Some(ours), in_the_end == Some(theirs)) {
                (true, false) => return Some(Side::Ours),
                (false, true) => return Some(Side::Theirs),
                _ => {}
            }
        }
        match self.lost.each_ref().map(|lost| lost.contains(key)) {
            [true, false] => return Some(Side::Theirs),
            [false, true] => return Some(Side::Ours),
            _ => {}
        }
        three::decide(&states).or_else(|| stronger(&states))
    }
}

/// The commit that is heard in the end, for each task that new ones of these
/// touch.
fn heard_by(
    document: &Document,
    listing: &Listing,
    counts: impl Fn(&Listed) -> bool,
) -> HashMap<Key, Option<usize>> {
    let links = links(document, listing, counts).into_iter().enumerate();
    let touched = links.filter(|(_, links)| links.iter().any(|link| link.is_new));
    touched.filter_map(|(task, links)| Some((key(document, task), links.last()?.source))).collect()
}

/// What a task's line shows of its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Face<'d> {
    wanted: Wanted,
    mark: &'d [u8],
    tick: bool,
}

impl<'d> Face<'d> {
    fn of(document: &'d Document, at: usize) -> Self {
        let task = &document.tasks()[at];
        let mark = task.mark.clone().map_or(&[][..], |mark| &document.bytes()[mark]);
        Self { wanted: Wanted::as_is(task), mark, tick: task.tick.is_some() }
    }
}

/// Where both sides changed a task, each to something else: a state that is
/// known wins over a suffix, and what changed over what did not. Two marks of
/// unknown meaning are for people to decide.
fn stronger(states: &Three<Option<Face<'_>>>) -> Option<Side> {
    let (ours, theirs) = (states.ours?, states.theirs?);
    let base = states.base.map_or(State::Open, |face| face.wanted.state);
    let by = |ours_wins: bool| Some(if ours_wins { Side::Ours } else { Side::Theirs });
    match (ours.wanted.state, theirs.wanted.state) {
        (State::Other(_), _) | (_, State::Other(_)) if ours.mark != theirs.mark => None,
        (one, other) if one != other => match base {
            State::Open => by(one.is_done()),
            State::Done => by(!one.is_done()),
            State::Other(_) => None,
        },
        _ if ours.wanted != theirs.wanted => by(ours.wanted.in_progress),
        // The same state, written in two ways.
        _ => by((ours.mark, ours.tick) > (theirs.mark, theirs.tick)),
    }
}
