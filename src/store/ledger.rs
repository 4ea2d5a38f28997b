//! Which commits may hold a tag, as far as a walk has found out: kept in the
//! common git directory so that history need not be walked again.
//!
//! A segment says of one commit, its tip, which such commits it reaches, those
//! that the tip of its base reaches left out. That stays true whatever becomes
//! of branches, since a commit's name is made of the names of its ancestors.
//! So no segment is ever wrong; it is only no longer of use. The key stands
//! for all else that an answer depends on.
//!
//! The file is replaced as a whole and adds itself up. Whoever reads it sees
//! one that somebody wrote, or takes it for none; of two writers the last one
//! stays, which costs the other's walk and nothing else. There is no lock to
//! wait for.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::{Error, read_plain, replace_plain};
use crate::commit::Oid;

/// The first bytes of the file, with the number of its format.
const MAGIC: &[u8; 16] = b"spec-log ledger1";

/// How many segments are kept; more are joined.
const MOST: usize = 128;

/// A base that there is none.
const NONE: u32 = u32::MAX;

/// A commit whose message may hold a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its name.
    pub oid: Oid,
    /// Its committer time, in seconds since the epoch.
    pub seconds: i64,
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

/// The commits that a tip reaches and its base does not.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Segment {
    tip: Oid,
    /// An earlier segment.
    base: Option<usize>,
    /// Where its candidates are, in bytes.
    candidates: Range<usize>,
}

/// What walks of history have found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    segments: Vec<Segment>,
    /// The candidates of one segment after the other, as the file holds them:
    /// most are passed over and never taken apart.
    candidates: Vec<u8>,
}

impl Ledger {
    /// Reads the ledger of a common git directory; an empty one where there is
    /// none, or one that is torn or was written under another key.
    pub fn read(common_dir: &Path, key: u64) -> Self {
        let bytes = read_plain(&path(common_dir)).ok().flatten();
        bytes.and_then(|bytes| Self::parse(bytes, key)).unwrap_or_default()
    }

    /// Writes it in place of the one that is there.
    pub fn write(&self, common_dir: &Path, key: u64) -> Result<(), Error> {
        replace_plain(&path(common_dir), &self.bytes(key))
    }

    /// Whether it says nothing yet.
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// The segment with this tip.
    pub fn segment(&self, tip: &Oid) -> Option<usize> {
        self.segments.iter().rposition(|segment| segment.tip == *tip)
    }

    /// The candidates that the tip of a segment reaches.
    pub fn reached(&self, segment: usize) -> impl Iterator<Item = Candidate> {
        let line = self.line(segment).into_iter();
        let each = self.oid_len() + Candidate::REST;
        let bytes = line.flat_map(move |one| self.candidates[one.candidates.clone()].chunks(each));
        bytes.filter_map(Candidate::parse)
    }

    /// Adds what the tip reaches beyond a segment; answers the new one.
    pub fn add(&mut self, tip: Oid, base: Option<usize>, found: &[Candidate]) -> usize {
        let start = self.candidates.len();
        found.iter().for_each(|candidate| candidate.push_to(&mut self.candidates));
        self.push(tip, base, start)
    }

    /// Makes a segment of the candidates from `start` on.
    fn push(&mut self, tip: Oid, base: Option<usize>, start: usize) -> usize {
        self.segments.push(Segment { tip, base, candidates: start..self.candidates.len() });
        self.segments.len() - 1
    }

    /// The same, where there have come to be too many segments: those that
    /// lead to this one alone, the older the fewer.
    #[must_use]
    pub fn thinned(self, segment: usize) -> Self {
        if self.segments.len() <= MOST {
            return self;
        }
        let line = self.line(segment);
        let (mut thin, mut base, mut start) = (Self::default(), None, 0);
        for (at, segment) in line.iter().enumerate() {
            thin.candidates.extend_from_slice(&self.candidates[segment.candidates.clone()]);
            let newer = line.len() - 1 - at;
            if newer == 0 || newer.is_power_of_two() {
                base = Some(thin.push(segment.tip, base, start));
                start = thin.candidates.len();
            }
        }
        thin
    }

    fn oid_len(&self) -> usize {
        self.segments.first().map_or(20, |segment| segment.tip.as_bytes().len())
    }

    /// A segment and all below it, the lowest first.
    fn line(&self, segment: usize) -> Vec<&Segment> {
        let first = self.segments.get(segment);
        let below = |above: &&Segment| above.base.and_then(|base| self.segments.get(base));
        let mut line: Vec<&Segment> = std::iter::successors(first, below).collect();
        line.reverse();
        line
    }

    fn bytes(&self, key: u64) -> Vec<u8> {
        let each = self.oid_len() + Candidate::REST;
        let mut body = Vec::with_capacity(16 + self.candidates.len());
        body.extend(key.to_le_bytes());
        body.extend((self.oid_len() as u32).to_le_bytes());
        body.extend((self.segments.len() as u32).to_le_bytes());
        for Segment { tip, base, candidates } in &self.segments {
            body.extend(tip.as_bytes());
            body.extend(base.map_or(NONE, |base| base as u32).to_le_bytes());
            body.extend(((candidates.len() / each) as u32).to_le_bytes());
        }
        body.extend(&self.candidates);
        [&MAGIC[..], &sum(&body).to_le_bytes(), &body].concat()
    }

    fn parse(mut bytes: Vec<u8>, key: u64) -> Option<Self> {
        let (segments, len) = Self::parse_segments(&bytes, key)?;
        // A large file is not copied once more.
        bytes.drain(..bytes.len() - len);
        Some(Self { segments, candidates: bytes })
    }

    /// The segments, and how many bytes of candidates stand at the end.
    fn parse_segments(bytes: &[u8], key: u64) -> Option<(Vec<Segment>, usize)> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (added, body) = rest.split_first_chunk()?;
        let mut body = Some(body).filter(|body| sum(body).to_le_bytes() == *added)?;
        if u64::from_le_bytes(take(&mut body)?) != key {
            return None;
        }
        let oid_len = u32::from_le_bytes(take(&mut body)?) as usize;
        let count = u32::from_le_bytes(take(&mut body)?) as usize;
        let each = oid_len.checked_add(Candidate::REST)?;
        let (mut segments, mut end) = (Vec::new(), 0_usize);
        for at in 0..count {
            let tip = take_oid(&mut body, oid_len)?;
            let base = Some(u32::from_le_bytes(take(&mut body)?)).filter(|&base| base != NONE);
            let base = base.map(|base| base as usize);
            let (start, len) = (end, u32::from_le_bytes(take(&mut body)?) as usize);
            end = start.checked_add(len.checked_mul(each)?)?;
            if base.is_some_and(|base| base >= at) {
                return None;
            }
            segments.push(Segment { tip, base, candidates: start..end });
        }
        (end == body.len()).then_some((segments, end))
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
        Candidate { oid: oid(byte), seconds: -i64::from(byte), features: u32::from(byte) }
    }

    fn names(ledger: &Ledger, segment: usize) -> Vec<Oid> {
        ledger.reached(segment).map(|candidate| candidate.oid).collect()
    }

    #[test]
    fn a_segment_holds_what_those_below_it_hold() {
        let mut ledger = Ledger::default();
        let low = ledger.add(oid(1), None, &[candidate(1), candidate(2)]);
        let one = ledger.add(oid(3), Some(low), &[candidate(3)]);
        let other = ledger.add(oid(4), Some(low), &[candidate(4)]);
        assert_eq!(names(&ledger, one), [oid(1), oid(2), oid(3)]);
        assert_eq!(names(&ledger, other), [oid(1), oid(2), oid(4)]);
        assert_eq!((ledger.segment(&oid(4)), ledger.segment(&oid(2))), (Some(other), None));
    }

    #[test]
    fn what_is_written_is_read_back_and_nothing_else_is() {
        let dir = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::default();
        let low = ledger.add(oid(1), None, &[candidate(1)]);
        ledger.add(oid(2), Some(low), &[candidate(2), candidate(3)]);
        assert!(Ledger::read(dir.path(), 7).is_empty());
        ledger.write(dir.path(), 7).unwrap();
        assert_eq!(Ledger::read(dir.path(), 7), ledger);
        assert!(Ledger::read(dir.path(), 8).is_empty(), "another key");
        let bytes = ledger.bytes(7);
        for end in 0..bytes.len() {
            assert_eq!(Ledger::parse(bytes[..end].to_vec(), 7), None, "torn at {end}");
        }
        for at in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[at] ^= 0x10;
            assert_eq!(Ledger::parse(bad, 7), None, "spoilt at {at}");
        }
        assert_eq!(Ledger::parse([&bytes[..], &[0]].concat(), 7), None);
    }

    #[test]
    fn a_file_that_adds_up_and_makes_no_sense_is_none() {
        let parse = |body: &[u32]| {
            let body: Vec<u8> = body.iter().flat_map(|word| word.to_le_bytes()).collect();
            Ledger::parse([&MAGIC[..], &sum(&body).to_le_bytes(), &body].concat(), 0)
        };
        assert_eq!(parse(&[0, 0, 20, 0]), Some(Ledger::default()));
        let tip = [1; 5];
        assert!(parse(&[&[0, 0, 20, 1][..], &tip, &[NONE, 0]].concat()).is_some());
        assert_eq!(parse(&[&[0, 0, 20, 1][..], &tip, &[0, 0]].concat()), None, "its own base");
        assert_eq!(parse(&[&[0, 0, 20, 1][..], &tip, &[NONE, 9]].concat()), None, "too few");
        assert_eq!(parse(&[0, 0, 3, 1, 7, 7, 7]), None, "a name of three bytes");
        assert_eq!(parse(&[0, 0, 20, u32::MAX]), None);
    }

    #[test]
    fn too_many_segments_are_joined_and_lose_nothing() {
        let mut ledger = Ledger::default();
        let mut last = None;
        for byte in 0..=MOST as u8 {
            last = Some(ledger.add(oid(byte), last, &[candidate(byte)]));
        }
        let last = last.unwrap();
        let all = names(&ledger, last);
        let thin = ledger.thinned(last);
        let top = thin.segment(&oid(MOST as u8)).unwrap();
        assert_eq!(names(&thin, top), all);
        assert_eq!(thin.segments.len(), 9);
        for segment in 0..thin.segments.len() {
            let tip = thin.segments[segment].tip;
            assert_eq!(names(&thin, segment).last(), Some(&tip), "each says what it said");
        }
        assert_eq!(thin.clone().thinned(top), thin);
    }
}
