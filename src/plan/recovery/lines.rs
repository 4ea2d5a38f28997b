//! Lists that grow: each line in its place in history, and none of a person's
//! touched.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Spot;
use crate::doc::Document;
use crate::doc::recovery::{GrowingList, ListItem, NONE, is_placeholder};
use crate::patch::Patch;

/// A list and what its lines name, each thing by a number of its own.
pub(super) struct Lines<'a> {
    list: &'a GrowingList,
    /// What each line of ours names, by where the line begins.
    pub(super) ours: HashMap<usize, usize>,
    /// What people's lines name: it gets none of ours.
    pub(super) theirs: HashSet<usize>,
    /// Where each thing belongs; what is not known is older.
    pub(super) spots: HashMap<usize, Spot>,
    /// What the lines are to say of which these commits tell.
    pub(super) wanted: BTreeMap<usize, String>,
    /// What is to be named no more.
    pub(super) gone: HashSet<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(list: &'a GrowingList) -> Self {
        let (ours, theirs) = (HashMap::new(), HashSet::new());
        let (spots, wanted, gone) = (HashMap::new(), BTreeMap::new(), HashSet::new());
        Self { list, ours, theirs, spots, wanted, gone }
    }

    /// Writes the lines that are wanted, each in its place; with `fills` what
    /// only waited for them goes. A list that would be left empty says so, and
    /// so keeps its form.
    pub(super) fn write(&self, document: &Document, fills: bool, patch: &mut Patch) {
        let is_kept = |item: &&ListItem| !self.is_outdated(document, item);
        let named: HashSet<usize> = self
            .list
            .items
            .iter()
            .filter(is_kept)
            .filter_map(|item| self.ours.get(&item.span.start).copied())
            .collect();
        let is_missing = |name: &usize| !named.contains(name) && !self.theirs.contains(name);
        let mut new: Vec<usize> = self.wanted.keys().copied().filter(is_missing).collect();
        new.sort_by_key(|name| self.spots.get(name));
        let fills = fills || !new.is_empty();
        let waits = |item: &ListItem| {
            !self.ours.contains_key(&item.span.start) && waits(document.slice(&item.text))
        };
        let goes = |item: &ListItem| self.is_outdated(document, item) || (fills && waits(item));
        let (gone, kept): (Vec<&ListItem>, Vec<&ListItem>) =
            self.list.items.iter().partition(|item| goes(item));
        let is_emptied = kept.is_empty() && new.is_empty() && (fills || !gone.is_empty());
        let says_none = |item: &ListItem| document.slice(&item.text) == NONE;
        if is_emptied && self.list.items.iter().map(says_none).eq([true]) {
            return;
        }
        for item in gone {
            patch.replace(item.span.clone(), "");
        }
        let mut insert = |at: usize, text: &str| {
            let line = format!("{}{}{text}", document.line_ending(at), self.list.lead);
            patch.insert(at, line);
        };
        if is_emptied {
            insert(self.list.start, NONE);
        }
        for name in new {
            let spot = self.spots.get(&name);
            let later = kept.iter().find(|item| self.spot(item).is_some_and(|at| Some(at) > spot));
            let at = match later {
                Some(item) => item.span.start,
                None => kept.last().map_or(self.list.start, |last| last.span.end),
            };
            insert(at, &self.wanted[&name]);
        }
    }

    fn spot(&self, item: &ListItem) -> Option<&Spot> {
        self.spots.get(self.ours.get(&item.span.start)?)
    }

    /// Whether a line of ours names what is gone, says something else than it
    /// is to say, or stands out of order.
    fn is_outdated(&self, document: &Document, item: &ListItem) -> bool {
        let Some(name) = self.ours.get(&item.span.start) else { return false };
        let is_other = |text: &String| document.slice(&item.text) != text;
        self.gone.contains(name)
            || self.wanted.get(name).is_some_and(|text| is_other(text) || !self.is_in_order(item))
    }

    fn is_in_order(&self, item: &ListItem) -> bool {
        let own = self.spot(item);
        let ours = self.list.items.iter().filter(|other| self.ours.contains_key(&other.span.start));
        ours.filter(|other| *other != item).all(|other| match other.span.start < item.span.start {
            true => self.spot(other) <= own,
            false => self.spot(other) >= own,
        })
    }
}

/// Whether a line waits to be filled in.
fn waits(text: &str) -> bool {
    is_placeholder(text) || names_a_placeholder(text)
}

/// The template's line for a file that is not known yet: `` `src/[file].py` - [What] ``.
/// The path alone does not tell: `app/[id]/page.tsx` is one.
fn names_a_placeholder(text: &str) -> bool {
    let file = text.strip_prefix('`').and_then(|rest| rest.split_once("` - "));
    file.is_some_and(|(_, described)| is_placeholder(described))
}

#[cfg(test)]
mod tests {
    use super::waits;

    #[test]
    fn of_lines_for_a_file_the_templates_alone_waits() {
        for (line, expected) in [
            ("`[path]` - [What changed]", true),
            ("`app/[id]/page.tsx` - [What]", true),
            ("`app/[id]/page.tsx` - the page", false),
            ("Mend `a.rs` - [see 12]", false),
            ("a` - [b]", false),
            ("[What is done]", true),
            ("None", true),
        ] {
            assert_eq!(waits(line), expected, "{line}");
        }
    }
}
