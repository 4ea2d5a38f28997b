//! Records that are in the work tree and in no commit yet.
//!
//! They belong to their commits: where HEAD no longer contains one (after
//! `switch`, `reset`, an amend), its record is taken out of the work tree, and
//! it comes back with the commit. What the tool would have written is worked
//! out anew from the committed text, so taking it out is exact, and a person's
//! own edits in the same file are merged and not guessed.

use std::collections::BTreeMap;

use super::prepare::Extent;
use super::{Catalog, Error, Linked, Place, Project};
use crate::commit::Oid;
use crate::repo::IndexEntry;
use crate::store::Pending;

/// What following HEAD did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// Documents from which records were taken, and how many.
    pub withdrawn: Vec<(String, usize)>,
    /// Documents to which records came back, and how many.
    pub restored: Vec<(String, usize)>,
    /// Documents in which the record and a person's edits are entangled.
    pub entangled: Vec<String>,
}

impl Project {
    /// Adds records to the list of what is in no commit yet.
    pub(super) fn add_pending(&self, added: &[Pending]) -> Result<(), Error> {
        if added.is_empty() {
            return Ok(());
        }
        let mut pending = self.state().pending();
        pending
            .extend(added.iter().filter(|one| !pending.contains(one)).cloned().collect::<Vec<_>>());
        Ok(self.state().set_pending(&pending)?)
    }

    /// Makes the work tree's records those of the commits that HEAD contains.
    ///
    /// `was` is the commit that HEAD named before: a record comes back if its
    /// commit is in HEAD now and was not then. The caller holds the lock.
    pub fn follow_head(&self, was: Option<Oid>) -> Result<Followed, Error> {
        let mut followed = Followed::default();
        let pending = self.state().pending();
        let Some(head) = self.repo().head()?.filter(|_| !pending.is_empty()) else {
            return Ok(followed);
        };
        let catalog = self.catalog()?;
        let mut by_path: BTreeMap<String, Vec<Oid>> = BTreeMap::new();
        for one in pending {
            by_path.entry(one.path).or_default().push(one.oid);
        }
        let mut kept = Vec::new();
        for (path, oids) in by_path {
            let Some(place) = catalog.places.iter().find(|place| place.path == path) else {
                continue;
            };
            let waiting = self.follow_one(place, &oids, head, was, &mut followed)?;
            kept.extend(waiting.into_iter().map(|oid| Pending { oid, path: path.clone() }));
        }
        self.state().set_pending(&kept)?;
        Ok(followed)
    }

    /// Follows HEAD in one document; answers the records that stay pending.
    fn follow_one(
        &self,
        place: &Place,
        oids: &[Oid],
        head: Oid,
        was: Option<Oid>,
        followed: &mut Followed,
    ) -> Result<Vec<Oid>, Error> {
        let Some(text) = self.store().read(&place.path)? else { return Ok(Vec::new()) };
        let committed = self.repo().blob_at(head, &place.path)?.unwrap_or_default();
        let committed = with_line_endings_of(committed, &text);
        let mut linked = Vec::new();
        for &oid in oids {
            let Some(commit) = self.repo().commit(oid)? else { continue };
            let contained = self.repo().is_ancestor(oid, head)?;
            let is_back = contained
                && was
                    .map_or(Ok(false), |was| self.repo().is_ancestor(oid, was).map(|had| !had))?;
            linked.push((self.read_links(commit)?, contained, is_back));
        }
        let stay: Vec<&Linked> =
            linked.iter().filter(|(_, contained, _)| *contained).map(|(l, ..)| l).collect();
        let back = linked.iter().filter(|(.., is_back)| *is_back).count();
        let listed: Vec<&Linked> = linked
            .iter()
            .filter(|(_, contained, is_back)| !contained || !is_back)
            .map(|(l, ..)| l)
            .collect();
        let gone = linked.iter().filter(|(_, contained, _)| !contained).count();
        let ours = self.with_records(place, &committed, &listed)?;
        let wanted = self.with_records(place, &committed, &stay)?;
        let next = match (text == ours, text == wanted) {
            (_, true) => None,
            (true, _) => Some(wanted),
            (false, false) if text == committed && gone > 0 && back == 0 => None,
            (false, false) => match self.repo().merge_texts(&ours, &text, &wanted)? {
                Some(merged) => Some(merged).filter(|merged| *merged != text),
                None => {
                    followed.entangled.push(place.path.clone());
                    None
                }
            },
        };
        if let Some(next) = next {
            self.store().replace(&place.path, Some(&text), &next)?;
            self.follow_index(place, head, &listed, &stay)?;
            if gone > 0 {
                followed.withdrawn.push((place.path.clone(), gone));
            }
            if back > 0 {
                followed.restored.push((place.path.clone(), back));
            }
        }
        // What HEAD's own version lists is pending no more.
        let is_committed = |linked: &Linked| self.is_listed(place, &committed, linked);
        Ok(linked
            .iter()
            .filter(|(one, ..)| !is_committed(one))
            .map(|(one, ..)| one.commit.oid)
            .collect())
    }

    /// The same for the index's text, where records are staged.
    fn follow_index(
        &self,
        place: &Place,
        head: Oid,
        listed: &[&Linked],
        stay: &[&Linked],
    ) -> Result<(), Error> {
        if self.config().record != crate::config::RecordMode::Stage {
            return Ok(());
        }
        let IndexEntry::Tracked { oid, mode } = self.repo().index_entry(&place.path)? else {
            return Ok(());
        };
        let staged = self.repo().blob(oid)?;
        let committed = self.repo().blob_at(head, &place.path)?.unwrap_or_default();
        let ours = self.with_records(place, &committed, listed)?;
        let wanted = self.with_records(place, &committed, stay)?;
        let next = match staged == ours {
            true => Some(wanted),
            false => self.repo().merge_texts(&ours, &staged, &wanted)?,
        };
        match next.filter(|next| *next != staged) {
            Some(next) => Ok(self.repo().stage(&place.path, mode, &next)?),
            None => Ok(()),
        }
    }

    fn with_records(
        &self,
        place: &Place,
        text: &[u8],
        records: &[&Linked],
    ) -> Result<Vec<u8>, Error> {
        if records.is_empty() {
            return Ok(text.to_vec());
        }
        Ok(self.plan_text(place, text, records, Extent::Made)?.patch.apply(text))
    }

    fn is_listed(&self, place: &Place, text: &[u8], linked: &Linked) -> bool {
        let document = crate::doc::Document::read(&place.path, text.to_vec(), place.dialect);
        document.entry_of(&linked.commit.oid).is_some()
    }
}

impl Catalog {
    /// Whether any document tracks anything.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}

/// A committed text with the line endings that the work tree uses, as git's
/// own conversion would check it out.
fn with_line_endings_of(committed: Vec<u8>, work_tree: &[u8]) -> Vec<u8> {
    let has_crlf = |text: &[u8]| text.windows(2).any(|pair| pair == b"\r\n");
    if has_crlf(&committed) || !has_crlf(work_tree) {
        return committed;
    }
    let mut converted = Vec::with_capacity(committed.len() + committed.len() / 32);
    for &byte in &committed {
        if byte == b'\n' {
            converted.push(b'\r');
        }
        converted.push(byte);
    }
    converted
}
