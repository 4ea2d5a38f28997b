//! The commits whose messages may hold a tag, with the ledger of what was
//! found before. This is the one way to all of a commit's history.

#![cfg_attr(test, allow(clippy::unwrap_used))]

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::ops::ControlFlow;

use super::{Error, Project, Sought};
use crate::commit::Oid;
use crate::repo::Visited;
use crate::store::{Candidate, Ledger, Torn, sum};
use crate::tag::{self, Tag};
use crate::task::FeatureId;

/// To be raised when other messages become candidates, or their features are
/// marked otherwise.
const RULES: u32 = 1;

/// How many commits a walk must have met for its findings to be kept.
const WORTH: usize = 16;

/// How far down the first parents a segment ends when all of history has been
/// walked: a HEAD that goes back a little finds one not far below.
const DEPTHS: [u32; 5] = [1 << 6, 1 << 10, 1 << 14, 1 << 17, 1 << 20];

/// The findings of a walk.
struct Walk {
    /// The segment of its start.
    segment: usize,
    /// How many commits it met.
    met: usize,
    /// Whether no commit was absent.
    is_whole: bool,
}

/// The commits of a range whose messages may hold a tag.
#[derive(Default)]
struct Found {
    ledger: Ledger,
    segment: usize,
}

impl Found {
    /// Visits those whose features are wanted, newest first, after so many that
    /// have been visited before; until the visitor has seen enough.
    fn visit<E>(
        &self,
        before: usize,
        is_wanted: &dyn Fn(u32) -> bool,
        visit: &mut dyn FnMut(Candidate) -> Result<ControlFlow<()>, E>,
    ) -> Result<Result<(), Torn>, E> {
        for one in self.ledger.newest_first(self.segment, is_wanted).skip(before) {
            match one {
                Err(torn) => return Ok(Err(torn)),
                Ok(one) if visit(one)?.is_break() => break,
                Ok(_) => {}
            }
        }
        Ok(Ok(()))
    }
}

impl Project {
    /// The commits of a range whose messages may hold a tag and whose features
    /// are wanted, newest first.
    pub(super) fn candidates(
        &self,
        include: &[Oid],
        exclude: &[Oid],
        is_wanted: &dyn Fn(u32) -> bool,
    ) -> Result<Vec<Candidate>, Error> {
        let mut found = Vec::new();
        self.visit_candidates((include, exclude), is_wanted, &mut |one| {
            found.push(one);
            Ok::<_, Error>(ControlFlow::Continue(()))
        })?;
        Ok(found)
    }

    /// Visits the same, until the visitor has seen enough.
    pub(super) fn visit_candidates<E: From<Error>>(
        &self,
        (include, exclude): (&[Oid], &[Oid]),
        is_wanted: &dyn Fn(u32) -> bool,
        visit: &mut dyn FnMut(Candidate) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        if let (&[head], []) = (include, exclude) {
            return self.visit_below(head, WORTH, is_wanted, visit);
        }
        let _ = self.found_between(include, exclude)?.visit(0, is_wanted, visit)?;
        Ok(())
    }

    /// Visits all those that a commit reaches. What is found new is kept, if
    /// the walk was `worth` it.
    fn visit_below<E: From<Error>>(
        &self,
        head: Oid,
        worth: usize,
        is_wanted: &dyn Fn(u32) -> bool,
        visit: &mut dyn FnMut(Candidate) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let ledger = Ledger::read(self.repo().common_dir(), self.ledger_key()?);
        let mut visited = 0;
        let counted = &mut |one| {
            visited += 1;
            visit(one)
        };
        let found = self.found_below(ledger, head, worth)?;
        if found.visit(0, is_wanted, counted)? == Err(Torn) {
            let afresh = self.found_below(Ledger::default(), head, worth)?;
            let _ = afresh.visit(visited, is_wanted, visit)?;
        }
        Ok(())
    }

    fn found_between(&self, include: &[Oid], exclude: &[Oid]) -> Result<Found, Error> {
        let Some(&tip) = include.first() else { return Ok(Found::default()) };
        let sought = self.sought()?;
        let (mut ledger, mut found) = (Ledger::default(), Vec::new());
        let look = &|visited: &Visited<'_>| candidate(visited, sought);
        self.repo().walk(include, exclude, look, &mut |_, one| found.extend(one))?;
        Ok(Found { segment: ledger.add(tip, None, found), ledger })
    }

    /// Adds to a ledger what a commit reaches, and keeps what is new in it.
    fn found_below(&self, mut ledger: Ledger, head: Oid, worth: usize) -> Result<Found, Error> {
        let walk = self.add_segment(&mut ledger, head)?;
        let Ok((ledger, segment)) = ledger.thinned(walk.segment) else {
            return self.found_below(Ledger::default(), head, worth);
        };
        // What lies below an absent commit may turn up yet.
        if walk.is_whole && walk.met >= worth {
            // A repository that cannot be written to is walked each time.
            let _ = ledger.write(self.repo().common_dir(), self.ledger_key()?);
        }
        Ok(Found { ledger, segment })
    }

    /// Walks what the ledger does not know of a commit's history.
    fn add_segment(&self, ledger: &mut Ledger, head: Oid) -> Result<Walk, Error> {
        if ledger.is_empty() {
            return self.add_history(ledger, head);
        }
        if let Some(walk) = self.add_line(ledger, head)? {
            return Ok(walk);
        }
        let tip = self.repo().nearest(head, &|oid| ledger.segment(oid).is_some())?;
        let newer = match tip.and_then(|tip| Some((tip, ledger.segment(&tip)?))) {
            Some((tip, base)) => self.add_newer(ledger, head, tip, base)?,
            None => None,
        };
        newer.map_or_else(|| self.add_history(ledger, head), Ok)
    }

    /// Adds the commits between another and the tip of a segment, where they
    /// are a line without a fork: that is all that the commit reaches beyond it.
    fn add_line(&self, ledger: &mut Ledger, head: Oid) -> Result<Option<Walk>, Error> {
        let sought = self.sought()?;
        let (mut found, mut met) = (Vec::new(), 0);
        let look = &|visited: &Visited<'_>| candidate(visited, sought);
        let is_tip = &|oid: &Oid| ledger.segment(oid).is_some();
        let tip = self.repo().walk_line(head, is_tip, look, &mut |one| {
            met += 1;
            found.extend(one);
        })?;
        let Some(base) = tip.and_then(|tip| ledger.segment(&tip)) else { return Ok(None) };
        let segment = if met == 0 { base } else { ledger.add(head, Some(base), found) };
        Ok(Some(Walk { segment, met, is_whole: true }))
    }

    /// Adds what a commit reaches beyond the tip of a segment; `None` where
    /// the ledger is torn.
    fn add_newer(
        &self,
        ledger: &mut Ledger,
        head: Oid,
        tip: Oid,
        base: usize,
    ) -> Result<Option<Walk>, Error> {
        let sought = self.sought()?;
        let (mut found, mut met) = (Vec::new(), 0);
        let look = &|visited: &Visited<'_>| candidate(visited, sought);
        let is_whole = self.repo().walk(&[head], &[tip], look, &mut |_, one| {
            met += 1;
            found.extend(one);
        })?;
        // Where clocks ran back the walk may have met some of the tip's own.
        let oldest = found.iter().map(|candidate| candidate.seconds).min().unwrap_or(i64::MAX);
        let new: HashSet<Oid> = found.iter().map(|candidate| candidate.oid).collect();
        let mut known = HashSet::new();
        for one in ledger.newest_first(base, &|_| true) {
            match one {
                Err(Torn) => return Ok(None),
                Ok(one) if one.seconds < oldest => break,
                Ok(one) => known.extend(Some(one.oid).filter(|oid| new.contains(oid))),
            }
        }
        found.retain(|candidate| !known.contains(&candidate.oid));
        Ok(Some(Walk { segment: ledger.add(head, Some(base), found), met, is_whole }))
    }

    /// Adds all that a commit reaches, in segments down its first parents.
    fn add_history(&self, ledger: &mut Ledger, head: Oid) -> Result<Walk, Error> {
        let sought = self.sought()?;
        let (mut found, mut met) = (Vec::new(), 0);
        let mut tips = Vec::new();
        let look = &|visited: &Visited<'_>| candidate(visited, sought);
        let is_whole = self.repo().walk_down(head, look, &mut |oid, one, line| {
            met += 1;
            if line.is_on && DEPTHS.contains(&line.depth) {
                tips.push((line.depth, oid));
            }
            found.extend(one.map(|candidate| (line.depth, candidate)));
        })?;
        found.sort_by_key(|(depth, _)| *depth);
        let mut base = None;
        for (depth, tip) in tips.into_iter().rev() {
            let reached = found.split_off(found.partition_point(|(other, _)| *other < depth));
            base = Some(ledger.add(tip, base, without_depths(reached)));
        }
        let segment = ledger.add(head, base, without_depths(found));
        Ok(Walk { segment, met, is_whole })
    }

    /// All that the same commit's candidates depend on: how messages are read,
    /// and where history is cut off.
    fn ledger_key(&self) -> Result<u64, Error> {
        let mut edge: Vec<Oid> = self.repo().edge()?.iter().copied().collect();
        edge.sort_unstable();
        let sought = self.sought()?.description();
        let mut bytes = format!("{} {RULES} {sought}\n", env!("CARGO_PKG_VERSION")).into_bytes();
        edge.iter().for_each(|oid| bytes.extend(oid.as_bytes()));
        Ok(sum(&bytes))
    }
}

fn without_depths(found: Vec<(u32, Candidate)>) -> Vec<Candidate> {
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

fn candidate(visited: &Visited<'_>, sought: &Sought) -> Option<Candidate> {
    sought.may_link(visited.message).then(|| Candidate {
        oid: visited.oid,
        seconds: visited.seconds,
        features: features(visited),
    })
}

/// The bits of all features that a commit may link to.
fn features(visited: &Visited<'_>) -> u32 {
    let is_utf8 =
        |name: &[u8]| [&b"utf-8"[..], b"utf8"].iter().any(|n| name.eq_ignore_ascii_case(n));
    if !visited.encoding.is_none_or(is_utf8) {
        return u32::MAX;
    }
    let text: Cow<'_, str> = String::from_utf8_lossy(visited.message);
    let reading = tag::read(&text);
    // What a revert takes back stands in another commit; a slug may be another
    // name of the feature, and a message without a tag may mention any.
    let is_slug = |tag: &Tag| matches!(tag.feature, FeatureId::Slug(_));
    if !reading.reverts.is_empty() || reading.tags.is_empty() || reading.tags.iter().any(is_slug) {
        return u32::MAX;
    }
    reading.tags.iter().fold(0, |bits, tag| bits | bits_of(&tag.feature))
}

fn bits_of(feature: &FeatureId) -> u32 {
    let hash = sum(feature.to_string().as_bytes());
    1 << (hash >> 59) | 1 << (hash >> 54 & 31)
}

/// Whether a commit of such bits may link to one of these features; `false` is
/// certain. The tag of a numbered plan may name a task of the workspace that
/// the plan points at, so any commit may link to a workspace.
pub(super) fn may_link_to<'f>(
    features: impl IntoIterator<Item = &'f FeatureId>,
) -> impl Fn(u32) -> bool {
    let bits = |feature: &FeatureId| match feature {
        FeatureId::Slug(_) => 0,
        numbered => bits_of(numbered),
    };
    let wanted: BTreeSet<u32> = features.into_iter().map(bits).collect();
    move |found| wanted.iter().any(|bits| found & bits == *bits)
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
