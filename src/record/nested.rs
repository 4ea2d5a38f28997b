//! Documents of projects inside the repository: where one lies as a dialect
//! has it, seen from a folder that is not the top.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::{Error, Pattern, Project};

/// Folders of what others made, and of what tests are made on.
const OTHERS: &[&str] =
    &["node_modules", "vendor", "third_party", "test", "tests", "testdata", "fixtures", "examples"];

/// A place that the configuration could name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nested {
    /// The glob.
    pub glob: String,
    /// How many documents lie there.
    pub documents: usize,
}

impl Project {
    /// The places below folders of HEAD where documents lie that are not
    /// looked for. Of several folders side by side one place is made.
    pub fn nested(&self) -> Result<Vec<Nested>, Error> {
        let Some(head) = self.repo().head()? else { return Ok(Vec::new()) };
        let places: Vec<&Pattern> =
            self.places().patterns().iter().filter(|place| is_telling(place)).collect();
        let mut found: BTreeMap<(&str, &str), (BTreeSet<String>, usize)> = BTreeMap::new();
        let paths = self.other_documents(head)?;
        for path in &paths {
            if let Some((folder, place)) = project_of(path, &places) {
                let (above, name) = folder.rsplit_once('/').unwrap_or(("", folder));
                let (names, documents) = found.entry((above, &place.text)).or_default();
                names.insert(name.to_owned());
                *documents += 1;
            }
        }
        let nested = found.into_iter().map(|((above, place), (names, documents))| {
            let name = match names.first() {
                Some(only) if names.len() == 1 => only,
                _ => "*",
            };
            let above = if above.is_empty() { String::new() } else { format!("{above}/") };
            Nested { glob: format!("{above}{name}/{place}"), documents }
        });
        Ok(nested.collect())
    }

    /// The markdown files of HEAD that are no documents.
    fn other_documents(&self, head: crate::commit::Oid) -> Result<Vec<String>, Error> {
        let mut paths = Vec::new();
        self.repo().files_at(head, &mut |_| true, &mut |path, _| {
            let path = std::str::from_utf8(path).ok().filter(|path| path.ends_with(".md"));
            let other = path.filter(|path| !self.places().is_place(path));
            paths.extend(other.map(str::to_owned));
            ControlFlow::Continue(())
        })?;
        Ok(paths)
    }
}

/// Whether a place is one that nothing else lies at: it names two folders, or
/// a folder and a file.
fn is_telling(place: &Pattern) -> bool {
    let names = place.text.split('/').filter(|part| !part.contains(['*', '?', '[']));
    names.count() >= 2 && place.dialect.is_named_by_path() && !place.text.starts_with("docs/")
        || place.text.starts_with("prd/")
}

/// The folder from which a path is a document's, and the place it lies at.
fn project_of<'p>(path: &'p str, places: &[&'p Pattern]) -> Option<(&'p str, &'p Pattern)> {
    let folders = path.match_indices('/').map(|(at, _)| (&path[..at], &path[at + 1..]));
    folders.take_while(|(folder, _)| is_own(folder)).find_map(|(folder, inner)| {
        let place = places.iter().find(|place| place.matches(inner))?;
        Some((folder, *place))
    })
}

/// Whether a folder's name can stand in a glob, and what lies in it is one's
/// own.
fn is_own(folder: &str) -> bool {
    let is_plain = !folder.contains(|c: char| "*?[\"\\".contains(c) || c.is_control());
    is_plain && !folder.split('/').any(|name| OTHERS.contains(&name))
}
