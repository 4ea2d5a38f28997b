//! Which commits a file, or one line of it, comes from.

use super::{Error, Repo};
use crate::commit::Oid;

impl Repo {
    /// The commit that a line of a file in the work tree was last changed by;
    /// `None` where it is not committed yet. Lines count from 1.
    ///
    /// # Errors
    /// The file is not in HEAD, or has no such line; git's own words say which.
    pub fn blame(&self, path: &str, line: usize) -> Result<Option<Oid>, Error> {
        let range = format!("{line},{line}");
        let said =
            self.git(&["blame", "--porcelain", "--no-textconv", "-L", &range, "--", path])?;
        let text = said.text();
        let name = text.split([' ', '\n']).next().and_then(Oid::from_hex);
        Ok(name.filter(|name| name.as_bytes().iter().any(|&byte| byte != 0)))
    }

    /// The commits of HEAD that changed a file, followed through renames,
    /// newest first.
    pub fn commits_of_file(&self, path: &str) -> Result<Vec<Oid>, Error> {
        let log = ["log", "--no-show-signature", "--follow", "--format=%H", "--", path];
        Ok(self.git(&log)?.text().lines().filter_map(Oid::from_hex).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Sandbox;

    #[test]
    fn a_line_comes_from_the_commit_that_wrote_it() {
        let sandbox = Sandbox::new();
        sandbox.write("a file", "one\n");
        sandbox.git(&["add", "."]);
        sandbox.git(&["commit", "-qm", "one"]);
        sandbox.git(&["mv", "a file", "b"]);
        sandbox.git(&["commit", "-qm", "rename"]);
        sandbox.write("b", "one\ntwo\n");
        sandbox.git(&["commit", "-qam", "two"]);
        sandbox.write("b", "one\ntwo\nthree\n");
        let repo = sandbox.repo();
        let head = repo.head().unwrap().unwrap();
        assert_eq!(repo.blame("b", 2).unwrap(), Some(head));
        assert_ne!(repo.blame("b", 1).unwrap(), Some(head));
        assert_eq!(repo.blame("b", 3).unwrap(), None);
        assert!(repo.blame("b", 4).is_err() && repo.blame("c", 1).is_err());
        assert_eq!(repo.commits_of_file("b").unwrap().len(), 3);
    }
}
