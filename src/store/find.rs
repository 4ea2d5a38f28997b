//! The documents below a work tree.

use std::collections::BTreeSet;
use std::os::fd::OwnedFd;

use rustix::fs::{AtFlags, Dir, FileType, statat};
use rustix::io::{Errno, retry_on_intr};

use super::beneath::{self, is_name};
use super::glob::Part;
use super::{Error, Globs, Store};

/// No document lies deeper, and no tree of directories can exhaust the stack
/// or the file descriptors.
const DEPTH: usize = 64;

impl Store {
    /// The regular files that match, sorted, relative to the top with `/`
    /// between. Only the directories that the patterns name are looked into:
    /// never through a symlink, into a `.git` or into another repository. A
    /// name that is not UTF-8 is no document.
    pub fn find(&self, globs: &Globs) -> Result<Vec<String>, Error> {
        self.search(globs, FileType::is_file)
    }

    /// What matches and is neither a regular file nor a directory, sorted:
    /// symlinks, devices, FIFOs. None of them is ever a document; a person who
    /// thinks so should hear of it.
    pub fn find_irregular(&self, globs: &Globs) -> Result<Vec<String>, Error> {
        self.search(globs, |kind| !kind.is_file() && !kind.is_dir())
    }

    fn search(&self, globs: &Globs, ends: fn(FileType) -> bool) -> Result<Vec<String>, Error> {
        let mut search = Search { found: Vec::new(), ends };
        if let Some(top) = beneath::top(&self.root)? {
            let patterns = globs.patterns.iter().map(Vec::as_slice).collect();
            search.look(&top, "", patterns, DEPTH)?;
        }
        search.found.sort_unstable();
        Ok(search.found)
    }
}

/// What is left of a pattern below a directory.
type Rest<'g> = &'g [Part];

/// A search for all patterns at once, so that a directory which several lead
/// to is opened and listed once.
struct Search {
    found: Vec<String>,
    /// Which kind of thing may end a pattern.
    ends: fn(FileType) -> bool,
}

impl Search {
    fn look(
        &mut self,
        dir: &OwnedFd,
        above: &str,
        patterns: Vec<Rest<'_>>,
        depth: usize,
    ) -> Result<(), Error> {
        let patterns = with_none_for_any(patterns);
        let named: BTreeSet<&str> = patterns.iter().filter_map(|pattern| name(pattern)).collect();
        for name in &named {
            if let Some(kind) = kind(dir, name, above)? {
                self.take(dir, above, (name, kind), &patterns, depth)?;
            }
        }
        if patterns.iter().all(|pattern| name(pattern).is_some()) {
            return Ok(());
        }
        let mut folders = Vec::new();
        list(dir, above, &mut |name, kind| match kind {
            _ if named.contains(name) => Ok(()),
            // They wait until the list is closed.
            FileType::Directory => {
                folders.push(name.to_owned());
                Ok(())
            }
            _ => self.take(dir, above, (name, kind), &patterns, depth),
        })?;
        folders.iter().try_for_each(|name| {
            self.take(dir, above, (name, FileType::Directory), &patterns, depth)
        })
    }

    /// Takes a file that ends a pattern, or looks into a directory that some
    /// lead on through.
    fn take(
        &mut self,
        dir: &OwnedFd,
        above: &str,
        (name, kind): (&str, FileType),
        patterns: &[Rest<'_>],
        depth: usize,
    ) -> Result<(), Error> {
        let path = || match above {
            "" => name.to_owned(),
            _ => [above, "/", name].concat(),
        };
        let (mut below, mut is_end) = (Vec::new(), false);
        for pattern in patterns {
            let Some((part, rest)) = pattern.split_first().filter(|(part, _)| part.takes(name))
            else {
                continue;
            };
            is_end |= rest.is_empty() && (self.ends)(kind);
            let rest = if *part == Part::Any { pattern } else { rest };
            if !rest.is_empty() {
                add(&mut below, rest);
            }
        }
        if is_end {
            self.found.push(path());
        }
        if below.is_empty() || !kind.is_dir() || depth == 0 {
            return Ok(());
        }
        let path = path();
        match beneath::directory(dir, name, &path) {
            // A directory that has a `.git` is a repository of its own.
            Ok(Some(inner)) => match self::kind(&inner, ".git", &path)? {
                None => self.look(&inner, &path, below, depth - 1),
                Some(_) => Ok(()),
            },
            Ok(None) | Err(Error::NotRegular { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// Adds to patterns that begin with `**` what follows it: it may stand for no
/// directory.
fn with_none_for_any(mut patterns: Vec<Rest<'_>>) -> Vec<Rest<'_>> {
    for at in 0..patterns.len() {
        if let [Part::Any, rest @ ..] = patterns[at]
            && !rest.is_empty()
        {
            add(&mut patterns, rest);
        }
    }
    patterns
}

fn add<'g>(patterns: &mut Vec<Rest<'g>>, pattern: Rest<'g>) {
    if !patterns.contains(&pattern) {
        patterns.push(pattern);
    }
}

/// The name that a pattern begins with, if it is not a wildcard.
fn name<'g>(pattern: &Rest<'g>) -> Option<&'g str> {
    match pattern.first() {
        Some(Part::Name(name)) => Some(name),
        _ => None,
    }
}

/// What there is under a name, if anything is; `path` is the directory's.
fn kind(dir: &OwnedFd, name: &str, path: &str) -> Result<Option<FileType>, Error> {
    match retry_on_intr(|| statat(dir, name, AtFlags::SYMLINK_NOFOLLOW)) {
        Ok(stat) => Ok(Some(FileType::from_raw_mode(stat.st_mode))),
        Err(Errno::NOENT | Errno::NAMETOOLONG) => Ok(None),
        Err(error) => Err(Error::io("look into", if path.is_empty() { "." } else { path })(error)),
    }
}

/// Visits the UTF-8 names of a directory with what they are.
fn list(
    dir: &OwnedFd,
    path: &str,
    visit: &mut dyn FnMut(&str, FileType) -> Result<(), Error>,
) -> Result<(), Error> {
    let failed = |error: Errno| Error::io("list", if path.is_empty() { "." } else { path })(error);
    for entry in Dir::read_from(dir).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let Ok(name) = entry.file_name().to_str() else { continue };
        if !is_name(name) {
            continue;
        }
        // Some file systems leave the kind to a further question.
        let known = Some(entry.file_type()).filter(|kind| *kind != FileType::Unknown);
        let kind = known.map_or_else(|| kind(dir, name, path), |kind| Ok(Some(kind)))?;
        if let Some(kind) = kind {
            visit(name, kind)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;
    use std::fs;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    #[test]
    fn documents_are_found_where_the_patterns_say_and_nowhere_else() {
        let dir = tempfile::tempdir().unwrap();
        let put = |path: &str| {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        };
        [
            "prd/tasks/b.md",
            "prd/tasks/機能 🎉.md",
            "prd/tasks/a.txt",
            "features/a.md",
            "features/x/y/z.md",
            "features/.hidden/a.md",
            "features/nested/a.md",
            "specs/active/one/tasks.md",
            "specs/active/two/prd.md",
            "features/.GIT/a.md",
            "elsewhere/a.md",
            ".git/a.md",
        ]
        .into_iter()
        .for_each(put);
        fs::create_dir(dir.path().join("features/nested/.git")).unwrap();
        fs::create_dir(dir.path().join("prd/tasks/dir.md")).unwrap();
        symlink("../elsewhere", dir.path().join("features/linked")).unwrap();
        symlink("elsewhere", dir.path().join("docs")).unwrap();
        symlink("b.md", dir.path().join("prd/tasks/link.md")).unwrap();
        let odd = dir.path().join("prd/tasks").join(OsStr::from_bytes(b"\xff.md"));
        fs::write(odd, "x").unwrap();
        let globs = Globs::new(&[
            "prd/tasks/*.md",
            "features/**/*.md",
            "docs/**/*.md",
            "specs/active/*/tasks.md",
            "none/*.md",
            "prd/tasks/b.md",
            "features/a.md/x",
        ])
        .unwrap();
        let found = Store::new(dir.path()).find(&globs).unwrap();
        assert_eq!(
            found,
            [
                "features/a.md",
                "features/x/y/z.md",
                "prd/tasks/b.md",
                "prd/tasks/機能 🎉.md",
                "specs/active/one/tasks.md"
            ]
        );
        assert!(found.iter().all(|path| globs.matches(path)));
        let irregular = Store::new(dir.path()).find_irregular(&globs).unwrap();
        assert_eq!(irregular, ["prd/tasks/link.md"]);
        let all = Store::new(dir.path()).find(&Globs::new(&["features/**"]).unwrap()).unwrap();
        assert_eq!(all, ["features/a.md", "features/x/y/z.md"]);
        let gone = Store::new(&dir.path().join("gone")).find(&globs).unwrap();
        assert!(gone.is_empty());
    }
}
