//! What the listed commits say of each task, in history order.

use std::collections::HashSet;

use super::entries::{Listed, Listing};
use crate::commit::Oid;
use crate::doc::Document;
use crate::tag::Word;

/// What one commit says of one task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    /// The commit's place in the list.
    pub(super) at: usize,
    /// The place of the commit that is heard: itself, for one that takes
    /// another back the newest that remains, `None` where none does.
    pub(super) source: Option<usize>,
    /// What that one says.
    pub(super) word: Word,
    /// Whether the commit came after the base.
    pub(super) is_new: bool,
}

/// The links of each task of a document, oldest first: those of the commits
/// that `counts` names, without what others of them take back.
pub(super) fn links(
    document: &Document,
    listing: &Listing,
    counts: impl Fn(&Listed) -> bool,
) -> Vec<Vec<Link>> {
    let listed: Vec<(usize, &Listed)> =
        listing.all.iter().enumerate().filter(|(_, listed)| counts(listed)).collect();
    let cancelled = cancelled(&listed);
    let mut links: Vec<Vec<Link>> = vec![Vec::new(); document.tasks().len()];
    for (at, listed) in listed {
        if listed.oid().is_some_and(|oid| cancelled.contains(&oid)) {
            continue;
        }
        let is_new = listed.is_new();
        for task in listed.taken_back(document) {
            let remaining = links[task].iter().rev().find(|link| link.at < at);
            let (source, word) =
                remaining.map_or((None, Word::Reopen), |link| (link.source, link.word));
            links[task].push(Link { at, source, word, is_new });
        }
        for (task, word) in listed.linked(document) {
            links[task].push(Link { at, source: Some(at), word, is_new });
        }
    }
    links.iter_mut().for_each(|links| links.sort_by_key(|link| (link.at, strength(link.word))));
    links
}

/// Among the links of one commit the last one speaks for a task.
fn strength(word: Word) -> u8 {
    match word {
        Word::Wip => 0,
        Word::Reopen => 1,
        Word::None => 2,
        Word::Done => 3,
    }
}

/// The commits that later ones take back, themselves not taken back.
fn cancelled(listed: &[(usize, &Listed)]) -> HashSet<Oid> {
    let mut cancelled = HashSet::new();
    for (_, listed) in listed.iter().rev() {
        if !listed.oid().is_some_and(|oid| cancelled.contains(&oid)) {
            cancelled.extend(listed.reverts());
        }
    }
    cancelled
}
