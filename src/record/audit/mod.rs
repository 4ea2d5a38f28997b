//! All that is wrong with messages, documents, and what history says of both.
//!
//! What is looked at is read once: one walk of HEAD's history, one reading of
//! every document, one look through the branches. What is deliberately absent:
//! any write, and any judgement of its own; that is [`check`](crate::check)'s.

mod documents;
pub(super) mod history;
mod messages;
mod shelf;

use std::collections::HashSet;

use history::Scope;

use super::{Error, Project};
use crate::problem::Problem;

impl Project {
    /// Finds what is wrong, sorted by path, line and commit: problems of
    /// messages, which have no path, come first.
    ///
    /// With a range, as git spells it, only what concerns these commits and
    /// the documents that they touch.
    pub fn audit(&self, range: Option<&str>) -> Result<Vec<Problem>, Error> {
        let history = self.history()?;
        let scope = range.map(|range| self.scope(range)).transpose()?;
        let shelf = self.shelf(scope.as_ref())?;
        let mut problems = self.audit_messages(&shelf, &history, scope.as_ref())?;
        problems.extend(self.audit_documents(&shelf, &history, scope.as_ref())?);
        // Those of one place stay in the order of its text.
        problems.sort_by(|a, b| place(a).cmp(&place(b)));
        Ok(problems)
    }

    /// Finds what is wrong with one document, sorted in the same way; messages
    /// are not judged.
    pub fn audit_document(&self, path: &str) -> Result<Vec<Problem>, Error> {
        let scope = Scope { touched: HashSet::from([path.to_owned()]), ..Scope::default() };
        let history = self.history()?;
        let mut problems =
            self.audit_documents(&self.shelf(Some(&scope))?, &history, Some(&scope))?;
        problems.retain(|problem| problem.path.as_deref() == Some(path));
        problems.sort_by(|a, b| place(a).cmp(&place(b)));
        Ok(problems)
    }
}

/// What problems are sorted by.
fn place(problem: &Problem) -> impl Ord + '_ {
    (&problem.path, problem.line, problem.oid)
}
