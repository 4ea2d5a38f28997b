//! The commits whose messages may hold a tag, with the ledger of what was
//! found before. This is the one way to all of a commit's history.

#![cfg_attr(test, allow(clippy::unwrap_used))]

use std::borrow::Cow;
use std::collections::HashSet;

use super::{Error, Project, Sought};
use crate::commit::Oid;
use crate::repo::Visited;
use crate::store::{Candidate, Ledger, sum};
use crate::tag::{self, Tag};
use crate::task::FeatureId;

/// To be raised when other messages become candidates, or their features are
/// marked otherwise.
const RULES: u32 = 1;

/// How many commits a walk must have met for its findings to be kept.
const WORTH: usize = 64;

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

impl Project {
    /// The commits of a range whose messages may hold a tag and that are
    /// wanted, in no promised order.
    pub(super) fn candidates(
        &self,
        include: &[Oid],
        exclude: &[Oid],
        is_wanted: &dyn Fn(&Candidate) -> bool,
    ) -> Result<Vec<Candidate>, Error> {
        if let (&[head], []) = (include, exclude) {
            return self.candidates_below(head, WORTH, is_wanted);
        }
        let sought = self.sought()?;
        let mut found = Vec::new();
        self.repo().walk(
            include,
            exclude,
            &|visited| candidate(visited, sought),
            &mut |_, one| {
                found.extend(one.filter(is_wanted));
            },
        )?;
        Ok(found)
    }

    /// All those that a commit reaches. What is found new is kept, if the walk
    /// was `worth` it.
    fn candidates_below(
        &self,
        head: Oid,
        worth: usize,
        is_wanted: &dyn Fn(&Candidate) -> bool,
    ) -> Result<Vec<Candidate>, Error> {
        let (common_dir, key) = (self.repo().common_dir(), self.ledger_key()?);
        let mut ledger = Ledger::read(common_dir, key);
        let walk = self.add_segment(&mut ledger, head)?;
        let found = ledger.reached(walk.segment).filter(is_wanted).collect();
        // What lies below an absent commit may turn up yet.
        if walk.is_whole && walk.met >= worth {
            // A repository that cannot be written to is walked each time.
            let _ = ledger.thinned(walk.segment).write(common_dir, key);
        }
        Ok(found)
    }

    /// Walks what the ledger does not know of a commit's history.
    fn add_segment(&self, ledger: &mut Ledger, head: Oid) -> Result<Walk, Error> {
        if ledger.is_empty() {
            return self.add_history(ledger, head);
        }
        let tip = self.repo().nearest(head, &|oid| ledger.segment(oid).is_some())?;
        match tip.and_then(|tip| Some((tip, ledger.segment(&tip)?))) {
            Some((tip, segment)) if tip == head => Ok(Walk { segment, met: 0, is_whole: true }),
            Some((tip, base)) => self.add_newer(ledger, head, tip, base),
            None => self.add_history(ledger, head),
        }
    }

    /// Adds what a commit reaches beyond the tip of a segment.
    fn add_newer(
        &self,
        ledger: &mut Ledger,
        head: Oid,
        tip: Oid,
        base: usize,
    ) -> Result<Walk, Error> {
        let sought = self.sought()?;
        let (mut found, mut met) = (Vec::new(), 0);
        let look = &|visited: &Visited<'_>| candidate(visited, sought);
        let is_whole = self.repo().walk(&[head], &[tip], look, &mut |_, one| {
            met += 1;
            found.extend(one);
        })?;
        // Where clocks ran back the walk may have met some of the tip's own.
        let new: HashSet<Oid> = found.iter().map(|candidate| candidate.oid).collect();
        let known = ledger.reached(base).map(|candidate| candidate.oid);
        let known: HashSet<Oid> = known.filter(|oid| new.contains(oid)).collect();
        found.retain(|candidate| !known.contains(&candidate.oid));
        Ok(Walk { segment: ledger.add(head, Some(base), &found), met, is_whole })
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
            base = Some(ledger.add(tip, base, &without_depths(reached)));
        }
        let segment = ledger.add(head, base, &without_depths(found));
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

/// Whether a commit may link to a feature; `false` is certain. The tag of a
/// numbered plan may name a task of the workspace that the plan points at.
pub(super) fn may_link_to(candidate: &Candidate, feature: &FeatureId) -> bool {
    let bits = bits_of(feature);
    candidate.features & bits == bits || matches!(feature, FeatureId::Slug(_))
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
