//! A line of output: pieces of text, each with an ink.

use anstyle::{AnsiColor, Style};

use super::escape::shown;

/// What a piece of text means; how that looks is decided here alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Ordinary text.
    Plain,
    /// A name that the eye looks for: a feature, a heading.
    Name,
    /// An object name.
    Hash,
    /// Done, added, fine.
    Good,
    /// An error, a removal.
    Bad,
    /// A warning, something half done.
    Warn,
    /// A hint.
    Hint,
    /// Less important than its surroundings.
    Faint,
}

impl Ink {
    fn style(self) -> Style {
        let color = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
        match self {
            Self::Plain => Style::new(),
            Self::Name => Style::new().bold(),
            Self::Hash | Self::Hint => color(AnsiColor::Yellow),
            Self::Good => color(AnsiColor::Green),
            Self::Bad => color(AnsiColor::Red).bold(),
            Self::Warn => color(AnsiColor::Yellow).bold(),
            Self::Faint => Style::new().dimmed(),
        }
    }
}

/// One line, without its end. Every piece is made safe as it is added, so that
/// no name or message can reach a terminal as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    pieces: Vec<(Ink, String)>,
}

impl Line {
    /// A line that begins with this text.
    pub fn new(ink: Ink, text: &str) -> Self {
        Self::default().add(ink, text)
    }

    /// The line with more text.
    #[must_use]
    pub fn add(mut self, ink: Ink, text: &str) -> Self {
        self.pieces.push((ink, shown(text).into_owned()));
        self
    }

    /// The line with more ordinary text.
    #[must_use]
    pub fn plain(self, text: &str) -> Self {
        self.add(Ink::Plain, text)
    }

    /// The line with all of another one behind it.
    #[must_use]
    pub fn join(mut self, other: Self) -> Self {
        self.pieces.extend(other.pieces);
        self
    }

    pub(super) fn render(&self, in_color: bool) -> String {
        self.pieces
            .iter()
            .map(|(ink, text)| match ink.style() {
                style if in_color && !style.is_plain() => format!("{style}{text}{style:#}"),
                _ => text.clone(),
            })
            .collect()
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self::new(Ink::Plain, text)
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<&String> for Line {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_is_ours_and_never_the_texts() {
        let line = Line::new(Ink::Good, "done").plain(" \x1b[31mevil");
        assert_eq!(line.render(false), "done \\x1b[31mevil");
        assert_eq!(line.render(true), "\x1b[32mdone\x1b[0m \\x1b[31mevil");
    }
}
