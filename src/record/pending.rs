//! Records that are in the work tree and in no commit yet.
//!
//! They belong to their commits: where HEAD no longer contains one (after
//! `switch`, `reset`, an amend), its record is taken out of the work tree, and
//! it comes back with the commit. What the tool would have written is worked
//! out anew from the committed text, so taking it out is exact, and a person's
//! own edits in the same file are merged and not guessed.

use std::collections::{BTreeMap, HashMap};

use super::prepare::{Scope, Version};
use super::reconcile::successor;
use super::{Catalog, Error, Linked, Place, Project, Rewrites};
use crate::commit::Oid;
use crate::config::RecordMode;
use crate::doc::Document;
use crate::plan::{self, Said};
use crate::repo::{IndexEntry, nothing};
use crate::store::Pending;

/// How many records wait before it is asked which of them a commit holds by
/// now; then at each doubling, so that a commit pays the same however many
/// there have been.
const MANY: usize = 16;

/// Where HEAD was, if that is known, and where it is.
#[derive(Clone, Copy)]
struct Moved<'a> {
    from: Option<Oid>,
    to: Oid,
    rewritten: &'a HashMap<Oid, Oid>,
}

/// How the record of one commit stands in a text.
struct Standing {
    linked: Linked,
    /// Whether HEAD contains it.
    contained: bool,
    /// Whether HEAD contains the commit that took its place.
    replaced: bool,
    /// Whether the text shows it.
    shown: bool,
    /// Whether it is to show it.
    wanted: bool,
}

/// What following HEAD did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// Documents from which records were taken, and how many.
    pub withdrawn: Vec<(String, usize)>,
    /// Documents to which records came back, and how many.
    pub restored: Vec<(String, usize)>,
    /// The commits whose records were taken out.
    pub taken: Vec<Oid>,
    /// Documents in which the record and a person's edits are entangled.
    pub entangled: Vec<String>,
}

impl Project {
    /// Adds records to the list of what is in no commit yet.
    pub(super) fn add_pending(&self, added: &[Pending]) -> Result<(), Error> {
        if added.is_empty() {
            return Ok(());
        }
        let mut pending = self.state().pending()?;
        let known = pending.len();
        for one in added {
            if !pending.contains(one) {
                pending.push(one.clone());
            }
        }
        if pending.len() == known {
            return Ok(());
        }
        if known >= MANY && known.ilog2() < pending.len().ilog2() {
            let new = pending.split_off(known);
            pending = self.still_waiting(pending)?;
            pending.extend(new);
        }
        Ok(self.state().set_pending(&pending)?)
    }

    /// The records that are in no commit yet, told by the documents: what those
    /// of the work tree show and HEAD's do not.
    pub(super) fn uncommitted_records(&self) -> Result<Vec<Pending>, Error> {
        let Some(head) = self.repo().head()? else { return Ok(Vec::new()) };
        // HEAD may have left them since.
        let tips: Vec<Oid> = self.seen()?.into_iter().chain([head]).collect();
        let linked = self.link_all(self.tagged(&tips, &[])?)?;
        let (catalog, mut found) = (self.catalog()?, Vec::new());
        for place in &catalog.places {
            let Ok(Some(text)) = self.text(place) else { continue };
            let committed = self.repo().blob_at(head, &place.path)?.unwrap_or_default();
            let committed = with_line_endings_of(committed, &text);
            if committed == text {
                continue;
            }
            let own = linked.iter().filter(|one| one.features().contains(&&place.feature));
            let own: Vec<&Linked> = own.collect();
            let in_head = self.records_in(place, committed, &own);
            let mut records = self.records_in(place, text, &own);
            records.retain(|oid| !in_head.contains(oid));
            for file in std::iter::once(place).chain(catalog.views_of(place)) {
                let pending = |&oid| Pending { oid, path: file.path.clone() };
                found.extend(records.iter().map(pending));
            }
        }
        Ok(found)
    }

    /// The commits, of these, that a text of a document shows.
    fn records_in(&self, place: &Place, text: Vec<u8>, linked: &[&Linked]) -> Vec<Oid> {
        let document = Document::read(&place.path, text, place.dialect);
        let said: Vec<Said> = linked.iter().map(|own| own.said(&place.feature, false)).collect();
        let shown = match document.entries() {
            Some(_) => None,
            None => {
                Some(plan::shown(&document, &said.iter().collect::<Vec<_>>(), self.config().tick))
            }
        };
        let is_shown = |oid: &Oid| match &shown {
            Some(shown) => shown.exactly.contains(oid),
            None => document.entry_of(oid).is_some(),
        };
        linked.iter().map(|linked| linked.commit.oid).filter(is_shown).collect()
    }

    /// Those of these records that are in no commit yet.
    fn still_waiting(&self, pending: Vec<Pending>) -> Result<Vec<Pending>, Error> {
        let Some(head) = self.repo().head()? else { return Ok(pending) };
        let (catalog, rewritten) = (self.known_catalog()?, HashMap::new());
        let moved = Moved { from: Some(head), to: head, rewritten: &rewritten };
        let mut waiting = Vec::new();
        for (path, mut oids) in by_path(pending) {
            if let Ok(Some((place, text))) = self.text_at(&catalog, &path) {
                let committed = self.repo().blob_at(head, &path)?.unwrap_or_default();
                let committed = with_line_endings_of(committed, &text);
                let records = self.standing(place, &text, &oids, moved)?;
                oids = self.still_pending(place, &records, head, &committed, &text)?;
            }
            waiting.extend(oids.into_iter().map(|oid| Pending { oid, path: path.clone() }));
        }
        Ok(waiting)
    }

    /// Makes the work tree's records those of the commits that HEAD contains.
    ///
    /// `was` is the commit that HEAD named when the records were last in line
    /// with it: a record comes back if its commit is in HEAD now and was not
    /// then. The caller holds the lock.
    /// A record whose commit became another one (`rewritten`) is left to that
    /// one where a person's edits stand beside it.
    pub fn follow_head(
        &self,
        was: Option<Oid>,
        rewritten: &HashMap<Oid, Oid>,
    ) -> Result<Followed, Error> {
        let mut followed = Followed::default();
        let pending = self.state().pending()?;
        let Some(head) = self.repo().head()?.filter(|_| !pending.is_empty()) else {
            return Ok(followed);
        };
        let catalog = self.catalog()?;
        let moved = Moved { from: was, to: head, rewritten };
        let mut kept = Vec::new();
        for (path, oids) in by_path(pending) {
            let waiting = match self.text_at(&catalog, &path) {
                Ok(Some((place, text))) => {
                    self.follow_one(place, text, &oids, moved, &mut followed)?
                }
                Ok(None) => Vec::new(),
                // What cannot be read just now is followed another time.
                Err(Error::Store(_)) => oids,
                Err(error) => return Err(error),
            };
            kept.extend(waiting.into_iter().map(|oid| Pending { oid, path: path.clone() }));
        }
        self.state().set_pending(&kept)?;
        Ok(followed)
    }

    /// Follows HEAD in one document; answers the records that stay pending.
    fn follow_one(
        &self,
        place: &Place,
        mut text: Vec<u8>,
        oids: &[Oid],
        moved: Moved<'_>,
        followed: &mut Followed,
    ) -> Result<Vec<Oid>, Error> {
        let committed = self.repo().blob_at(moved.to, &place.path)?.unwrap_or_default();
        let committed = with_line_endings_of(committed, &text);
        let mut records = self.standing(place, &text, oids, moved)?;
        if place.view_of.is_some() && committed == text {
            // A commit holds them: they change with what the document is told.
            records.iter_mut().for_each(|record| record.wanted |= record.shown);
        }
        let gone = records.iter().filter(|record| record.shown && !record.wanted).count();
        let back = records.iter().filter(|record| record.wanted && !record.shown).count();
        if gone + back > 0 {
            let is_left = records.iter().any(|record| record.replaced && record.shown);
            match self.exchange(place, moved, &committed, &text, &records, is_left)? {
                Some(next) if next == text => {}
                Some(next) => {
                    let taken = records.iter().filter(|record| record.shown && !record.wanted);
                    followed.taken.extend(taken.map(|record| record.linked.commit.oid));
                    followed.taken.extend(self.rewritten_beside(place, &text, moved.rewritten)?);
                    self.replace_text(place, &text, &next)?;
                    self.follow_index(place, moved, &records)?;
                    followed.withdrawn.extend((gone > 0).then(|| (place.path.clone(), gone)));
                    followed.restored.extend((back > 0).then(|| (place.path.clone(), back)));
                    text = next;
                }
                None => followed.entangled.push(place.path.clone()),
            }
        }
        self.still_pending(place, &records, moved.to, &committed, &text)
    }

    /// What is in no commit yet: what HEAD's own version does not list or, of
    /// a file without entries, all that HEAD does not contain and, while the
    /// file differs from HEAD's or shows nothing of them, the rest.
    fn still_pending(
        &self,
        place: &Place,
        records: &[Standing],
        head: Oid,
        committed: &[u8],
        text: &[u8],
    ) -> Result<Vec<Oid>, Error> {
        let version = Document::read(&place.path, committed.to_vec(), place.dialect);
        let lists = version.entries().is_some();
        let all_wait =
            !lists && (committed != text || self.cancel_out(place, &version, records, head)?);
        let is_pending = |record: &&Standing| match lists {
            true => version.entry_of(&record.linked.commit.oid).is_none(),
            false => !record.contained || all_wait,
        };
        Ok(records.iter().filter(is_pending).map(|record| record.linked.commit.oid).collect())
    }

    /// Whether HEAD's version of a file stays as it is with these records and
    /// yet does not show all of them: one takes back what another says, and a
    /// branch that holds one of the two differs.
    fn cancel_out(
        &self,
        place: &Place,
        version: &Document,
        records: &[Standing],
        head: Oid,
    ) -> Result<bool, Error> {
        let contained = records.iter().filter(|record| record.contained);
        let mut linked: Vec<&Linked> = contained.map(|record| &record.linked).collect();
        linked.sort_by_key(|linked| linked.commit.key());
        let said: Vec<Said> = linked.iter().map(|own| own.said(&place.feature, false)).collect();
        let shown = plan::shown(version, &said.iter().collect::<Vec<_>>(), self.config().tick);
        let is_hidden = |said: &Said| {
            !shown.exactly.contains(&said.commit.oid) && !self.tasks_of(version, said).is_empty()
        };
        if !said.iter().any(is_hidden) {
            return Ok(false);
        }
        let text = version.bytes();
        Ok(self.with_records(place, head, text, &linked, &Scope::made())? == text)
    }

    /// The rewritten commits that name a document without entries: what they
    /// said went with the records beside them, though they changed nothing.
    fn rewritten_beside(
        &self,
        place: &Place,
        text: &[u8],
        rewritten: &HashMap<Oid, Oid>,
    ) -> Result<Vec<Oid>, Error> {
        let document = Document::read(&place.path, text.to_vec(), place.dialect);
        let mut found = Vec::new();
        for &old in rewritten.keys().filter(|_| document.entries().is_none()) {
            let Some(commit) = self.repo().commit(old)? else { continue };
            if self.read_links(commit)?.features().contains(&&place.feature) {
                found.push(old);
            }
        }
        Ok(found)
    }

    /// How each record stands: whether the text shows it, and whether it is to.
    fn standing(
        &self,
        place: &Place,
        text: &[u8],
        oids: &[Oid],
        moved: Moved<'_>,
    ) -> Result<Vec<Standing>, Error> {
        let document = Document::read(&place.path, text.to_vec(), place.dialect);
        let heir = |oid| successor(moved.rewritten, oid);
        let all: Vec<Oid> = oids.iter().flat_map(|&oid| [Some(oid), heir(oid)]).flatten().collect();
        let outside = self.outside(&all, moved.to)?;
        let was_outside = moved.from.map_or(Ok(Vec::new()), |from| self.outside(oids, from))?;
        let mut records = Vec::new();
        for &oid in oids {
            let Some(commit) = self.repo().commit(oid)? else { continue };
            let (contained, was_contained) = (!outside.contains(&oid), !was_outside.contains(&oid));
            let replaced = heir(oid).is_some_and(|heir| !outside.contains(&heir));
            let shown = match document.entries() {
                Some(_) => document.entry_of(&oid).is_some(),
                None => was_contained,
            };
            // What a person took out by hand does not come back by itself.
            let wanted = contained && (shown || !was_contained);
            let linked = self.read_links(commit)?;
            records.push(Standing { linked, contained, replaced, shown, wanted });
        }
        Ok(records)
    }

    /// The commits among these that a tip does not contain, in one walk.
    fn outside(&self, oids: &[Oid], tip: Oid) -> Result<Vec<Oid>, Error> {
        let mut outside = Vec::new();
        self.repo().walk(oids, &[tip], &nothing, &mut |oid, _| outside.push(oid))?;
        Ok(outside)
    }

    /// A text with the records that it is to show in place of those it shows,
    /// both worked out on HEAD's own version, `base`;
    /// `None` where a person's edits are entangled with them. With `exactly` a
    /// text that holds such edits stays as it is.
    fn exchange(
        &self,
        place: &Place,
        moved: Moved<'_>,
        base: &[u8],
        text: &[u8],
        records: &[Standing],
        exactly: bool,
    ) -> Result<Option<Vec<u8>>, Error> {
        // What the base lists and the text does not, a record has replaced.
        let now = Document::read(&place.path, text.to_vec(), place.dialect);
        let then = Document::read(&place.path, base.to_vec(), place.dialect);
        let mut listed = then.entries().into_iter().flat_map(|entries| &entries.list);
        let by_evidence = listed
            .any(|entry| !entry.placeholder && now.entry_named(then.slice(&entry.hash)).is_none());
        let rewrites = || Rewrites { by_evidence, ..Rewrites::default() };
        let was = Scope { rewrites: rewrites(), tip: moved.from, ..Scope::made() };
        let is = Scope { rewrites: rewrites(), ..Scope::made() };
        let shown: Vec<&Linked> = records.iter().filter(|r| r.shown).map(|r| &r.linked).collect();
        let wanted: Vec<&Linked> = records.iter().filter(|r| r.wanted).map(|r| &r.linked).collect();
        let ours = self.with_records(place, moved.to, base, &shown, &was)?;
        let next = self.with_records(place, moved.to, base, &wanted, &is)?;
        if text == ours {
            return Ok(Some(next));
        }
        if exactly {
            return Ok(Some(text.to_vec()));
        }
        Ok(self.repo().merge_texts(&ours, text, &next)?)
    }

    /// The same for the index's text, where records are staged.
    fn follow_index(
        &self,
        place: &Place,
        moved: Moved<'_>,
        records: &[Standing],
    ) -> Result<(), Error> {
        if self.config().record != RecordMode::Stage {
            return Ok(());
        }
        let IndexEntry::Tracked { oid, mode } = self.repo().index_entry(&place.path)? else {
            return Ok(());
        };
        let staged = self.repo().blob(oid)?;
        let committed = self.repo().blob_at(moved.to, &place.path)?.unwrap_or_default();
        match self
            .exchange(place, moved, &committed, &staged, records, false)?
            .filter(|next| *next != staged)
        {
            Some(next) => Ok(self.repo().stage(&place.path, mode, &next)?),
            None => Ok(()),
        }
    }

    fn with_records(
        &self,
        place: &Place,
        head: Oid,
        text: &[u8],
        records: &[&Linked],
        scope: &Scope,
    ) -> Result<Vec<u8>, Error> {
        if records.is_empty() {
            return Ok(text.to_vec());
        }
        let planned = self.plan_text(place, Version::At(head), text, records, scope)?;
        Ok(planned.plan.patch.apply(text))
    }
}

impl Catalog {
    /// Whether any document tracks anything.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}

/// The commits that wait, by their document.
fn by_path(pending: Vec<Pending>) -> BTreeMap<String, Vec<Oid>> {
    let mut by_path: BTreeMap<String, Vec<Oid>> = BTreeMap::new();
    for one in pending {
        by_path.entry(one.path).or_default().push(one.oid);
    }
    by_path
}

/// A committed text with the line endings that the work tree uses, as git's
/// own conversion would check it out.
pub(super) fn with_line_endings_of(committed: Vec<u8>, work_tree: &[u8]) -> Vec<u8> {
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
