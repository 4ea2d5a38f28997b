//! The bytes of commits and trees, taken apart without giving up on a
//! malformed line: libgit2's own parser refuses a commit whose author has no
//! date, and its walks stop there.

use crate::commit::{Oid, Person, Time};

/// A commit object, borrowed from its bytes.
#[derive(Debug, Default)]
pub(super) struct RawCommit<'a> {
    pub(super) parents: Vec<Oid>,
    pub(super) tree: Option<Oid>,
    pub(super) author: &'a [u8],
    pub(super) committer: &'a [u8],
    pub(super) encoding: Option<&'a [u8]>,
    /// The message up to a NUL, where git cuts it too.
    pub(super) message: &'a [u8],
}

impl<'a> RawCommit<'a> {
    /// Reads what is there; what is missing or malformed stays empty.
    pub(super) fn parse(data: &'a [u8]) -> Self {
        let mut commit = Self::default();
        let mut rest = data;
        while !rest.is_empty() {
            let end = memchr(b'\n', rest).unwrap_or(rest.len());
            let line = &rest[..end];
            rest = rest.get(end + 1..).unwrap_or_default();
            if line.is_empty() {
                break;
            }
            commit.header(line);
        }
        let end = memchr(0, rest).unwrap_or(rest.len());
        commit.message = &rest[..end];
        commit
    }

    fn header(&mut self, line: &'a [u8]) {
        let (key, value) = match memchr(b' ', line) {
            Some(at) => (&line[..at], &line[at + 1..]),
            None => (line, &line[line.len()..]),
        };
        match key {
            b"tree" if self.tree.is_none() => self.tree = hex(value),
            b"parent" => self.parents.extend(hex(value)),
            b"author" if self.author.is_empty() => self.author = value,
            b"committer" if self.committer.is_empty() => self.committer = value,
            b"encoding" if self.encoding.is_none() => self.encoding = Some(value),
            _ => {}
        }
    }

    /// When it was committed; the epoch where the line is malformed.
    pub(super) fn commit_time(&self) -> Time {
        time(self.committer)
    }
}

fn hex(digits: &[u8]) -> Option<Oid> {
    Oid::from_hex(std::str::from_utf8(digits).ok()?)
}

fn memchr(byte: u8, within: &[u8]) -> Option<usize> {
    within.iter().position(|&b| b == byte)
}

/// The name and address of `Name <address> seconds zone`.
pub(super) fn person(line: &[u8], decode: impl Fn(&[u8]) -> String) -> Person {
    let open = memchr(b'<', line).unwrap_or(line.len());
    let rest = line.get(open + 1..).unwrap_or_default();
    let close = memchr(b'>', rest).unwrap_or(rest.len());
    Person { name: decode(line[..open].trim_ascii()), email: decode(rest[..close].trim_ascii()) }
}

/// The moment at the end of `Name <address> seconds zone`.
pub(super) fn time(line: &[u8]) -> Time {
    let after = line.iter().rposition(|&b| b == b'>').map_or(0, |at| at + 1);
    let tail = std::str::from_utf8(&line[after..]).unwrap_or_default();
    let mut words = tail.split_ascii_whitespace();
    let seconds = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
    let offset = words.next().and_then(zone).unwrap_or(0);
    Time { seconds, offset }
}

/// `+hhmm` in minutes east of UTC.
fn zone(word: &str) -> Option<i32> {
    let number: i32 = word.parse().ok()?;
    // More than a day is nothing that a clock shows.
    (number.abs() <= 2400).then_some(number / 100 * 60 + number % 100)
}

/// One entry of a tree object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TreeEntry {
    pub(super) mode: u32,
    pub(super) name: Vec<u8>,
    pub(super) oid: Oid,
}

impl TreeEntry {
    pub(super) fn is_tree(&self) -> bool {
        self.mode == 0o040_000
    }

    /// Whether it names a blob: not a tree, not a submodule's commit.
    pub(super) fn is_blob(&self) -> bool {
        !self.is_tree() && self.mode != 0o160_000
    }
}

/// The entries of a tree, sorted by name; `None` when it is malformed.
pub(super) fn tree(mut data: &[u8], name_len: usize) -> Option<Vec<TreeEntry>> {
    let mut entries = Vec::new();
    while !data.is_empty() {
        let space = memchr(b' ', data)?;
        let mode = u32::from_str_radix(std::str::from_utf8(&data[..space]).ok()?, 8).ok()?;
        let end = space + 1 + memchr(0, &data[space + 1..])?;
        let oid = Oid::from_bytes(data.get(end + 1..end + 1 + name_len)?)?;
        entries.push(TreeEntry { mode, name: data[space + 1..end].to_vec(), oid });
        data = &data[end + 1 + name_len..];
    }
    // git sorts a directory as though its name ended in a slash; a merge of
    // two lists is simpler by the plain name.
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    Some(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_malformed_commit_keeps_what_can_be_read() {
        let raw = b"tree zz\nauthor no date <x\ncommitter C <c> 12 -0330\ngpgsig a\n b\n\nsubject\n\nbody\0cut";
        let commit = RawCommit::parse(raw);
        assert_eq!(commit.message, b"subject\n\nbody");
        assert_eq!(commit.commit_time(), Time { seconds: 12, offset: -210 });
        assert_eq!(time(commit.author), Time { seconds: 0, offset: 0 });
        for end in 0..raw.len() {
            RawCommit::parse(&raw[..end]);
        }
    }

    #[test]
    fn a_person_is_read_between_the_angles() {
        let decode = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let found = person(b"A <b> C <a@x> 1 +0000", decode);
        assert_eq!((found.name.as_str(), found.email.as_str()), ("A", "b"));
        assert_eq!(person(b"", decode), Person::default());
        assert_eq!(time(b"A <a> 5 +99999").offset, 0);
    }

    #[test]
    fn a_malformed_tree_is_none() {
        let mut raw = b"40000 b\0".to_vec();
        raw.extend([1; 20]);
        raw.extend(b"100644 a\0");
        raw.extend([2; 20]);
        let names: Vec<_> = tree(&raw, 20).unwrap().into_iter().map(|e| e.name).collect();
        assert_eq!(names, [b"a", b"b"]);
        for end in 1..28 {
            assert_eq!(tree(&raw[..end], 20), None);
        }
    }
}
