//! The end of a stretch of work: all is recorded, then its session.

use super::edit::{Edited, edited};
use super::{Caught, Change, Error, Outcome, Place, Project};
use crate::doc::Document;
use crate::plan::session::{self, Checkpoint, Prose};
use crate::plan::{Plan, Said};

impl Project {
    /// Records what history holds, as `sync` does, and then the session in one
    /// document. The changes that it answers hold both.
    pub fn checkpoint(&self, place: &Place, prose: &Prose) -> Result<(Caught, Checkpoint), Error> {
        let mut caught = self.sync(None, false)?;
        if !caught.outcome.unwritten.is_empty() {
            return Ok((caught, Checkpoint::default()));
        }
        let history = self.said_of(place)?;
        let tick = self.config().tick;
        let plan = |document: &Document| session::checkpoint(document, &history, prose, tick);
        let Some((before, after)) = self.edit(place, |document| plan(document).patch)? else {
            return Ok((caught, Checkpoint::default()));
        };
        self.edit_index(place, |document| plan(document).patch)?;
        let checkpoint = plan(&Document::read(&place.path, before.clone(), place.dialect));
        add(&mut caught.outcome.prepared.changes, place, (before, after));
        Ok((caught, checkpoint))
    }

    /// What that would write.
    pub fn rehearse_checkpoint(
        &self,
        place: &Place,
        prose: &Prose,
    ) -> Result<(Caught, Checkpoint), Error> {
        let mut prepared = self.rehearse(None, false)?;
        let own = prepared.changes.iter().find(|change| change.place == *place);
        let text = match own.and_then(|change| change.work_tree.as_ref()) {
            Some((_, after)) => Some(after.clone()),
            None => self.store().read(&place.path)?,
        };
        let mut checkpoint = Checkpoint::default();
        if let Some(text) = text {
            let document = Document::read(&place.path, text.clone(), place.dialect);
            checkpoint =
                session::checkpoint(&document, &self.said_of(place)?, prose, self.config().tick);
            let after = edited(place, &text, |_| checkpoint.patch.clone());
            add(&mut prepared.changes, place, (text, after));
        }
        let outcome = Outcome { prepared, ..Outcome::default() };
        Ok((Caught { outcome, ..Caught::default() }, checkpoint))
    }

    /// What the commits that HEAD contains say of a document's feature.
    pub(super) fn said_of(&self, place: &Place) -> Result<Vec<Said>, Error> {
        let linked = self.linked_to(&place.feature)?;
        Ok(linked.iter().map(|linked| linked.said(&place.feature, false)).collect())
    }
}

/// Adds an edit to the changes.
fn add(changes: &mut Vec<Change>, place: &Place, (before, after): Edited) {
    if before == after {
        return;
    }
    let own = changes.iter_mut().find(|change| change.place == *place);
    match own.map(|change| &mut change.work_tree) {
        Some(Some((_, text))) => *text = after,
        Some(none) => *none = Some((before, after)),
        None => changes.push(Change {
            place: place.clone(),
            work_tree: Some((before, after)),
            index: None,
            plan: Plan::default(),
        }),
    }
}
