//! What history knows of the commits that a document's sides list.

use super::Project;
use crate::commit::Oid;
use crate::merge::{History, Known, Sides};

impl Project {
    /// Looks the commits up that the entries name; those that are not at hand
    /// are left out. `tips` are the commits whose histories are merged: HEAD,
    /// and what git says it merges in.
    pub fn history_of(&self, sides: &Sides, tips: &[Oid]) -> History {
        let mut history = History::new();
        let Some(feature) = sides.feature() else { return history };
        let missing = sides.missing_hashes();
        for hash in sides.hashes() {
            // What cannot be read is as good as absent: its line says enough.
            let Ok(Some(commit)) = self.repo().resolve_prefix(&hash) else { continue };
            let oid = commit.oid;
            let Ok(linked) = self.read_links(commit) else { continue };
            let contained = missing.contains(&hash)
                && tips.iter().any(|&tip| self.repo().is_ancestor(oid, tip).unwrap_or(false));
            history.insert(hash, Known { said: linked.said(&feature, false), contained });
        }
        history
    }
}
