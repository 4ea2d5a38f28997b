//! What can be wrong with a configuration, and the way out.

use std::fmt;

/// A configuration that cannot be used: where, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{source_of}: {fault}")]
pub struct Error {
    /// Where it stands.
    pub source_of: Source,
    /// What is wrong.
    pub fault: Fault,
}

impl Error {
    pub(super) fn new(source_of: Source, fault: Fault) -> Self {
        Self { source_of, fault }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match &self.fault {
            Fault::UnknownKey { nearest: Some(nearest), .. } => {
                Some(format!("did you mean `{nearest}`?"))
            }
            Fault::UnknownKey { known, .. } => Some(format!("the keys are {known}")),
            Fault::BadValue { key, allowed, .. } => Some(format!("`{key}` is {allowed}")),
            Fault::BadPath { .. } => {
                Some("write a glob below the root, such as `docs/plans/*.md`".to_owned())
            }
            Fault::TeamOnly { key } => {
                Some(format!("set `{key}` in `{}`, for everyone alike", super::FILE))
            }
            Fault::Missing { key } => Some(format!("add `{key} = …`")),
            Fault::Syntax { .. } => None,
        }
    }
}

/// Where a setting stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// In the team's file.
    File {
        /// Its path.
        path: String,
        /// The line, counted from 1, where it is known.
        line: Option<usize>,
    },
    /// In git's configuration.
    Git {
        /// The whole key: `speclog.record`.
        key: String,
    },
    /// In the environment.
    Environment {
        /// The variable.
        name: String,
    },
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line: Some(line) } => write!(f, "`{path}`, line {line}"),
            Self::File { path, line: None } => write!(f, "`{path}`"),
            Self::Git { key } => write!(f, "git config `{key}`"),
            Self::Environment { name } => write!(f, "environment variable `{name}`"),
        }
    }
}

/// What is wrong with a setting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The file is not TOML.
    #[error("{message}")]
    Syntax {
        /// What the parser says, on one line.
        message: String,
    },
    /// No such key.
    #[error("unknown key `{key}`")]
    UnknownKey {
        /// The key as written.
        key: String,
        /// The known key that is most like it.
        nearest: Option<String>,
        /// All known keys, for a sentence.
        known: String,
    },
    /// A value that the key does not take.
    #[error("bad value `{value}` for `{key}`")]
    BadValue {
        /// The key.
        key: String,
        /// The value as written.
        value: String,
        /// What is allowed, for a sentence.
        allowed: String,
    },
    /// A path that is refused.
    #[error("path `{path}` {why}")]
    BadPath {
        /// The path as written.
        path: String,
        /// Why, for a sentence.
        why: &'static str,
    },
    /// A key that only the team's file may set.
    #[error("`{key}` is the team's to set")]
    TeamOnly {
        /// The key.
        key: String,
    },
    /// A key that must be there.
    #[error("`{key}` is missing")]
    Missing {
        /// The key.
        key: String,
    },
}

impl Fault {
    pub(super) fn unknown_key(key: &str, known: &[&str]) -> Self {
        let lower = key.to_ascii_lowercase();
        let nearest = known
            .iter()
            .map(|known| (strsim::osa_distance(&lower, known), *known))
            // A third of the letters may be wrong.
            .filter(|(distance, known)| *distance <= known.len().div_ceil(3))
            .min()
            .map(|(_, known)| known.to_owned());
        let known: Vec<_> = known.iter().map(|key| format!("`{key}`")).collect();
        Self::UnknownKey { key: key.to_owned(), nearest, known: known.join(", ") }
    }

    pub(super) fn bad_value(key: &str, value: &str, allowed: impl Into<String>) -> Self {
        Self::BadValue { key: key.to_owned(), value: value.to_owned(), allowed: allowed.into() }
    }
}
