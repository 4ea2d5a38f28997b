//! Every commit of a range once, and ancestry.
//!
//! The walk is our own and not libgit2's: it survives a commit with a
//! malformed author line, reads each object once and verifies no hash. When it
//! turns out to be a long one, the packs are swept ahead of it.

use std::cell::RefCell;
use std::collections::{BinaryHeap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use super::commits::read_commit;
use super::paint::Paint;
use super::raw::RawCommit;
use super::sweep::{self, Sweep};
use super::{Error, Repo, to_git2};
use crate::commit::Oid;

/// A commit as a walk meets it.
#[derive(Clone, Copy, Debug)]
pub struct Visited<'a> {
    /// Its name.
    pub oid: Oid,
    /// Its message, undecoded, up to a NUL.
    pub message: &'a [u8],
    /// What its encoding header says.
    pub encoding: Option<&'a [u8]>,
    /// Its committer time, in seconds since the epoch.
    pub seconds: i64,
}

impl<'a> Visited<'a> {
    pub(super) fn new(oid: Oid, raw: &RawCommit<'a>) -> Self {
        let seconds = raw.commit_time().seconds;
        Self { oid, message: raw.message, encoding: raw.encoding, seconds }
    }
}

/// Where a commit hangs on the line of first parents that a walk begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// How many first parents down the lowest commit of the line is from which
    /// this one can be reached.
    pub depth: u32,
    /// Whether it is that commit itself.
    pub is_on: bool,
}

/// What a walk looks for in each commit it meets. Asked on several threads, and
/// of more commits than those that are met.
pub type Look<'a, T> = &'a (dyn Fn(&Visited<'_>) -> Option<T> + Sync);

/// Looks for nothing: for walks that are about names.
pub fn nothing(_: &Visited<'_>) -> Option<()> {
    None
}

/// Is told now and then how many commits a walk has read, and `None` when it
/// ends.
pub type Watcher = Box<dyn FnMut(Option<u64>)>;

/// After how many commits a watcher is told.
const TELL: u64 = 1 << 13;

/// A commit of a walk: where it goes on, and what was found in it.
#[cfg_attr(test, derive(Debug))]
pub(super) struct Node<T> {
    pub(super) parents: Vec<Oid>,
    pub(super) found: Option<T>,
}

/// What comes of asking for a commit.
#[cfg_attr(test, derive(Debug))]
pub(super) enum Taken<T> {
    /// It is had for the first time.
    Now(Node<T>),
    /// It was had before.
    Before,
    /// It is not there.
    Absent,
}

impl<T> Node<T> {
    pub(super) fn new(oid: Oid, raw: RawCommit<'_>, look: Look<'_, T>) -> Self {
        let found = look(&Visited::new(oid, &raw));
        Self { parents: raw.parents, found }
    }
}

impl Repo {
    /// Lets somebody watch how far walks over all of history have come.
    pub fn watch(&mut self, watcher: Watcher) {
        self.watcher = RefCell::new(Some(watcher));
    }

    pub(super) fn tell(&self, read: Option<u64>) {
        if let Ok(mut watcher) = self.watcher.try_borrow_mut()
            && let Some(watcher) = watcher.as_mut()
        {
            watcher(read);
        }
    }

    /// Visits each commit that is reachable from `include` and not from
    /// `exclude` once, in no promised order, with what was found in it. Absent
    /// commits end their line; answers whether there were none.
    pub fn walk<T: Copy + Send>(
        &self,
        include: &[Oid],
        exclude: &[Oid],
        look: Look<'_, T>,
        visit: &mut dyn FnMut(Oid, Option<T>),
    ) -> Result<bool, Error> {
        if exclude.is_empty() {
            return self.descend(include, look, &mut |oid, found, _| visit(oid, found));
        }
        let odb = self.odb()?;
        let (shown, is_whole) = Paint::new(self.odb()?, self.edge()?).shown(include, exclude)?;
        for oid in shown {
            if let Some(node) = read_node(&odb, oid, look)? {
                visit(oid, node.found);
            }
        }
        Ok(is_whole)
    }

    /// Visits each commit that is reachable from another once, the line of its
    /// first parents before all others; answers whether none was absent.
    pub fn walk_down<T: Copy + Send>(
        &self,
        from: Oid,
        look: Look<'_, T>,
        visit: &mut dyn FnMut(Oid, Option<T>, Line),
    ) -> Result<bool, Error> {
        self.descend(&[from], look, visit)
    }

    /// Goes down first parents first. What hangs on the line of first parents
    /// is met from the bottom up, so that all that the line reaches at some
    /// depth has been met before anything that only hangs higher.
    fn descend<T: Copy + Send>(
        &self,
        include: &[Oid],
        look: Look<'_, T>,
        visit: &mut dyn FnMut(Oid, Option<T>, Line),
    ) -> Result<bool, Error> {
        let (mut nodes, edge) = (Nodes::new(self, look)?, self.edge()?);
        let mut stack: Vec<(Oid, Line)> = Vec::new();
        stack.extend(include.iter().rev().map(|&oid| (oid, Line { depth: 0, is_on: true })));
        let mut is_whole = true;
        while let Some((oid, line)) = stack.pop() {
            let Node { parents, found } = match nodes.take(oid)? {
                Taken::Now(node) => node,
                Taken::Before => continue,
                Taken::Absent => {
                    is_whole = false;
                    continue;
                }
            };
            visit(oid, found, line);
            let parents = parents.into_iter().enumerate().filter(|_| !edge.contains(&oid));
            let below = |(nth, parent)| match line.is_on && nth == 0 {
                true => (parent, Line { depth: line.depth + 1, is_on: true }),
                false => (parent, Line { is_on: false, ..line }),
            };
            let at = stack.len();
            stack.extend(parents.map(below));
            stack[at..].reverse();
        }
        self.tell(None);
        Ok(is_whole)
    }

    /// Visits a commit and those below it that each have one parent, down to the
    /// first that is meant, which it answers; `None` where the line forks, ends
    /// or is a long one, and what was visited says nothing.
    pub fn walk_line<T>(
        &self,
        from: Oid,
        is_meant: &dyn Fn(&Oid) -> bool,
        look: Look<'_, T>,
        visit: &mut dyn FnMut(Option<T>),
    ) -> Result<Option<Oid>, Error> {
        let (odb, edge) = (self.odb()?, self.edge()?);
        let mut oid = from;
        for _ in 0..LINE {
            if is_meant(&oid) {
                return Ok(Some(oid));
            }
            let Some(node) = read_node(&odb, oid, look)? else { return Ok(None) };
            let &[parent] = node.parents.as_slice() else { return Ok(None) };
            if edge.contains(&oid) {
                return Ok(None);
            }
            visit(node.found);
            oid = parent;
        }
        Ok(None)
    }

    /// The first of these commits that is met on the way down from another,
    /// newest commits first; it is an ancestor, or the commit itself.
    pub fn nearest(
        &self,
        from: Oid,
        is_meant: &dyn Fn(&Oid) -> bool,
    ) -> Result<Option<Oid>, Error> {
        let (odb, edge) = (self.odb()?, self.edge()?);
        let read = |oid: Oid| {
            let read = |data: &[u8]| {
                let raw = RawCommit::parse(data);
                (raw.commit_time().seconds, oid, raw.parents)
            };
            read_commit(&odb, oid, read)
        };
        let mut seen = OidSet::default();
        let mut queue = BinaryHeap::new();
        queue.extend(read(from)?);
        while let Some((_, oid, parents)) = queue.pop() {
            if is_meant(&oid) {
                return Ok(Some(oid));
            }
            let parents = parents.into_iter().filter(|_| !edge.contains(&oid));
            for parent in parents.filter(|&parent| seen.insert(parent)) {
                queue.extend(read(parent)?);
            }
        }
        Ok(None)
    }

    /// Whether `ancestor` is reachable from `of`; true when they are equal.
    pub fn is_ancestor(&self, ancestor: Oid, of: Oid) -> Result<bool, Error> {
        if ancestor == of {
            return Ok(true);
        }
        if let Ok(known) = self.objects().graph_descendant_of(to_git2(of)?, to_git2(ancestor)?) {
            return Ok(known);
        }
        let (ancestor, of) = (ancestor.to_string(), of.to_string());
        let args = ["merge-base", "--is-ancestor", &ancestor, &of];
        // 128 stands for an absent commit, which is nobody's ancestor here.
        Ok(self.git_output(&args)?.status.success())
    }

    /// The commits whose parents a shallow clone leaves out, even where
    /// another fetch has brought the objects; as they were when first asked
    /// for, so that all that is read of history agrees.
    pub fn edge(&self) -> Result<&HashSet<Oid>, Error> {
        if let Some(edge) = self.edge.get() {
            return Ok(edge);
        }
        let path = self.common_dir().join("shallow");
        let text = crate::store::read_plain(&path)
            .map_err(|source| Error::File { path, source })?
            .unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let edge = text.lines().filter_map(|line| Oid::from_hex(line.trim())).collect();
        Ok(self.edge.get_or_init(|| edge))
    }
}

/// How many commits a walk reads before it looks whether a sweep would pay;
/// tests of whatever is walked are to meet with one.
const FEW: u64 = if cfg!(test) { 8 } else { 1 << 11 };

/// How many commits a line without a fork is followed down.
const LINE: usize = 1 << 12;

/// It pays when the walk has met one commit for so many objects of the packs:
/// then most commits there are likely to be of this history.
const SHARE: u64 = 128;

/// Where a walk gets its commits from: one after the other from the object
/// database, and when they become many, from a sweep of the packs.
struct Nodes<'a, T> {
    repo: &'a Repo,
    odb: git2::Odb<'a>,
    look: Look<'a, T>,
    /// Those taken from the database.
    seen: OidSet,
    /// How many have been read.
    read: u64,
    /// How many there must be for the packs to be looked at or swept.
    due: u64,
    sweep: Option<Sweep<T>>,
}

impl<'a, T: Copy + Send> Nodes<'a, T> {
    fn new(repo: &'a Repo, look: Look<'a, T>) -> Result<Self, Error> {
        let (odb, seen) = (repo.odb()?, OidSet::default());
        Ok(Self { repo, odb, look, seen, read: 0, due: FEW, sweep: None })
    }

    /// Takes a commit, once.
    fn take(&mut self, oid: Oid) -> Result<Taken<T>, Error> {
        if self.seen.contains(&oid) {
            return Ok(Taken::Before);
        }
        if self.sweep.is_none() && self.read == self.due {
            self.sweep_or_wait(oid.as_bytes().len());
        }
        if let Some(taken) = self.sweep.as_mut().and_then(|sweep| sweep.take(&oid)) {
            return Ok(taken);
        }
        self.seen.insert(oid);
        self.read += 1;
        if self.read.is_multiple_of(TELL) {
            self.repo.tell(Some(self.read));
        }
        Ok(read_node(&self.odb, oid, self.look)?.map_or(Taken::Absent, Taken::Now))
    }

    fn sweep_or_wait(&mut self, name_len: usize) {
        self.due = FEW.max(sweep::objects(self.repo) / SHARE);
        if self.read >= self.due {
            let tell = |more| self.repo.tell(Some(self.read + more));
            let sweep = Sweep::of(self.repo, name_len, self.look, &tell);
            self.read += sweep.len();
            self.sweep = Some(sweep);
        }
    }
}

fn read_node<T>(
    odb: &git2::Odb<'_>,
    oid: Oid,
    look: Look<'_, T>,
) -> Result<Option<Node<T>>, Error> {
    read_commit(odb, oid, |data| Node::new(oid, RawCommit::parse(data), look))
}

/// A set of names, which are random already.
type OidSet = HashSet<Oid, Plain>;

/// Hashes what is random already.
pub(super) type Plain = BuildHasherDefault<PlainHasher>;

/// Takes the first bytes for the hash.
#[derive(Default)]
pub(super) struct PlainHasher(u64);

impl Hasher for PlainHasher {
    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk() {
            self.0 ^= u64::from_le_bytes(*first);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::super::testing::Sandbox;
    use super::*;

    fn walked(repo: &Repo, include: &[Oid], exclude: &[Oid]) -> Vec<Oid> {
        let mut oids = Vec::new();
        let look = &|visited: &Visited<'_>| Some(visited.oid);
        repo.walk(include, exclude, look, &mut |oid, found| {
            assert_eq!(found, Some(oid));
            oids.push(oid);
        })
        .unwrap();
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
    fn what_a_commit_of_the_first_line_reaches_hangs_no_higher() {
        let sandbox = tangle(true);
        let repo = sandbox.repo();
        for tip in ["b0", "b1", "b2"] {
            let mut met = Vec::new();
            let visit = &mut |oid, _: Option<()>, line| met.push((oid, line));
            assert!(repo.walk_down(sandbox.oid(tip), &|_| None, visit).unwrap());
            let on: Vec<_> = met.iter().filter(|(_, line)| line.is_on).collect();
            assert!(on.len() > 5 && on.len() < met.len());
            for (nth, (oid, line)) in on.into_iter().enumerate() {
                assert_eq!(line.depth as usize, nth);
                let below = met.iter().filter(|(_, other)| other.depth >= line.depth);
                let mut below: Vec<Oid> = below.map(|(oid, _)| *oid).collect();
                below.sort();
                assert_eq!(below, rev_list(&sandbox, &[&oid.to_string()]), "{tip}~{nth}");
            }
        }
    }

    #[test]
    fn a_line_without_a_fork_is_all_that_lies_between() {
        let sandbox = tangle(true);
        let merge = sandbox.oid("b0");
        sandbox.sh("git switch -q b0");
        for step in 0..5 {
            sandbox.commit_at("line", &step.to_string(), "step", 900 - step);
        }
        let (repo, tip) = (sandbox.repo(), sandbox.oid("HEAD"));
        let line = |meant: &[Oid]| {
            let mut met = Vec::new();
            let look = &|visited: &Visited<'_>| Some(visited.oid);
            let is_meant = &|oid: &Oid| meant.contains(oid);
            let visit = &mut |oid: Option<Oid>| met.extend(oid);
            let ended = repo.walk_line(tip, is_meant, look, visit).unwrap();
            met.sort();
            ended.map(|oid| (oid, met))
        };
        assert_eq!(line(&[tip]), Some((tip, Vec::new())));
        for meant in [merge, sandbox.oid("HEAD~2")] {
            let between = rev_list(&sandbox, &[&format!("{meant}..HEAD")]);
            assert_eq!(line(&[meant, sandbox.oid("main")]), Some((meant, between)));
        }
        assert_eq!(line(&[sandbox.oid("main")]), None, "there are merges between");
        assert_eq!(line(&[]), None);
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
        let line = repo.walk_line(third, &|oid| *oid == first, &nothing, &mut |_| {});
        assert_eq!(line.unwrap(), None, "the edge has no parents here");
        assert!(!repo.is_ancestor(first, third).unwrap());
    }
}
