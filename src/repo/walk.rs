//! Every commit of a range once, and ancestry.
//!
//! The walk is our own and not libgit2's: it survives a commit with a
//! malformed author line, and is faster by a third because it reads each
//! object once and verifies no hash.

use std::collections::HashSet;
use std::ops::ControlFlow;

use super::commits::read_commit;
use super::paint::Paint;
use super::raw::RawCommit;
use super::{Error, Repo, to_git2};
use crate::commit::Oid;

impl Repo {
    /// Visits each commit that is reachable from `include` and not from
    /// `exclude` once, with its undecoded message, in no promised order.
    /// Absent commits, past the edge of a shallow clone, end their line.
    pub fn walk(
        &self,
        include: &[Oid],
        exclude: &[Oid],
        visit: &mut dyn FnMut(Oid, &[u8]) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let edge = self.shallow_edge()?;
        if exclude.is_empty() {
            return self.walk_all(include, &edge, visit);
        }
        let odb = self.odb()?;
        for oid in Paint::new(self.odb()?, &edge).shown(include, exclude)? {
            let flow = read_commit(&odb, oid, |data| visit(oid, RawCommit::parse(data).message))?;
            if flow.is_some_and(|flow| flow.is_break()) {
                break;
            }
        }
        Ok(())
    }

    fn walk_all(
        &self,
        include: &[Oid],
        edge: &HashSet<Oid>,
        visit: &mut dyn FnMut(Oid, &[u8]) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let odb = self.odb()?;
        let mut seen: HashSet<Oid> = include.iter().copied().collect();
        let mut stack: Vec<Oid> = seen.iter().copied().collect();
        while let Some(oid) = stack.pop() {
            let read = |data: &[u8]| {
                let raw = RawCommit::parse(data);
                (visit(oid, raw.message), raw.parents)
            };
            let Some((flow, parents)) = read_commit(&odb, oid, read)? else { continue };
            if flow.is_break() {
                return Ok(());
            }
            if !edge.contains(&oid) {
                stack.extend(parents.into_iter().filter(|&parent| seen.insert(parent)));
            }
        }
        Ok(())
    }

    /// Whether `ancestor` is reachable from `of`; true when they are equal.
    pub fn is_ancestor(&self, ancestor: Oid, of: Oid) -> Result<bool, Error> {
        if ancestor == of {
            return Ok(true);
        }
        if let Ok(known) = self.inner.graph_descendant_of(to_git2(of)?, to_git2(ancestor)?) {
            return Ok(known);
        }
        let (ancestor, of) = (ancestor.to_string(), of.to_string());
        let args = ["merge-base", "--is-ancestor", &ancestor, &of];
        // 128 stands for an absent commit, which is nobody's ancestor here.
        Ok(self.git_output(&args)?.status.success())
    }

    /// The commits whose parents a shallow clone leaves out, even where
    /// another fetch has brought the objects.
    fn shallow_edge(&self) -> Result<HashSet<Oid>, Error> {
        let path = self.common_dir().join("shallow");
        let text = crate::store::read_plain(&path)
            .map_err(|source| Error::File { path, source })?
            .unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        Ok(text.lines().filter_map(|line| Oid::from_hex(line.trim())).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::super::testing::Sandbox;
    use super::*;

    fn walked(repo: &Repo, include: &[Oid], exclude: &[Oid]) -> Vec<Oid> {
        let mut oids = Vec::new();
        let mut visit = |oid, _: &[u8]| {
            oids.push(oid);
            ControlFlow::Continue(())
        };
        repo.walk(include, exclude, &mut visit).unwrap();
        oids.sort();
        oids
    }

    fn rev_list(sandbox: &Sandbox, args: &[&str]) -> Vec<Oid> {
        let said = sandbox.git(&[&["rev-list"], args].concat());
        let mut oids: Vec<Oid> = said.lines().filter_map(Oid::from_hex).collect();
        oids.sort();
        oids
    }

    /// Branches and merges, by clocks that agree or run both ways.
    fn tangle(skewed: bool) -> Sandbox {
        let sandbox = Sandbox::new();
        sandbox.commit_at("a", "0", "root", 1_000);
        for i in 0..24_i64 {
            let branch = format!("b{}", i % 3);
            sandbox.sh(&format!("git switch -q {branch} || git switch -q -c {branch}"));
            let (text, later) = (i.to_string(), if skewed { (i * 37) % 101 } else { i });
            sandbox.commit_at(&branch, &text, &text, 1_000 + later);
            if i % 5 == 4 {
                let other = format!("b{}", (i + 1) % 3);
                let date = format!("GIT_COMMITTER_DATE='@{} +0000'", 1_000 + later);
                sandbox.sh(&format!("{date} git merge -q --no-edit {other}"));
            }
        }
        sandbox
    }

    #[test]
    fn a_walk_finds_what_is_there() {
        for skewed in [false, true] {
            let sandbox = tangle(skewed);
            let repo = sandbox.repo();
            let all = rev_list(&sandbox, &["--all"]);
            let branches = repo.branches().unwrap();
            let heads: Vec<Oid> = branches.into_iter().map(|(_, oid)| oid).collect();
            assert_eq!(walked(&repo, &heads, &[]), all);
            let below = |oid: &Oid| (*oid, rev_list(&sandbox, &[&oid.to_string()]));
            let reach: HashMap<Oid, Vec<Oid>> = all.iter().map(below).collect();
            let pairs = all.iter().flat_map(|a| all.iter().map(move |b| (*a, *b)));
            for (a, b) in pairs {
                // Not `rev-list b ^a`: clocks that run back deceive git too.
                let found = walked(&repo, &[b], &[a]);
                let shown = |oid: &&Oid| !reach[&a].contains(oid);
                let wanted: Vec<Oid> = reach[&b].iter().filter(shown).copied().collect();
                if skewed {
                    assert!(wanted.iter().all(|oid| found.contains(oid)), "{b} ^{a}");
                    assert!(found.iter().all(|oid| reach[&b].contains(oid)), "{b} ^{a}");
                } else {
                    assert_eq!(found, wanted, "{b} ^{a}");
                }
            }
        }
    }

    #[test]
    fn ancestry_is_gits() {
        let sandbox = tangle(true);
        let repo = sandbox.repo();
        let (root, tip) = (sandbox.oid("main"), sandbox.oid("b0"));
        assert!(repo.is_ancestor(root, tip).unwrap() && repo.is_ancestor(tip, tip).unwrap());
        assert!(!repo.is_ancestor(tip, root).unwrap());
        let absent = Oid::from_hex(&"12".repeat(20)).unwrap();
        assert!(!repo.is_ancestor(absent, tip).unwrap());
    }

    #[test]
    fn a_malformed_author_does_not_end_the_walk() {
        let sandbox = Sandbox::new();
        sandbox.commit("a", "1", "first");
        let bad = "{ echo tree $(git rev-parse HEAD^{tree}); echo parent $(git rev-parse HEAD); \
                   echo author nobody; echo committer C '<c>' 1700000000 +0000; echo; \
                   echo bad [PRD-07]; } | git hash-object -t commit -w --literally --stdin";
        let bad = Oid::from_hex(sandbox.sh(bad).trim()).unwrap();
        sandbox.git(&["update-ref", "HEAD", &bad.to_string()]);
        let tip = sandbox.commit("a", "2", "last");
        let repo = sandbox.repo();
        assert_eq!(walked(&repo, &[tip], &[]).len(), 3);
        assert_eq!(walked(&repo, &[tip], &[bad]), [tip]);
        let commit = repo.commit(bad).unwrap().unwrap();
        assert_eq!((commit.message.as_str(), commit.author_time.seconds), ("bad [PRD-07]\n", 0));
        assert!(repo.is_ancestor(sandbox.oid("HEAD~2"), tip).unwrap());
        assert_eq!(repo.revision("HEAD~1").unwrap(), bad);
    }

    #[test]
    fn a_shallow_clone_ends_where_its_objects_end() {
        let sandbox = Sandbox::new();
        let first = sandbox.commit("a", "1", "first");
        sandbox.commit("a", "2", "second");
        let third = sandbox.commit("a", "3", "third");
        let url = format!("file://{}", sandbox.top().display());
        sandbox.git(&["clone", "-q", "--depth=2", &url, "../outside/shallow"]);
        let repo = sandbox.hook_in(&sandbox.outside().join("shallow"));
        assert!(repo.is_shallow() && !sandbox.repo().is_shallow());
        assert_eq!(repo.commit(first).unwrap(), None);
        assert_eq!(walked(&repo, &[third], &[]).len(), 2);
        assert_eq!(walked(&repo, &[third], &[first]).len(), 2);
        assert!(!repo.is_ancestor(first, third).unwrap());
    }
}
