//! How a program ends.

use std::error::Error;
use std::process::ExitCode;

/// The exit statuses, the same for every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// All is well.
    Fine = 0,
    /// Something was found: `check`, commit-msg, an `init` that is not whole.
    Findings = 1,
    /// The command line was wrong.
    Usage = 2,
    /// No repository, or the tool could not do its work.
    Fatal = 128,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command could not do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// A stable name in kebab case, for scripts.
    pub code: &'static str,
    /// What failed and why, in one line.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The status to end with.
    pub exit: Exit,
}

impl Failure {
    /// A fatal failure without a hint.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: None, exit: Exit::Fatal }
    }

    /// A wrong command line.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, ..Self::new("usage", message) }
    }

    /// A fatal failure from an error and all its causes.
    pub fn from_error(code: &'static str, error: &dyn Error) -> Self {
        let mut message = error.to_string();
        let mut next = error.source();
        while let Some(cause) = next {
            let text = cause.to_string();
            // An error whose own text holds its cause is not told twice.
            if !message.ends_with(&text) {
                message = format!("{message}: {text}");
            }
            next = cause.source();
        }
        Self::new(code, message)
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
