//! Which links have acted on a document that lists no commits.
//!
//! There a link has acted if any version of the document since its commit, in
//! HEAD's history or the index, shows its tasks in the state that it asks for:
//! what a person changed after that stays. No version tells anything of a link
//! that follows one which stands in the work tree alone.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use super::{Error, Linked, Place, Project};
use crate::commit::Oid;
use crate::doc::Document;
use crate::plan::{self, Said};
use crate::repo::IndexEntry;

impl Project {
    /// The commits among these whose links have acted.
    pub(super) fn acted(
        &self,
        document: &Document,
        place: &Place,
        commits: &[&Linked],
    ) -> Result<HashSet<Oid>, Error> {
        let Some(head) = self.repo().head()? else { return Ok(HashSet::new()) };
        let pending = self.pending_in(place, head)?;
        let is_other = |linked: &&Linked| commits.iter().all(|c| c.commit.oid != linked.commit.oid);
        let commits: Vec<&Linked> =
            commits.iter().copied().chain(pending.iter().filter(is_other)).collect();
        let mut said: Vec<Said> = commits.iter().map(|c| c.said(&place.feature, false)).collect();
        said.sort_by_key(|said| said.commit.key());
        let said: Vec<&Said> = said.iter().collect();
        let shows = Shows { project: self, place, said: &said };
        let mut acted = shows.now(head)?;
        let own = commits.iter().map(|linked| linked.commit.oid);
        let rest: Vec<Oid> = own.filter(|oid| !acted.contains(oid)).collect();
        acted.extend(shows.since(&rest, head)?);
        let is_waiting = |said: &&&Said| {
            let oid = said.commit.oid;
            !acted.contains(&oid) && pending.iter().any(|linked| linked.commit.oid == oid)
        };
        let waiting: Vec<&Said> = said.iter().filter(is_waiting).copied().collect();
        let follows_one = |said: &Said| {
            let is_older = |other: &&&Said| other.commit.key() < said.commit.key();
            let tasks = self.tasks_of(document, said);
            let mut older = waiting.iter().filter(is_older);
            older.any(|other| !self.tasks_of(document, other).is_disjoint(&tasks))
        };
        let early = said.iter().filter(|said| !waiting.is_empty() && follows_one(said));
        let early: HashSet<Oid> = early.map(|said| said.commit.oid).collect();
        acted.retain(|oid| !early.contains(oid));
        Ok(acted)
    }

    /// The commits of HEAD whose records are in the work tree, or were.
    fn pending_in(&self, place: &Place, head: Oid) -> Result<Vec<Linked>, Error> {
        let mut found = Vec::new();
        for pending in self.state().pending().iter().filter(|one| one.path == place.path) {
            if self.repo().is_ancestor(pending.oid, head)? {
                found.push(pending.oid);
            }
        }
        self.link_all(found)
    }

    /// The tasks of which a commit says something, or takes something back.
    pub(super) fn tasks_of(&self, document: &Document, said: &Said) -> HashSet<usize> {
        let taken_back = said.reverts.iter().map(|reverted| &reverted.tags);
        let tags = taken_back.chain([&said.tags]);
        let touched = tags.flat_map(|tags| plan::touched(document, tags, self.config().tick));
        touched.map(|(task, _)| task).collect()
    }
}

/// Which versions of a document show what commits say.
struct Shows<'a> {
    project: &'a Project,
    place: &'a Place,
    said: &'a [&'a Said],
}

impl Shows<'_> {
    /// The commits whose links one version shows.
    fn in_blob(&self, blob: Oid) -> Result<HashSet<Oid>, Error> {
        let text = self.project.repo().blob(blob)?;
        let version = Document::read(&self.place.path, text, self.place.dialect);
        Ok(plan::shown(&version, self.said, self.project.config().tick))
    }

    /// Those that the index or HEAD shows: nearly all.
    fn now(&self, head: Oid) -> Result<HashSet<Oid>, Error> {
        let repo = self.project.repo();
        let staged = match repo.index_entry(&self.place.path)? {
            IndexEntry::Tracked { oid, .. } | IndexEntry::SkipWorktree { oid, .. } => Some(oid),
            _ => None,
        };
        let committed = repo.blob_name_at(head, &self.place.path)?;
        let mut shown = staged.map_or(Ok(HashSet::new()), |blob| self.in_blob(blob))?;
        if let Some(blob) = committed.filter(|_| committed != staged) {
            shown.extend(self.in_blob(blob)?);
        }
        Ok(shown)
    }

    /// Those of these commits that a version since them shows. Each version is
    /// read once, and history is walked again for those alone that one shows.
    fn since(&self, commits: &[Oid], head: Oid) -> Result<Vec<Oid>, Error> {
        if commits.is_empty() {
            return Ok(Vec::new());
        }
        let versions = self.versions(head)?;
        let mut shown: HashMap<Oid, HashSet<Oid>> = HashMap::new();
        for &blob in versions.values() {
            if let Entry::Vacant(new) = shown.entry(blob) {
                new.insert(self.in_blob(blob)?);
            }
        }
        let shows =
            |at: &Oid, own: &Oid| versions.get(at).is_some_and(|blob| shown[blob].contains(own));
        let mut found = Vec::new();
        for own in commits.iter().filter(|own| shown.values().any(|shown| shown.contains(own))) {
            let mut is_shown = shows(own, own);
            self.project.repo().walk(&[head], &[*own], &mut |visited| {
                is_shown |= shows(&visited.oid, own);
                if is_shown { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })?;
            found.extend(is_shown.then_some(*own));
        }
        Ok(found)
    }

    /// The document's blob in each commit of HEAD's history that has it.
    fn versions(&self, head: Oid) -> Result<HashMap<Oid, Oid>, Error> {
        let repo = self.project.repo();
        let mut commits = Vec::new();
        repo.walk(&[head], &[], &mut |visited| {
            commits.push(visited.oid);
            ControlFlow::Continue(())
        })?;
        let mut versions = HashMap::new();
        for commit in commits {
            let blob = repo.blob_name_at(commit, &self.place.path)?;
            versions.extend(blob.map(|blob| (commit, blob)));
        }
        Ok(versions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::testing::Sandbox;

    const PLACE: &str = "specs/active/vault/tasks.md";

    /// A history with branches and merges, in which people set boxes as chance
    /// has it, and where its tasks are named.
    fn history(seed: u64) -> Sandbox {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut below = |limit: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % limit
        };
        let sandbox = Sandbox::new();
        let mut boxes = [[false; 3]; 3];
        let text = |boxes: [bool; 3]| {
            let line = |(at, done)| format!("- [{}] A{at}: Dig\n", if done { 'x' } else { ' ' });
            format!(
                "# Tasks: Vault\n\n{}",
                boxes.into_iter().enumerate().map(line).collect::<String>()
            )
        };
        sandbox.commit(PLACE, &text(boxes[0]), "docs: plan");
        sandbox.git(&["branch", "b1"]);
        sandbox.git(&["branch", "b2"]);
        let mut at = 0;
        for number in 0..24 {
            match below(8) {
                0 | 1 => {
                    at = below(3);
                    sandbox.git(&["checkout", "-q", ["main", "b1", "b2"][at as usize]]);
                }
                2 => {
                    let other = ["main", "b1", "b2"][below(3) as usize];
                    sandbox.git(&["merge", "-q", "--no-edit", "-s", "ours", other]);
                }
                3 | 4 => {
                    let own = &mut boxes[at as usize];
                    own[below(3) as usize] ^= true;
                    sandbox.commit(PLACE, &text(*own), "docs: boxes");
                }
                _ => {
                    let word = ["", " reopen", " wip"][below(3) as usize];
                    let message = format!("feat: {number} [vault Task A{}{word}]", below(3));
                    sandbox.commit(&format!("f{number}"), "1", &message);
                }
            }
        }
        sandbox
    }

    #[test]
    fn one_walk_finds_what_looking_at_every_version_since_each_commit_finds() {
        let mut found = 0;
        for seed in 0..5 {
            let sandbox = history(seed);
            let project = Project::open(sandbox.repo(), &[]).expect("a whole repository");
            let head =
                project.repo().head().expect("a whole repository").expect("a whole repository");
            let linked = project.linked_of_head(None).expect("a whole repository");
            let catalog = project.catalog().expect("a whole repository");
            let place = &catalog.places[0];
            let mut said: Vec<Said> =
                linked.iter().map(|linked| linked.said(&place.feature, false)).collect();
            said.sort_by_key(|said| said.commit.key());
            let said: Vec<&Said> = said.iter().collect();
            let shows = Shows { project: &project, place, said: &said };
            let own: Vec<Oid> = said.iter().map(|said| said.commit.oid).collect();
            let mut by_one = shows.now(head).expect("a whole repository");
            by_one.extend(shows.since(&own, head).expect("a whole repository"));
            let mut by_each = HashSet::new();
            for own in own {
                let mut since = vec![own];
                let mut visit = |visited: crate::repo::Visited<'_>| {
                    since.push(visited.oid);
                    ControlFlow::Continue(())
                };
                project.repo().walk(&[head], &[own], &mut visit).expect("a whole repository");
                for oid in since {
                    let blob = project
                        .repo()
                        .blob_name_at(oid, PLACE)
                        .expect("a whole repository")
                        .expect("a whole repository");
                    let is_shown = shows.in_blob(blob).expect("a whole repository").contains(&own);
                    by_each.extend(is_shown.then_some(own));
                }
            }
            found += by_each.len();
            assert_eq!(by_one, by_each, "seed {seed}");
        }
        assert!(found > 10, "{found}");
    }
}
