//! The two ways to read a repository: libgit2's, and `git`'s where libgit2
//! refuses to open it.
//!
//! libgit2 refuses reftables, extensions that it was not built with, and a
//! repository that `safe.directory` trusts by a pattern. There `git` is asked
//! where things are. If it agrees, libgit2 still reads the objects, which are
//! the same in every repository; refs, the index, configuration and exclude
//! files are `git`'s to read.

use std::path::{Path, PathBuf};

use git2::{ObjectFormat, Odb, Repository};

use super::child::{Said, Seeker, gist};
use super::{Environment, Error};
use crate::store::hooks::resolved;

/// What asks `git` about a repository: the last one fails in a bare one.
const WHERE: [&str; 7] = [
    "rev-parse",
    "--git-dir",
    "--git-common-dir",
    "--git-path",
    "objects",
    "--show-object-format",
    "--show-toplevel",
];

/// How a repository is read.
pub(super) enum Access {
    /// By libgit2.
    Libgit2(Repository),
    /// By `git`, but for the objects.
    Git {
        /// The object database, and nothing else.
        objects: Repository,
        /// This work tree's own git directory.
        git_dir: PathBuf,
        /// The one that all linked work trees share.
        common_dir: PathBuf,
        /// Why libgit2 does not read all of it.
        why: Error,
    },
}

impl Access {
    /// The objects, by libgit2 in either way.
    pub(super) fn objects(&self) -> &Repository {
        match self {
            Self::Libgit2(repository) => repository,
            Self::Git { objects, .. } => objects,
        }
    }

    /// What libgit2 can be asked about anything; `None` where it is `git`.
    pub(super) fn libgit2(&self) -> Option<&Repository> {
        match self {
            Self::Libgit2(repository) => Some(repository),
            Self::Git { .. } => None,
        }
    }

    /// Asks `git` for the repository that libgit2 refused, and for the top of
    /// its work tree.
    ///
    /// # Errors
    /// Where `git` refuses too, in its own words.
    pub(super) fn by_git(
        cwd: &Path,
        environment: &Environment,
        why: Error,
    ) -> Result<(Self, Option<PathBuf>), Error> {
        let git = Seeker::new(Environment { cwd: cwd.to_path_buf(), ..environment.clone() })?;
        let output = git.output(&WHERE)?;
        let Some(places) = Places::read(cwd, &Said(output.stdout)) else {
            let (path, said) = (cwd.to_path_buf(), gist(&String::from_utf8_lossy(&output.stderr)));
            return Err(match said.contains("dubious ownership") {
                true => Error::Owner(path),
                false => Error::Refused { path, said },
            });
        };
        let Places { git_dir, common_dir, objects, format, top } = places;
        let objects = open_objects(&objects, format)
            .map_err(Error::git2(format!("cannot open the objects in `{}`", objects.display())))?;
        Ok((Self::Git { objects, git_dir, common_dir, why }, top))
    }
}

/// Where `git` says things are.
struct Places {
    git_dir: PathBuf,
    common_dir: PathBuf,
    objects: PathBuf,
    format: ObjectFormat,
    top: Option<PathBuf>,
}

impl Places {
    /// `None` where `git` did not say it, and where a path has a line break.
    fn read(cwd: &Path, said: &Said) -> Option<Self> {
        let lines = said.lines();
        let [git_dir, common_dir, objects, format, top @ ..] = lines.as_slice() else {
            return None;
        };
        let path = |line: &[u8]| resolved(&cwd.join(Said(line.to_vec()).path()));
        (top.len() < 2).then(|| Self {
            git_dir: path(git_dir),
            common_dir: path(common_dir),
            objects: path(objects),
            format: match *format {
                b"sha256" => ObjectFormat::Sha256,
                _ => ObjectFormat::Sha1,
            },
            top: top.first().map(|line| path(line)),
        })
    }
}

/// Opens an object database and its alternates.
fn open_objects(path: &Path, format: ObjectFormat) -> Result<Repository, git2::Error> {
    let odb = Odb::new_ext(format)?;
    let utf8 = path.to_str().ok_or_else(|| git2::Error::from_str("its path is not UTF-8"))?;
    odb.add_disk_alternate(utf8)?;
    Repository::from_odb(odb)
}
