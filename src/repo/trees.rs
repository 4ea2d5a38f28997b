//! What a commit holds and what it changed.

use std::ops::ControlFlow;

use git2::{ErrorCode, ObjectType};

use super::raw::{self, RawCommit, TreeEntry};
use super::{Error, Repo, to_git2};
use crate::commit::Oid;

/// Two versions of one directory, `None` where a side has none.
struct Pair {
    path: Vec<u8>,
    old: Option<Oid>,
    new: Option<Oid>,
}

/// What is told of each file that differs: its path, and the new blob.
pub(super) type Visit<'a> = &'a mut dyn FnMut(&[u8], Option<Oid>) -> ControlFlow<()>;

impl Repo {
    /// Visits the paths that a commit changed against its first parent (a
    /// root commit: against nothing), submodules included, until the visitor
    /// has seen enough. Renames are a path gone and a path come. A first
    /// parent past the edge of a shallow clone counts as nothing.
    pub fn changed_paths(
        &self,
        oid: Oid,
        visit: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        self.changed_paths_in(oid, &|_| true, visit)
    }

    /// The same of the directories that `enter` allows alone.
    pub fn changed_paths_in(
        &self,
        oid: Oid,
        enter: &dyn Fn(&[u8]) -> bool,
        visit: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let parts = |data: &[u8]| {
            let raw = RawCommit::parse(data);
            (raw.tree, raw.parents.first().copied())
        };
        let Some((new, parent)) = self.with_commit(oid, parts)? else {
            return Err(Error::object("commit", oid.abbrev(7), "it is not there"));
        };
        let tree = |data: &[u8]| RawCommit::parse(data).tree;
        let old = match parent {
            Some(parent) => self.with_commit(parent, tree)?.flatten(),
            None => None,
        };
        let mut visit = |path: &[u8], _| visit(path);
        self.compare_trees(old, new, enter, &mut visit)
    }

    /// Visits the files in which two trees differ, each with the blob that the
    /// new one has there.
    pub(super) fn compare_trees(
        &self,
        old: Option<Oid>,
        new: Option<Oid>,
        enter: &dyn Fn(&[u8]) -> bool,
        visit: Visit<'_>,
    ) -> Result<(), Error> {
        let mut pairs = vec![Pair { path: Vec::new(), old, new }];
        while let Some(pair) = pairs.pop() {
            let is_asked = pair.path.is_empty() || enter(&pair.path);
            if pair.old != pair.new
                && is_asked
                && self.compare(&pair, &mut pairs, visit)?.is_break()
            {
                break;
            }
        }
        Ok(())
    }

    /// Visits the entries in which two versions of a directory differ and
    /// queues the directories among them.
    fn compare(
        &self,
        pair: &Pair,
        pairs: &mut Vec<Pair>,
        visit: Visit<'_>,
    ) -> Result<ControlFlow<()>, Error> {
        let (old, new) = (self.tree_or_none(pair.old)?, self.tree_or_none(pair.new)?);
        let (mut old, mut new) = (old.iter().peekable(), new.iter().peekable());
        loop {
            let order = match (old.peek(), new.peek()) {
                (None, None) => return Ok(ControlFlow::Continue(())),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some(old), Some(new)) => old.name.cmp(&new.name),
            };
            let before = order.is_le().then(|| old.next()).flatten();
            let after = order.is_ge().then(|| new.next()).flatten();
            let Some(name) = before.or(after).map(|entry| &entry.name) else { continue };
            if before == after {
                continue;
            }
            let path = join(&pair.path, name);
            let tree = |entry: Option<&TreeEntry>| entry.filter(|e| e.is_tree()).map(|e| e.oid);
            let is_file = |entry: Option<&TreeEntry>| entry.is_some_and(|e| !e.is_tree());
            let blob = || after.filter(|entry| is_regular(entry)).map(|entry| entry.oid);
            if (is_file(before) || is_file(after)) && visit(&path, blob()).is_break() {
                return Ok(ControlFlow::Break(()));
            }
            let (old, new) = (tree(before), tree(after));
            if old != new {
                pairs.push(Pair { path, old, new });
            }
        }
    }

    /// Visits every file of a commit with the name of its blob, entering only
    /// the directories that `enter` allows (it is asked with their path, `/`
    /// between, none at the end). Symlinks and submodules are left out.
    pub fn files_at(
        &self,
        commit: Oid,
        enter: &mut dyn FnMut(&[u8]) -> bool,
        visit: &mut dyn FnMut(&[u8], Oid) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let mut trees: Vec<(Vec<u8>, Oid)> =
            self.tree_of(commit)?.into_iter().map(|tree| (Vec::new(), tree)).collect();
        while let Some((above, tree)) = trees.pop() {
            for entry in self.tree_or_none(Some(tree))? {
                let path = join(&above, &entry.name);
                if entry.is_tree() && enter(&path) {
                    trees.push((path, entry.oid));
                } else if is_regular(&entry) && visit(&path, entry.oid).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The bytes a commit has at a path; `None` when it has no regular file
    /// there.
    pub fn blob_at(&self, commit: Oid, path: &str) -> Result<Option<Vec<u8>>, Error> {
        self.blob_name_at(commit, path)?.map(|blob| self.blob(blob)).transpose()
    }

    /// The name of the blob that a commit has at a path; `None` when it has no
    /// regular file there.
    pub fn blob_name_at(&self, commit: Oid, path: &str) -> Result<Option<Oid>, Error> {
        Ok(self.entry_at(commit, path)?.filter(is_regular).map(|entry| entry.oid))
    }

    /// Whether a commit has anything at a path, a directory included.
    pub fn has_path(&self, commit: Oid, path: &str) -> Result<bool, Error> {
        Ok(self.entry_at(commit, path)?.is_some())
    }

    fn entry_at(&self, commit: Oid, path: &str) -> Result<Option<TreeEntry>, Error> {
        let mut tree = self.tree_of(commit)?;
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            let entries = self.tree_or_none(tree)?;
            let entry = entries.into_iter().find(|entry| entry.name == part.as_bytes());
            match entry {
                Some(entry) if parts.peek().is_none() => return Ok(Some(entry)),
                Some(entry) if entry.is_tree() => tree = Some(entry.oid),
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    /// Whether an object is in this clone.
    pub fn is_there(&self, oid: Oid) -> Result<bool, Error> {
        Ok(self.odb()?.exists(to_git2(oid)?))
    }

    /// The bytes of a blob.
    pub fn blob(&self, oid: Oid) -> Result<Vec<u8>, Error> {
        self.object("blob", ObjectType::Blob, oid)
    }

    fn tree_of(&self, commit: Oid) -> Result<Option<Oid>, Error> {
        Ok(self.with_commit(commit, |data| RawCommit::parse(data).tree)?.flatten())
    }

    fn tree_or_none(&self, oid: Option<Oid>) -> Result<Vec<TreeEntry>, Error> {
        let Some(oid) = oid else { return Ok(Vec::new()) };
        let data = self.object("tree", ObjectType::Tree, oid)?;
        raw::tree(&data, oid.as_bytes().len())
            .ok_or_else(|| Error::object("tree", oid.abbrev(7), "it is malformed"))
    }

    fn object(&self, what: &'static str, kind: ObjectType, oid: Oid) -> Result<Vec<u8>, Error> {
        let failed = |why: &str| Error::object(what, oid.abbrev(7), why);
        let odb = self.odb()?;
        let object = odb.read(to_git2(oid)?).map_err(|error| match error.code() {
            ErrorCode::NotFound => failed("it is not in this clone"),
            _ => failed(error.message()),
        })?;
        match object.kind() == kind {
            true => Ok(object.data().to_vec()),
            false => Err(failed("it is something else")),
        }
    }
}

fn is_regular(entry: &TreeEntry) -> bool {
    entry.is_blob() && entry.mode & 0o170_000 == 0o100_000
}

fn join(above: &[u8], name: &[u8]) -> Vec<u8> {
    match above.is_empty() {
        true => name.to_vec(),
        false => [above, b"/", name].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Sandbox;
    use super::*;

    fn changed(repo: &Repo, oid: Oid) -> Vec<String> {
        let mut paths = Vec::new();
        let mut visit = |path: &[u8]| {
            paths.push(String::from_utf8_lossy(path).into_owned());
            ControlFlow::Continue(())
        };
        repo.changed_paths(oid, &mut visit).unwrap();
        paths.sort();
        paths
    }

    #[test]
    fn changed_paths_are_those_of_diff_tree() {
        let sandbox = Sandbox::new();
        sandbox.write("gone/deep/a.md", "a");
        sandbox.write("turns/b", "b");
        sandbox.write("日本/🎉.md", "c");
        sandbox.sh("ln -s x link; git add .");
        let root = sandbox.commit("file", "1", "root");
        sandbox.sh("git rm -rq gone turns link; mkdir turns.d; chmod +x file");
        sandbox.write("turns", "now a file");
        sandbox.write("file", "1");
        sandbox.sh("git add .; git update-index --chmod=+x file");
        let next = sandbox.commit("日本/b.md", "d", "next");
        let repo = sandbox.repo();
        let wanted = |oid: Oid| {
            let show = ["-r", "--root", "--no-renames", "--name-only", "--no-commit-id", "-z"];
            let said = sandbox.git(&[&["diff-tree"], &show[..], &[&oid.to_string()]].concat());
            let mut paths: Vec<String> =
                said.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect();
            paths.sort();
            paths
        };
        for oid in [root, next] {
            assert_eq!(changed(&repo, oid), wanted(oid));
        }
        let empty = sandbox.commit("日本/b.md", "d", "empty");
        assert!(changed(&repo, empty).is_empty());
    }

    #[test]
    fn a_visitor_stops_early() {
        let sandbox = Sandbox::new();
        sandbox.write("a", "1");
        sandbox.git(&["add", "."]);
        let oid = sandbox.commit("b", "2", "two");
        let (mut changed, mut files) = (0, 0);
        let mut stop = |_: &[u8]| {
            changed += 1;
            ControlFlow::Break(())
        };
        sandbox.repo().changed_paths(oid, &mut stop).unwrap();
        let mut stop = |_: &[u8], _| {
            files += 1;
            ControlFlow::Break(())
        };
        sandbox.repo().files_at(oid, &mut |_| true, &mut stop).unwrap();
        assert_eq!((changed, files), (1, 1));
    }

    #[test]
    fn files_and_blobs_of_a_commit_are_read_without_a_checkout() {
        let sandbox = Sandbox::new();
        sandbox.write("prd/tasks/a.md", "A");
        sandbox.write("src/x/y.rs", "Y");
        sandbox.sh("ln -s a.md prd/tasks/link.md; git add .");
        let oid = sandbox.commit("top", "T", "all");
        let repo = sandbox.repo();
        let mut paths = Vec::new();
        let mut visit = |path: &[u8], oid| {
            paths.push((String::from_utf8_lossy(path).into_owned(), repo.blob(oid).unwrap()));
            ControlFlow::Continue(())
        };
        repo.files_at(oid, &mut |dir| dir.starts_with(b"prd"), &mut visit).unwrap();
        paths.sort();
        assert_eq!(paths, [("prd/tasks/a.md".into(), b"A".to_vec()), ("top".into(), b"T".into())]);
        assert_eq!(repo.blob_at(oid, "prd/tasks/a.md").unwrap().unwrap(), b"A");
        for none in ["prd", "prd/tasks/link.md", "nope", "prd/tasks/a.md/x", "", "/", "prd//tasks"]
        {
            assert_eq!(repo.blob_at(oid, none).unwrap(), None, "{none}");
        }
        assert!(repo.blob(oid).is_err());
    }
}
