//! One edit of one document under the lock, where records go.

use super::prepare::has_conflict_markers;
use super::{Error, Place, Project};
use crate::config::RecordMode;
use crate::doc::Document;
use crate::patch::Patch;
use crate::repo::{IndexEntry, Moment};
use crate::store;

/// How often a document is edited anew when an editor saves it meanwhile.
const ATTEMPTS: usize = 4;

/// A document's text before and after an edit.
pub(super) type Edited = (Vec<u8>, Vec<u8>);

impl Project {
    /// Edits a document of the work tree under the lock, and answers its text
    /// before and after; `None` where it is not there or in conflict.
    pub(super) fn edit(
        &self,
        place: &Place,
        edit: impl Fn(&Document) -> Patch,
    ) -> Result<Option<Edited>, Error> {
        if self.repo().is_busy(Moment::Other) {
            return Err(Error::Busy);
        }
        self.edit_by_hand(place, edit)
    }

    /// The same for what a person sets, which git's own operations do not put
    /// off.
    pub(super) fn edit_by_hand(
        &self,
        place: &Place,
        edit: impl Fn(&Document) -> Patch,
    ) -> Result<Option<Edited>, Error> {
        let _lock = self.lock()?;
        for attempt in 1.. {
            let text = self.store().read(&place.path)?;
            let Some(text) = text.filter(|text| !has_conflict_markers(text)) else { break };
            let after = edited(place, &text, &edit);
            match self.store().replace(&place.path, Some(&text), &after) {
                Ok(()) => return Ok(Some((text, after))),
                Err(store::Error::ChangedMeanwhile { .. }) if attempt < ATTEMPTS => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }

    /// Makes the same edit in the index's own text, where records are staged.
    pub(super) fn edit_index(
        &self,
        place: &Place,
        edit: impl Fn(&Document) -> Patch,
    ) -> Result<(), Error> {
        if !matches!(self.config().record, RecordMode::Stage | RecordMode::Next) {
            return Ok(());
        }
        let _lock = self.lock()?;
        let IndexEntry::Tracked { oid, mode } = self.repo().index_entry(&place.path)? else {
            return Ok(());
        };
        let staged = self.repo().blob(oid)?;
        let after = edited(place, &staged, edit);
        if after != staged {
            self.repo().stage(&place.path, mode, &after)?;
        }
        Ok(())
    }
}

/// A text with an edit made.
pub(super) fn edited(place: &Place, text: &[u8], edit: impl Fn(&Document) -> Patch) -> Vec<u8> {
    let document = Document::read(&place.path, text.to_vec(), place.dialect);
    edit(&document).apply(text)
}
