//! Which links have acted on a document that lists no commits.
//!
//! There a link has acted if any version of the document since its commit, in
//! HEAD's history or the index, shows its tasks in the state that it asks for:
//! what a person changed after that stays.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::{Error, Linked, Place, Project};
use crate::commit::Oid;
use crate::config::Tick;
use crate::doc::{Document, Lookup};
use crate::repo::IndexEntry;
use crate::tag::{Selector, Tag, Word};

impl Project {
    /// The commits among these whose links have acted.
    pub(super) fn acted(&self, place: &Place, commits: &[&Linked]) -> Result<Vec<Oid>, Error> {
        let Some(head) = self.repo().head()? else { return Ok(Vec::new()) };
        let staged = self.staged(place)?;
        let mut versions: HashMap<Oid, Option<Document>> = HashMap::new();
        let mut acted = Vec::new();
        for linked in commits {
            let own = linked.commit.oid;
            if staged.as_ref().is_some_and(|staged| shows(staged, linked, self.config().tick)) {
                acted.push(own);
                continue;
            }
            let mut since = vec![own];
            self.repo().walk(&[head], &[own], &mut |oid, _| {
                since.push(oid);
                ControlFlow::Continue(())
            })?;
            for oid in since {
                let version = match versions.entry(oid) {
                    std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
                    std::collections::hash_map::Entry::Vacant(new) => {
                        new.insert(self.version(place, oid)?)
                    }
                };
                if version
                    .as_ref()
                    .is_some_and(|version| shows(version, linked, self.config().tick))
                {
                    acted.push(own);
                    break;
                }
            }
        }
        Ok(acted)
    }

    fn staged(&self, place: &Place) -> Result<Option<Document>, Error> {
        let (IndexEntry::Tracked { oid, .. } | IndexEntry::SkipWorktree { oid, .. }) =
            self.repo().index_entry(&place.path)?
        else {
            return Ok(None);
        };
        Ok(Some(Document::read(&place.path, self.repo().blob(oid)?, place.dialect)))
    }

    fn version(&self, place: &Place, oid: Oid) -> Result<Option<Document>, Error> {
        let text = self.repo().blob_at(oid, &place.path)?;
        Ok(text.map(|text| Document::read(&place.path, text, place.dialect)))
    }
}

/// Whether a version shows every task of a commit as the commit asks.
fn shows(version: &Document, linked: &Linked, tick: Tick) -> bool {
    linked.tags.iter().all(|tag| tag.tasks.iter().all(|task| shows_task(version, tag, task, tick)))
}

fn shows_task(version: &Document, tag: &Tag, selector: &Selector, tick: Tick) -> bool {
    let ids = match selector {
        Selector::One(id) => vec![id],
        Selector::Range(first, last) => vec![first, last],
    };
    ids.into_iter().all(|id| {
        let Lookup::One(task) = version.find(id) else { return false };
        let task = &version.tasks()[task];
        match tag.word {
            Word::Done => task.state.is_done(),
            Word::None if tick != Tick::DoneOnly => {
                task.state.is_done() || task.in_progress.is_some()
            }
            Word::None | Word::Wip => task.in_progress.is_some(),
            Word::Reopen => !task.state.is_done(),
        }
    })
}
