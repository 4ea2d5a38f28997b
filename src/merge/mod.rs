//! Merging two sides of a document.
//!
//! The parts that follow from commits are merged here, by what they mean; all
//! else is git's own three-way merge. So that the two never get in each
//! other's way, the merged value of each mechanical part is written into base,
//! ours and theirs alike: there git sees no difference any more, and what it
//! finds elsewhere is what people did. What follows from the boxes is counted
//! again on the result.
//!
//! | file | its one job |
//! | --- | --- |
//! | `three` | a value per side, and who changed it |
//! | `entries`, `line`, `names` | the commits as a set in history order |
//! | `links` | what the commits say of each task |
//! | `boxes` | ticks, by who changed them and by the newest link |
//! | `fields` | stamps, *Started*, *Status*, *Agent Sessions* |
//! | `figures` | numbers that will be counted again |
//! | `additions`, `sessions`, `lists` | what both sides put at the end of a section |
//! | `steps` | lines that name what comes next |
//! | `settle` | what follows from the merged boxes |
//! | `markers` | a text with conflicts, read as ours |
//! | `driver` | the command that git runs, and where |

mod additions;
mod boxes;
mod driver;
mod entries;
mod fields;
mod figures;
mod line;
mod links;
mod lists;
mod markers;
mod names;
mod sessions;
mod settle;
mod steps;
#[cfg(test)]
mod tests;
mod three;

use std::collections::HashMap;

pub use driver::{attributes, driver_command};
pub use three::{Side, Three};

use crate::config::Tick;
use crate::doc::Document;
use crate::doc::dialect::Dialect;
use crate::patch::Patch;
use crate::plan::Said;
use crate::task::FeatureId;

/// What history knows of a commit that an entry names.
#[derive(Clone, Debug)]
pub struct Known {
    /// The commit and what it says of the document's feature.
    pub said: Said,
    /// Whether one of the sides contains it: then its entry never goes.
    pub contained: bool,
}

/// The commits that entries name, by the hash as it is written.
pub type History = HashMap<String, Known>;

/// What git's own merge made of three texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// The text, with markers where the sides disagree.
    pub text: Vec<u8>,
    /// How many conflicts it holds.
    pub conflicts: usize,
    /// How many characters a marker has.
    pub marker: usize,
}

/// A merged document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// Its text.
    pub text: Vec<u8>,
    /// Whether people have to decide on a part of it.
    pub conflicts: bool,
}

/// Three versions of one document, read.
#[derive(Clone, Debug)]
pub struct Sides {
    documents: Three<Document>,
    tick: Tick,
}

impl Sides {
    /// Reads the three texts of the document at a path.
    pub fn read(path: &str, dialect: &'static Dialect, texts: Three<Vec<u8>>) -> Self {
        let documents = texts.map_into(|text| Document::read(path, text, dialect));
        Self { documents, tick: Tick::Default }
    }

    /// The same where the team decided what a bare tag does.
    #[must_use]
    pub fn with_tick(self, tick: Tick) -> Self {
        Self { tick, ..self }
    }

    /// The documents.
    pub fn documents(&self) -> &Three<Document> {
        &self.documents
    }

    /// The hashes of all entries, each once: what [`History`] is asked for.
    pub fn hashes(&self) -> Vec<String> {
        let mut hashes: Vec<String> =
            self.documents.each().into_iter().flat_map(entries::hashes).collect();
        hashes.sort();
        hashes.dedup();
        hashes
    }

    /// Those of the base's that a side does not show any more: only of these
    /// it matters whether a side contains them.
    pub fn missing_hashes(&self) -> Vec<String> {
        let [base, ours, theirs] = self.documents.each().map(entries::hashes);
        let is_shown = |hash: &String| ours.contains(hash) && theirs.contains(hash);
        base.into_iter().filter(|hash| !is_shown(hash)).collect()
    }

    /// The feature that the document tracks, by the first side that says so.
    pub fn feature(&self) -> Option<FeatureId> {
        let Three { base, ours, theirs } = &self.documents;
        [ours, theirs, base].into_iter().find_map(Document::feature)
    }

    /// Merges: `join` is git's three-way merge of texts.
    ///
    /// # Errors
    /// Those of `join`.
    pub fn merge<E>(
        &self,
        history: &History,
        join: impl FnOnce(Three<Vec<u8>>) -> Result<Joined, E>,
    ) -> Result<Merged, E> {
        if let Some(text) = self.one_sided() {
            return Ok(Merged { text: text.to_vec(), conflicts: false });
        }
        let listing = entries::Listing::of(&self.documents, history, self.tick);
        let mut patches = Three::<Patch>::default();
        listing.write(&self.documents, &mut patches);
        boxes::write(&self.documents, &listing, &mut patches);
        fields::write(&self.documents, &mut patches);
        figures::write(&self.documents, &mut patches);
        steps::write(&self.documents, &mut patches);
        sessions::write(&self.documents, &mut patches);
        lists::write(&self.documents, &mut patches);
        let texts = self.documents.zip(&patches, |document, patch| patch.apply(document.bytes()));
        let joined = join(texts)?;
        let conflicts = joined.conflicts > 0;
        Ok(Merged { text: settle::settle(&self.documents, &listing, joined), conflicts })
    }

    /// The text where one side alone changed, or both did the same.
    fn one_sided(&self) -> Option<&[u8]> {
        let texts = self.documents.map(Document::bytes);
        three::decide(&texts).map(|side| *texts.get(side))
    }
}
