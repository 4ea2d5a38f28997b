//! One entry of the index: reading it, and staging the tool's own text.
//!
//! Reading is libgit2's where it can; a split or a sparse index is beyond it.
//! Writing is always git's: libgit2 drops the untracked cache, the file
//! system monitor's state and the skip-worktree bits of a whole index.

use super::{Error, Repo, from_git2};
use crate::commit::Oid;
use crate::store::flush;

/// What the index says about a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexEntry {
    /// Nothing: the path is not tracked.
    Absent,
    /// `git add -N`: announced, without content.
    IntentToAdd,
    /// Tracked, and outside the sparse checkout.
    SkipWorktree {
        /// Its blob.
        oid: Oid,
        /// Its mode, such as `0o100644`.
        mode: u32,
    },
    /// In conflict.
    Conflicted,
    /// Tracked.
    Tracked {
        /// Its blob.
        oid: Oid,
        /// Its mode, such as `0o100644`.
        mode: u32,
    },
}

/// Has git store a blob and bring it to the disk, as every git knows how to.
const STORE: [&str; 5] = ["-c", "core.fsyncObjectFiles=true", "hash-object", "-w", "--stdin"];

const NO_NAME: &str = "git tells no name for it";

/// git's in-memory flags as `ls-files --debug` prints them.
const INTENT_TO_ADD: u32 = 1 << 29;
const SKIP_WORKTREE: u32 = 1 << 30;

/// Has git write an index without collapsed directories. Into a sparse one it
/// puts a file beside the entry of the directory that holds it (git 2.47), and
/// the trees made of that are broken.
pub(super) const WHOLE: [&str; 2] = ["-c", "index.sparse=false"];

impl IndexEntry {
    fn stage_zero(oid: Option<Oid>, mode: u32, flags: u32) -> Self {
        match oid {
            _ if flags & INTENT_TO_ADD != 0 => Self::IntentToAdd,
            Some(oid) if flags & SKIP_WORKTREE != 0 => Self::SkipWorktree { oid, mode },
            Some(oid) => Self::Tracked { oid, mode },
            None => Self::Absent,
        }
    }
}

impl Repo {
    /// What the index says about a path.
    pub fn index_entry(&self, path: &str) -> Result<IndexEntry, Error> {
        // libgit2 ends the path at a NUL with an error that says nothing.
        if path.contains('\0') {
            return Ok(IndexEntry::Absent);
        }
        match self.read_with_libgit2(path) {
            Some(entry) => Ok(entry),
            None => self.read_with_git(path),
        }
    }

    /// Whether the index is beyond libgit2, so that `git` is asked about it.
    pub fn index_needs_git(&self) -> bool {
        let reads = |libgit2: &git2::Repository| libgit2.index()?.read(true);
        self.access.libgit2().is_none_or(|libgit2| reads(libgit2).is_err())
    }

    /// Whether the index has the path, in whatever state.
    pub fn is_tracked(&self, path: &str) -> Result<bool, Error> {
        Ok(self.index_entry(path)? != IndexEntry::Absent)
    }

    /// Puts exactly these bytes into the index, with no filter applied: the
    /// caller planned on the index's own text. A skip-worktree bit stays. A
    /// conflict would be resolved by it, so the caller looks first.
    pub fn stage(&self, path: &str, mode: u32, text: &[u8]) -> Result<(), Error> {
        let kept = matches!(self.index_entry(path)?, IndexEntry::SkipWorktree { .. });
        let blob = self.store(path, text)?;
        let info = format!("{mode:o},{blob},{path}");
        let mut args = vec!["update-index", "--add", "--cacheinfo", &info];
        if kept {
            args.splice(..0, WHOLE);
            args.extend(["--skip-worktree", "--", path]);
        }
        self.git(&args).map(drop).map_err(|error| match error {
            Error::Child { said, .. } if said.contains(".lock': File exists") => Error::IndexLocked,
            other => other,
        })
    }

    /// Stores a blob that the index can name: what it names after a power cut
    /// must be there.
    pub(super) fn store(&self, path: &str, text: &[u8]) -> Result<Oid, Error> {
        let Some(libgit2) = self.access.libgit2() else {
            let said = self.git_fed(&STORE, text)?.text();
            return Oid::from_hex(&said).ok_or_else(|| Error::object("blob", path, NO_NAME));
        };
        let blob = libgit2.blob(text).map_err(Error::git2(format!("cannot store `{path}`")))?;
        let name = blob.to_string();
        let (folder, file) = name.split_at(2);
        let object = self.common_dir().join("objects").join(folder).join(file);
        flush(&object).map_err(|error| Error::object("blob", path, error))?;
        from_git2(blob).ok_or_else(|| Error::object("blob", path, NO_NAME))
    }

    /// `None` when libgit2 cannot tell.
    fn read_with_libgit2(&self, path: &str) -> Option<IndexEntry> {
        if self.index_file.is_some() {
            return None;
        }
        let mut index = self.access.libgit2()?.index().ok()?;
        index.read(false).ok()?;
        let at = |stage| index.get_path(path.as_ref(), stage);
        if (1..=3).any(|stage| at(stage).is_some()) {
            return Some(IndexEntry::Conflicted);
        }
        let Some(entry) = at(0) else { return Some(IndexEntry::Absent) };
        // libgit2 keeps the on-disk half of git's flags, sixteen bits lower.
        let flags = u32::from(entry.flags_extended) << 16;
        Some(IndexEntry::stage_zero(from_git2(entry.id), entry.mode, flags))
    }

    fn read_with_git(&self, path: &str) -> Result<IndexEntry, Error> {
        let said = self.git(&["ls-files", "-s", "-z", "--debug", "--", path])?;
        Ok(parse(&String::from_utf8_lossy(&said.0), path))
    }
}

/// Reads `mode oid stage\tpath NUL debug lines`, once per entry. A directory
/// lists what is below it, which is not the path that was asked for.
fn parse(said: &str, path: &str) -> IndexEntry {
    let wanted = format!("\t{path}\0");
    for (at, _) in said.match_indices(&wanted) {
        let line = said[..at].rsplit('\n').next().unwrap_or_default();
        let mut words = line.split(' ');
        let (Some(mode), Some(oid), Some(stage)) = (words.next(), words.next(), words.next())
        else {
            continue;
        };
        let Ok(mode) = u32::from_str_radix(mode, 8) else { continue };
        if stage != "0" {
            return IndexEntry::Conflicted;
        }
        let debug = &said[at + wanted.len()..];
        let flags = debug.split_once("flags: ").map_or("", |(_, rest)| rest);
        let flags = flags.split('\n').next().and_then(|hex| u32::from_str_radix(hex, 16).ok());
        return IndexEntry::stage_zero(Oid::from_hex(oid), mode, flags.unwrap_or(0));
    }
    IndexEntry::Absent
}

#[cfg(test)]
mod tests {
    use super::super::Site;
    use super::super::testing::Sandbox;
    use super::*;

    /// Every state an entry can have, one file each.
    fn states() -> Sandbox {
        let sandbox = Sandbox::new();
        sandbox.write("skip.md", "skip");
        sandbox.write("d/日本 🎉.md", "plain");
        sandbox.git(&["add", "."]);
        sandbox.commit("both.md", "base", "base");
        sandbox.git(&["switch", "-q", "-c", "side"]);
        sandbox.commit("both.md", "side", "side");
        sandbox.git(&["switch", "-q", "main"]);
        sandbox.commit("both.md", "main", "main");
        sandbox.sh("git merge -q side");
        sandbox.write("new.md", "new");
        sandbox.write("loose.md", "loose");
        sandbox.git(&["add", "-N", "new.md"]);
        sandbox.git(&["update-index", "--skip-worktree", "skip.md"]);
        sandbox
    }

    fn check(sandbox: &Sandbox, repo: &Repo) {
        let (skip, plain) = (sandbox.oid("HEAD:skip.md"), sandbox.oid("HEAD:d/日本 🎉.md"));
        let mode = 0o100_644;
        let wanted = [
            ("skip.md", IndexEntry::SkipWorktree { oid: skip, mode }),
            ("d/日本 🎉.md", IndexEntry::Tracked { oid: plain, mode }),
            ("both.md", IndexEntry::Conflicted),
            ("new.md", IndexEntry::IntentToAdd),
            ("loose.md", IndexEntry::Absent),
            ("d", IndexEntry::Absent),
            ("a\0b", IndexEntry::Absent),
        ];
        for (path, entry) in wanted {
            assert_eq!(repo.index_entry(path).unwrap(), entry, "{path}");
            if !path.contains('\0') {
                assert_eq!(repo.read_with_git(path).unwrap(), entry, "{path}");
            }
        }
    }

    #[test]
    fn every_state_is_told_apart_by_libgit2_and_by_git() {
        let sandbox = states();
        let repo = sandbox.repo();
        let is_read = repo.read_with_libgit2("skip.md").is_some();
        assert_eq!(is_read, repo.needs_git().is_none());
        check(&sandbox, &repo);
    }

    #[test]
    fn a_split_index_is_read_through_git() {
        let sandbox = states();
        sandbox.git(&["update-index", "--split-index"]);
        let repo = sandbox.repo();
        assert_eq!(repo.read_with_libgit2("skip.md"), None);
        check(&sandbox, &repo);
    }

    #[test]
    fn staging_touches_one_entry_and_keeps_its_bits() {
        let sandbox = states();
        let repo = sandbox.repo();
        for path in ["skip.md", "d/日本 🎉.md", "added, with comma.md"] {
            repo.stage(path, 0o100_644, b"one\r\ntwo").unwrap();
            assert_eq!(sandbox.git(&["show", &format!(":{path}")]), "one\r\ntwo");
        }
        assert!(matches!(repo.index_entry("skip.md").unwrap(), IndexEntry::SkipWorktree { .. }));
        assert_eq!(repo.index_entry("new.md").unwrap(), IndexEntry::IntentToAdd);
        assert!(!repo.is_tracked("loose.md").unwrap() && repo.is_tracked("both.md").unwrap());
    }

    #[test]
    fn a_locked_index_is_an_error_of_its_own() {
        let sandbox = states();
        sandbox.write(".git/index.lock", "");
        let error = sandbox.repo().stage("skip.md", 0o100_644, b"x").unwrap_err();
        assert!(matches!(error, Error::IndexLocked) && error.hint().is_some());
        assert!(sandbox.path(".git/index.lock").exists());
    }

    #[test]
    fn another_index_is_used_where_it_is_meant() {
        let sandbox = states();
        sandbox.sh("cp .git/index .git/next-index");
        let repo = sandbox.repo().with_index(&sandbox.path(".git/next-index"));
        repo.stage("d/日本 🎉.md", 0o100_644, b"other").unwrap();
        let staged = repo.index_entry("d/日本 🎉.md").unwrap();
        assert_ne!(staged, sandbox.repo().index_entry("d/日本 🎉.md").unwrap());
    }

    #[test]
    fn an_ignored_path_is_known() {
        let sandbox = Sandbox::new();
        sandbox.write(".gitignore", "*.log\n");
        for repo in [sandbox.repo(), sandbox.repo_by_git()] {
            for path in ["a.log", ":a.log", "a b/*.log"] {
                assert!(repo.is_ignored(path).unwrap(), "{path}");
            }
            assert!(!repo.is_ignored("a.md").unwrap() && !repo.is_ignored("*").unwrap());
        }
    }

    #[test]
    fn the_version_of_git_is_numbers() {
        let sandbox = Sandbox::new();
        let (major, minor) = Site::ask(sandbox.environment()).unwrap().version;
        assert!((major, minor) >= (2, 30));
    }
}
