//! Which commits may hold a tag, as far as a walk has found out: kept in the
//! common git directory so that history need not be walked again.
//!
//! A segment says of one commit, its tip, which such commits it reaches, those
//! that the tip of its base reaches left out. That stays true whatever becomes
//! of branches, since a commit's name is made of the names of its ancestors.
//! So no segment is ever wrong; it is only no longer of use. The key stands
//! for all else that an answer depends on.
//!
//! A segment holds its candidates newest first, in blocks. The head of the
//! file says of each block how new it is and which features it may be about,
//! so that a question reads the head and the blocks that can answer it.
//!
//! The file is replaced as a whole, and the head and each block add themselves
//! up. Whoever reads it sees one that somebody wrote, or takes it for none; of
//! two writers the last one stays, which costs the other's walk and nothing
//! else. There is no lock to wait for.

use std::collections::BinaryHeap;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::{Error, replace_plain};
use crate::commit::Oid;

/// The first bytes of the file, with the number of its format.
const MAGIC: &[u8; 16] = b"spec-log ledger2";

/// How long that is with the length and the sum of the head that follows.
const START: usize = 32;

/// How much of the file is read at first; most heads are shorter.
const FIRST: usize = 1 << 14;

/// How many segments are kept; more are joined.
const MOST: usize = 128;

/// How many candidates a block has, the last of a segment aside.
const BLOCK: usize = 256;

/// A base that there is none.
const NONE: u32 = u32::MAX;

/// A commit whose message may hold a tag. The newer is the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// Its committer time, in seconds since the epoch.
    pub seconds: i64,
    /// Its name.
    pub oid: Oid,
    /// A bit or two for each feature that it may link to.
    pub features: u32,
}

impl Candidate {
    /// How many bytes it has beside its name.
    const REST: usize = 12;

    fn push_to(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(self.oid.as_bytes());
        bytes.extend_from_slice(&self.seconds.to_le_bytes());
        bytes.extend_from_slice(&self.features.to_le_bytes());
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (oid, mut rest) = bytes.split_at_checked(bytes.len().checked_sub(Self::REST)?)?;
        Some(Self {
            oid: Oid::from_bytes(oid)?,
            seconds: i64::from_le_bytes(take(&mut rest)?),
            features: u32::from_le_bytes(take(&mut rest)?),
        })
    }
}

/// The ledger is not as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Torn;

/// The commits that a tip reaches and its base does not.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Segment {
    tip: Oid,
    /// An earlier segment.
    base: Option<usize>,
    blocks: Range<usize>,
}

/// Some candidates that lie together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Block {
    /// The seconds of the first and newest.
    newest: i64,
    /// The features of all.
    features: u32,
    /// How many there are.
    count: u32,
    /// What their bytes add up to.
    sum: u64,
    /// Where they begin, among the bytes of all.
    start: u64,
}

/// What walks of history have found.
#[derive(Debug, Default)]
pub struct Ledger {
    segments: Vec<Segment>,
    blocks: Vec<Block>,
    /// Where the blocks that were not added since are read from.
    kept: Option<Kept>,
    /// The bytes of those that were.
    added: Vec<u8>,
}

/// The file of a ledger, and where in it the blocks lie.
#[derive(Debug)]
struct Kept {
    file: File,
    start: u64,
    len: u64,
}

impl Ledger {
    /// Reads the ledger of a common git directory; an empty one where there is
    /// none, or one that is torn or was written under another key.
    pub fn read(common_dir: &Path, key: u64) -> Self {
        File::open(path(common_dir)).ok().and_then(|file| Self::open(file, key)).unwrap_or_default()
    }

    /// Writes it in place of the one that is there.
    pub fn write(&self, common_dir: &Path, key: u64) -> Result<(), Error> {
        let path = path(common_dir);
        let bytes = self.bytes(key).map_err(Error::io("read", &path.to_string_lossy()))?;
        replace_plain(&path, &bytes)
    }

    /// Whether it says nothing yet.
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// The segment with this tip.
    pub fn segment(&self, tip: &Oid) -> Option<usize> {
        self.segments.iter().rposition(|segment| segment.tip == *tip)
    }

    /// The candidates that the tip of a segment reaches and whose features are
    /// wanted, newest first. What is wanted of a feature is wanted of more.
    pub fn newest_first<'a>(
        &'a self,
        segment: usize,
        is_wanted: &'a dyn Fn(u32) -> bool,
    ) -> NewestFirst<'a> {
        let line = self.line(segment).into_iter();
        let blocks = line.flat_map(|segment| self.blocks.get(segment.blocks.clone()));
        let blocks = blocks.flatten().filter(|block| is_wanted(block.features));
        let mut blocks: Vec<&Block> = blocks.collect();
        blocks.sort_by_key(|block| block.newest);
        NewestFirst { ledger: self, is_wanted, blocks, read: BinaryHeap::new() }
    }

    /// Adds what the tip reaches beyond a segment; answers the new one.
    pub fn add(&mut self, tip: Oid, base: Option<usize>, mut found: Vec<Candidate>) -> usize {
        found.sort_unstable_by(|a, b| b.cmp(a));
        let first = self.blocks.len();
        for block in found.chunks(BLOCK) {
            let at = self.added.len();
            block.iter().for_each(|candidate| candidate.push_to(&mut self.added));
            self.blocks.push(Block {
                newest: block[0].seconds,
                features: block.iter().fold(0, |bits, candidate| bits | candidate.features),
                count: block.len() as u32,
                sum: sum(&self.added[at..]),
                start: self.kept_len() + at as u64,
            });
        }
        self.segments.push(Segment { tip, base, blocks: first..self.blocks.len() });
        self.segments.len() - 1
    }

    /// The same, where there have come to be too many segments: those that
    /// lead to this one alone, the older the fewer. Answers too which one this
    /// has become.
    pub fn thinned(self, segment: usize) -> Result<(Self, usize), Torn> {
        if self.segments.len() <= MOST {
            return Ok((self, segment));
        }
        let line = self.line(segment);
        let (mut thin, mut base, mut joined) = (Self::default(), None, Vec::new());
        for (at, segment) in line.iter().enumerate() {
            for block in &self.blocks[segment.blocks.clone()] {
                joined.extend(self.candidates(block)?);
            }
            let newer = line.len() - 1 - at;
            if newer == 0 || newer.is_power_of_two() {
                base = Some(thin.add(segment.tip, base, std::mem::take(&mut joined)));
            }
        }
        Ok((thin, base.unwrap_or_default()))
    }

    fn kept_len(&self) -> u64 {
        self.kept.as_ref().map_or(0, |kept| kept.len)
    }

    /// How many bytes a candidate has.
    fn each(&self) -> usize {
        let name = self.segments.first().map_or(20, |segment| segment.tip.as_bytes().len());
        name + Candidate::REST
    }

    /// A segment and all below it, the lowest first.
    fn line(&self, segment: usize) -> Vec<&Segment> {
        let first = self.segments.get(segment);
        let below = |above: &&Segment| above.base.and_then(|base| self.segments.get(base));
        let mut line: Vec<&Segment> = std::iter::successors(first, below).collect();
        line.reverse();
        line
    }

    /// What a block holds.
    fn candidates(&self, block: &Block) -> Result<Vec<Candidate>, Torn> {
        let each = self.each();
        let len = block.count as usize * each;
        let mut bytes = vec![0; len];
        match (&self.kept, block.start.checked_sub(self.kept_len())) {
            (_, Some(added)) => {
                let added = self.added.get(added as usize..).unwrap_or_default();
                bytes.copy_from_slice(added.get(..len).ok_or(Torn)?);
            }
            (Some(kept), None) => {
                kept.file.read_exact_at(&mut bytes, kept.start + block.start).map_err(|_| Torn)?;
            }
            (None, None) => return Err(Torn),
        }
        if sum(&bytes) != block.sum {
            return Err(Torn);
        }
        Ok(bytes.chunks(each).filter_map(Candidate::parse).collect())
    }

    fn bytes(&self, key: u64) -> io::Result<Vec<u8>> {
        let head = self.head(key);
        let mut bytes = Vec::with_capacity(START + head.len() + self.added.len());
        bytes.extend(MAGIC);
        bytes.extend((head.len() as u64).to_le_bytes());
        bytes.extend(sum(&head).to_le_bytes());
        bytes.extend(head);
        if let Some(kept) = &self.kept {
            let at = bytes.len();
            bytes.resize(at + kept.len as usize, 0);
            kept.file.read_exact_at(&mut bytes[at..], kept.start)?;
        }
        bytes.extend(&self.added);
        Ok(bytes)
    }

    fn head(&self, key: u64) -> Vec<u8> {
        let mut head = key.to_le_bytes().to_vec();
        let number = |head: &mut Vec<u8>, number: usize| {
            head.extend((number as u32).to_le_bytes());
        };
        number(&mut head, self.each() - Candidate::REST);
        number(&mut head, self.segments.len());
        number(&mut head, self.blocks.len());
        for Segment { tip, base, blocks } in &self.segments {
            head.extend(tip.as_bytes());
            number(&mut head, base.unwrap_or(NONE as usize));
            number(&mut head, blocks.len());
        }
        for block in &self.blocks {
            head.extend(block.newest.to_le_bytes());
            head.extend(block.features.to_le_bytes());
            head.extend(block.count.to_le_bytes());
            head.extend(block.sum.to_le_bytes());
        }
        head
    }

    fn open(file: File, key: u64) -> Option<Self> {
        let size = file.metadata().ok()?.len();
        let mut bytes = vec![0; FIRST.min(usize::try_from(size).ok()?)];
        file.read_exact_at(&mut bytes, 0).ok()?;
        let mut rest = bytes.strip_prefix(MAGIC)?;
        let len = u64::from_le_bytes(take(&mut rest)?);
        let start = len.checked_add(START as u64).filter(|&start| start <= size)?;
        let read = bytes.len();
        bytes.resize(usize::try_from(start).ok()?, 0);
        file.read_exact_at(bytes.get_mut(read..).unwrap_or_default(), read as u64).ok()?;
        let (added, head) = bytes.get(START - 8..)?.split_first_chunk()?;
        if sum(head) != u64::from_le_bytes(*added) {
            return None;
        }
        let mut ledger = Self::parse(head, key)?;
        let len = ledger
            .blocks
            .last()
            .map_or(0, |last| last.start + u64::from(last.count) * ledger.each() as u64);
        ledger.kept = Some(Kept { file, start, len });
        (start.checked_add(len)? == size).then_some(ledger)
    }

    fn parse(mut head: &[u8], key: u64) -> Option<Self> {
        let head = &mut head;
        if u64::from_le_bytes(take(head)?) != key {
            return None;
        }
        let [name, segments, blocks] = [take(head)?, take(head)?, take(head)?];
        let [name, segments, blocks] = [name, segments, blocks].map(u32::from_le_bytes);
        let mut ledger = Self::default();
        let mut first = 0_usize;
        for at in 0..segments {
            let tip = take_oid(head, name as usize)?;
            let base = Some(u32::from_le_bytes(take(head)?)).filter(|&base| base != NONE);
            let end = first.checked_add(u32::from_le_bytes(take(head)?) as usize)?;
            if base.is_some_and(|base| base >= at) {
                return None;
            }
            let base = base.map(|base| base as usize);
            ledger.segments.push(Segment { tip, base, blocks: first..end });
            first = end;
        }
        let (each, mut start) = (ledger.each() as u64, 0_u64);
        for _ in 0..blocks {
            let block = Block {
                newest: i64::from_le_bytes(take(head)?),
                features: u32::from_le_bytes(take(head)?),
                count: u32::from_le_bytes(take(head)?),
                sum: u64::from_le_bytes(take(head)?),
                start,
            };
            start = start.checked_add(u64::from(block.count) * each)?;
            ledger.blocks.push(block);
        }
        (head.is_empty() && first == ledger.blocks.len()).then_some(ledger)
    }
}

/// The candidates of a segment and those below it, newest first. Blocks are
/// read as they are come to.
pub struct NewestFirst<'a> {
    ledger: &'a Ledger,
    is_wanted: &'a dyn Fn(u32) -> bool,
    /// Those not read yet, the newest last.
    blocks: Vec<&'a Block>,
    /// Those read and not given yet.
    read: BinaryHeap<Candidate>,
}

impl Iterator for NewestFirst<'_> {
    type Item = Result<Candidate, Torn>;

    fn next(&mut self) -> Option<Self::Item> {
        let is_older = |candidate: &Candidate, block: &&Block| candidate.seconds <= block.newest;
        while let Some(block) = self
            .blocks
            .pop_if(|block| self.read.peek().is_none_or(|candidate| is_older(candidate, block)))
        {
            match self.ledger.candidates(block) {
                Ok(found) => {
                    let wanted = found.into_iter().filter(|one| (self.is_wanted)(one.features));
                    self.read.extend(wanted);
                }
                Err(torn) => return Some(Err(torn)),
            }
        }
        self.read.pop().map(Ok)
    }
}

fn path(common_dir: &Path) -> PathBuf {
    common_dir.join("spec-log").join("ledger")
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*taken)
}

fn take_oid(bytes: &mut &[u8], len: usize) -> Option<Oid> {
    let (taken, rest) = bytes.split_at_checked(len)?;
    *bytes = rest;
    Oid::from_bytes(taken)
}

/// What bytes add up to, eight at a time; it tells a torn file from a whole
/// one, and is no signature.
pub fn sum(bytes: &[u8]) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let add = |sum: u64, word: u64| (sum ^ word).wrapping_mul(ODD).rotate_left(29);
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let words = words.iter().chain([&last]).map(|word| u64::from_le_bytes(*word));
    let sum = words.fold(bytes.len() as u64, add);
    (sum ^ (sum >> 32)).wrapping_mul(ODD)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn oid(byte: u8) -> Oid {
        Oid::from_bytes(&[byte; 20]).unwrap()
    }

    fn candidate(byte: u8) -> Candidate {
        Candidate { seconds: -i64::from(byte), oid: oid(byte), features: u32::from(byte) }
    }

    fn names(ledger: &Ledger, segment: usize) -> Vec<Oid> {
        let found = ledger.newest_first(segment, &|_| true).map(|one| one.unwrap().oid);
        found.collect()
    }

    /// A ledger from a file with these bytes.
    fn opened(bytes: &[u8], key: u64) -> Option<Ledger> {
        let mut file = tempfile::tempfile().unwrap();
        std::io::Write::write_all(&mut file, bytes).unwrap();
        Ledger::open(file, key)
    }

    #[test]
    fn a_segment_holds_what_those_below_it_hold() {
        let mut ledger = Ledger::default();
        let low = ledger.add(oid(1), None, vec![candidate(1), candidate(2)]);
        let one = ledger.add(oid(3), Some(low), vec![candidate(3)]);
        let other = ledger.add(oid(4), Some(low), vec![candidate(4)]);
        assert_eq!(names(&ledger, one), [oid(1), oid(2), oid(3)]);
        assert_eq!(names(&ledger, other), [oid(1), oid(2), oid(4)]);
        assert_eq!((ledger.segment(&oid(4)), ledger.segment(&oid(2))), (Some(other), None));
    }

    /// A thousand candidates of four features in three segments, seconds mixed.
    fn long() -> (Ledger, usize) {
        let mut ledger = Ledger::default();
        let mut base = None;
        for (tip, numbers) in [(1, 0..700_u32), (2, 700..701), (3, 701..1_000)] {
            let numbered = |number: u32| {
                let mut name = [0; 20];
                name[..4].copy_from_slice(&number.to_be_bytes());
                Candidate {
                    seconds: i64::from(number * 37 % 101),
                    oid: Oid::from_bytes(&name).unwrap(),
                    features: 1 << (number / 250),
                }
            };
            base = Some(ledger.add(oid(tip), base, numbers.map(numbered).collect()));
        }
        (ledger, base.unwrap())
    }

    #[test]
    fn all_come_newest_first_and_those_of_a_feature_alone() {
        let dir = tempfile::tempdir().unwrap();
        let (ledger, top) = long();
        ledger.write(dir.path(), 0).unwrap();
        let kept = Ledger::read(dir.path(), 0);
        for ledger in [ledger, kept] {
            let of = |bits: u32| -> Vec<Candidate> {
                let is_wanted = |features: u32| features & bits != 0;
                ledger.newest_first(top, &is_wanted).map(Result::unwrap).collect()
            };
            let all = of(!0);
            assert_eq!(all.len(), 1_000);
            assert!(all.is_sorted_by(|a, b| a > b));
            let third: Vec<_> = all.iter().filter(|one| one.features == 4).copied().collect();
            assert_eq!((of(4), of(16)), (third, Vec::new()));
        }
    }

    #[test]
    fn no_more_is_read_than_answers() {
        let (ledger, top) = long();
        let mut bytes = ledger.bytes(0).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        let spoilt = opened(&bytes, 0).unwrap();
        let of = |bits: u32| {
            let is_wanted = move |features: u32| features & bits != 0;
            spoilt.newest_first(top, &is_wanted).collect::<Result<Vec<_>, _>>()
        };
        assert_eq!(of(1).unwrap().len(), 250, "the last block is not of this feature");
        assert_eq!(of(8), Err(Torn));
        assert!(spoilt.newest_first(top, &|_| true).next().unwrap().is_ok());
    }

    #[test]
    fn what_is_written_is_read_back_and_nothing_else_is() {
        let dir = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::default();
        let low = ledger.add(oid(1), None, vec![candidate(1)]);
        ledger.add(oid(2), Some(low), vec![candidate(2), candidate(3)]);
        assert!(Ledger::read(dir.path(), 7).is_empty());
        ledger.write(dir.path(), 7).unwrap();
        assert!(Ledger::read(dir.path(), 8).is_empty(), "another key");
        let mut kept = Ledger::read(dir.path(), 7);
        assert_eq!((&kept.segments, &kept.blocks), (&ledger.segments, &ledger.blocks));
        assert_eq!(kept.bytes(7).unwrap(), ledger.bytes(7).unwrap());
        let more = kept.add(oid(9), Some(1), vec![candidate(4)]);
        kept.write(dir.path(), 7).unwrap();
        let again = Ledger::read(dir.path(), 7);
        assert_eq!(names(&again, more), [oid(1), oid(2), oid(3), oid(4)]);
        let bytes = ledger.bytes(7).unwrap();
        for end in 0..bytes.len() {
            assert!(opened(&bytes[..end], 7).is_none(), "torn at {end}");
        }
        for at in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[at] ^= 0x10;
            let Some(bad) = opened(&bad, 7) else { continue };
            let read: Vec<_> = bad.newest_first(1, &|_| true).collect();
            assert!(read.contains(&Err(Torn)), "spoilt at {at}");
        }
        assert!(opened(&[&bytes[..], &[0]].concat(), 7).is_none());
    }

    #[test]
    fn a_file_that_adds_up_and_makes_no_sense_is_none() {
        let open = |head: &[u32]| {
            let head: Vec<u8> = head.iter().flat_map(|word| word.to_le_bytes()).collect();
            let len = (head.len() as u64).to_le_bytes();
            opened(&[&MAGIC[..], &len, &sum(&head).to_le_bytes(), &head].concat(), 0)
        };
        assert!(open(&[0, 0, 20, 0, 0]).is_some_and(|ledger| ledger.is_empty()));
        let tip = [1; 5];
        assert!(open(&[&[0, 0, 20, 1, 0][..], &tip, &[NONE, 0]].concat()).is_some());
        assert!(open(&[&[0, 0, 20, 1, 0][..], &tip, &[0, 0]].concat()).is_none(), "its own base");
        assert!(open(&[&[0, 0, 20, 1, 0][..], &tip, &[NONE, 9]].concat()).is_none(), "too few");
        let block = [0, 0, 0, u32::MAX, 0, 0];
        let huge = [&[0, 0, 20, 1, 1][..], &tip, &[NONE, 1], &block].concat();
        assert!(open(&huge).is_none(), "more than there is");
        assert!(open(&[0, 0, 3, 1, 0, 7, 7, 7]).is_none(), "a name of three bytes");
        assert!(open(&[0, 0, 20, u32::MAX, 0]).is_none());
        assert!(open(&[0, 0, 20, 0, u32::MAX]).is_none());
        let long = [&MAGIC[..], &[0xff; 16]].concat();
        assert!(opened(&long, 0).is_none(), "a head longer than the file");
    }

    #[test]
    fn readers_find_a_whole_ledger_while_writers_replace_it() {
        let dir = tempfile::tempdir().unwrap();
        let (first, top) = long();
        first.write(dir.path(), 0).unwrap();
        let write = |byte: u8| {
            for _ in 0..30 {
                let mut ledger = Ledger::read(dir.path(), 0);
                ledger.add(oid(byte), Some(top), vec![candidate(byte)]);
                ledger.write(dir.path(), 0).unwrap();
            }
        };
        let read = || {
            for _ in 0..60 {
                let ledger = Ledger::read(dir.path(), 0);
                let last = ledger.segments.len() - 1;
                let found = names(&ledger, last).len();
                assert_eq!(found, if last == top { 1_000 } else { 1_001 });
                assert_eq!(names(&ledger, top).len(), 1_000);
            }
        };
        std::thread::scope(|scope| {
            scope.spawn(|| write(4));
            scope.spawn(|| write(5));
            scope.spawn(read);
            read();
        });
        let left = std::fs::read_dir(dir.path().join("spec-log")).unwrap().count();
        assert_eq!(left, 1, "nothing lies about");
    }

    #[test]
    fn too_many_segments_are_joined_and_lose_nothing() {
        let mut ledger = Ledger::default();
        let mut last = None;
        for byte in 0..=MOST as u8 {
            last = Some(ledger.add(oid(byte), last, vec![candidate(byte)]));
        }
        let last = last.unwrap();
        let all = names(&ledger, last);
        let (thin, top) = ledger.thinned(last).unwrap();
        assert_eq!(thin.segment(&oid(MOST as u8)), Some(top));
        assert_eq!(names(&thin, top), all);
        assert_eq!(thin.segments.len(), 9);
        for segment in 0..thin.segments.len() {
            let tip = thin.segments[segment].tip;
            assert_eq!(names(&thin, segment).last(), Some(&tip), "each says what it said");
        }
        let few = thin.segments.clone();
        assert_eq!(thin.thinned(top).unwrap().0.segments, few);
    }
}
