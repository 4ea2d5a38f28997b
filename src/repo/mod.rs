//! The repository: what git knows, copied out at the door into owned values.
//!
//! This is the only place that names `git2`, and the only one that starts
//! `git`. libgit2 answers what is asked often, because opening a repository
//! costs a fifth of a child; `git` answers what libgit2 is known to get wrong
//! (an index it cannot read or would damage, configuration from the
//! environment, hook paths, odd revisions), and everything but objects of a
//! repository that libgit2 refuses to open.
//!
//! | file | its one job |
//! | --- | --- |
//! | `open` | find a repository and its work tree, with or without a search |
//! | `raw` | the bytes of a commit and of a tree → their parts |
//! | `access` | the two ways to read a repository: libgit2's, and `git`'s |
//! | `refs` | HEAD and branches |
//! | `commits` | one commit, revisions and ranges |
//! | `peek` | the commit that was just made, read without opening the repository |
//! | `walk`, `paint` | every commit of a range once; ancestry; the nearest of some commits |
//! | `sweep` | all commits of the packs, for walks over long histories |
//! | `trees` | changed paths, files and blobs of a commit |
//! | `versions` | which versions of files history holds since a commit |
//! | `index` | one entry of the index: read, stage |
//! | `merge` | a three-way merge of texts |
//! | `patches` | what a commit changes, as one number |
//! | `operation` | which operation is in progress, and whether to keep still |
//! | `draft` | a commit in the making: its message's cleaning, what is staged |
//! | `config` | git's configuration, the environment's included |
//! | `uncommitted` | what differs from HEAD, and where |
//! | `site` | where hooks go and what is set about them, asked of `git` alone |
//! | `books` | one commit of the documents alone |
//! | `throwaway` | a repository made for show |
//! | `child` | starting `git` so that nothing of the repository decides what runs |
//! | `clock` | what time git says it is |

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod access;
mod blame;
mod books;
mod child;
mod clock;
mod commits;
mod config;
mod draft;
mod error;
mod index;
mod merge;
mod open;
mod operation;
mod paint;
mod patches;
mod peek;
mod raw;
mod refs;
mod site;
mod sweep;
mod throwaway;
mod trees;
mod uncommitted;
mod versions;
mod walk;

#[cfg(test)]
pub(crate) mod testing;

use std::cell::{OnceCell, RefCell};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

use access::Access;
pub use commits::Head;
pub use error::Error;
pub use index::IndexEntry;
pub use merge::{JoinedText, Marking, merge_files};
pub use open::Environment;
pub use operation::{Moment, Operation};
pub use site::Site;
pub use throwaway::{Spoken, Throwaway};
pub use uncommitted::Uncommitted;
pub use versions::Versions;
pub use walk::{Line, Look, Visited, Watcher, nothing};

use crate::commit::Oid;

/// An opened repository. Not shared between threads; opening one is cheap.
pub struct Repo {
    access: Access,
    work_tree: Option<PathBuf>,
    environment: Environment,
    /// The index that is meant when it is not the repository's own.
    index_file: Option<PathBuf>,
    settings: OnceCell<Vec<(String, String)>>,
    git: OnceCell<PathBuf>,
    edge: OnceCell<HashSet<Oid>>,
    recent: RefCell<commits::Recent>,
    depths: RefCell<commits::Depths>,
    watcher: RefCell<Option<Watcher>>,
}

impl Repo {
    /// The top of the work tree, absolute; `None` in a bare repository.
    pub fn work_tree(&self) -> Option<&Path> {
        self.work_tree.as_deref()
    }

    /// This work tree's own git directory: HEAD, the index and what is in
    /// progress live here.
    pub fn git_dir(&self) -> &Path {
        match &self.access {
            Access::Libgit2(repository) => repository.path(),
            Access::Git { git_dir, .. } => git_dir,
        }
    }

    /// The git directory that all linked work trees share.
    pub fn common_dir(&self) -> &Path {
        match &self.access {
            Access::Libgit2(repository) => repository.commondir(),
            Access::Git { common_dir, .. } => common_dir,
        }
    }

    /// Whether history ends early here, so that an absent commit says nothing.
    pub fn is_shallow(&self) -> bool {
        self.common_dir().join("shallow").exists()
    }

    /// Why libgit2 reads the objects alone and `git` is asked for the rest;
    /// `None` where libgit2 reads everything.
    pub fn needs_git(&self) -> Option<&Error> {
        match &self.access {
            Access::Libgit2(_) => None,
            Access::Git { why, .. } => Some(why),
        }
    }

    /// Whether git's exclude files cover the path.
    pub fn is_ignored(&self, path: &str) -> Result<bool, Error> {
        let Some(libgit2) = self.access.libgit2() else { return self.is_ignored_by_git(path) };
        let asked = libgit2.is_path_ignored(path);
        asked.map_err(Error::git2(format!("cannot tell whether `{path}` is ignored")))
    }

    /// This one of git's commands takes no literal paths, and reads every path
    /// as one that does not begin with a colon.
    fn is_ignored_by_git(&self, path: &str) -> Result<bool, Error> {
        let path = format!("./{path}");
        let ask = ["--no-literal-pathspecs", "check-ignore", "-q", "--no-index", "--", &path];
        let output = self.git_output(&ask)?;
        match output.status.code() {
            Some(0) => Ok(true),
            Some(1) => Ok(false),
            _ => Err(child::failed(&ask, &output)),
        }
    }

    /// Objects, which libgit2 reads in either way.
    fn objects(&self) -> &git2::Repository {
        self.access.objects()
    }

    /// Where children run: the top of the work tree, else the git directory.
    fn top(&self) -> &Path {
        self.work_tree().unwrap_or_else(|| self.git_dir())
    }
}

fn from_git2(oid: git2::Oid) -> Option<Oid> {
    Oid::from_bytes(oid.as_bytes())
}

fn to_git2(oid: Oid) -> Result<git2::Oid, Error> {
    let failed = |source| Error::git2(format!("cannot use the name {oid}"))(source);
    git2::Oid::from_bytes(oid.as_bytes()).map_err(failed)
}
