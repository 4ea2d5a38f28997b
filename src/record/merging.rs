//! What history knows of the commits that a document's sides list.

use std::collections::HashMap;

use super::Project;
use crate::commit::{self, Commit, Oid};
use crate::merge::{History, Known, Sides};
use crate::plan::Said;
use crate::store::read_plain;

impl Project {
    /// Looks the commits up that the entries name; those that are not at hand
    /// are left out. `tips` are the commits whose histories are merged: HEAD,
    /// and what git says it merges in.
    pub fn history_of(&self, sides: &Sides, tips: &[Oid]) -> History {
        let mut history = History::new();
        let Some(feature) = sides.feature() else { return history };
        let missing = sides.missing_hashes();
        let replayed = self.replayed();
        for hash in sides.hashes() {
            // What cannot be read is as good as absent: its line says enough.
            let Ok(Some(commit)) = self.repo().resolve_prefix(&hash) else { continue };
            // What acted on the boxes is what the commit said that is listed.
            let Ok(linked) = self.read_links(commit) else { continue };
            let said = linked.said(&feature, false);
            let said = Said { commit: self.latest(said.commit, &replayed), ..said };
            let oid = said.commit.oid;
            let contained = missing.contains(&hash)
                && tips.iter().any(|&tip| self.repo().is_ancestor(oid, tip).unwrap_or(false));
            history.insert(hash, Known { said, contained });
        }
        history
    }

    /// What a commit became in the rebase that is in progress: its place in
    /// history is the new one's, though the documents that are replayed after
    /// it still name the old one.
    fn latest(&self, commit: Commit, replayed: &HashMap<Oid, Oid>) -> Commit {
        let new = replayed.get(&commit.oid).and_then(|&new| self.repo().commit(new).ok()?);
        new.unwrap_or(commit)
    }

    /// The commits that a rebase has replayed so far, and what they became.
    fn replayed(&self) -> HashMap<Oid, Oid> {
        let list = self.repo().git_dir().join("rebase-merge/rewritten-list");
        let list = read_plain(&list).ok().flatten().unwrap_or_default();
        commit::rewritten(&String::from_utf8_lossy(&list))
    }
}
