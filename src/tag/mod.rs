//! What a commit message says about tasks: the tags in it, and what nearly
//! was one.
//!
//! A tag is `[PRD-07 Task 1.2]`, anywhere in the message. Only text that is a
//! tag to the letter makes a link; text that was surely meant as one is a
//! [`Miss`], for commit-msg to refuse with the corrected tag; all else is
//! prose. No part of this needs a regular expression: compiling one would
//! cost a hook more than everything else that it does.

mod loose;
mod native;
mod near;
mod quote;
mod revert;
mod scan;

pub mod message;
pub mod wild;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

use std::fmt;
use std::ops::Range;

use crate::task::{FeatureId, TaskId};

pub use scan::{is_autosquash, may_hold_tag, read};

/// The most tags that are read in one message, and tasks in one tag.
pub const MAX_TAGS: usize = 100;

/// What a tag says about the state of its tasks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Word {
    /// Nothing: the commit finishes the task.
    #[default]
    None,
    /// `wip` or `part`: worked on, not finished.
    Wip,
    /// `done`: finished together with all subtasks.
    Done,
    /// `reopen`: to be done again.
    Reopen,
}

impl Word {
    const NAMES: [(&str, Self); 4] =
        [("wip", Self::Wip), ("part", Self::Wip), ("done", Self::Done), ("reopen", Self::Reopen)];

    fn parse(text: &str) -> Option<Self> {
        let name = |entry: &&(&str, Self)| text.eq_ignore_ascii_case(entry.0);
        Self::NAMES.iter().find(name).map(|(_, word)| *word)
    }
}

/// Names one task of a feature, or all between two.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Selector {
    /// One task.
    One(TaskId),
    /// The document's own tasks from one to the other, both included.
    ///
    /// Invariant: the first is not greater than the second.
    Range(TaskId, TaskId),
}

/// One tag of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its place in the message, brackets included.
    pub span: Range<usize>,
    /// Whether it stands in the subject, git's first paragraph.
    pub in_subject: bool,
    /// The feature.
    pub feature: FeatureId,
    /// The tasks; none links the commit to the feature alone.
    pub tasks: Vec<Selector>,
    /// What it says about them.
    pub word: Word,
    /// The tag as written, on one line.
    pub text: String,
}

impl fmt::Display for Tag {
    /// Writes the tag in its usual form: `[PRD-07 Tasks 1.2, 1.4-1.6 wip]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_tag(f, &self.feature, &self.tasks, self.word)
    }
}

fn write_tag(
    to: &mut dyn fmt::Write,
    feature: &FeatureId,
    tasks: &[Selector],
    word: Word,
) -> fmt::Result {
    write!(to, "[{feature}")?;
    let is_one = matches!(tasks, [Selector::One(_)]);
    for (index, task) in tasks.iter().enumerate() {
        to.write_str(match (index, is_one) {
            (0, true) => " Task ",
            (0, false) => " Tasks ",
            _ => ", ",
        })?;
        match task {
            Selector::One(id) => write!(to, "{id}")?,
            Selector::Range(from, to_id) => {
                let dash =
                    if native::are_alike(from.as_str(), to_id.as_str()) { '-' } else { '–' };
                write!(to, "{from}{dash}{to_id}")?;
            }
        }
    }
    to.write_str(match word {
        Word::None => "]",
        Word::Wip => " wip]",
        Word::Done => " done]",
        Word::Reopen => " reopen]",
    })
}

/// Why a near miss is no tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MissKind {
    /// Not written as tags are.
    Malformed,
    /// Still the template's, `[PRD-XX Task N.N]`.
    Placeholder,
    /// A word about the state of tasks, and no task: `[PRD-07 wip]`.
    FeatureWord,
    /// More than [`MAX_TAGS`] tags, or tasks in one tag.
    TooMany,
    /// An id of absurd length, or a number larger than any.
    TooLong,
}

/// What was surely meant as a tag and is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// Its place in the message.
    pub span: Range<usize>,
    /// Why it is none.
    pub kind: MissKind,
    /// As written, on one line, cut short where it is long.
    pub text: String,
    /// The tag to write instead, or several, where that is clear.
    pub suggestion: Option<String>,
}

/// What a message says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The tags, in the order of the message, [`MAX_TAGS`] at most.
    pub tags: Vec<Tag>,
    /// The near misses, in the order of the message.
    pub misses: Vec<Miss>,
    /// The commits that the message takes back, as `This reverts commit`
    /// names them: 7 to 64 hexadecimal digits in lower case.
    pub reverts: Vec<String>,
    /// Whether a tag stands at the very start of the subject, where `git am`
    /// would strip it.
    pub leading: bool,
}
