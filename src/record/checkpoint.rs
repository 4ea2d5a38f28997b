//! The end of a stretch of work: all is recorded, then its session.

use super::edit::{Edited, edited};
use super::{Caught, Change, Error, Outcome, Place, Project};
use crate::doc::Document;
use crate::plan::session::{self, Checkpoint, Prose, Stretch};
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
        let then =
            self.document(place)?.map(|now| self.before(place, &now, &history)).transpose()?;
        let (then, tick) = (then.flatten(), self.config().tick);
        let plan = |document: &Document| {
            let stretch = Stretch::of(document, &history);
            session::checkpoint(document, then.as_ref(), &stretch, prose, tick)
        };
        let Some((before, after)) = self.edit(place, |document| plan(document).patch)? else {
            return Ok((caught, Checkpoint::default()));
        };
        self.edit_index(place, |document| plan(document).patch)?;
        let document = Document::read(&place.path, before.clone(), place.dialect);
        let checkpoint = plan(&document);
        self.show_by_hand(place, &document, &checkpoint.by_hand)?;
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
            let history = self.said_of(place)?;
            let then = self.before(place, &document, &history)?;
            let (stretch, tick) = (Stretch::of(&document, &history), self.config().tick);
            checkpoint = session::checkpoint(&document, then.as_ref(), &stretch, prose, tick);
            let after = edited(place, &text, |_| checkpoint.patch.clone());
            add(&mut prepared.changes, place, (text, after));
        }
        let outcome = Outcome { prepared, ..Outcome::default() };
        Ok((Caught { outcome, ..Caught::default() }, checkpoint))
    }

    /// The document as it was when the stretch of work began: with the last
    /// commit of before, else before the first one, else as HEAD has it.
    fn before(
        &self,
        place: &Place,
        document: &Document,
        history: &[Said],
    ) -> Result<Option<Document>, Error> {
        let commits = match Stretch::of(document, history).edges() {
            (Some(last), first) => vec![Some(last.oid), first.map(|first| first.oid)],
            (None, Some(first)) => vec![first.parents.first().copied(), Some(first.oid)],
            (None, None) => vec![self.repo().head()?],
        };
        for commit in commits.into_iter().flatten() {
            if let Some(text) = self.repo().blob_at(commit, &place.path)? {
                return Ok(Some(Document::read(&place.path, text, place.dialect)));
            }
        }
        Ok(None)
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
