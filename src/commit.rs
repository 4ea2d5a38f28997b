//! What the core needs to know of a commit, owned.

use std::collections::HashMap;
use std::fmt;

use jiff::Timestamp;
use jiff::tz::Offset;

/// The name of a git object: 20 bytes (SHA-1) or 32 (SHA-256).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oid {
    bytes: [u8; 32],
    len: u8,
}

impl Oid {
    /// Takes over the raw bytes of a name; `None` unless there are 20 or 32.
    pub fn from_bytes(raw: &[u8]) -> Option<Self> {
        if raw.len() != 20 && raw.len() != 32 {
            return None;
        }
        let mut bytes = [0; 32];
        bytes[..raw.len()].copy_from_slice(raw);
        Some(Self { bytes, len: raw.len() as u8 })
    }

    /// Reads a full name in hexadecimal.
    pub fn from_hex(hex: &str) -> Option<Self> {
        let (mut bytes, len) = ([0; 32], hex.len() / 2);
        if !matches!(hex.len(), 40 | 64) {
            return None;
        }
        let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
        for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self { bytes, len: len as u8 })
    }

    /// The raw bytes, 20 or 32 of them.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    /// The first `digits` hexadecimal digits, all of them where there are fewer.
    pub fn abbrev(&self, digits: usize) -> String {
        let mut hex = self.to_string();
        hex.truncate(digits);
        hex
    }

    /// Whether the name begins with these hexadecimal digits, in any case.
    pub fn has_prefix(&self, digits: &str) -> bool {
        let half = |at: usize| (self.bytes[at / 2] >> (4 * (1 - at % 2))) & 0xf;
        digits.len() <= self.as_bytes().len() * 2
            && digits
                .bytes()
                .enumerate()
                .all(|(at, digit)| char::from(digit).to_digit(16) == Some(u32::from(half(at))))
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digit = |number: u8| b"0123456789abcdef"[usize::from(number & 15)];
        let mut digits = [0; 64];
        for (pair, &byte) in digits.chunks_exact_mut(2).zip(self.as_bytes()) {
            pair.copy_from_slice(&[digit(byte >> 4), digit(byte)]);
        }
        let text = str::from_utf8(&digits[..2 * self.as_bytes().len()]);
        f.write_str(text.map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads which commits became which: a line `old new` for each, as git tells
/// post-rewrite. Lines that say anything else are passed over.
pub fn rewritten(list: &str) -> HashMap<Oid, Oid> {
    let pair = |line: &str| {
        let mut names = line.split_ascii_whitespace();
        let (old, new) = (Oid::from_hex(names.next()?)?, Oid::from_hex(names.next()?)?);
        (old != new).then_some((old, new))
    };
    list.lines().filter_map(pair).collect()
}

/// A moment as git stores it: seconds since the epoch and the committer's own
/// offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub seconds: i64,
    /// Minutes east of UTC.
    pub offset: i32,
}

impl Time {
    /// Seconds since the epoch as the committer's own clock on the wall showed
    /// them: what stamps are compared by.
    pub fn wall_seconds(self) -> i64 {
        self.seconds.saturating_add(i64::from(self.offset) * 60)
    }

    /// The moment in RFC 3339 with its own offset: `2026-01-15T09:30:00+02:00`.
    /// A moment that no calendar has becomes the nearest one that it has, an
    /// absurd offset none.
    pub fn rfc3339(self) -> String {
        let (first, last) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
        let timestamp = Timestamp::from_second(self.seconds.clamp(first, last)).unwrap_or_default();
        let offset = Offset::from_seconds(self.offset.saturating_mul(60)).unwrap_or(Offset::UTC);
        timestamp.display_with_offset(offset).to_string()
    }

    /// The day on the committer's own wall: `2026-01-15`.
    pub fn date(self) -> String {
        let whole = self.rfc3339();
        whole.split('T').next().unwrap_or_default().to_owned()
    }
}

/// Who wrote or committed, as the commit says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The name, undecodable bytes replaced.
    pub name: String,
    /// The address, undecodable bytes replaced.
    pub email: String,
}

/// A commit, copied out of the object database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its name.
    pub oid: Oid,
    /// The names of its parents, in order.
    pub parents: Vec<Oid>,
    /// The message whole, decoded by its encoding header; undecodable bytes
    /// replaced.
    pub message: String,
    /// Its author.
    pub author: Person,
    /// When it was authored.
    pub author_time: Time,
    /// When it was committed: what places an entry and gives the stamp.
    pub commit_time: Time,
    /// How many ancestors in an unbroken line share its committer second: the
    /// topological order among commits of one second, the same in every clone.
    pub depth: u32,
}

impl Commit {
    /// The place in history order: committer time, then topological order,
    /// then name (`docs/rules.md`, entries).
    pub fn key(&self) -> (i64, u32, Oid) {
        (self.commit_time.seconds, self.depth, self.oid)
    }

    /// The subject: the first paragraph, its lines joined with spaces, as git
    /// prints `%s`.
    pub fn subject(&self) -> String {
        subject(&self.message)
    }

    /// Whether the same person wrote both at the same second: what amend,
    /// rebase and cherry-pick leave as it was.
    pub fn is_written_with(&self, other: &Self) -> bool {
        self.author == other.author && self.author_time == other.author_time
    }

    /// Whether the commit joins two or more histories.
    pub fn is_merge(&self) -> bool {
        self.parents.len() > 1
    }
}

/// The subject of a message: its first paragraph, lines joined with spaces.
pub fn subject(message: &str) -> String {
    let lines = message.lines().map(str::trim_end).skip_while(|line| line.is_empty());
    lines.take_while(|line| !line.is_empty()).map(str::trim_start).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_as_it_prints() {
        let hex = "0123456789abcdef0123456789abcdef01234567";
        let oid = Oid::from_hex(hex).expect("forty digits");
        assert_eq!(oid.to_string(), hex);
        assert_eq!(oid.abbrev(7), "0123456");
        assert!(!oid.has_prefix("0123ABC") && oid.has_prefix("01234567"));
        assert!(oid.has_prefix("") && oid.has_prefix(hex) && !oid.has_prefix("01234567g"));
        assert!(oid.has_prefix("0123456789ABCDEF") && !oid.has_prefix(&(hex.to_owned() + "0")));
        for bad in ["", "012", "zz", "0123456789abcdef0123456789abcdef0123456"] {
            assert_eq!(Oid::from_hex(bad), None);
        }
    }

    #[test]
    fn a_moment_keeps_its_own_offset_and_none_is_too_odd() {
        let time = Time { seconds: 1_767_225_600, offset: 120 };
        assert_eq!(time.rfc3339(), "2026-01-01T02:00:00+02:00");
        assert_eq!(Time { offset: -570, ..time }.date(), "2025-12-31");
        for (seconds, offset) in [(i64::MAX, 0), (i64::MIN, 1), (0, i32::MIN), (0, 5999)] {
            assert!(Time { seconds, offset }.rfc3339().contains('T'));
        }
    }

    #[test]
    fn a_folded_subject_is_one_line() {
        assert_eq!(subject("\nfeat: a\n  long one\n\nbody"), "feat: a long one");
        assert_eq!(subject(""), "");
    }
}
