//! What can fail on disk.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// A failure on disk, with the path it happened to.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// A symlink, a directory, a device or a FIFO, or one of them on the way.
    #[error("cannot use `{path}`: it is not a regular file of the work tree")]
    NotRegular {
        /// The document.
        path: String,
    },
    /// More than [`super::LIMIT`] bytes.
    #[error("cannot read `{path}`: it is larger than 8 MiB")]
    TooLarge {
        /// The document.
        path: String,
    },
    /// More lines than are read.
    #[error("`{path}` has more than 200,000 lines")]
    TooManyLines {
        /// The document.
        path: String,
    },
    /// A path that leads out of the work tree or into a `.git`.
    #[error("cannot use `{path}`: it leads outside the work tree")]
    Outside {
        /// The path.
        path: String,
    },
    /// Somebody wrote the document after it was read.
    #[error("cannot write `{path}`: it has changed meanwhile")]
    ChangedMeanwhile {
        /// The document.
        path: String,
    },
    /// Another spec-log holds the lock.
    #[error("cannot lock `{}`: another spec-log is at work", .path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// A pattern that cannot be one.
    #[error("`{pattern}` is not a pattern for paths below the work tree: {why}")]
    Pattern {
        /// As written.
        pattern: String,
        /// What is wrong.
        why: &'static str,
    },
    /// A directory that was to be new or empty.
    #[error("`{}` is not empty", .path.display())]
    NotEmpty {
        /// The directory.
        path: PathBuf,
    },
    /// The system said no.
    #[error("cannot {verb} `{path}`: {}", reason(.cause))]
    Io {
        /// What was tried.
        verb: &'static str,
        /// To which file.
        path: String,
        /// The cause, which the words above hold already.
        cause: Arc<io::Error>,
    },
}

impl Error {
    /// The way out, where there is one.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::ChangedMeanwhile { .. } => "save it in the editor, then run `git spec-log sync`",
            Self::Locked { .. } => "run `git spec-log sync` when the other one has ended",
            Self::TooLarge { .. } | Self::TooManyLines { .. } => {
                "split the document, or leave it out of `documents`"
            }
            Self::NotEmpty { .. } => "name a directory that is new or empty",
            _ => return None,
        })
    }

    /// Whether it may be gone the next time: a full disk, a file in use.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Io { .. } | Self::ChangedMeanwhile { .. } | Self::Locked { .. })
    }

    /// A failure of the system's, to be given its cause.
    pub(crate) fn io<E: Into<io::Error>>(
        verb: &'static str,
        path: &str,
    ) -> impl FnOnce(E) -> Self + use<E> {
        let path = path.to_owned();
        move |cause| Self::Io { verb, path, cause: Arc::new(cause.into()) }
    }
}

/// The system's words without the number, in the middle of a sentence.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_reads_as_one_sentence() {
        let error = Error::io("read", "prd/x.md")(rustix::io::Errno::ACCESS);
        assert_eq!(error.to_string(), "cannot read `prd/x.md`: permission denied");
    }
}
