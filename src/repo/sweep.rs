//! The commits of whole packs, read in the order in which they lie there.
//!
//! A walk learns the name of the next commit from the one before it, so it
//! jumps about in the packs and has work for one thread. Reading all that a
//! pack holds from front to back has work for many. What does not give itself
//! away at once (a commit stored as a difference from another, one larger than
//! a span, an index of the oldest form, an alternate's packs) is left to the
//! object database: a sweep may know too little, and nothing depends on it.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;

use flate2::{Decompress, FlushDecompress, Status};

use super::Repo;
use super::raw::RawCommit;
use super::walk::{Look, Node, Plain, Taken};
use crate::commit::Oid;
use crate::store::{Pieces, paths_in, read_plain};

/// How many bytes of a pack are read at once.
const SPAN: usize = 1 << 20;

/// How far the last commit of a span may reach into the next.
const BEYOND: usize = 1 << 14;

/// How many bytes of a span are looked at first. git writes all commits in
/// front of all else: where these begin none, the rest is passed over.
const SAMPLE: usize = 1 << 15;

/// The commits of the packs, by name.
pub(super) struct Sweep<T> {
    commits: Commits<T>,
    /// By the first bytes of a name, its place among the commits.
    places: HashMap<u64, u32, Plain>,
}

impl<T: Copy + Send> Sweep<T> {
    /// Reads the packs of a repository, on all cores. Tells after each span
    /// how many commits there have been so far.
    pub(super) fn of(repo: &Repo, name_len: usize, look: Look<'_, T>, tell: &dyn Fn(u64)) -> Self {
        let mut sweep = Self { commits: Commits::new(name_len), places: HashMap::default() };
        for path in indexes(repo) {
            let Some(pack) = Pack::open(&path, name_len) else { continue };
            let known = sweep.len();
            let parts = pack.parts(look, &|read| tell(known + read));
            // The index of a large pack is the most that is ever held.
            drop(pack);
            // Allocations as large as these go back to the system when they
            // are freed; many small ones would not.
            parts.into_iter().for_each(|part| sweep.commits.append(part));
        }
        sweep.places.reserve(sweep.commits.ends.len());
        for (at, name) in (0..).zip(sweep.commits.own_names()) {
            if let Some(first) = name.first_chunk() {
                sweep.places.insert(u64::from_le_bytes(*first), at);
            }
        }
        sweep
    }

    /// How many commits there are.
    pub(super) fn len(&self) -> u64 {
        self.commits.ends.len() as u64
    }

    /// What it holds of a commit, or that this was taken before; `None` when it
    /// does not know the commit.
    pub(super) fn take(&mut self, oid: &Oid) -> Option<Taken<T>> {
        let first = u64::from_le_bytes(*oid.as_bytes().first_chunk()?);
        self.commits.take(oid, *self.places.get(&first)? as usize)
    }
}

/// Commits, side by side to be small.
struct Commits<T> {
    name_len: usize,
    /// For each commit its own name and those of its parents.
    names: Vec<u8>,
    /// How many names there are up to the end of each commit.
    ends: Vec<u32>,
    /// What was found, with the places of the commits.
    found: Vec<(u32, T)>,
    /// Whether each commit was taken.
    taken: Vec<bool>,
}

impl<T: Copy> Commits<T> {
    fn new(name_len: usize) -> Self {
        let (names, ends, found, taken) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { name_len, names, ends, found, taken }
    }

    fn push(&mut self, oid: Oid, node: &Node<T>) {
        let place = self.ends.len() as u32;
        self.names.extend(oid.as_bytes());
        node.parents.iter().for_each(|parent| self.names.extend(parent.as_bytes()));
        self.ends.push((self.names.len() / self.name_len) as u32);
        self.found.extend(node.found.map(|found| (place, found)));
        self.taken.push(false);
    }

    fn append(&mut self, more: Self) {
        let (place, end) = (self.ends.len() as u32, (self.names.len() / self.name_len) as u32);
        self.names.extend(more.names);
        self.ends.extend(more.ends.into_iter().map(|own| end + own));
        self.found.extend(more.found.into_iter().map(|(own, found)| (place + own, found)));
        self.taken.extend(more.taken);
    }

    /// The name of each commit.
    fn own_names(&self) -> impl Iterator<Item = &[u8]> {
        let starts = [0].iter().chain(&self.ends).map(|&end| end as usize * self.name_len);
        starts.map_while(|start| self.names.get(start..start + self.name_len))
    }

    fn take(&mut self, oid: &Oid, at: usize) -> Option<Taken<T>> {
        let len = self.name_len;
        let start =
            at.checked_sub(1).map_or(Some(0), |before| Some(*self.ends.get(before)? as usize))?;
        let names = self.names.get(start * len..*self.ends.get(at)? as usize * len)?;
        let mut names = names.chunks(len).filter_map(Oid::from_bytes);
        if names.next()? != *oid {
            return None;
        }
        if std::mem::replace(self.taken.get_mut(at)?, true) {
            return Some(Taken::Before);
        }
        let found = self.found.binary_search_by_key(&(at as u32), |(place, _)| *place).ok();
        let found = found.and_then(|found| Some(self.found.get(found)?.1));
        Some(Taken::Now(Node { parents: names.collect(), found }))
    }
}

/// An object of a pack: where it begins, and its place in the index.
type Object = (u64, u32);

/// A pack and its index.
struct Pack {
    file: Pieces,
    index: Vec<u8>,
    /// How many objects the index lists.
    count: usize,
    name_len: usize,
    /// The objects that begin in each span, by their places in the index: of
    /// millions of them nothing more is kept than must be.
    spans: Vec<Vec<u32>>,
}

impl Pack {
    /// Opens the pack of an index; `None` where either is not as it should be.
    fn open(path: &Path, name_len: usize) -> Option<Self> {
        let index = read_plain(path).ok()??;
        let count = count(&index)?;
        let file = Pieces::open(&path.with_extension("pack")).ok()?;
        let size = file.len();
        let mut pack = Self { file, index, count: count as usize, name_len, spans: Vec::new() };
        pack.spans.resize_with((size / SPAN as u64) as usize + 1, Vec::new);
        for at in 0..count {
            let offset = pack.offset(at)?;
            pack.spans.get_mut((offset / SPAN as u64) as usize)?.push(at);
        }
        pack.spans.retain(|span| !span.is_empty());
        Some(pack)
    }

    /// All its commits, read on all cores.
    fn parts<T: Copy + Send>(&self, look: Look<'_, T>, tell: &dyn Fn(u64)) -> Vec<Commits<T>> {
        let (next, read) = (AtomicUsize::new(0), AtomicU64::new(0));
        let work = |tell: &dyn Fn(u64)| {
            let mut reader = Reader::new(self, look);
            let mut parts = Vec::new();
            while let Some(span) = self.spans.get(next.fetch_add(1, Ordering::Relaxed)) {
                let part = reader.part(span);
                let more = part.ends.len() as u64;
                tell(read.fetch_add(more, Ordering::Relaxed) + more);
                parts.push(part);
            }
            parts
        };
        let cores = thread::available_parallelism().map_or(1, usize::from);
        thread::scope(|scope| {
            let start = |_| thread::Builder::new().spawn_scoped(scope, || work(&|_| {})).ok();
            let others: Vec<_> = (1..cores.min(self.spans.len())).filter_map(start).collect();
            let mut parts = work(tell);
            for other in others {
                parts.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
            }
            parts
        })
    }

    fn name(&self, at: usize) -> Option<Oid> {
        let start = HEADER + at * self.name_len;
        Oid::from_bytes(self.index.get(start..start + self.name_len)?)
    }

    /// Where an object begins: in four bytes, or where those say in eight.
    fn offset(&self, at: u32) -> Option<u64> {
        let small = HEADER + self.count * (self.name_len + 4);
        let number = u32::from_be_bytes(*self.index.get(small + at as usize * 4..)?.first_chunk()?);
        if number >> 31 == 0 {
            return Some(u64::from(number));
        }
        let large = small + self.count * 4 + (number & !(1 << 31)) as usize * 8;
        Some(u64::from_be_bytes(*self.index.get(large..)?.first_chunk()?))
    }
}

/// How long the first part of an index is: what it is, and a table of counts.
const HEADER: usize = 8 + 256 * 4;

/// How many objects an index lists, by its first part.
fn count(index: &[u8]) -> Option<u32> {
    let header = index.get(..HEADER).filter(|header| header.starts_with(b"\xfftOc\0\0\0\x02"))?;
    Some(u32::from_be_bytes(*header.last_chunk()?))
}

/// How many objects the packs of a repository hold.
pub(super) fn objects(repo: &Repo) -> u64 {
    let mut header = Vec::new();
    let count = |path: PathBuf| {
        Pieces::open(&path).ok()?.read(0, HEADER, &mut header);
        count(&header).map(u64::from)
    };
    indexes(repo).into_iter().filter_map(count).sum()
}

/// The indexes of a repository's own packs.
fn indexes(repo: &Repo) -> Vec<PathBuf> {
    let mut paths = paths_in(&repo.common_dir().join("objects/pack"));
    paths.retain(|path| path.extension() == Some(OsStr::new("idx")));
    paths
}

/// Takes the commits out of a pack.
struct Reader<'a, T> {
    pack: &'a Pack,
    look: Look<'a, T>,
    bytes: Vec<u8>,
    out: Vec<u8>,
    inflate: Decompress,
}

impl<'a, T: Copy> Reader<'a, T> {
    fn new(pack: &'a Pack, look: Look<'a, T>) -> Self {
        Self { pack, look, bytes: Vec::new(), out: Vec::new(), inflate: Decompress::new(true) }
    }

    fn part(&mut self, span: &[u32]) -> Commits<T> {
        let mut part = Commits::new(self.pack.name_len);
        let object = |&at: &u32| Some((self.pack.offset(at)?, at));
        let mut span: Vec<Object> = span.iter().filter_map(object).collect();
        span.sort_unstable();
        let Some(&(start, _)) = span.first() else { return part };
        self.pack.file.read(start, SAMPLE, &mut self.bytes);
        let is_commit = |&(offset, _): &Object| {
            self.bytes.get((offset - start) as usize).is_some_and(|byte| byte >> 4 & 7 == COMMIT)
        };
        if !span.iter().any(is_commit) {
            return part;
        }
        self.pack.file.read(start, SPAN + BEYOND, &mut self.bytes);
        for (offset, at) in span {
            let Some(oid) = self.pack.name(at as usize) else { continue };
            if let Some(node) = self.node(oid, (offset - start) as usize) {
                part.push(oid, &node);
            }
        }
        part
    }

    /// The object that begins here, if it is a commit, whole.
    fn node(&mut self, oid: Oid, start: usize) -> Option<Node<T>> {
        let (size, data) = commit_header(self.bytes.get(start..)?)?;
        if self.out.len() < size {
            self.out.resize(size, 0);
        }
        let out = self.out.get_mut(..size)?;
        self.inflate.reset(true);
        let status = self.inflate.decompress(data, out, FlushDecompress::Finish).ok()?;
        let is_whole = status == Status::StreamEnd && self.inflate.total_out() == size as u64;
        is_whole.then(|| Node::new(oid, RawCommit::parse(out), self.look))
    }
}

/// The type of a commit in a pack.
const COMMIT: u8 = 1;

/// The size of a commit and its packed bytes, with what follows them; `None`
/// for any other object.
fn commit_header(mut bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (mut byte, mut size, mut shift) = (*bytes.split_off_first()?, 0, 4);
    if byte >> 4 & 7 != COMMIT {
        return None;
    }
    size |= usize::from(byte & 15);
    while byte & 0x80 != 0 && size < SPAN {
        byte = *bytes.split_off_first()?;
        size |= usize::from(byte & 0x7f).checked_shl(shift)?;
        shift += 7;
    }
    (size < SPAN).then_some((size, bytes))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::fs;
    use std::rc::Rc;

    use super::super::commits::read_commit;
    use super::super::testing::Sandbox;
    use super::super::walk::Visited;
    use super::*;

    /// Twenty commits with a merge now and then, one of them a very long one.
    fn history(format: &str) -> (Sandbox, Vec<Oid>) {
        let sandbox = Sandbox::new();
        sandbox.sh(&format!("rm -rf .git && git init -q -b main --object-format={format}"));
        for step in 0..20_i64 {
            sandbox.commit_at("a", &step.to_string(), &format!("step {step}"), 1_000 + step);
            if step % 6 == 5 {
                let tree = "$(git rev-parse HEAD^{tree})";
                let merge = format!("git commit-tree -p HEAD -p HEAD~3 -m merge {tree}");
                sandbox.sh(&format!("git update-ref HEAD $({merge})"));
            }
        }
        sandbox.sh("seq 1 400000 | git commit -q --allow-empty -F -");
        let all = sandbox.git(&["rev-list", "--all"]);
        let all = all.lines().filter_map(Oid::from_hex).collect();
        (sandbox, all)
    }

    fn length(visited: &Visited<'_>) -> Option<usize> {
        Some(visited.message.len()).filter(|len| len % 2 == 0)
    }

    /// The parents of a commit and what was found in it, if a sweep knows it.
    fn taken(sweep: &mut Sweep<usize>, oid: &Oid) -> Option<(Vec<Oid>, Option<usize>)> {
        match sweep.take(oid)? {
            Taken::Now(node) => Some((node.parents, node.found)),
            other => panic!("{oid}: {other:?}"),
        }
    }

    /// How many of these commits a sweep knows, each as the database has it.
    fn known(sandbox: &Sandbox, oids: &[Oid]) -> usize {
        let repo = sandbox.repo();
        let len = oids[0].as_bytes().len();
        let mut sweep = Sweep::of(&repo, len, &length, &|_| {});
        let odb = repo.odb().unwrap();
        let is_known = |oid: &&Oid| {
            let Some(node) = taken(&mut sweep, oid) else { return false };
            assert!(matches!(sweep.take(oid), Some(Taken::Before)));
            let read = |data: &[u8]| Node::new(**oid, RawCommit::parse(data), &length);
            let wanted = read_commit(&odb, **oid, read).unwrap().unwrap();
            assert_eq!(node, (wanted.parents, wanted.found), "{oid}");
            true
        };
        oids.iter().filter(is_known).count()
    }

    #[test]
    fn a_sweep_knows_the_commits_of_all_packs_as_they_are() {
        for format in ["sha1", "sha256"] {
            let (sandbox, all) = history(format);
            assert_eq!(known(&sandbox, &all), 0, "none is packed");
            sandbox.sh("git repack -q -adf --depth=0");
            assert_eq!(known(&sandbox, &all), all.len() - 1, "all but the long one");
            sandbox.commit("a", "more", "in another pack");
            sandbox.sh("git repack -q -d");
            let more = [&all[..], &[sandbox.oid("HEAD")]].concat();
            assert_eq!(known(&sandbox, &more), all.len());
            let absent = Oid::from_bytes(&[7; 32][..all[0].as_bytes().len()]).unwrap();
            assert_eq!(known(&sandbox, &[absent]), 0);
        }
    }

    #[test]
    fn what_is_stored_as_a_difference_or_in_an_old_form_is_left_to_the_database() {
        let (sandbox, all) = history("sha1");
        sandbox.sh("git repack -q -adf --depth=50 --window=50");
        assert!(known(&sandbox, &all) < all.len());
        sandbox.sh("git -c pack.indexVersion=1 repack -q -adf --depth=0");
        assert_eq!((known(&sandbox, &all), objects(&sandbox.repo())), (0, 0));
    }

    #[test]
    fn offsets_of_eight_bytes_are_read() {
        let (sandbox, all) = history("sha1");
        sandbox.sh("git repack -q -adf --depth=0");
        let with = known(&sandbox, &all);
        sandbox.sh("cd .git/objects/pack && rm -f *.rev && for pack in *.pack; do \
                    git index-pack --index-version=2,64 -o new.idx $pack && \
                    mv -f new.idx ${pack%.pack}.idx; done");
        assert_eq!(known(&sandbox, &all), with);
    }

    #[test]
    fn a_spoilt_pack_is_never_believed() {
        let (sandbox, all) = history("sha1");
        let wanted: Vec<_> = {
            sandbox.sh("git repack -q -adf --depth=0");
            let mut sweep = Sweep::of(&sandbox.repo(), 20, &length, &|_| {});
            all.iter().map(|oid| taken(&mut sweep, oid)).collect()
        };
        let index = indexes(&sandbox.repo()).remove(0);
        let pack = index.with_extension("pack");
        sandbox.sh("chmod u+w .git/objects/pack/*");
        let bytes = fs::read(&pack).unwrap();
        for at in (0..bytes.len().min(6_000)).step_by(7) {
            let mut spoilt = bytes.clone();
            spoilt[at] ^= 0x15;
            fs::write(&pack, spoilt).unwrap();
            let mut sweep = Sweep::of(&sandbox.repo(), 20, &length, &|_| {});
            for (oid, wanted) in all.iter().zip(&wanted) {
                let found = taken(&mut sweep, oid);
                assert!(found.is_none() || found == *wanted, "{oid}, spoilt at {at}");
            }
        }
        fs::write(&pack, &bytes[..bytes.len() / 2]).unwrap();
        assert!(known_of(&sandbox, &all) < all.len());
        let text = fs::read(&index).unwrap();
        for end in (0..text.len()).step_by(11) {
            fs::write(&index, &text[..end]).unwrap();
            assert!(known_of(&sandbox, &all) < all.len());
        }
    }

    #[test]
    fn whoever_watches_a_walk_hears_of_a_sweep_and_of_the_end() {
        let (sandbox, all) = history("sha1");
        sandbox.sh("git repack -q -adf --depth=0");
        let told = Rc::new(RefCell::new(Vec::new()));
        let (mut repo, heard) = (sandbox.repo(), Rc::clone(&told));
        repo.watch(Box::new(move |read| heard.borrow_mut().push(read)));
        let mut met = 0;
        repo.walk(&[sandbox.oid("HEAD")], &[], &length, &mut |_, _| met += 1).unwrap();
        assert_eq!(met, all.len());
        let told = told.take();
        let most = told.iter().flatten().max().map(|&most| most as usize);
        assert!(most.is_some_and(|most| most >= met) && told.last() == Some(&None), "{told:?}");
    }

    fn known_of(sandbox: &Sandbox, oids: &[Oid]) -> usize {
        let mut sweep = Sweep::of(&sandbox.repo(), 20, &length, &|_| {});
        oids.iter().filter(|oid| taken(&mut sweep, oid).is_some()).count()
    }
}
