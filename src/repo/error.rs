//! What can fail when the repository is asked.

use std::path::PathBuf;

/// A failure of the repository or of `git`, with what was being done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no repository at or above the place.
    #[error("`{}` is not in a git repository", .0.display())]
    NotARepository(PathBuf),
    /// The repository belongs to somebody else (git's `safe.directory`).
    #[error("the repository at `{}` belongs to another user", .0.display())]
    Owner(PathBuf),
    /// libgit2 does not know this extension of the format.
    #[error("the repository at `{}` uses the extension `{name}`, which libgit2 does not know", .path.display())]
    Extension {
        /// Where it is.
        path: PathBuf,
        /// What it is called in `extensions.<name>`.
        name: String,
    },
    /// `git` itself cannot read the repository.
    #[error("git cannot read the repository at `{}`: {said}", .path.display())]
    Refused {
        /// Where it is.
        path: PathBuf,
        /// What it said, without its own `fatal:`.
        said: String,
    },
    /// No `git` in a place that may be trusted.
    #[error("cannot find `git` in an absolute directory of PATH outside the work tree")]
    NoGit,
    /// A revision that names no commit.
    #[error("unknown revision `{0}`")]
    Revision(String),
    /// Another git process holds the index.
    #[error("the index is locked by another git process")]
    IndexLocked,
    /// The repository is bare, and a work tree is needed.
    #[error("the repository has no work tree")]
    Bare,
    /// Objects that are not what they should be.
    #[error("cannot read {what} {oid}: {why}")]
    Object {
        /// The kind of object.
        what: &'static str,
        /// Its name.
        oid: String,
        /// The trouble.
        why: String,
    },
    /// A file of the git directory could not be read.
    #[error("cannot read `{}`: {source}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// libgit2 failed.
    #[error("{doing}: {}", .source.message())]
    Git2 {
        /// What was being done.
        doing: String,
        /// The cause.
        source: git2::Error,
    },
    /// `git` could not be started or spoken to.
    #[error("cannot run `git {command}`: {source}")]
    Start {
        /// The subcommand.
        command: String,
        /// The cause.
        source: std::io::Error,
    },
    /// `git` ran and failed.
    #[error("`git {command}` failed: {said}")]
    Child {
        /// The subcommand.
        command: String,
        /// What it said, without its own `fatal:`.
        said: String,
    },
}

impl Error {
    /// The way out, where there is one.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::NotARepository(_) => "run it inside a work tree, or `git init` first",
            Self::Owner(_) => "git config --global --add safe.directory <path>",
            Self::NoGit => "put the directory of `git` on PATH, absolute",
            Self::Revision(_) => "git log --oneline --all shows what there is",
            Self::IndexLocked => {
                "wait for the other git process, or remove `index.lock` if it has died"
            }
            Self::Bare => "run it in a work tree of the repository",
            _ => return None,
        })
    }

    pub(super) fn git2(doing: impl Into<String>) -> impl FnOnce(git2::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Git2 { doing, source }
    }

    pub(super) fn object(what: &'static str, oid: impl ToString, why: impl ToString) -> Self {
        Self::Object { what, oid: oid.to_string(), why: why.to_string() }
    }
}
