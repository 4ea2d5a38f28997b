//! Writing what was prepared.

use super::prepare::{Prepared, Scope};
use super::{Change, Error, Linked, Project};
use crate::commit::Oid;
use crate::store;

/// How often a document is planned anew when an editor saves it meanwhile.
const ATTEMPTS: usize = 4;

/// What was written, and what was not.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was prepared; its changes are those that were written.
    pub prepared: Prepared,
    /// Documents that could not be read or written, and why.
    pub unwritten: Vec<(String, store::Error)>,
    /// Documents whose index entry could not be updated, and why.
    pub unstaged: Vec<(String, String)>,
}

impl Project {
    /// Records these commits: prepares and writes, document by document. A
    /// document that somebody saves meanwhile is read and planned again.
    pub fn record(&self, linked: &[Linked], scope: &Scope) -> Result<Outcome, Error> {
        self.write_all(self.prepare(linked, scope)?, linked, scope)
    }

    /// Writes all that was prepared.
    pub(super) fn write_all(
        &self,
        prepared: Prepared,
        linked: &[Linked],
        scope: &Scope,
    ) -> Result<Outcome, Error> {
        let mut outcome = Outcome { prepared, ..Outcome::default() };
        outcome.unwritten.append(&mut outcome.prepared.unread);
        let changes = std::mem::take(&mut outcome.prepared.changes);
        for change in changes {
            let commits: Vec<&Linked> = linked
                .iter()
                .filter(|commit| commit.features().contains(&&change.place.feature))
                .collect();
            self.write(change, &commits, scope, &mut outcome)?;
        }
        Ok(outcome)
    }

    fn write(
        &self,
        mut change: Change,
        commits: &[&Linked],
        scope: &Scope,
        outcome: &mut Outcome,
    ) -> Result<(), Error> {
        for attempt in 1.. {
            let Some((before, after)) = &change.work_tree else { break };
            match self.store().replace(&change.place.path, Some(before), after) {
                Ok(()) => break,
                Err(store::Error::ChangedMeanwhile { .. }) if attempt < ATTEMPTS => {
                    let mut again = Prepared::default();
                    self.prepare_document(&change.place, commits, scope, &mut again)?;
                    outcome.prepared.unplaced.append(&mut again.unplaced);
                    let Some(planned) = again.changes.pop() else { return Ok(()) };
                    change = planned;
                }
                // What one document cannot have, the others get.
                Err(error) => {
                    outcome.unwritten.push((change.place.path, error));
                    return Ok(());
                }
            }
        }
        if let Some((mode, text)) = &change.index
            && let Err(error) = self.repo().stage(&change.place.path, *mode, text)
        {
            outcome.unstaged.push((change.place.path.clone(), error.to_string()));
        }
        outcome.prepared.changes.push(change);
        Ok(())
    }
}

impl Outcome {
    /// Whether a document could not be written now, and perhaps can be later.
    pub(super) fn is_to_be_tried_again(&self) -> bool {
        self.unwritten.iter().any(|(_, error)| error.may_pass())
    }

    /// The commits that a document got an entry or a tick from, with its path.
    pub fn recorded(&self) -> impl Iterator<Item = (&str, &[Oid])> {
        self.prepared
            .changes
            .iter()
            .map(|change| (change.place.path.as_str(), change.plan.entries_added.as_slice()))
    }
}
