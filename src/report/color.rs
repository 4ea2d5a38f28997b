//! When colour is used.

use std::env;

/// `always`, `auto` or `never`, as `--color` and `color.ui` take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Whatever stdout is.
    Always,
    /// On a terminal that can.
    Auto,
    /// Not at all.
    Never,
}

impl When {
    /// Reads a value of `--color` or git's `color.ui`; `true` means `auto`, as
    /// it does for git.
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "always" => Some(Self::Always),
            "auto" | "true" | "yes" | "on" | "1" => Some(Self::Auto),
            "never" | "false" | "no" | "off" | "0" => Some(Self::Never),
            _ => None,
        }
    }
}

/// The flag decides, then `NO_COLOR` (<https://no-color.org>), then `color.ui`.
pub(super) fn choose(flag: Option<When>, color_ui: Option<&str>) -> When {
    let refused = || env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    flag.or_else(|| refused().then_some(When::Never))
        .or_else(|| color_ui.and_then(When::parse))
        .unwrap_or(When::Auto)
}

/// Whether a stream is coloured.
pub(super) fn wanted(when: When, is_terminal: bool) -> bool {
    let is_dumb = || env::var_os("TERM").is_none_or(|term| term == "dumb" || term.is_empty());
    match when {
        When::Always => true,
        When::Auto => is_terminal && !is_dumb(),
        When::Never => false,
    }
}
