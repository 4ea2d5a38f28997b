//! Documents and commits go in, patches come out.
//!
//! One rule carries the laws of an edit: *a link acts once, when its commit is
//! new to the document, and a task takes the state of its newest link.* The
//! states are worked out from the set of links and not from the order in which
//! they arrive, so one by one, all at once and out of order give the same
//! bytes. What is deliberately absent: git, files, the clock, and errors.

pub mod active;
pub mod counts;
pub mod effect;
pub(crate) mod header;
mod listing;
pub mod recovery;
pub mod session;
mod states;
mod steps;
mod targets;
mod telling;

#[cfg(test)]
mod tests;

use crate::commit::{Commit, Oid};
use crate::config::Tick;
use crate::doc::Document;
use crate::doc::edit::Wanted;
use crate::patch::Patch;
use crate::tag::Tag;
use crate::task::TaskId;

pub(crate) use listing::append;
pub(crate) use steps::priorities;
pub use targets::{between, touched};
pub use telling::{Shown, cancelled, shown};

/// A commit's place in history order.
pub type Key = (i64, u32, Oid);

/// A commit and what it says of one feature.
#[derive(Clone, Debug)]
pub struct Said {
    /// The commit.
    pub commit: Commit,
    /// Its tags for this feature, those of commits it reverts left out.
    pub tags: Vec<Tag>,
    /// The commits it takes back.
    pub reverts: Vec<Reverted>,
    /// Whether the document does not list it yet: only then does it act.
    pub new: bool,
    /// What the document lists in its place: commits that rewriting history
    /// turned into this one. What they said as well has acted already.
    pub formers: Vec<Former>,
}

/// A commit that a document knows and history holds no more.
#[derive(Clone, Debug)]
pub struct Former {
    /// Its entry, as an index into the document's list; `None` where the
    /// document has no place for entries.
    pub entry: Option<usize>,
    /// The commit; `None` where the object is gone.
    pub commit: Option<Commit>,
    /// Its tags for this feature.
    pub tags: Vec<Tag>,
    /// The commits it took back.
    pub reverts: Vec<Reverted>,
}

/// A commit that a later one takes back, and the tags that go with it.
#[derive(Clone, Debug)]
pub struct Reverted {
    /// The name of the commit taken back.
    pub oid: Oid,
    /// The commit itself; `None` where the object is gone.
    pub commit: Option<Commit>,
    /// What it said of this feature; for a revert, what that one took back.
    pub tags: Vec<Tag>,
}

/// What the team decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What a bare tag does.
    pub tick: Tick,
    /// Digits of a hash in an entry.
    pub abbrev: usize,
    /// Whether to count again even where nothing is new.
    pub recount: bool,
}

/// What is to change in one document, and what a person should know of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The change.
    pub patch: Patch,
    /// Tasks that become done, by id or text.
    pub ticked: Vec<String>,
    /// Tasks that become in progress, by id or text.
    pub begun: Vec<String>,
    /// Tasks that were done and become open.
    pub reopened: Vec<String>,
    /// Commits whose links act now: those new to the document, and those that
    /// took the place of others.
    pub recorded: Vec<Oid>,
    /// Commits that get an entry.
    pub entries_added: Vec<Oid>,
    /// Entries that follow their commit: the hash that stood there, and the
    /// commit that takes its place.
    pub entries_moved: Vec<(String, Oid)>,
    /// The hashes of entries that go without a successor.
    pub entries_pruned: Vec<String>,
    /// What could not be done as the tag says.
    pub notes: Vec<Note>,
}

/// Something that a person should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A task was not ticked, since parts of it are open.
    OpenSubtasks {
        /// The task.
        task: String,
        /// Its open parts, by id or text.
        open: Vec<String>,
    },
    /// A tag names a task that the document lacks.
    UnknownTask {
        /// The commit.
        oid: Oid,
        /// The task.
        task: TaskId,
    },
    /// A tag names a task that the document has more than once.
    DuplicateTask {
        /// The commit.
        oid: Oid,
        /// The task.
        task: TaskId,
        /// Their lines, counted from 1.
        lines: Vec<usize>,
    },
}

/// Works out what these commits change in a document.
///
/// `history` holds the commits of this document's feature in any order: the
/// new ones, and of the known ones at least those that are newer than a new
/// one; more of them where [`reach`] says so.
///
/// `dropped` are commits whose links are to be taken back with their entries.
pub fn plan(document: &Document, history: &[Said], dropped: &[Former], settings: Settings) -> Plan {
    let mut history: Vec<&Said> = history.iter().collect();
    history.sort_by_key(|said| said.commit.key());
    history.dedup_by_key(|said| said.commit.oid);
    let mut plan = Plan { recorded: acting(history.iter().copied()), ..Plan::default() };
    let any_new = !dropped.is_empty() || !plan.recorded.is_empty();
    if document.entries().is_none() {
        header::refresh_stamp(document, &history, &mut plan.patch);
    }
    if !any_new && !settings.recount {
        return plan;
    }
    let known = Known { history: &history, dropped };
    let outcome = states::settle(document, known, settings, any_new, &mut plan);
    if any_new {
        listing::rewrite(document, known, settings.abbrev, &mut plan);
        header::refresh(document, &history, &outcome, &mut plan.patch);
    }
    counts::recount(document, &outcome.wanted, &mut plan.patch);
    steps::follow(document, &outcome.wanted, &mut plan.patch);
    plan
}

/// The commits whose links act.
pub(crate) fn acting<'a>(history: impl IntoIterator<Item = &'a Said>) -> Vec<Oid> {
    let acts = |said: &&Said| said.new || !said.formers.is_empty();
    history.into_iter().filter(acts).map(|said| said.commit.oid).collect()
}

/// Brings what follows from the boxes in line with them: the figures, the
/// lines of *Next Session Priorities* that are ours, and *Status* too where
/// links `acted`.
pub fn derive(document: &Document, wanted: Vec<Wanted>, acted: bool, patch: &mut Patch) {
    let outcome = states::Outcome { wanted, acted };
    if acted {
        header::refresh_status(document, &outcome, patch);
    }
    counts::recount(document, &outcome.wanted, patch);
    steps::follow(document, &outcome.wanted, patch);
}

/// What is known of a feature's commits, in history order.
#[derive(Clone, Copy)]
struct Known<'a> {
    history: &'a [&'a Said],
    dropped: &'a [Former],
}

impl<'a> Known<'a> {
    /// Every commit that the document knows and history holds no more.
    fn formers(self) -> impl Iterator<Item = &'a Former> {
        self.history.iter().flat_map(|said| &said.formers).chain(self.dropped)
    }
}

/// Which of the commits that a document knows a plan has to be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Those newer than a new one.
    Newer,
    /// These and the oldest of all, whose date the document may show.
    Oldest,
    /// All of them, since a state falls back on an older link.
    All,
}

/// How far back recording these commits has to look. A hook reads no more than
/// that, so that its cost does not grow with the list.
pub fn reach(document: &Document, new: &[Said]) -> Reach {
    let falls_back = |said: &Said| !said.reverts.is_empty() || !said.formers.is_empty();
    let opens = |said: &Said| targets::may_open_a_done_task(document, &said.tags);
    // A task whose last part is finished is signed by a link of its own.
    if document.dialect().signed || new.iter().any(|said| falls_back(said) || opens(said)) {
        Reach::All
    } else if header::asks_for_oldest(document, new) {
        Reach::Oldest
    } else {
        Reach::Newer
    }
}
