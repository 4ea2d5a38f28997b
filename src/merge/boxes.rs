//! Ticks: by who changed them since the base, and where commits of both sides
//! touch one task, by the newest.

use std::collections::{HashMap, HashSet};

use super::entries::{Listed, Listing};
use super::links::{Link, links};
use super::{Side, Three, three};
use crate::doc::edit::{Habits, Wanted, copy_state, set_task};
use crate::doc::{Document, State, TaskItem};
use crate::patch::Patch;
use crate::tag::Word;
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
    let claims = Claims::of(documents, listing);
    for (key, &ours) in &keys.ours {
        let Some(&theirs) = keys.theirs.get(key) else { continue };
        let at =
            Three { base: keys.base.get(key).copied(), ours: Some(ours), theirs: Some(theirs) };
        let Some(state) = claims.decide(documents, key, &at) else { continue };
        let places = at.each().into_iter().zip(documents.each());
        for ((at, document), patch) in places.zip(patches.each_mut()) {
            if let Some(at) = at {
                state.give(documents, &document.tasks()[*at], document, patch);
            }
        }
    }
}

/// The state that a task takes.
#[derive(Clone, Copy)]
enum Decided {
    /// That of a side, which has this task.
    As(Side, usize),
    /// What the commits say that no side has all of.
    By(Wanted),
}

impl Decided {
    fn give(
        self,
        documents: &Three<Document>,
        task: &TaskItem,
        document: &Document,
        patch: &mut Patch,
    ) {
        match self {
            Self::As(side, at) => {
                let model = documents.get(side);
                copy_state(document, task, (model, &model.tasks()[at]), patch);
            }
            Self::By(wanted) => {
                set_task(document, task, wanted, Habits::of(&documents.ours), patch);
            }
        }
    }
}

/// What the commits that a document lists have to say of each task.
struct Claims {
    /// By those of each version.
    own: Three<HashMap<Key, Heard>>,
    /// By those of the merged one.
    merged: HashMap<Key, Heard>,
}

/// What is heard of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heard {
    /// Nothing: no commit touches it.
    Nothing,
    /// All that was said is taken back.
    TakenBack,
    /// What the commit at this place in history says.
    Commit(usize, Word),
}

impl Heard {
    /// The last link is heard.
    fn of(links: &[Link]) -> Self {
        match links.last() {
            Some(Link { source: Some(at), word, .. }) => Self::Commit(*at, *word),
            Some(_) => Self::TakenBack,
            None => Self::Nothing,
        }
    }

    /// The state of a task of which just this is heard.
    fn state(self) -> Wanted {
        let word = if let Self::Commit(_, word) = self { word } else { Word::Reopen };
        let state = match word {
            Word::None | Word::Done => State::Done,
            Word::Wip | Word::Reopen => State::Open,
        };
        Wanted { state, in_progress: word == Word::Wip }
    }
}

impl Claims {
    fn of(documents: &Three<Document>, listing: &Listing) -> Self {
        let by = |document: &Document, counts: &dyn Fn(&Listed) -> bool| -> HashMap<Key, Heard> {
            let links = links(document, listing, counts).into_iter().enumerate();
            links.map(|(task, links)| (key(document, task), Heard::of(&links))).collect()
        };
        let Three { base, ours, theirs } = documents;
        Self {
            own: Three {
                base: by(base, &|listed| !listed.is_new()),
                ours: by(ours, &|listed| listed.is_on(Side::Ours)),
                theirs: by(theirs, &|listed| listed.is_on(Side::Theirs)),
            },
            merged: by(ours, &Listed::is_kept),
        }
    }

    /// The state that a task takes; `None` where people disagree.
    ///
    /// What is heard in the end decides: the side that heard it too, or where
    /// none did, what it says. Where a side heard nothing but what the base
    /// did, its box may be a person's, and counts by who changed it.
    fn decide(
        &self,
        documents: &Three<Document>,
        key: &Key,
        at: &Three<Option<usize>>,
    ) -> Option<Decided> {
        let states = documents.zip(at, |document, at| at.map(|at| Face::of(document, at)));
        let heard = self.own.map(|own| own.get(key).copied().unwrap_or(Heard::Nothing));
        let end = self.merged.get(key).copied().unwrap_or(Heard::Nothing);
        let by_change = || three::decide(&states).or_else(|| stronger(&states));
        let is_unknown = |face: &Face<'_>| matches!(face.wanted.state, State::Other(_));
        let has_unknown = [states.ours, states.theirs].iter().flatten().any(is_unknown);
        let winner = match (heard.ours == end, heard.theirs == end) {
            (false, false) if !has_unknown => return Some(Decided::By(end.state())),
            (true, false) if heard.theirs != heard.base => Some(Side::Ours),
            (false, true) if heard.ours != heard.base => Some(Side::Theirs),
            _ => by_change(),
        };
        let winner = winner?;
        at.get(winner).map(|at| Decided::As(winner, at))
    }
}

/// What a task's line shows of its state, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Face<'d> {
    wanted: Wanted,
    mark: &'d [u8],
    suffixes: [Option<&'d str>; 3],
}

impl<'d> Face<'d> {
    fn of(document: &'d Document, at: usize) -> Self {
        let task = &document.tasks()[at];
        let mark = task.mark.clone().map_or(&[][..], |mark| &document.bytes()[mark]);
        let suffixes = [&task.in_progress, &task.tick, &task.hash]
            .map(|suffix| suffix.as_ref().map(|span| document.slice(span)));
        Self { wanted: Wanted::as_is(task), mark, suffixes }
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
        _ => by((ours.mark, ours.suffixes) > (theirs.mark, theirs.suffixes)),
    }
}
