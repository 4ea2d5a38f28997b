//! A fault in a message or a document, as a value.

use serde::Serialize;

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Said for information; nothing is refused.
    Note,
    /// Worth a look; nothing is refused unless `--strict`.
    Warning,
    /// Refused by commit-msg, exit status 1 from `check`.
    Error,
}

/// One fault: what was found, where, and the way out. Never a failure of the
/// tool itself; those are errors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// A stable name in kebab case, such as `unknown-task`.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What was found, in backticks, then what was expected.
    pub message: String,
    /// An action: the exact message or command to use next.
    pub hint: Option<String>,
    /// The document, relative to the work tree.
    pub path: Option<String>,
    /// The line in it, counted from 1.
    pub line: Option<usize>,
    /// The commit concerned.
    #[serde(serialize_with = "hex")]
    pub oid: Option<crate::commit::Oid>,
}

impl Problem {
    /// A problem with no place and no hint yet.
    pub fn new(code: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            hint: None,
            path: None,
            line: None,
            oid: None,
        }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same at a place in a document.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>, line: Option<usize>) -> Self {
        self.path = Some(path.into());
        self.line = line;
        self
    }
}

fn hex<S: serde::Serializer>(oid: &Option<crate::commit::Oid>, to: S) -> Result<S::Ok, S::Error> {
    oid.map(|oid| oid.to_string()).serialize(to)
}
