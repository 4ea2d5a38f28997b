//! What each commit tells of tasks, now and before history was rewritten.

use std::collections::HashSet;

use super::targets::{Ask, targets};
use super::{Former, Key, Known, Reverted, Said};
use crate::commit::{Commit, Oid};
use crate::config::Tick;
use crate::doc::Document;
use crate::tag::Tag;

/// A commit that tells something, in the history that is or the one that was.
#[derive(Clone, Copy)]
pub(super) struct Telling<'a> {
    commit: Option<&'a Commit>,
    tags: &'a [Tag],
    reverts: &'a [Reverted],
    /// The commit of today that it is or became.
    heir: Option<Oid>,
}

impl<'a> Telling<'a> {
    fn of(said: &'a Said) -> Self {
        Self {
            commit: Some(&said.commit),
            tags: &said.tags,
            reverts: &said.reverts,
            heir: Some(said.commit.oid),
        }
    }

    fn former(former: &'a Former, heir: Option<Oid>) -> Self {
        let Former { commit, tags, reverts, .. } = former;
        Self { commit: commit.as_ref(), tags, reverts, heir }
    }

    /// The history that is, oldest first.
    pub(super) fn now(known: Known<'a>) -> Vec<Self> {
        known.history.iter().map(|said| Self::of(said)).collect()
    }

    /// The history that the document knows, oldest first.
    pub(super) fn before(known: Known<'a>) -> Vec<Self> {
        let mut before: Vec<Self> = Vec::new();
        for said in known.history {
            before.extend((!said.new).then(|| Self::of(said)));
            before.extend(said.formers.iter().map(|f| Self::former(f, Some(said.commit.oid))));
        }
        before.extend(known.dropped.iter().map(|former| Self::former(former, None)));
        before.sort_by_key(Self::key);
        before
    }

    /// The place in history order; that of a commit that is gone is unknown.
    pub(super) fn key(&self) -> Option<Key> {
        self.commit.map(Commit::key)
    }

    /// Whether it is what that one is or became.
    pub(super) fn continues(&self, former: &Self) -> bool {
        self.heir.is_some() && self.heir == former.heir
    }
}

/// For each task what its newest link asks, and the place of that one in the
/// history. A revert is as new as what it falls back on is old: it asks again
/// for what the links before it ask.
pub(super) fn newest(
    history: &[Telling<'_>],
    tasks: usize,
    read: impl Fn(&[Tag]) -> Vec<(usize, Ask)>,
) -> Vec<Option<(usize, Ask)>> {
    let mut newest = vec![None; tasks];
    for (at, task, ask) in asked(history, tasks, read) {
        newest[task] = Some((at, ask));
    }
    newest
}

/// What each commit asks of which task, oldest first: its place in the
/// history, the task, and the state. What is taken back asks nothing.
pub(super) fn asked(
    history: &[Telling<'_>],
    tasks: usize,
    read: impl Fn(&[Tag]) -> Vec<(usize, Ask)>,
) -> Vec<(usize, usize, Ask)> {
    let cancelled = cancelled_places(history);
    let (mut asked, mut last) = (Vec::new(), vec![Ask::Reopen; tasks]);
    for (at, telling) in history.iter().enumerate().filter(|(at, _)| !cancelled.contains(at)) {
        for (task, _) in telling.reverts.iter().flat_map(|reverted| read(&reverted.tags)) {
            asked.push((at, task, last[task]));
        }
        let mut links = read(telling.tags);
        // Of several links of one commit the strongest speaks for a task.
        links.sort_by_key(|(_, ask)| strength(*ask));
        for (task, ask) in links {
            last[task] = ask;
            asked.push((at, task, ask));
        }
    }
    asked
}

/// The commits whose links a document shows.
#[derive(Debug, Default)]
pub struct Shown {
    /// Every one of them as it asks.
    pub exactly: HashSet<Oid>,
    /// The same with those that ask to begin what is done here.
    pub outdone: HashSet<Oid>,
}

/// The commits whose links a document shows.
pub fn shown(document: &Document, history: &[&Said], tick: Tick) -> Shown {
    let tellings: Vec<Telling<'_>> = history.iter().map(|said| Telling::of(said)).collect();
    let read = |tags: &[Tag]| targets(document, tags, tick, |_| {});
    let asked = asked(&tellings, document.tasks().len(), read);
    let all = |is_shown: fn(Ask, &Document, usize) -> bool| {
        let (mut shown, mut unlike) = (HashSet::new(), HashSet::new());
        for &(at, task, ask) in &asked {
            let is_shown = is_shown(ask, document, task);
            if is_shown { &mut shown } else { &mut unlike }.insert(history[at].commit.oid);
        }
        shown.retain(|oid| !unlike.contains(oid));
        shown
    };
    Shown { exactly: all(Ask::is_shown_by), outdone: all(Ask::is_outdone_by) }
}

fn strength(ask: Ask) -> u8 {
    match ask {
        Ask::Begin => 0,
        Ask::Reopen => 1,
        Ask::Tick => 2,
        Ask::TickAll => 3,
    }
}

/// The commits that later ones take back, themselves not taken back.
pub fn cancelled(history: &[&Said]) -> HashSet<Oid> {
    let tellings: Vec<Telling<'_>> = history.iter().map(|said| Telling::of(said)).collect();
    cancelled_places(&tellings).into_iter().map(|at| history[at].commit.oid).collect()
}

fn cancelled_places(history: &[Telling<'_>]) -> HashSet<usize> {
    let mut cancelled = HashSet::new();
    for (at, telling) in history.iter().enumerate().rev() {
        if !cancelled.contains(&at) {
            cancelled.extend(telling.reverts.iter().filter_map(|r| taken_back(history, at, r)));
        }
    }
    cancelled
}

/// The commit that a revert means: the one it names or, where that one was
/// rewritten after it was named, the one that took its place.
fn taken_back(history: &[Telling<'_>], revert: usize, named: &Reverted) -> Option<usize> {
    let mut commits = history.iter().map(|telling| telling.commit);
    if let Some(at) = commits.position(|c| c.is_some_and(|c| c.oid == named.oid)) {
        return Some(at);
    }
    let old = named.commit.as_ref()?;
    let alike = |at: &usize| history[*at].commit.is_some_and(|c| c.is_written_with(old));
    let older: Vec<usize> = (0..revert).filter(alike).collect();
    let subject = old.subject();
    let same = |at: &&usize| history[**at].commit.is_some_and(|c| c.subject() == subject);
    // Reworded it is known by its author's second alone, if nothing else is.
    older.iter().rev().find(same).or(older.first().filter(|_| older.len() == 1)).copied()
}
