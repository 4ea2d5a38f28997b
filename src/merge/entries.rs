//! The commits of all sides as a set in history order.

use std::collections::{HashMap, HashSet};

use super::line::{Line, content, merged_line};
use super::names::{Names, interleave};
use super::{History, Side, Three};
use crate::commit::Oid;
use crate::config::Tick;
use crate::doc::Document;
use crate::doc::entries::{Entry, Form, Gap};
use crate::patch::Patch;
use crate::plan::{self, Reverted};
use crate::tag::{self, Tag, Word};

/// One commit that a side lists.
#[derive(Debug)]
pub(super) struct Listed {
    /// Its entry in each document, as an index into the list.
    at: Three<Option<usize>>,
    /// The entry without its line ending; `None` where the sides wrote
    /// different ones.
    line: Option<Vec<u8>>,
    /// Whether no side wrote it otherwise than the base has it.
    is_untouched: bool,
    /// What it says of the document's feature.
    tags: Vec<Tag>,
    /// Its name, where the commit is at hand.
    oid: Option<Oid>,
    /// The commits that it takes back, and what they said.
    reverts: Vec<Reverted>,
    /// What a bare tag does.
    tick: Tick,
    /// Whether the merged document lists it.
    is_kept: bool,
}

impl Listed {
    /// Whether the merged document lists it.
    pub(super) fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// Whether it came after the base.
    pub(super) fn is_new(&self) -> bool {
        self.at.base.is_none()
    }

    /// Whether a side lists it.
    pub(super) fn is_on(&self, side: Side) -> bool {
        self.at.get(side).is_some()
    }

    /// The commit's name, where it is at hand.
    pub(super) fn oid(&self) -> Option<Oid> {
        self.oid
    }

    /// The commits that it takes back.
    pub(super) fn reverts(&self) -> impl Iterator<Item = Oid> + '_ {
        self.reverts.iter().map(|reverted| reverted.oid)
    }

    /// The tasks of a document that it links to, and what it says of them.
    pub(super) fn linked(&self, document: &Document) -> Vec<(usize, Word)> {
        plan::touched(document, &self.tags, self.tick)
    }

    /// The tasks of the commits that it takes back.
    pub(super) fn taken_back(&self, document: &Document) -> Vec<usize> {
        let touched = |reverted: &Reverted| plan::touched(document, &reverted.tags, self.tick);
        let tags = self.reverts.iter().map(touched);
        tags.flatten().map(|(task, _)| task).collect()
    }
}

/// The commits that any side lists.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Those that the merged document lists in the order in which they are to
    /// stand, and between them those that a side took out.
    pub(super) all: Vec<Listed>,
    /// Whether the documents write their entries in one form, so that a line
    /// of one can stand in another.
    one_form: bool,
}

/// The hashes of a document's entries, the template's examples left out.
pub(super) fn hashes(document: &Document) -> Vec<String> {
    real(document).map(|(_, entry)| document.slice(&entry.hash).to_owned()).collect()
}

/// The entries that are no examples, with their places in the list.
pub(super) fn real(document: &Document) -> impl Iterator<Item = (usize, &Entry)> {
    let list = document.entries().map_or(&[][..], |entries| &entries.list);
    list.iter().enumerate().filter(|(_, entry)| !entry.placeholder)
}

impl Listing {
    /// Merges the lists: a commit that either side added is listed, one that a
    /// side took out is not, unless history says that a side contains it.
    pub(super) fn of(documents: &Three<Document>, history: &History, tick: Tick) -> Self {
        let names = Names::of(documents, history);
        let lists = documents.map(|document| names.list(document));
        let places = lists.map(|list| {
            list.iter().enumerate().map(|(order, (name, _))| (name.as_str(), order)).collect()
        });
        let listed = |name: &str| {
            let at = lists.zip(&places, |list, places: &HashMap<&str, usize>| {
                places.get(name).map(|&order| list[order].1)
            });
            Listed { tick, ..listed(documents, history, at) }
        };
        let stays = |name: &str| {
            let is_on = places.map(|places| places.contains_key(name));
            let by_all = is_on.ours && is_on.theirs;
            by_all || !is_on.base || names.is_contained(name) || !listed(name).is_untouched
        };
        let wanted = |list: &'_ Vec<(String, usize)>| -> Vec<String> {
            list.iter().map(|(name, _)| name.clone()).filter(|name| stays(name)).collect()
        };
        let kept = interleave(&wanted(&lists.ours), &wanted(&lists.theirs), &names);
        let is_kept: HashSet<&str> = kept.iter().map(String::as_str).collect();
        let mut order: Vec<&str> = kept.iter().map(String::as_str).collect();
        let base = lists.base.iter().map(|(name, _)| name.as_str());
        for gone in base.filter(|name| !is_kept.contains(name)) {
            let is_later = |name: &&str| names.compare(name, gone).is_gt();
            order.insert(order.iter().position(is_later).unwrap_or(order.len()), gone);
        }
        let all = order.iter();
        Self {
            all: all
                .map(|name| Listed { is_kept: is_kept.contains(name), ..listed(name) })
                .collect(),
            one_form: is_one_form(documents),
        }
    }

    /// Those that the merged document lists, in order.
    pub(super) fn kept(&self) -> impl Iterator<Item = &Listed> {
        self.all.iter().filter(|listed| listed.is_kept)
    }

    /// Makes every document list these commits.
    pub(super) fn write(&self, documents: &Three<Document>, patches: &mut Three<Patch>) {
        if !self.one_form {
            return;
        }
        let columns = self.columns();
        for ((document, patch), at) in
            documents.each().into_iter().zip(patches.each_mut()).zip(columns)
        {
            self.write_one(document, &at, patch);
        }
    }

    /// The places of the kept entries, for base, ours and theirs.
    fn columns(&self) -> [Vec<Option<usize>>; 3] {
        let column = |of: fn(&Three<Option<usize>>) -> Option<usize>| {
            self.kept().map(|listed| of(&listed.at)).collect()
        };
        [column(|at| at.base), column(|at| at.ours), column(|at| at.theirs)]
    }

    fn write_one(&self, document: &Document, at: &[Option<usize>], patch: &mut Patch) {
        let Some(entries) = document.entries() else { return };
        let gone: Vec<usize> = real(document)
            .map(|(index, _)| index)
            .filter(|index| !at.contains(&Some(*index)))
            .collect();
        for &index in &gone {
            patch.replace(entries.list[index].span.clone(), "");
        }
        let mut waiting: Vec<Vec<u8>> = Vec::new();
        for (listed, at) in self.kept().zip(at) {
            match (at, &listed.line) {
                (Some(index), line) => {
                    let entry = &entries.list[*index];
                    let start = entry.span.start;
                    for line in waiting.drain(..) {
                        let ending = document.line_ending(start).as_bytes();
                        patch.insert(start, [&line, ending].concat());
                    }
                    let own = content(document, entry);
                    if let Some(line) = line.as_ref().filter(|line| *line != own) {
                        patch.replace(start..start + own.len(), line.clone());
                    }
                }
                (None, Some(line)) => waiting.push(line.clone()),
                (None, None) => {}
            }
        }
        if !waiting.is_empty() {
            plan::append(document, entries, &gone, &waiting, patch);
        }
    }
}

/// Whether a line of one document's list can stand in another's.
fn is_one_form(documents: &Three<Document>) -> bool {
    let shape = |document: &Document| {
        document.entries().map(|entries| match &entries.form {
            Form::List { .. } => 0,
            Form::Table { columns, .. } => 1 + columns.len(),
        })
    };
    let shapes = documents.map(shape);
    // A side that has renamed the section or taken it out has not dropped its
    // commits one by one.
    let has_section = documents
        .map(|document| document.entries().is_some_and(|entries| entries.first.1 != Gap::Section));
    let section_went = has_section.base && !(has_section.ours && has_section.theirs);
    let alike = shapes.ours == shapes.theirs && shapes.ours == shapes.base;
    shapes.ours.is_some() && alike && !section_went
}

fn listed(documents: &Three<Document>, history: &History, at: Three<Option<usize>>) -> Listed {
    let entries = documents.zip(&at, |document, at| {
        let entry = document.entries()?.list.get((*at)?)?;
        Some((document, entry))
    });
    let found = [entries.ours, entries.theirs, entries.base].into_iter().flatten().next();
    let known = found.and_then(|(document, entry)| history.get(document.slice(&entry.hash)));
    let (tags, reverts) = match (known, found) {
        (Some(known), _) => (known.said.tags.clone(), known.said.reverts.clone()),
        (None, Some((document, entry))) => (tags_in(document, entry), Vec::new()),
        (None, None) => (Vec::new(), Vec::new()),
    };
    let oid = known.map(|known| known.said.commit.oid);
    let lines = entries.map(|found| found.map(|(document, entry)| Line::of(document, entry)));
    let is_untouched =
        [lines.ours, lines.theirs].into_iter().flatten().all(|line| Some(line) == lines.base);
    Listed {
        at,
        line: merged_line(&lines),
        is_untouched,
        tags,
        oid,
        reverts,
        tick: Tick::Default,
        is_kept: false,
    }
}

/// The tags that an entry's own text holds: all there is to go by where its
/// commit is not at hand.
fn tags_in(document: &Document, entry: &Entry) -> Vec<Tag> {
    let text = &document.text()[entry.hash.end..entry.span.end];
    let feature = document.feature();
    let tags = tag::read(text.trim_start_matches('`')).tags;
    tags.into_iter().filter(|tag| Some(&tag.feature) == feature.as_ref()).collect()
}
