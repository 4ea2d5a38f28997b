//! The active task of a work tree: its mark in the document, and its tag in
//! messages that have none.

use super::prepare::{Extent, Scope};
use super::{Draft, Error, Place, Project};
use crate::commit::subject;
use crate::config::Tick;
use crate::doc::outline::same_length_text;
use crate::doc::{Document, Lookup};
use crate::patch::Patch;
use crate::plan::active;
use crate::repo::Moment;
use crate::store::Active;
use crate::tag::message::{clean, subject_end};
use crate::tag::wild::{self, Forms, Grammar};
use crate::tag::{self, Reading, Selector, Tag, Word};
use crate::task::TaskId;

impl Project {
    /// Shows a task as worked on in its document, in the work tree alone;
    /// answers whether that changed it.
    pub fn show_begun(&self, place: &Place, task: &TaskId) -> Result<bool, Error> {
        self.set_line(place, task, active::begin)
    }

    /// Takes that back, unless a link says so too.
    pub fn show_ceased(&self, place: &Place, task: &TaskId) -> Result<bool, Error> {
        let history = self.said_of(place)?;
        let tick = self.config().tick;
        self.set_line(place, task, |document, task| active::cease(document, task, &history, tick))
    }

    /// Ticks a task by hand. What its commits say is recorded before, so that
    /// none of them opens it again later.
    pub fn show_finished(&self, place: &Place, task: &TaskId) -> Result<bool, Error> {
        if self.repo().is_busy(Moment::Other) {
            return Err(Error::Busy);
        }
        let linked = self.linked_to(&place.feature)?;
        let scope = Scope { extent: Extent::Owed, ..Scope::made() };
        self.record_now(&linked, &scope)?;
        self.set_line(place, task, active::finish)
    }

    /// Edits the line of one task under the lock, and what its views show of
    /// it. A document that is not in the work tree, or lacks the task, stays as
    /// it is.
    fn set_line(
        &self,
        place: &Place,
        task: &TaskId,
        edit: impl Fn(&Document, usize) -> Patch,
    ) -> Result<bool, Error> {
        let edited = self.edit(place, |document| match document.find(task) {
            Lookup::One(task) => edit(document, task),
            _ => Patch::default(),
        })?;
        let Some((before, after)) = edited else { return Ok(false) };
        let is_changed = before != after;
        let document = Document::read(&place.path, after, place.dialect);
        if let Lookup::One(task) = document.find(task) {
            self.show_by_hand(place, &document, &[task])?;
        }
        Ok(is_changed)
    }

    /// The message with the active task's tag at the end of its subject;
    /// `None` where it gets none: it is empty, has a tag or nearly one, is a
    /// merge, a revert, a squash or a fixup, comes from git in the middle of an
    /// operation, keeps books, or the task is not there to be worked on.
    pub fn with_active_tag(
        &self,
        draft: &Draft,
        active: &Active,
    ) -> Result<Option<Vec<u8>>, Error> {
        let Some(tag) = active.tag() else { return Ok(None) };
        let cleanup = self.repo().cleanup(draft.editor);
        // Bytes that are not UTF-8 keep their places.
        let text = same_length_text(&draft.message);
        let message = clean(&text, &cleanup);
        let Some(end) = subject_end(&text, &cleanup) else { return Ok(None) };
        if !takes_tag(&message)
            || self.repo().composes_message()
            || self.is_bookkeeping_draft(draft)?
        {
            return Ok(None);
        }
        if !self.is_open(active)? {
            return Ok(None);
        }
        let (head, tail) = draft.message.split_at(end);
        let tagged = [head, b" ", tag.as_bytes(), tail].concat();
        // A subject that ends in an open quotation would swallow it.
        let read = tag::read(&clean(&same_length_text(&tagged), &cleanup));
        Ok((read.tags.len() == 1).then_some(tagged))
    }

    /// Whether the task stands open in one document of this work tree.
    pub fn is_open(&self, active: &Active) -> Result<bool, Error> {
        let catalog = self.catalog_of(&[&active.feature])?;
        let [place] = catalog.of(&active.feature)[..] else { return Ok(false) };
        let Some(document) = self.document(place)? else { return Ok(false) };
        Ok(match document.find(&active.task) {
            Lookup::One(task) => !document.tasks()[task].state.is_done(),
            _ => false,
        })
    }
}

/// Whether a message has no tag of its own and is not about another commit.
fn takes_tag(message: &str) -> bool {
    let subject = subject(message);
    let is_about_another = tag::is_autosquash(&subject)
        || ["Revert \"", "Reapply \""].iter().any(|start| subject.starts_with(start));
    let every_form = Grammar { forms: Forms::ALL, prefixes: &[] };
    let names_a_task =
        || wild::read(message, every_form).iter().any(|found| !found.tasks.is_empty());
    !is_about_another && tag::read(message) == Reading::default() && !names_a_task()
}

/// Whether one of these tags finishes a task.
pub fn finishes(tags: &[Tag], active: &Active, tick: Tick) -> bool {
    let names = |selector: &Selector| match selector {
        Selector::One(id) => *id == active.task,
        Selector::Range(first, last) => (first..=last).contains(&&active.task),
    };
    tags.iter().any(|tag| {
        let is_done = tag.word == Word::Done || (tag.word == Word::None && tick != Tick::DoneOnly);
        is_done && tag.feature == active.feature && tag.tasks.iter().any(names)
    })
}
