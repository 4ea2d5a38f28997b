//! Tasks: their JSON, and a line for each.

use serde::Serialize;

use super::{Ink, Line};
use crate::task::HANDLE;

/// An open task, as `status` and `next` give it.
#[derive(Clone, Debug, Serialize)]
pub struct NextView {
    /// Its id, else its handle.
    pub id: Option<String>,
    /// Its text without id and marks.
    pub text: String,
    /// Its line in the document, counted from 1.
    pub line: usize,
    /// What the task is about that it is part of, where it has no text of its
    /// own.
    #[serde(skip)]
    pub part_of: Option<String>,
}

impl NextView {
    /// The id and the text; a handle stands behind the text it is made of.
    pub fn name(&self) -> String {
        let name = name(self.id.as_deref(), &self.text);
        match &self.part_of {
            Some(whole) => format!("{name} of {whole}"),
            None => name,
        }
    }
}

/// A task, as `show` gives it.
#[derive(Clone, Debug, Serialize)]
pub struct TaskView {
    /// The feature it belongs to.
    pub feature: String,
    /// Its id, else its handle.
    pub id: Option<String>,
    /// Its text without id and marks.
    pub text: String,
    /// `open`, `done`, `in_progress` or `other`.
    pub state: &'static str,
    /// Its document.
    pub path: String,
    /// Its line in the document, counted from 1.
    pub line: usize,
    /// The id of the task it is part of.
    pub parent: Option<String>,
    /// The ids of the tasks directly under it.
    pub subtasks: Vec<String>,
    /// How many tasks it is part of.
    #[serde(skip)]
    pub depth: usize,
}

impl TaskView {
    /// The id and the text; a handle stands behind the text it is made of.
    pub fn name(&self) -> String {
        name(self.id.as_deref(), &self.text)
    }

    /// `[x] 1.2 Send the mail`, set in as deep as the task lies.
    pub fn line(&self) -> Line {
        Line::from("  ".repeat(self.depth.min(20) + 1)).join(self.boxed()).plain(&self.name())
    }

    /// `[x] PRD-07 1.2 Send the mail`, for tasks of several features.
    pub fn line_with_feature(&self) -> Line {
        let feature = format!("{} ", self.feature);
        Line::from("  ").join(self.boxed()).add(Ink::Name, &feature).plain(&self.name())
    }

    fn boxed(&self) -> Line {
        let (mark, ink) = match self.state {
            "done" => ("[x] ", Ink::Good),
            "in_progress" => ("[>] ", Ink::Warn),
            "other" => ("[~] ", Ink::Faint),
            _ => ("[ ] ", Ink::Plain),
        };
        Line::new(ink, mark)
    }

    /// Where and how it stands: `in progress, prd/tasks/07_login.md:24`.
    pub fn place(&self) -> Line {
        let ink = match self.state {
            "done" => Ink::Good,
            "in_progress" => Ink::Warn,
            _ => Ink::Plain,
        };
        let part = self.parent.as_ref().map(|id| format!(", part of {id}")).unwrap_or_default();
        let state = self.state.replace('_', " ");
        let place = format!(", {}:{}{part}", self.path, self.line);
        Line::from("  ").add(ink, &state).add(Ink::Faint, &place)
    }
}

/// What a task is called where there is little room: its id, else its text.
pub fn short<'a>(id: Option<&'a str>, text: &'a str) -> &'a str {
    id.filter(|id| !id.starts_with(HANDLE)).unwrap_or(text)
}

fn name(id: Option<&str>, text: &str) -> String {
    match id {
        Some(id) if text.is_empty() => id.to_owned(),
        Some(handle) if handle.starts_with(HANDLE) => format!("{text}  {handle}"),
        Some(id) => format!("{id} {text}"),
        None => text.to_owned(),
    }
}
