//! HEAD and branches.

use git2::ErrorCode;

use super::{Error, Repo, from_git2};
use crate::commit::Oid;

impl Repo {
    /// The commit HEAD names; `None` on an unborn branch.
    pub fn head(&self) -> Result<Option<Oid>, Error> {
        let Some(libgit2) = self.access.libgit2() else { return self.head_by_git() };
        match libgit2.refname_to_id("HEAD") {
            Ok(oid) => Ok(from_git2(oid)),
            Err(error) if matches!(error.code(), ErrorCode::NotFound | ErrorCode::UnbornBranch) => {
                Ok(None)
            }
            Err(error) => Err(Error::git2("cannot read HEAD")(error)),
        }
    }

    /// The short name of the branch HEAD is on, unborn or not; `None` when
    /// detached.
    pub fn branch(&self) -> Result<Option<String>, Error> {
        let target = match self.access.libgit2() {
            Some(libgit2) => {
                let head = libgit2.find_reference("HEAD");
                let head = head.map_err(Error::git2("cannot read HEAD"))?;
                head.symbolic_target_bytes().map(|name| String::from_utf8_lossy(name).into_owned())
            }
            None => {
                let output = self.git_output(&["symbolic-ref", "-q", "HEAD"])?;
                let name = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
                output.status.success().then_some(name)
            }
        };
        Ok(target.map(|name| name.strip_prefix("refs/heads/").unwrap_or(&name).to_owned()))
    }

    /// The heads of local and remote-tracking branches, by their short names
    /// (`main`, `origin/main`). A branch that points nowhere is left out.
    pub fn branches(&self) -> Result<Vec<(String, Oid)>, Error> {
        let Some(libgit2) = self.access.libgit2() else { return self.branches_by_git() };
        let branches = libgit2.branches(None).map_err(Error::git2("cannot list the branches"))?;
        let heads = branches.flatten().filter_map(|(branch, _)| {
            let name = String::from_utf8_lossy(branch.name_bytes().ok()?).into_owned();
            Some((name, branch.get().resolve().ok()?.target().and_then(from_git2)?))
        });
        Ok(heads.collect())
    }

    /// Which of these there are of what git keeps beside HEAD while it picks or
    /// reverts: files, or refs in a reftable.
    pub(super) fn has_beside_head<const N: usize>(&self, names: [&str; N]) -> [bool; N] {
        let is_file = |name| self.git_dir().join(name).exists();
        if self.access.libgit2().is_some() {
            return names.map(is_file);
        }
        // Every git that knows reftables knows this option.
        let ask = ["for-each-ref", "--include-root-refs", "--format=%(refname)"];
        let said = self.git(&[&ask[..], &names].concat());
        let text = said.map(|said| said.text()).unwrap_or_default();
        names.map(|name| is_file(name) || text.lines().any(|line| line == name))
    }

    fn head_by_git(&self) -> Result<Option<Oid>, Error> {
        let output = self.git_output(&["rev-parse", "-q", "--verify", "HEAD"])?;
        Ok(std::str::from_utf8(&output.stdout).ok().map(str::trim).and_then(Oid::from_hex))
    }

    fn branches_by_git(&self) -> Result<Vec<(String, Oid)>, Error> {
        let said = self.git(&[
            "for-each-ref",
            "--format=%(objectname) %(refname)",
            "refs/heads/",
            "refs/remotes/",
        ])?;
        let text = said.text();
        let head = |line: &str| {
            let (oid, name) = line.split_once(' ')?;
            let name = name.strip_prefix("refs/heads/").or(name.strip_prefix("refs/remotes/"))?;
            Some((name.to_owned(), Oid::from_hex(oid)?))
        };
        Ok(text.lines().filter_map(head).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Sandbox;

    #[test]
    fn both_ways_name_the_same_head_and_branches() {
        let sandbox = Sandbox::new();
        let both = || [sandbox.repo(), sandbox.repo_by_git()];
        for repo in both() {
            assert_eq!(repo.head().unwrap(), None);
            assert_eq!(repo.branch().unwrap().as_deref(), Some("main"));
            assert!(repo.branches().unwrap().is_empty());
        }
        let first = sandbox.commit("a", "1", "first");
        sandbox.git(&["branch", "ü/side"]);
        sandbox.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
        sandbox.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
        sandbox.git(&["symbolic-ref", "refs/heads/nowhere", "refs/heads/none"]);
        sandbox.git(&["pack-refs", "--all"]);
        let second = sandbox.commit("a", "2", "second");
        let names = ["main", "origin/HEAD", "origin/main", "ü/side"];
        for repo in both() {
            assert_eq!(repo.head().unwrap(), Some(second));
            let mut branches = repo.branches().unwrap();
            branches.sort();
            let wanted =
                names.map(|name| (name.to_owned(), if name == "main" { second } else { first }));
            assert_eq!(branches, wanted);
        }
        sandbox.git(&["switch", "-q", "--detach"]);
        for repo in both() {
            assert_eq!(repo.branch().unwrap(), None);
            assert_eq!(repo.has_beside_head(["REVERT_HEAD", "CHERRY_PICK_HEAD"]), [false; 2]);
        }
        sandbox.git(&["update-ref", "CHERRY_PICK_HEAD", "HEAD"]);
        for repo in both() {
            assert_eq!(repo.has_beside_head(["REVERT_HEAD", "CHERRY_PICK_HEAD"]), [false, true]);
        }
    }
}
