//! The whole picture of a feature for a reader with no memory: its JSON, and
//! its parts as text.
//!
//! | file | its one job |
//! | --- | --- |
//! | `budget` | which items of the lists stay where there is little room |
//! | `parts` | the picture as titled parts |
//! | `text` | parts → lines of a terminal, or markdown |

mod budget;
mod parts;
mod text;

use std::collections::BTreeMap;

use serde::Serialize;

use super::commits::CommitView;
use super::features::PhaseView;
use super::tasks::NextView;

pub use budget::TooSmall;
pub use text::{lines, markdown, plain_text};

/// What `recover` tells.
#[derive(Clone, Debug, Serialize)]
pub struct RecoverView {
    /// The feature.
    pub feature: String,
    /// Its title.
    pub title: String,
    /// Its document.
    pub path: String,
    /// Why this feature, where none was named: `named`, `meant` (by the active
    /// task or the branch), `only` or `newest_commit`.
    pub chosen: &'static str,
    /// The branch that is checked out.
    pub branch: Option<String>,
    /// What the document calls its state.
    pub status: Option<String>,
    /// What is built.
    pub what: Option<String>,
    /// Why it is built.
    pub why: Option<String>,
    /// The phase of the next task.
    pub phase: Option<String>,
    /// Tasks that are done; parts of tasks are not counted.
    pub done: usize,
    /// All tasks.
    pub total: usize,
    /// Whole per cent done, rounded down.
    pub percent: usize,
    /// The task to go on with.
    pub next_task: Option<StepView>,
    /// What the commit that finishes it says.
    pub tag: Option<String>,
    /// The id of the task that this work tree works on.
    pub active_task: Option<String>,
    /// What cannot be trusted, and what mends it.
    pub stale: Vec<StaleView>,
    /// What differs from HEAD, and where.
    pub uncommitted: Vec<PathView>,
    /// Commands that take the work up again.
    pub resume: Vec<String>,
    /// What holds the feature up.
    pub blockers: Vec<String>,
    /// The open tasks, the next one first.
    pub open_tasks: Vec<StepView>,
    /// What was decided.
    pub decisions: Vec<String>,
    /// The last linked commits, newest first.
    pub commits: Vec<TouchView>,
    /// How far each phase is.
    pub phases: Vec<PhaseView>,
    /// The files that those commits changed, task documents left out.
    pub files: Vec<String>,
    /// The other features that have documents.
    pub others: Vec<String>,
    /// How many items of each list are left out.
    pub left_out: BTreeMap<&'static str, usize>,
}

/// A task to do, with its place.
#[derive(Clone, Debug, Serialize)]
pub struct StepView {
    /// The task.
    #[serde(flatten)]
    pub task: NextView,
    /// Its document.
    pub path: String,
}

/// Where documents and history contradict each other.
#[derive(Clone, Debug, Serialize)]
pub struct StaleView {
    /// The document.
    pub path: String,
    /// Its line, where one is at fault.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What mends it.
    pub hint: Option<String>,
}

/// A path that differs from HEAD.
#[derive(Clone, Debug, Serialize)]
pub struct PathView {
    /// The path.
    pub path: String,
    /// `staged`, `unstaged`, `both`, `untracked`, `deleted` or `conflicted`.
    pub state: &'static str,
}

/// A linked commit with what it changed.
#[derive(Clone, Debug, Serialize)]
pub struct TouchView {
    /// The commit.
    #[serde(flatten)]
    pub commit: CommitView,
    /// The files, task documents left out.
    pub files: Vec<String>,
}
