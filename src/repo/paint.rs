//! Painting a range down from both ends: what is shown, what is hidden.

use std::collections::{BinaryHeap, HashMap, HashSet};

use super::Error;
use super::commits::read_commit;
use super::raw::RawCommit;
use crate::commit::Oid;

/// How many hidden commits beyond the last shown one are looked at, for
/// clocks that ran backwards; git's own number.
const SLOP: u32 = 5;

/// A walk's verdict on one commit.
#[derive(Clone, Copy, Default)]
struct Seen {
    hidden: bool,
    /// Its parents have been queued as hidden, or need not be.
    popped: bool,
}

/// The state of a limited walk.
pub(super) struct Paint<'a> {
    odb: git2::Odb<'a>,
    edge: &'a HashSet<Oid>,
    queue: BinaryHeap<(i64, Oid)>,
    /// The queued commits that are shown as far as is known.
    open: HashSet<Oid>,
    seen: HashMap<Oid, Seen>,
    parents: HashMap<Oid, Vec<Oid>>,
    found: Vec<Oid>,
    /// Whether no commit was absent.
    is_whole: bool,
    /// The committer time of the oldest shown commit.
    oldest: i64,
}

impl<'a> Paint<'a> {
    pub(super) fn new(odb: git2::Odb<'a>, edge: &'a HashSet<Oid>) -> Self {
        Self {
            odb,
            edge,
            queue: BinaryHeap::new(),
            open: HashSet::new(),
            seen: HashMap::new(),
            parents: HashMap::new(),
            found: Vec::new(),
            is_whole: true,
            oldest: i64::MAX,
        }
    }

    /// The shown commits of a range, newest first, by painting down from both
    /// ends in order of committer time. Its cost grows with the range, not
    /// with history, and it ends as git's own does: a clock that ran back over
    /// more than a few commits can show one too many, never one too few. Answers
    /// too whether no commit was absent.
    pub(super) fn shown(
        mut self,
        include: &[Oid],
        exclude: &[Oid],
    ) -> Result<(Vec<Oid>, bool), Error> {
        include.iter().try_for_each(|&oid| self.push(oid, false))?;
        exclude.iter().try_for_each(|&oid| self.push(oid, true))?;
        let mut slop = SLOP;
        while let Some((time, oid)) = self.queue.pop() {
            self.open.remove(&oid);
            let hidden = self.is_hidden(oid);
            self.step(oid, hidden)?;
            if !hidden {
                self.found.push(oid);
                self.oldest = self.oldest.min(time);
            }
            if !self.open.is_empty() || time >= self.oldest {
                slop = SLOP;
            } else if slop == 0 {
                break;
            } else {
                slop -= 1;
            }
        }
        let found = std::mem::take(&mut self.found);
        let shown = found.into_iter().filter(|&oid| !self.is_hidden(oid)).collect();
        Ok((shown, self.is_whole))
    }

    fn is_hidden(&self, oid: Oid) -> bool {
        self.seen.get(&oid).is_some_and(|seen| seen.hidden)
    }

    /// Queues a commit that is met for the first time; a commit that is met
    /// again from the hidden side hides what lies below it too.
    fn push(&mut self, oid: Oid, hidden: bool) -> Result<(), Error> {
        if let Some(seen) = self.seen.get(&oid) {
            if hidden && !seen.hidden {
                self.hide(oid);
            }
            return Ok(());
        }
        let read = |data: &[u8]| {
            let raw = RawCommit::parse(data);
            (raw.commit_time().seconds, raw.parents)
        };
        let Some((time, parents)) = read_commit(&self.odb, oid, read)? else {
            self.is_whole = false;
            return Ok(());
        };
        let parents = if self.edge.contains(&oid) { Vec::new() } else { parents };
        self.parents.insert(oid, parents);
        self.seen.insert(oid, Seen { hidden, popped: false });
        if !hidden {
            self.open.insert(oid);
        }
        self.queue.push((time, oid));
        Ok(())
    }

    fn step(&mut self, oid: Oid, hidden: bool) -> Result<(), Error> {
        if let Some(seen) = self.seen.get_mut(&oid) {
            seen.popped = true;
        }
        let parents = self.parents.get(&oid).cloned().unwrap_or_default();
        parents.into_iter().try_for_each(|parent| self.push(parent, hidden))
    }

    /// Hides a commit and all its known ancestors.
    fn hide(&mut self, oid: Oid) {
        let mut stack = vec![oid];
        while let Some(oid) = stack.pop() {
            let Some(seen) = self.seen.get_mut(&oid).filter(|seen| !seen.hidden) else { continue };
            seen.hidden = true;
            self.open.remove(&oid);
            if seen.popped {
                stack.extend(self.parents.get(&oid).into_iter().flatten());
            }
        }
    }
}
