//! What a commit changes, as one number to compare by.

use std::hash::{DefaultHasher, Hash, Hasher};

use git2::DiffOptions;

use super::{Error, Repo, to_git2};
use crate::commit::Oid;

impl Repo {
    /// A number that two commits share if they make the same change, in the
    /// sense of `git patch-id`: the lines added, removed and around them, white
    /// space and line numbers left out. Paths that `leave_out` names do not
    /// count. `None` for a change of nothing and for a merge.
    pub fn patch_id(
        &self,
        oid: Oid,
        leave_out: &dyn Fn(&str) -> bool,
    ) -> Result<Option<u64>, Error> {
        let doing = || format!("cannot compare commit {oid}");
        let Ok(commit) = self.objects().find_commit(to_git2(oid)?) else { return Ok(None) };
        if commit.parent_count() > 1 {
            return Ok(None);
        }
        let tree = commit.tree().map_err(Error::git2(doing()))?;
        let before = commit.parent(0).ok().and_then(|parent| parent.tree().ok());
        let mut options = DiffOptions::new();
        let diff =
            self.objects().diff_tree_to_tree(before.as_ref(), Some(&tree), Some(&mut options));
        let diff = diff.map_err(Error::git2(doing()))?;
        let mut hasher = DefaultHasher::new();
        let mut lines = 0_usize;
        for at in 0..diff.deltas().len() {
            let path = |file: git2::DiffFile<'_>| {
                file.path().map(|path| path.to_string_lossy().into_owned())
            };
            let Some(delta) = diff.get_delta(at) else { continue };
            let path =
                path(delta.new_file()).or_else(|| path(delta.old_file())).unwrap_or_default();
            if leave_out(&path) {
                continue;
            }
            path.hash(&mut hasher);
            lines += 1;
            match git2::Patch::from_diff(&diff, at).map_err(Error::git2(doing()))? {
                Some(patch) => hash_lines(&patch, &mut hasher).map_err(Error::git2(doing()))?,
                // A binary file, or a change of mode: its name says what it is.
                None => delta.new_file().id().as_bytes().hash(&mut hasher),
            }
        }
        Ok((lines > 0).then(|| hasher.finish()))
    }
}

fn hash_lines(patch: &git2::Patch<'_>, hasher: &mut DefaultHasher) -> Result<(), git2::Error> {
    for hunk in 0..patch.num_hunks() {
        for at in 0..patch.num_lines_in_hunk(hunk)? {
            let line = patch.line_in_hunk(hunk, at)?;
            line.origin().hash(hasher);
            line.content()
                .iter()
                .filter(|byte| !byte.is_ascii_whitespace())
                .for_each(|byte| byte.hash(hasher));
        }
    }
    Ok(())
}
