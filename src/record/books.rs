//! `sync --commit`: one commit of what was recorded, and of nothing else.

use super::prepare::{Extent, Scope, Version};
use super::{Error, Linked, Place, Project};
use crate::commit::Oid;
use crate::repo::{IndexEntry, Moment};

/// A commit of documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Books {
    /// Its name.
    pub oid: Oid,
    /// The documents it changes.
    pub paths: Vec<String>,
}

impl Project {
    /// Commits the records that HEAD's own documents lack. A person's edits in
    /// the same files, staged or not, stay what and where they are: the change
    /// is planned on HEAD's text and on the index's, each for itself.
    pub fn commit_books(&self, linked: &[Linked]) -> Result<Option<Books>, Error> {
        let Some(head) = self.repo().head()? else { return Ok(None) };
        if self.repo().is_busy(Moment::Other) {
            return Err(Error::Busy);
        }
        let (mut files, mut staged) = (Vec::new(), Vec::new());
        let catalog = self.catalog()?;
        self.insist_on_reading(&catalog, linked)?;
        for place in catalog.all() {
            let commits: Vec<&Linked> =
                linked.iter().filter(|one| one.features().contains(&&place.feature)).collect();
            let (IndexEntry::Tracked { oid, mode } | IndexEntry::SkipWorktree { oid, mode }) =
                self.repo().index_entry(&place.path)?
            else {
                continue;
            };
            let Some(committed) =
                self.repo().blob_at(head, &place.path)?.filter(|_| !commits.is_empty())
            else {
                continue;
            };
            if let Some(text) = self.changed(place, Version::At(head), &committed, &commits)? {
                files.push((place.path.clone(), mode, text));
                let was = self.repo().blob(oid)?;
                let text = self.changed(place, Version::Index, &was, &commits)?;
                staged.extend(text.map(|text| (place.path.clone(), mode, was, text)));
            }
        }
        if files.is_empty() {
            return Ok(None);
        }
        let paths: Vec<String> = files.iter().map(|(path, ..)| path.clone()).collect();
        let message = format!("docs: record commits in {}", paths.join(", "));
        // The index goes first: one that lacked what HEAD has would take it out
        // of HEAD with the next commit.
        let mut stage =
            staged.iter().map(|(path, mode, _, text)| self.repo().stage(path, *mode, text));
        let made = stage.try_for_each(|done| done);
        let made = made.and_then(|()| self.repo().commit_files(&files, &message));
        // What failed may have been made all the same: then the index is right.
        if made.is_err() && self.repo().head().is_ok_and(|now| now == Some(head)) {
            for (path, mode, was, _) in &staged {
                let _ = self.repo().stage(path, *mode, was);
            }
        }
        Ok(Some(Books { oid: made?, paths }))
    }

    fn changed(
        &self,
        place: &Place,
        version: Version,
        text: &[u8],
        commits: &[&Linked],
    ) -> Result<Option<Vec<u8>>, Error> {
        let scope = Scope { extent: Extent::All, ..Scope::made() };
        let after = self.plan_text(place, version, text, commits, &scope)?.plan.patch.apply(text);
        Ok((after != text).then_some(after))
    }
}
