//! Single commits, revisions and ranges.

use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use git2::{ErrorCode, ObjectType};

use super::raw::{self, RawCommit};
use super::{Error, Repo, from_git2, to_git2};
use crate::commit::{Commit, Oid, Person};

/// The commits that were read last, and the last of them first.
pub(super) type Recent = VecDeque<(Oid, Rc<[u8]>)>;

/// How many are remembered: who looks at a commit asks for it and its parents
/// again.
const RECENT: usize = 4;

/// A second, and how long a line of ancestors shares it with each of its
/// commits; `None` for a commit of another second.
pub(super) type Depths = (i64, HashMap<Oid, Option<u32>>);

/// HEAD's commit as far as a hook needs it to decide whether to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its name.
    pub oid: Oid,
    /// Its parents.
    pub parents: Vec<Oid>,
    /// Its message, undecoded, up to a NUL.
    pub message: Vec<u8>,
}

impl Repo {
    /// HEAD's name, parents and message: all that a hook's early exit needs,
    /// in one object read.
    pub fn message_of_head(&self) -> Result<Option<Head>, Error> {
        let Some(oid) = self.head()? else { return Ok(None) };
        let read = |data: &[u8]| {
            let raw = RawCommit::parse(data);
            Head { oid, message: raw.message.to_vec(), parents: raw.parents }
        };
        self.with_commit(oid, read)
    }

    /// A commit; `None` when it is absent (a shallow or partial clone) or is
    /// no commit. A malformed author or date reads as an empty one.
    pub fn commit(&self, oid: Oid) -> Result<Option<Commit>, Error> {
        let Some(data) = self.with_commit(oid, <[u8]>::to_vec)? else { return Ok(None) };
        let raw = RawCommit::parse(&data);
        let (author, message) = self.decoded(oid, &raw);
        Ok(Some(Commit {
            oid,
            message,
            author,
            author_time: raw::time(raw.author),
            commit_time: raw.commit_time(),
            depth: self.depth(oid, &raw)?,
            parents: raw.parents,
        }))
    }

    /// The commit whose name begins with these digits; `None` when there is
    /// none or more than one.
    pub fn resolve_prefix(&self, hex: &str) -> Result<Option<Commit>, Error> {
        let format = self.objects().object_format();
        if hex.len() < 4 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(None);
        }
        if let Some(oid) = Oid::from_hex(hex) {
            return self.commit(oid);
        }
        let Ok(short) = git2::Oid::from_str_ext(hex, format) else { return Ok(None) };
        match self.odb()?.exists_prefix(short, hex.len()) {
            Ok(oid) => from_git2(oid).map_or(Ok(None), |oid| self.commit(oid)),
            // A blob may share the digits; git knows that a commit is meant.
            Err(error) if error.code() == ErrorCode::Ambiguous => {
                let spec = format!("{hex}^{{commit}}");
                let output = self.git_output(&["rev-parse", "-q", "--verify", &spec])?;
                let found = std::str::from_utf8(&output.stdout).ok().map(str::trim);
                found.and_then(Oid::from_hex).map_or(Ok(None), |oid| self.commit(oid))
            }
            Err(_) => Ok(None),
        }
    }

    /// Whether any object's name may begin with these digits; `false` is
    /// certain.
    pub fn has_object(&self, hex: &str) -> Result<bool, Error> {
        let short = git2::Oid::from_str_ext(hex, self.objects().object_format());
        let Ok(short) = short else { return Ok(true) };
        let found = self.odb()?.exists_prefix(short, hex.len());
        Ok(!found.is_err_and(|error| error.code() == ErrorCode::NotFound))
    }

    /// The commit a revision names, in any of git's spellings.
    pub fn revision(&self, spec: &str) -> Result<Oid, Error> {
        let unknown = || Error::Revision(spec.to_owned());
        if spec.starts_with('-') || spec.contains('\0') {
            return Err(unknown());
        }
        let parse = |libgit2: &git2::Repository| {
            let commit = libgit2.revparse_single(spec).and_then(|object| object.peel_to_commit());
            commit.ok().and_then(|commit| from_git2(commit.id()))
        };
        if let Some(oid) = self.access.libgit2().and_then(parse) {
            return Ok(oid);
        }
        // libgit2 knows neither `@{push}` nor a commit with a malformed author.
        let spec = format!("{spec}^{{commit}}");
        let output = self.git_output(&["rev-parse", "-q", "--verify", &spec])?;
        let found = std::str::from_utf8(&output.stdout).ok().map(str::trim);
        found.and_then(Oid::from_hex).ok_or_else(unknown)
    }

    /// The commits a range includes and those it excludes, from `A..B`,
    /// `A...B`, `B`, `^A B`, `A^!` and what else git takes for one.
    pub fn range(&self, spec: &str) -> Result<(Vec<Oid>, Vec<Oid>), Error> {
        let (mut include, mut exclude) = (Vec::new(), Vec::new());
        for word in spec.split_ascii_whitespace() {
            let unknown = || Error::Revision(word.to_owned());
            if word.starts_with('-') || word.contains('\0') {
                return Err(unknown());
            }
            let said = self.git(&["rev-parse", word, "--"]).map_err(|error| match error {
                Error::Child { .. } => unknown(),
                other => other,
            })?;
            for line in said.text().lines().filter(|line| *line != "--") {
                let (list, name) = match line.strip_prefix('^') {
                    Some(name) => (&mut exclude, name),
                    None => (&mut include, line),
                };
                list.push(self.revision(name).map_err(|_| unknown())?);
            }
        }
        Ok((include, exclude))
    }

    pub(super) fn odb(&self) -> Result<git2::Odb<'_>, Error> {
        self.objects().odb().map_err(Error::git2("cannot open the object database"))
    }

    /// Reads a commit object; `None` when it is absent or something else.
    pub(super) fn with_commit<T>(
        &self,
        oid: Oid,
        read: impl FnOnce(&[u8]) -> T,
    ) -> Result<Option<T>, Error> {
        let is_meant = |(name, _): &&(Oid, Rc<[u8]>)| *name == oid;
        let known = self.recent.borrow().iter().find(is_meant).map(|(_, data)| Rc::clone(data));
        let data = match known {
            Some(data) => Some(data),
            None => read_commit(&self.odb()?, oid, |data| Rc::from(data))?,
        };
        let Some(data) = data else { return Ok(None) };
        let mut recent = self.recent.borrow_mut();
        recent.retain(|(name, _)| *name != oid);
        recent.push_front((oid, Rc::clone(&data)));
        recent.truncate(RECENT);
        drop(recent);
        Ok(Some(read(&data)))
    }

    /// How long a line of ancestors shares the commit's own second. Kept on a
    /// stack of our own: a script can make any number of commits in a second.
    /// Who asks about one of them is likely to ask about the others.
    fn depth(&self, oid: Oid, raw: &RawCommit<'_>) -> Result<u32, Error> {
        let second = raw.commit_time().seconds;
        let same = |oid: Oid| -> Result<Option<Vec<Oid>>, Error> {
            let read = |data: &[u8]| {
                let raw = RawCommit::parse(data);
                (raw.commit_time().seconds == second).then_some(raw.parents)
            };
            Ok(self.with_commit(oid, read)?.flatten())
        };
        let mut depths = self.depths.borrow_mut();
        if depths.0 != second {
            *depths = (second, HashMap::new());
        }
        let done = &mut depths.1;
        if let Some(Some(known)) = done.get(&oid) {
            return Ok(*known);
        }
        let mut stack = vec![(oid, raw.parents.clone(), 0, 0)];
        loop {
            let Some((oid, parents, next, depth)) = stack.last_mut() else { return Ok(0) };
            let Some(&parent) = parents.get(*next) else {
                let (oid, depth) = (*oid, *depth);
                done.insert(oid, Some(depth));
                stack.pop();
                if stack.is_empty() {
                    return Ok(depth);
                }
                continue;
            };
            if let Some(known) = done.get(&parent) {
                *next += 1;
                *depth = known.map_or(*depth, |known| (known + 1).max(*depth));
                continue;
            }
            match same(parent)? {
                Some(grandparents) => stack.push((parent, grandparents, 0, 0)),
                None => {
                    done.insert(parent, None);
                }
            }
        }
    }

    /// Author and message as UTF-8. The encodings that need a table are
    /// git's own to convert.
    fn decoded(&self, oid: Oid, raw: &RawCommit<'_>) -> (Person, String) {
        let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let latin1 = |bytes: &[u8]| bytes.iter().map(|&byte| char::from(byte)).collect();
        let encoding = raw.encoding.unwrap_or(b"UTF-8").to_ascii_lowercase();
        match encoding.as_slice() {
            b"utf-8" | b"utf8" => (raw::person(raw.author, lossy), lossy(raw.message)),
            b"iso-8859-1" | b"iso8859-1" | b"latin1" | b"latin-1" => {
                (raw::person(raw.author, latin1), latin1(raw.message))
            }
            _ => self
                .converted_by_git(oid)
                .unwrap_or_else(|| (raw::person(raw.author, lossy), lossy(raw.message))),
        }
    }

    fn converted_by_git(&self, oid: Oid) -> Option<(Person, String)> {
        let name = oid.to_string();
        let show = ["log", "-1", "--no-show-signature", "--encoding=UTF-8"];
        let said = self.git(&[&show[..], &["--format=%an%x00%ae%x00%B", &name]].concat()).ok()?;
        let text = String::from_utf8_lossy(&said.0);
        let mut parts = text.splitn(3, '\0').map(str::to_owned);
        let person = Person { name: parts.next()?, email: parts.next()? };
        Some((person, parts.next()?.trim_end_matches('\n').to_owned() + "\n"))
    }
}

/// Reads a commit object from an open database; `None` when it is absent or
/// something else.
pub(super) fn read_commit<T>(
    odb: &git2::Odb<'_>,
    oid: Oid,
    read: impl FnOnce(&[u8]) -> T,
) -> Result<Option<T>, Error> {
    match odb.read(to_git2(oid)?) {
        Ok(object) if object.kind() == ObjectType::Commit => Ok(Some(read(object.data()))),
        Ok(_) => Ok(None),
        Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
        Err(error) => Err(Error::object("commit", oid.abbrev(7), error.message())),
    }
}

#[cfg(test)]
#[path = "commits_tests.rs"]
mod tests;
