//! A three-way merge of texts, git's own.

use std::io::Write;

use super::{Error, Repo};

impl Repo {
    /// Merges two texts that come from one base; `None` where they disagree.
    pub fn merge_texts(
        &self,
        base: &[u8],
        ours: &[u8],
        theirs: &[u8],
    ) -> Result<Option<Vec<u8>>, Error> {
        let started = |source| Error::Start { command: "merge-file".to_owned(), source };
        let files = [ours, base, theirs].map(|text| {
            let mut file = tempfile::NamedTempFile::new()?;
            file.write_all(text)?;
            file.flush()?;
            Ok(file)
        });
        let mut paths = Vec::new();
        let mut kept = Vec::new();
        for file in files {
            let file = file.map_err(started)?;
            paths.push(file.path().to_string_lossy().into_owned());
            kept.push(file);
        }
        let output =
            self.git_output(&["merge-file", "-p", "-q", &paths[0], &paths[1], &paths[2]])?;
        // The status is the number of conflicts, 255 for a failure.
        Ok(output.status.success().then_some(output.stdout))
    }
}
