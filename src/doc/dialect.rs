//! How each kind of document says things, as data.

use crate::task::FeatureId;

/// Where a kind of document carries the name of its feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// A number after `PRD` in the title, in the *PRD* field or at the start
    /// of the file's name.
    Numbered,
    /// The folder that holds the file.
    Folder,
}

/// The section that lists commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntrySection {
    /// Its headings, in lower case, the one that says it best first.
    pub names: &'static [&'static str],
    /// The heading that is written where the section is missing.
    pub title: &'static str,
    /// The sections before which it is made, in lower case; else at the end.
    pub before: &'static [&'static str],
}

/// One kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Its name in configuration and `--json`.
    pub name: &'static str,
    /// Where such documents lie, as globs relative to the work tree.
    pub places: &'static [&'static str],
    /// Files beside the document that keep the same books, by name.
    pub companions: &'static [&'static str],
    /// Those of them that show what it says in another way, and follow it.
    pub views: &'static [&'static str],
    /// Where the feature's name stands.
    pub naming: Naming,
    /// Where entries go; `None` where such documents have no place for them.
    pub entries: Option<EntrySection>,
    /// Headings and labels of lists that hold no tasks, in lower case.
    pub checklists: &'static [&'static str],
}

/// Check lists that are no tasks in any dialect.
const CHECKLISTS: &[&str] =
    &["manual testing", "before marking complete", "code quality checklist"];

/// A feature's plan in one file, as in `prd/tasks/07_login.md`.
pub const FEATURE_FILE: Dialect = Dialect {
    name: "feature-file",
    places: &["prd/tasks/*.md", "features/**/*.md", "docs/features/**/*.md"],
    companions: &[],
    views: &[],
    naming: Naming::Numbered,
    entries: Some(EntrySection {
        names: &["git commits", "related commits", "commits", "commit log", "commit history"],
        title: "Git Commits",
        before: &["notes"],
    }),
    checklists: CHECKLISTS,
};

/// A folder that tracks a feature, as in `specs/active/oracle-secrets/`.
pub const WORKSPACE: Dialect = Dialect {
    name: "workspace",
    places: &["specs/active/*/tasks.md", "specs/archive/*/tasks.md"],
    companions: &["prd.md", "recovery.md", "RECOVERY.md"],
    views: &["recovery.md", "RECOVERY.md"],
    naming: Naming::Folder,
    entries: None,
    checklists: CHECKLISTS,
};

/// What a reader who lost the context begins with, beside a workspace's tasks.
pub const RECOVERY: Dialect = Dialect {
    name: "recovery",
    places: &[],
    companions: &[],
    views: &[],
    naming: Naming::Folder,
    entries: None,
    checklists: CHECKLISTS,
};

/// Every dialect that is looked for without configuration.
pub const BUILT_IN: &[&Dialect] = &[&FEATURE_FILE, &WORKSPACE];

/// The dialect of a name.
pub fn by_name(name: &str) -> Option<&'static Dialect> {
    BUILT_IN.iter().copied().find(|dialect| dialect.name == name)
}

/// Whether a path is a template, which is no document.
pub fn is_template(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let file = parts.next().unwrap_or_default().to_lowercase();
    file.contains("task_template")
        || file.ends_with(".template.md")
        || file == "template.md"
        || parts.any(|folder| folder == "template-spec")
}

/// The feature that a path alone names, for documents named by their folder.
pub fn folder_feature(path: &str) -> Option<FeatureId> {
    let folder = path.rsplit('/').nth(1)?;
    match FeatureId::parse(folder)? {
        FeatureId::Prd(_) => Some(FeatureId::Slug(folder.to_lowercase())),
        slug => Some(slug),
    }
}
