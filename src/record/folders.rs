//! The folders in which a set of documents lies, for looking at them alone.

use std::collections::HashSet;

/// The folders of some paths and those above them.
#[derive(Debug, Default)]
pub(super) struct Folders(HashSet<Vec<u8>>);

impl Folders {
    pub(super) fn of<'p>(paths: impl IntoIterator<Item = &'p str>) -> Self {
        let mut folders = HashSet::new();
        for path in paths {
            let mut folder = path;
            while let Some((above, _)) = folder.rsplit_once('/') {
                if !folders.insert(above.as_bytes().to_vec()) {
                    break;
                }
                folder = above;
            }
        }
        Self(folders)
    }

    /// Whether a folder is one of them.
    pub(super) fn contain(&self, folder: &[u8]) -> bool {
        self.0.contains(folder)
    }
}
