//! One commit of the documents alone.

use super::index::WHOLE;
use super::{Error, Repo};
use crate::commit::Oid;

impl Repo {
    /// Commits HEAD's tree with these files changed (path, mode, bytes) and
    /// nothing else: the index and the work tree stay as they are.
    ///
    /// git makes the commit, so that signing and identity are as configured.
    /// Its checking hooks are not asked about a change that no person made.
    pub fn commit_files(
        &self,
        files: &[(String, u32, Vec<u8>)],
        message: &str,
    ) -> Result<Oid, Error> {
        // Not in the git directory: what a killed one leaves is the system's to
        // clear away.
        let folder = tempfile::Builder::new().prefix("spec-log-").tempdir();
        let folder = folder.map_err(|source| Error::File { path: std::env::temp_dir(), source })?;
        let index = folder.path().join("index");
        let change = |args: &[&str]| self.git_on_index(&index, &[&WHOLE, args].concat());
        change(&["read-tree", "HEAD"])?;
        for (path, mode, text) in files {
            let blob = self.store(path, text)?;
            let info = format!("{mode:o},{blob},{path}");
            change(&["update-index", "--cacheinfo", &info])?;
        }
        self.git_on_index(&index, &["commit", "--quiet", "--no-verify", "-m", message])?;
        self.head()?.ok_or_else(|| Error::Revision("HEAD".to_owned()))
    }
}
