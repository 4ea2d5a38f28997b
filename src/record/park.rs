//! `park`: the tool's own uncommitted edits step out of the way of a `pull
//! --rebase` or a `switch`. They can always be made again, so nothing is kept.

use super::pending::with_line_endings_of;
use super::prepare::{Extent, Scope, Version};
use super::{Error, Linked, Place, Project, Rewrites};
use crate::commit::Oid;
use crate::config::RecordMode;
use crate::doc::Document;
use crate::repo::IndexEntry;
use crate::store::Pending;

/// What parking did.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Parked {
    /// Documents that lost their uncommitted records.
    pub parked: Vec<String>,
    /// Documents in which records and a person's edits are entangled; left as
    /// they are.
    pub entangled: Vec<String>,
}

impl Project {
    /// Takes every record that is in no commit yet out of the work tree, and
    /// out of the index where records are staged; `sync` brings them back.
    pub fn park(&self) -> Result<Parked, Error> {
        let _lock = self.lock()?;
        let mut parked = Parked::default();
        let Some(head) = self.repo().head()? else { return Ok(parked) };
        let linked = self.linked_of_head(None)?;
        let mut kept: Vec<Pending> = self.state().pending()?;
        let catalog = self.catalog()?;
        self.insist_on_reading(&catalog, &linked)?;
        for place in catalog.all() {
            let own: Vec<&Linked> = linked
                .iter()
                .filter(|linked| linked.features().contains(&&place.feature))
                .collect();
            match self.park_one(place, &own, head)? {
                Some(false) => {}
                Some(true) => {
                    kept.retain(|pending| pending.path != place.path);
                    parked.parked.push(place.path.clone());
                }
                None => parked.entangled.push(place.path.clone()),
            }
        }
        self.state().set_pending(&kept)?;
        Ok(parked)
    }

    /// Parks one document; answers whether it changed, `None` if it cannot.
    fn park_one(
        &self,
        place: &Place,
        linked: &[&Linked],
        head: Oid,
    ) -> Result<Option<bool>, Error> {
        let (Some(text), Some(committed)) =
            (self.text(place)?, self.repo().blob_at(head, &place.path)?)
        else {
            return Ok(Some(false));
        };
        let base = with_line_endings_of(committed.clone(), &text);
        let Some(parked) = self.without_records(place, head, &base, &text, linked)? else {
            return Ok(None);
        };
        let changed = parked != text;
        if changed {
            self.replace_text(place, &text, &parked)?;
        }
        let staged = match self.repo().index_entry(&place.path)? {
            IndexEntry::Tracked { oid, mode } if self.config().record == RecordMode::Stage => {
                Some((self.repo().blob(oid)?, mode))
            }
            _ => None,
        };
        if let Some((staged, mode)) = staged
            && let Some(parked) = self.without_records(place, head, &committed, &staged, linked)?
            && parked != staged
        {
            self.repo().stage(&place.path, mode, &parked)?;
        }
        Ok(Some(changed))
    }

    /// A text without the records that the committed one lacks: worked out by
    /// making them again, so that taking them back is exact.
    fn without_records(
        &self,
        place: &Place,
        head: Oid,
        base: &[u8],
        text: &[u8],
        linked: &[&Linked],
    ) -> Result<Option<Vec<u8>>, Error> {
        if base == text {
            return Ok(Some(text.to_vec()));
        }
        let now = Document::read(&place.path, text.to_vec(), place.dialect);
        let then = Document::read(&place.path, base.to_vec(), place.dialect);
        let pending = self.state().pending()?;
        let is_ours = |linked: &&&Linked| match now.entries() {
            Some(_) => {
                now.entry_of(&linked.commit.oid).is_some()
                    && then.entry_of(&linked.commit.oid).is_none()
            }
            None => {
                pending.iter().any(|one| one.oid == linked.commit.oid && one.path == place.path)
            }
        };
        let ours: Vec<&Linked> = linked.iter().filter(is_ours).copied().collect();
        if ours.is_empty() && now.entries().is_some() {
            return Ok(Some(text.to_vec()));
        }
        // Where no entry tells, a stamp may have moved and nothing else.
        let (ours, extent) = match ours.is_empty() {
            true => (linked, Extent::All),
            false => (&ours[..], Extent::Made),
        };
        let rewrites = Rewrites { by_evidence: true, ..Rewrites::default() };
        let scope = Scope { extent, rewrites, tip: None };
        let planned = self.plan_text(place, Version::At(head), base, ours, &scope)?;
        let made = planned.plan.patch.apply(base);
        if made == text {
            return Ok(Some(base.to_vec()));
        }
        let parked = self.repo().merge_texts(&made, text, base)?;
        Ok(parked.or_else(|| (extent == Extent::All).then(|| text.to_vec())))
    }
}
