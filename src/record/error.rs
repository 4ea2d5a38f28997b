//! What can fail while recording.

use crate::{config, repo, store};

/// A failure at the rim, with what was being done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The repository.
    #[error(transparent)]
    Repo(#[from] repo::Error),
    /// The documents.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The configuration.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// An operation of git's is in progress, and a write would get in its way.
    #[error("an operation is in progress here (rebase, merge, cherry-pick, am or bisect)")]
    Busy,
    /// A dialect that nobody defines.
    #[error("unknown dialect `{0}`")]
    UnknownDialect(String),
}

impl Error {
    /// The way out, where there is one.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Repo(error) => error.hint().map(str::to_owned),
            Self::Store(error) => error.hint().map(str::to_owned),
            Self::Config(error) => error.hint(),
            Self::Busy => {
                Some("finish or abort it (git status tells how), then run this again".to_owned())
            }
            Self::UnknownDialect(_) => {
                let names: Vec<_> =
                    crate::doc::dialect::BUILT_IN.iter().map(|dialect| dialect.name).collect();
                let known = names.join(", ");
                Some(format!("known dialects: {known}; one of your own says its `places`"))
            }
        }
    }

    /// A stable name in kebab case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Repo(repo::Error::NotARepository(_)) => "not-a-repository",
            Self::Repo(repo::Error::Revision(_)) => "unknown-revision",
            Self::Repo(repo::Error::Bare) => "bare-repository",
            Self::Repo(_) => "repository",
            Self::Store(_) => "document",
            Self::Busy => "busy",
            Self::Config(_) | Self::UnknownDialect(_) => "configuration",
        }
    }
}
