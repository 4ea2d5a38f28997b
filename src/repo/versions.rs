//! Which versions of files history holds since a commit.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::raw::RawCommit;
use super::walk::nothing;
use super::{Error, Repo, to_git2};
use crate::commit::Oid;

/// The commits of a tip's history in memory, down to what some of them have in
/// common, and where files changed among them.
#[derive(Debug, Default)]
pub struct Versions {
    nodes: Vec<Node>,
    places: HashMap<Oid, usize>,
    /// For each path the commits that changed it, and what they made of it.
    changes: HashMap<Vec<u8>, Vec<(usize, Option<Oid>)>>,
}

#[derive(Debug)]
struct Node {
    parents: Vec<Oid>,
    tree: Option<Oid>,
}

impl Versions {
    /// The blobs that commits put at a path which `commit` does not have in
    /// its past, its own included.
    pub fn since(&self, commit: Oid, path: &str) -> Vec<Oid> {
        let Some(changes) = self.changes.get(path.as_bytes()) else { return Vec::new() };
        let past = self.past(commit);
        let mut blobs: Vec<Oid> =
            changes.iter().filter(|(at, _)| !past[*at]).filter_map(|(_, blob)| *blob).collect();
        blobs.sort();
        blobs.dedup();
        blobs
    }

    /// The ancestors of a commit.
    fn past(&self, commit: Oid) -> Vec<bool> {
        let mut past = vec![false; self.nodes.len()];
        let mut stack: Vec<usize> = self.places.get(&commit).copied().into_iter().collect();
        while let Some(at) = stack.pop() {
            for parent in self.nodes[at].parents.iter().filter_map(|oid| self.places.get(oid)) {
                if !std::mem::replace(&mut past[*parent], true) {
                    stack.push(*parent);
                }
            }
        }
        past
    }
}

impl Repo {
    /// The versions that files of a tip's history have had since the oldest
    /// of these commits; only directories that `enter` allows are looked into.
    /// A merge changes what differs from all its parents. A commit whose trees
    /// are not in this clone changes nothing.
    pub fn versions_since(
        &self,
        commits: &[Oid],
        tip: Oid,
        enter: &dyn Fn(&[u8]) -> bool,
    ) -> Result<Versions, Error> {
        let base = self.common_past(commits)?;
        let mut oids = commits.to_vec();
        self.walk(&[tip], base.as_slice(), &nothing, &mut |oid, _| oids.push(oid))?;
        let mut versions = Versions::default();
        for oid in oids {
            if versions.places.contains_key(&oid) {
                continue;
            }
            let read = |data: &[u8]| {
                let raw = RawCommit::parse(data);
                Node { parents: raw.parents, tree: raw.tree }
            };
            let Some(node) = self.with_commit(oid, read)? else { continue };
            versions.places.insert(oid, versions.nodes.len());
            versions.nodes.push(node);
        }
        for at in 0..versions.nodes.len() {
            for (path, blob) in self.changes_of(&versions, at, enter)? {
                versions.changes.entry(path).or_default().push((at, blob));
            }
        }
        Ok(versions)
    }

    /// A commit that all of these have in their past.
    fn common_past(&self, commits: &[Oid]) -> Result<Vec<Oid>, Error> {
        let names = commits.iter().map(|oid| to_git2(*oid)).collect::<Result<Vec<_>, _>>()?;
        match names.as_slice() {
            [] => Ok(Vec::new()),
            [_] => Ok(commits.to_vec()),
            // Histories without a common root are read whole.
            _ => Ok(self
                .objects()
                .merge_base_octopus(&names)
                .ok()
                .and_then(super::from_git2)
                .into_iter()
                .collect()),
        }
    }

    fn changes_of(
        &self,
        versions: &Versions,
        at: usize,
        enter: &dyn Fn(&[u8]) -> bool,
    ) -> Result<HashMap<Vec<u8>, Option<Oid>>, Error> {
        let node = &versions.nodes[at];
        let mut changes: Option<HashMap<Vec<u8>, Option<Oid>>> = None;
        for parent in self.parent_trees(versions, node)? {
            let mut found = HashMap::new();
            let mut visit = |path: &[u8], blob| {
                found.insert(path.to_vec(), blob);
                ControlFlow::Continue(())
            };
            match self.compare_trees(parent, node.tree, enter, &mut visit) {
                Err(Error::Object { .. }) => return Ok(HashMap::new()),
                compared => compared?,
            }
            changes = Some(match changes {
                None => found,
                Some(mut before) => {
                    before.retain(|path, _| found.contains_key(path));
                    before
                }
            });
        }
        Ok(changes.unwrap_or_default())
    }

    /// The trees of a commit's parents; nothing for the one that a root lacks.
    fn parent_trees(&self, versions: &Versions, node: &Node) -> Result<Vec<Option<Oid>>, Error> {
        let mut trees = Vec::new();
        for parent in &node.parents {
            let known = versions.places.get(parent).map(|&at| versions.nodes[at].tree);
            let tree = |data: &[u8]| RawCommit::parse(data).tree;
            trees.push(match known {
                Some(tree) => tree,
                None => self.with_commit(*parent, tree)?.flatten(),
            });
        }
        if trees.is_empty() {
            trees.push(None);
        }
        Ok(trees)
    }
}
