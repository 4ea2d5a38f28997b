//! One name for each commit, and the order in which commits are listed.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use super::entries::{hashes, real};
use super::{History, Three};
use crate::doc::Document;
use crate::plan::Key;

/// What the commits are called, however their hashes are written.
pub(super) struct Names<'h> {
    history: &'h History,
    /// Hashes that name nothing known, shortest first.
    unknown: Vec<String>,
    keys: HashMap<String, Key>,
    contained: HashSet<String>,
}

impl<'h> Names<'h> {
    pub(super) fn of(documents: &Three<Document>, history: &'h History) -> Self {
        let all = documents.each().into_iter().flat_map(hashes);
        let mut unknown: Vec<String> = all.filter(|hash| !history.contains_key(hash)).collect();
        unknown.sort_by_key(|hash| (hash.len(), hash.clone()));
        let contained = history.values().filter(|known| known.contained);
        Self {
            history,
            unknown,
            keys: history.values().map(|k| (name_of(k), k.said.commit.key())).collect(),
            contained: contained.map(name_of).collect(),
        }
    }

    /// The commits that a document lists, with their places in its list; one
    /// that it lists twice has two names.
    pub(super) fn list(&self, document: &Document) -> Vec<(String, usize)> {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let named = real(document).map(|(at, entry)| {
            let name = self.name(document.slice(&entry.hash));
            let count = seen.entry(name.clone()).or_default();
            *count += 1;
            (if *count == 1 { name } else { format!("{name} {count}") }, at)
        });
        named.collect()
    }

    /// Whether a side's history holds the commit.
    pub(super) fn is_contained(&self, name: &str) -> bool {
        self.contained.contains(name)
    }

    fn name(&self, hash: &str) -> String {
        if let Some(known) = self.history.get(hash) {
            return name_of(known);
        }
        let shortest = self.unknown.iter().find(|short| hash.starts_with(short.as_str()));
        shortest.map_or(hash, String::as_str).to_owned()
    }

    /// History order; what is not known goes first, by its name.
    pub(super) fn compare(&self, one: &str, other: &str) -> Ordering {
        let key = |name| self.keys.get(name);
        key(one).cmp(&key(other)).then_with(|| one.cmp(other))
    }
}

fn name_of(known: &super::Known) -> String {
    known.said.commit.oid.to_string()
}

/// Joins two lists into one that keeps the order of each; where both have
/// something of their own, history decides. It is the same whichever list
/// comes first.
pub(super) fn interleave(ours: &[String], theirs: &[String], names: &Names<'_>) -> Vec<String> {
    let place = |list: &[String]| -> HashMap<String, usize> {
        list.iter().enumerate().map(|(at, name)| (name.clone(), at)).collect()
    };
    let places = [place(ours), place(theirs)];
    let (mut one, mut other) = (0, 0);
    let mut joined: Vec<String> = Vec::with_capacity(ours.len() + theirs.len());
    let mut taken: HashSet<&str> = HashSet::new();
    loop {
        while ours.get(one).is_some_and(|name| taken.contains(name.as_str())) {
            one += 1;
        }
        while theirs.get(other).is_some_and(|name| taken.contains(name.as_str())) {
            other += 1;
        }
        let next = match (ours.get(one), theirs.get(other)) {
            (None, None) => return joined,
            (Some(name), None) | (None, Some(name)) => name,
            (Some(left), Some(right)) => {
                let left_waits = places[1].get(left).is_some_and(|&at| at > other);
                let right_waits = places[0].get(right).is_some_and(|&at| at > one);
                match (left_waits, right_waits) {
                    (true, false) => right,
                    (false, true) => left,
                    _ if names.compare(left, right) == Ordering::Greater => right,
                    _ => left,
                }
            }
        };
        taken.insert(next);
        joined.push(next.clone());
    }
}
