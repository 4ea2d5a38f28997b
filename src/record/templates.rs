//! The templates that a repository has, which are no documents.

use super::{Error, Project};
use crate::doc::dialect::{self, FEATURE_FILE, WORKSPACE};
use crate::store::Globs;

/// The folder of a workspace's template.
const FOLDER: &str = "template-spec";

impl Project {
    /// The template for feature files: one that lies where they do, else a
    /// `TASK_TEMPLATE` in a directory above.
    pub fn feature_template(&self) -> Result<Option<String>, Error> {
        for folder in self.places().folders(&FEATURE_FILE) {
            for (above, folder) in upwards(&folder).into_iter().enumerate() {
                let mut paths = self.find_in(folder, "*.md")?;
                paths.retain(|path| {
                    dialect::is_template(path)
                        && (above == 0 || path.to_lowercase().contains("task_template"))
                });
                if !paths.is_empty() {
                    return Ok(paths.into_iter().next());
                }
            }
        }
        Ok(None)
    }

    /// The folder of the template for workspaces and the markdown files in it,
    /// by their paths below it: `template-spec` beside the workspaces, or in a
    /// directory above.
    pub fn workspace_template(&self) -> Result<Option<(String, Vec<String>)>, Error> {
        for folder in self.places().folders(&WORKSPACE) {
            for folder in upwards(&folder) {
                let folder = join(folder, FOLDER);
                let start = format!("{folder}/");
                let paths = self.find_in(&folder, "**/*.md")?;
                let names = paths.iter().filter_map(|path| path.strip_prefix(&start));
                let names: Vec<String> = names.map(str::to_owned).collect();
                if !names.is_empty() {
                    return Ok(Some((folder, names)));
                }
            }
        }
        Ok(None)
    }

    fn find_in(&self, folder: &str, pattern: &str) -> Result<Vec<String>, Error> {
        Ok(self.store().find(&Globs::new(&[join(folder, pattern)])?)?)
    }
}

/// A directory and those above it, the top as an empty name.
fn upwards(folder: &str) -> Vec<&str> {
    let mut all = vec![folder];
    let mut last = folder;
    while !last.is_empty() {
        last = last.rsplit_once('/').map_or("", |(above, _)| above);
        all.push(last);
    }
    all
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
